//! Failed logins of the last hour, of an account or of an address.
//!

use std::{collections::HashMap, time::Duration};

use tokio::time::Instant;

use super::mark::Mark;

/// Failed logins by who failed. Time comes in as an argument.
#[derive(Default)]
pub struct Failures(HashMap<Mark, Vec<Failure>>);

struct Failure {
    id: u64,
    /// When it is forgotten.
    until: Instant,
}

/// How long a failed login counts.
pub const HOUR: Duration = Duration::from_secs(3600);
/// Past this many the oldest are forgotten, a quarter at once: each was a login at some PRONOTE, so
/// that long before these are reached, PRONOTE itself has refused us.
const MOST: usize = 100_000;

impl Failures {
    /// How long somebody has to wait who may fail `budget` times an hour.
    pub fn wait(&mut self, who: &Mark, budget: usize, now: Instant) -> Option<Duration> {
        let failures = self.0.get_mut(who)?;
        failures.retain(|failure| failure.until > now);
        if failures.is_empty() {
            self.0.remove(who);
            return None;
        }
        // In the order of time: once this one is forgotten, there is room for one more.
        let due = failures.get(failures.len().checked_sub(budget)?)?;
        Some(due.until - now)
    }

    /// Counts a failure.
    pub fn add(&mut self, who: Mark, id: u64, now: Instant) {
        if self.0.len() >= MOST {
            self.forget_the_oldest(now);
        }
        self.0.entry(who).or_default().push(Failure { id, until: now + HOUR });
    }

    /// Takes one back.
    pub fn remove(&mut self, who: &Mark, id: u64) {
        if let Some(failures) = self.0.get_mut(who) {
            failures.retain(|failure| failure.id != id);
            if failures.is_empty() {
                self.0.remove(who);
            }
        }
    }

    /// Forgets all of somebody's.
    pub fn clear(&mut self, who: &Mark) {
        self.0.remove(who);
    }

    fn forget_the_oldest(&mut self, now: Instant) {
        let last = |failures: &Vec<Failure>| failures.last().map_or(now, |failure| failure.until);
        let mut ends: Vec<_> = self.0.values().map(last).collect();
        ends.sort_unstable();
        let bound = ends.get(MOST / 4).copied().unwrap_or(now);
        self.0.retain(|_, failures| last(failures) > bound);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::limits::mark::Marks;

    #[test]
    fn the_oldest_failure_gives_its_place_after_an_hour() {
        let marks = Marks::new([0; 32]);
        let (who, other) = (marks.account("a.fr", "a"), marks.account("a.fr", "b"));
        let (mut failures, start) = (Failures::default(), Instant::now());
        let minute = |minute: u64| start + Duration::from_secs(60 * minute);
        for (id, at) in [(1, 0), (2, 10), (3, 20), (4, 30)] {
            failures.add(who, id, minute(at));
        }
        let wait = |failures: &mut Failures, budget, at| {
            failures.wait(&who, budget, minute(at)).map(|wait| wait.as_secs() / 60)
        };
        assert_eq!(wait(&mut failures, 5, 30), None);
        assert_eq!(wait(&mut failures, 4, 30), Some(30));
        assert_eq!(wait(&mut failures, 3, 30), Some(40), "one more than the budget has failed");
        assert_eq!(wait(&mut failures, 4, 60), None);
        failures.remove(&who, 3);
        assert_eq!(wait(&mut failures, 2, 60), Some(10));
        assert_eq!(failures.wait(&other, 1, minute(30)), None);
        assert_eq!(wait(&mut failures, 1, 90), None);
        assert!(failures.0.is_empty());
    }

    #[test]
    fn any_number_of_accounts_takes_a_bounded_memory() {
        let marks = Marks::new([0; 32]);
        let (mut failures, start) = (Failures::default(), Instant::now());
        for id in 0..MOST as u64 + 10 {
            failures.add(
                marks.account("a.fr", &id.to_string()),
                id,
                start + Duration::from_millis(id),
            );
        }
        assert!(failures.0.len() < MOST * 4 / 5);
        assert_eq!(failures.wait(&marks.account("a.fr", "0"), 1, start), None);
        assert!(failures.wait(&marks.account("a.fr", "99999"), 1, start).is_some());
    }
}
