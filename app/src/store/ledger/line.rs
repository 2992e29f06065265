//! One line of the ledger, and what the lines say together.
//!

use std::{
    collections::{HashMap, HashSet},
    fmt::Display,
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::{
    engine::Outcome,
    schedule::{
        BellId,
        keeper::{Armed, Decision, Due, Missed, Past},
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

/// What a ledger says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Account {
    /// For the keeper.
    pub past: Past,
    /// Bells that began to ring and are not known to have ended, with what they were for: they
    /// were cut short, if they were heard at all.
    pub cut: Vec<(BellId, Arc<str>)>,
    /// Whether the clock was compared with a time server since the machine started.
    pub synchronised: bool,
    /// Lines that cannot be understood.
    pub garbage: u64,
    /// What has started, in the order in which it did.
    order: Vec<BellId>,
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

impl Account {
    /// Reads lines, of which any may be torn. `boot` is this start of the machine.
    pub fn read(text: &[u8], boot: &str) -> Self {
        let mut account = Self::default();
        let mut open = HashSet::new();
        let mut labels: HashMap<BellId, Arc<str>> = HashMap::new();
        for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let Ok(line) = serde_json::from_slice(line) else {
                account.garbage += 1;
                continue;
            };
            let past = &mut account.past;
            match line {
                Line::Armed { bell, due, label, late_seconds, boot: then } => {
                    labels.insert(bell.clone(), Arc::clone(&label));
                    if !past.started.contains(&bell) {
                        let late = Duration::from_secs(late_seconds);
                        let due = Due { id: bell.clone(), at: due, label, late };
                        past.armed.insert(bell, Armed { due, same_boot: *then == *boot });
                    }
                }
                Line::Ringing { bell } => {
                    account.start(&bell);
                    open.insert(bell);
                }
                Line::Ended { bell, outcome } => {
                    account.start(&bell);
                    if outcome != Outcome::Playing {
                        open.remove(&bell);
                    }
                }
                Line::Missed { bell, why: Missed::PowerCut } => account.start(&bell),
                Line::Missed { bell, .. } => {
                    past.armed.remove(&bell);
                    past.told.insert(bell);
                }
                Line::MissedMany { until, .. } => {
                    past.until = past.until.max(Some(until));
                }
                Line::ClockSet { .. } => {}
                Line::Known { until, boot: then, synchronised } => {
                    past.until = Some(until);
                    past.told = HashSet::new();
                    past.armed.retain(|_, armed| armed.due.at > until);
                    account.synchronised = synchronised && *then == *boot;
                }
            }
        }
        let cut = account.order.iter().filter(|id| open.contains(*id));
        let label = |id| labels.get(id).cloned().unwrap_or_default();
        account.cut = cut.map(|id| (id.clone(), label(id))).collect();
        account
    }

    /// The same in fewer lines, with at most so many bells that have started.
    pub fn in_short(&self, at_most: usize, boot: &Arc<str>) -> Vec<u8> {
        let mut text = Vec::new();
        let first = self.order.len().saturating_sub(at_most);
        for bell in self.order.iter().skip(first) {
            Line::Ended { bell: bell.clone(), outcome: Outcome::Played }.write(&mut text);
        }
        if let Some(until) = self.past.until {
            let synchronised = self.synchronised;
            Line::Known { until, boot: Arc::clone(boot), synchronised }.write(&mut text);
        }
        for Armed { due, same_boot } in self.past.armed.values() {
            let boot = if *same_boot { Arc::clone(boot) } else { "".into() };
            Line::of(&Decision::Arm(due.clone()), &boot).write(&mut text);
        }
        text
    }

    fn start(&mut self, bell: &BellId) {
        self.past.armed.remove(bell);
        if self.past.started.insert(bell.clone()) {
            self.order.push(bell.clone());
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
