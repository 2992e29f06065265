//! What can go wrong, each arm something that a caller does differently.
//!

use crate::{
    Secret,
    address::InvalidAddress,
    ent,
    http::{Held, HttpError},
    protocol::{
        crypto::CryptoError,
        envelope::EnvelopeError,
        error::{Refusal, RefusalKind},
        start_page::NotAStartPage,
        version::Version,
    },
};

/// Why a call came to nothing. The session goes on unless the arm says otherwise.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The school, the account or this PRONOTE does not offer the feature.
    #[error("{feature} is not available: {reason}")]
    Unavailable {
        /// What was asked for.
        feature: &'static str,
        /// Why it is not to be had.
        reason: Unavailable,
    },
    /// The page or call could not be had from the network.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The start page is none.
    #[error(transparent)]
    Page(#[from] NotAStartPage),
    /// PRONOTE refused the call.
    #[error(transparent)]
    Refused(Refusal),
    /// PRONOTE took the call and did not save what was written.
    #[error("{0}: PRONOTE did not save it")]
    NotSaved(&'static str),
    /// The answer makes no sense.
    #[error("{function}: {problem}")]
    Answer {
        /// The function that was called.
        function: String,
        /// What is wrong with its answer.
        problem: EnvelopeError,
    },
    /// The server is newer than this crate, and something went wrong that may be due to it.
    #[error("PRONOTE {version} is newer than what this client knows; {source}")]
    TooNew {
        /// The server's version.
        version: Version,
        /// What went wrong.
        source: Box<Error>,
    },
    /// No login is tried now.
    #[error(transparent)]
    Held(#[from] Held),
    /// The login did not succeed; the session, if there was one, is over.
    #[error(transparent)]
    Login(#[from] LoginError),
    /// The session is over, and there is nothing to log in again with.
    #[error("the PRONOTE session is over, and no credentials were kept to log in again")]
    SessionOver,
    /// The thing that the caller holds is not there any more.
    #[error("expected {0} that was listed before, found none")]
    Gone(&'static str),
    /// What the caller asks for cannot be.
    #[error("{0}")]
    Invalid(String),
    /// The address is none.
    #[error(transparent)]
    Address(#[from] InvalidAddress),
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    NoRandomness,
}

/// Why a feature is not to be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// Its tab is not among those of the account.
    #[error("the school has not opened it to this account")]
    NoTab,
    /// It is switched off, perhaps for a time.
    #[error("it is switched off")]
    SwitchedOff,
    /// PRONOTE denied it when asked.
    #[error("the account has no right to it")]
    Denied,
    /// It needs what this account does not have: a period, a resource.
    #[error("the account has nothing to show it for")]
    NothingToShow,
    /// The page was there, and what was looked for was not in it.
    #[error("the school does not show it")]
    Hidden,
}

/// Why a login did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// User name, password, token or one-time secret is wrong.
    #[error("wrong user name or password")]
    WrongCredentials,
    /// The PIN does not open the QR code.
    #[error("the PIN does not open the QR code")]
    WrongQrPin,
    /// The text is no QR code of PRONOTE's.
    #[error("expected the JSON of a PRONOTE QR code (jeton, login, url), found something else")]
    NotAQrCode,
    /// PRONOTE knows the account and does not let it in.
    #[error("PRONOTE does not let this account in: {reason} (Acces {code})")]
    Refused {
        /// `Acces`
        code: i64,
        /// What the code means.
        reason: &'static str,
        /// PRONOTE's own words for its user; masked when printed, as they may name somebody.
        message: Option<Secret>,
    },
    /// The portal signed nobody in.
    #[error(transparent)]
    Portal(#[from] Box<ent::EntError>),
    /// The table has no such portal.
    #[error("expected the id of a portal of the table, found {0}")]
    UnknownPortal(String),
    /// A QR code or a token needs the id of the device.
    #[error(
        "expected LoginOptions::device to be set, found none: a QR code is exchanged for a token of one device"
    )]
    NoDevice,
    /// After the portal, PRONOTE's page still asks for a password.
    #[error("the portal let the user in, but PRONOTE's page does not know who it is")]
    NoPortalUser,
    /// The security step cannot be passed without more from the user.
    #[error("PRONOTE asks for {0}")]
    Security(&'static str),
    /// The PIN of the account is wrong.
    #[error("the PIN of the account is wrong")]
    WrongPin,
    /// The code for making the PIN anew is wrong.
    #[error("the code that PRONOTE sent by mail is another one")]
    WrongResetCode,
    /// PRONOTE sends no code to make the PIN anew with.
    #[error("PRONOTE does not let this account make its PIN anew")]
    PinResetRefused,
    /// The new password breaks the school's rules.
    #[error("the school's rules refuse the new password")]
    PasswordRefused,
    /// Another device needs another name.
    #[error("the name of this device is already taken by another one")]
    DeviceNameTaken,
}

impl From<CryptoError> for Error {
    fn from(error: CryptoError) -> Self {
        Self::Answer {
            function: "answer".to_owned(),
            problem: EnvelopeError::Packing(error.into()),
        }
    }
}

impl Error {
    /// Whether the session is of no use any more.
    pub fn ends_session(&self) -> bool {
        match self {
            Self::SessionOver | Self::Login(_) | Self::Held(_) | Self::Page(_) => true,
            Self::TooNew { source, .. } => source.ends_session(),
            _ => false,
        }
    }

    /// Whether the thing that was named belongs to an earlier session: it is to be listed again.
    pub(crate) fn is_stale(&self) -> bool {
        match self {
            Self::Gone(_) => true,
            Self::Refused(refusal) => refusal.kind == RefusalKind::StaleObject,
            Self::TooNew { source, .. } => source.is_stale(),
            _ => false,
        }
    }

    pub(crate) fn unavailable(feature: &'static str, reason: Unavailable) -> Self {
        Self::Unavailable { feature, reason }
    }
}
