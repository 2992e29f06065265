//! Tables with the same bells each day.
//!

use std::sync::Arc;

use jiff::{Timestamp, civil::time, tz::TimeZone};

use super::dice::Dice;
use crate::schedule::{Bell, BellId, keeper::Timetable};

/// In seconds.
pub const DAY: i64 = 86_400;

/// The bells of each day are within so many seconds after eight.
pub const WINDOW: i64 = 600;

/// A bell every so many seconds in the window of each day.
#[derive(Clone, Copy)]
pub struct Daily {
    first: i64,
    every: i64,
    late: u16,
    trigger: &'static str,
}

impl Daily {
    pub fn any(dice: &mut Dice) -> Self {
        Self {
            first: dice.one_of(&[0, 0, 1, 7]),
            every: 15 + dice.below(60),
            late: dice.one_of(&[0, 5, 60, 600]),
            trigger: dice.one_of(&["BELL", "BELL", "OTHER"]),
        }
    }

    /// What a school may publish next: none, the same, or others.
    pub fn after(tables: Option<Self>, dice: &mut Dice) -> Option<Self> {
        let same = tables.unwrap_or_else(|| Self::any(dice));
        match dice.below(8) {
            0 => None,
            1 => Some(same),
            2 => Some(Self { late: dice.one_of(&[0, 5, 60, 600]), ..same }),
            3 => Some(Self { every: 2 * same.every.min(WINDOW), ..same }),
            4 => Some(Self { every: (same.every / 2).max(15), ..same }),
            5 => Some(Self { trigger: dice.one_of(&["BELL", "OTHER"]), ..same }),
            _ => Some(Self::any(dice)),
        }
    }

    fn bells(self, from: i64, to: i64) -> impl Iterator<Item = Bell> {
        let days = from.div_euclid(DAY)..=to.div_euclid(DAY);
        let of_day = move |day: i64| {
            let bells = (self.first..WINDOW).step_by(usize::try_from(self.every).unwrap());
            bells.map(move |second| self.bell(day * DAY + 8 * 3600 + second))
        };
        days.flat_map(of_day)
    }

    fn bell(self, second: i64) -> Bell {
        let at = Timestamp::from_second(second).unwrap();
        let civil = TimeZone::UTC.to_datetime(at);
        let trigger = self.trigger.parse().unwrap();
        Bell {
            id: BellId { date: civil.date(), time: civil.time(), trigger },
            at,
            planned: time(8, 0, 0, 0),
            label: "".into(),
            late_seconds: self.late,
            day_type: None,
            why: Arc::new([]),
        }
    }
}

impl Timetable for Daily {
    fn due_between(&self, after: Timestamp, until: Timestamp) -> Vec<Bell> {
        let bells = self.bells(after.as_second(), until.as_second());
        bells.filter(|bell| after < bell.at && bell.at <= until).collect()
    }

    fn next_after(&self, at: Timestamp) -> Option<Bell> {
        self.bells(at.as_second(), at.as_second() + DAY).find(|bell| bell.at > at)
    }
}
