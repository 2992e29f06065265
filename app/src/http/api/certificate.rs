//! `/api/certificate`: who the box shows itself as; to compare, keep, replace.
//!
//! A school's own lies under names of its own, and conf.json names the one in force: it is in force
//! whole or not at all, and the box's own stays where it was.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError},
};

use headers::HeaderValue;
use hyper::{
    StatusCode,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use warp::{Filter, Reply};

use super::{Answer, Api, Routes, blocking, get_or_head, json, other_methods, refused, with};
use crate::http::{
    body,
    problem::Problem,
    tls::{self, CertificateFiles, Texts},
};

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let (facts, file) = (warp::path!("certificate"), warp::path!("certificate.pem"));
    let get = facts.and(get_or_head()).and(with(api)).map(|api: Arc<Api>| get(&api));
    let pem = file.and(get_or_head()).and(with(api)).map(|api: Arc<Api>| pem(&api));
    let put = facts.and(warp::put()).and(with(api)).and(body::json()).then(put);
    let delete = facts.and(warp::delete()).and(with(api)).then(delete);
    let other = facts.and(other_methods("GET, HEAD, PUT, DELETE"));
    let other_file = file.and(other_methods("GET, HEAD"));
    let written = put.or(delete).unify();
    get.or(pem).unify().or(written).unify().or(other).unify().or(other_file).unify().boxed()
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
    /// The host names and addresses that it is for.
    #[schema(example = json!(["bell.school.example"]))]
    names: Vec<String>,
    /// Who has signed it.
    issuer: String,
    /// What somebody should mend, in words.
    problem: Option<String>,
}

/// A school's own certificate.
#[derive(Deserialize, ToSchema)]
struct NewCertificate {
    /// PEM: the certificate and those of its issuers, in any order. May hold the key, too.
    #[schema(example = "-----BEGIN CERTIFICATE-----\n…")]
    certificate: String,
    /// PEM: its key, without a passphrase. Empty where it is in the other text.
    #[serde(default)]
    #[schema(example = "-----BEGIN PRIVATE KEY-----\n…")]
    key: String,
}

/// What was installed.
#[derive(Debug, Serialize, ToSchema)]
struct Installed {
    /// As it is served from the next connection on.
    certificate: CertificateFacts,
    /// What somebody should know although it can be used, in words.
    remarks: Vec<String>,
}

/// The certificate that is served.
#[utoipa::path(get, path = "/api/certificate", tag = "box",
    responses((status = 200, description = "The certificate that is served", body = CertificateFacts)))]
fn get(api: &Api) -> Answer {
    json(StatusCode::OK, &CertificateFacts::of(api))
}

/// Puts a school's own certificate in the place of the one that is served, from the next connection
/// on and without a restart. Nothing is replaced unless all of it is right.
#[utoipa::path(put, path = "/api/certificate", tag = "box", request_body = NewCertificate,
    responses(
        (status = 200, description = "It is served", body = Installed),
        (status = 400, description = "The body is not JSON", body = Problem),
        (status = 409, description = "conf.json is being edited by hand", body = Problem),
        (status = 413, description = "The body is too large", body = Problem),
        (status = 415, description = "The body says that it is not JSON", body = Problem),
        (status = 422, description = "The certificate or the key cannot be used; the field says which", body = Problem),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
async fn put(api: Arc<Api>, body: Result<Value, Problem>) -> Answer {
    let new = NewCertificate::deserialize(body?).map_err(|_| {
        Problem::field("", "an object is wanted whose fields certificate and key are text")
    })?;
    blocking("installing a certificate", move || {
        let _alone = api.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let texts = Texts { certificate: &new.certificate, key: &new.key };
        let offer = api.tls.judge(texts, Timestamp::now());
        let offer = offer.map_err(|unfit| Problem::field(unfit.field, unfit.message))?;
        let certs = certs(&api);
        let files = CertificateFiles::installed_in(&certs, offer.certificate.fingerprint);
        offer.write(&files).map_err(|error| Problem::of_disk("the certificate", &error))?;
        serve(&api, &files)?;
        let certificate = CertificateFacts::of(&api);
        json(StatusCode::OK, &Installed { certificate, remarks: offer.remarks })
    })
    .await
}

/// Goes back to the certificate that the box makes for itself. The school's own is deleted where it
/// was installed by `PUT`.
#[utoipa::path(delete, path = "/api/certificate", tag = "box",
    responses(
        (status = 200, description = "The box's own is served", body = CertificateFacts),
        (status = 409, description = "conf.json is being edited by hand", body = Problem),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
async fn delete(api: Arc<Api>) -> Answer {
    blocking("going back to the box's own certificate", move || {
        let _alone = api.changing.lock().unwrap_or_else(PoisonError::into_inner);
        if !api.tls.served().certificate.ours {
            serve(&api, &api.tls.own_files(&certs(&api)))?;
        }
        json(StatusCode::OK, &CertificateFacts::of(&api))
    })
    .await
}

/// The chain as a file (PEM), for a computer that is to trust this box.
#[utoipa::path(get, path = "/api/certificate.pem", tag = "box",
    responses((status = 200, description = "The chain (PEM)", body = String,
        content_type = "application/x-pem-file")))]
fn pem(api: &Api) -> Answer {
    let served = api.tls.served();
    let text: String =
        served.certificate.key.cert.iter().map(|one| tls::pem("CERTIFICATE", one)).collect();
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-pem-file"));
    let name = HeaderValue::from_static("attachment; filename=\"beffroi.pem\"");
    headers.insert(CONTENT_DISPOSITION, name);
    Ok(response)
}

impl CertificateFacts {
    fn of(api: &Api) -> Self {
        let served = api.tls.served();
        let certificate = &served.certificate;
        Self {
            fingerprint: certificate.fingerprint.to_string(),
            not_before: format!("{:.0}", certificate.not_before),
            not_after: format!("{:.0}", certificate.not_after),
            self_signed: certificate.ours,
            names: certificate.names.clone(),
            issuer: certificate.issuer.clone(),
            problem: served.trouble.clone(),
        }
    }
}

/// Where certificates lie unless conf.json says otherwise.
fn certs(api: &Api) -> PathBuf {
    api.services.store.data().join("certs")
}

/// Has conf.json name these files, and serves what they hold.
fn serve(api: &Api, files: &CertificateFiles) -> Result<(), Problem> {
    let store = &api.services.store;
    store.set_certificate(&files.chain, &files.key).map_err(refused)?;
    let now = Timestamp::now();
    let taken_up = api.tls.refresh(&CertificateFiles::of(&store.conf().server), now);
    taken_up.map_err(|error| Problem::internal("taking up the certificate", error))?;
    files.sweep_installed(&certs(api));
    Ok(())
}
