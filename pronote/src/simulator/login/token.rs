//! Secrets in the place of passwords: the tokens of apps, and QR codes.
//!

use std::time::Duration;

use crate::protocol::crypto::Cipher;
use crate::simulator::call::{Answer, Call, Outcome, Trouble};
use crate::simulator::json::object;
use crate::simulator::server::random;
use crate::simulator::state::{State, Token};

/// How long a QR code is good for.
const CODE: Duration = Duration::from_secs(10 * 60);

/// A new token for an app; the one that it had is good for nothing from now on.
pub(crate) fn issue(state: &mut State, account: usize, app: &str) -> String {
    let secret = secret();
    state.issue(Token { account, secret: secret.clone(), app: Some(app.to_owned()), until: None });
    secret
}

/// `JetonAppliMobile`: what a QR code holds, hidden under a PIN of four digits.
pub(crate) fn qr_code(call: &mut Call<'_>) -> Outcome {
    let code = call.text("code");
    if code.len() != 4 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Trouble::Said("Le code doit comporter 4 chiffres.".to_owned()));
    }
    let cipher = Cipher::of_material(code.as_bytes());
    let secret = secret();
    let data = object!({
        "login": cipher.encrypt(call.account().username.as_bytes()),
        "jeton": cipher.encrypt(secret.as_bytes()),
    });
    let until = Some(call.now.saturating_add(CODE));
    call.state.issue(Token { account: call.account_index, secret, app: None, until });
    Ok(Answer::from(data))
}

fn secret() -> String {
    let (a, b) = (random(), random());
    data_encoding::HEXUPPER.encode(&[a, b].concat())
}
