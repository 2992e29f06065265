//! A school's own events from any .ics: trips, exams, closed days.
//!
//! Each becomes an entry for whoever keeps the tables to say what it does to the bells. Events that
//! repeat are left out with a sentence: a repetition that is misread is a bell on the wrong day.

use jiff::{
    Timestamp, ToSpan as _,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};
use serde::Serialize;

use super::{
    MAX_BYTES, Unreadable,
    ical::{self, Event},
    text::text_of,
};

/// An event of the school: days, and hours where it has any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SchoolEvent {
    /// Its title.
    pub label: String,
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
    /// From when to when, in the school's time; `None` for whole days.
    pub hours: Option<(Time, Time)>,
}

/// What a file of events holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// Its events, by their first day.
    pub events: Vec<SchoolEvent>,
    /// What was left out, a sentence each.
    pub notes: Vec<String>,
}

/// A title is cut here: so many bytes are what a label of the tables may have.
const MAX_LABEL: usize = 200;

/// An event that lasts longer is no event of a school.
const MAX_DAYS: i32 = 366;

/// Reads the events of a file, in the school's time.
///
/// # Errors
/// Where it is no calendar.
pub fn import(bytes: &[u8], zone: &TimeZone) -> Result<Imported, Unreadable> {
    let calendar = ical::calendar(text_of(bytes, MAX_BYTES)?)?;
    let mut imported = Imported { events: Vec::new(), notes: Vec::new() };
    for event in &calendar.events {
        if event.raw("STATUS").eq_ignore_ascii_case("CANCELLED") {
            continue;
        }
        let label = tidy(&event.text("SUMMARY"));
        match read(event, zone) {
            Ok((first, last, hours)) => {
                imported.events.push(SchoolEvent { label, first, last, hours });
            }
            Err(why) => imported.notes.push(format!("{label:?}: {why}")),
        }
    }
    imported.events.sort_by(|a, b| {
        (a.first, a.hours, a.last, &a.label).cmp(&(b.first, b.hours, b.last, &b.label))
    });
    // Calendars that were put together from several have some events twice.
    imported.events.dedup();
    Ok(imported)
}

/// A title on one line, cut to what a label may have.
fn tidy(title: &str) -> String {
    let words: Vec<_> = title.split_whitespace().collect();
    let mut label = words.join(" ");
    let end = label.char_indices().map(|(at, letter)| at + letter.len_utf8());
    let end = end.take_while(|end| *end <= MAX_LABEL).last().unwrap_or_default();
    label.truncate(end);
    label
}

type Extent = (Date, Date, Option<(Time, Time)>);

fn read(event: &Event, zone: &TimeZone) -> Result<Extent, String> {
    if event.has("RRULE") || event.has("RDATE") || event.has("RECURRENCE-ID") {
        return Err("it repeats, and repetitions are not read: enter its days one by one".into());
    }
    let start = moment(event, "DTSTART", zone)?;
    let end = if event.has("DTEND") {
        moment(event, "DTEND", zone)?
    } else if event.has("DURATION") {
        let text = event.raw("DURATION");
        let span: jiff::Span = text.parse().map_err(|_| format!("DURATION is {text:?}"))?;
        let end = start.0.checked_add(span).map_err(|_| format!("DURATION is {text:?}"))?;
        (end, start.1)
    } else if start.1 {
        (start.0.checked_add(1.day()).map_err(|error| error.to_string())?, true)
    } else {
        start
    };
    let ((start, whole), (end, _)) = (start, end);
    if end < start {
        return Err(format!("it ends ({end}) before it begins ({start})"));
    }
    // The end of whole days is the day after (RFC 5545, 3.6.1), and midnight is the day before's.
    let last = if end > start && end.time() == Time::midnight() {
        end.date().yesterday().map_err(|error| error.to_string())?
    } else {
        end.date()
    };
    if (last - start.date()).get_days() > MAX_DAYS {
        return Err(format!("it lasts from {} to {last}", start.date()));
    }
    // From midnight to midnight: days that somebody's program has written as hours.
    let midnights =
        end > start && (start.time(), end.time()) == (Time::midnight(), Time::midnight());
    let hours = (!whole && !midnights).then(|| (start.time(), end.time()));
    Ok((start.date(), last, hours))
}

/// A moment in the school's time, and whether it is a whole day.
fn moment(event: &Event, name: &str, zone: &TimeZone) -> Result<(DateTime, bool), String> {
    let text = event.raw(name);
    let wrong = || format!("{name} is {text:?}, expected a day or a time");
    if text.len() == 8 {
        let day = Date::strptime("%Y%m%d", text).map_err(|_| wrong())?;
        return Ok((day.to_datetime(Time::midnight()), true));
    }
    if let Some(utc) = text.strip_suffix('Z') {
        let at = DateTime::strptime("%Y%m%dT%H%M%S", utc).map_err(|_| wrong())?;
        let at: Timestamp = at.to_zoned(TimeZone::UTC).map_err(|_| wrong())?.timestamp();
        return Ok((at.to_zoned(zone.clone()).datetime(), false));
    }
    let at = DateTime::strptime("%Y%m%dT%H%M%S", text).map_err(|_| wrong())?;
    // A time without a zone is whoever's that reads it.
    let Some(name) = event.parameter(name, "TZID") else { return Ok((at, false)) };
    let other = TimeZone::get(&name).map_err(|_| format!("the time zone {name:?} is not known"))?;
    let at = at.to_zoned(other).map_err(|_| wrong())?;
    Ok((at.with_time_zone(zone.clone()).datetime(), false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paris() -> TimeZone {
        TimeZone::get("Europe/Paris").unwrap()
    }

    fn events(lines: &str) -> Imported {
        let text = format!("BEGIN:VCALENDAR\r\n{lines}END:VCALENDAR\r\n");
        import(text.as_bytes(), &paris()).unwrap()
    }

    fn extent(lines: &str) -> String {
        let imported = events(&format!("BEGIN:VEVENT\r\nSUMMARY:x\r\n{lines}\r\nEND:VEVENT\r\n"));
        match imported.events.as_slice() {
            [one] => {
                let hours = one.hours.map(|(from, to)| format!(" {from} {to}")).unwrap_or_default();
                format!("{} {}{hours}", one.first, one.last)
            }
            _ => imported.notes.join("; "),
        }
    }

    #[test]
    fn an_event_has_days_and_perhaps_hours() {
        let cases = [
            ("DTSTART;VALUE=DATE:20270111\r\nDTEND;VALUE=DATE:20270116", "2027-01-11 2027-01-15"),
            ("DTSTART;VALUE=DATE:20270111", "2027-01-11 2027-01-11"),
            ("DTSTART;VALUE=DATE:20270111\r\nDTEND;VALUE=DATE:20270111", "2027-01-11 2027-01-11"),
            ("DTSTART;VALUE=DATE:20270111\r\nDURATION:P2D", "2027-01-11 2027-01-12"),
            (
                "DTSTART:20270111T070000Z\r\nDTEND:20270111T110000Z",
                "2027-01-11 2027-01-11 08:00:00 12:00:00",
            ),
            ("DTSTART:20270601T220000Z\r\nDTEND:20270602T220000Z", "2027-06-02 2027-06-02"),
            (
                "DTSTART:20270601T200000Z\r\nDTEND:20270601T220000Z",
                "2027-06-01 2027-06-01 22:00:00 00:00:00",
            ),
            (
                "DTSTART;TZID=Europe/Paris:20270111T080000\r\nDURATION:PT4H",
                "2027-01-11 2027-01-11 08:00:00 12:00:00",
            ),
            (
                "DTSTART;TZID=America/New_York:20270111T020000",
                "2027-01-11 2027-01-11 08:00:00 08:00:00",
            ),
            (
                "DTSTART:20270111T080000\r\nDTEND:20270112T120000",
                "2027-01-11 2027-01-12 08:00:00 12:00:00",
            ),
        ];
        for (lines, wanted) in cases {
            assert_eq!(extent(lines), wanted, "{lines}");
        }
    }

    #[test]
    fn what_cannot_be_an_entry_is_told() {
        let cases = [
            ("DTSTART:20270111T080000\r\nRRULE:FREQ=WEEKLY", "it repeats"),
            ("DTSTART:tomorrow", "expected a day or a time"),
            ("LOCATION:x", "expected a day or a time"),
            ("DTSTART;TZID=Mars:20270111T080000", "the time zone \"Mars\""),
            ("DTSTART:20270111T080000\r\nDTEND:20270110T080000", "before it begins"),
            ("DTSTART:20270111\r\nDTEND:20290111", "it lasts from"),
            ("STATUS:CANCELLED\r\nDTSTART:20270111", ""),
        ];
        for (lines, wanted) in cases {
            let found = extent(lines);
            assert!(found.contains(wanted) && !found.starts_with("20"), "{lines}: {found}");
        }
    }

    #[test]
    fn events_come_in_order_with_tidy_titles() {
        let imported = events(
            "BEGIN:VEVENT\r\nSUMMARY:Brevet\\nblanc\r\nDTSTART:20270125\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Cross\r\nDTSTART:20261016T080000\r\nEND:VEVENT\r\n",
        );
        let labels: Vec<_> = imported.events.iter().map(|event| &*event.label).collect();
        assert_eq!(labels, ["Cross", "Brevet blanc"]);
    }

    #[test]
    fn a_title_is_no_longer_than_a_label_and_an_event_that_is_there_twice_is_one() {
        let event = format!(
            "BEGIN:VEVENT\r\nSUMMARY:{}\r\nDTSTART:20270125\r\nEND:VEVENT\r\n",
            "é".repeat(150)
        );
        let imported = events(&event.repeat(2));
        let labels: Vec<_> = imported.events.iter().map(|event| &*event.label).collect();
        assert_eq!(labels, ["é".repeat(100)]);
    }
}
