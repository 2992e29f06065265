//! What keeps a school from banning us: a pace for each host and few failed logins.
//!
//! Time comes in as an argument. Names of accounts are kept as salted hashes only.

use std::{
    collections::HashMap,
    fmt,
    hash::{BuildHasher, Hash, RandomState},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How fast a host may be asked and how often a login may fail; 0 switches a limit off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manners {
    /// Requests a second to one host, all sessions together, with a burst of as many.
    pub requests_per_second_per_host: u32,
    /// Failed logins an hour for one account.
    pub failed_logins_per_hour: u32,
}

/// A login that is not tried, because the ones before it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no login is tried for {} s: {reason}", .wait.as_secs())]
pub struct Held {
    /// How long from now.
    pub wait: Duration,
    /// Why.
    pub reason: HeldFor,
}

/// Why logins are held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldFor {
    /// The budget of failed logins of the account is spent.
    FailedLogins,
    /// PRONOTE said that the account had too many failed logins.
    TooManyLogins,
    /// PRONOTE has suspended our address at this host.
    Suspended,
}

/// An account, or a host, as the ledger knows it: a salted hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct AccountMark(u64);

/// Who may do what when.
pub(crate) struct Ledger {
    manners: Manners,
    salt: RandomState,
    paces: Mutex<HashMap<Box<str>, Instant>>,
    records: Mutex<HashMap<AccountMark, Record>>,
}

#[derive(Default)]
struct Record {
    failures: Vec<Instant>,
    hold: Option<(Instant, HeldFor)>,
    holds: u32,
}

const HOUR: Duration = Duration::from_secs(3600);
const LONGEST_HOLD: Duration = Duration::from_secs(24 * 3600);
/// Past this many entries the old ones are swept.
const SWEEP_ENTRIES: usize = 4096;

impl Default for Manners {
    fn default() -> Self {
        Self { requests_per_second_per_host: 10, failed_logins_per_hour: 3 }
    }
}

impl Ledger {
    pub(crate) fn new(manners: Manners) -> Self {
        Self {
            manners,
            salt: RandomState::new(),
            paces: Mutex::default(),
            records: Mutex::default(),
        }
    }

    pub(crate) fn mark(&self, what: impl Hash) -> AccountMark {
        AccountMark(self.salt.hash_one(what))
    }

    /// How long to wait before a request to a host; its turn is taken.
    pub(crate) fn turn(&self, host: &str, now: Instant) -> Duration {
        let rate = self.manners.requests_per_second_per_host;
        if rate == 0 {
            return Duration::ZERO;
        }
        let (step, burst) = (Duration::from_secs(1) / rate, Duration::from_secs(1));
        let mut paces = self.paces.lock().unwrap_or_else(PoisonError::into_inner);
        if paces.len() > SWEEP_ENTRIES {
            paces.retain(|_, due| *due > now);
        }
        let due = paces.entry(host.into()).or_insert(now);
        let turn = (*due).max(now);
        *due = turn + step;
        (turn + step).saturating_duration_since(now + burst)
    }

    /// Whether a login may be tried.
    pub(crate) fn permit(&self, account: AccountMark, now: Instant) -> Result<(), Held> {
        let budget = usize::try_from(self.manners.failed_logins_per_hour).unwrap_or(usize::MAX);
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(record) = records.get_mut(&account) else { return Ok(()) };
        if let Some((until, reason)) = record.hold.filter(|(until, _)| *until > now) {
            return Err(Held { wait: until - now, reason });
        }
        record.failures.retain(|then| now.saturating_duration_since(*then) < HOUR);
        match record.failures.first() {
            Some(oldest) if budget > 0 && record.failures.len() >= budget => {
                let wait = (*oldest + HOUR).saturating_duration_since(now);
                Err(Held { wait, reason: HeldFor::FailedLogins })
            }
            _ => Ok(()),
        }
    }

    /// A login failed.
    pub(crate) fn failed(&self, account: AccountMark, now: Instant) {
        self.with_record(account, now, |record| record.failures.push(now));
    }

    /// PRONOTE asks to be left alone: an hour, then two, then four …
    pub(crate) fn hold(&self, account: AccountMark, reason: HeldFor, now: Instant) {
        if self.manners.failed_logins_per_hour == 0 {
            return;
        }
        self.with_record(account, now, |record| {
            let length = HOUR * 2_u32.saturating_pow(record.holds.min(5));
            record.holds = record.holds.saturating_add(1);
            record.hold = Some((now + length.min(LONGEST_HOLD), reason));
        });
    }

    /// A login went well.
    pub(crate) fn succeeded(&self, account: AccountMark) {
        self.records.lock().unwrap_or_else(PoisonError::into_inner).remove(&account);
    }

    fn with_record(&self, account: AccountMark, now: Instant, change: impl FnOnce(&mut Record)) {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        if records.len() > SWEEP_ENTRIES {
            let fresh = |then: &Instant| now.saturating_duration_since(*then) < HOUR;
            records.retain(|_, record| {
                record.failures.iter().any(fresh)
                    || record.hold.is_some_and(|(until, _)| until + LONGEST_HOLD > now)
            });
        }
        change(records.entry(account).or_default());
    }
}

impl fmt::Display for HeldFor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FailedLogins => "the logins before it failed",
            Self::TooManyLogins => "PRONOTE counted too many failed logins",
            Self::Suspended => "PRONOTE has suspended this address",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_asked_at_its_pace() {
        let ledger =
            Ledger::new(Manners { requests_per_second_per_host: 4, failed_logins_per_hour: 3 });
        let now = Instant::now();
        let waits: Vec<_> = (0..6).map(|_| ledger.turn("a.fr", now).as_millis()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 250, 500]);
        assert_eq!(ledger.turn("b.fr", now), Duration::ZERO, "hosts do not share a pace");
        assert_eq!(ledger.turn("a.fr", now + Duration::from_secs(9)), Duration::ZERO);
    }

    #[test]
    fn three_failed_logins_an_hour_and_no_more() {
        let ledger = Ledger::new(Manners::default());
        let account = ledger.mark("somebody");
        let start = Instant::now();
        for minute in 0..3 {
            let now = start + Duration::from_secs(60 * minute);
            assert_eq!(ledger.permit(account, now), Ok(()));
            ledger.failed(account, now);
        }
        let held = ledger.permit(account, start + Duration::from_secs(600)).unwrap_err();
        assert_eq!(held, Held { wait: Duration::from_secs(3000), reason: HeldFor::FailedLogins });
        assert_eq!(ledger.permit(ledger.mark("another"), start), Ok(()));
        assert_eq!(ledger.permit(account, start + HOUR), Ok(()));
        ledger.succeeded(account);
        assert_eq!(ledger.permit(account, start), Ok(()));
    }

    #[test]
    fn a_hold_doubles_each_time() {
        let ledger = Ledger::new(Manners::default());
        let account = ledger.mark("somebody");
        let now = Instant::now();
        for hours in [1, 2, 4, 8, 16, 24, 24] {
            ledger.hold(account, HeldFor::TooManyLogins, now);
            assert_eq!(ledger.permit(account, now).unwrap_err().wait, HOUR * hours);
        }
    }
}
