//! One session's view of the web: its cookies, redirects followed one by one.
//!

use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use cookie_store::{CookieStore, RawCookie};
use reqwest::{
    Method, StatusCode,
    header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, COOKIE, HeaderValue, LOCATION, SET_COOKIE},
};
use tokio::time::timeout;
use url::Url;
use zeroize::Zeroizing;

use super::{
    error::{HttpError, HttpFault},
    page::Page,
    transport::Transport,
};

/// A transport with a cookie jar.
pub struct Browser {
    transport: Transport,
    cookies: Mutex<CookieStore>,
}

/// The body of a request.
#[derive(Clone)]
struct Content {
    kind: &'static str,
    bytes: Vec<u8>,
}

impl Browser {
    /// A browser without cookies.
    pub fn new(transport: Transport) -> Self {
        Self { transport, cookies: Mutex::new(CookieStore::new()) }
    }

    /// A browser with the cookies of an earlier one ([`Browser::cookies_json`]).
    pub fn with_cookies_json(transport: Transport, json: &str) -> Self {
        let cookies = serde_json::from_str::<Vec<cookie_store::Cookie<'static>>>(json)
            .unwrap_or_default()
            .into_iter()
            .map(Ok::<_, cookie_store::CookieError>);
        let cookies = CookieStore::from_cookies(cookies, false).unwrap_or_default();
        Self { transport, cookies: Mutex::new(cookies) }
    }

    /// Its cookies: secrets of the session.
    pub fn cookies_json(&self) -> String {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        let cookies: Vec<_> = cookies.iter_unexpired().collect();
        serde_json::to_string(&cookies).unwrap_or_default()
    }

    /// The transport it stands on.
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    /// Sets a cookie for a host: `appliMobile=1`.
    pub fn set_cookie(&self, url: &Url, cookie: &str) {
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = cookies.parse(cookie, url) {
            tracing::debug!(%error, "a cookie of our own was refused");
        }
    }

    /// The value of a cookie that would be sent to an address.
    pub fn cookie(&self, url: &Url, name: &str) -> Option<String> {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        let found = cookies.get_request_values(url).find(|(found, _)| *found == name);
        found.map(|(_, value)| value.to_owned())
    }

    /// Gets a page, redirects followed.
    pub async fn get(&self, url: Url) -> Result<Page, HttpError> {
        self.follow(Method::GET, url, None).await
    }

    /// Sends a form, redirects followed as browsers do.
    pub async fn post_form(
        &self,
        url: Url,
        fields: &[(String, String)],
    ) -> Result<Page, HttpError> {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        let bytes = form.extend_pairs(fields).finish().into_bytes();
        let content = Content { kind: "application/x-www-form-urlencoded", bytes };
        self.follow(Method::POST, url, Some(content)).await
    }

    /// Sends JSON and takes the answer as it comes, redirects not followed.
    pub async fn post_json(&self, url: Url, body: String) -> Result<Page, HttpError> {
        self.post_json_within(self.transport.0.limits.hop, url, body).await
    }

    /// The same for an answer that may take so long.
    pub(crate) async fn post_json_within(
        &self,
        limit: Duration,
        url: Url,
        body: String,
    ) -> Result<Page, HttpError> {
        let content = Content { kind: "application/json", bytes: body.into_bytes() };
        self.hop_within(limit, &Method::POST, &url, Some(&content)).await.map(|(page, _)| page)
    }

    /// One request, its redirect left to the caller: the page, and where it leads.
    pub(crate) async fn step(
        &self,
        url: &Url,
        form: Option<&Zeroizing<String>>,
    ) -> Result<(Page, Option<String>), HttpError> {
        let method = if form.is_some() { Method::POST } else { Method::GET };
        let content = form.map(|form| Content {
            kind: "application/x-www-form-urlencoded",
            bytes: form.as_bytes().to_vec(),
        });
        let (page, location) = self.hop(&method, url, content.as_ref()).await?;
        Ok((page, location.and_then(|location| location.to_str().ok().map(str::to_owned))))
    }

    async fn follow(
        &self,
        method: Method,
        url: Url,
        content: Option<Content>,
    ) -> Result<Page, HttpError> {
        let first = HttpError::at(method.as_str(), &url, HttpFault::TimedOut);
        let total = self.transport.0.limits.total;
        timeout(total, self.follow_all(method, url, content)).await.unwrap_or(Err(first))
    }

    async fn follow_all(
        &self,
        mut method: Method,
        mut url: Url,
        mut content: Option<Content>,
    ) -> Result<Page, HttpError> {
        for _ in 0..=self.transport.0.limits.redirects {
            let (page, location) = self.hop(&method, &url, content.as_ref()).await?;
            let Some(location) = location else { return Ok(page) };
            let next = location.to_str().ok().and_then(|location| url.join(location).ok());
            let fault = |fault| HttpError::at(method.as_str(), &url, fault);
            let mut next = next.ok_or_else(|| fault(HttpFault::BadRedirect))?;
            if next.fragment().is_none() {
                next.set_fragment(url.fragment());
            }
            // 307 and 308 repeat the request; the others ask for a page.
            if !matches!(page.status, 307 | 308) {
                method = Method::GET;
                content = None;
            } else if content.is_some() && next.origin() != url.origin() {
                let why = "a redirect may not carry a request's content to another host";
                return Err(fault(HttpFault::Forbidden(why.to_owned())));
            }
            url = next;
        }
        Err(HttpError::at(method.as_str(), &url, HttpFault::TooManyRedirects))
    }

    async fn hop(
        &self,
        method: &Method,
        url: &Url,
        content: Option<&Content>,
    ) -> Result<(Page, Option<HeaderValue>), HttpError> {
        self.hop_within(self.transport.0.limits.hop, method, url, content).await
    }

    async fn hop_within(
        &self,
        limit: Duration,
        method: &Method,
        url: &Url,
        content: Option<&Content>,
    ) -> Result<(Page, Option<HeaderValue>), HttpError> {
        let fault = |fault| HttpError::at(method.as_str(), url, fault);
        self.admit(method.as_str(), url).await?;
        let answer = timeout(limit, self.exchange(method, url, content)).await;
        answer.map_err(|_| fault(HttpFault::TimedOut))?.map_err(fault)
    }

    /// Whether an address may be asked, and its host's turn, which may be a while from now.
    pub(super) async fn admit(&self, method: &str, url: &Url) -> Result<(), HttpError> {
        let shared = &self.transport.0;
        let fault = |fault| HttpError::at(method, url, fault);
        if !matches!(url.scheme(), "http" | "https") {
            return Err(fault(HttpFault::Forbidden("only http and https are".to_owned())));
        }
        if let Some(check) = &shared.check {
            check(url).map_err(|why| fault(HttpFault::Forbidden(why)))?;
        }
        let wait = shared.ledger.turn(url.host_str().unwrap_or_default(), Instant::now());
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        Ok(())
    }

    async fn exchange(
        &self,
        method: &Method,
        url: &Url,
        content: Option<&Content>,
    ) -> Result<(Page, Option<HeaderValue>), HttpFault> {
        let shared = &self.transport.0;
        let mut request = shared
            .client
            .request(method.clone(), url.clone())
            .header(ACCEPT, "text/html,application/json;q=0.9,*/*;q=0.8")
            .header(ACCEPT_LANGUAGE, "fr-FR,fr;q=0.9");
        if let Some(cookies) = self.cookie_header(url) {
            request = request.header(COOKIE, cookies);
        }
        if let Some(content) = content {
            request = request.header(CONTENT_TYPE, content.kind).body(content.bytes.clone());
        }
        let mut answer = request.send().await.map_err(|error| unreachable(&error))?;
        self.keep_cookies(url, &answer);
        let status = answer.status();
        let location = moved(status).then(|| answer.headers().get(LOCATION).cloned()).flatten();
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| broken(&error))? {
            if body.len() + chunk.len() > shared.limits.body_bytes {
                return Err(HttpFault::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok((Page { url: url.clone(), status: status.as_u16(), body }, location))
    }

    fn cookie_header(&self, url: &Url) -> Option<HeaderValue> {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        let pairs: Vec<_> = cookies
            .get_request_values(url)
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut header = HeaderValue::try_from(pairs.join("; ")).ok()?;
        header.set_sensitive(true);
        (!pairs.is_empty()).then_some(header)
    }

    fn keep_cookies(&self, url: &Url, answer: &reqwest::Response) {
        let cookies = answer.headers().get_all(SET_COOKIE).iter();
        let cookies =
            cookies.filter_map(|header| RawCookie::parse(header.to_str().ok()?.to_owned()).ok());
        let mut jar = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        // Not store_response_cookies: it writes the values of cookies to the log.
        for cookie in cookies {
            if let Err(error) = jar.insert_raw(&cookie, url) {
                tracing::debug!(%error, host = url.host_str(), "a cookie was refused");
            }
        }
    }
}

impl fmt::Debug for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Browser(***)")
    }
}

fn moved(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

// reqwest's own words name the whole address, query included: only the innermost cause is kept.
pub(super) fn cause(error: &reqwest::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    if innermost.is::<reqwest::Error>() {
        "no reason given".to_owned()
    } else {
        innermost.to_string()
    }
}

pub(super) fn unreachable(error: &reqwest::Error) -> HttpFault {
    if error.is_timeout() {
        HttpFault::TimedOut
    } else if error.is_connect() {
        HttpFault::Unreachable(cause(error))
    } else {
        HttpFault::Broken(cause(error))
    }
}

pub(super) fn broken(error: &reqwest::Error) -> HttpFault {
    if error.is_timeout() { HttpFault::TimedOut } else { HttpFault::Broken(cause(error)) }
}

#[cfg(test)]
#[path = "browser_tests.rs"]
mod tests;
