//! Why a session cannot be had, or the store not be opened.
//!

use thiserror::Error;

/// Why a session cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SessionError {
    /// Nobody has this token.
    #[error("no session has this token")]
    NotFound,
    /// The token was not used for longer than it lives.
    #[error("the session was not used for too long")]
    Expired,
    /// Another call of the session lasted until the deadline.
    #[error("another call of this session has not ended in time")]
    Busy,
    /// Said when a visit ends: somebody else has taken the session meanwhile, because this process
    /// could not say for too long that it still had it. What the visit brought is right; what it
    /// would have saved is not saved.
    #[error("another gateway has gone on with this session meanwhile")]
    Overtaken,
    /// The store does not answer, or the system refuses something; in words.
    #[error("{0}")]
    Unreachable(String),
}

/// Why the store cannot be opened, in words.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct OpenError(pub(super) String);

impl From<getrandom::Error> for SessionError {
    fn from(_: getrandom::Error) -> Self {
        Self::Unreachable("the system gives no random numbers".to_owned())
    }
}
