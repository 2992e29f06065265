//! What some schools want to know after the password, and what the user says.
//!

use serde::{Deserialize, Serialize};

#[cfg(doc)]
use super::SecurityStep;
use crate::{Secret, protocol::value::Node};

/// What PRONOTE asks for before it opens.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SecurityNeeds {
    /// A new password of the user's own.
    pub new_password: bool,
    /// The least and most characters of it, where the school says.
    pub password_length: Option<(u32, u32)>,
    /// How devices are to be checked from now on.
    pub mode: bool,
    /// The modes to choose from.
    pub modes: Vec<SecurityMode>,
    /// A PIN of the user's choice.
    pub new_pin: bool,
    /// The PIN of the account.
    pub pin: bool,
    /// A name for this device.
    pub device_name: bool,
    /// The PIN is to be made anew, with the code of [`SecurityStep::ask_pin_reset`].
    pub pin_reset: bool,
    /// The PIN may be made anew by whoever has forgotten it.
    pub can_reset_pin: bool,
    /// Where the code for that is sent, as PRONOTE masks it: `f…@exemple.fr`.
    pub reset_mail: Option<Secret>,
}

/// How PRONOTE checks a device that it does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecurityMode {
    /// Not at all.
    Off,
    /// It tells the user by mail.
    Notify,
    /// It asks for a PIN.
    Pin,
}

/// What the user answers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SecurityAnswers {
    /// The PIN of the account, or the one to be.
    pub pin: Option<Secret>,
    /// The code that PRONOTE has sent by mail ([`SecurityStep::ask_pin_reset`]): with it `pin` is
    /// the one to be, whatever it was.
    #[serde(default)]
    pub reset_code: Option<Secret>,
    /// A name for this device, 30 characters at most.
    pub device_name: Option<String>,
    /// A new password.
    pub new_password: Option<Secret>,
    /// How devices are to be checked; with a PIN, by PIN.
    pub mode: Option<SecurityMode>,
}

impl SecurityNeeds {
    /// Reads the answer of `Authentification`; nothing where nothing is asked.
    pub(crate) fn read(answer: Node<'_>) -> Option<Self> {
        let actions = answer.field("actionsDoubleAuth").domain();
        let rules = answer.field("reglesSaisieMDP");
        let asked = |action| actions.contains(action);
        let modes = answer.field("modesPossibles").domain();
        let modes = SecurityMode::ALL.into_iter().filter(|mode| modes.contains(mode.code()));
        (!actions.is_empty()).then(|| Self {
            new_password: asked(0),
            password_length: rules.field("min").natural().zip(rules.field("max").natural()),
            mode: asked(1),
            modes: modes.collect(),
            new_pin: asked(2),
            pin: asked(3),
            device_name: asked(2) || asked(3) || asked(4) || asked(5),
            pin_reset: asked(4),
            can_reset_pin: asked(4) || answer.field("avecReinitPIN").is_true(),
            reset_mail: answer.field("emailOcculte").text().map(Secret::from),
        })
    }

    /// What is asked for and not answered, in words.
    pub fn missing(&self, answers: &SecurityAnswers) -> Option<&'static str> {
        if self.pin_reset && answers.reset_code.is_none() {
            Some("the code that it sends by mail to whoever makes the PIN anew")
        } else if self.new_password && answers.new_password.is_none() {
            Some("a new password")
        } else if self.pin && answers.pin.is_none() {
            Some("the PIN of the account")
        } else if self.wants_pin(answers) && answers.pin.is_none() {
            Some("a PIN to be chosen")
        } else if self.device_name && answers.device_name.is_none() {
            Some("a name for this device")
        } else {
            None
        }
    }
}

impl SecurityNeeds {
    /// How devices will be checked, where that is to be chosen.
    pub(super) fn chosen_mode(&self, answers: &SecurityAnswers) -> Option<SecurityMode> {
        if self.new_pin {
            return Some(SecurityMode::Pin);
        }
        self.mode.then(|| match (answers.mode, &answers.pin) {
            (Some(mode), _) => mode,
            (None, Some(_)) => SecurityMode::Pin,
            (None, None) if self.modes.contains(&SecurityMode::Notify) => SecurityMode::Notify,
            (None, None) => SecurityMode::Off,
        })
    }

    pub(super) fn wants_pin(&self, answers: &SecurityAnswers) -> bool {
        self.pin || self.pin_reset || self.chosen_mode(answers) == Some(SecurityMode::Pin)
    }
}

impl SecurityMode {
    pub(crate) const ALL: [Self; 3] = [Self::Off, Self::Notify, Self::Pin];

    /// PRONOTE's number.
    pub(crate) fn code(self) -> u32 {
        match self {
            Self::Off => 1,
            Self::Notify => 2,
            Self::Pin => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_asked_is_read() {
        let read = |actions: &str| {
            let answer = json!({"actionsDoubleAuth": {"_T": 26, "V": actions}});
            SecurityNeeds::read(Node::new(&answer.into()))
        };
        assert_eq!(SecurityNeeds::read(Node::NOTHING), None);
        assert_eq!(read("[]"), None);
        let needs = read("[3,5]").unwrap();
        assert!(needs.pin && needs.device_name && !needs.new_password);
        let mut answers = SecurityAnswers::default();
        assert_eq!(needs.missing(&answers), Some("the PIN of the account"));
        answers.pin = Some("1234".into());
        assert_eq!(needs.missing(&answers), Some("a name for this device"));
        answers.device_name = Some("beffroi".to_owned());
        assert_eq!(needs.missing(&answers), None);
        assert!(!needs.can_reset_pin);
        let reset = read("[4]").unwrap();
        assert!(reset.can_reset_pin && reset.missing(&answers).unwrap().contains("by mail"));
        answers.reset_code = Some("123456".into());
        assert_eq!(reset.missing(&answers), None);
        answers.pin = None;
        assert_eq!(reset.missing(&answers), Some("a PIN to be chosen"));
    }

    #[test]
    fn a_forgotten_pin_may_be_made_anew_where_pronote_says_so() {
        let answer = json!({
            "actionsDoubleAuth": {"_T": 26, "V": "[3]"},
            "avecReinitPIN": true,
            "emailOcculte": "f*****@exemple.fr",
        });
        let needs = SecurityNeeds::read(Node::new(&answer.into())).unwrap();
        assert!(needs.can_reset_pin && !needs.pin_reset);
        assert_eq!(needs.reset_mail.as_ref().unwrap().expose(), "f*****@exemple.fr");
        assert!(!format!("{needs:?}").contains("exemple"));
    }
}
