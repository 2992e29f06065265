//! Not now: how long to wait, and why, in words for the client.
//!

use std::{fmt, time::Duration};

use pronote_client::{
    Error,
    http::{Held, HeldFor},
};

/// Not now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{reason}: try again in {} s", self.seconds())]
pub struct Wait {
    /// How long from now.
    pub time: Duration,
    /// Why.
    pub reason: WaitFor,
}

/// Why something has to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitFor {
    /// Too many requests from the caller's address.
    Requests,
    /// Too many failed logins of the account.
    FailedLogins,
    /// Too many failed logins from the caller's address.
    FailedLoginsOfAddress,
    /// PRONOTE counted too many failed logins (its error 25).
    TooManyLogins,
    /// PRONOTE has suspended our address.
    Suspended,
    /// PRONOTE has refused us lately, and another call is finding out whether it still does.
    Trial,
}

impl Wait {
    /// For `Retry-After`: whole seconds, at least one.
    pub fn seconds(&self) -> u64 {
        let whole = self.time.as_secs();
        (whole + u64::from(self.time.subsec_nanos() > 0)).max(1)
    }

    /// The wait that an error of the client itself asks for.
    pub fn asked_by(error: &Error) -> Option<Self> {
        match error {
            Error::Held(Held { wait, reason }) => {
                let reason = match reason {
                    HeldFor::FailedLogins => WaitFor::FailedLogins,
                    HeldFor::TooManyLogins => WaitFor::TooManyLogins,
                    HeldFor::Suspended => WaitFor::Suspended,
                };
                Some(Self { time: *wait, reason })
            }
            Error::TooNew { source, .. } => Self::asked_by(source),
            _ => None,
        }
    }
}

impl fmt::Display for WaitFor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Requests => "too many requests from this address",
            Self::FailedLogins => "too many failed logins of this account",
            Self::FailedLoginsOfAddress => "too many failed logins from this address",
            Self::TooManyLogins => "PRONOTE counted too many failed logins",
            Self::Suspended => "PRONOTE has suspended the address of this server",
            Self::Trial => "PRONOTE refused this server lately and is being tried again",
        })
    }
}
