//! `Identification`: who it says it is, and the challenge that will tell.
//!

use crate::protocol::crypto::{Cipher, login_material};
use crate::protocol::generation::Challenge;
use crate::simulator::account::{self, Account};
use crate::simulator::call::{Answer, Call, Outcome, Trouble};
use crate::simulator::json::object;
use crate::simulator::server::random;
use crate::simulator::session::{Challenged, Phase};

/// Whom the secret belongs to, and what the login uses up.
struct Secret {
    account: Option<usize>,
    /// The name as it goes into the key.
    name: String,
    secret: String,
    spends: Option<String>,
    asks_security: bool,
}

pub(crate) fn answer(call: &mut Call<'_>) -> Outcome {
    if !matches!(call.session.phase, Phase::Greeted) {
        return Err(Trouble::Impossible);
    }
    let number = call.session.space.number(call.session.site);
    if call.get("genreEspace").as_u64() != number.map(u64::from) {
        return Err(Trouble::Impossible);
    }
    let is = |name: &str| call.get(name).as_bool() == Some(true);
    let (from_qr, from_token) =
        (is("demandeConnexionAppliMobileJeton"), is("enConnexionAppliMobile"));
    let wants_token = is("demandeConnexionAppliMobile") || from_token;
    let from_portal = is("pourENT");
    let typed = call.text("identifiant").to_owned();
    let app = call.text("uuidAppliMobile").to_owned();
    let secret = if from_portal {
        of_portal(call, &typed)
    } else if from_qr || from_token {
        of_token(call, &typed, from_token.then_some(app.as_str()))
    } else {
        of_password(call, &typed)
    };
    let found = secret.account.map(account::get);
    let now = call.now;
    if let Some(index) = secret.account
        && call.state.account(index).refused_until.is_some_and(|until| now < until)
    {
        return Err(Trouble::TooManyLogins);
    }
    let how = call.generation().challenge;
    let salt = match how {
        Challenge::Opened if found.is_some_and(|account| account.has_salt) && !from_portal => hex(),
        Challenge::Opened | Challenge::AsIs => String::new(),
    };
    let material = login_material(&secret.name, &salt, &secret.secret);
    let login = call.session.cipher.with_material(&material);
    let challenge = challenge(how, &login);
    // A login key of nobody opens nothing, so this fails only where the answer would be wrong anyway.
    let solution = login.solve(how, &challenge).unwrap_or_default();
    let folds = found.is_some_and(|account| account.folds_case) && !from_portal;
    call.session.phase = Phase::Challenged(Box::new(Challenged {
        account: secret.account,
        login,
        solution,
        app: wants_token.then_some(app),
        spends: secret.spends,
        asks_security: secret.asks_security,
        name: found.map_or(typed, |account| {
            let changed =
                secret.account.and_then(|index| call.state.account(index).username.clone());
            changed.unwrap_or_else(|| account.username.to_owned())
        }),
    }));
    let mut data = object!({ "challenge": challenge });
    if how == Challenge::Opened {
        data.put("alea", salt);
    }
    data.put("modeCompLog", u8::from(folds));
    // Tokens are told apart by case even where passwords are not.
    data.put("modeCompMdp", u8::from(folds && !from_qr && !from_token));
    Ok(Answer::from(data))
}

fn of_password(call: &mut Call<'_>, typed: &str) -> Secret {
    let index = call.state.find_account(call.session.space, typed);
    let found = index.map(account::get);
    let changed = index.and_then(|index| call.state.account(index).password.clone());
    let secret = match found {
        Some(account) => changed.unwrap_or_else(|| account.password.to_owned()),
        None => hex(),
    };
    Secret {
        account: index,
        name: found.map_or_else(|| typed.to_owned(), |account| account.folded_name(typed)),
        secret: if found.is_some_and(|account| account.folds_case) {
            secret.to_lowercase()
        } else {
            secret
        },
        spends: None,
        asks_security: true,
    }
}

/// A token of this app, or the secret of a QR code, which is for any app.
fn of_token(call: &mut Call<'_>, typed: &str, app: Option<&str>) -> Secret {
    let now = call.now;
    let space = call.session.space;
    call.state.tokens.retain(|token| token.until.is_none_or(|until| now <= until));
    let token = call.state.tokens.iter().find(|token| {
        let account = account::get(token.account);
        account.space == space
            && token.app.as_deref() == app
            && call.state.is_called(token.account, typed)
    });
    let refused = call.server.options.is_demo;
    match token.filter(|_| !refused) {
        Some(token) => {
            let account: &Account = account::get(token.account);
            Secret {
                account: Some(token.account),
                name: account.folded_name(typed),
                secret: token.secret.clone(),
                spends: Some(token.secret.clone()),
                // The modal comes with the first login by token, not with the code.
                asks_security: app.is_some(),
            }
        }
        None => Secret {
            account: None,
            name: typed.to_owned(),
            secret: hex(),
            spends: None,
            asks_security: true,
        },
    }
}

fn of_portal(call: &mut Call<'_>, typed: &str) -> Secret {
    // `f` is good for one login.
    let user = call.session.portal.take().filter(|user| user.name == typed);
    Secret {
        account: user.as_ref().map(|user| user.account),
        // The name is left out of the key.
        name: String::new(),
        secret: user.map_or_else(hex, |user| user.secret),
        spends: None,
        asks_security: true,
    }
}

/// Before 2026.2.5 an encrypted text with a filler after every character; since then a bare one.
fn challenge(how: Challenge, login: &Cipher) -> String {
    match how {
        Challenge::Opened => {
            let (kept, filler) = (hex(), hex());
            let mixed: String =
                kept.chars().zip(filler.chars()).flat_map(|(a, b)| [a, b]).collect();
            login.encrypt(mixed.as_bytes())
        }
        Challenge::AsIs => hex(),
    }
}

fn hex() -> String {
    data_encoding::HEXUPPER.encode(&random())
}
