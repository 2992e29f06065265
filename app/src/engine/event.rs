//! What comes into the engine and what goes out.

use std::{sync::Arc, time::Duration};

use beffroi_hal::{LineId, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Bells, Cue, SoundName, TriggerId};

/// One run of a cue. Numbers grow by one and are never used twice, not even after a restart.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct PlaybackId(pub u64);

/// Why something rang or stopped; for a contact, also which input it is: two boards may name a line alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Cause {
    /// A line of the box itself became active.
    Line {
        /// Which.
        #[schema(value_type = String)]
        line: LineId,
    },
    /// A serial board said so.
    Serial {
        /// The line it named.
        #[schema(value_type = String)]
        line: LineId,
    },
    /// A caller of the API.
    Api {
        /// The user who signed in.
        user: String,
    },
    /// `beffroi ring`, on the box itself.
    Cli,
    /// The bell tables.
    Schedule {
        /// Which bell of which date: `2026-11-09T08:25:00/GPIO23`, by the school's clock.
        bell: String,
        /// What it is for. May be empty.
        label: String,
    },
}

impl Cause {
    /// What there is, as it is written.
    pub const KINDS: [&str; 5] = ["line", "serial", "api", "cli", "schedule"];

    /// Which of [`Self::KINDS`] it is.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Line { .. } => "line",
            Self::Serial { .. } => "serial",
            Self::Api { .. } => "api",
            Self::Cli => "cli",
            Self::Schedule { .. } => "schedule",
        }
    }
}

/// What the engine is told.
#[derive(Debug, Clone)]
pub enum Event {
    /// These triggers are in force from now on.
    Configure(Arc<Bells>),
    /// A line settled on a state. The cause says which board saw it.
    Line {
        /// Which board saw it, and the line.
        cause: Cause,
        /// The state that counts now.
        state: State,
        /// Whether it is already inactive again.
        momentary: bool,
    },
    /// Where a line rests when its board is opened: known, but nothing rings for it.
    LineAtStart {
        /// Which board, and the line.
        cause: Cause,
        /// Where it rests.
        state: State,
    },
    /// A board went away: nothing is known of its lines any more.
    LinesLost(Vec<Cause>),
    /// Somebody asks for a ring. Its id is the next of the playbacks.
    Ring {
        /// Which trigger.
        trigger: TriggerId,
        /// Who.
        cause: Cause,
    },
    /// Somebody asks to hear a cue that no trigger need have. Its id is the next of the playbacks.
    Audition {
        /// What to play and how.
        cue: Cue,
        /// Who.
        cause: Cause,
    },
    /// A ring that the tables ask for did not come: it is written down, and makes no sound.
    Missed {
        /// Which trigger.
        trigger: TriggerId,
        /// Which bell.
        cause: Cause,
        /// Why, in words.
        reason: String,
    },
    /// Somebody asks for silence.
    Stop {
        /// Who.
        cause: Cause,
    },
    /// The player has started what [`Action::Play`] asked for.
    Started {
        /// Which.
        playback: PlaybackId,
        /// How long it will play.
        length: Duration,
    },
    /// The player could not start it, or lost it.
    Failed {
        /// Which.
        playback: PlaybackId,
        /// Why.
        fault: Fault,
    },
    /// The last sample of a playback was handed to the sound card.
    Ended {
        /// Which.
        playback: PlaybackId,
    },
}

/// Why a ring made no sound.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Fault {
    /// What a caller does about it.
    pub kind: FaultKind,
    /// In words, for a person.
    pub reason: String,
}

/// What a caller does about a [`Fault`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// There is no such trigger.
    NoTrigger,
    /// The sound is missing or cannot be read: mend the file.
    Sound,
    /// There is no sound output: mend the card.
    Output,
}

/// How a playback ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "outcome", rename_all = "lowercase")]
pub enum Outcome {
    /// It is still playing.
    Playing,
    /// To its end.
    Played,
    /// Another ring took its place.
    Replaced,
    /// Somebody stopped it.
    Stopped {
        /// Who.
        by: Cause,
    },
    /// It made no sound, or not all of it.
    Failed {
        /// Why, in words.
        reason: String,
    },
    /// It did not ring at all, though the tables say that it should have.
    Missed {
        /// Why, in words.
        reason: String,
    },
    /// The box went off while it played. The engine never says so: the journal does, afterwards.
    Interrupted,
}

impl Outcome {
    /// What there is, as it is written.
    pub const KINDS: [&str; 7] =
        ["playing", "played", "replaced", "stopped", "failed", "missed", "interrupted"];

    /// Which of [`Self::KINDS`] it is.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Playing => "playing",
            Self::Played => "played",
            Self::Replaced => "replaced",
            Self::Stopped { .. } => "stopped",
            Self::Failed { .. } => "failed",
            Self::Missed { .. } => "missed",
            Self::Interrupted => "interrupted",
        }
    }
}

/// A playback, as callers and the journal see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Playback {
    /// Its number.
    pub id: PlaybackId,
    /// The trigger; `None` for an audition.
    pub trigger: Option<TriggerId>,
    /// What people call the trigger, or the sound that is tried.
    pub name: String,
    /// What it plays; `None` where nothing says what it should have played.
    pub sound: Option<SoundName>,
    /// Why it rings.
    pub cause: Cause,
}

/// What the engine wants done, in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Start it; answer with [`Event::Started`] or [`Event::Failed`].
    Play {
        /// Which.
        playback: PlaybackId,
        /// What to play and how.
        cue: Cue,
    },
    /// Silence it; no answer is expected.
    Silence {
        /// Which.
        playback: PlaybackId,
    },
    /// The sound output takes no samples although it should: open it anew.
    ReopenOutput,
    /// Write it down and tell who listens.
    Record {
        /// What.
        playback: Playback,
        /// How it stands.
        outcome: Outcome,
        /// How long it will play or has played.
        length: Duration,
    },
    /// A line changed, for who listens.
    LineChanged {
        /// Which board saw it, and the line.
        cause: Cause,
        /// The state that counts.
        state: State,
        /// Whether it is already inactive again.
        momentary: bool,
    },
    /// Somebody should know (a contact stuck closed).
    Warn(String),
}

/// What one event asks for: never more than a replacement's worth.
pub type Actions = heapless::Vec<Action, 8>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_named_as_they_are_written() {
        let line: LineId = "GPIO23".parse().unwrap();
        let user = "admin".to_owned();
        let causes = [
            Cause::Line { line: line.clone() },
            Cause::Serial { line },
            Cause::Api { user },
            Cause::Cli,
            Cause::Schedule { bell: String::new(), label: String::new() },
        ];
        assert_eq!(causes.each_ref().map(Cause::kind), Cause::KINDS);
        for cause in causes {
            assert_eq!(serde_json::to_value(&cause).unwrap()["kind"], cause.kind());
        }
        let outcomes = [
            Outcome::Playing,
            Outcome::Played,
            Outcome::Replaced,
            Outcome::Stopped { by: Cause::Cli },
            Outcome::Failed { reason: String::new() },
            Outcome::Missed { reason: String::new() },
            Outcome::Interrupted,
        ];
        assert_eq!(outcomes.each_ref().map(Outcome::kind), Outcome::KINDS);
        for outcome in outcomes {
            assert_eq!(serde_json::to_value(&outcome).unwrap()["outcome"], outcome.kind());
        }
    }
}
