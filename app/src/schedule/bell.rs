//! A day as it will ring, and its bells.
//!

use std::{fmt, str::FromStr, sync::Arc, time::Duration};

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use super::{
    model::{DayTypeId, clock},
    why::{NamedDay, Step},
};
use crate::engine::TriggerId;

/// A day as it will ring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Day {
    /// The date.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// What it is; `None`: a day without bells of its own.
    pub day_type: Option<NamedDay>,
    /// Why, from the weakest rule to the strongest.
    #[schema(value_type = Vec<Step>)]
    pub why: Arc<[Step]>,
    /// The bells that ring, in order.
    pub bells: Vec<Bell>,
    /// The bells that are written down for it and do not ring, in order of their times.
    pub silenced: Vec<Silenced>,
}

/// A bell of a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Bell {
    /// Which bell of which date.
    #[schema(value_type = String, example = "2026-11-09T08:25:00/GPIO23")]
    pub id: BellId,
    /// The moment at which it rings.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// When it is written down: before any shift. What a change that cancels it names.
    #[serde(serialize_with = "clock::as_written")]
    #[schema(value_type = String)]
    pub planned: Time,
    /// What it is for. May be empty.
    #[schema(value_type = String)]
    pub label: Arc<str>,
    /// How many seconds late it may still ring.
    pub late_seconds: u16,
    /// The day type that has it; `None` where a change of the day added it.
    #[schema(value_type = Option<String>)]
    pub day_type: Option<DayTypeId>,
    /// Why it rings: the day's chain, and what was done to this bell.
    #[schema(value_type = Vec<Step>)]
    pub why: Arc<[Step]>,
}

/// A bell that does not ring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Silenced {
    /// When it would ring by the clock on the wall.
    #[serde(serialize_with = "clock::as_written")]
    #[schema(value_type = String)]
    pub time: Time,
    /// When it is written down: before any shift.
    #[serde(serialize_with = "clock::as_written")]
    #[schema(value_type = String)]
    pub planned: Time,
    /// What it would ring.
    #[schema(value_type = String)]
    pub trigger: TriggerId,
    /// What it is for. May be empty.
    #[schema(value_type = String)]
    pub label: Arc<str>,
    /// Why not: the day's chain, what was done to this bell, and last what silences it.
    #[schema(value_type = Vec<Step>)]
    pub why: Arc<[Step]>,
}

/// Which bell of which date: what must not ring twice. It outlives every edit that does not move
/// the bell itself; a bell that is moved is another. Written `2026-11-09T08:25:00/GPIO23`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BellId {
    /// Its date, in the school's zone.
    pub date: Date,
    /// Its time by the clock on the wall, shifts included. In an hour that the clock skips it is
    /// the time that the clock never shows.
    pub time: Time,
    /// What it rings.
    pub trigger: TriggerId,
}

/// Why a text is no bell's id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("found {0:?}, expected a bell's id, such as \"2026-11-09T08:25:00/GPIO23\"")]
pub struct InvalidBellId(pub String);

impl Bell {
    /// How late it may still ring.
    pub fn late(&self) -> Duration {
        Duration::from_secs(self.late_seconds.into())
    }
}

impl fmt::Display for BellId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { date, time, trigger } = self;
        write!(f, "{date}T{}/{trigger}", time.strftime("%H:%M:%S"))
    }
}

impl FromStr for BellId {
    type Err = InvalidBellId;

    fn from_str(text: &str) -> Result<Self, InvalidBellId> {
        let parse = || {
            let (moment, trigger) = text.split_once('/')?;
            let moment: DateTime = moment.parse().ok()?;
            let trigger = trigger.parse().ok()?;
            Some(Self { date: moment.date(), time: moment.time(), trigger })
        };
        // Written anew it is the same, or it is another bell's name too.
        let id = parse().filter(|id| id.to_string() == text);
        id.ok_or_else(|| InvalidBellId(text.chars().take(100).collect()))
    }
}

impl Serialize for BellId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bells_id_is_read_as_it_is_written_and_in_no_other_way() {
        for text in ["2026-11-09T08:25:00/GPIO23", "2026-11-09T23:59:59/a.b_c-1"] {
            assert_eq!(text.parse::<BellId>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "2026-11-09T08:25:00",
            "2026-11-09T08:25/GPIO23",
            "2026-11-09 08:25:00/GPIO23",
            "2026-11-09T08:25:00/",
            "2026-11-31T08:25:00/GPIO23",
            "2026-11-09T08:25:00.5/GPIO23",
        ] {
            assert!(text.parse::<BellId>().is_err(), "{text}");
        }
    }
}
