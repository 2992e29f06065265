//! Why a login at a portal did not end at PRONOTE, and at which hop.
//!
//! An error names hosts and kinds of pages, never an address with its query, a body or a name.

use std::fmt;

use super::{
    form::Choice,
    kind::{PageKind, Shut},
};
use crate::http::HttpFault;

/// A login that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{portal}: {failure} ({hop})")]
pub struct EntError {
    /// The portal's id.
    pub portal: String,
    /// What happened.
    pub failure: Failure,
    /// Where it happened.
    pub hop: Hop,
    /// How often the password was sent: what counts against the account.
    pub passwords_sent: u32,
    /// All pages up to there.
    pub trail: Vec<Hop>,
}

/// One page on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// Its host.
    pub host: String,
    /// What it was, in words.
    pub page: &'static str,
    /// Its HTTP status, 0 where there was no answer.
    pub status: u16,
}

/// The ways to fail that a caller tells apart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// User or password are wrong.
    #[error("the user or the password is wrong")]
    WrongCredentials,
    /// The login form came again without a word: wrong, or a form that wants something new.
    #[error(
        "the login form came again without saying why: a wrong password, or a form that changed"
    )]
    FormAgain,
    /// The account is shut, often for some minutes.
    #[error("the portal says that the account is shut")]
    Locked,
    /// The password is right, but the portal knows no such person.
    #[error("EduConnect accepted the password, but the portal does not know the account")]
    UnknownAccount,
    /// A person must do this in a browser, once.
    #[error("the portal wants {0}: sign in once in a browser, or use a QR code")]
    PersonNeeded(Need),
    /// There are several accounts, children or schools:
    /// [`super::Credentials::choosing`] picks one.
    #[error("the portal asks to choose among {}", list(.0))]
    ChoiceNeeded(Vec<Choice>),
    /// The portal is not what the table says.
    #[error("the portal has changed: expected {0}")]
    Changed(&'static str),
    /// A login form on a host that is not this portal's: the password was not given.
    #[error("a login form that is not this portal's was not filled")]
    StrangeForm,
    /// The portal does not know this PRONOTE.
    #[error("the portal does not serve this PRONOTE")]
    UnknownService,
    /// This PRONOTE has its own login and no portal, or another one.
    #[error("this PRONOTE does not take the portal's word and asks for its own password")]
    NotDelegated,
    /// PRONOTE is closed, busy or has suspended our address.
    #[error("PRONOTE cannot be entered now")]
    PronoteShut(Shut),
    /// The portal is closed for now.
    #[error("the portal is out of service for now")]
    Maintenance,
    /// Round and round.
    #[error("the way to PRONOTE is longer than {0} hops")]
    TooManyHops(usize),
    /// The whole login took too long.
    #[error("the login took longer than {0} s")]
    TooSlow(u64),
    /// No answer from a host, or an address that is not allowed.
    #[error("{0}")]
    Unreachable(HttpFault),
}

/// What only a person can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// A captcha.
    Captcha,
    /// A code from a telephone or a mail.
    Code,
    /// A new password, or a first activation.
    NewPassword,
    /// Terms of use.
    Consent,
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Captcha => "a captcha solved",
            Self::Code => "a code",
            Self::NewPassword => "a new password or the activation of the account",
            Self::Consent => "terms to be accepted",
        })
    }
}

impl Hop {
    pub(super) fn new(host: &str, kind: &PageKind, status: u16) -> Self {
        Self { host: host.to_owned(), page: kind.words(), status }
    }
}

impl fmt::Display for Hop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.status {
            0 | 200 => write!(f, "{} at {}", self.page, self.host),
            status => write!(f, "{} at {}, HTTP {status}", self.page, self.host),
        }
    }
}

impl EntError {
    /// Whether this counts as a failed login where such are counted.
    pub fn is_refusal(&self) -> bool {
        matches!(self.failure, Failure::WrongCredentials | Failure::FormAgain | Failure::Locked)
    }

    /// All hops on one line, for a log.
    pub fn way(&self) -> String {
        self.trail.iter().map(Hop::to_string).collect::<Vec<_>>().join(", then ")
    }
}

fn list(choices: &[Choice]) -> String {
    choices.iter().map(|choice| choice.label.as_str()).collect::<Vec<_>>().join(", ")
}
