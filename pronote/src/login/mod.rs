//! Logging in: password, portal, QR code or token; then perhaps a security step.
//!

mod identify;
mod needs;
mod qr;
mod security;
mod steps;

use std::{future::Future, pin::Pin, sync::Arc};

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{Secret, ent};

pub use needs::{SecurityAnswers, SecurityMode, SecurityNeeds};
pub use qr::QrCode;
pub use security::SecurityStep;
pub(crate) use security::pass;
pub(crate) use steps::{Entered, enter};

/// What somebody logs in with.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Credentials {
    /// PRONOTE's own user name and password.
    Password {
        /// The user's name.
        username: String,
        /// The password.
        password: Secret,
    },
    /// The user name and password of a portal (ENT).
    Portal {
        /// The portal's id in the table ([`LoginOptions::portals`]).
        portal: String,
        /// The user's name there.
        username: String,
        /// The password there.
        password: Secret,
    },
    /// The QR code of PRONOTE's own page, good for ten minutes.
    QrCode {
        /// The code.
        code: QrCode,
        /// The four digits that its owner chose.
        pin: Secret,
    },
    /// A token of an earlier login.
    Token(Token),
}

/// What the next login needs instead of a password. Each login uses one up and gives the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Token {
    /// The user's name.
    pub username: String,
    /// `jetonConnexionAppliMobile`
    pub secret: Secret,
    /// The device that it was made for ([`LoginOptions::device`]).
    pub device: String,
}

/// Something to be written down at once, before the login goes on.
#[derive(Debug)]
pub enum Kept {
    /// The token of the next login; the one before is used up.
    Token(Token),
    /// What this device is known by ([`LoginOptions::identifier`]).
    Identifier(String),
}

/// Called while a login goes on, which waits for the future: a token that is not written down is
/// lost with the process.
pub type Keeper = Arc<dyn Fn(Kept) -> Keeping + Send + Sync>;

/// The writing down.
pub type Keeping = Pin<Box<dyn Future<Output = ()> + Send>>;

/// How to log in.
#[derive(Clone, Default)]
pub struct LoginOptions {
    /// An id of this device, any text that stays the same (a UUID). With it PRONOTE gives a token;
    /// QR codes and portals that shall give one need it.
    pub device: Option<String>,
    /// What PRONOTE knows this device by, from [`Kept::Identifier`]: it is not asked for its PIN again.
    pub identifier: Option<String>,
    /// Answers for the security step, where they are known beforehand.
    pub security: SecurityAnswers,
    /// The portals that are known; the crate's own table where it is `None`.
    pub portals: Option<Arc<ent::Portals>>,
    /// The account, child or school to choose where a portal asks: a label or a value of
    /// [`ent::Failure::ChoiceNeeded`].
    pub portal_choice: Option<String>,
    /// Who writes down tokens.
    pub keeper: Option<Keeper>,
    /// Do not keep the credentials in memory: when the session ends, it ends.
    pub forget_credentials: bool,
}

impl LoginOptions {
    pub(crate) async fn keep(&self, kept: Kept) {
        if let Some(keeper) = &self.keeper {
            keeper(kept).await;
        }
    }
}

/// What a school says to anybody.
pub(crate) async fn parameters(
    wire: &mut crate::client::Wire,
    browser: &crate::http::Browser,
    page: &crate::protocol::start_page::StartPage,
) -> Result<crate::protocol::envelope::Answer, crate::Error> {
    identify::parameters(wire, browser, page.key.as_ref(), None)
        .await
        .map(|parameters| parameters.answer)
}

impl Credentials {
    /// The name that a failed login is counted under.
    pub(crate) fn username(&self) -> &str {
        match self {
            Self::Password { username, .. } | Self::Portal { username, .. } => username,
            Self::QrCode { code, .. } => code.mark(),
            Self::Token(token) => &token.username,
        }
    }
}

impl std::fmt::Debug for LoginOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoginOptions").field("device", &self.device).finish_non_exhaustive()
    }
}
