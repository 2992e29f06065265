//! Which day type a day has where nothing else is said: weeks, or a cycle of days.
//!

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::{Date, Weekday};
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use utoipa::ToSchema;

use super::DayTypeId;

/// Which day type a day has where nothing else is said.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rota {
    /// By the day of the week, in weeks of one or several kinds.
    Weeks(Weeks),
    /// By counting open days.
    Cycle(Cycle),
}

/// Weeks of one kind, or of several that take turns.
#[derive(Debug, Clone, PartialEq, Default, Serialize, ToSchema)]
pub struct Weeks {
    /// The kinds of weeks, in the order in which they take turns; names differ.
    pub templates: Vec<WeekTemplate>,
    /// How they take turns. A single kind is every week's.
    pub turn: Turn,
    /// Weeks whose kind was set by hand: Monday → name. They do not move the turns of the others.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub assigned: BTreeMap<Date, Arc<str>>,
}

/// A kind of week.
#[derive(Debug, Clone, PartialEq, ToSchema, Serialize)]
pub struct WeekTemplate {
    /// What people call it: `A`.
    #[schema(value_type = String, max_length = 40, example = "A")]
    pub name: Arc<str>,
    /// The day type of each day from Monday on; `None`: no bells. Written as an object: `monday` …
    /// `sunday` → the day type's id.
    #[serde(serialize_with = "by_name")]
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub days: [Option<DayTypeId>; 7],
}

/// How several kinds of weeks take turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Turn {
    /// They do not: each week's kind is set by hand.
    #[default]
    Assigned,
    /// Each week is the next one's turn.
    EveryWeek {
        /// A Monday whose week is of the first kind.
        #[schema(value_type = String, format = Date)]
        anchor: Date,
    },
    /// Each week with school is the next one's turn: weeks of which each school day is a day off do
    /// not count, and have the kind of the week that comes after them.
    SchoolWeeks {
        /// A Monday whose week is of the first kind.
        #[schema(value_type = String, format = Date)]
        anchor: Date,
    },
}

/// A cycle of days, counted over open days only.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Cycle {
    /// A date that is day 1.
    #[schema(value_type = String, format = Date)]
    pub anchor: Date,
    /// The days of the week that count where they are no days off: `monday` … `sunday`.
    #[serde(serialize_with = "names")]
    #[schema(value_type = Vec<String>)]
    pub open: Vec<Weekday>,
    /// The day type of day 1, day 2 …; `None`: no bells.
    #[schema(value_type = Vec<Option<String>>)]
    pub days: Vec<Option<DayTypeId>>,
}

impl WeekTemplate {
    /// The day type of a day of the week.
    pub fn day(&self, weekday: Weekday) -> Option<&DayTypeId> {
        let place = usize::try_from(weekday.to_monday_zero_offset()).ok()?;
        self.days.get(place)?.as_ref()
    }
}

impl Default for Rota {
    fn default() -> Self {
        Self::Weeks(Weeks::default())
    }
}

/// The days of the week, by the names that they have in conf.json.
pub const WEEKDAYS: [(Weekday, &str); 7] = [
    (Weekday::Monday, "monday"),
    (Weekday::Tuesday, "tuesday"),
    (Weekday::Wednesday, "wednesday"),
    (Weekday::Thursday, "thursday"),
    (Weekday::Friday, "friday"),
    (Weekday::Saturday, "saturday"),
    (Weekday::Sunday, "sunday"),
];

/// The name of a day of the week in conf.json.
pub fn weekday_name(weekday: Weekday) -> &'static str {
    WEEKDAYS.iter().find(|(known, _)| *known == weekday).map_or("", |(_, name)| name)
}

fn by_name<S: Serializer>(days: &[Option<DayTypeId>; 7], serializer: S) -> Result<S::Ok, S::Error> {
    let mut object = serializer.serialize_map(Some(days.len()))?;
    for ((_, name), day) in WEEKDAYS.iter().zip(days) {
        object.serialize_entry(name, day)?;
    }
    object.end()
}

fn names<S: Serializer>(weekdays: &[Weekday], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(weekdays.iter().map(|weekday| weekday_name(*weekday)))
}
