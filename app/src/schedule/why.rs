//! Why a day is what it is, and why a bell rings or does not: rules as data.
//!
//! [`super::words`] says them in French and English.

use std::sync::Arc;

use jiff::civil::{Date, Time};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    DayOff,
    model::{Colour, DayTypeId, Span, clock},
};

/// One rule that spoke. A chain has them from the weakest to the strongest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Step {
    /// What it says.
    #[serde(flatten)]
    pub rule: Rule,
    /// Whether it holds; `false` where a later one in the chain beats it.
    pub holds: bool,
}

/// What a rule says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Rule {
    /// No week and no cycle is written down.
    NoRota,
    /// There are several kinds of weeks, and nothing says of which kind this one is.
    NoWeek {
        /// The Monday of the week.
        #[schema(value_type = String, format = Date)]
        monday: Date,
    },
    /// The week's kind was set by hand.
    WeekAssigned {
        /// The Monday of the week.
        #[schema(value_type = String, format = Date)]
        monday: Date,
        /// Its kind.
        #[schema(value_type = String)]
        week: Arc<str>,
    },
    /// It is this kind's turn.
    WeekTurn {
        /// The Monday of the week.
        #[schema(value_type = String, format = Date)]
        monday: Date,
        /// Its kind.
        #[schema(value_type = String)]
        week: Arc<str>,
        /// Where the turns are counted from.
        #[schema(value_type = String, format = Date)]
        anchor: Date,
        /// Whether only weeks with school are counted.
        school_weeks: bool,
    },
    /// What the week says of this day of the week.
    WeekDay {
        /// The week's kind; `None` where there is only one.
        #[schema(value_type = Option<String>)]
        week: Option<Arc<str>>,
        /// The date, for its day of the week.
        #[schema(value_type = String, format = Date)]
        date: Date,
        /// Its day type; `None`: no bells.
        day_type: Option<NamedDay>,
    },
    /// The day's place in the cycle.
    CycleDay {
        /// From 1 on.
        number: u32,
        /// How many days the cycle has.
        of: u32,
        /// A date that is day 1.
        #[schema(value_type = String, format = Date)]
        anchor: Date,
        /// Its day type; `None`: no bells.
        day_type: Option<NamedDay>,
    },
    /// A day of the week that the cycle does not count.
    CycleClosed {
        /// The date, for its day of the week.
        #[schema(value_type = String, format = Date)]
        date: Date,
    },
    /// A day off.
    DayOff {
        /// Which.
        off: DayOff,
    },
    /// An entry of the calendar says what the day is.
    Entry {
        /// Which entry.
        entry: EntryName,
        /// The day type; `None`: silence.
        day_type: Option<NamedDay>,
    },
    /// There is no such day type: nothing rings.
    UnknownDayType {
        /// Which one was meant.
        #[schema(value_type = String)]
        day_type: DayTypeId,
    },
    /// Hours of silence of an entry.
    SilentHours {
        /// Which entry.
        entry: EntryName,
        /// Which hours.
        hours: Span,
    },
    /// A change of the day moved the bell.
    Shifted {
        /// By how many minutes.
        minutes: i16,
        /// From when on.
        #[serde(serialize_with = "clock::as_written")]
        #[schema(value_type = String)]
        from: Time,
        /// Where the bell was.
        #[serde(serialize_with = "clock::as_written")]
        #[schema(value_type = String)]
        was: Time,
        /// Where it is.
        #[serde(serialize_with = "clock::as_written")]
        #[schema(value_type = String)]
        is: Time,
    },
    /// A change of the day silences these hours.
    Muted {
        /// Which hours.
        hours: Span,
    },
    /// A change of the day cancels the bell.
    Cancelled,
    /// A change of the day added the bell.
    Added,
    /// The clock skips this hour: it rings at the first moment after.
    ClockSkips {
        /// When it is written down.
        #[serde(serialize_with = "clock::as_written")]
        #[schema(value_type = String)]
        written: Time,
        /// When it rings.
        #[serde(serialize_with = "clock::as_written")]
        #[schema(value_type = String)]
        rings: Time,
    },
    /// The clock skips the rest of this day: the bell does not ring.
    ClockSkipsDay,
    /// The clock shows this hour twice: it rings the first time.
    ClockRepeats,
    /// It is written down more than once, and rings once.
    Once,
}

/// A day type, by what people call it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NamedDay {
    /// Its id.
    #[schema(value_type = String)]
    pub id: DayTypeId,
    /// What people call it; its id where there is no such day type.
    #[schema(value_type = String)]
    pub name: Arc<str>,
    /// How a calendar shows it.
    #[schema(value_type = String)]
    pub colour: Colour,
}

/// An entry of the calendar, by what people call it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EntryName {
    /// Its label. May be empty.
    #[schema(value_type = String)]
    pub label: Arc<str>,
    /// Its first date.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// Its last date.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
}

impl From<Rule> for Step {
    fn from(rule: Rule) -> Self {
        Self { rule, holds: true }
    }
}
