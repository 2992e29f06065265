//! Nobody is banned: budgets of requests and logins, breakers per PRONOTE host.
//!
//! Before a call [`Limits::permit_host`], after it [`Limits::note`]; around a login
//! [`Limits::permit_login`] and [`LoginPermit::close`], which do both for the host too. With Redis
//! as the store of sessions, failed logins and breakers are shared between the gateways; while it is
//! away, each goes by what it knows itself.
//!
//! The client keeps a ledger of its own, in memory, for whoever uses it without us. The two agree:
//! it counts the same outcomes, once each, with the same budget and for an account in one space of
//! one PRONOTE, where we count the account everywhere; so a login that it would hold, we hold
//! first, unless we were started anew. Its hold of a banned host is as long as ours. After an error
//! 25 ours begins at five minutes and its at an hour: calls go on then, logins somewhat later. A
//! [`Error::Held`] of the client's is passed on by [`Wait::asked_by`] and changes nothing here.

mod breaker;
mod failures;
mod login;
mod mark;
mod metrics;
mod requests;
mod shared;
#[cfg(test)]
mod tests;

mod verdict;
mod wait;

use std::{
    fmt,
    hash::{BuildHasher, RandomState},
    net::IpAddr,
    num::NonZeroU32,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use pronote_client::Error;
use tokio::time::{Instant, MissedTickBehavior, interval};

pub use breaker::Cause;
pub use login::{Attempt, LoginPermit};
pub use metrics::{Counts, Metrics};
pub use wait::{Wait, WaitFor};

use crate::store::conf::{Gateway, SessionStore};
use breaker::{ASK_AGAIN, Breakers, Permit};
use failures::Failures;
use mark::Marks;
use requests::Requests;
use shared::Shared;
use verdict::OfHost;

/// Budgets and breakers. Cheap to clone.
#[derive(Clone)]
pub struct Limits(Arc<Inner>);

/// A PRONOTE that is left alone for now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenBreaker {
    /// Its host.
    pub host: String,
    /// Until when.
    pub until: Timestamp,
    /// Why.
    pub cause: Cause,
}

/// The address of the store is none. It is not repeated: it may hold a password.
#[derive(Debug, thiserror::Error)]
#[error("gateway.store: expected the address of a Redis, redis://HOST:PORT/0, found another")]
pub struct UnusableStore;

struct Inner {
    requests: Option<Requests>,
    /// Failed logins an hour of an account; 0 for no limit.
    failed_logins: usize,
    marks: Marks,
    failures: Mutex<Failures>,
    breakers: Mutex<Breakers>,
    shared: Option<Shared>,
    /// Breakers are told to Redis and read from it in turn, or one just told would be forgotten.
    exchange: tokio::sync::Mutex<()>,
    metrics: Metrics,
    ids: (RandomState, AtomicU64),
}

/// Between two looks at the breakers of the other instances.
const LOOK: Duration = Duration::from_secs(1);

impl Limits {
    /// By the settings in force. The key makes accounts unreadable in Redis: instances that share
    /// one have the same. Within a tokio runtime only.
    pub fn open(settings: &Gateway, key: [u8; 32]) -> Result<Self, UnusableStore> {
        let shared = match &settings.store {
            SessionStore::Memory => None,
            SessionStore::Redis(address) => Some(Shared::open(address).map_err(|_| UnusableStore)?),
        };
        let limits = &settings.limits;
        let requests = NonZeroU32::new(limits.requests_per_minute_per_address);
        let inner = Arc::new(Inner {
            requests: requests.map(Requests::new),
            failed_logins: limits.failed_logins_per_hour.try_into().unwrap_or(usize::MAX),
            marks: Marks::new(key),
            failures: Mutex::default(),
            breakers: Mutex::default(),
            shared,
            exchange: tokio::sync::Mutex::default(),
            metrics: Metrics::default(),
            ids: Default::default(),
        });
        if inner.shared.is_some() {
            keep_looking(&inner);
        }
        Ok(Self(inner))
    }

    /// Counts a request of a caller's address (of IPv6 its /64).
    pub fn admit(&self, caller: IpAddr) -> Result<(), Wait> {
        let Some(requests) = &self.0.requests else { return Ok(()) };
        requests.admit(caller).inspect_err(|_| {
            self.0.metrics.rate_limited.inc();
        })
    }

    /// Whether a PRONOTE may be called. After a hold one call may try, and [`Limits::note`] tells
    /// what came of it; the others wait.
    pub async fn permit_host(&self, host: &str) -> Result<(), Wait> {
        let host = name(host);
        let permit = self.0.breakers().permit(&host, Instant::now());
        let permit = match (permit, &self.0.shared) {
            (Permit::Try, Some(shared)) if shared.try_host(&host).await == Some(false) => {
                // Another instance tries.
                self.0.breakers().undecided(&host);
                Permit::Wait(Wait { time: ASK_AGAIN, reason: WaitFor::Trial })
            }
            (permit, _) => permit,
        };
        match permit {
            Permit::Go | Permit::Try => Ok(()),
            Permit::Wait(wait) => {
                self.0.metrics.held_by_breaker.inc();
                Err(wait)
            }
        }
    }

    /// Takes note of what came of a call.
    pub async fn note<T>(&self, host: &str, result: &Result<T, Error>) {
        self.end_trial(&name(host), OfHost::of(result)).await;
    }

    /// The hosts that are left alone now, by their names.
    pub fn open_breakers(&self) -> Vec<OpenBreaker> {
        let (now, today) = (Instant::now(), Timestamp::now());
        let breakers = self.0.breakers();
        let mut open: Vec<_> = breakers
            .list(now)
            .map(|(host, breaker)| {
                let left = SignedDuration::try_from(breaker.until - now).unwrap_or_default();
                let until = today.saturating_add(left).unwrap_or(Timestamp::MAX);
                OpenBreaker { host: host.to_owned(), until, cause: breaker.cause }
            })
            .collect();
        open.sort_by(|one, other| one.host.cmp(&other.host));
        open
    }

    /// What has been counted.
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// `host` in lower case, without a dot at its end.
    async fn end_trial(&self, host: &str, says: OfHost) {
        let inner = &*self.0;
        let well = match says {
            OfHost::Serves => inner.breakers().served(host).then_some(true),
            OfHost::Nothing => inner.breakers().undecided(host).then_some(false),
            OfHost::Shut(cause) => {
                let opened = inner.breakers().open(host, cause, Instant::now());
                if let Some(breaker) = opened {
                    let hold_seconds = (breaker.until - Instant::now()).as_secs();
                    tracing::warn!(host, %cause, hold_seconds, "this PRONOTE is left alone");
                    inner.metrics.breakers_opened.get_or_create(&[("cause", cause.word())]).inc();
                    inner.tell().await;
                }
                None
            }
        };
        let (Some(well), Some(shared)) = (well, &inner.shared) else { return };
        let _turn = inner.exchange.lock().await;
        shared.end_trial(host, well).await;
    }
}

impl Inner {
    fn failures(&self) -> MutexGuard<'_, Failures> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn breakers(&self) -> MutexGuard<'_, Breakers> {
        self.breakers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Of one login of this instance, and in all likelihood of no other's.
    fn next_id(&self) -> u64 {
        let (salt, count) = &self.ids;
        salt.hash_one(count.fetch_add(1, Ordering::Relaxed))
    }

    /// Tells the other instances of the breakers that only this one knows.
    async fn tell(&self) {
        let Some(shared) = &self.shared else { return };
        let _turn = self.exchange.lock().await;
        let unshared = self.breakers().unshared();
        for (host, breaker) in unshared {
            if shared.open_breaker(&host, &breaker).await {
                self.breakers().told(&host, &breaker);
            }
        }
    }

    /// Takes over the breakers of the other instances.
    async fn look(&self) {
        self.tell().await;
        let Some(shared) = &self.shared else { return };
        let _turn = self.exchange.lock().await;
        let Some(all) = shared.breakers().await else { return };
        self.breakers().merge(all);
    }
}

/// A host's one name.
fn name(host: &str) -> String {
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

/// Looks at the others' breakers for as long as somebody holds the limits.
fn keep_looking(inner: &Arc<Inner>) {
    let inner = Arc::downgrade(inner);
    tokio::spawn(async move {
        let mut looks = interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            let Some(inner) = inner.upgrade() else { return };
            inner.look().await;
        }
    });
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limits")
            .field("open_breakers", &self.open_breakers())
            .finish_non_exhaustive()
    }
}
