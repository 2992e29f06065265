//! The calendar of one place as iCalendar: `Zone-A.ics`.
//!
//! An event's start is the day after whose classes the holidays begin, its end the day of return,
//! as in the data set. Where it is for stands in its place, its title or its identifier.

use super::{super::ical, Place, Row, Unreadable, rows::places_in};

/// The events of the file.
pub fn rows(text: &str, place: Option<Place>) -> Result<Vec<Row>, Unreadable> {
    let calendar = ical::calendar(text)?;
    if calendar.events.is_empty() {
        return Err(Unreadable::new("no events in the calendar"));
    }
    let mut nameless = None;
    let rows: Vec<_> = calendar
        .events
        .iter()
        .filter_map(|event| {
            let title = event.text("SUMMARY");
            // `Vacances d'Été(prérentrée Enseignants) - Zone A`
            let (label, at) = title.split_once(" - ").unwrap_or((&title, ""));
            let (label, population) = label.split_once('(').unwrap_or((label, ""));
            let whole = [event.text("LOCATION"), at.into(), event.identity()];
            let named = whole.iter().find(|words| !places_in(words).is_empty()).cloned();
            let named = named
                .or_else(|| place.map(|place| place.name().into()))
                .or_else(|| Some(calendar.name.clone()).filter(|name| !places_in(name).is_empty()));
            let Some(named) = named else {
                nameless.get_or_insert_with(|| label.to_owned());
                return None;
            };
            Some(Row {
                label: label.into(),
                population: population.trim_end_matches(')').into(),
                start: event.raw("DTSTART").into(),
                end: event.raw("DTEND").into(),
                place: named,
            })
        })
        .collect();
    match nameless {
        Some(label) if rows.is_empty() => Err(Unreadable::new(format!(
            "the calendar names no place ({label:?} has none): say which zone or territory it is of"
        ))),
        _ => Ok(rows),
    }
}
