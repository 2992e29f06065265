//! The school holidays of all places: what ships, and newer files over it.
//!

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Place, Published};

/// What ships with the program.
const BUNDLED: &str = include_str!("../../../data/calendar/school-holidays.csv");

/// School holidays by place, each place's by the day that they begin on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Holidays(BTreeMap<Place, Vec<Published>>);

impl Holidays {
    /// Those that ship with the program.
    pub fn bundled() -> Self {
        BUNDLED.lines().filter_map(line).collect()
    }

    /// Those of a place.
    pub fn of(&self, place: Place) -> &[Published] {
        self.0.get(&place).map_or(&[], Vec::as_slice)
    }

    /// The places that any are known of.
    pub fn places(&self) -> impl Iterator<Item = Place> {
        self.0.iter().filter(|(_, all)| !all.is_empty()).map(|(place, _)| *place)
    }

    /// The last day that they are known for: the eve of the last return that is published, or the
    /// day that the last ones begin on where no return is. From then on the calendar wants renewal.
    pub fn valid_until(&self, place: Place) -> Option<Date> {
        self.last(place).map(|(until, _)| until)
    }

    /// The same, and which holidays are these last ones.
    pub fn last(&self, place: Place) -> Option<(Date, &Published)> {
        let until = |one: &Published| match one.back {
            Some(back) if back > one.leave => back.yesterday().ok(),
            _ => Some(one.leave),
        };
        let rows = self.of(place).iter().filter_map(|one| Some((until(one)?, one)));
        rows.max_by_key(|(until, _)| *until)
    }

    /// Lays newer ones over these. For a place that they name, within the time that they cover and
    /// in school years that they have any of, they are what counts; else nothing changes. A return
    /// that is known is not lost to a newer file that does not have it yet.
    pub fn merge(&mut self, newer: Self) {
        for (place, mut rows) in newer.0 {
            let Some((from, to)) = extent(&rows) else { continue };
            let old = self.0.entry(place).or_default();
            for row in rows.iter_mut().filter(|row| row.back.is_none()) {
                let known = old.iter().find(|one| one.leave == row.leave && one.is_holidays());
                row.back = known.filter(|_| row.is_holidays()).and_then(|one| one.back);
            }
            // A wrong year in one line is not to clear the years before it.
            let years: BTreeSet<_> = rows.iter().map(school_year).collect();
            let counts = |row: &Published| {
                (from..=to).contains(&row.leave) && years.contains(&school_year(row))
            };
            old.retain(|row| !counts(row));
            old.extend(rows);
            old.sort_by_key(|row| (row.leave, row.back));
        }
    }

    /// What looks wrong: holidays of one place that lie upon each other. One sentence each.
    pub fn doubts(&self) -> Vec<String> {
        let mut doubts = Vec::new();
        for (place, rows) in &self.0 {
            let spans: Vec<_> = rows
                .iter()
                .filter(|row| row.is_holidays())
                .filter_map(|r| Some((r, r.days()?)))
                .collect();
            for pair in spans.windows(2) {
                if let [(one, (_, last)), (other, (first, _))] = pair
                    && first <= last
                {
                    doubts.push(format!(
                        "{}: {} last until {last}, and {} begin on {first}",
                        place.name(),
                        one.label,
                        other.label
                    ));
                }
            }
        }
        doubts
    }
}

impl FromIterator<Published> for Holidays {
    /// In order, each once: the official files name every academy of a zone.
    fn from_iter<I: IntoIterator<Item = Published>>(rows: I) -> Self {
        let mut places: BTreeMap<Place, Vec<Published>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for row in rows {
            if seen.insert((row.place, row.leave, row.back, row.label.clone())) {
                places.entry(row.place).or_default().push(row);
            }
        }
        for rows in places.values_mut() {
            rows.sort_by_key(|row| (row.leave, row.back));
        }
        Self(places)
    }
}

/// The first and the last day that some holidays name.
fn extent(rows: &[Published]) -> Option<(Date, Date)> {
    let from = rows.iter().map(|row| row.leave).min()?;
    let to = rows.iter().map(|row| row.back.unwrap_or(row.leave)).max()?;
    Some((from, to))
}

/// The year in which the school year of some holidays began; it turns over in August.
fn school_year(row: &Published) -> i16 {
    if row.leave.month() < 8 { row.leave.year() - 1 } else { row.leave.year() }
}

/// A line of our own file; remarks and the head are none.
fn line(line: &str) -> Option<Published> {
    let mut fields = line.splitn(5, ';');
    Some(Published {
        place: Place::of_code(fields.next()?)?,
        leave: fields.next()?.parse().ok()?,
        back: match fields.next()? {
            "" => None,
            day => Some(day.parse().ok()?),
        },
        source: fields.next()?.into(),
        label: fields.next()?.into(),
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn row(label: &str, leave: Date, back: Option<Date>) -> Published {
        Published { place: Place::ZoneA, label: label.into(), leave, back, source: "new".into() }
    }

    #[test]
    fn every_line_that_ships_is_read_and_none_is_doubtful() {
        let lines =
            BUNDLED.lines().filter(|line| !line.starts_with(['#', 'p']) || line.contains(";2"));
        let holidays = Holidays::bundled();
        let rows: usize = Place::ALL.iter().map(|place| holidays.of(*place).len()).sum();
        assert_eq!(rows, lines.count());
        assert_eq!(holidays.places().count(), Place::ALL.len());
        assert_eq!(holidays.doubts(), Vec::<String>::new());
        for place in Place::ALL {
            for row in holidays.of(place) {
                let (first, last) = row.days().unwrap_or_else(|| panic!("{row:?}"));
                let days = (last - first).get_days() + 1;
                assert!((1..=66).contains(&days), "{row:?}: {days} days");
                assert!(row.back != Some(row.leave) || !row.is_holidays(), "{row:?}");
            }
        }
    }

    #[test]
    fn what_is_known_ends_on_a_day_that_is_told() {
        let holidays = Holidays::bundled();
        let until = [
            (Place::ZoneA, date(2028, 7, 4)),
            (Place::ZoneB, date(2028, 7, 4)),
            (Place::ZoneC, date(2028, 7, 4)),
            (Place::Corse, date(2026, 7, 4)),
            (Place::Mayotte, date(2027, 7, 10)),
            (Place::LaReunion, date(2027, 8, 15)),
            (Place::NouvelleCaledonie, date(2028, 2, 13)),
        ];
        for (place, day) in until {
            assert_eq!(holidays.valid_until(place), Some(day), "{place:?}");
        }
        assert_eq!(Holidays::default().valid_until(Place::ZoneA), None);
    }

    #[test]
    fn newer_holidays_count_within_the_time_that_they_cover() {
        let mut holidays = Holidays::bundled();
        let (before, elsewhere) = (holidays.clone(), holidays.of(Place::ZoneB).to_vec());
        let newer = [
            row("Faute", date(2040, 12, 18), None),
            row("Vacances de Noël", date(2026, 12, 18), Some(date(2027, 1, 5))),
            row("Vacances d'Été", date(2027, 7, 3), None),
        ];
        holidays.merge(newer.into_iter().collect());
        let of = |all: &Holidays, from: Date, to: Date| -> Vec<_> {
            let rows = all.of(Place::ZoneA).iter();
            rows.filter(|row| (from..to).contains(&row.leave))
                .map(|row| (row.leave, row.back))
                .collect()
        };
        assert_eq!(
            of(&holidays, date(2026, 12, 1), date(2027, 8, 1)),
            [
                (date(2026, 12, 18), Some(date(2027, 1, 5))),
                (date(2027, 7, 3), Some(date(2027, 9, 2))),
            ],
            "nothing of the old in between, and the return that was known"
        );
        for (from, to) in
            [(date(2024, 1, 1), date(2026, 12, 1)), (date(2027, 8, 1), date(2029, 1, 1))]
        {
            assert_eq!(of(&holidays, from, to), of(&before, from, to));
        }
        assert_eq!(holidays.of(Place::ZoneB), elsewhere);
    }

    #[test]
    fn holidays_upon_holidays_are_doubted() {
        let rows = [
            row("Vacances de Mai", date(2026, 5, 23), Some(date(2026, 7, 8))),
            row("Grandes Vacances", date(2026, 7, 4), None),
        ];
        let doubts = rows.into_iter().collect::<Holidays>().doubts();
        assert_eq!(
            doubts,
            [
                "Zone A: Vacances de Mai last until 2026-07-07, and Grandes Vacances begin on 2026-07-05"
            ]
        );
    }
}
