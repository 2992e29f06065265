//! `POST /api/schedule/import`: the events of a calendar file, to choose from.
//!
//! Nothing is kept: what each event does to the bells is for people to say, in a draft of theirs.

use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Answer, Api, Arc, Filter, Problem, Routes, StatusCode, blocking, body, in_force, json,
    other_methods, with,
};
use crate::{
    calendar::{self, SchoolEvent},
    schedule::model::{Entry, Span, written_time},
};

/// So many are chosen among at once; the calendar of a big school has 200 a year.
const EVENTS: usize = 500;

/// So many sentences are read by nobody.
const NOTES: usize = 50;

/// The events of a file that are not over.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportedEvents {
    /// In order.
    events: Vec<ImportedEvent>,
    /// What was left out, a sentence each.
    notes: Vec<String>,
}

/// An event of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportedEvent {
    /// Its title. May be empty.
    label: String,
    /// Its first day.
    #[schema(value_type = String, format = Date)]
    first: Date,
    /// Its last day.
    #[schema(value_type = String, format = Date)]
    last: Date,
    /// When it begins on the first day and ends on the last, in the school's time; `null`: whole days.
    hours: Option<EventHours>,
    /// Whether the school's calendar has an entry of these days and this title already.
    known: bool,
}

/// When an event begins on its first day, and ends on its last.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventHours {
    /// By the clock on the wall.
    #[schema(example = "08:00")]
    from: String,
    /// The same where it has no end; `00:00`: the end of the day.
    #[schema(example = "12:00")]
    to: String,
}

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let path = warp::path!("schedule" / "import");
    let file = body::raw(calendar::MAX_BYTES as u64);
    let post = path.and(warp::post()).and(with(api)).and(file).then(post_file);
    post.or(path.and(other_methods("POST"))).unify().boxed()
}

/// Reads a calendar file (`.ics`) and tells its events that are not over, to choose from. The body
/// is the file itself, at most 4 MiB. Nothing is kept.
#[utoipa::path(post, path = "/api/schedule/import", tag = "schedule",
    request_body(content = String, content_type = "text/calendar"),
    responses(
        (status = 200, description = "Its events", body = ImportedEvents),
        (status = 408, description = "Nothing more came for 10 s", body = Problem),
        (status = 413, description = "It is too large", body = Problem),
        (status = 415, description = "It is compressed", body = Problem),
        (status = 422, description = "It is no calendar", body = Problem),
    ))]
pub async fn post_file(api: Arc<Api>, mut body: body::Body) -> Answer {
    let file = body.whole().await?;
    blocking("reading a calendar", move || {
        let tables = in_force(&api);
        let schedule = tables.schedule();
        let read = calendar::import(&file, schedule.time_zone.rules());
        let read = read.map_err(|unreadable| Problem::field("", unreadable))?;
        let today = tables.civil(Timestamp::now()).date();
        json(StatusCode::OK, &ImportedEvents::of(read, &schedule.calendar, today))
    })
    .await
}

impl ImportedEvents {
    fn of(read: calendar::Imported, entries: &[Entry], today: Date) -> Self {
        let calendar::Imported { mut events, mut notes } = read;
        let all = events.len();
        events.retain(|event| event.last >= today);
        match all - events.len() {
            0 => {}
            1 => notes.insert(0, "1 event is over, and left out".into()),
            over => notes.insert(0, format!("{over} events are over, and left out")),
        }
        if let Some(next) = events.get(EVENTS) {
            let left = events.len() - EVENTS;
            let day = next.first;
            notes.insert(0, format!("{left} events from {day} on are too many at once: publish the first ones, and import the file again later"));
            events.truncate(EVENTS);
        }
        let more = notes.len().saturating_sub(NOTES);
        if more > 0 {
            notes.truncate(NOTES);
            notes.push(format!("{more} more are left out"));
        }
        let events = events.into_iter().map(|event| ImportedEvent::of(event, entries)).collect();
        Self { events, notes }
    }
}

impl ImportedEvent {
    fn of(event: SchoolEvent, entries: &[Entry]) -> Self {
        let known = entries.iter().any(|entry| says(entry, &event));
        let SchoolEvent { label, first, last, hours } = event;
        let hours =
            hours.map(|(from, to)| EventHours { from: written_time(from), to: written_time(to) });
        Self { label, first, last, hours, known }
    }
}

/// Whether an entry was made of an event, now or by an earlier import.
fn says(entry: &Entry, event: &SchoolEvent) -> bool {
    let named = entry.label.to_lowercase() == event.label.to_lowercase();
    // Two sittings of one examination are two events: those of an hour are told apart by it.
    let timed = event.hours.is_none_or(|(from, to)| {
        let to = (to != Time::midnight()).then_some(to);
        let same = |hours: &Span| hours.from == from && hours.to == to;
        entry.silent_hours.is_empty() || entry.silent_hours.iter().any(same)
    });
    named && timed && (entry.from, entry.to) == (event.first, event.last)
}
