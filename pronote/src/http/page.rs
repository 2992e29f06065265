//! What a host answered.
//!

use std::{borrow::Cow, fmt};

use url::Url;

use super::error::{HttpError, HttpFault};

/// What a host answered, whatever its status.
pub struct Page {
    /// Where it was found in the end.
    pub url: Url,
    /// The HTTP status.
    pub status: u16,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Page {
    /// The body as text; what is no UTF-8 is replaced.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// The page itself where its status is a success.
    pub fn success(self) -> Result<Self, HttpError> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        Err(HttpError::at("GET", &self.url, HttpFault::Status(self.status)))
    }
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.host_str().unwrap_or("?");
        write!(f, "Page({host}, {}, {} bytes)", self.status, self.body.len())
    }
}
