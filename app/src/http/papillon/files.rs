//! Files and calendars behind addresses of ours.
//!

use headers::{ContentLength, HeaderMapExt as _, HeaderValue};
use hyper::{
    StatusCode,
    header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use warp::{Reply, reply::Response};

use super::{
    parameters::Parameters,
    reply::{self, Asked},
};
use crate::gateway::Gateway;

/// What a browser may show by itself; anything else is only kept.
const SHOWN: [&str; 8] = [
    "application/pdf",
    "audio/mpeg",
    "audio/ogg",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "video/mp4",
];

/// Passes a file on, part by part.
pub async fn file(gateway: &Gateway, parameters: &mut Parameters) -> Response {
    let Some(key) = parameters.required("key") else { return missing(parameters) };
    let parts = match gateway.file(&key).await {
        Ok(parts) => parts,
        Err(refusal) => return reply::refused(Asked::Read, &refusal),
    };
    let name = parameters.optional("name").unwrap_or("file");
    let shown = SHOWN.iter().find(|media_type| parts.media_type() == Some(media_type));
    let length = parts.length_bytes();
    let mut response = warp::reply::stream(parts.into_stream()).into_response();
    let headers = response.headers_mut();
    // Whatever it is, it is no page of ours: a school's file runs nothing in our name.
    let media_type = shown.copied().unwrap_or("application/octet-stream");
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox"));
    let way = if shown.is_some() { "inline" } else { "attachment" };
    let name = utf8_percent_encode(name, NON_ALPHANUMERIC);
    if let Ok(disposition) = format!("{way}; filename*=UTF-8''{name}").parse() {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    if let Some(length) = length {
        headers.typed_insert(ContentLength(length));
    }
    response
}

/// Writes a calendar.
pub async fn calendar(gateway: &Gateway, parameters: &mut Parameters) -> Response {
    let Some(key) = parameters.required("key") else { return missing(parameters) };
    match gateway.calendar(&key).await {
        Ok(text) => {
            let mut response = text.into_response();
            let media_type = HeaderValue::from_static("text/calendar; charset=utf-8");
            response.headers_mut().insert(CONTENT_TYPE, media_type);
            response
        }
        Err(refusal) => reply::refused(Asked::Read, &refusal),
    }
}

fn missing(parameters: &Parameters) -> Response {
    reply::value(StatusCode::BAD_REQUEST, &parameters.errors().unwrap_or_default())
}
