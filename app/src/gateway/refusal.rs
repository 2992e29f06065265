//! Why the gateway does not answer, each arm for a caller to do differently.
//!

use std::time::Duration;

use pronote_client::{Error, LoginError};

use super::{
    limits::{Wait, WaitFor},
    papillon::Failure,
    sessions::SessionError,
};

/// Why there is no answer. The words are for the caller; none of them names a person.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// No session belongs to the token.
    #[error("notfound")]
    UnknownToken,
    /// The token was not used for too long, or PRONOTE lets the user in no more.
    #[error("expired")]
    ExpiredToken,
    /// PRONOTE, or the portal, does not let the user in.
    #[error("{0}")]
    LoginFailed(String),
    /// A later try may go well, an earlier one does harm.
    #[error(transparent)]
    Wait(Wait),
    /// One address asks too much.
    #[error(transparent)]
    TooMany(Wait),
    /// The thing that was named is not there.
    #[error("not found")]
    NotFound,
    /// The discussion takes no answers.
    #[error("not replyable")]
    NotReplyable,
    /// Another request holds the session.
    #[error("another request of this token is still under way")]
    Busy,
    /// The deadline has passed.
    #[error("PRONOTE did not answer within {} s", .0.as_secs())]
    TooSlow(Duration),
    /// PRONOTE, or the way to it, failed.
    #[error("{0}")]
    Pronote(String),
    /// The store of sessions does not answer.
    #[error("the store of sessions does not answer")]
    Store,
    /// Our own fault; the log says more.
    #[error("internal error")]
    Internal,
}

impl From<Wait> for Refusal {
    fn from(wait: Wait) -> Self {
        match wait.reason {
            WaitFor::Requests => Self::TooMany(wait),
            _ => Self::Wait(wait),
        }
    }
}

impl From<SessionError> for Refusal {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::NotFound => Self::UnknownToken,
            SessionError::Expired => Self::ExpiredToken,
            SessionError::Busy => Self::Busy,
            // Said when a visit ends, where nobody asks any more.
            SessionError::Overtaken => Self::Busy,
            SessionError::Unreachable(reason) => {
                tracing::error!("gateway: the store of sessions: {reason}");
                Self::Store
            }
        }
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Pronote(error) => error.into(),
            Failure::NotFound => Self::NotFound,
            Failure::NotReplyable => Self::NotReplyable,
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        if let Some(wait) = Wait::asked_by(&error) {
            return wait.into();
        }
        match error {
            Error::SessionOver | Error::Login(_) => Self::ExpiredToken,
            Error::Gone(_) => Self::NotFound,
            Error::TooNew { source, .. } if source.ends_session() => Self::from(*source),
            error => Self::Pronote(error.to_string()),
        }
    }
}

impl Refusal {
    /// As for a session, but of a login that was just tried.
    pub fn of_login(error: Error) -> Self {
        match error {
            Error::Login(LoginError::WrongCredentials) => Self::LoginFailed("loginfailed".into()),
            error if Wait::asked_by(&error).is_some() => error.into(),
            error => Self::LoginFailed(error.to_string()),
        }
    }
}
