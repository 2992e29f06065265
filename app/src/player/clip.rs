//! A clip: the part of a sound that a cue plays. And its samples.

use std::{
    num::{NonZeroU16, NonZeroU32},
    time::Duration,
};

use crate::engine::{Cue, SoundName};

/// A part of a sound file. Cues that differ in volume only share one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Clip {
    pub(super) sound: SoundName,
    pub(super) start: Duration,
    pub(super) end: Option<Duration>,
}

/// A clip in memory, at the rate of the output. 16 bits: half the memory of rodio's floats, and
/// what most cards take in the end.
#[derive(Debug)]
pub(super) struct Pcm {
    pub(super) samples: Vec<i16>,
    /// Interleaved; one or two.
    pub(super) channels: NonZeroU16,
    pub(super) rate: NonZeroU32,
}

impl From<Cue> for Clip {
    fn from(cue: Cue) -> Self {
        Self { sound: cue.sound, start: cue.start, end: cue.end }
    }
}

impl Pcm {
    pub(super) fn bytes(&self) -> u64 {
        (self.samples.len() * size_of::<i16>()) as u64
    }

    pub(super) fn length(&self) -> Duration {
        let frames = self.samples.len() as u64 / u64::from(self.channels.get());
        length(frames, self.rate.get())
    }
}

/// How long so many frames last.
pub(super) fn length(frames: u64, rate: u32) -> Duration {
    let nanos = u128::from(frames) * 1_000_000_000 / u128::from(rate.max(1));
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// The frame nearest to a moment.
pub(super) fn frame_at(moment: Duration, rate: u32) -> u64 {
    let frames = (moment.as_nanos() * u128::from(rate) + 500_000_000) / 1_000_000_000;
    u64::try_from(frames).unwrap_or(u64::MAX)
}
