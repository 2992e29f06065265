//! When a fresh calendar is asked for: once a week, each box at its own time.
//!

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

/// What came of asking for a fresh calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "outcome", rename_all = "snake_case")]
// A playback has an outcome too.
#[schema(as = CalendarOutcome)]
pub enum Outcome {
    /// A new file, which counts from now on.
    New {
        /// What was left out of it or put right, a sentence each.
        notes: Vec<String>,
    },
    /// The file that we have is the newest.
    Unchanged,
    /// None: what we had goes on counting.
    Failed {
        /// Why, in words.
        why: String,
    },
}

/// The last time that it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// From where.
    pub url: String,
    /// When.
    pub at: Timestamp,
    /// What came of it.
    pub outcome: Outcome,
}

impl Checked {
    pub(super) fn new(url: &Url, at: Timestamp, outcome: &Outcome) -> Self {
        Self { url: url.to_string(), at, outcome: outcome.clone() }
    }
}

/// How long to sleep at most before looking at the clock again.
pub const LONGEST_SLEEP: Duration = Duration::from_secs(3600);

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// When to ask next. `jitter`, of 256, spreads the boxes of a country that came back from a power
/// cut at the same moment. After a failure it is the next day; a time to come (the clock was wrong)
/// counts as never.
pub fn next_check(last: Option<Checked>, jitter: u8, now: Timestamp) -> Timestamp {
    let share = |whole: SignedDuration| whole * i32::from(jitter) / 256;
    match last.filter(|last| last.at <= now) {
        None => now,
        Some(last) if matches!(last.outcome, Outcome::Failed { .. }) => {
            last.at + DAY + share(DAY / 4)
        }
        Some(last) => last.at + WEEK + share(DAY),
    }
}

/// A random share; the middle where the system has no random numbers.
pub(super) fn jitter() -> u8 {
    let mut share = [0];
    let filled = getrandom::fill(&mut share);
    let [share] = share;
    filled.map_or(128, |()| share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_asked_once_a_week_and_the_day_after_a_failure() {
        let now: Timestamp = "2026-11-22T06:00:00Z".parse().unwrap();
        let last = |at: &str, problem: Option<&str>| {
            Some(Checked {
                url: "u".into(),
                at: at.parse().unwrap(),
                outcome: problem
                    .map_or(Outcome::Unchanged, |why| Outcome::Failed { why: why.into() }),
            })
        };
        let cases = [
            (None, 0, "2026-11-22T06:00:00Z"),
            (last("2026-11-20T06:00:00Z", None), 0, "2026-11-27T06:00:00Z"),
            (last("2026-11-20T06:00:00Z", None), 128, "2026-11-27T18:00:00Z"),
            (last("2026-11-22T05:00:00Z", Some("x")), 0, "2026-11-23T05:00:00Z"),
            (last("2026-11-22T05:00:00Z", Some("x")), 128, "2026-11-23T08:00:00Z"),
            (last("2031-01-01T00:00:00Z", None), 0, "2026-11-22T06:00:00Z"),
        ];
        for (last, jitter, wanted) in cases {
            let said = next_check(last.clone(), jitter, now);
            assert_eq!(said, wanted.parse().unwrap(), "{last:?} {jitter}");
        }
    }
}
