//! One line of the ledger.
//!

use std::{fmt::Display, str::FromStr, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::{
    engine::Outcome,
    schedule::{
        BellId,
        keeper::{Decision, Missed},
    },
};

/// One line: what became of a bell, or up to when each is accounted for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(super) enum Line {
    /// It is about to ring.
    Armed {
        #[serde(with = "text")]
        bell: BellId,
        due: Timestamp,
        label: Arc<str>,
        late_seconds: u64,
        /// Which start of the machine this was.
        boot: Arc<str>,
    },
    /// It was, and is not any more.
    Disarmed {
        #[serde(with = "text")]
        bell: BellId,
    },
    /// From here on it counts as having rung.
    Ringing {
        #[serde(with = "text")]
        bell: BellId,
    },
    /// How it ended.
    Ended {
        #[serde(with = "text")]
        bell: BellId,
        #[serde(flatten)]
        outcome: Outcome,
    },
    /// It did not ring.
    Missed {
        #[serde(with = "text")]
        bell: BellId,
        #[serde(with = "reason")]
        why: Missed,
    },
    /// None of so many did.
    MissedMany {
        count: usize,
        #[serde(with = "text")]
        first: BellId,
        #[serde(with = "text")]
        last: BellId,
        /// The moment of the last.
        until: Timestamp,
        #[serde(with = "reason")]
        why: Missed,
    },
    /// The clock was set.
    ClockSet { by_seconds: f64 },
    /// Up to this moment, each bell is accounted for by the lines before.
    Known {
        until: Timestamp,
        boot: Arc<str>,
        /// By a clock that was compared with a time server.
        synchronised: bool,
    },
}

impl Line {
    /// The line of a decision.
    pub(super) fn of(decision: &Decision, boot: &Arc<str>) -> Self {
        match decision {
            Decision::ClockSet { by } => Self::ClockSet { by_seconds: by.as_secs_f64() },
            Decision::Arm(due) => Self::Armed {
                bell: due.id.clone(),
                due: due.at,
                label: Arc::clone(&due.label),
                late_seconds: due.late.as_secs(),
                boot: Arc::clone(boot),
            },
            Decision::Disarm(id) => Self::Disarmed { bell: id.clone() },
            Decision::Missed(due, why) => Self::Missed { bell: due.id.clone(), why: *why },
            Decision::MissedMany { count, first, last, why } => Self::MissedMany {
                count: *count,
                first: first.id.clone(),
                last: last.id.clone(),
                until: last.at,
                why: *why,
            },
            Decision::Ring(due) => Self::Ringing { bell: due.id.clone() },
        }
    }

    /// As it is written.
    pub(super) fn write(&self, into: &mut Vec<u8>) {
        // No map and no float that JSON has no word for: it cannot fail.
        if let Ok(line) = serde_json::to_vec(self) {
            into.extend(line);
            into.push(b'\n');
        }
    }
}

mod text {
    use super::*;

    pub fn serialize<T: Display, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub fn deserialize<'de, T, D>(from: D) -> Result<T, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

mod reason {
    use super::*;

    pub fn serialize<S: Serializer>(why: &Missed, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(why.name())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Missed, D::Error> {
        let name = String::deserialize(from)?;
        let why = Missed::ALL.into_iter().find(|why| why.name() == name);
        why.ok_or_else(|| D::Error::custom("no-such-reason"))
    }
}
