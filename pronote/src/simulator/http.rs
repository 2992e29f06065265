//! What comes in and what goes out, without a socket.
//!

use std::time::Duration;

use bytes::Bytes;

/// A request, whole.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// `GET`, `POST` …
    pub method: String,
    /// The path, still percent-encoded.
    pub path: String,
    /// What follows the question mark.
    pub query: String,
    /// Header names in lower case, and their values.
    pub headers: Vec<(String, String)>,
    /// The body, bounded by the server.
    pub body: Bytes,
}

/// An answer, whole.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status, 200 for all that PRONOTE says in its own words.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Bytes,
    /// How it travels.
    pub manner: Manner,
}

/// How an answer travels to the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Manner {
    /// At once and whole.
    #[default]
    Whole,
    /// After a while.
    After(Duration),
    /// When something is pushed, or else after a while: a long poll.
    Held(Duration),
    /// Headers at once, then the body byte by byte with this pause between two.
    Dripping(Duration),
    /// The connection ends in the middle of the body.
    Cut,
    /// The connection ends before any answer.
    Dropped,
}

impl Request {
    /// A request without a body.
    pub fn get(path_and_query: &str) -> Self {
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        Self { method: "GET".into(), path: path.into(), query: query.into(), ..Self::default() }
    }

    /// A request with a body.
    pub fn post(path: &str, body: impl Into<Bytes>) -> Self {
        Self { method: "POST".into(), path: path.into(), body: body.into(), ..Self::default() }
    }

    /// The first header of a name (in lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A parameter of the query, decoded.
    pub fn parameter(&self, name: &str) -> Option<String> {
        url::form_urlencoded::parse(self.query.as_bytes())
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
    }

    /// A cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .filter(|(known, _)| known == "cookie")
            .flat_map(|(_, value)| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// `http://127.0.0.1:4242`, as the client calls us.
    pub fn origin(&self) -> String {
        format!("http://{}", self.header("host").unwrap_or("127.0.0.1"))
    }
}

impl Reply {
    /// An answer of a media type.
    pub fn new(status: u16, media_type: &str, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: vec![("content-type", media_type.to_owned())],
            body: body.into(),
            manner: Manner::Whole,
        }
    }

    /// A page.
    pub fn html(status: u16, body: impl Into<Bytes>) -> Self {
        Self::new(status, "text/html; charset=utf-8", body)
    }

    /// An object.
    pub fn json(body: &serde_json::Value) -> Self {
        Self::new(200, "application/json; charset=utf-8", body.to_string())
    }

    /// Go there instead.
    pub fn redirect(location: &str) -> Self {
        Self::html(302, "").with("location", location)
    }

    /// The same with one more header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
