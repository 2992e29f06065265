//! Bells, entries of the calendar, and changes of the day.
//!

use std::sync::Arc;

use jiff::civil::{Date, Time};
use serde_json::Value;

use crate::{
    engine::TriggerId,
    schedule::model::{
        Change, ChangeKind, DayTypeId, Entry, EntryDay, Span, WrittenBell, parse_time,
    },
    store::{
        Problem,
        conf::fields::{self, Fields},
    },
};

/// What a name or a label is to be.
pub const NAME: &str = "a text of at most 200 bytes";

const TIME: &str = "a time such as \"08:25\"";
const DATE: &str = "a date such as \"2026-11-09\"";

/// Reads a name or a label.
pub fn name(value: &Value) -> Option<Arc<str>> {
    value.as_str().filter(|name| name.len() <= 200).map(Arc::from)
}

/// Reads a date.
pub fn date(value: &Value) -> Option<Date> {
    // As it is written here and not in every way that ISO 8601 has, one of which has a time too.
    value.as_str().filter(|text| text.len() == 10).and_then(|text| text.parse().ok())
}

/// Reads a day type's id.
pub fn id(value: &Value) -> Option<DayTypeId> {
    value.as_str().and_then(|text| text.parse().ok())
}

/// Reads a bell.
pub fn bell(path: &str, value: &Value, problems: &mut Vec<Problem>) -> Option<WrittenBell> {
    fields::read(path, value, problems, written_bell)
}

/// Reads an entry of the calendar.
pub fn entry(path: &str, value: &Value, problems: &mut Vec<Problem>) -> Option<Entry> {
    fields::read(path, value, problems, |fields| {
        let from = fields.required("from", DATE, date);
        let to = fields.optional("to", DATE, date);
        let label = fields.optional("label", NAME, name).unwrap_or_default();
        let day = entry_day(fields);
        // A wrong one would be an hour with bells in an examination: all of the entry is left out.
        let hours = fields.whole_list("silent_hours", |path, value, problems| {
            fields::read(path, value, problems, span)
        });
        let from = from?;
        let to = to.unwrap_or(from);
        if to < from {
            fields.error("to", format!("{to} is before from {from}"));
        }
        Some(Entry { from, to, label, day: day?, silent_hours: hours? })
    })
}

/// Reads a change of the day.
pub fn change(path: &str, value: &Value, problems: &mut Vec<Problem>) -> Option<Change> {
    fields::read(path, value, problems, |fields| {
        let date = fields.required("date", DATE, date);
        let expected = "\"shift\", \"mute\", \"bell\" or \"cancel\"";
        let kind = match fields.required("change", expected, Value::as_str)? {
            "shift" => {
                let from = fields.required("from", TIME, time);
                let most = ChangeKind::SHIFT_MINUTES_AT_MOST;
                let expected = "minutes, -720 to 720 and not 0";
                let minutes = fields.required("minutes", expected, |value| {
                    let minutes = i16::try_from(value.as_i64()?).ok()?;
                    (minutes != 0 && (-most..=most).contains(&minutes)).then_some(minutes)
                });
                ChangeKind::Shift { from: from?, minutes: minutes? }
            }
            "mute" => ChangeKind::Mute(span(fields)?),
            "bell" => ChangeKind::Bell(written_bell(fields)?),
            "cancel" => {
                let time = fields.required("time", TIME, time);
                let trigger = fields.required("trigger", "a trigger's id", trigger);
                ChangeKind::Cancel { time: time?, trigger: trigger? }
            }
            other => {
                fields.error("change", format!("found {other:?}, expected {expected}"));
                return None;
            }
        };
        Some(Change { date: date?, kind })
    })
}

fn written_bell(fields: &mut Fields<'_>) -> Option<WrittenBell> {
    let time = fields.required("time", TIME, time);
    let trigger = fields.required("trigger", "a trigger's id", trigger);
    let label = fields.optional("label", NAME, name).unwrap_or_default();
    let late = fields.optional("late_seconds", "seconds, 0–3600", |value| {
        let seconds = u16::try_from(value.as_u64()?).ok()?;
        (seconds <= WrittenBell::LATE_SECONDS_AT_MOST).then_some(seconds)
    });
    let late_seconds = late.unwrap_or(WrittenBell::LATE_SECONDS);
    Some(WrittenBell { time: time?, trigger: trigger?, label, late_seconds })
}

fn entry_day(fields: &mut Fields<'_>) -> Option<EntryDay> {
    let day_type = fields.optional("day_type", "a day type's id", id);
    let expected = "\"usual\", \"silent\" or \"typed\"";
    match (fields.optional("day", expected, Value::as_str), day_type) {
        (Some("typed") | None, Some(day_type)) => Some(EntryDay::Typed { day_type }),
        (Some("usual") | None, None) => Some(EntryDay::Usual),
        (Some("silent"), None) => Some(EntryDay::Silent),
        (Some("typed"), None) => {
            fields.required("day_type", "a day type's id", id);
            None
        }
        (Some(day @ ("usual" | "silent")), Some(_)) => {
            fields.error("day_type", format!("day is {day:?}: expected no day type"));
            None
        }
        (Some(other), _) => {
            fields.error("day", format!("found {other:?}, expected {expected}"));
            None
        }
    }
}

fn span(fields: &mut Fields<'_>) -> Option<Span> {
    let from = fields.required("from", TIME, time);
    let to = fields.optional("to", TIME, time);
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        fields.error("to", "is not after from");
    }
    Some(Span { from: from?, to })
}

fn time(value: &Value) -> Option<Time> {
    value.as_str().and_then(parse_time)
}

fn trigger(value: &Value) -> Option<TriggerId> {
    value.as_str().and_then(|text| text.parse().ok())
}
