//! `SecurisationCompteDoubleAuth`: the modal between password and first call.
//!

use super::token;
use crate::protocol::space::Site;
use crate::simulator::account::{self, Security};
use crate::simulator::call::{Answer, Call, Outcome, Trouble};
use crate::simulator::json::{Json, object};
use crate::simulator::server::random;
use crate::simulator::session::Phase;
use crate::simulator::state::Device;

/// How often a PIN may be wrong.
const PIN_TRIES: u32 = 3;

/// The longest name of a device.
pub(crate) const NAME_LENGTH: usize = 30;

pub(crate) fn answer(call: &mut Call<'_>) -> Outcome {
    let Phase::Securing { account: index, .. } = call.session.phase else {
        return Err(Trouble::Refused);
    };
    call.account_index = index;
    match call.get("action").as_u64() {
        Some(0) => {
            let is_right = check_pin(call)?;
            Ok(Answer::from(object!({ "result": is_right })))
        }
        Some(1) => {
            let is_fit = secret(call, "nouveauMDP").is_some_and(|password| is_fit(call, &password));
            Ok(Answer::from(object!({ "result": is_fit })))
        }
        Some(2) => {
            let name = call.text("libelle").to_owned();
            let mut known = call.state.account(index).devices.values();
            let is_known = known.any(|device| device.name == name);
            Ok(Answer::from(object!({ "dejaConnu": is_known })))
        }
        Some(3) => save(call, index),
        Some(10) => {
            let may = may_reset_pin(index);
            let code = may.then(six_digits);
            call.state.account(index).reset_code = code;
            Ok(Answer::from(object!({ "ok": may })))
        }
        Some(11) => {
            let is_right = check_code(call, "codePin")?;
            Ok(Answer::from(object!({ "result": is_right })))
        }
        _ => Err(Trouble::Impossible),
    }
}

/// Whether the account has a PIN and an address that a code can be sent to.
pub(crate) fn may_reset_pin(index: usize) -> bool {
    account::get(index).security == Security::Pin
}

fn save(call: &mut Call<'_>, index: usize) -> Outcome {
    let needs = needs(call, index);
    let name = match call.get("avecIdentification").as_bool() {
        Some(true) => Some(call.text("strIdentification").to_owned()),
        _ => None,
    };
    if needs.name && name.as_ref().is_none_or(String::is_empty) {
        return Err(Trouble::Said("Le nom de l'appareil est obligatoire.".to_owned()));
    }
    if name.as_ref().is_some_and(|name| name.chars().count() > NAME_LENGTH) {
        return Err(Trouble::Said("Le nom de l'appareil est trop long.".to_owned()));
    }
    let is_reset = call.get("reinitPIN_OK").as_bool() == Some(true);
    if is_reset && !check_code(call, "codePINVerifReinit")? {
        return Err(Trouble::Said("Code de réinitialisation incorrect.".to_owned()));
    }
    let is_verified = matches!(call.session.phase, Phase::Securing { is_pin_verified: true, .. });
    if needs.pin && !is_reset && !is_verified && !check_pin(call)? {
        return Err(Trouble::Said("Code PIN incorrect.".to_owned()));
    }
    let mode = call.get("mode").as_u64();
    let new_pin = secret(call, "codePin");
    let chooses_pin = needs.new_pin || is_reset || mode == Some(3);
    if (needs.mode && mode.is_none()) || (chooses_pin && !new_pin.as_deref().is_some_and(is_pin)) {
        return Err(Trouble::Said("Choisissez un mode de sécurisation.".to_owned()));
    }
    let password = secret(call, "nouveauMDP");
    if needs.password && !password.as_ref().is_some_and(|password| is_fit(call, password)) {
        return Err(Trouble::Said("Ce mot de passe ne respecte pas les règles.".to_owned()));
    }
    let id = call.session.device.clone();
    let kind = if call.session.site == Site::Mobile { 1 } else { 2 };
    let device = Device { name: name.unwrap_or_default(), kind, last: call.now };
    let state = call.state.account(index);
    state.trust(id, device);
    if needs.password {
        state.password = password;
    }
    if chooses_pin {
        state.pin = new_pin;
        state.reset_code = None;
        state.mode = Some(3);
    } else if mode.is_some() {
        state.mode = mode;
    }
    let mut data = Json::empty();
    let Phase::Securing { app, .. } =
        std::mem::replace(&mut call.session.phase, Phase::Open { account: index })
    else {
        return Err(Trouble::Refused);
    };
    if let Some(app) = app {
        let secret = token::issue(call.state, index, &app);
        data.put("jetonConnexionAppliMobile", secret);
    }
    Ok(Answer::from(data))
}

/// What the modal wants before it closes.
#[derive(Default)]
struct Needs {
    name: bool,
    pin: bool,
    new_pin: bool,
    mode: bool,
    password: bool,
}

fn needs(call: &mut Call<'_>, index: usize) -> Needs {
    let chosen = call.state.account(index).mode;
    match account::get(index).security {
        Security::ChoosePin | Security::ChooseStrategy if chosen == Some(3) => {
            Needs { name: true, pin: true, ..Needs::default() }
        }
        Security::None => Needs::default(),
        Security::DeviceName => Needs { name: true, ..Needs::default() },
        Security::Pin => Needs { name: true, pin: true, ..Needs::default() },
        Security::ChoosePin => Needs { name: true, new_pin: true, ..Needs::default() },
        Security::ChooseStrategy => Needs { mode: true, ..Needs::default() },
        Security::ChangePassword => Needs { password: true, name: true, ..Needs::default() },
    }
}

/// Compares the PIN that was sent.
fn check_pin(call: &mut Call<'_>) -> Result<bool, Trouble> {
    let index = call.account_index;
    let changed = call.state.account(index).pin.clone();
    let pin = changed.or(account::get(index).pin.map(str::to_owned));
    compare(call, "codePin", pin.as_deref())
}

/// Compares the code that was sent by mail.
fn check_code(call: &mut Call<'_>, name: &str) -> Result<bool, Trouble> {
    let code = call.state.account(call.account_index).reset_code.clone();
    compare(call, name, code.as_deref())
}

/// After the third wrong one the session is over.
fn compare(call: &mut Call<'_>, name: &str, wanted: Option<&str>) -> Result<bool, Trouble> {
    let sent = secret(call, name);
    let is_right = sent.is_some() && sent.as_deref() == wanted;
    let Phase::Securing { wrong_pins, is_pin_verified, .. } = &mut call.session.phase else {
        return Err(Trouble::Refused);
    };
    *is_pin_verified = is_right;
    if !is_right {
        *wrong_pins += 1;
        if *wrong_pins >= PIN_TRIES {
            call.session.phase = Phase::Over;
        }
    }
    Ok(is_right)
}

/// A secret parameter, encrypted once more under the session's key.
pub(crate) fn secret(call: &Call<'_>, name: &str) -> Option<String> {
    let hidden = call.get(name).as_str()?;
    call.session.cipher.decrypt_text(hidden).ok().map(|text| text.to_string())
}

/// Four digits at least.
pub(crate) fn is_pin(pin: &str) -> bool {
    pin.len() >= 4 && pin.bytes().all(|byte| byte.is_ascii_digit())
}

fn six_digits() -> String {
    let [a, b, c, ..] = random();
    format!("{:06}", u32::from_be_bytes([0, a, b, c]) % 1_000_000)
}

pub(crate) fn is_fit(call: &Call<'_>, password: &str) -> bool {
    (8..=32).contains(&password.chars().count())
        && password.chars().any(|c| c.is_ascii_digit())
        && password != account::get(call.account_index).password
}
