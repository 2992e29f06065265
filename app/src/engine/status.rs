//! The engine as others see it.

use std::{collections::BTreeMap, time::Duration};

use beffroi_hal::{Instant, State};

use super::{Cause, Playback};

/// What the engine knows now.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Status {
    /// What plays.
    pub playing: Option<Playing>,
    /// Each line that a board watches, by the cause that it would be.
    pub lines: BTreeMap<Cause, LineStatus>,
}

/// A playback under way.
#[derive(Debug, Clone, PartialEq)]
pub struct Playing {
    /// What plays, and why.
    pub playback: Playback,
    /// Since when.
    pub since: Instant,
    /// How long it plays in all.
    pub length: Duration,
}

/// Where a line rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineStatus {
    /// The state that counts.
    pub state: State,
    /// Since when; the moment its board was opened, where it has not changed since.
    pub since: Instant,
    /// Active for so long that the contact is probably stuck closed.
    pub stuck: bool,
}
