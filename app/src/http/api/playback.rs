//! A playback, as the API shows it.

use std::time::Duration;

use serde::Serialize;
use utoipa::ToSchema;

use crate::engine::{Cause, Outcome, Playback, PlaybackId, SoundName, TriggerId};

/// One run of a trigger's cue, or of one that is tried.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Playback)]
pub struct PlaybackBody {
    /// Its number; the journal has it too.
    #[schema(value_type = u64)]
    pub id: PlaybackId,
    /// The trigger; `null` where a sound is tried by itself.
    #[schema(value_type = Option<String>)]
    pub trigger: Option<TriggerId>,
    /// What people call the trigger, or the sound.
    pub name: String,
    /// Why it rings.
    pub cause: Cause,
    /// The file in the sound folder; `null` where a bell of the tables was missed whose trigger
    /// does not exist.
    #[schema(value_type = Option<String>)]
    pub sound: Option<SoundName>,
    /// How long it plays, or, once it has ended, has played.
    pub seconds: f64,
}

/// A playback that started or has ended.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PlaybackNews {
    /// Which.
    #[serde(flatten)]
    pub playback: PlaybackBody,
    /// How it stands.
    #[serde(flatten)]
    pub outcome: Outcome,
}

impl PlaybackBody {
    /// A playback of this length.
    pub fn new(playback: &Playback, length: Duration) -> Self {
        Self {
            id: playback.id,
            trigger: playback.trigger.clone(),
            name: playback.name.clone(),
            cause: playback.cause.clone(),
            sound: playback.sound.clone(),
            seconds: seconds(length),
        }
    }
}

/// To the millisecond, as in the journal.
pub fn seconds(length: Duration) -> f64 {
    (length.as_secs_f64() * 1000.0).round() / 1000.0
}
