//! Hop after hop: redirects followed one by one, and counted.

use url::Url;
use zeroize::Zeroizing;

use super::{
    error::{Failure, Hop},
    form::Filled,
    page::Page,
    web::{Terms, Web},
};
use crate::http::HttpFault;

/// A page with its text, which is kept for the one who asked for it.
pub struct Loaded {
    /// As far as signing in needs it.
    pub page: Page,
    /// As it came.
    pub text: Zeroizing<String>,
}

/// The hops of one login.
pub struct Hops<'a, W> {
    /// What goes them.
    pub web: &'a W,
    terms: Terms,
    count: usize,
    /// The hosts that answered, in their order.
    pub hosts: Vec<String>,
}

/// A failure, and the hop where it happened.
pub type Stop = (Failure, Hop);

/// Which hosts may be told what a form holds.
pub type MaySee<'a> = &'a (dyn Fn(&str) -> bool + Sync);

impl<'a, W: Web> Hops<'a, W> {
    /// None yet.
    pub fn new(web: &'a W, terms: Terms) -> Self {
        Self { web, terms, count: 0, hosts: Vec::new() }
    }

    /// Opens an address and follows its redirects.
    pub async fn get(&mut self, url: Url) -> Result<Loaded, Stop> {
        self.open(url, None, &|_| true).await
    }

    /// Sends a form. A redirect that asks to send it again elsewhere (HTTP 307 and 308) is
    /// followed to hosts that `may_see` it.
    pub async fn submit(&mut self, filled: &Filled, may_see: MaySee<'_>) -> Result<Loaded, Stop> {
        if filled.post {
            return self.open(filled.action.clone(), Some(filled.encoded()), may_see).await;
        }
        let mut url = filled.action.clone();
        url.set_query(Some(&filled.encoded()));
        self.get(url).await
    }

    async fn open(
        &mut self,
        mut url: Url,
        mut form: Option<Zeroizing<String>>,
        may_see: MaySee<'_>,
    ) -> Result<Loaded, Stop> {
        loop {
            let host = url.host_str().unwrap_or("?").to_owned();
            let stop =
                |failure, status| (failure, Hop { host: host.clone(), page: "a request", status });
            let unreachable = |fault: HttpFault| stop(Failure::Unreachable(fault), 0);
            self.count += 1;
            if self.count > self.terms.max_hops {
                return Err(stop(Failure::TooManyHops(self.terms.max_hops), 0));
            }
            self.terms.admit(&url).map_err(unreachable)?;
            let answer = self.web.hop(&url, form.as_ref()).await.map_err(unreachable)?;
            if self.hosts.last() != Some(&host) {
                self.hosts.push(host.clone());
            }
            let target = match (answer.status, &answer.location) {
                (301..=303 | 307 | 308, Some(location)) => url.join(location.trim()).ok(),
                _ => None,
            };
            let Some(target) = target else {
                let page = Page::read(&url, answer.status, &answer.text);
                return Ok(Loaded { page, text: answer.text });
            };
            if !matches!(answer.status, 307 | 308) {
                form = None;
            } else if form.is_some() && !may_see(target.host_str().unwrap_or_default()) {
                return Err(stop(Failure::StrangeForm, answer.status));
            }
            url = target;
        }
    }
}
