//! What the keeper decides.
//!

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};

use crate::schedule::{Bell, BellId};

/// A bell whose time has come, or is about to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Which.
    pub id: BellId,
    /// The moment at which it is to ring.
    pub at: Timestamp,
    /// What it is for. May be empty.
    pub label: Arc<str>,
    /// How late it may still ring.
    pub late: Duration,
}

/// What is to be done, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The clock on the wall was set, forward or back.
    ClockSet {
        /// By how much.
        by: SignedDuration,
    },
    /// It rings in a moment: to be on disk by then.
    Arm(Due),
    /// It was to ring in a moment, has not, and does not any more: other tables are in force.
    Disarm(BellId),
    /// It did not ring, and does not now.
    Missed(Due, Missed),
    /// The same of so many bells that each on its own would be a burst on the disk.
    MissedMany {
        /// How many.
        count: usize,
        /// The first.
        first: Due,
        /// The last.
        last: Due,
        /// Why the last did not ring.
        why: Missed,
    },
    /// It rings now: to be written down as ringing before it does.
    Ring(Due),
}

/// Why a bell did not ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Missed {
    /// The box, or the program, was off.
    Off,
    /// The power went at the very moment: it may have rung, so it does not ring again.
    PowerCut,
    /// The clock was set forward over it.
    ClockSetForward,
    /// The clock was not to be trusted.
    ClockNotTrusted,
    /// The box was asleep or too busy.
    Busy,
    /// A later bell was overdue too, and rings in its stead.
    Superseded,
}

impl Due {
    /// Whether it may still ring at a moment: a second is what "on time" means to a school.
    pub fn may_ring(&self, now: Timestamp) -> bool {
        now.duration_since(self.at).unsigned_abs() <= self.late.max(Duration::from_secs(1))
    }
}

impl From<&Bell> for Due {
    fn from(bell: &Bell) -> Self {
        let (id, label) = (bell.id.clone(), Arc::clone(&bell.label));
        Self { id, at: bell.at, label, late: bell.late() }
    }
}

impl Missed {
    /// Every reason.
    pub const ALL: [Self; 6] = [
        Self::Off,
        Self::PowerCut,
        Self::ClockSetForward,
        Self::ClockNotTrusted,
        Self::Busy,
        Self::Superseded,
    ];

    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::PowerCut => "power_cut",
            Self::ClockSetForward => "clock_set_forward",
            Self::ClockNotTrusted => "clock_not_trusted",
            Self::Busy => "busy",
            Self::Superseded => "superseded",
        }
    }

    /// In words, for a person.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Off => "the box was off",
            Self::PowerCut => {
                "the box went off at the very moment: it may have rung, and does not ring twice"
            }
            Self::ClockSetForward => "the clock was set forward over it",
            Self::ClockNotTrusted => "the clock was not to be trusted",
            Self::Busy => "the box was asleep or too busy",
            Self::Superseded => "a later bell was overdue too, and rang in its stead",
        }
    }
}
