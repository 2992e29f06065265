//! What signing in asks of an HTTP client, and the bounds of one login.

use std::{fmt, future::Future, time::Duration};

use url::Url;
use zeroize::Zeroizing;

use crate::http::{Browser, HttpFault};

/// A browser that goes one hop at a time: it keeps the cookies, bounds time and bytes, and leaves
/// the redirects to us, so that each has a place in the count and in an error.
pub trait Web: Sync {
    /// Gets an address, or posts url-encoded fields to it.
    fn hop(
        &self,
        url: &Url,
        form: Option<&Zeroizing<String>>,
    ) -> impl Future<Output = Result<Answer, HttpFault>> + Send;

    /// The value of a cookie that would be sent to an address.
    fn cookie(&self, url: &Url, name: &str) -> Option<String>;
}

/// One answer.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Where a redirect leads.
    pub location: Option<String>,
    /// The body.
    pub text: Zeroizing<String>,
}

/// The bounds of one login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Pages and redirects together.
    pub max_hops: usize,
    /// From the first request to PRONOTE's start page.
    pub deadline: Duration,
    /// Whether `http:` is allowed: a password would go in clear.
    pub allow_http: bool,
}

impl Default for Terms {
    fn default() -> Self {
        Self { max_hops: 25, deadline: Duration::from_secs(60), allow_http: false }
    }
}

impl Terms {
    pub(super) fn admit(&self, url: &Url) -> Result<(), HttpFault> {
        match url.scheme() {
            "https" => Ok(()),
            "http" if self.allow_http => Ok(()),
            "http" => Err(HttpFault::Forbidden("it is not https".into())),
            scheme => Err(HttpFault::Forbidden(format!("`{scheme}:` is no web address"))),
        }
    }
}

impl Web for Browser {
    async fn hop(&self, url: &Url, form: Option<&Zeroizing<String>>) -> Result<Answer, HttpFault> {
        let (page, location) = self.step(url, form).await.map_err(|error| error.fault)?;
        let text = Zeroizing::new(page.text().into_owned());
        Ok(Answer { status: page.status, location, text })
    }

    fn cookie(&self, url: &Url, name: &str) -> Option<String> {
        Browser::cookie(self, url, name)
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("status", &self.status).finish_non_exhaustive()
    }
}
