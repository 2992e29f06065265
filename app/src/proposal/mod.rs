//! Tables as a school's PRONOTE would have them: a proposal, with its doubts.
//!
//! PRONOTE tells anybody, before a login, the hours of the day, the breaks, the open half-days, the
//! A/B weeks and the closed days. That is a timetable's grid, not a bell's: places are not always
//! ringing times, and nobody there thinks of bells. So nothing is applied by itself: people look at
//! the difference and take what is right.

mod ask;
mod day;
mod year;

use std::collections::BTreeMap;

use jiff::civil::Date;
use pronote_client::School;
use serde::Serialize;
use serde_json::{Map, Value, json};

pub use ask::{Asked, SchoolSource, SourceError};

/// Tables that a school's PRONOTE would have.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proposal {
    /// Parts of the section `schedule` of conf.json: `day_types`, `weeks`, `calendar`. What PRONOTE
    /// says nothing of is not there.
    pub schedule: Map<String, Value>,
    /// What to look at, a sentence each.
    pub notes: Vec<String>,
}

/// Makes a proposal of what a school says. Each bell rings `trigger`; `is_off` says which days the
/// school calendar has off already: they need no entry, and where PRONOTE has lessons on them it is
/// told.
pub fn propose(school: &School, trigger: &str, is_off: impl Fn(Date) -> bool) -> Proposal {
    let mut notes = Vec::new();
    let mut schedule = Map::new();
    let half_days = day::half_days(school, &mut notes);
    let types = day::types(school, &half_days, trigger, &mut notes);
    if !types.is_empty() {
        let week: BTreeMap<_, _> = day::WEEK
            .iter()
            .zip(0..)
            .map(|(name, day)| (*name, half_days.of(day).filter(|id| types.contains_key(*id))))
            .collect();
        schedule.insert("day_types".into(), json!(types));
        schedule.insert("weeks".into(), year::weeks(school, &week, &mut notes));
    }
    let closed = year::closed(school, &half_days, is_off, &mut notes);
    if !school.holidays.is_empty() {
        schedule.insert("calendar".into(), closed);
    }
    if let Some(days) = school.cycle_days.filter(|days| *days != 7) {
        notes.push(format!(
            "PRONOTE counts a cycle of {days} open days; these tables are in weeks all the same"
        ));
    }
    Proposal { schedule, notes }
}

#[cfg(test)]
mod tests;
