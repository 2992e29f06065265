//! One ring, as the journal holds it and the API shows it.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::engine::{Cause, Outcome, Playback, PlaybackId, SoundName, TriggerId};

/// A line stays short, whatever a decoder had to say.
const MAX_REASON_CHARS: usize = 500;

/// One ring. The file holds it twice: when it starts and when it has ended; each line is whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct JournalEntry {
    /// The playback's number.
    #[schema(value_type = u64)]
    pub id: PlaybackId,
    /// When it started: RFC 3339, UTC.
    #[schema(format = DateTime, example = "2026-09-01T08:00:00.012Z")]
    pub time: String,
    /// The trigger; `null` where a sound was tried by itself.
    #[schema(value_type = Option<String>)]
    pub trigger: Option<TriggerId>,
    /// What people called the trigger, or the sound.
    pub name: String,
    /// Why it rang.
    pub cause: Cause,
    /// The file in the sound folder; `null` where a bell of the tables was missed whose trigger
    /// does not exist.
    #[schema(value_type = Option<String>)]
    pub sound: Option<SoundName>,
    /// How long it was to play; once it has ended, how long it played.
    pub seconds: f64,
    /// How it stands.
    #[serde(flatten)]
    pub outcome: Outcome,
}

impl JournalEntry {
    pub(super) fn new(
        playback: &Playback,
        outcome: &Outcome,
        length: Duration,
        now: Timestamp,
    ) -> Self {
        Self {
            id: playback.id,
            time: format!("{now:.3}"),
            trigger: playback.trigger.clone(),
            name: playback.name.clone(),
            cause: playback.cause.clone(),
            sound: playback.sound.clone(),
            // Milliseconds are plenty, and shorter than 1.0000000001.
            seconds: (length.as_secs_f64() * 1000.0).round() / 1000.0,
            outcome: match outcome {
                Outcome::Failed { reason } => {
                    Outcome::Failed { reason: reason.chars().take(MAX_REASON_CHARS).collect() }
                }
                Outcome::Missed { reason } => {
                    Outcome::Missed { reason: reason.chars().take(MAX_REASON_CHARS).collect() }
                }
                other => other.clone(),
            },
        }
    }

    pub(super) fn line(&self) -> serde_json::Result<Vec<u8>> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        Ok(line)
    }
}
