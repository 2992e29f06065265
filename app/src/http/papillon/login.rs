//! `POST /generatetoken`: what a login needs, and what it gives.
//!

use std::net::IpAddr;

use hyper::StatusCode;
use serde_json::json;
use warp::reply::Response;

use super::{
    parameters::Parameters,
    reply::{self, Asked},
};
use crate::gateway::{Gateway, LogIn};

/// The four digits that the owner of a QR code has chosen.
const PIN_CHARACTERS: usize = 4;

/// Logs in, and answers with a token.
pub async fn log_in(gateway: &Gateway, parameters: &Parameters, caller: IpAddr) -> Response {
    let login = match understand(parameters) {
        Ok(login) => login,
        Err(response) => return *response,
    };
    match gateway.log_in(login, caller).await {
        Ok(token) => {
            reply::value(StatusCode::OK, &json!({"token": *token.to_text(), "error": false}))
        }
        Err(refusal) => reply::refused(Asked::Login, &refusal),
    }
}

fn understand(parameters: &Parameters) -> Result<LogIn, Box<Response>> {
    let wrong = |body| Box::new(reply::value(StatusCode::BAD_REQUEST, &body));
    let method = parameters.optional("method").unwrap_or("url");
    let needed: &[&str] = match method {
        "url" => &["url", "username", "password"],
        "qrcode" => &["url", "qrToken", "login", "checkCode"],
        _ => {
            let message = "expected one of url, qrcode";
            return Err(wrong(json!({"errors": {"method": message}})));
        }
    };
    let is_there = |name: &&&str| parameters.optional(name).is_some();
    if !parameters.has_body() && !needed.iter().any(|name| is_there(&name)) {
        return Err(wrong(json!({"token": false, "error": "missingbody"})));
    }
    if let Some(missing) = needed.iter().find(|name| !is_there(name)) {
        return Err(wrong(json!(format!("missing{missing}"))));
    }
    let text = |name| parameters.optional(name).unwrap_or_default();
    if method == "url" {
        return Ok(LogIn::Password {
            url: text("url").into(),
            username: text("username").into(),
            password: text("password").into(),
            portal: parameters.optional("ent").map(str::to_owned),
        });
    }
    match text("checkCode").chars().count() {
        PIN_CHARACTERS => Ok(LogIn::QrCode {
            url: text("url").into(),
            token: text("qrToken").into(),
            login: text("login").into(),
            pin: text("checkCode").into(),
        }),
        found => {
            let message =
                format!("checkCode must be {PIN_CHARACTERS} characters long (got {found})");
            Err(wrong(json!(message)))
        }
    }
}
