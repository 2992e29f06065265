//! Circuit breakers: a PRONOTE that shuts us out is left alone, ever longer.
//!
//! A breaker opens on a ban page or on error 25, and lets one call try when its time is over: served,
//! it closes and is forgotten; shut out again, it opens for twice as long. Time comes in as an
//! argument.

use std::{collections::HashMap, fmt, time::Duration};

use tokio::time::Instant;

use super::wait::{Wait, WaitFor};

/// Why a breaker opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// PRONOTE counted too many failed logins (its error 25).
    TooManyLogins,
    /// PRONOTE has suspended our address: its error 5, or the page that says so.
    Suspended,
}

/// All breakers that are open, or were within the last day.
#[derive(Default)]
pub struct Breakers(HashMap<String, Breaker>);

/// The state of one host's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Breaker {
    /// Why it opened the last time.
    pub cause: Cause,
    /// When a call may try again.
    pub until: Instant,
    /// How often it had opened before, since the host served us last.
    pub trips: u32,
    /// Whether the other instances know of it.
    shared: bool,
    /// A call is trying; forgotten at this time if nobody says what came of it.
    trial: Option<Instant>,
}

/// What a call may do.
#[derive(Debug, PartialEq, Eq)]
pub enum Permit {
    /// Go.
    Go,
    /// Go, and say what came of it: the others wait for that.
    Try,
    /// Not now.
    Wait(Wait),
}

/// The time that a trial has.
pub const TRIAL: Duration = Duration::from_secs(60);
/// How long the others wait for a trial's end before they ask again.
pub const ASK_AGAIN: Duration = Duration::from_secs(5);
/// The longest hold; and how long after it one is remembered, so that the next is longer.
pub const DAY: Duration = Duration::from_secs(24 * 3600);

impl Cause {
    /// Its word, for counting and for other instances.
    pub fn word(self) -> &'static str {
        match self {
            Self::TooManyLogins => "logins",
            Self::Suspended => "suspended",
        }
    }

    /// The cause of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::TooManyLogins, Self::Suspended].into_iter().find(|cause| cause.word() == word)
    }

    /// The hold after `trips` others: an hour for a suspended address, as the client's own ledger
    /// has it; five minutes for error 25, which may be one account's; twice as long each time.
    fn hold(self, trips: u32) -> Duration {
        let first = match self {
            Self::TooManyLogins => Duration::from_secs(300),
            Self::Suspended => Duration::from_secs(3600),
        };
        (first * 2_u32.saturating_pow(trips.min(10))).min(DAY)
    }
}

impl From<Cause> for WaitFor {
    fn from(cause: Cause) -> Self {
        match cause {
            Cause::TooManyLogins => Self::TooManyLogins,
            Cause::Suspended => Self::Suspended,
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        WaitFor::from(*self).fmt(f)
    }
}

impl Breakers {
    /// Whether a host may be called. The one that may try has the trial.
    pub fn permit(&mut self, host: &str, now: Instant) -> Permit {
        let Some(breaker) = self.0.get_mut(host) else { return Permit::Go };
        if breaker.until > now {
            let reason = breaker.cause.into();
            return Permit::Wait(Wait { time: breaker.until - now, reason });
        }
        if breaker.trial.is_some_and(|end| end > now) {
            return Permit::Wait(Wait { time: ASK_AGAIN, reason: WaitFor::Trial });
        }
        breaker.trial = Some(now + TRIAL);
        Permit::Try
    }

    /// A host wants to be left alone. The state to tell the others, where it is news.
    pub fn open(&mut self, host: &str, cause: Cause, now: Instant) -> Option<Breaker> {
        self.0.retain(|_, breaker| breaker.until + DAY > now);
        let trips = match self.0.get(host) {
            None => 0,
            // Calls that were on their way when it opened say nothing new; a ban after an error
            // 25 does.
            Some(known) if known.until > now => {
                if known.cause == cause || known.cause == Cause::Suspended {
                    return None;
                }
                known.trips
            }
            Some(known) => known.trips + 1,
        };
        let until = now + cause.hold(trips);
        let breaker = Breaker { cause, until, trips, shared: false, trial: None };
        self.0.insert(host.to_owned(), breaker);
        Some(breaker)
    }

    /// A host served us: whether that ended a trial, and with it the breaker.
    pub fn served(&mut self, host: &str) -> bool {
        let tried = self.0.get(host).is_some_and(|breaker| breaker.trial.is_some());
        tried && self.0.remove(host).is_some()
    }

    /// A call came to nothing that says anything: whether that ended a trial. Another may try.
    pub fn undecided(&mut self, host: &str) -> bool {
        self.0.get_mut(host).is_some_and(|breaker| breaker.trial.take().is_some())
    }

    /// Those that are open.
    pub fn list(&self, now: Instant) -> impl Iterator<Item = (&str, &Breaker)> {
        let open = self.0.iter().filter(move |(_, breaker)| breaker.until > now);
        open.map(|(host, breaker)| (host.as_str(), breaker))
    }

    /// Those that the other instances do not know of.
    pub fn unshared(&self) -> Vec<(String, Breaker)> {
        let own = self.0.iter().filter(|(_, breaker)| !breaker.shared);
        own.map(|(host, breaker)| (host.clone(), *breaker)).collect()
    }

    /// The others have been told of a state.
    pub fn told(&mut self, host: &str, told: &Breaker) {
        if let Some(breaker) = self.0.get_mut(host).filter(|breaker| breaker.until == told.until) {
            breaker.shared = true;
        }
    }

    /// Takes over what all instances know; what they have forgotten is forgotten here too.
    pub fn merge(&mut self, all: Vec<(String, Breaker)>) {
        self.0
            .retain(|host, breaker| !breaker.shared || all.iter().any(|(known, _)| known == host));
        for (host, theirs) in all {
            match self.0.get_mut(&host) {
                // Their clock is read over a network: a moment's difference is none.
                Some(ours) if theirs.until <= ours.until + Duration::from_secs(1) => {}
                Some(ours) => *ours = theirs,
                None => drop(self.0.insert(host, theirs)),
            }
        }
    }
}

impl Breaker {
    /// One that all instances know.
    pub fn known_to_all(cause: Cause, until: Instant, trips: u32) -> Self {
        Self { cause, until, trips, shared: true, trial: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(breakers: &mut Breakers, now: Instant) -> Option<(u64, WaitFor)> {
        match breakers.permit("a.fr", now) {
            Permit::Wait(wait) => Some((wait.time.as_secs(), wait.reason)),
            Permit::Go | Permit::Try => None,
        }
    }

    #[test]
    fn a_hold_doubles_until_the_host_serves_us() {
        for (cause, minutes) in [
            (Cause::Suspended, [60, 120, 240, 480, 960, 1440, 1440]),
            (Cause::TooManyLogins, [5, 10, 20, 40, 80, 160, 320]),
        ] {
            let (mut breakers, mut now) = (Breakers::default(), Instant::now());
            assert_eq!(breakers.permit("a.fr", now), Permit::Go);
            for minutes in minutes {
                breakers.open("a.fr", cause, now).unwrap();
                assert_eq!(breakers.open("a.fr", cause, now), None, "on its way: nothing new");
                assert!(!breakers.served("a.fr"), "on its way: not the trial");
                assert_eq!(wait(&mut breakers, now), Some((60 * minutes, cause.into())));
                assert_eq!(breakers.permit("b.fr", now), Permit::Go);
                now += Duration::from_secs(60 * minutes);
                assert_eq!(breakers.permit("a.fr", now), Permit::Try);
                assert_eq!(wait(&mut breakers, now), Some((5, WaitFor::Trial)));
            }
            assert!(breakers.served("a.fr"));
            assert_eq!(breakers.permit("a.fr", now), Permit::Go);
            assert_eq!(breakers.open("a.fr", cause, now).unwrap().trips, 0);
        }
    }

    #[test]
    fn a_trial_that_says_nothing_makes_room_for_another() {
        let (mut breakers, start) = (Breakers::default(), Instant::now());
        breakers.open("a.fr", Cause::TooManyLogins, start);
        let now = start + Duration::from_secs(300);
        assert_eq!(breakers.permit("a.fr", now), Permit::Try);
        assert!(breakers.undecided("a.fr"));
        assert!(!breakers.undecided("a.fr"));
        assert_eq!(breakers.permit("a.fr", now), Permit::Try);
        assert_eq!(breakers.permit("a.fr", now + TRIAL), Permit::Try, "the other never ended");
    }

    #[test]
    fn a_ban_outweighs_error_25() {
        let (mut breakers, now) = (Breakers::default(), Instant::now());
        breakers.open("a.fr", Cause::TooManyLogins, now);
        breakers.open("a.fr", Cause::Suspended, now).unwrap();
        assert_eq!(breakers.open("a.fr", Cause::TooManyLogins, now), None);
        assert_eq!(wait(&mut breakers, now), Some((3600, WaitFor::Suspended)));
    }

    #[test]
    fn what_all_know_is_taken_over_and_what_only_we_know_stays() {
        let (mut breakers, now) = (Breakers::default(), Instant::now());
        let hour = now + Duration::from_secs(3600);
        let theirs = |until| Breaker::known_to_all(Cause::Suspended, until, 1);
        breakers.open("own.fr", Cause::Suspended, now);
        breakers.merge(vec![("a.fr".into(), theirs(hour)), ("b.fr".into(), theirs(now))]);
        assert_eq!(wait(&mut breakers, now), Some((3600, WaitFor::Suspended)));
        assert_eq!(breakers.permit("b.fr", now), Permit::Try);
        assert_eq!(breakers.unshared().len(), 1);
        breakers.merge(vec![("b.fr".into(), theirs(now))]);
        assert_eq!(wait(&mut breakers, now), None, "closed by another instance");
        assert!(matches!(breakers.permit("b.fr", now), Permit::Wait(_)), "our trial goes on");
        for (host, breaker) in breakers.unshared() {
            breakers.told(&host, &breaker);
        }
        assert_eq!(breakers.list(now).count(), 1);
        breakers.merge(vec![]);
        assert_eq!(breakers.list(now).count(), 0);
        breakers.open("own.fr", Cause::Suspended, now);
        breakers.open("b.fr", Cause::Suspended, hour + DAY);
        assert_eq!(breakers.0.len(), 1, "what was over a day ago is forgotten");
    }
}
