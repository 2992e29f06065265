//! A file on its way: what it says it is, and its parts as they come.
//!

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use tokio::time::timeout;
use url::Url;

use super::{Browser, HttpError, HttpFault, browser};

/// A file that is passed on without being held whole.
#[derive(Debug)]
pub struct Download {
    media_type: Option<String>,
    length_bytes: Option<u64>,
    rest: Rest,
}

#[derive(Debug)]
enum Rest {
    Whole(Option<Bytes>),
    Parts { answer: Box<reqwest::Response>, url: Box<Url>, patience: Duration, left_bytes: u64 },
}

/// No attachment of a school is larger: PRONOTE takes a few megabytes, clouds are for the rest.
const LARGEST_BYTES: u64 = 256 << 20;

impl Download {
    /// What is at hand already.
    pub(crate) fn whole(bytes: Vec<u8>) -> Self {
        let length_bytes = u64::try_from(bytes.len()).ok();
        Self { media_type: None, length_bytes, rest: Rest::Whole(Some(bytes.into())) }
    }

    /// The type that the server gives it, in lower case and without parameters.
    pub fn media_type(&self) -> Option<&str> {
        self.media_type.as_deref()
    }

    /// How long it is, where the server says so.
    pub fn length_bytes(&self) -> Option<u64> {
        self.length_bytes
    }

    /// The next part; `None` at the end. Each is waited for no longer than for a whole page.
    pub async fn next(&mut self) -> Result<Option<Bytes>, HttpError> {
        let (answer, url, patience, left_bytes) = match &mut self.rest {
            Rest::Whole(bytes) => return Ok(bytes.take()),
            Rest::Parts { answer, url, patience, left_bytes } => {
                (answer, url, *patience, left_bytes)
            }
        };
        let fault = |fault| HttpError::at("GET", url, fault);
        let part = timeout(patience, answer.chunk()).await;
        let part = part.map_err(|_| fault(HttpFault::TimedOut))?;
        let part = part.map_err(|error| fault(browser::broken(&error)))?;
        let length = part.as_ref().map_or(0, Bytes::len).try_into().unwrap_or(u64::MAX);
        *left_bytes = left_bytes.checked_sub(length).ok_or_else(|| fault(HttpFault::TooLarge))?;
        Ok(part)
    }
}

impl Browser {
    /// Asks for a file. Redirects are not followed: PRONOTE's files have none.
    pub(crate) async fn open(&self, url: Url) -> Result<Download, HttpError> {
        let fault = |fault| HttpError::at("GET", &url, fault);
        self.admit("GET", &url).await?;
        let limits = &self.transport().0.limits;
        let request = self.transport().0.client.get(url.clone()).header(ACCEPT, "*/*");
        let answer = timeout(limits.hop, request.send()).await;
        let answer = answer.map_err(|_| fault(HttpFault::TimedOut))?;
        let answer = answer.map_err(|error| fault(browser::unreachable(&error)))?;
        if answer.status() != reqwest::StatusCode::OK {
            return Err(fault(HttpFault::Status(answer.status().as_u16())));
        }
        let media_type = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = media_type.and_then(|text| text.split(';').next());
        let media_type = media_type.map(|text| text.trim().to_ascii_lowercase());
        let length_bytes = answer.content_length();
        let (answer, url, patience) = (Box::new(answer), Box::new(url), limits.hop);
        let rest = Rest::Parts { answer, url, patience, left_bytes: LARGEST_BYTES };
        Ok(Download { media_type, length_bytes, rest })
    }
}
