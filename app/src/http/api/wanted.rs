//! How something must stand for it to be changed (RFC 9110, section 13).

use std::convert::Infallible;

use headers::{ETag, HeaderMap, HeaderMapExt, IfMatch, IfNoneMatch};
use hyper::StatusCode;
use warp::Filter;

use crate::http::problem::Problem;

/// What a request wants of the state before its change.
#[derive(Debug, Default)]
pub struct Wanted {
    as_it_was: Option<IfMatch>,
    absent: bool,
}

/// Takes it out of a request.
pub fn wanted() -> impl Filter<Extract = (Wanted,), Error = Infallible> + Copy {
    warp::header::headers_cloned().map(|headers: HeaderMap| Wanted {
        as_it_was: headers.typed_get(),
        absent: headers.typed_get() == Some(IfNoneMatch::any()),
    })
}

impl Wanted {
    /// Holds it against the tag of what there is `now`, if anything. Under the lock of changes.
    ///
    /// # Errors
    /// 412: it stands otherwise.
    pub fn check(&self, now: Option<&ETag>, what: &str) -> Result<(), Problem> {
        let failed = |detail: String| Err(Problem::new(StatusCode::PRECONDITION_FAILED, detail));
        if self.absent && now.is_some() {
            return failed(format!("there is a {what} already"));
        }
        match (&self.as_it_was, now) {
            (None, _) => Ok(()),
            (Some(wanted), Some(now)) if wanted.precondition_passes(now) => Ok(()),
            (Some(_), _) => failed(format!("somebody else has changed the {what} meanwhile")),
        }
    }
}
