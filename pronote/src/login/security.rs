//! What some schools ask for after the password: a PIN, a name, a new password.
//!

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    LoginOptions,
    identify::{self, Identity, Manner},
    steps::{Entered, keep_token},
};
use crate::{
    Client, Error, Secret,
    error::LoginError,
    http::Transport,
    protocol::{envelope::Answer, value::Node},
};

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
    /// The PIN is to be made anew, which only PRONOTE's own page can.
    pub pin_reset: bool,
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
    /// A name for this device, 30 characters at most.
    pub device_name: Option<String>,
    /// A new password.
    pub new_password: Option<Secret>,
    /// How devices are to be checked; with a PIN, by PIN.
    pub mode: Option<SecurityMode>,
}

/// A login that waits for the user's answers.
pub struct SecurityStep {
    pub(crate) transport: Transport,
    pub(crate) options: LoginOptions,
    pub(crate) entered: Option<Entered>,
    needs: SecurityNeeds,
}

const FUNCTION: &str = "SecurisationCompteDoubleAuth";
const NAME_CHARACTERS: usize = 30;

impl SecurityNeeds {
    /// Reads the answer of `Authentification`; nothing where nothing is asked.
    pub(crate) fn read(answer: Node<'_>) -> Option<Self> {
        let actions = answer.field("actionsDoubleAuth").domain();
        let rules = answer.field("reglesSaisieMDP");
        let asked = |action| actions.contains(action);
        let modes = answer.field("modesPossibles").domain();
        let modes = [(1, SecurityMode::Off), (2, SecurityMode::Notify), (3, SecurityMode::Pin)]
            .into_iter()
            .filter(|(code, _)| modes.contains(*code))
            .map(|(_, mode)| mode);
        (!actions.is_empty()).then(|| Self {
            new_password: asked(0),
            password_length: rules.field("min").natural().zip(rules.field("max").natural()),
            mode: asked(1),
            modes: modes.collect(),
            new_pin: asked(2),
            pin: asked(3),
            device_name: asked(2) || asked(3) || asked(5),
            pin_reset: asked(4),
        })
    }

    /// What is asked for and not answered, in words.
    pub fn missing(&self, answers: &SecurityAnswers) -> Option<&'static str> {
        if self.pin_reset {
            Some("a new PIN to be made on its own page")
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
    fn chosen_mode(&self, answers: &SecurityAnswers) -> Option<SecurityMode> {
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

    fn wants_pin(&self, answers: &SecurityAnswers) -> bool {
        self.pin || self.chosen_mode(answers) == Some(SecurityMode::Pin)
    }
}

impl SecurityStep {
    pub(crate) fn new(transport: Transport, options: LoginOptions, entered: Entered) -> Self {
        let needs = entered.needs.clone().unwrap_or_default();
        Self { transport, options, entered: Some(entered), needs }
    }

    /// What is asked for.
    pub fn needs(&self) -> &SecurityNeeds {
        &self.needs
    }

    /// Gives the answers. After [`LoginError::WrongPin`], [`LoginError::PasswordRefused`] or a
    /// missing answer, the step may be tried again; PRONOTE allows three PINs.
    pub async fn answer(&mut self, answers: &SecurityAnswers) -> Result<Client, Error> {
        if let Some(missing) = self.needs.missing(answers) {
            return Err(LoginError::Security(missing).into());
        }
        let entered = self.entered.as_mut().ok_or(Error::SessionOver)?;
        let token = save(entered, &self.needs, answers).await?;
        if let Some(token) = token {
            keep_token(&mut entered.credentials, token, &self.options);
        }
        let entered = self.entered.take().ok_or(Error::SessionOver)?;
        Client::open(self.transport.clone(), self.options.clone(), entered).await
    }
}

impl std::fmt::Debug for SecurityStep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecurityStep").field("needs", &self.needs).finish_non_exhaustive()
    }
}

/// Passes the step with the answers that are known beforehand.
pub(crate) async fn pass(
    entered: &mut Entered,
    needs: &SecurityNeeds,
    options: &LoginOptions,
) -> Result<(), Error> {
    if let Some(missing) = needs.missing(&options.security) {
        return Err(LoginError::Security(missing).into());
    }
    if let Some(token) = save(entered, needs, &options.security).await? {
        keep_token(&mut entered.credentials, token, options);
    }
    Ok(())
}

async fn save(
    entered: &mut Entered,
    needs: &SecurityNeeds,
    answers: &SecurityAnswers,
) -> Result<Option<super::Token>, Error> {
    let cipher = entered.wire.cipher.clone();
    let secret = |secret: &Secret| cipher.encrypt(secret.expose().as_bytes());
    let mut data = Map::new();
    data.insert("action".to_owned(), 3.into());
    if let (true, Some(password)) = (needs.new_password, &answers.new_password) {
        let checked = call(entered, json!({"action": 1, "nouveauMDP": secret(password)})).await?;
        if !checked.data().field("result").is_true() {
            return Err(LoginError::PasswordRefused.into());
        }
        data.insert("nouveauMDP".to_owned(), secret(password).into());
    }
    let chosen = needs.chosen_mode(answers);
    if let (true, Some(pin)) = (needs.wants_pin(answers), &answers.pin) {
        if needs.pin {
            let checked = call(entered, json!({"action": 0, "codePin": secret(pin)})).await?;
            if !checked.data().field("result").is_true() {
                return Err(LoginError::WrongPin.into());
            }
        }
        data.insert("codePin".to_owned(), secret(pin).into());
    }
    if let Some(chosen) = chosen {
        data.insert("mode".to_owned(), chosen.code().into());
    }
    let is_named = needs.device_name || chosen == Some(SecurityMode::Pin);
    if let (true, Some(name)) = (is_named, &answers.device_name) {
        let name = free_name(entered, name).await?;
        data.insert("avecIdentification".to_owned(), true.into());
        data.insert("strIdentification".to_owned(), name.into());
    }
    let saved = call(entered, Value::Object(data)).await?;
    let identity = Identity {
        username: entered.credentials.username().to_owned(),
        secret: Secret::default(),
        manner: Manner::Token,
        device: entered.device.clone(),
    };
    Ok(identify::token(&identity, saved.data()))
}

impl SecurityMode {
    fn code(self) -> u32 {
        match self {
            Self::Off => 1,
            Self::Notify => 2,
            Self::Pin => 3,
        }
    }
}

// Two devices of one account cannot share a name: the second is numbered.
async fn free_name(entered: &mut Entered, name: &str) -> Result<String, Error> {
    for number in 1..=9_u32 {
        let suffix = if number == 1 { String::new() } else { format!(" {number}") };
        let room = NAME_CHARACTERS - suffix.len();
        let name: String = name.trim().chars().take(room).chain(suffix.chars()).collect();
        let asked = call(entered, json!({"action": 2, "libelle": name})).await?;
        if !asked.data().field("dejaConnu").is_true() {
            return Ok(name);
        }
    }
    Err(LoginError::DeviceNameTaken.into())
}

async fn call(entered: &mut Entered, data: Value) -> Result<Answer, Error> {
    let Entered { wire, browser, .. } = entered;
    wire.call(browser, FUNCTION, &data, None, None).await
}

#[cfg(test)]
mod tests {
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
        let reset = read("[4]").unwrap();
        assert!(reset.missing(&answers).is_some());
    }
}
