//! How many school weeks, or open days, there were since the anchor.
//!

use std::collections::BTreeSet;

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};

use crate::schedule::{
    days_off::DaysOff,
    model::{Cycle, Rota, Turn, WEEKDAYS, Weeks},
};

/// What is counted, and sums of it at the start of each week near the anchor.
#[derive(Debug, Clone, Default)]
pub struct Turns {
    counted: BTreeSet<i8>,
    by_week: bool,
    first: Option<Date>,
    sums: Vec<i64>,
}

/// Weeks before the anchor and after it of which the sums are kept; beyond, they are counted each
/// time. A school sets a new anchor each year; somebody will forget to for twenty.
const WEEKS: (i64, i64) = (104, 1044);

impl Turns {
    /// Counts what the rota takes turns by.
    pub fn new(rota: &Rota, days_off: &impl DaysOff) -> Self {
        let (anchor, counted, by_week) = match rota {
            Rota::Weeks(weeks) => match weeks.turn {
                Turn::SchoolWeeks { anchor } => (anchor, school_days(weeks), true),
                Turn::Assigned | Turn::EveryWeek { .. } => return Self::default(),
            },
            Rota::Cycle(Cycle { anchor, open, .. }) => {
                (*anchor, open.iter().map(|day| day.to_monday_zero_offset()).collect(), false)
            }
        };
        let mut turns = Self { counted, by_week, first: None, sums: vec![0] };
        let first = monday(anchor).saturating_sub(WEEKS.0.weeks());
        for week in first.series(1.week()).take(usize::try_from(WEEKS.0 + WEEKS.1).unwrap_or(0)) {
            let sum = turns.sums.last().copied().unwrap_or_default();
            turns.sums.push(sum + turns.weight(week, days_off));
        }
        turns.first = Some(first);
        turns
    }

    /// School weeks from the week of `anchor` to that of `date`, the latter not counted; negative
    /// where `date` comes first.
    pub fn weeks(&self, anchor: Date, date: Date, days_off: &impl DaysOff) -> i64 {
        self.sum(monday(date), days_off) - self.sum(monday(anchor), days_off)
    }

    /// Open days from `anchor` to `date`, the latter not counted; negative where it comes first.
    pub fn days(&self, anchor: Date, date: Date, days_off: &impl DaysOff) -> i64 {
        let sum = |date| self.sum(monday(date), days_off) + self.open(monday(date), date, days_off);
        sum(date) - sum(anchor)
    }

    /// Whether a date counts.
    pub fn is_open(&self, date: Date, days_off: &impl DaysOff) -> bool {
        self.counted.contains(&date.weekday().to_monday_zero_offset()) && !days_off.is_off(date)
    }

    /// The sum at the start of a week.
    fn sum(&self, week: Date, days_off: &impl DaysOff) -> i64 {
        let Some(first) = self.first else { return 0 };
        let place = weeks_between(first, week);
        if let Some(sum) = usize::try_from(place).ok().and_then(|place| self.sums.get(place)) {
            return *sum;
        }
        let kept = i64::try_from(self.sums.len()).unwrap_or(i64::MAX) - 1;
        let end = first.saturating_add(kept.weeks());
        let known = if place < 0 { 0 } else { self.sums.last().copied().unwrap_or_default() };
        let (from, to) = if place < 0 { (week, first) } else { (end, week) };
        let between = from.series(1.week()).take_while(|week| *week < to);
        let more: i64 = between.map(|week| self.weight(week, days_off)).sum();
        if place < 0 { known - more } else { known + more }
    }

    fn weight(&self, week: Date, days_off: &impl DaysOff) -> i64 {
        let open = self.open(week, week.saturating_add(1.week()), days_off);
        if self.by_week { open.min(1) } else { open }
    }

    /// The open days from one date to another, the latter not counted.
    fn open(&self, from: Date, to: Date, days_off: &impl DaysOff) -> i64 {
        let dates = from.series(1.day()).take_while(|date| *date < to);
        dates.map(|date| i64::from(self.is_open(date, days_off))).sum()
    }
}

/// The Monday of a date's week.
pub fn monday(date: Date) -> Date {
    date.saturating_sub(i64::from(date.weekday().to_monday_zero_offset()).days())
}

/// Weeks from one Monday to another.
pub fn weeks_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()).div_euclid(7))
}

/// The days of the week on which some kind of week has bells; Monday to Friday where none has.
fn school_days(weeks: &Weeks) -> BTreeSet<i8> {
    let rings = |weekday: Weekday| weeks.templates.iter().any(|week| week.day(weekday).is_some());
    let days = WEEKDAYS.iter().filter(|(weekday, _)| rings(*weekday));
    let days: BTreeSet<i8> = days.map(|(weekday, _)| weekday.to_monday_zero_offset()).collect();
    if days.is_empty() { (0..5).collect() } else { days }
}
