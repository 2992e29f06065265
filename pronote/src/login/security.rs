//! What some schools ask for after the password: a PIN, a name, a new password.
//!

use serde_json::{Map, Value, json};

use super::{
    LoginOptions,
    identify::{self, Identity, Manner},
    needs::{SecurityAnswers, SecurityMode, SecurityNeeds},
    steps::Entered,
};
use crate::{
    Client, Error, Secret, error::LoginError, http::Transport, protocol::envelope::Answer,
};

/// A login that waits for the user's answers.
pub struct SecurityStep {
    pub(crate) transport: Transport,
    pub(crate) options: LoginOptions,
    pub(crate) entered: Option<Entered>,
    needs: SecurityNeeds,
}

const FUNCTION: &str = "SecurisationCompteDoubleAuth";
const NAME_CHARACTERS: usize = 30;

impl SecurityStep {
    pub(crate) fn new(transport: Transport, options: LoginOptions, entered: Entered) -> Self {
        let needs = entered.needs.clone().unwrap_or_default();
        Self { transport, options, entered: Some(entered), needs }
    }

    /// What is asked for.
    pub fn needs(&self) -> &SecurityNeeds {
        &self.needs
    }

    /// Asks PRONOTE to send a code by mail, to whoever has forgotten the PIN
    /// ([`SecurityNeeds::can_reset_pin`]). The code goes into [`SecurityAnswers::reset_code`].
    pub async fn ask_pin_reset(&mut self) -> Result<(), Error> {
        if !self.needs.can_reset_pin {
            return Err(LoginError::PinResetRefused.into());
        }
        let entered = self.entered.as_mut().ok_or(Error::SessionOver)?;
        let asked = call(entered, json!({"action": 10})).await?;
        match asked.data().field("ok").is_true() {
            true => Ok(()),
            false => Err(LoginError::PinResetRefused.into()),
        }
    }

    /// Gives the answers. After [`LoginError::WrongPin`], [`LoginError::WrongResetCode`],
    /// [`LoginError::PasswordRefused`] or a missing answer, the step may be tried again; PRONOTE
    /// allows three PINs.
    pub async fn answer(&mut self, answers: &SecurityAnswers) -> Result<Client, Error> {
        if let Some(missing) = self.needs.missing(answers) {
            return Err(LoginError::Security(missing).into());
        }
        let entered = self.entered.as_mut().ok_or(Error::SessionOver)?;
        let saved = save(entered, &self.needs, answers).await;
        let token = saved.inspect_err(|error| entered.failed(&self.transport, error))?;
        entered.take_token(token);
        entered.keep_token(&self.options).await;
        let entered = self.entered.take().ok_or(Error::SessionOver)?;
        Client::open(self.transport.clone(), self.options.clone(), entered).await
    }
}

impl std::fmt::Debug for SecurityStep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecurityStep").field("needs", &self.needs).finish_non_exhaustive()
    }
}

/// Passes the step with the answers that are known beforehand. A token is left to be kept.
pub(crate) async fn pass(
    entered: &mut Entered,
    needs: &SecurityNeeds,
    options: &LoginOptions,
) -> Result<(), Error> {
    if let Some(missing) = needs.missing(&options.security) {
        return Err(LoginError::Security(missing).into());
    }
    let token = save(entered, needs, &options.security).await?;
    entered.take_token(token);
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
        if let Some(code) = &answers.reset_code {
            let checked = call(entered, json!({"action": 11, "codePin": secret(code)})).await?;
            if !checked.data().field("result").is_true() {
                return Err(LoginError::WrongResetCode.into());
            }
            data.insert("reinitPIN_OK".to_owned(), true.into());
            data.insert("codePINVerifReinit".to_owned(), secret(code).into());
        } else if needs.pin {
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
