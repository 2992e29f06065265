//! What the limits count, for `/metrics`: no pupil, no account, no address.
//!

use prometheus_client::metrics::{counter::Counter, family::Family};

/// Counts by a word.
pub type Counts = Family<[(&'static str, &'static str); 1], Counter>;

/// What is counted. Clones share the counts.
#[derive(Debug, Clone, Default)]
pub struct Metrics {
    /// Logins by `outcome`: `ok`; `refused` by PRONOTE or a portal; `held` back by us, `failed`
    /// for any other reason.
    pub logins: Counts,
    /// Requests that were too many from their address.
    pub rate_limited: Counter,
    /// Calls and logins that an open breaker held back.
    pub held_by_breaker: Counter,
    /// Breakers that opened, by `cause`: `suspended`, `logins`.
    pub breakers_opened: Counts,
}

impl Metrics {
    pub(super) fn login(&self, outcome: &'static str) {
        self.logins.get_or_create(&[("outcome", outcome)]).inc();
    }
}
