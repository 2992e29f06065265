//! The school year: weeks, periods, holidays, the hours of a day.
//!
//! The year is that of the clock's date: from the first Monday of September's week to the first Friday of July.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time, Weekday, date, time};

/// Half hours of a school day.
pub(crate) const PLACES_A_DAY: u32 = 20;

/// Starts of the places. Two breaks make the hours uneven, as they are in real schools.
const STARTS: [(i8, i8); 20] = [
    (8, 0),
    (8, 30),
    (9, 0),
    (9, 30),
    (10, 10),
    (10, 40),
    (11, 10),
    (11, 40),
    (12, 10),
    (12, 40),
    (13, 10),
    (13, 40),
    (14, 10),
    (14, 40),
    (15, 10),
    (15, 40),
    (16, 20),
    (16, 50),
    (17, 20),
    (17, 50),
];

pub(crate) struct Period {
    pub name: &'static str,
    /// 0–2 terms, 3–4 semesters, 5 the year.
    pub notation: u8,
    pub from: Date,
    pub to: Date,
}

pub(crate) struct Holiday {
    pub name: &'static str,
    pub from: Date,
    pub to: Date,
}

pub(crate) struct Calendar {
    pub first_monday: Date,
    pub last: Date,
    pub periods: Vec<Period>,
    pub holidays: Vec<Holiday>,
}

impl Calendar {
    /// The school year that `today` is in; it turns over on 1 August.
    pub(crate) fn of(today: Date) -> Self {
        let year = if today.month() >= 8 { today.year() } else { today.year() - 1 };
        let next = year + 1;
        let first_monday = monday(date(year, 9, 3));
        let last = monday(date(next, 7, 4)).saturating_add(4.days());
        let period = |name, notation, from, to| Period { name, notation, from, to };
        let holiday = |name, from, to| Holiday { name, from, to };
        Self {
            first_monday,
            last,
            periods: vec![
                period("Trimestre 1", 0, first_monday, date(year, 11, 30)),
                period("Trimestre 2", 1, date(year, 12, 1), date(next, 3, 8)),
                period("Trimestre 3", 2, date(next, 3, 9), last),
                period("Semestre 1", 3, first_monday, date(next, 1, 24)),
                period("Semestre 2", 4, date(next, 1, 25), last),
                period("Année continue", 5, first_monday, last),
                period("Bac blanc n° 1 & « écrits »", 5, date(next, 2, 1), date(next, 2, 12)),
            ],
            holidays: vec![
                holiday("Vacances de la Toussaint", date(year, 10, 18), date(year, 11, 2)),
                holiday("Armistice 1918", date(year, 11, 11), date(year, 11, 11)),
                holiday("Vacances de Noël", date(year, 12, 19), date(next, 1, 3)),
                holiday("Vacances d'hiver", date(next, 2, 13), date(next, 2, 28)),
                holiday("Vacances de printemps", date(next, 4, 10), date(next, 4, 25)),
                holiday("Fête du travail", date(next, 5, 1), date(next, 5, 1)),
                holiday("Victoire 1945", date(next, 5, 8), date(next, 5, 8)),
            ],
        }
    }

    /// The week of `day`, from 1; negative or zero before the year.
    pub(crate) fn week(&self, day: Date) -> i32 {
        1 + (day - self.first_monday).get_days().div_euclid(7)
    }

    /// The Monday of a week.
    pub(crate) fn monday(&self, week: i32) -> Date {
        self.first_monday.saturating_add((7 * (week - 1)).days())
    }

    pub(crate) fn last_week(&self) -> i32 {
        self.week(self.last)
    }

    /// Whether there are lessons on `day`.
    pub(crate) fn is_open(&self, day: Date) -> bool {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
            && (self.first_monday..=self.last).contains(&day)
            && !self.holidays.iter().any(|holiday| (holiday.from..=holiday.to).contains(&day))
    }

    /// `today`, or the next day with lessons; the last one once the year is over.
    pub(crate) fn next_open(&self, today: Date) -> Date {
        let mut day = today.max(self.first_monday);
        while !self.is_open(day) && day < self.last {
            day = day.saturating_add(1.day());
        }
        day.min(self.last)
    }

    /// The term that `day` is in.
    pub(crate) fn term(&self, day: Date) -> usize {
        self.periods.iter().take(3).rposition(|term| term.from <= day).unwrap_or(0)
    }

    /// Weeks of a fortnight (1 or 2), those of the holidays left out.
    pub(crate) fn fortnight(&self, fortnight: i32) -> String {
        let weeks: Vec<_> = (1..=self.last_week())
            .filter(|week| 1 + (week + 1) % 2 == fortnight && self.has_lessons(*week))
            .map(|week| week.to_string())
            .collect();
        format!("[{}]", weeks.join(","))
    }

    pub(crate) fn has_lessons(&self, week: i32) -> bool {
        let monday = self.monday(week);
        (0..5).any(|day| self.is_open(monday.saturating_add(day.days())))
    }
}

/// When a place of the day begins.
pub(crate) fn start(place: u32) -> Time {
    let (hour, minute) = *at(place);
    time(hour, minute, 0, 0)
}

/// When a place of the day ends.
pub(crate) fn end(place: u32) -> Time {
    start(place) + 30.minutes()
}

pub(crate) fn start_of(day: Date, place: u32) -> DateTime {
    day.to_datetime(start(place))
}

/// `08h00`, as the lists of hours write it.
pub(crate) fn label(time: Time) -> String {
    format!("{:02}h{:02}", time.hour(), time.minute())
}

pub(crate) fn monday(day: Date) -> Date {
    day.saturating_sub(i32::from(day.weekday().to_monday_zero_offset()).days())
}

fn at(place: u32) -> &'static (i8, i8) {
    let place = usize::try_from(place.min(PLACES_A_DAY - 1)).expect("smaller than 20");
    STARTS.get(place).expect("20 places, as many starts")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_friday_has_lessons_in_every_year() {
        for year in 2020..2040 {
            let calendar = Calendar::of(date(year, 10, 1));
            assert_eq!(calendar.first_monday.weekday(), Weekday::Monday);
            assert!(calendar.is_open(calendar.monday(1).saturating_add(4.days())), "{year}");
            assert_eq!(calendar.week(calendar.first_monday.saturating_add(8.days())), 2);
            assert!(calendar.is_open(calendar.next_open(date(year, 12, 25))), "{year}");
        }
    }

    #[test]
    fn the_year_turns_over_in_august() {
        let (before, after) = (Calendar::of(date(2026, 7, 31)), Calendar::of(date(2026, 8, 1)));
        assert_eq!(before.first_monday, date(2025, 9, 1));
        assert_eq!(after.first_monday, date(2026, 8, 31));
    }
}
