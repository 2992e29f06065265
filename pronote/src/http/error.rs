//! Why a page could not be had, and at which hop.
//!

use std::fmt;

use url::Url;

/// A request that failed. Names the hop without its query, which may hold secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{hop}: {fault}")]
pub struct HttpError {
    /// Method, host and path.
    pub hop: String,
    /// What went wrong there.
    pub fault: HttpFault,
}

/// What went wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HttpFault {
    /// Our own check of the address refused it.
    Forbidden(String),
    /// The host could not be reached.
    Unreachable(String),
    /// No answer in time.
    TimedOut,
    /// The connection broke during the answer.
    Broken(String),
    /// The answer is larger than allowed.
    TooLarge,
    /// More redirects than allowed.
    TooManyRedirects,
    /// A redirect to no address.
    BadRedirect,
    /// A status that is no success.
    Status(u16),
}

impl HttpError {
    pub(crate) fn at(method: &str, url: &Url, fault: HttpFault) -> Self {
        Self { hop: hop(method, url), fault }
    }
}

impl fmt::Display for HttpFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forbidden(why) => write!(f, "the address is not allowed: {why}"),
            Self::Unreachable(why) => write!(f, "the host could not be reached: {why}"),
            Self::TimedOut => f.write_str("no answer in time"),
            Self::Broken(why) => write!(f, "the connection broke: {why}"),
            Self::TooLarge => f.write_str("the answer is larger than allowed"),
            Self::TooManyRedirects => f.write_str("too many redirects"),
            Self::BadRedirect => f.write_str("a redirect to no address"),
            Self::Status(status) => write!(f, "expected a success, found HTTP status {status}"),
        }
    }
}

fn hop(method: &str, url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    // The order number makes the path of a call unreadable; the function says more.
    let path = match url.path().split_once("/appelfonction/") {
        Some((root, _)) => format!("{root}/appelfonction"),
        None => url.path().to_owned(),
    };
    let path = match path.split_once("/FichiersExternes/") {
        Some((root, _)) => format!("{root}/FichiersExternes"),
        None => path,
    };
    format!("{method} {}{port}{path}", url.host_str().unwrap_or("?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hop_has_no_secrets() {
        let url = Url::parse("https://u:p@cas.example.fr:444/login?ticket=ST-1").unwrap();
        let error = HttpError::at("GET", &url, HttpFault::TimedOut);
        assert_eq!(error.to_string(), "GET cas.example.fr:444/login: no answer in time");
        let url = Url::parse("https://e.fr/pronote/appelfonction/3/12/abc").unwrap();
        assert_eq!(
            HttpError::at("POST", &url, HttpFault::Status(500)).to_string(),
            "POST e.fr/pronote/appelfonction: expected a success, found HTTP status 500"
        );
    }
}
