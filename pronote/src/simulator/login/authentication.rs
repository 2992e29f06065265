//! `Authentification`: the challenge comes back, and the session's key goes out.
//!

use super::{security::may_reset_pin, token};
use crate::simulator::account::{self, Security};
use crate::simulator::call::{Answer, Call, Outcome, Trouble};
use crate::simulator::json::{Json, moment, object, set};
use crate::simulator::server::random;
use crate::simulator::session::{Challenged, Phase};

/// The rules of passwords, as the modal and the user's parameters tell them.
pub(crate) fn password_rules() -> Json {
    object!({ "min": 8, "max": 32, "regles": set("[1,2,3]") })
}

pub(crate) fn answer(call: &mut Call<'_>) -> Outcome {
    let Phase::Challenged(challenged) = std::mem::replace(&mut call.session.phase, Phase::Over)
    else {
        return Err(Trouble::Impossible);
    };
    let is_right = challenged.account.is_some()
        && call.text("challenge").eq_ignore_ascii_case(&challenged.solution);
    let (Some(index), true) = (challenged.account, is_right) else {
        let options = &call.server.options;
        call.state.fail(
            challenged.account,
            options.failures_before_refusal,
            options.failures_before_suspension,
        );
        // The page stays: another Identification is possible in it.
        call.session.phase = Phase::Greeted;
        return Ok(Answer::from(object!({ "Acces": 1 })));
    };
    let account = account::get(index);
    if account.access != 0 {
        let mut refused = object!({ "Acces": account.access });
        if account.access == 9 {
            let message = "Les connexions sont fermées jusqu'à lundi 8h00.";
            refused.put("AccesMessage", object!({ "titre": "Fermé", "message": message }));
        }
        return Ok(Answer::from(refused));
    }
    call.state.account(index).failures = 0;
    call.state.failures = 0;
    Ok(welcome(call, index, *challenged))
}

fn welcome(call: &mut Call<'_>, index: usize, challenged: Challenged) -> Answer {
    let account = account::get(index);
    if let Some(spent) = &challenged.spends {
        call.state.tokens.retain(|token| token.secret != *spent);
    }
    let material = random();
    let numbers: Vec<_> = material.iter().map(u8::to_string).collect();
    let mut data = object!({
        "libelleUtil": account.name(),
        "cle": challenged.login.encrypt(numbers.join(",").as_bytes()),
        "login": challenged.name,
    });
    let last = call.state.account(index).last_login.replace(call.now);
    if let Some(last) = last {
        data.put("derniereConnexion", moment(last));
    }
    if let Some(app) = &challenged.app {
        let secret = token::issue(call.state, index, app);
        data.put("jetonConnexionAppliMobile", secret);
    }
    let state = call.state.account(index);
    let is_done = match account.security {
        Security::ChangePassword => state.password.is_some(),
        Security::ChoosePin | Security::ChooseStrategy if state.mode.is_some() => {
            state.mode != Some(3) || state.devices.contains_key(&call.session.device)
        }
        _ => state.devices.contains_key(&call.session.device),
    };
    let actions = match (account.actions(), state.mode) {
        _ if is_done || !challenged.asks_security => None,
        // Whoever has chosen a PIN is asked for it on the next device.
        (Some(_), Some(3)) => Some("[3]"),
        (actions, _) => actions,
    };
    call.session.phase = match actions {
        None => Phase::Open { account: index },
        Some(actions) => {
            data.put("actionsDoubleAuth", set(actions));
            data.put("modesPossibles", set("[1..3]"));
            data.put("modeSecurisationParDefaut", 2);
            data.put("reglesSaisieMDP", password_rules());
            if may_reset_pin(index) {
                data.put("avecReinitPIN", true);
                data.put("emailOcculte", "f*****@exemple.fr");
            }
            if account.security == Security::ChangePassword {
                let text = "Votre mot de passe est provisoire : choisissez le vôtre.";
                data.put("messageForcerModificationMdp", text);
            }
            Phase::Securing {
                account: index,
                wrong_pins: 0,
                is_pin_verified: false,
                app: challenged.app,
            }
        }
    };
    let mut answer = Answer::from(data);
    answer.next_cipher = Some(call.session.cipher.with_material(&material));
    answer
}
