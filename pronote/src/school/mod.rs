//! What a school says about itself before anybody logs in.
//!

mod read;

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use crate::protocol::{time, version::Version};

/// The general settings of a school. One that was written down by an older version is read, too.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct School {
    /// The server's version.
    pub version: Option<Version>,
    /// The school's name.
    pub name: Option<String>,
    /// The Monday that week 1 starts on.
    pub first_monday: Option<Date>,
    /// The first day of the school year.
    pub first_day: Option<Date>,
    /// The last day of the school year.
    pub last_day: Option<Date>,
    /// The next day of lessons.
    pub next_day: Option<Date>,
    /// Slots in a day; a lesson's place counts them.
    pub slots_per_day: u32,
    /// The hour that each slot of a day starts at.
    pub starts: Vec<Option<Time>>,
    /// The hour that each slot of a day ends at.
    pub ends: Vec<Option<Time>>,
    /// The hour that each slot ends at for the staff: where the school has set it otherwise.
    pub staff_ends: Vec<Option<Time>>,
    /// The slots whose start the timetable shows: those that lessons begin at. Empty: all of them.
    pub shown_starts: Vec<u32>,
    /// The slot that the afternoon begins at.
    pub afternoon: Option<u32>,
    /// The slots that lunch is served between.
    pub lunch: Option<(u32, u32)>,
    /// The days that lunch is served on, Monday is 0.
    pub lunch_days: Vec<u32>,
    /// The days that are open in the morning, Monday is 0. Empty with `open_afternoons`: it is not
    /// said.
    pub open_mornings: Vec<u32>,
    /// The days that are open in the afternoon, Monday is 0.
    pub open_afternoons: Vec<u32>,
    /// The open days of a cycle, where timetables are in cycles of other than weeks.
    pub cycle_days: Option<u32>,
    /// The breaks between lessons.
    pub breaks: Vec<Break>,
    /// Holidays.
    pub holidays: Vec<Holiday>,
    /// The periods of the school year, of every kind.
    pub periods: Vec<SchoolPeriod>,
    /// Which weeks are which: `Q1`, `Q2`.
    pub week_frequencies: Vec<WeekFrequency>,
}

/// A break between lessons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Break {
    /// Its name.
    pub name: String,
    /// The slot of the day that it is at.
    pub slot: u32,
}

/// Days without lessons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// Its name.
    pub name: Option<String>,
    /// The first day.
    pub start: Date,
    /// The last day.
    pub end: Date,
}

/// A period of the school year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchoolPeriod {
    /// Its name: `Trimestre 1`.
    pub name: String,
    /// Its first day.
    pub start: Option<Date>,
    /// Its last day.
    pub end: Option<Date>,
    /// The kind of period: a term, a semester, the year.
    pub kind: PeriodKind,
}

/// The kinds of periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodKind {
    /// A third of the year.
    Term,
    /// Half of the year.
    Semester,
    /// The whole year.
    Year,
    /// Another kind, as PRONOTE numbers it.
    Other(i64),
    /// PRONOTE does not say.
    Unknown,
}

/// The weeks that share a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekFrequency {
    /// `Q1`
    pub name: String,
    /// The numbers of its weeks, first Monday's is 1.
    pub weeks: Vec<u32>,
}

impl School {
    /// The week of a day, as PRONOTE counts.
    pub fn week(&self, day: Date) -> Option<u32> {
        time::week(day, self.first_monday?)
    }

    /// The Monday of a week.
    pub fn monday(&self, week: u32) -> Option<Date> {
        let days = i64::from(week.checked_sub(1)?) * 7;
        self.first_monday?.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
    }

    /// Whether a day is in the holidays.
    pub fn is_holiday(&self, day: Date) -> bool {
        self.holidays.iter().any(|holiday| (holiday.start..=holiday.end).contains(&day))
    }

    /// The hour that a place of the week starts at.
    pub(crate) fn start_of(&self, place: u32) -> Option<Time> {
        self.starts.get(usize::try_from(place % self.slots_per_day).ok()?).copied().flatten()
    }

    /// The hour that a place of the week ends at, so many slots later.
    pub(crate) fn end_of(&self, place: u32, slots: u32) -> Option<Time> {
        let last = (place % self.slots_per_day).checked_add(slots)?.checked_sub(1)?;
        self.ends.get(usize::try_from(last).ok()?).copied().flatten()
    }
}
