//! A lesson as an event.
//!

use std::collections::HashMap;

use data_encoding::HEXLOWER;
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use pronote_client::features::{Lesson, LessonKind};

use super::super::parts::digest;
use crate::ical::Lines;

/// The events of one file.
pub(super) struct Events {
    /// When the file is made.
    now: String,
    zone: TimeZone,
    /// How often a name was given.
    names: HashMap<String, u32>,
}

/// A text of the school's is cut here.
const TEXT_CHARACTERS: usize = 2000;

impl Events {
    pub(super) fn new(now: Timestamp) -> Self {
        // Metropolitan France's rule in words, as machines without a zone database have schools too:
        // since 1996, summer time from the last Sunday of March to the last of October.
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("written as POSIX has it");
        Self { now: utc(now), zone, names: HashMap::new() }
    }

    pub(super) fn add(&mut self, lesson: &Lesson, lines: &mut Lines) {
        lines.value("BEGIN", "VEVENT");
        lines.value("UID", &self.uid(lesson));
        lines.value("DTSTAMP", &self.now);
        lines.value("DTSTART", &self.utc_of_school(lesson.start));
        if let Some(end) = lesson.end.filter(|end| *end > lesson.start) {
            lines.value("DTEND", &self.utc_of_school(end));
        }
        lines.text("SUMMARY", cut(&title(lesson)));
        if !lesson.rooms.is_empty() {
            lines.text("LOCATION", cut(&lesson.rooms.join(", ")));
        }
        let description = description(lesson);
        if !description.is_empty() {
            lines.text("DESCRIPTION", cut(&description));
        }
        lines.value("STATUS", if lesson.is_cancelled { "CANCELLED" } else { "CONFIRMED" });
        lines.value("END", "VEVENT");
    }

    /// The same in every file, whatever becomes of room and status; of two lessons that are alike,
    /// the second has a number.
    fn uid(&mut self, lesson: &Lesson) -> String {
        let start = lesson.start.to_string();
        let end = lesson.end.map(|end| end.to_string()).unwrap_or_default();
        let subject = lesson.subject.as_ref().map_or("", |subject| &subject.name);
        let (teachers, groups) = (lesson.teachers.join(","), lesson.groups.join(","));
        let sum: [u8; 12] = digest("event", &[&start, &end, subject, &teachers, &groups]);
        let name = HEXLOWER.encode(&sum);
        let count = self.names.entry(name.clone()).or_default();
        *count += 1;
        if *count == 1 { format!("{name}@beffroi") } else { format!("{name}-{count}@beffroi") }
    }

    /// Local time of the school in UTC, which every calendar program reads alike, with or without a
    /// table of zones.
    fn utc_of_school(&self, local: DateTime) -> String {
        let moment = self.zone.to_ambiguous_timestamp(local).compatible();
        // An error only at the ends of time, which no school year is near.
        moment.map_or_else(|_| local.strftime("%Y%m%dT%H%M%S").to_string(), utc)
    }
}

fn utc(moment: Timestamp) -> String {
    moment.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn title(lesson: &Lesson) -> String {
    let what = match lesson.kind {
        _ if lesson.is_detention => "Retenue",
        _ if lesson.is_outing => "Sortie pédagogique",
        LessonKind::ClassCouncil => "Conseil de classe",
        _ => "Cours",
    };
    let subject = lesson.subject.as_ref().map(|subject| subject.name.as_str());
    let title = subject.or(lesson.reason.as_deref()).unwrap_or(what);
    if lesson.is_test { format!("{title} (contrôle)") } else { title.to_owned() }
}

fn description(lesson: &Lesson) -> String {
    let links = lesson.video_links.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let parts = [
        lesson.status.clone().unwrap_or_default(),
        lesson.teachers.join(", "),
        lesson.groups.join(", "),
        lesson.memo.clone().unwrap_or_default(),
        links,
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

fn cut(text: &str) -> &str {
    let end = text.char_indices().nth(TEXT_CHARACTERS);
    end.map_or(text, |(end, _)| text.split_at(end).0)
}

#[cfg(test)]
mod tests {
    use jiff::{ToSpan, civil::datetime};
    use pronote_client::Key;
    use serde_json::{Value, json};

    use super::*;

    const START: DateTime = datetime(2026, 9, 7, 8, 0, 0, 0);

    /// A lesson with these fields; without, as a school shows it that leaves out all it can.
    fn lesson(start: DateTime, fields: &Value) -> Lesson {
        let mut json = json!({
            "key": Key::default(), "start": start, "end": null, "subject": null, "teachers": [],
            "rooms": [], "groups": [], "kind": "lesson", "rank": 0, "status": null,
            "is_cancelled": false, "is_detention": false, "is_outing": false,
            "is_exempted": false, "is_test": false, "memo": null, "reason": null,
            "video_links": [], "color": null, "replaced_by": null,
        });
        json.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        serde_json::from_value(json).unwrap()
    }

    fn sport() -> Value {
        json!({
            "end": START.saturating_add(55.minutes()),
            "subject": {"key": Key::default(), "name": "SPORT; 1, 2", "is_group": false},
            "teachers": ["M. X", "Mme Y"],
            "rooms": ["101", "102"],
            "memo": "Apporter\nla corde",
        })
    }

    fn events() -> Events {
        Events::new(Timestamp::UNIX_EPOCH)
    }

    fn lines(lessons: &[Lesson]) -> Vec<String> {
        let (mut events, mut lines) = (events(), Lines::default());
        lessons.iter().for_each(|lesson| events.add(lesson, &mut lines));
        lines.into_file().replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn times_are_right_on_both_sides_of_summer_time() {
        for (local, written) in [
            (datetime(2026, 3, 27, 8, 0, 0, 0), "20260327T070000Z"),
            (datetime(2026, 3, 30, 8, 0, 0, 0), "20260330T060000Z"),
            (datetime(2026, 10, 23, 8, 0, 0, 0), "20261023T060000Z"),
            (datetime(2026, 10, 26, 8, 0, 0, 0), "20261026T070000Z"),
            (datetime(2027, 1, 1, 0, 30, 0, 0), "20261231T233000Z"),
            // The hour that the clock skips, and one of the two that it shows twice.
            (datetime(2026, 3, 29, 2, 30, 0, 0), "20260329T013000Z"),
            (datetime(2026, 10, 25, 2, 30, 0, 0), "20261025T003000Z"),
        ] {
            assert_eq!(events().utc_of_school(local), written, "{local}");
        }
    }

    #[test]
    fn a_lesson_is_an_event() {
        let cancelled = lesson(START, &json!({"is_cancelled": true, "end": START}));
        let lines = lines(&[lesson(START, &sport()), cancelled]);
        for line in [
            "DTSTAMP:19700101T000000Z",
            "DTSTART:20260907T060000Z",
            "DTEND:20260907T065500Z",
            "SUMMARY:SPORT\\; 1\\, 2",
            "LOCATION:101\\, 102",
            "DESCRIPTION:M. X\\, Mme Y\\nApporter\\nla corde",
            "STATUS:CONFIRMED",
            "SUMMARY:Cours",
            "STATUS:CANCELLED",
        ] {
            assert!(lines.iter().any(|found| found == line), "{line} in {lines:?}");
        }
        let count = |wanted| lines.iter().filter(|line| line.starts_with(wanted)).count();
        assert_eq!((count("BEGIN:VEVENT"), count("END:VEVENT"), count("DTEND")), (2, 2, 1));
    }

    #[test]
    fn events_keep_their_names_and_have_one_each() {
        let mut moved = lesson(START, &sport());
        (moved.rooms, moved.is_cancelled) = (vec!["103".to_owned()], true);
        let mut names = events();
        let first = names.uid(&lesson(START, &sport()));
        assert_eq!(events().uid(&moved), first);
        assert_ne!(names.uid(&moved), first, "a twin");
        assert_ne!(names.uid(&lesson(START, &json!({}))), first);
    }

    #[test]
    fn titles_say_what_there_is() {
        for (fields, expected) in [
            (json!({}), "Cours"),
            (json!({"is_detention": true}), "Retenue"),
            (json!({"is_outing": true}), "Sortie pédagogique"),
            (json!({"is_outing": true, "reason": "Musée"}), "Musée"),
            (json!({"kind": "class_council"}), "Conseil de classe"),
            (json!({"is_test": true}), "Cours (contrôle)"),
        ] {
            assert_eq!(title(&lesson(START, &fields)), expected);
        }
        assert_eq!(cut(&"é".repeat(TEXT_CHARACTERS + 1)).chars().count(), TEXT_CHARACTERS);
    }
}
