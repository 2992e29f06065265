//! Answers of the Papillon API: their status, their JSON, and who may read them.
//!

use headers::HeaderValue;
use hyper::{
    StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ALLOW, CACHE_CONTROL, CONTENT_TYPE,
        HeaderName, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
    },
};
use serde_json::{Value, json};
use warp::reply::Response;

use crate::gateway::{Passed, Refusal, papillon::Infos};

/// Which request was refused, where the answer differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// A login.
    Login,
    /// Something that only reads.
    Read,
    /// Something that changes.
    Write,
}

/// An answer of a route.
pub fn passed(passed: Passed) -> Response {
    match passed {
        Passed::Json(json) => bytes(StatusCode::OK, json),
        Passed::Selected(period) => {
            value(StatusCode::OK, &json!({"status": "ok", "period": period}))
        }
    }
}

/// What is known of portals.
pub fn infos(infos: &Infos) -> Response {
    bytes(StatusCode::OK, serde_json::to_vec(infos).unwrap_or_default())
}

/// JSON, made here.
pub fn value(status: StatusCode, value: &Value) -> Response {
    bytes(status, value.to_string().into_bytes())
}

/// A refusal of the gateway, as the app knows it.
pub fn refused(asked: Asked, refusal: &Refusal) -> Response {
    let status = match refusal {
        Refusal::UnknownToken
        | Refusal::ExpiredToken
        | Refusal::LoginFailed(_)
        | Refusal::Wait(_) => expired(),
        Refusal::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        Refusal::NotFound => StatusCode::NOT_FOUND,
        Refusal::NotReplyable => StatusCode::FORBIDDEN,
        Refusal::Busy | Refusal::Store => StatusCode::SERVICE_UNAVAILABLE,
        Refusal::TooSlow(_) => StatusCode::GATEWAY_TIMEOUT,
        Refusal::Pronote(_) if asked == Asked::Read => StatusCode::BAD_GATEWAY,
        Refusal::Pronote(_) | Refusal::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let words = refusal.to_string();
    let body = match (asked, refusal) {
        (Asked::Login, _) => json!({"token": false, "error": words}),
        (Asked::Write, Refusal::Pronote(_) | Refusal::Internal) => json!("error"),
        (_, Refusal::UnknownToken | Refusal::ExpiredToken) => json!(words),
        (_, Refusal::NotFound | Refusal::NotReplyable) => json!(words),
        _ => json!({"error": words}),
    };
    let mut response = value(status, &body);
    let wait = match refusal {
        Refusal::Wait(wait) | Refusal::TooMany(wait) => Some(wait.seconds()),
        Refusal::Busy | Refusal::Store => Some(1),
        _ => None,
    };
    if let Some(seconds) = wait {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}

/// Another method is wanted at this address.
pub fn method_not_allowed(method: &'static str) -> Response {
    let mut response =
        value(StatusCode::METHOD_NOT_ALLOWED, &json!({"error": format!("use {method} here")}));
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(method));
    response
}

/// The answer to a browser that asks before it asks.
pub fn preflight() -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NO_CONTENT;
    response.headers_mut().insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("1728000"));
    response
}

/// What every answer carries: any page may read it, no cache may keep it.
pub fn shared(mut response: Response) -> Response {
    const NAMES: &str =
        "Authorization,Keep-Alive,User-Agent,If-Modified-Since,Cache-Control,Content-Type";
    const ALWAYS: [(HeaderName, &str); 5] = [
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS"),
        (ACCESS_CONTROL_ALLOW_HEADERS, NAMES),
        (ACCESS_CONTROL_EXPOSE_HEADERS, NAMES),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-store"));
    response
}

/// 498 is in no register; the app knows it.
fn expired() -> StatusCode {
    StatusCode::from_u16(498).expect("three digits are a status")
}

fn bytes(status: StatusCode, json: Vec<u8>) -> Response {
    let mut response = Response::new(json.into());
    *response.status_mut() = status;
    let media_type = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    response
}
