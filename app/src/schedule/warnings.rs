//! What somebody should look at before it rings, or does not.
//!

use std::{collections::BTreeMap, time::Duration};

use jiff::{
    ToSpan,
    civil::{Date, Time},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    bell::{Bell, Day},
    days_off::DaysOff,
    model::{DayTypeId, clock},
    tables::Tables,
    why::Rule,
};
use crate::engine::TriggerId;

/// What only others know.
pub struct Facts<'a> {
    /// Whether there is such a trigger.
    pub is_trigger: &'a dyn Fn(&TriggerId) -> bool,
    /// How long it rings; `None` where this is not known.
    pub length: &'a dyn Fn(&TriggerId) -> Option<Duration>,
    /// How many days before the days off are no longer known it is to be said.
    pub notice_days: i32,
}

/// What somebody should look at. Of what comes up on several dates, the first date is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "warning", rename_all = "snake_case")]
pub enum Warning {
    /// Two bells within a minute.
    CloseBells {
        /// The first.
        #[schema(value_type = String)]
        first: String,
        /// The second.
        #[schema(value_type = String)]
        second: String,
        /// The date.
        #[schema(value_type = String, format = Date)]
        date: Date,
    },
    /// A sound that the next bell would cut off.
    LongSound {
        /// What rings.
        #[schema(value_type = String)]
        trigger: TriggerId,
        /// How long.
        seconds: u64,
        /// How long it is to the next bell.
        gap_seconds: u64,
        /// The date.
        #[schema(value_type = String, format = Date)]
        date: Date,
        /// When.
        #[serde(serialize_with = "clock::as_written")]
        #[schema(value_type = String)]
        time: Time,
    },
    /// A day type without bells.
    NoBells {
        /// Which.
        #[schema(value_type = String)]
        day_type: DayTypeId,
    },
    /// A day type that no week and no entry means.
    Unused {
        /// Which.
        #[schema(value_type = String)]
        day_type: DayTypeId,
    },
    /// A bell that is wrong and was left out.
    BellLeftOut {
        /// Of which day type.
        #[schema(value_type = String)]
        day_type: DayTypeId,
        /// What is wrong with it.
        why: String,
    },
    /// An entry of the calendar, or a change, that is wrong and was left out.
    LeftOut {
        /// What is wrong with it.
        why: String,
    },
    /// A bell whose trigger there is not: nothing would ring.
    NoTrigger {
        /// Which trigger.
        #[schema(value_type = String)]
        trigger: TriggerId,
        /// The first date.
        #[schema(value_type = String, format = Date)]
        date: Date,
    },
    /// A date whose day type there is not.
    NoDayType {
        /// Which one was meant.
        #[schema(value_type = String)]
        day_type: DayTypeId,
        /// The first date.
        #[schema(value_type = String, format = Date)]
        date: Date,
    },
    /// A week with school of which nothing says which kind it is.
    NoWeek {
        /// Its Monday.
        #[schema(value_type = String, format = Date)]
        monday: Date,
    },
    /// Nothing says where the school is: whoever knows days off knows none of it.
    NoPlace,
    /// The days off will soon be known no longer: holidays would ring.
    DaysOffEnd {
        /// The last date of which they are known.
        #[schema(value_type = String, format = Date)]
        last: Date,
    },
}

impl<D: DaysOff> Tables<D> {
    /// What somebody should look at, from one date to another; the first is today.
    pub fn warnings(&self, from: Date, to: Date, facts: &Facts<'_>) -> Vec<Warning> {
        let mut found = self.written();
        let mut seen = BTreeMap::new();
        let mut first = |key: String, warning: Warning| {
            let known = seen.insert(key, ()).is_some();
            (!known).then_some(warning)
        };
        let mut before: Option<Bell> = None;
        for Day { date, why, bells, .. } in self.days(from, to) {
            for step in why.iter().filter(|step| step.holds) {
                found.extend(match &step.rule {
                    Rule::NoWeek { monday } if self.is_school_day(date) => {
                        first(format!("week {monday}"), Warning::NoWeek { monday: *monday })
                    }
                    Rule::UnknownDayType { day_type } => first(
                        format!("day type {day_type}"),
                        Warning::NoDayType { day_type: day_type.clone(), date },
                    ),
                    _ => None,
                });
            }
            for bell in bells {
                let trigger = bell.id.trigger.clone();
                if !(facts.is_trigger)(&trigger) {
                    let key = format!("trigger {trigger}");
                    found.extend(first(key, Warning::NoTrigger { trigger, date }));
                }
                if let Some(before) = &before {
                    let pair = format!("{} {} {}", before.id.trigger, before.id.time, bell.id.time);
                    let warning = close(before, &bell, facts);
                    found.extend(warning.and_then(|warning| first(pair, warning)));
                }
                before = Some(bell);
            }
        }
        let ends = self
            .days_off()
            .known_until()
            .filter(|last| *last < from.saturating_add(i64::from(facts.notice_days).days()));
        found.extend(ends.map(|last| Warning::DaysOffEnd { last }));
        found
    }

    /// What is to be seen without looking at dates.
    fn written(&self) -> Vec<Warning> {
        let schedule = self.schedule();
        let mut found = Vec::new();
        for (id, day_type) in &schedule.day_types {
            let day_type_id = || id.clone();
            if day_type.bells.is_empty() {
                found.push(Warning::NoBells { day_type: day_type_id() });
            }
            if schedule.users(id).is_empty() {
                found.push(Warning::Unused { day_type: day_type_id() });
            }
            let wrong = day_type.bells.left_out.iter();
            found.extend(wrong.map(|bell| Warning::BellLeftOut {
                day_type: day_type_id(),
                why: bell.why.clone(),
            }));
        }
        let wrong = schedule.calendar.left_out.iter().chain(&schedule.changes.left_out);
        found.extend(wrong.map(|left_out| Warning::LeftOut { why: left_out.why.clone() }));
        found
    }

    /// Whether a week would have bells on that day, whatever kind it is.
    fn is_school_day(&self, date: Date) -> bool {
        let super::model::Rota::Weeks(weeks) = &self.schedule().rota else { return false };
        weeks.templates.iter().any(|week| week.day(date.weekday()).is_some())
    }
}

fn close(before: &Bell, bell: &Bell, facts: &Facts<'_>) -> Option<Warning> {
    let gap = bell.at.duration_since(before.at);
    let date = bell.id.date;
    if gap.as_secs() < 60 {
        let written = |bell: &Bell| bell.id.to_string();
        return Some(Warning::CloseBells { first: written(before), second: written(bell), date });
    }
    let length = (facts.length)(&before.id.trigger)?;
    (length > gap.unsigned_abs()).then(|| Warning::LongSound {
        trigger: before.id.trigger.clone(),
        seconds: length.as_secs(),
        gap_seconds: gap.unsigned_abs().as_secs(),
        date: before.id.date,
        time: before.id.time,
    })
}
