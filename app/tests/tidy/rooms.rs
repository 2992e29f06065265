//! Which room may use what.

use std::path::Path;

use crate::{nothing_of, source, text, written_files};

/// One room's rule. The first one whose `room` starts a file's path is its rule.
struct Rule {
    /// The start of the paths of the room's files.
    room: &'static str,
    /// What it never names: modules, crates, items.
    never: &'static [&'static str],
    /// The rooms of the app that it may use, itself included; `None`: all of them.
    rooms: Option<&'static [&'static str]>,
}

const RULES: &[Rule] = &[
    Rule { room: "hal/src", never: &["std", "alloc", "tokio"], rooms: None },
    Rule {
        room: "boards/src",
        never: &["beffroi", "tokio", "rodio", "warp", "hyper"],
        rooms: None,
    },
    // Stands on its own: it is published without the rest.
    Rule {
        room: "pronote/src",
        never: &["beffroi", "beffroi_hal", "beffroi_boards", "rodio", "warp"],
        rooms: None,
    },
    Rule {
        room: "app/src/engine",
        never: &[
            "std::env",
            "std::fs",
            "std::io",
            "std::net",
            "std::process",
            "std::sync::mpsc",
            "std::thread",
            "std::time::Instant",
            "std::time::SystemTime",
            "jiff",
            "rustix",
            "rodio",
            "tokio",
            "warp",
            "hyper",
            "beffroi_boards",
        ],
        rooms: Some(&["engine"]),
    },
    // Keeps on disk, and fetches, what the room below reads.
    Rule {
        room: "app/src/almanac",
        never: &["warp", "hyper", "rodio", "beffroi_boards", "beffroi_hal"],
        rooms: Some(&["almanac", "calendar", "gateway", "schedule", "store"]),
    },
    // Bytes and days come in: what is off follows from them alone.
    Rule {
        room: "app/src/calendar",
        never: &[
            "std::env",
            "std::fs",
            "std::io",
            "std::net",
            "std::process",
            "std::thread",
            "std::time",
            "tokio",
            "reqwest",
            "rodio",
            "warp",
            "hyper",
            "beffroi_boards",
            "pronote_client",
        ],
        rooms: Some(&["calendar"]),
    },
    Rule { room: "app/src/ical", never: &["std::fs", "std::net", "tokio"], rooms: Some(&["ical"]) },
    // Dates and moments come in as values: jiff's, but not its clock, `Timestamp::now`.
    Rule {
        room: "app/src/schedule",
        never: &[
            "std::env",
            "std::fs",
            "std::io",
            "std::net",
            "std::process",
            "std::sync::mpsc",
            "std::thread",
            "std::time::Instant",
            "std::time::SystemTime",
            "jiff::Zoned",
            "rustix",
            "rodio",
            "tokio",
            "warp",
            "hyper",
            "beffroi_boards",
            "beffroi_hal",
        ],
        rooms: Some(&["engine", "ical", "schedule"]),
    },
    Rule {
        room: "app/src/sounds",
        never: &["rodio", "tokio", "warp", "hyper", "beffroi_boards"],
        rooms: Some(&["engine", "sounds"]),
    },
    Rule {
        room: "app/src/player",
        never: &["tokio", "warp", "hyper", "beffroi_boards"],
        rooms: Some(&["engine", "sounds", "player"]),
    },
    Rule {
        room: "app/src/store",
        never: &["rodio", "warp", "hyper", "beffroi_boards"],
        rooms: Some(&["calendar", "engine", "schedule", "sounds", "store"]),
    },
    Rule {
        room: "app/src/backup",
        never: &["rodio", "tokio", "warp", "hyper", "beffroi_boards"],
        rooms: Some(&["almanac", "engine", "sounds", "store", "backup"]),
    },
    Rule {
        room: "app/src/gateway",
        never: &["warp", "hyper", "rodio", "beffroi_boards", "beffroi_hal"],
        rooms: Some(&["gateway", "ical", "store"]),
    },
    // Tables that a PRONOTE would have, for people to look at: nothing rings by them.
    Rule {
        room: "app/src/proposal",
        never: &["warp", "hyper", "rodio", "beffroi_boards", "beffroi_hal"],
        rooms: Some(&["proposal", "gateway", "store"]),
    },
    // What rings and what is known of it reach the API through the bell's handle alone.
    Rule {
        room: "app/src/http",
        never: &["rodio", "rubato", "beffroi_boards"],
        rooms: Some(&[
            "almanac", "backup", "bell", "calendar", "engine", "gateway", "http", "proposal",
            "schedule", "sounds", "store",
        ]),
    },
    Rule {
        room: "app/src/bell",
        never: &["warp", "hyper", "rodio"],
        rooms: Some(&["engine", "player", "schedule", "sounds", "bell"]),
    },
    Rule {
        room: "app/src/clock",
        never: &["tokio", "warp", "hyper", "rodio", "beffroi_boards"],
        rooms: Some(&["schedule", "clock"]),
    },
    Rule {
        room: "app/src/socket",
        never: &["warp", "hyper", "rodio"],
        rooms: Some(&["engine", "bell", "store", "socket"]),
    },
    Rule {
        room: "app/src/selftest",
        never: &["tokio", "warp", "hyper", "rodio"],
        rooms: Some(&["bell", "engine", "player", "sounds", "selftest"]),
    },
    Rule { room: "app/src/cli", never: &["rodio", "warp", "hyper"], rooms: None },
    Rule { room: "app/src/run", never: &["rodio", "warp"], rooms: None },
    Rule { room: "app/src/lib.rs", never: &[], rooms: None },
    Rule { room: "app/src/main.rs", never: &["tokio", "rodio", "warp"], rooms: Some(&["cli"]) },
];

/// What only the boards name.
const HARDWARE: &[&str] = &["gpio_cdev", "linux_embedded_hal", "serialport"];

#[test]
fn every_room_keeps_to_what_it_may_use() {
    let sources = written_files();
    let sources = sources.iter().filter(|file| {
        let inside = file.iter().any(|part| part == "src");
        inside
            && file.extension().is_some_and(|ending| ending == "rs")
            && !file.ends_with("tests.rs")
            && !file.iter().any(|part| part == "tests")
    });
    nothing_of(&sources.flat_map(|file| offences(file, &text(file).unwrap())).collect::<Vec<_>>());
}

#[test]
fn every_offence_is_found() {
    let cases = [
        ("hal/src/line.rs", "use std::fmt;", "std"),
        ("boards/src/mock/mod.rs", "tokio::spawn(pull);", "tokio"),
        ("boards/src/mock/mod.rs", "use beffroi::engine::Core;", "beffroi"),
        ("app/src/engine/core.rs", "use std::time::Instant;", "std::time::Instant"),
        ("app/src/engine/core.rs", "use std::time;", "std::time::Instant"),
        ("app/src/engine/core.rs", "use std::time::*;", "std::time::Instant"),
        ("app/src/engine/core.rs", "use std::time::{self, Duration};", "std::time::Instant"),
        ("app/src/engine/core.rs", "let file = std::fs::read(path);", "std::fs"),
        ("app/src/engine/core.rs", "use super::super::player::Player;", "crate::player"),
        ("app/src/engine/core.rs", "use crate::*;", "crate"),
        ("app/src/player/mod.rs", "use crate::{engine::Cue, store::Store};", "crate::store"),
        ("app/src/player/mod.rs", "fn f(bell: &crate::bell::Handle) {}", "crate::bell"),
        ("app/src/store/mod.rs", "use crate::http::Api;", "crate::http"),
        ("app/src/http/play.rs", "use crate::player::Player;", "crate::player"),
        ("app/src/http/play.rs", "use beffroi_boards::mock;", "beffroi_boards"),
        ("app/src/bell/mod.rs", "use crate::run::run;", "crate::run"),
        ("app/src/cli/mod.rs", "use serialport::SerialPort;", "serialport"),
        ("app/src/main.rs", "use beffroi::store;", "crate::store"),
        ("app/src/newcomer/mod.rs", "", "no rule"),
    ];
    for (file, text, wanted) in cases {
        let found = offences(Path::new(file), text);
        assert!(found.iter().any(|offence| offence.contains(wanted)), "{file}: {text}: {found:?}");
    }
    let allowed = [
        ("hal/src/line.rs", "use core::time::Duration; // not std::time"),
        (
            "app/src/engine/core.rs",
            "use std::time::Duration; use super::Event; use crate::engine::Cue;",
        ),
        (
            "app/src/http/play.rs",
            "use crate::bell::Handle; #[cfg(test)] mod tests { use rodio::Source; }",
        ),
        ("app/src/run.rs", "use crate::{http, player, store}; use beffroi_boards::mock;"),
    ];
    for (file, text) in allowed {
        nothing_of(&offences(Path::new(file), text));
    }
}

fn offences(file: &Path, text: &str) -> Vec<String> {
    let Some(rule) = RULES.iter().find(|rule| belongs(file, rule.room)) else {
        return vec![format!(
            "{}: no rule in app/tests/tidy/rooms.rs says what it may use",
            file.display()
        )];
    };
    let hardware = if rule.room.starts_with("app") { HARDWARE } else { &[] };
    let mut offences = Vec::new();
    for named in source::paths(file, text) {
        for never in rule.never.iter().chain(hardware) {
            if reaches(&named, &never.split("::").collect::<Vec<_>>()) {
                offences.push(format!("{}: {} never uses {never}", file.display(), rule.room));
            }
        }
        if let (Some(rooms), Some("crate")) = (rule.rooms, named.path.first().map(String::as_str)) {
            let room = named.path.get(1).map_or("", String::as_str);
            if (named.import || !room.is_empty()) && !rooms.contains(&room) {
                let path = named.path.join("::");
                offences.push(format!("{}: {} never uses {path}", file.display(), rule.room));
            }
        }
    }
    offences
}

/// `app/src/socket` is the room of `app/src/socket.rs` and of `app/src/socket/…`.
fn belongs(file: &Path, room: &str) -> bool {
    file.starts_with(room) || file == Path::new(room).with_extension("rs")
}

/// Whether `named` is `never` or in it; or brings in, whole, a module that holds it.
fn reaches(named: &source::Named, never: &[&str]) -> bool {
    let same = named.path.iter().zip(never).all(|(word, other)| word == other);
    same && (named.path.len() >= never.len() || named.import)
}
