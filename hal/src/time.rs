//! A moment on the kernel's monotonic clock.
//!
//! Wall clocks jump; nothing between a contact and a sound may look at one.

use core::{
    ops::{Add, Sub},
    time::Duration,
};

/// Time since an arbitrary fixed moment (on Linux, `CLOCK_MONOTONIC`: since boot).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(Duration);

impl Instant {
    /// The moment `since_epoch` after the clock's zero.
    pub const fn new(since_epoch: Duration) -> Self {
        Self(since_epoch)
    }

    /// The moment `millis` milliseconds after the clock's zero.
    pub const fn from_millis(millis: u64) -> Self {
        Self(Duration::from_millis(millis))
    }

    /// How long after the clock's zero.
    pub const fn since_epoch(self) -> Duration {
        self.0
    }

    /// How long after `earlier`; zero where `earlier` is later.
    pub const fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    fn add(self, later: Duration) -> Self {
        Self(self.0.saturating_add(later))
    }
}

impl Sub<Duration> for Instant {
    type Output = Self;

    fn sub(self, earlier: Duration) -> Self {
        Self(self.0.saturating_sub(earlier))
    }
}
