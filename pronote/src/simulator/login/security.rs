//! `SecurisationCompteDoubleAuth`: the modal between password and first call.
//!

use super::token;
use crate::simulator::account::{self, Security};
use crate::simulator::call::{Answer, Call, Outcome, Trouble};
use crate::simulator::json::{Json, object};
use crate::simulator::session::Phase;

/// How often a PIN may be wrong.
const PIN_TRIES: u32 = 3;

/// The longest name of a device.
const NAME_LENGTH: usize = 30;

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
            let is_known = call.state.account(index).device_names.contains(&name);
            Ok(Answer::from(object!({ "dejaConnu": is_known })))
        }
        Some(3) => save(call, index),
        _ => Err(Trouble::Impossible),
    }
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
    let is_verified = matches!(call.session.phase, Phase::Securing { is_pin_verified: true, .. });
    if needs.pin && !is_verified && !check_pin(call)? {
        return Err(Trouble::Said("Code PIN incorrect.".to_owned()));
    }
    let mode = call.get("mode").as_u64();
    let new_pin = secret(call, "codePin");
    if (needs.mode && mode.is_none()) || ((needs.new_pin || mode == Some(3)) && new_pin.is_none()) {
        return Err(Trouble::Said("Choisissez un mode de sécurisation.".to_owned()));
    }
    let password = secret(call, "nouveauMDP");
    if needs.password && !password.as_ref().is_some_and(|password| is_fit(call, password)) {
        return Err(Trouble::Said("Ce mot de passe ne respecte pas les règles.".to_owned()));
    }
    let device = call.session.device.clone();
    let state = call.state.account(index);
    state.trust(device, name);
    if needs.password {
        state.password = password;
    }
    if needs.new_pin || mode == Some(3) {
        state.pin = new_pin;
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

/// Compares the PIN that was sent; after the third wrong one the session is over.
fn check_pin(call: &mut Call<'_>) -> Result<bool, Trouble> {
    let sent = secret(call, "codePin");
    let index = call.account_index;
    let changed = call.state.account(index).pin.clone();
    let pin = changed.or(account::get(index).pin.map(str::to_owned));
    let is_right = sent.is_some() && sent == pin;
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
fn secret(call: &Call<'_>, name: &str) -> Option<String> {
    let hidden = call.get(name).as_str()?;
    call.session.cipher.decrypt_text(hidden).ok().map(|text| text.to_string())
}

fn is_fit(call: &Call<'_>, password: &str) -> bool {
    (8..=32).contains(&password.chars().count())
        && password.chars().any(|c| c.is_ascii_digit())
        && password != account::get(call.account_index).password
}
