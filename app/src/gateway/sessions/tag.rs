//! Who takes a session: a new random tag for each time.
//!

use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;

/// What one taking of a session is known by. The store writes down who has taken it since it was
/// saved, so a tag does what a fencing number does; a number would be unknown to a gateway whose
/// question was carried out and whose answer was lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag(Arc<str>);

impl Tag {
    pub(super) fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 12];
        getrandom::fill(&mut bytes)?;
        Ok(Self(BASE64URL_NOPAD.encode(&bytes).into()))
    }

    /// Nobody's.
    pub(super) fn none() -> Self {
        Self("-".into())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}
