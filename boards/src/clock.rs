//! The clock that every edge is stamped on.
//!
//! `CLOCK_MONOTONIC`, because the kernel stamps GPIO edges on it (5.7 and later).

use std::time::Duration;

use beffroi_hal::Instant;
use rustix::time::{ClockId, clock_gettime};

/// The present moment.
pub fn now() -> Instant {
    let since_boot = clock_gettime(ClockId::Monotonic);
    Instant::new(Duration::try_from(since_boot).unwrap_or_default()) // the clock starts at zero and never steps back
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_runs_forward_from_boot() {
        let first = now();
        assert!(first > Instant::default());
        assert!(now() >= first);
    }
}
