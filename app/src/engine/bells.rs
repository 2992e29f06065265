//! Triggers and cues: when this line, or this caller, ring that.

use std::{collections::BTreeMap, time::Duration};

use beffroi_hal::LineId;

use super::{SoundName, TriggerId};

/// What to play and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Cue {
    /// The file in the sound folder.
    pub sound: SoundName,
    /// Where in the file to begin.
    pub start: Duration,
    /// Where in the file to end; `None`, or past its end: at its end.
    pub end: Option<Duration>,
    /// 0.0 to 1.0, linear.
    pub volume: f32,
}

/// What fires a trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A line that becomes active; callers may ring it too.
    Line(LineId),
    /// Callers only.
    Api,
}

/// When this line, or this caller, ring that cue.
#[derive(Debug, Clone, PartialEq)]
pub struct Trigger {
    /// What people call it.
    pub name: String,
    /// What fires it.
    pub source: Source,
    /// What it rings.
    pub cue: Cue,
}

/// All triggers in force. One line fires one trigger.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bells {
    /// By id.
    pub triggers: BTreeMap<TriggerId, Trigger>,
}

impl Bells {
    /// The trigger that a line fires.
    pub fn fired_by(&self, line: &LineId) -> Option<(&TriggerId, &Trigger)> {
        self.triggers
            .iter()
            .find(|(_, trigger)| matches!(&trigger.source, Source::Line(fires) if fires == line))
    }
}
