//! Who may log in, and with what surprises.
//!

use super::school::people::{PUPILS, row};
use crate::protocol::space::Space;

/// What PRONOTE wants to know before it lets an account in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Nothing.
    None,
    /// A name for the device (action 5).
    DeviceName,
    /// The PIN and a name for the device (action 3).
    Pin,
    /// A PIN to be chosen, and a name for the device (action 2).
    ChoosePin,
    /// A strategy to be chosen (action 1).
    ChooseStrategy,
    /// A password of one's own (action 0).
    ChangePassword,
}

/// An account of the simulated school.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    /// The space that it opens.
    pub space: Space,
    /// The name to log in with.
    pub username: &'static str,
    /// The password.
    pub password: &'static str,
    /// The PIN, where there is one.
    pub pin: Option<&'static str>,
    /// What is asked of an unknown device.
    pub security: Security,
    /// What it is there for.
    pub purpose: &'static str,
    /// `Acces`: why nobody gets in, 0 where one does.
    pub(crate) access: u32,
    /// Indexes of the pupils behind it.
    pub(crate) pupils: &'static [u32],
    pub(crate) folds_case: bool,
    pub(crate) has_salt: bool,
    pub(crate) messages: Messages,
    pub(crate) has_calendar: bool,
}

/// What an account may do with messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Messages {
    All,
    /// Read them, but not write any at this time of the day.
    ReadOnly,
    /// Not even call the tab: that ends the session.
    Off,
}

const OPEN: Account = Account {
    space: Space::Pupil,
    username: "",
    password: "pronotevs",
    pin: None,
    security: Security::None,
    purpose: "",
    access: 0,
    pupils: &[0],
    folds_case: false,
    has_salt: false,
    messages: Messages::All,
    has_calendar: true,
};

/// Every account. The first four are named like those of the public demonstration.
pub const ACCOUNTS: [Account; 19] = [
    Account {
        username: "demonstration",
        purpose: "a pupil with everything",
        folds_case: true,
        ..OPEN
    },
    Account {
        space: Space::Parent,
        username: "demonstration",
        pupils: &[0, 1],
        folds_case: true,
        purpose: "a parent of two",
        ..OPEN
    },
    Account {
        space: Space::SchoolLife,
        username: "demonstration2",
        pupils: &[],
        purpose: "the school's office",
        ..OPEN
    },
    Account {
        space: Space::Teacher,
        username: "demonstration",
        pupils: &[],
        purpose: "a teacher",
        ..OPEN
    },
    Account {
        username: "oenone",
        pupils: &[2],
        messages: Messages::Off,
        has_calendar: false,
        purpose: "a pupil whose school leaves out all it can: no photo, no phone, no calendar, no averages, no messages",
        ..OPEN
    },
    Account {
        username: "prudence",
        password: "Mot2Passe!é😀",
        pin: Some("1234"),
        security: Security::Pin,
        pupils: &[3],
        has_salt: true,
        purpose: "a PIN and a device name are asked for",
        ..OPEN
    },
    Account {
        username: "basile",
        security: Security::DeviceName,
        pupils: &[4],
        purpose: "a device name is asked for",
        ..OPEN
    },
    Account {
        username: "zephyr",
        security: Security::ChoosePin,
        pupils: &[5],
        messages: Messages::ReadOnly,
        purpose: "a PIN is to be chosen; messages are read-only at this hour",
        ..OPEN
    },
    Account {
        username: "nouveau",
        password: "provisoire",
        security: Security::ChangePassword,
        pupils: &[6],
        purpose: "the password is to be changed",
        ..OPEN
    },
    Account {
        username: "ondine",
        security: Security::ChooseStrategy,
        pupils: &[7],
        purpose: "a security strategy is to be chosen",
        ..OPEN
    },
    Account {
        space: Space::Parent,
        username: "parent.unique",
        password: "MajUscules",
        pupils: &[8],
        folds_case: true,
        has_salt: true,
        purpose: "a parent of one; case does not matter",
        ..OPEN
    },
    Account {
        space: Space::Parent,
        username: "parent.pin",
        pin: Some("0042"),
        security: Security::Pin,
        pupils: &[3, 4, 5],
        purpose: "a parent of three, with a PIN",
        ..OPEN
    },
    Account {
        username: "élève.accentué",
        pupils: &[11],
        has_salt: true,
        purpose: "a name with accents, a salted challenge",
        ..OPEN
    },
    Account { username: "interdit", access: 2, purpose: "not authorised", ..OPEN },
    Account { username: "sans-ressource", access: 4, purpose: "nobody behind the account", ..OPEN },
    Account { username: "bloque", access: 6, purpose: "has left the school", ..OPEN },
    Account {
        username: "message",
        access: 9,
        purpose: "refused with a message of the school",
        ..OPEN
    },
    Account { username: "desactive", access: 10, purpose: "disabled", ..OPEN },
    Account {
        space: Space::Parent,
        username: "sans-enfant",
        access: 4,
        pupils: &[],
        purpose: "a parent without a child",
        ..OPEN
    },
];

impl Account {
    /// What the school calls the person.
    pub fn name(&self) -> String {
        match (self.space, self.pupils) {
            (Space::Pupil, [pupil, ..]) => row(&PUPILS, *pupil).name(),
            (Space::Parent, [pupil, ..]) => format!("M. {} F.", row(&PUPILS, *pupil).last_name),
            (Space::Teacher, _) => "Mme FOUGÈRE A.".to_owned(),
            _ => "Mme AVERSE P.".to_owned(),
        }
    }

    /// The name as it goes into the key.
    pub(crate) fn folded_name(&self, typed: &str) -> String {
        if self.folds_case { typed.trim().to_lowercase() } else { typed.to_owned() }
    }

    /// Whether there is anything to do before the first call.
    pub(crate) fn actions(&self) -> Option<&'static str> {
        match self.security {
            Security::None => None,
            Security::DeviceName => Some("[5]"),
            Security::Pin => Some("[3]"),
            Security::ChoosePin => Some("[2]"),
            Security::ChooseStrategy => Some("[1]"),
            Security::ChangePassword => Some("[0,5]"),
        }
    }

    /// `securisation.mode`: 0 not chosen, 1 off, 2 notify only, 3 PIN.
    pub(crate) fn mode(&self) -> u32 {
        match self.security {
            Security::None | Security::ChangePassword => 1,
            Security::ChooseStrategy | Security::ChoosePin => 0,
            Security::DeviceName => 2,
            Security::Pin => 3,
        }
    }
}

/// The account that a name opens in a space.
pub(crate) fn find(space: Space, typed: &str) -> Option<usize> {
    ACCOUNTS.iter().position(|account| {
        account.space == space
            && account.folded_name(typed) == account.folded_name(account.username)
    })
}

pub(crate) fn get(index: usize) -> &'static Account {
    ACCOUNTS.get(index).unwrap_or(&OPEN)
}
