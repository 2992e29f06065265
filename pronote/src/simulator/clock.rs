//! School time, which tests can push forward.
//!

use std::time::{Duration, Instant};

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// A clock that runs, and that can be set ahead.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    start: DateTime,
    since: Instant,
    ahead: Duration,
}

impl Clock {
    /// A clock that starts at `now`, or at the present in metropolitan France.
    pub(crate) fn new(now: Option<DateTime>) -> Self {
        let start = now.unwrap_or_else(|| {
            let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap_or(TimeZone::UTC);
            Timestamp::now().to_zoned(zone).datetime()
        });
        Self { start, since: Instant::now(), ahead: Duration::ZERO }
    }

    /// The time at the school.
    pub(crate) fn now(&self) -> DateTime {
        self.start.saturating_add(self.since.elapsed() + self.ahead)
    }

    /// Sets the clock ahead.
    pub(crate) fn advance(&mut self, by: Duration) {
        self.ahead += by;
    }
}
