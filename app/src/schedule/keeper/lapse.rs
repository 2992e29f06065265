//! What has happened since the clock was last to be trusted.
//!

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Missed, Reading};

/// The two clocks may drift apart by so much between two readings: more is a clock that was set.
const DRIFT: SignedDuration = SignedDuration::from_millis(250);

/// What may have kept bells from ringing. By the clock that is never set, but for the leap.
#[derive(Debug, Default)]
pub(super) struct Lapse {
    /// The program began.
    began: Option<Duration>,
    /// The clock is not to be trusted since.
    doubted: Option<Duration>,
    /// It was set forward, and has shown no moment from this one on.
    leapt: Option<Timestamp>,
}

impl Lapse {
    /// Another reading: by how much the clock was set before it.
    pub(super) fn read(&mut self, last: Option<Reading>, now: Reading) -> Option<SignedDuration> {
        if !now.trust.is_trusted() {
            self.doubted.get_or_insert(now.monotonic);
        }
        let Some(last) = last else {
            self.began = Some(now.monotonic);
            return None;
        };
        let ran = SignedDuration::try_from(now.monotonic.saturating_sub(last.monotonic)).ok()?;
        let expected = last.wall.saturating_add(ran).ok()?;
        let by = now.wall.duration_since(expected);
        if by.abs() < DRIFT {
            return None;
        }
        if by.is_positive() {
            self.leapt.get_or_insert(expected);
        }
        Some(by)
    }

    /// Why a bell of a moment was missed, as a clock that is to be trusted tells it.
    pub(super) fn why(&self, at: Timestamp, now: Reading) -> Missed {
        // First, as the box that was off comes back with a clock that is then set forward.
        if self.began.is_some_and(|began| at <= now.showed(began)) {
            Missed::Off
        } else if self.doubted.is_some_and(|since| at > now.showed(since)) {
            Missed::ClockNotTrusted
        } else if self.leapt.is_some_and(|from| at > from) {
            Missed::ClockSetForward
        } else {
            Missed::Busy
        }
    }
}
