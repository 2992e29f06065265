//! Errors as `application/problem+json` (RFC 9457): for the client and the log.
//!
//! One message for the client, another for the log.

use std::{convert::Infallible, error::Error, io};

use headers::HeaderValue;
use hyper::{
    StatusCode,
    header::{ALLOW, CONTENT_TYPE, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE},
};
use serde::Serialize;
use tracing::{debug, error};
use utoipa::ToSchema;
use warp::{
    Rejection, Reply,
    reject::{self, Reject},
    reply::Response,
};

use super::server::Stalled;

/// Why a request was not done.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// The status in words.
    #[schema(example = "Unprocessable Entity")]
    title: &'static str,
    /// The HTTP status.
    #[serde(serialize_with = "number")]
    #[schema(value_type = u16, example = 422)]
    status: StatusCode,
    /// What was wanted and what was found, for a person.
    #[schema(example = "end_seconds: 2 is before start_seconds 2.5")]
    detail: String,
    /// The field of the body that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "end_seconds")]
    field: Option<String>,
    #[serde(skip)]
    header: Option<Box<(HeaderName, HeaderValue)>>,
}

impl Problem {
    /// A problem of this status, in words.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Error");
        Self { title, status, detail: detail.into(), field: None, header: None }
    }

    /// 400.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// 401: who are you?
    pub fn unauthorized(detail: impl Into<String>) -> Self {
        const REALM: HeaderValue =
            HeaderValue::from_static("Basic realm=\"Beffroi\", charset=\"UTF-8\"");
        Self::new(StatusCode::UNAUTHORIZED, detail).with(WWW_AUTHENTICATE, REALM)
    }

    /// 401 for our own page, which has a form: no browser opens its own window for it.
    pub fn signed_out(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, detail)
    }

    /// Whether it is a 401.
    pub fn is_unauthorized(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED
    }

    /// 404.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    /// 405: this path knows other methods.
    pub fn method_not_allowed(allowed: &'static str) -> Self {
        let detail = format!("this address answers {allowed}");
        let allowed = HeaderValue::from_static(allowed);
        Self::new(StatusCode::METHOD_NOT_ALLOWED, detail).with(ALLOW, allowed)
    }

    /// 422: the value of a field is wrong.
    pub fn field(field: &str, message: impl std::fmt::Display) -> Self {
        let detail =
            if field.is_empty() { message.to_string() } else { format!("{field}: {message}") };
        let field = (!field.is_empty()).then(|| field.to_owned());
        Self { field, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail) }
    }

    /// Says by which field of the body it stands.
    pub fn beside(self, field: &str) -> Self {
        Self { field: Some(field.to_owned()), ..self }
    }

    /// The field of the body that is wrong.
    pub fn at(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// 429: not so fast.
    pub fn too_many(detail: impl Into<String>, seconds: u64) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, detail).with(RETRY_AFTER, seconds.into())
    }

    /// 503: it may work in a moment.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, detail).with(RETRY_AFTER, 1.into())
    }

    /// 500: the client learns that it is our fault, the log why.
    pub fn internal(doing: &str, why: impl std::fmt::Display) -> Self {
        error!("{doing}: {why}");
        let detail = format!("{doing} failed; the log of the box says why");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
    }

    /// 507 where the disk takes nothing more; 500 for whatever else keeps `what` from being written.
    pub fn of_disk(what: &str, error: &io::Error) -> Self {
        let why = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "the disk is full",
            io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only",
            _ => return Self::internal(&format!("writing {what}"), error),
        };
        let detail = format!("{what} could not be written: {why}; nothing was changed");
        Self::new(StatusCode::INSUFFICIENT_STORAGE, detail)
    }

    /// What went wrong while a body was read.
    pub fn of_body(error: &(dyn Error + 'static)) -> Self {
        debug!("a request's body: {error}");
        match sources(error).find_map(|cause| cause.downcast_ref::<Stalled>()) {
            Some(stalled) => Self::new(StatusCode::REQUEST_TIMEOUT, stalled.to_string()),
            None => Self::bad_request("the body could not be read to its end"),
        }
    }

    fn with(self, name: HeaderName, value: HeaderValue) -> Self {
        Self { header: Some(Box::new((name, value))), ..self }
    }
}

/// Turns what no route took, or a filter refused, into a problem.
pub async fn recover(rejection: Rejection) -> Result<Response, Infallible> {
    if let Some(Refused(problem)) = rejection.find() {
        return Ok(problem.response());
    }
    debug!("refused: {rejection:?}");
    let problem = if rejection.is_not_found() {
        Problem::not_found("there is nothing at this address; /api/docs lists what there is")
    } else if rejection.find::<reject::InvalidQuery>().is_some() {
        Problem::bad_request("the query, the part of the address after '?', cannot be understood")
    } else if let Some(invalid) = rejection.find::<reject::InvalidHeader>() {
        Problem::bad_request(format!("the header {} cannot be understood", invalid.name()))
    } else if rejection.find::<reject::MethodNotAllowed>().is_some() {
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, "this address does not answer that method")
    } else {
        Problem::internal("answering", format!("{rejection:?}"))
    };
    Ok(problem.response())
}

impl Reply for Problem {
    fn into_response(self) -> Response {
        self.response()
    }
}

impl Problem {
    fn response(&self) -> Response {
        let mut response = warp::reply::json(self).into_response();
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some((name, value)) = self.header.as_deref().cloned() {
            headers.insert(name, value);
        }
        response
    }
}

/// A problem that a filter, not a handler, has found.
#[derive(Debug)]
pub struct Refused(pub Problem);

impl Reject for Refused {}

impl From<Problem> for Rejection {
    fn from(problem: Problem) -> Self {
        reject::custom(Refused(problem))
    }
}

fn number<S: serde::Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}

fn sources<'e>(
    error: &'e (dyn Error + 'static),
) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'e (dyn Error + 'static)| (*error).source())
}
