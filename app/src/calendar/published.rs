//! One line of the ministry's calendar, and which days it makes free.
//!
//! The official sentence is: holidays begin after class on the day given, school resumes on the
//! morning of the day given. So the first day is still a school day (a Saturday too, where there is
//! class on Saturdays; elsewhere nothing rings on it anyway) and the last one is again.

use jiff::{
    ToSpan as _,
    civil::{Date, Weekday},
};

use super::{Place, public_holiday, text::plain};

/// School holidays, a bridge or a single day off, as published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Where.
    pub place: Place,
    /// Its French name: `Vacances de Noël`.
    pub label: String,
    /// After this day's classes.
    pub leave: Date,
    /// On this day's morning; `None` where it is not published yet.
    pub back: Option<Date>,
    /// Where it is from, for whoever asks why: `order-2026`, `Zone-A.ics`.
    pub source: String,
}

impl Published {
    /// The first and the last day without class. `None` where there is no day between.
    ///
    /// - Holidays: the day after `leave` to the day before `back`.
    /// - Anything shorter (a bridge, a day in May) names the day itself, unless what it bridges to
    ///   begins a day later: `2025-05-28` before Ascension Thursday. With one day given it is that
    ///   day; a bridge that holds a Friday goes on to Sunday.
    /// - Nobody comes back on a weekend: what ends on one, lasts until Sunday.
    /// - Where no return is published: to the earliest one that the place has had, so that the
    ///   bells are back before the pupils rather than after.
    pub fn days(&self) -> Option<(Date, Date)> {
        let first = if self.is_holidays() || self.is_eve() {
            self.leave.checked_add(1.day()).ok()?
        } else {
            self.leave
        };
        let last = match self.back {
            Some(back) if back == self.leave && !self.is_holidays() => self.end_of_bridge(back),
            Some(back) => match back.weekday() {
                Weekday::Saturday | Weekday::Sunday => sunday(back),
                _ => back.checked_sub(1.day()).ok()?,
            },
            None if self.is_holidays() => self.before_earliest_return()?,
            None => self.end_of_bridge(self.leave),
        };
        let last = if self.is_holidays() { last } else { self.end_of_bridge(last) };
        (first <= last).then_some((first, last))
    }

    /// Its name in English.
    pub fn english(&self) -> &'static str {
        let label = plain(&self.label);
        let names = [
            ("toussaint", "All Saints' holidays"),
            ("noel", "Christmas holidays"),
            ("hiver austral", "Southern winter holidays"),
            ("ete austral", "Southern summer holidays"),
            ("hiver", "Winter holidays"),
            ("printemps", "Spring holidays"),
            ("paques", "Easter holidays"),
            ("carnaval", "Carnival holidays"),
            ("ascension", "Ascension bridge"),
            ("ete", "Summer holidays"),
            ("grandes vacances", "Summer holidays"),
            ("vacances", "School holidays"),
        ];
        let found = names.iter().find(|(word, _)| label.contains(word));
        found.map_or("Day without school", |(_, name)| name)
    }

    /// Holidays, not a bridge or a single day.
    pub(super) fn is_holidays(&self) -> bool {
        plain(&self.label).contains("vacances")
    }

    fn is_public_holiday(&self, day: Date) -> bool {
        public_holiday(self.place.region(), day).is_some()
    }

    /// A bridge whose day named is the last one of class: neither it nor the day before is a holiday.
    fn is_eve(&self) -> bool {
        let single = self.back.is_none_or(|back| back == self.leave);
        let touches = self.is_public_holiday(self.leave)
            || self.leave.yesterday().is_ok_and(|day| self.is_public_holiday(day));
        !single && plain(&self.label).contains("pont") && !touches
    }

    fn end_of_bridge(&self, last: Date) -> Date {
        let bridge =
            plain(&self.label).contains("pont") || self.back.is_some_and(|back| back != self.leave);
        if bridge && last.weekday() == Weekday::Friday { sunday(last) } else { last }
    }

    /// The day before the earliest return of the last years in the place.
    fn before_earliest_return(&self) -> Option<Date> {
        let (month, day) = match (self.place, self.leave.month()) {
            (Place::PolynesieFrancaise, _) => (8, 9),
            (Place::LaReunion, 6..=8) => (8, 15),
            (Place::Mayotte, _) => (8, 20),
            (_, 6..=8) => (8, 31),
            // Southern summers.
            (_, 11 | 12) => (1, 15),
            _ => return self.leave.checked_add(9.days()).ok(),
        };
        let end = Date::new(self.leave.year(), month, day).ok()?;
        if end < self.leave { Date::new(self.leave.year() + 1, month, day).ok() } else { Some(end) }
    }
}

fn sunday(day: Date) -> Date {
    let ahead = (7 - day.weekday().to_monday_zero_offset() - 1).rem_euclid(7);
    day.checked_add(i32::from(ahead).days()).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(place: Place, label: &str, leave: &str, back: &str) -> String {
        let published = Published {
            place,
            label: label.into(),
            leave: leave.parse().unwrap(),
            back: (!back.is_empty()).then(|| back.parse().unwrap()),
            source: String::new(),
        };
        published.days().map_or("none".into(), |(first, last)| format!("{first} {last}"))
    }

    #[test]
    fn holidays_begin_after_class_and_end_on_a_morning() {
        use Place::*;
        let cases = [
            (
                ZoneA,
                "Vacances de la Toussaint",
                "2026-10-17",
                "2026-11-02",
                "2026-10-18 2026-11-01",
            ),
            (
                SaintPierreEtMiquelon,
                "Vacances de Noël",
                "2024-12-20",
                "2025-01-06",
                "2024-12-21 2025-01-05",
            ),
            (
                Guadeloupe,
                "Vacances de la Toussaint",
                "2024-10-22",
                "2024-11-04",
                "2024-10-23 2024-11-03",
            ),
            (ZoneA, "Vacances d'Été", "2022-07-07", "2022-09-01", "2022-07-08 2022-08-31"),
            (
                NouvelleCaledonie,
                "Vacances 1ère période",
                "2025-04-05",
                "2025-04-20",
                "2025-04-06 2025-04-20",
            ),
            (ZoneA, "Vacances d'Hiver", "2027-02-13", "2027-02-14", "2027-02-14 2027-02-14"),
            (ZoneA, "Vacances d'Hiver", "2027-02-16", "2027-02-17", "none"),
            // Not published yet.
            (ZoneA, "Début des Vacances d'Été", "2028-07-04", "2028-07-04", "none"),
            (ZoneA, "Vacances d'Été", "2028-07-04", "", "2028-07-05 2028-08-31"),
            (LaReunion, "Vacances d'Hiver austral", "2028-07-08", "", "2028-07-09 2028-08-15"),
            (WallisEtFutuna, "Vacances d'Été", "2025-12-20", "", "2025-12-21 2026-01-15"),
        ];
        for (place, label, leave, back, wanted) in cases {
            assert_eq!(days(place, label, leave, back), wanted, "{place:?} {label} {leave}");
        }
    }

    #[test]
    fn a_bridge_names_its_own_day_or_the_day_before() {
        use Place::*;
        let cases = [
            // Ascension was May 29th in 2025, is May 6th in 2027, May 25th in 2028.
            (ZoneA, "Pont de l'Ascension", "2025-05-29", "2025-06-02", "2025-05-29 2025-06-01"),
            (
                SaintPierreEtMiquelon,
                "Pont de l'Ascension",
                "2025-05-28",
                "2025-06-02",
                "2025-05-29 2025-06-01",
            ),
            (
                Martinique,
                "Pont de l'Ascension",
                "2022-05-27",
                "2022-05-30",
                "2022-05-27 2022-05-29",
            ),
            (ZoneA, "Pont de l'Ascension", "2027-05-07", "2027-05-07", "2027-05-07 2027-05-09"),
            (ZoneA, "Pont de l'Ascension", "2028-05-26", "", "2028-05-26 2028-05-28"),
            (Guyane, "Pont à Pâques", "2024-03-28", "2024-04-03", "2024-03-29 2024-04-02"),
            (Guadeloupe, "Semaine en mai", "2025-05-26", "2025-05-26", "2025-05-26 2025-05-26"),
            (Guadeloupe, "Semaine en mai", "2025-05-30", "2025-05-31", "2025-05-30 2025-06-01"),
            (Corse, "Journée banalisée", "2023-12-08", "2023-12-08", "2023-12-08 2023-12-08"),
        ];
        for (place, label, leave, back, wanted) in cases {
            assert_eq!(days(place, label, leave, back), wanted, "{place:?} {label} {leave}");
        }
    }
}
