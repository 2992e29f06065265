//! `SecurisationComptePreference`: what a user changes about the security.
//!
//! Every secret is encrypted once more under the session's key.

use crate::simulator::account;
use crate::simulator::call::{Answer, Call, Outcome, Trouble};
use crate::simulator::json::object;
use crate::simulator::login::security::{NAME_LENGTH, is_fit, is_pin, secret};

use super::nothing;

/// `mode` of an account whose devices are checked by PIN.
const BY_PIN: u64 = 3;

pub(crate) fn change(call: &mut Call<'_>) -> Outcome {
    match call.get("action").as_u64() {
        Some(0) => {
            let is_right = is_pin_right(call, "codePin");
            return Ok(Answer::from(object!({ "result": is_right })));
        }
        Some(4) => set_mode(call)?,
        Some(5) => set_pin(call)?,
        Some(6) => rename_device(call)?,
        Some(7) => {
            let id = call.text("identifiantSysteme").to_owned();
            let state = call.state.account(call.account_index);
            state.devices.remove(&id).ok_or(Trouble::Impossible)?;
        }
        Some(8) => set_password(call)?,
        Some(9) => set_username(call)?,
        _ => return Err(Trouble::Impossible),
    }
    Ok(Answer::from(nothing()))
}

fn set_mode(call: &mut Call<'_>) -> Result<(), Trouble> {
    let mode = call.get("mode").as_u64().filter(|mode| (1..BY_PIN).contains(mode));
    let mode = mode.ok_or(Trouble::Impossible)?;
    prove_pin(call)?;
    call.state.account(call.account_index).mode = Some(mode);
    Ok(())
}

fn set_pin(call: &mut Call<'_>) -> Result<(), Trouble> {
    prove_pin(call)?;
    let pin = secret(call, "codePin").filter(|pin| is_pin(pin));
    let pin = pin.ok_or_else(|| said("Le code PIN doit comporter au moins 4 chiffres."))?;
    let state = call.state.account(call.account_index);
    (state.pin, state.mode) = (Some(pin), Some(BY_PIN));
    Ok(())
}

fn rename_device(call: &mut Call<'_>) -> Result<(), Trouble> {
    let id = call.text("identifiantSysteme").to_owned();
    let name = call.text("libelleSaisi").to_owned();
    if name.is_empty() || name.chars().count() > NAME_LENGTH {
        return Err(said("Le nom de l'appareil ne convient pas."));
    }
    let state = call.state.account(call.account_index);
    state.devices.get_mut(&id).ok_or(Trouble::Impossible)?.name = name;
    Ok(())
}

fn set_password(call: &mut Call<'_>) -> Result<(), Trouble> {
    prove_password(call)?;
    let new = secret(call, "nouveauMDP").filter(|new| is_fit(call, new));
    let new = new.ok_or_else(|| said("Ce mot de passe ne respecte pas les règles."))?;
    call.state.account(call.account_index).password = Some(new);
    Ok(())
}

fn set_username(call: &mut Call<'_>) -> Result<(), Trouble> {
    prove_password(call)?;
    let name = secret(call, "identifiant").filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| said("L'identifiant est obligatoire."))?;
    if call.state.find_account(call.session.space, &name).is_some() {
        return Err(said("Cet identifiant est déjà utilisé."));
    }
    call.state.account(call.account_index).username = Some(name);
    Ok(())
}

/// Whoever has a PIN proves it before anything about it changes.
fn prove_pin(call: &mut Call<'_>) -> Result<(), Trouble> {
    let account = call.account();
    let mode = call.state.account(call.account_index).mode.unwrap_or(account.mode().into());
    if mode == BY_PIN && !is_pin_right(call, "ancienCodePin") {
        return Err(said("Code PIN incorrect."));
    }
    Ok(())
}

fn prove_password(call: &mut Call<'_>) -> Result<(), Trouble> {
    let account = account::get(call.account_index);
    let changed = call.state.account(call.account_index).password.clone();
    let password = changed.unwrap_or_else(|| account.password.to_owned());
    match secret(call, "ancienMDP") == Some(password) {
        true => Ok(()),
        false => Err(said("Mot de passe incorrect.")),
    }
}

fn is_pin_right(call: &mut Call<'_>, name: &str) -> bool {
    let account = call.account();
    let changed = call.state.account(call.account_index).pin.clone();
    let pin = changed.or(account.pin.map(str::to_owned));
    pin.is_some() && secret(call, name) == pin
}

fn said(text: &str) -> Trouble {
    Trouble::Said(text.to_owned())
}
