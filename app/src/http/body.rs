//! Bodies of requests, under a limit and in words where they are wrong.

use bytes::{Buf, Bytes, BytesMut};
use futures_util::{Stream, StreamExt, stream::BoxStream};
use headers::{ContentLength, HeaderMap, HeaderMapExt};
use hyper::{
    StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName},
};
use serde_json::Value;
use warp::{Filter, Rejection};

use super::problem::Problem;

/// The most that a JSON body may hold; a trigger takes 200 bytes.
pub const JSON_BYTES: u64 = 64 * 1024;

/// A body that is read part by part. Waiting for the next one is bounded by the server.
pub struct Body {
    headers: HeaderMap,
    parts: BoxStream<'static, Result<Bytes, warp::Error>>,
    limit: u64,
    left: u64,
}

/// Takes the body out of a request, unread; `limit` is the most that it may hold.
pub fn raw(limit: u64) -> impl Filter<Extract = (Body,), Error = Rejection> + Copy {
    warp::header::headers_cloned()
        .and(warp::body::stream())
        .map(move |headers, parts| Body::new(headers, parts, limit))
}

/// Reads a JSON body. What is wrong with it is the handler's answer, not another route's matter.
pub fn json() -> impl Filter<Extract = (Result<Value, Problem>,), Error = Rejection> + Copy {
    json_up_to(JSON_BYTES)
}

/// As [`json`], with another limit.
pub fn json_up_to(
    limit: u64,
) -> impl Filter<Extract = (Result<Value, Problem>,), Error = Rejection> + Copy {
    raw(limit).then(Body::json)
}

impl Body {
    fn new(
        headers: HeaderMap,
        parts: impl Stream<Item = Result<impl Buf, warp::Error>> + Send + 'static,
        limit: u64,
    ) -> Self {
        let parts = parts.map(|part| part.map(whole)).boxed();
        Self { headers, parts, limit, left: limit }
    }

    /// The media type, in lower case and without its parameters; empty where none is given.
    pub fn media_type(&self) -> String {
        let essence = self.header(CONTENT_TYPE).split(';').next().unwrap_or_default();
        essence.trim().to_ascii_lowercase()
    }

    /// Refuses what need not be read to be refused: too long by its own account, or compressed.
    pub fn check(&self) -> Result<(), Problem> {
        if !matches!(self.header(CONTENT_ENCODING), "" | "identity") {
            let detail = "a compressed body is not taken here: send it as it is";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
        }
        match self.headers.typed_get::<ContentLength>() {
            Some(ContentLength(length)) if length > self.limit => Err(self.too_large()),
            _ => Ok(()),
        }
    }

    /// The next part; 413 as soon as there is more than the limit.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        let Some(part) = self.parts.next().await else { return Ok(None) };
        let part = part.map_err(|error| Problem::of_body(&error))?;
        self.left = self.left.checked_sub(part.len() as u64).ok_or_else(|| self.too_large())?;
        Ok(Some(part))
    }

    /// All of it.
    pub async fn whole(&mut self) -> Result<Bytes, Problem> {
        self.check()?;
        let mut bytes = BytesMut::new();
        while let Some(part) = self.next().await? {
            bytes.extend_from_slice(&part);
        }
        Ok(bytes.freeze())
    }

    async fn json(mut self) -> Result<Value, Problem> {
        let media_type = self.media_type();
        if !(media_type.is_empty()
            || media_type.ends_with("/json")
            || media_type.ends_with("+json"))
        {
            let detail =
                format!("a body of Content-Type application/json is expected, not {media_type}");
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
        }
        serde_json::from_slice(&self.whole().await?)
            .map_err(|error| Problem::bad_request(format!("the body is not JSON: {error}")))
    }

    fn too_large(&self) -> Problem {
        let detail = format!("at most {} bytes are taken here", self.limit);
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    }

    fn header(&self, name: HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

fn whole(mut part: impl Buf) -> Bytes {
    part.copy_to_bytes(part.remaining())
}
