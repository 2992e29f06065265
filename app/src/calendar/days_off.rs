//! Whether a day is off, and why.
//!

use std::cmp::Ordering;

use jiff::civil::Date;
use serde::Serialize;

use super::{Holidays, Place, Region, public_holiday};

/// The days without class of one school. Made once, asked often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaysOff {
    region: Region,
    /// In order, none upon another.
    spans: Vec<Span>,
    valid_until: Option<Date>,
}

/// Why a day is off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayOff {
    /// In French: `Vacances de Noël`.
    pub label_fr: String,
    /// In English: `Christmas holidays`.
    pub label_en: String,
    /// Which kind.
    pub kind: Kind,
    /// Who says so: `order-2026`, `Zone-A.ics`, `computed`.
    pub source: String,
}

/// The kinds of days off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Of the school calendar: holidays and bridges.
    SchoolHoliday,
    /// Of the law.
    PublicHoliday,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Span {
    first: Date,
    last: Date,
    why: DayOff,
}

impl DaysOff {
    /// Those of a school at `place`, with the public holidays of `region`.
    pub fn new(holidays: &Holidays, place: Place, region: Region) -> Self {
        let mut spans: Vec<Span> = Vec::new();
        for row in holidays.of(place) {
            let Some((first, last)) = row.days() else { continue };
            // What an earlier one holds already stays its own.
            let free = spans.last().and_then(|span| span.last.tomorrow().ok());
            let first = free.map_or(first, |free| first.max(free));
            if first <= last {
                let why = DayOff {
                    label_fr: row.label.clone(),
                    label_en: row.english().into(),
                    kind: Kind::SchoolHoliday,
                    source: row.source.clone(),
                };
                spans.push(Span { first, last, why });
            }
        }
        Self { region, spans, valid_until: holidays.valid_until(place) }
    }

    /// Why a day is off; `None` where it is not. A public holiday within school holidays is told as
    /// the public holiday.
    pub fn day_off(&self, day: Date) -> Option<DayOff> {
        if let Some(holiday) = public_holiday(self.region, day) {
            return Some(DayOff {
                label_fr: holiday.fr.into(),
                label_en: holiday.en.into(),
                kind: Kind::PublicHoliday,
                source: "computed".into(),
            });
        }
        self.span(day).map(|span| span.why.clone())
    }

    /// Whether a day is off.
    pub fn is_off(&self, day: Date) -> bool {
        self.span(day).is_some() || public_holiday(self.region, day).is_some()
    }

    /// The last day that school holidays are known for. Public holidays are known for ever.
    pub fn valid_until(&self) -> Option<Date> {
        self.valid_until
    }

    fn span(&self, day: Date) -> Option<&Span> {
        let found = self.spans.binary_search_by(|span| match (span.last < day, span.first > day) {
            (true, _) => Ordering::Less,
            (_, true) => Ordering::Greater,
            _ => Ordering::Equal,
        });
        self.spans.get(found.ok()?)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn of(place: Place, region: Region) -> DaysOff {
        DaysOff::new(&Holidays::bundled(), place, region)
    }

    #[test]
    fn a_day_says_why_it_is_off() {
        let off = of(Place::ZoneB, Region::AlsaceMoselle);
        let cases = [
            (date(2026, 10, 16), None),
            (date(2026, 10, 17), None),
            (date(2026, 10, 18), Some(("Vacances de la Toussaint", Kind::SchoolHoliday))),
            (date(2026, 11, 1), Some(("Toussaint", Kind::PublicHoliday))),
            (date(2026, 11, 2), None),
            (date(2026, 12, 26), Some(("Saint-Étienne", Kind::PublicHoliday))),
            (date(2027, 3, 26), Some(("Vendredi saint", Kind::PublicHoliday))),
            (date(2027, 5, 6), Some(("Ascension", Kind::PublicHoliday))),
            (date(2027, 5, 7), Some(("Pont de l'Ascension", Kind::SchoolHoliday))),
            (date(2027, 5, 10), None),
            (date(2027, 9, 1), Some(("Vacances d'Été", Kind::SchoolHoliday))),
            (date(2027, 9, 2), None),
            (date(2019, 1, 1), Some(("Jour de l'An", Kind::PublicHoliday))),
        ];
        for (day, wanted) in cases {
            let found = off.day_off(day);
            assert_eq!(found.as_ref().map(|off| (&*off.label_fr, off.kind)), wanted, "{day}");
        }
        let christmas = off.day_off(date(2026, 12, 24)).unwrap();
        assert_eq!(
            (&*christmas.label_en, &*christmas.source),
            ("Christmas holidays", "order-2025")
        );
    }

    #[test]
    fn a_day_that_is_off_has_a_reason_and_no_other() {
        for (place, region) in
            [(Place::ZoneB, Region::AlsaceMoselle), (Place::Mayotte, Region::Mayotte)]
        {
            let days = of(place, region);
            let dates = date(2025, 9, 1).series(jiff::ToSpan::days(1)).take(730);
            let off = |day: &Date| days.is_off(*day);
            assert!(dates.clone().filter(off).count() > 150);
            for day in dates {
                assert_eq!(days.is_off(day), days.day_off(day).is_some(), "{place:?} {day}");
            }
        }
    }

    #[test]
    fn every_day_is_found_as_a_plain_search_finds_it() {
        for place in Place::ALL {
            let off = of(place, place.region());
            let mut day = date(2024, 8, 1);
            while day < date(2029, 1, 1) {
                let plain = off.spans.iter().any(|span| (span.first..=span.last).contains(&day));
                let found = off.day_off(day);
                assert_eq!(
                    found.is_some(),
                    plain || public_holiday(off.region, day).is_some(),
                    "{place:?} {day}"
                );
                day = day.tomorrow().unwrap();
            }
        }
    }
}
