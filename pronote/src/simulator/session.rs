//! One session: its keys, its order numbers and how far its login has come.
//!

use std::collections::BTreeMap;

use jiff::civil::DateTime;

use super::ids::Ids;
use crate::protocol::crypto::Cipher;
use crate::protocol::space::{Site, Space};

pub(crate) struct Session {
    pub number: u32,
    pub space: Space,
    pub site: Site,
    pub cipher: Cipher,
    /// The order number that the next call must have.
    pub expected: i64,
    pub phase: Phase,
    pub last_call: DateTime,
    pub ids: Ids,
    /// `identifiantNav`: which device this is, for the security modal.
    pub device: String,
    /// `f` of a user that a portal signed in, and the account.
    pub portal: Option<PortalLogin>,
    /// Files sent and not yet handed in.
    pub uploads: BTreeMap<String, String>,
    pub calls: u64,
    /// How many polls were answered.
    pub polled: i64,
    /// What the next poll will tell.
    pub pushed: Vec<String>,
}

pub(crate) struct PortalLogin {
    pub name: String,
    pub secret: String,
    pub account: usize,
}

pub(crate) enum Phase {
    /// The page was served.
    New,
    /// `FonctionParametres` is done.
    Greeted,
    /// `Identification` is done; the challenge is out.
    Challenged(Box<Challenged>),
    /// The password was right; the security modal is open.
    Securing { account: usize, wrong_pins: u32, is_pin_verified: bool, app: Option<String> },
    /// The user is in.
    Open { account: usize },
    /// The login failed, or the session is over: nothing more is answered.
    Over,
}

pub(crate) struct Challenged {
    /// `None` for a user that does not exist.
    pub account: Option<usize>,
    pub login: Cipher,
    pub solution: String,
    /// The app that wants a token.
    pub app: Option<String>,
    /// The token or QR code that this login uses up.
    pub spends: Option<String>,
    pub asks_security: bool,
    pub name: String,
}

impl Session {
    /// The account that is in.
    pub(crate) fn account(&self) -> Option<usize> {
        match self.phase {
            Phase::Open { account } => Some(account),
            _ => None,
        }
    }
}
