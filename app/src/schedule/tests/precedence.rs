//! What each case of precedence does, and the page of the docs that shows it.
//!

use std::{fmt::Write as _, path::Path};

use jiff::civil::Date;

use super::sample::{Off, bell, change, entry, id, school, span};
use crate::schedule::{
    PRECEDENCE, Schedule, Tables,
    model::{ChangeKind, EntryDay, parse_time, written_time},
};

const PAGE: &str = "../docs/bell-tables.md";
const BEGIN: &str = "<!-- precedence: written by a test -->\n";
const END: &str = "<!-- end of precedence -->\n";

/// Monday 9 November 2026: an ordinary Monday rings at 08:00, 10:00 and 12:00.
const DAY: &str = "2026-11-09";

struct Case {
    what: &'static str,
    edit: fn(&mut Schedule, &mut Off),
    rings: &'static str,
}

fn typed(day_type: &str) -> EntryDay {
    EntryDay::Typed { day_type: id(day_type) }
}

fn off(off: &mut Off) {
    off.0.push((DAY.parse().unwrap(), DAY.parse().unwrap(), "Holiday"));
}

fn shift(from: &str, minutes: i16) -> ChangeKind {
    ChangeKind::Shift { from: parse_time(from).unwrap(), minutes }
}

fn cancel(time: &str) -> ChangeKind {
    ChangeKind::Cancel { time: parse_time(time).unwrap(), trigger: "BELL".parse().unwrap() }
}

fn changed(schedule: &mut Schedule, kinds: impl IntoIterator<Item = ChangeKind>) {
    schedule.changes.right.extend(kinds.into_iter().map(|kind| change(DAY, kind)));
}

const CASES: &[Case] = &[
    Case { what: "The week alone", edit: |_, _| {}, rings: "08:00 10:00 12:00" },
    Case { what: "A day off", edit: |_, days| off(days), rings: "" },
    Case {
        what: "A day off, and a calendar entry with a day type",
        edit: |s, days| {
            off(days);
            s.calendar.right.push(entry(DAY, DAY, "Open day", typed("short")));
        },
        rings: "09:00",
    },
    Case {
        what: "A calendar entry of silence",
        edit: |s, _| s.calendar.right.push(entry(DAY, DAY, "Closed", EntryDay::Silent)),
        rings: "",
    },
    Case {
        what: "A long entry of silence, then a short one with a day type",
        edit: |s, _| {
            s.calendar.right.push(entry("2026-11-08", "2026-11-14", "Trip", EntryDay::Silent));
            s.calendar.right.push(entry(DAY, DAY, "Back", typed("short")));
        },
        rings: "09:00",
    },
    Case {
        what: "A short entry with a day type, then a long one of silence",
        edit: |s, _| {
            s.calendar.right.push(entry(DAY, DAY, "Back", typed("short")));
            s.calendar.right.push(entry("2026-11-08", "2026-11-14", "Trip", EntryDay::Silent));
        },
        rings: "09:00",
    },
    Case {
        what: "Two entries of one day: silence, then a day type",
        edit: |s, _| {
            s.calendar.right.push(entry(DAY, DAY, "Closed", EntryDay::Silent));
            s.calendar.right.push(entry(DAY, DAY, "Open", typed("short")));
        },
        rings: "09:00",
    },
    Case {
        what: "Hours of silence in a week, and a day of it with a day type of its own",
        edit: |s, _| {
            let mut exam = entry("2026-11-08", "2026-11-14", "Exam", EntryDay::Usual);
            exam.silent_hours.push(span("08:00", "10:00"));
            s.calendar.right.push(exam);
            s.calendar.right.push(entry(DAY, DAY, "Short", typed("normal")));
        },
        rings: "10:00 12:00",
    },
    Case {
        what: "Hours of silence, and a bell added by hand",
        edit: |s, _| {
            let mut exam = entry(DAY, DAY, "Exam", EntryDay::Usual);
            exam.silent_hours.push(span("08:00", "12:00"));
            s.calendar.right.push(exam);
            changed(s, [ChangeKind::Bell(bell("09:30", "BELL"))]);
        },
        rings: "09:30 12:00",
    },
    Case {
        what: "A day off, and a bell added by hand",
        edit: |s, days| {
            off(days);
            changed(s, [ChangeKind::Bell(bell("11:00", "BELL"))]);
        },
        rings: "11:00",
    },
    Case {
        what: "A shift by 5 minutes from 09:00 on",
        edit: |s, _| changed(s, [shift("09:00", 5)]),
        rings: "08:00 10:05 12:05",
    },
    Case {
        what: "A shift by -5 minutes from 09:58 on: not before 09:58",
        edit: |s, _| changed(s, [shift("09:58", -5)]),
        rings: "08:00 09:58 11:55",
    },
    Case {
        what: "Two shifts by 5 minutes, the second from 10:02 on",
        edit: |s, _| changed(s, [shift("09:00", 5), shift("10:02", 5)]),
        rings: "08:00 10:10 12:10",
    },
    Case {
        what: "A shift into hours of silence",
        edit: |s, _| {
            let mut exam = entry(DAY, DAY, "Exam", EntryDay::Usual);
            exam.silent_hours.push(span("10:02", "11:00"));
            s.calendar.right.push(exam);
            changed(s, [shift("09:00", 5)]);
        },
        rings: "08:00 12:05",
    },
    Case {
        what: "A mute until 11:00",
        edit: |s, _| changed(s, [ChangeKind::Mute(span("00:00", "11:00"))]),
        rings: "12:00",
    },
    Case {
        what: "A mute from 09:00 on, and a bell added after it",
        edit: |s, _| {
            changed(
                s,
                [ChangeKind::Mute(span("09:00", "")), ChangeKind::Bell(bell("11:00", "BELL"))],
            );
        },
        rings: "08:00 11:00",
    },
    Case {
        what: "A bell added, and a mute after it",
        edit: |s, _| {
            changed(
                s,
                [ChangeKind::Bell(bell("11:00", "BELL")), ChangeKind::Mute(span("09:00", ""))],
            );
        },
        rings: "08:00",
    },
    Case {
        what: "The 10:00 bell cancelled, and a shift of the rest",
        edit: |s, _| changed(s, [shift("09:00", 5), cancel("10:00")]),
        rings: "08:00 12:05",
    },
    Case {
        what: "A bell added at the time of another, with the same trigger",
        edit: |s, _| changed(s, [ChangeKind::Bell(bell("10:00", "BELL"))]),
        rings: "08:00 10:00 12:00",
    },
    Case {
        what: "A day type that there is not",
        edit: |s, _| s.calendar.right.push(entry(DAY, DAY, "Typo", typed("shrot"))),
        rings: "",
    },
];

#[test]
fn the_page_shows_what_each_case_does() {
    let mut table =
        format!("> {}\n\n| Written down | Rings at | Because |\n|---|---|---|\n", PRECEDENCE.en);
    for Case { what, edit, rings } in CASES {
        let (mut schedule, mut days) = (school(), Off::default());
        edit(&mut schedule, &mut days);
        let day = Tables::new(schedule, days).day(DAY.parse::<Date>().unwrap());
        let times: Vec<_> = day.bells.iter().map(|bell| written_time(bell.id.time)).collect();
        assert_eq!(times.join(" "), *rings, "{what}");
        let mut why = day.because_words().en;
        for bell in &day.silenced {
            let step = bell.why.last().unwrap().words().en;
            write!(why, "; {} is silent: {step}", written_time(bell.time)).unwrap();
        }
        let times = if times.is_empty() { "—".to_owned() } else { times.join(", ") };
        writeln!(table, "| {what} | {times} | {why} |").unwrap();
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let page = std::fs::read_to_string(&file).unwrap();
    let (before, rest) = page.split_once(BEGIN).expect("the page has the table's place");
    let (_, after) = rest.split_once(END).expect("the page has the table's end");
    let wanted = format!("{before}{BEGIN}{table}{END}{after}");
    if std::env::var_os("BEFFROI_WRITE").is_some() {
        std::fs::write(&file, &wanted).unwrap();
    } else {
        assert!(page == wanted, "docs/bell-tables.md is stale: `make bell-tables` writes it");
    }
}
