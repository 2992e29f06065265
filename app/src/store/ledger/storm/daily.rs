//! Tables with the same bells each day.
//!

use std::sync::Arc;

use jiff::{Timestamp, civil::time, tz::TimeZone};

use crate::schedule::{Bell, BellId, keeper::Timetable};

/// In seconds.
pub const DAY: i64 = 86_400;

/// The bells of each day are within so many seconds after eight.
pub const WINDOW: i64 = 600;

/// A bell every so many seconds in the window of each day.
#[derive(Clone)]
pub struct Daily {
    pub every: i64,
    pub late: u16,
}

impl Daily {
    fn bells(&self, from: i64, to: i64) -> impl Iterator<Item = Bell> {
        let days = from.div_euclid(DAY)..=to.div_euclid(DAY);
        let (every, late) = (self.every, self.late);
        let of_day = move |day: i64| {
            let bells = (0..WINDOW).step_by(usize::try_from(every).unwrap());
            bells.map(move |second| bell(day * DAY + 8 * 3600 + second, late))
        };
        days.flat_map(of_day)
    }
}

fn bell(second: i64, late_seconds: u16) -> Bell {
    let at = Timestamp::from_second(second).unwrap();
    let civil = TimeZone::UTC.to_datetime(at);
    let trigger = "BELL".parse().unwrap();
    Bell {
        id: BellId { date: civil.date(), time: civil.time(), trigger },
        at,
        planned: time(8, 0, 0, 0),
        label: "".into(),
        late_seconds,
        day_type: None,
        why: Arc::new([]),
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
