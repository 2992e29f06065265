//! Where the holidays that ship are from, and since when.
//!

use jiff::civil::{Date, date};

/// The day on which the holidays that ship were put together.
pub const SHIPPED_ON: Date = date(2026, 11, 22);

/// What the holidays that ship name as their source, and its name in English and in French.
pub const SOURCES: [(&str, &str, &str); 4] = [
    (
        "dataset",
        "the ministry’s open data (fr-en-calendrier-scolaire)",
        "les données ouvertes du ministère (fr-en-calendrier-scolaire)",
    ),
    (
        "order-2025",
        "the order of 22 October 2025 (JORFTEXT000052416058)",
        "l’arrêté du 22 octobre 2025 (JORFTEXT000052416058)",
    ),
    (
        "order-2026",
        "the order of 21 July 2026 (JORFTEXT000054457294)",
        "l’arrêté du 21 juillet 2026 (JORFTEXT000054457294)",
    ),
    ("academy", "the academy’s own calendar", "le calendrier de l’académie"),
];

/// The names of a source in English and in French; a file's is its own.
pub fn source_names(source: &str) -> (&str, &str) {
    let known = SOURCES.iter().find(|(id, ..)| *id == source);
    known.map_or((source, source), |(_, en, fr)| (en, fr))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{
        super::{Holidays, Place},
        *,
    };

    #[test]
    fn the_file_that_ships_is_of_that_day_and_every_source_of_it_has_a_name() {
        let file = include_str!("../../../data/calendar/school-holidays.csv");
        assert!(file.contains(&format!("Put together on {SHIPPED_ON} from:")));
        let holidays = Holidays::bundled();
        let named: BTreeSet<_> = Place::ALL
            .iter()
            .flat_map(|place| holidays.of(*place))
            .map(|row| &*row.source)
            .collect();
        assert_eq!(named, SOURCES.iter().map(|(id, ..)| *id).collect());
        for (id, en, fr) in SOURCES {
            assert!(file.contains(&format!("#   {id} ")), "{id}");
            assert_eq!(source_names(id), (en, fr));
        }
        assert_eq!(source_names("Zone-A.ics"), ("Zone-A.ics", "Zone-A.ics"));
    }
}
