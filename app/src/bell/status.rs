//! The bell path as others see it: a snapshot, and what just happened.

use std::time::Duration;

use beffroi_boards::BoardKind;
use beffroi_hal::State;

use crate::{
    engine::{self, Cause, Outcome, Playback},
    player::AudioStatus,
};

/// The bell path now.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Status {
    /// What plays, and where the lines rest.
    pub engine: engine::Status,
    /// Each board that the configuration asks for.
    pub boards: Vec<BoardStatus>,
    /// The sound output.
    pub audio: AudioStatus,
    /// Counted since the start.
    pub counters: Counters,
}

/// One board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardStatus {
    /// Which.
    pub kind: BoardKind,
    /// Whether its lines are watched.
    pub ready: bool,
    /// What it is, or why it is not ready, in words.
    pub detail: String,
    /// Lines that it could not watch, each with the reason.
    pub refused: Vec<String>,
}

/// Rings, counted by their cause and by how they ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Counters {
    pub by_line: u64,
    pub by_serial: u64,
    pub by_api: u64,
    pub by_cli: u64,
    pub by_schedule: u64,
    pub played: u64,
    pub replaced: u64,
    pub stopped: u64,
    pub failed: u64,
    pub missed: u64,
}

impl Counters {
    /// Counts a ring when it starts or fails to, and its outcome when it ends.
    pub(super) fn count(&mut self, cause: &Cause, outcome: &Outcome, never_started: bool) {
        if never_started || *outcome == Outcome::Playing {
            *match cause {
                Cause::Line { .. } => &mut self.by_line,
                Cause::Serial { .. } => &mut self.by_serial,
                Cause::Api { .. } => &mut self.by_api,
                Cause::Cli => &mut self.by_cli,
                Cause::Schedule { .. } => &mut self.by_schedule,
            } += 1;
        }
        match outcome {
            Outcome::Playing | Outcome::Interrupted => {}
            Outcome::Played => self.played += 1,
            Outcome::Replaced => self.replaced += 1,
            Outcome::Stopped { .. } => self.stopped += 1,
            Outcome::Failed { .. } => self.failed += 1,
            Outcome::Missed { .. } => self.missed += 1,
        }
    }
}

/// Something that happened, for who listens.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// A playback started, or ended in some way.
    Playback {
        /// Which.
        playback: Playback,
        /// How it stands.
        outcome: Outcome,
        /// How long it will play, or has played.
        length: Duration,
    },
    /// A line changed.
    Line {
        /// Which board saw it, and the line.
        cause: Cause,
        /// The state that counts.
        state: State,
        /// Whether it is already inactive again.
        momentary: bool,
    },
}
