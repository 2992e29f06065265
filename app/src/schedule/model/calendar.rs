//! The school's own calendar: what is otherwise on single days and ranges of days.
//!

use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{DayTypeId, Span};

/// What is otherwise from one date to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Entry {
    /// Its first date.
    #[schema(value_type = String, format = Date, example = "2027-05-24")]
    pub from: Date,
    /// Its last date: not before the first.
    #[schema(value_type = String, format = Date, example = "2027-05-28")]
    pub to: Date,
    /// What people call it: `Brevet blanc`. May be empty.
    #[schema(value_type = String, max_length = 200, example = "Brevet blanc")]
    pub label: Arc<str>,
    /// What its days are: the key `day`, and `day_type` where they have one.
    #[serde(flatten)]
    pub day: EntryDay,
    /// Hours of its days at which no bell rings but those added by hand.
    pub silent_hours: Vec<Span>,
}

/// What the days of an entry are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "day", rename_all = "snake_case")]
pub enum EntryDay {
    /// What they would be without it: it only has hours of silence.
    Usual,
    /// Days without bells.
    Silent,
    /// Days of one type.
    Typed {
        /// Which.
        #[schema(value_type = String, example = "exam")]
        day_type: DayTypeId,
    },
}

impl Entry {
    /// Whether it says something of a date.
    pub fn covers(&self, date: Date) -> bool {
        (self.from..=self.to).contains(&date)
    }

    /// How many days it has.
    pub fn days(&self) -> i32 {
        // Within the range of dates, which is 20 000 years: it fits.
        self.from.until(self.to).map_or(i32::MAX, |span| span.get_days().saturating_add(1))
    }
}
