//! `GET /api/certificate`: what the box shows who it is by, to compare and to keep.

use std::sync::Arc;

use data_encoding::BASE64;
use headers::HeaderValue;
use hyper::{
    StatusCode,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE},
};
use serde::Serialize;
use utoipa::ToSchema;
use warp::{Filter, Reply};

use super::{Answer, Api, Routes, get_or_head, json, other_methods, with};

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let (facts, file) = (warp::path!("certificate"), warp::path!("certificate.pem"));
    let get = facts.and(get_or_head()).and(with(api)).map(|api: Arc<Api>| get(&api));
    let pem = file.and(get_or_head()).and(with(api)).map(|api: Arc<Api>| pem(&api));
    let other = facts.or(file).unify().and(other_methods("GET, HEAD"));
    get.or(pem).unify().or(other).unify().boxed()
}

/// The certificate that is served.
#[derive(Debug, Serialize, ToSchema)]
struct CertificateFacts {
    /// SHA-256, as browsers show it.
    #[schema(example = "AB:CD:EF:…")]
    fingerprint: String,
    /// From when it counts: RFC 3339, UTC.
    #[schema(format = DateTime)]
    not_before: String,
    /// Until when it counts.
    #[schema(format = DateTime)]
    not_after: String,
    /// Whether the box has made it; else it is the school's own.
    self_signed: bool,
    /// What somebody should mend, in words.
    problem: Option<String>,
}

/// The certificate that is served.
#[utoipa::path(get, path = "/api/certificate", tag = "box",
    responses((status = 200, description = "The certificate that is served", body = CertificateFacts)))]
fn get(api: &Api) -> Answer {
    let served = api.tls.served();
    let certificate = &served.certificate;
    let facts = CertificateFacts {
        fingerprint: certificate.fingerprint.to_string(),
        not_before: format!("{:.0}", certificate.not_before),
        not_after: format!("{:.0}", certificate.not_after),
        self_signed: certificate.ours,
        problem: served.trouble.clone(),
    };
    json(StatusCode::OK, &facts)
}

/// The chain as a file (PEM), for a computer that is to trust this box.
#[utoipa::path(get, path = "/api/certificate.pem", tag = "box",
    responses((status = 200, description = "The chain (PEM)", body = String,
        content_type = "application/x-pem-file")))]
fn pem(api: &Api) -> Answer {
    let served = api.tls.served();
    let text: String = served.certificate.key.cert.iter().map(|one| one_pem(one)).collect();
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-pem-file"));
    let name = HeaderValue::from_static("attachment; filename=\"beffroi.pem\"");
    headers.insert(CONTENT_DISPOSITION, name);
    Ok(response)
}

/// RFC 7468: lines of 64.
fn one_pem(der: &[u8]) -> String {
    let mut text = "-----BEGIN CERTIFICATE-----\n".to_owned();
    for line in der.chunks(48) {
        text += &BASE64.encode(line);
        text.push('\n');
    }
    text + "-----END CERTIFICATE-----\n"
}
