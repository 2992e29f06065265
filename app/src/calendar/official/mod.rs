//! The official calendar files, in whichever of the three forms they come.
//!
//! The Ministry of Education publishes the data set fr-en-calendrier-scolaire as CSV, as JSON (two
//! generations of its API) and as one iCalendar file a place. What a file is shows in its first
//! character. What is wrong with one line is a note and leaves the line out; what is wrong with the
//! file is an error and leaves all of it out.

mod csv;
mod ics;
mod json;
mod rows;

use serde::Serialize;

use super::{Holidays, Place, Published, text::text_of};
use rows::Row;

pub use super::text::Unreadable;

/// The largest file that is looked at; the largest official one has under 1 MiB.
pub const MAX_BYTES: usize = 4 << 20;

/// The most lines that are looked at; the data set grows by 250 a year and had 2,138 in 2025.
const MAX_ROWS: usize = 20_000;

/// What an official file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// Its holidays, for pupils of collèges.
    pub holidays: Holidays,
    /// What was left out or put right, a sentence each.
    pub notes: Vec<String>,
    /// Which form it had.
    pub form: Form,
}

/// The forms of an official file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Fields between semicolons.
    Csv,
    /// An answer of the API.
    Json,
    /// iCalendar.
    Ics,
}

/// Reads an official file. `source` is what a day says it is from, `place` the one of an iCalendar
/// file that names none.
///
/// # Errors
/// Where it is no such file, or holds no holidays that we know the place of.
pub fn read(bytes: &[u8], source: &str, place: Option<Place>) -> Result<Read, Unreadable> {
    let text = text_of(bytes, MAX_BYTES)?;
    let start = text.trim_start();
    let (form, rows) = if start.starts_with(['{', '[']) {
        (Form::Json, json::rows(text)?)
    } else if start.get(..15).is_some_and(|begin| begin.eq_ignore_ascii_case("BEGIN:VCALENDAR")) {
        (Form::Ics, ics::rows(text, place)?)
    } else if start.starts_with('<') {
        return Err(Unreadable::new(
            "a web page: expected the calendar as CSV, JSON or .ics (the link leads to a page about it)",
        ));
    } else {
        (Form::Csv, csv::rows(text)?)
    };
    if rows.len() > MAX_ROWS {
        return Err(Unreadable::new(format!("{} lines: expected at most {MAX_ROWS}", rows.len())));
    }
    let mut notes = Vec::new();
    let holidays: Holidays =
        rows.iter().flat_map(|row| row.published(source, &mut notes)).collect();
    if holidays.places().next().is_none() {
        let why = notes.first().map_or_else(String::new, |note| format!(" ({note})"));
        return Err(Unreadable::new(format!("no school holidays in the file{why}")));
    }
    notes.extend(holidays.doubts());
    Ok(Read { holidays, notes, form })
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::*;

    /// As data.education.gouv.fr writes it: a byte-order mark, labels, instants of midnight in Paris.
    const CSV: &str = "\u{feff}Description;Population;Date de début;Date de fin;Académies;Zones;annee_scolaire\r
Vacances de la Toussaint;-;2026-10-16T22:00:00+00:00;2026-11-01T23:00:00+00:00;Lyon;Zone A;2026-2027\r
Vacances de la Toussaint;-;2026-10-16T22:00:00+00:00;2026-11-01T23:00:00+00:00;Dijon;Zone A;2026-2027\r
Vacances d'Été;Enseignants;2027-07-02T22:00:00+00:00;2027-08-31T22:00:00+00:00;Lyon;Zone A;2026-2027\r
Vacances d'Été;Élèves;2027-07-02T22:00:00+00:00;2027-09-01T22:00:00+00:00;Lyon;Zone A;2026-2027\r
Vacances de Noël;-;2026-12-18T23:00:00+00:00;2027-01-03T23:00:00+00:00;Guadeloupe;Guadeloupe;2026-2027\r
Semaine en mai;Saint Martin;2026-05-28T22:00:00+00:00;2026-05-28T22:00:00+00:00;Guadeloupe;Guadeloupe;2025-2026\r
Début des Grandes Vacances;Premier degré;2026-07-02T22:00:00+00:00;2026-07-02T22:00:00+00:00;Polynésie;Polynésie;2025-2026\r
Début des Grandes Vacances;Second degré;2026-07-03T22:00:00+00:00;2026-07-03T22:00:00+00:00;Polynésie;Polynésie;2025-2026\r
";

    fn listed(read: &Read, place: Place) -> Vec<(Date, Option<Date>)> {
        read.holidays.of(place).iter().map(|row| (row.leave, row.back)).collect()
    }

    #[test]
    fn the_same_holidays_come_from_all_three_forms() {
        let v2 = r#"[{"description":"Vacances de la Toussaint","population":"-","start_date":"2026-10-16T22:00:00+00:00","end_date":"2026-11-01T23:00:00+00:00","location":"Lyon","zones":"Zone A","annee_scolaire":"2026-2027"},
            {"description":"Vacances d'Été","population":"Élèves","start_date":"2027-07-03T00:00:00+02:00","end_date":"2027-09-02","location":"Lyon","zones":"Zone A"}]"#;
        let v1 = r#"{"nhits":2,"records":[{"fields":{"description":"Vacances de la Toussaint","start_date":"2026-10-16T22:00:00Z","end_date":"2026-11-01T23:00:00Z","zones":"Zone A"}},
            {"fields":{"description":"Vacances d'Été","start_date":"2027-07-02T22:00:00Z","end_date":"2027-09-01T22:00:00Z","location":"Lyon"}}]}"#;
        let records = format!(r#"{{"total_count":2,"results":{v2}}}"#);
        let ics = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261017\r\nDTEND;VALUE=DATE:20261102\r\nSUMMARY:Vacances de la Toussaint - Zones A/B/C\r\nLOCATION:Zones A/B\r\n /C\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270831\r\nDTEND;VALUE=DATE:20270902\r\nSUMMARY:Vacances d'Été(prérentrée Enseignants) - Zone A\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260901\r\nSUMMARY:Rentrée scolaire des élèves - Zone A\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270703\r\nDTEND;VALUE=DATE:20270902\r\nSUMMARY:Vacances d'Été\r\nUID:20260918T084701Z-Zone-A@data.education.gouv.fr\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let wanted = [
            (date(2026, 10, 17), Some(date(2026, 11, 2))),
            (date(2027, 7, 3), Some(date(2027, 9, 2))),
        ];
        for (file, form) in [
            (CSV, Form::Csv),
            (v2, Form::Json),
            (v1, Form::Json),
            (&records, Form::Json),
            (ics, Form::Ics),
        ] {
            let read = read(file.as_bytes(), "test", None).unwrap();
            assert_eq!((read.form, listed(&read, Place::ZoneA)), (form, wanted.to_vec()), "{file}");
            assert_eq!(read.notes, Vec::<String>::new(), "{file}");
        }
    }

    #[test]
    fn islands_of_an_academy_and_levels_are_told_apart() {
        let read = read(CSV.as_bytes(), "test", None).unwrap();
        let christmas = (date(2026, 12, 19), Some(date(2027, 1, 4)));
        let may = (date(2026, 5, 29), Some(date(2026, 5, 29)));
        assert_eq!(listed(&read, Place::Guadeloupe), [christmas]);
        assert_eq!(listed(&read, Place::SaintMartin), [may, christmas]);
        assert_eq!(listed(&read, Place::PolynesieFrancaise), [(date(2026, 7, 4), None)]);
    }

    #[test]
    fn the_faults_that_official_files_have_had_are_put_right_or_left_out() {
        let ics = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:20260831T093815Z-Guadeloupe@data.education.gouv.fr\nDTSTART;VALUE=DATE:20261219\nDTEND;VALUE=DATE:20260104\nSUMMARY:Vacances de Noël\nEND:VEVENT\nBEGIN:VEVENT\nUID:20260918T085808Z-Guadeloupe@data.education.gouv.fr\nDTSTART;VALUE=DATE:20261009\nDTEND;VALUE=DATE:20270528\nSUMMARY:Abolition de l?esclavage\nEND:VEVENT\nEND:VCALENDAR\n";
        let read = read(ics.as_bytes(), "test", None).unwrap();
        assert_eq!(
            listed(&read, Place::Guadeloupe),
            [(date(2026, 12, 19), Some(date(2027, 1, 4)))]
        );
        assert_eq!(
            read.notes,
            [
                "Vacances de Noël: the end 2026-01-04 is before the start 2026-12-19, taken as 2027-01-04",
                "Abolition de l?esclavage: from 2026-10-09 to 2027-05-28 is 231 days, left out",
            ]
        );
    }

    #[test]
    fn another_file_is_refused_in_words() {
        let cases = [
            ("", "the file is empty"),
            ("<!doctype html><html>", "a web page"),
            ("{\"error\": \"not found\"}", "no list of records"),
            ("[{]", "not JSON"),
            ("{\"total_count\": 198, \"results\": [{\"description\": \"x\"}]}", "1 of 198 lines"),
            ("nom;prénom\nA;B\n", "expected the columns"),
            ("description;start_date;end_date;zones\n", "no school holidays in the file"),
            (
                "description;start_date;end_date;zones\nVacances;demain;2026-01-01;Zone A\n",
                "expected a day, found \"demain\"",
            ),
            (
                "description;start_date;end_date;zones\nVacances;2026-10-17;2026-11-02;Zone D\n",
                "the place \"Zone D\" is not known",
            ),
            ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "no events"),
            (
                "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261017\nSUMMARY:Vacances\nEND:VEVENT\nEND:VCALENDAR\n",
                "names no place",
            ),
            ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261017\n", "cut short"),
        ];
        for (file, wanted) in cases {
            let found = read(file.as_bytes(), "test", None).unwrap_err().to_string();
            assert!(found.contains(wanted), "{file}: {found}");
        }
        assert!(read(&vec![b'a'; MAX_BYTES + 1], "test", None).is_err());
    }

    #[test]
    fn a_file_of_a_place_without_a_name_is_of_the_one_that_is_told() {
        let ics = "begin:vcalendar\nBEGIN:VEVENT\nDTSTART:20261017\nDTEND:20261102\nSUMMARY:Vacances de la Toussaint\nEND:VEVENT\nEND:VCALENDAR\n";
        let read = read(ics.as_bytes(), "test", Some(Place::Corse)).unwrap();
        assert_eq!(listed(&read, Place::Corse), [(date(2026, 10, 17), Some(date(2026, 11, 2)))]);
    }
}
