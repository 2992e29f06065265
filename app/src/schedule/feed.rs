//! Days as a calendar file (iCalendar, RFC 5545).
//!

use jiff::{SignedDuration, Timestamp};

use super::{Bell, Day};
use crate::ical::Lines;

/// Days as a calendar file. `now` is when it is made; `french` is the language of its words.
pub fn calendar(days: impl IntoIterator<Item = Day>, now: Timestamp, french: bool) -> String {
    let mut lines = Lines::default();
    for (name, value) in [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        (
            "PRODID",
            if french { "-//Beffroi//Bell tables//FR" } else { "-//Beffroi//Bell tables//EN" },
        ),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        ("X-WR-CALNAME", if french { "Sonneries" } else { "Bells" }),
    ] {
        lines.value(name, value);
    }
    for bell in days.into_iter().flat_map(|day| day.bells) {
        event(&bell, now, french, &mut lines);
    }
    lines.value("END", "VCALENDAR");
    lines.into_file()
}

fn event(bell: &Bell, now: Timestamp, french: bool, lines: &mut Lines) {
    let utc = |at: Timestamp| at.strftime("%Y%m%dT%H%M%SZ").to_string();
    let why = bell.because();
    let end = bell.at.saturating_add(SignedDuration::from_mins(1)).unwrap_or(bell.at);
    lines.value("BEGIN", "VEVENT");
    // The same in every file: a calendar program knows it again.
    lines.text("UID", &format!("{}@beffroi", bell.id));
    lines.value("DTSTAMP", &utc(now));
    lines.value("DTSTART", &utc(bell.at));
    lines.value("DTEND", &utc(end));
    lines.text("SUMMARY", if bell.label.is_empty() { &bell.id.trigger } else { &bell.label });
    lines.text("DESCRIPTION", if french { &why.fr } else { &why.en });
    lines.value("TRANSP", "TRANSPARENT");
    lines.value("END", "VEVENT");
}
