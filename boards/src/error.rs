//! Why a board, or one line of it, cannot be had.
//!
//! Each arm is something that a person does differently.

use embedded_hal::digital;

/// Why a board, or one line of it, cannot be had. `what` names it as a person would.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BoardError {
    /// Plug it in, or mend its name in the configuration.
    #[error("{what} is not there")]
    NotFound {
        /// What was wanted.
        what: String,
    },
    /// End the other program, or choose another line.
    #[error("{what} is held by {by}")]
    Busy {
        /// What was wanted.
        what: String,
        /// Who holds it, as far as the kernel tells.
        by: String,
    },
    /// Add the service's user to a group.
    #[error("{what} may not be opened by this user: it wants the group {group}")]
    Denied {
        /// What was wanted.
        what: String,
        /// The group that may.
        group: &'static str,
    },
    /// Open the board anew.
    #[error("{what} went away: {why}")]
    Lost {
        /// What was there.
        what: String,
        /// How that showed.
        why: String,
    },
    /// Mend the configuration, or the system.
    #[error("{what} cannot be used: {why}")]
    Refused {
        /// What was wanted.
        what: String,
        /// Why not.
        why: String,
    },
}

impl digital::Error for BoardError {
    fn kind(&self) -> digital::ErrorKind {
        digital::ErrorKind::Other
    }
}
