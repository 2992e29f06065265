//! A line of an official file, whichever form it came in.
//!

use jiff::{
    Timestamp, ToSpan as _,
    civil::{Date, date},
    tz::TimeZone,
};

use super::{
    super::{of_academy, text::plain},
    Place, Published,
};

/// What a line says, as it says it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// `Vacances de Noël`
    pub label: String,
    /// Who it is for: `-`, `Élèves`, `Enseignants`, `Saint-Martin`.
    pub population: String,
    /// The day that it begins on, or the instant of that day's midnight.
    pub start: String,
    /// As `start`; empty where there is none.
    pub end: String,
    /// `Zone A`, `Guadeloupe`, an academy.
    pub place: String,
}

/// Southern summers have up to 66 days, faults 231.
const MOST_DAYS: i32 = 100;

impl Row {
    /// The holidays that it means, one a place; nothing where it is not for pupils of a collège.
    pub fn published(&self, source: &str, notes: &mut Vec<String>) -> Vec<Published> {
        let label = self.label.trim();
        let population = plain(&self.population);
        if !is_time_off(&plain(label)) || !is_for_colleges(&population) {
            return Vec::new();
        }
        match self.days() {
            Ok((leave, back)) => {
                let (back, note) = sensible(leave, back);
                notes.extend(note.map(|note| format!("{label}: {note}")));
                if back == Some(Err(())) {
                    return Vec::new();
                }
                let back = back.and_then(Result::ok);
                // `Début des Vacances d'Été` gives its own day twice: the return is not published.
                let (label, back) = match label.strip_prefix("Début des ") {
                    Some(rest) => (rest, back.filter(|back| *back != leave)),
                    None => (label, back),
                };
                let places = self.places(&population);
                if places.is_empty() {
                    notes.push(format!("{label}: the place {:?} is not known", self.place));
                }
                let published = |place| Published {
                    place,
                    label: label.into(),
                    leave,
                    back,
                    source: source.into(),
                };
                places.into_iter().map(published).collect()
            }
            Err(found) => {
                notes.push(format!("{label}: expected a day, found {found:?}"));
                Vec::new()
            }
        }
    }

    fn days(&self) -> Result<(Date, Option<Date>), &str> {
        let leave = day(&self.start).ok_or(self.start.as_str())?;
        if self.end.trim().is_empty() {
            return Ok((leave, None));
        }
        Ok((leave, Some(day(&self.end).ok_or(self.end.as_str())?)))
    }

    fn places(&self, population: &str) -> Vec<Place> {
        let places = places_in(&self.place);
        if places != [Place::Guadeloupe] {
            return places;
        }
        // One academy, three islands; a day off may be for some of them.
        let islands = [Place::Guadeloupe, Place::SaintMartin, Place::SaintBarthelemy];
        if population.contains("sauf") {
            return places;
        }
        let named = |island: &Place| population.contains(&plain(island.name()));
        let some: Vec<_> = islands.into_iter().filter(named).collect();
        if some.is_empty() { islands.into() } else { some }
    }
}

/// The places that some words name: `Zones A/B/C - Corse`, `SaintPierreEtMiquelon`, an academy.
pub fn places_in(words: &str) -> Vec<Place> {
    let words = plain(words);
    let mut places = Vec::new();
    let mut zones = false;
    for word in words.split(' ') {
        match word {
            "zone" | "zones" => zones = true,
            "a" if zones => places.push(Place::ZoneA),
            "b" if zones => places.push(Place::ZoneB),
            "c" if zones => places.push(Place::ZoneC),
            "et" => {}
            _ => zones = false,
        }
    }
    let run_together = words.replace(' ', "");
    let others = Place::ALL.into_iter().filter(|place| {
        !matches!(place, Place::ZoneA | Place::ZoneB | Place::ZoneC)
            && run_together.contains(match place {
                Place::LaReunion => "reunion",
                Place::PolynesieFrancaise => "polynesie",
                Place::NouvelleCaledonie => "nouvellecaledonie",
                Place::SaintPierreEtMiquelon => "saintpierreetmiquelon",
                Place::WallisEtFutuna => "wallis",
                Place::SaintMartin => "saintmartin",
                Place::SaintBarthelemy => "saintbarthelemy",
                named => named.code(),
            })
    });
    places.extend(others);
    if places.is_empty() {
        places.extend(of_academy(&words).map(|found| found.place));
    }
    places
}

/// The day that a date or an instant means. The data set gives midnight in Paris as an instant
/// (`2026-10-16T22:00:00+00:00` is October 17th), and its exports midnight of any zone that was
/// asked for: half a day later it is that day in UTC, from Tahiti to Nouméa.
pub fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    let day = if let Ok(instant) = text.parse::<Timestamp>() {
        instant.checked_add(12.hours()).ok()?.to_zoned(TimeZone::UTC).date()
    } else if text.len() == 8 && text.bytes().all(|digit| digit.is_ascii_digit()) {
        Date::strptime("%Y%m%d", text).ok()?
    } else if text.contains('/') {
        Date::strptime("%d/%m/%Y", text).ok()?
    } else if text.len() == 10 {
        text.parse().ok()?
    } else {
        return None;
    };
    (date(2000, 1, 1)..date(2100, 1, 1)).contains(&day).then_some(day)
}

/// A return that can be, `Some(Err)` where the line cannot; and what is to be said of it.
fn sensible(leave: Date, back: Option<Date>) -> (Option<Result<Date, ()>>, Option<String>) {
    let Some(back) = back else { return (None, None) };
    let length = |back: Date| (back - leave).get_days();
    if back < leave {
        // A wrong year, as at Christmas 2026 in Guadeloupe: silence beats bells in the holidays.
        let later =
            back.checked_add(1.year()).ok().filter(|day| (1..MOST_DAYS).contains(&length(*day)));
        let what = later.map_or("left out".to_owned(), |day| format!("taken as {day}"));
        let note = format!("the end {back} is before the start {leave}, {what}");
        return (Some(later.ok_or(())), Some(note));
    }
    if length(back) > MOST_DAYS {
        let note = format!("from {leave} to {back} is {} days, left out", length(back));
        return (Some(Err(())), Some(note));
    }
    (Some(Ok(back)), None)
}

/// Older files have the days on which school begins among their events.
fn is_time_off(label: &str) -> bool {
    !["enseignants", "rentree", "reprise"].iter().any(|word| label.contains(word))
}

/// Whether pupils of a collège are among them. Where collèges and lycées differ (Polynésie, some
/// years), a lycée sets its own days.
fn is_for_colleges(population: &str) -> bool {
    let names = |word: &str| population.contains(word);
    if names("enseignants") {
        false
    } else if names("college") || names("second degre") {
        true
    } else {
        !names("premier degre") && !names("lycees")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_midnight_is_the_day_that_it_begins() {
        let cases = [
            ("2026-10-16T22:00:00+00:00", "2026-10-17"),
            ("2026-12-18T23:00:00Z", "2026-12-19"),
            ("2026-10-17T00:00:00+02:00", "2026-10-17"),
            ("2026-10-16T13:00:00+00:00", "2026-10-17"),
            ("2026-10-17T10:00:00+00:00", "2026-10-17"),
            ("2026-10-17", "2026-10-17"),
            ("17/10/2026", "2026-10-17"),
            ("20261017", "2026-10-17"),
        ];
        for (text, wanted) in cases {
            assert_eq!(day(text).map(|day| day.to_string()).as_deref(), Some(wanted), "{text}");
        }
        for text in ["", "demain", "2026-13-01", "31/02/2026", "1999-12-31", "2100-01-01", "9999"] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn places_are_found_in_the_words_that_files_use() {
        use Place::*;
        let cases: [(&str, &[Place]); 10] = [
            ("Zone A", &[ZoneA]),
            ("Zones A/B/C - Corse", &[ZoneA, ZoneB, ZoneC, Corse]),
            ("Zone-A-B-C-Corse", &[ZoneA, ZoneB, ZoneC, Corse]),
            ("zones A et C", &[ZoneA, ZoneC]),
            ("Saint Pierre et Miquelon", &[SaintPierreEtMiquelon]),
            ("SaintPierreEtMiquelon", &[SaintPierreEtMiquelon]),
            ("Réunion", &[LaReunion]),
            ("Nouvelle Calédonie", &[NouvelleCaledonie]),
            ("Aix-Marseille", &[ZoneB]),
            ("Vacances à la mer", &[]),
        ];
        for (words, wanted) in cases {
            assert_eq!(places_in(words), wanted, "{words}");
        }
    }
}
