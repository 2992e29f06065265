//! One file of the internet, politely: if it is new, and within bounds.
//!

use std::{error::Error as _, time::Duration};

use reqwest::{
    Client, Response, StatusCode,
    header::{
        ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
    },
};
use tokio::time::timeout;
use url::Url;

use super::{Kept, shelf::file_name};
use crate::{
    calendar::MAX_BYTES,
    gateway::reach::{Forbidden, Reach},
};

/// Asks for files.
pub struct Fetcher {
    reach: Reach,
}

/// What a server answered.
pub enum Answer {
    /// The file that we have is the newest.
    Unchanged,
    /// A file.
    File(File),
}

/// A file that came.
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

/// Why none came.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// An address that is not asked.
    #[error("not asked: {0}")]
    Forbidden(#[from] Forbidden),
    /// The system lacks what it takes to ask.
    #[error("nothing can be asked: {0}")]
    NoClient(String),
    /// No answer.
    #[error("no answer from {host}: {why}")]
    Unreachable { host: String, why: String },
    /// Another answer than a file.
    #[error("{host} answered {status}")]
    Status { host: String, status: StatusCode },
    /// A redirect to nowhere, or one too many.
    #[error("{host} sends us on and on")]
    Redirects { host: String },
    /// Too much.
    #[error("{host} sends more than {} MiB", MAX_BYTES >> 20)]
    TooLarge { host: String },
    /// Too slow.
    #[error("{host} took longer than {} s", DEADLINE.as_secs())]
    TooSlow { host: String },
}

/// From the first byte to the last, redirects included.
const DEADLINE: Duration = Duration::from_secs(60);
const CONNECT: Duration = Duration::from_secs(10);
const REDIRECTS: usize = 5;
const USER_AGENT: &str = concat!("Beffroi/", env!("CARGO_PKG_VERSION"), " (school bell; weekly)");

impl Fetcher {
    /// A fetcher that goes where `reach` permits.
    pub const fn new(reach: Reach) -> Self {
        Self { reach }
    }

    /// Whether an address may be asked.
    pub fn permits(&self, url: &Url) -> Result<(), Forbidden> {
        self.reach.permits(url)
    }

    /// Asks for a file, only if it is another one than `known`.
    pub async fn get(&self, url: &Url, known: Option<&Kept>) -> Result<Answer, FetchError> {
        let late = |_| FetchError::TooSlow { host: host(url) };
        timeout(DEADLINE, self.follow(url, known)).await.map_err(late)?
    }

    async fn follow(&self, url: &Url, known: Option<&Kept>) -> Result<Answer, FetchError> {
        // Made anew each week: nothing is held for it in between, and the system's roots are today's.
        let builder = Client::builder().user_agent(USER_AGENT).connect_timeout(CONNECT);
        let client = self.reach.client(builder);
        let client = client.map_err(|error| FetchError::NoClient(error.to_string()))?;
        let mut at = url.clone();
        for _ in 0..=REDIRECTS {
            self.reach.permits(&at)?;
            let mut request = client.get(at.clone());
            if let Some(etag) = known.and_then(|kept| kept.etag.as_ref()) {
                request = request.header(IF_NONE_MATCH, etag);
            }
            if let Some(date) = known.and_then(|kept| kept.last_modified.as_ref()) {
                request = request.header(IF_MODIFIED_SINCE, date);
            }
            let answer = request.send().await.map_err(|error| unreachable(&at, &error))?;
            match answer.status() {
                StatusCode::OK => return body(&at, answer).await.map(Answer::File),
                StatusCode::NOT_MODIFIED if known.is_some() => return Ok(Answer::Unchanged),
                StatusCode::MOVED_PERMANENTLY
                | StatusCode::FOUND
                | StatusCode::SEE_OTHER
                | StatusCode::TEMPORARY_REDIRECT
                | StatusCode::PERMANENT_REDIRECT => {
                    let to = header(answer.headers(), &LOCATION).and_then(|to| at.join(&to).ok());
                    at = to.ok_or_else(|| FetchError::Redirects { host: host(&at) })?;
                }
                status => return Err(FetchError::Status { host: host(&at), status }),
            }
        }
        Err(FetchError::Redirects { host: host(url) })
    }
}

async fn body(at: &Url, mut answer: Response) -> Result<File, FetchError> {
    let mut bytes = Vec::new();
    let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
    if answer.content_length().is_some_and(|length| length > most) {
        return Err(FetchError::TooLarge { host: host(at) });
    }
    while let Some(part) = answer.chunk().await.map_err(|error| unreachable(at, &error))? {
        if bytes.len() + part.len() > MAX_BYTES {
            return Err(FetchError::TooLarge { host: host(at) });
        }
        bytes.extend_from_slice(&part);
    }
    Ok(File {
        name: file_name(at.path()),
        bytes,
        etag: header(answer.headers(), &ETAG),
        last_modified: header(answer.headers(), &LAST_MODIFIED),
    })
}

fn header(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// A refusal of the resolver's is at the bottom of reqwest's own words. Its address is left out.
fn unreachable(at: &Url, error: &reqwest::Error) -> FetchError {
    let mut bottom = error.source();
    while let Some(deeper) = bottom.and_then(|error| error.source()) {
        bottom = Some(deeper);
    }
    let why = bottom.map_or_else(|| "the connection failed".to_owned(), ToString::to_string);
    FetchError::Unreachable { host: host(at), why }
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}
