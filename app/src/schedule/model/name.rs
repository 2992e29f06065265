//! Names that the school gives to its kinds of days.
//!

use std::{fmt, ops::Deref, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

/// A day type's id: 1 to 64 of `A-Z a-z 0-9 _ . -`, as a trigger's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct DayTypeId(Arc<str>);

/// Why a text is no day type's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a day type's id is 1 to 64 of A-Z a-z 0-9 _ . -")]
pub struct InvalidDayTypeId;

impl FromStr for DayTypeId {
    type Err = InvalidDayTypeId;

    fn from_str(text: &str) -> Result<Self, InvalidDayTypeId> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
        let right = (1..=64).contains(&text.len()) && text.bytes().all(allowed);
        right.then(|| Self(text.into())).ok_or(InvalidDayTypeId)
    }
}

impl TryFrom<String> for DayTypeId {
    type Error = InvalidDayTypeId;

    fn try_from(text: String) -> Result<Self, InvalidDayTypeId> {
        text.parse()
    }
}

impl Deref for DayTypeId {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DayTypeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
