//! How long to wait before a lost board is opened anew.
//!
//! Pure: whoever waits does so where it can be woken.

use std::time::Duration;

/// 1 s, 2 s, 4 s … 30 s, and 30 s from then on.
#[derive(Debug, Clone)]
pub struct Backoff {
    next: Duration,
}

impl Backoff {
    const FIRST: Duration = Duration::from_secs(1);
    // A board plugged in again rings within half a minute; asking more often would fill the log.
    const LONGEST: Duration = Duration::from_secs(30);

    /// Nothing has failed yet.
    pub const fn new() -> Self {
        Self { next: Self::FIRST }
    }

    /// It failed (again): how long to wait.
    pub fn failed(&mut self) -> Duration {
        let wait = self.next;
        self.next = (wait * 2).min(Self::LONGEST);
        wait
    }

    /// It works: the next failure waits briefly again.
    pub const fn reset(&mut self) {
        self.next = Self::FIRST;
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_doubles_the_wait_up_to_half_a_minute() {
        let mut backoff = Backoff::new();
        let waits: Vec<u64> = (0..8).map(|_| backoff.failed().as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30, 30]);
        backoff.reset();
        assert_eq!(backoff.failed(), Duration::from_secs(1));
    }
}
