//! A look at the clocks.
//!

use std::{fmt, time::Duration};

use jiff::{SignedDuration, Timestamp};

/// The clocks: those of the machine, or such as a test moves.
pub trait Clock: Send {
    /// What they show now.
    fn read(&self) -> Reading;

    /// How far the clock on the wall is from a time server's, where that is known: positive where
    /// ours is behind.
    fn offset(&self) -> Option<SignedDuration>;
}

/// What the clocks show at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Since the machine started, sleep included: it is never set.
    pub monotonic: Duration,
    /// What the clock on the wall shows: it may be set at any moment.
    pub wall: Timestamp,
    /// Whether the clock on the wall is to be believed.
    pub trust: Trust,
}

/// Whether the clock on the wall is to be believed, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// It was compared with a time server since the machine started.
    Synchronised,
    /// It was set from a hardware clock when the machine started.
    HardwareClock,
    /// The configuration says that it is right.
    Always,
    /// It is not.
    Not(Distrust),
}

/// Why a clock is not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distrust {
    /// It shows a time before the program was made.
    BeforeBuild,
    /// It shows a time that has been before: the hardware clock has lost its battery, say.
    BeforeLastKnown(Timestamp),
    /// Nothing has set it since the machine started: it goes on from where it stood when the power
    /// went.
    NeverSet,
}

impl Reading {
    /// What this clock on the wall would have shown at a moment of the other.
    pub fn showed(&self, monotonic: Duration) -> Timestamp {
        let ago = SignedDuration::try_from(self.monotonic.saturating_sub(monotonic));
        self.wall.saturating_sub(ago.unwrap_or(SignedDuration::MAX)).unwrap_or(Timestamp::MIN)
    }
}

impl Trust {
    /// Whether bells may ring by it.
    pub const fn is_trusted(self) -> bool {
        !matches!(self, Self::Not(_))
    }
}

impl fmt::Display for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Synchronised => f.write_str("the clock is synchronised with a time server"),
            Self::HardwareClock => f.write_str("the clock was set from the hardware clock"),
            Self::Always => f.write_str("the configuration says that the clock is right"),
            Self::Not(why) => why.fmt(f),
        }
    }
}

impl fmt::Display for Distrust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BeforeBuild => f.write_str("the clock shows a time before this program was made"),
            Self::BeforeLastKnown(known) => {
                write!(f, "the clock shows a time before {known:.0}, which it has shown already")
            }
            Self::NeverSet => f.write_str(
                "nothing has set the clock since the machine started: no time server was reached, \
                 and there is no hardware clock",
            ),
        }
    }
}
