//! The tables' bells over the real program: killed, and their clock set.

use std::{
    collections::{HashMap, HashSet},
    env, fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};

use crate::harness::{DataFolder, Service, json_of};

/// A box whose tables have bells at these seconds of the epoch, by the day's clock in UTC.
fn folder(seconds: impl Iterator<Item = u64>) -> DataFolder {
    let bell = |second: u64| {
        let of_day = second % 86_400;
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        let time = format!("{hour:02}:{minute:02}:{second:02}");
        json!({ "time": time, "trigger": "GPIO23", "label": "Début", "late_seconds": 60 })
    };
    let bells: Vec<_> = seconds.map(bell).collect();
    let week: serde_json::Map<String, Value> =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
            .map(|day| (day.to_owned(), json!("busy")))
            .into_iter()
            .collect();
    DataFolder::new(&json!({
        "audio": { "device": "null" },
        "clock": { "trust": "always" },
        "triggers": { "GPIO23": { "end_seconds": 0.1 } },
        "schedule": {
            "time_zone": "Etc/UTC",
            "day_types": { "busy": { "name": "Busy", "bells": bells } },
            "weeks": { "templates": [{ "name": "A", "days": week }] },
        },
    }))
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap()
}

fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// The seconds of the epoch of a bell's id, `2026-11-09T08:25:00/GPIO23`.
fn second(id: &str) -> i64 {
    let (moment, _) = id.split_once('/').unwrap();
    format!("{moment}Z").parse::<jiff::Timestamp>().unwrap().as_second()
}

/// What the ledger says of each bell: how often it began to ring, and what was missed.
fn ledger(data: &Path) -> (HashMap<i64, u32>, HashSet<i64>, Vec<i64>) {
    let (mut rang, mut missed, mut known) = (HashMap::new(), HashSet::new(), Vec::new());
    for line in lines(&data.join("journal/bells.jsonl")) {
        let id = |key: &str| second(line[key].as_str().unwrap());
        match line["is"].as_str().unwrap() {
            "ringing" => *rang.entry(id("bell")).or_default() += 1,
            "missed" => drop(missed.insert(id("bell"))),
            "missed_many" => missed.extend(id("first")..=id("last")),
            "known" => {
                let until: jiff::Timestamp = line["until"].as_str().unwrap().parse().unwrap();
                known.push(until.as_second());
            }
            _ => {}
        }
    }
    (rang, missed, known)
}

#[test]
fn a_bell_rings_once_and_none_is_lost_though_the_box_is_killed_at_its_moment() {
    let kills: u64 = env::var("BEFFROI_KILLS").map_or(20, |text| text.parse().unwrap());
    // A bell a second, for longer than this takes.
    let start = now().as_secs();
    let mut folder = folder(start..start + 7200);
    for round in 0..kills {
        let service = Service::spawn(folder, &["run", "--board", "mock"]);
        service.wait_for_log("rings by the tables");
        // Around the next one: from 20 ms before it to 20 ms after, another moment in each round.
        let nanos = u64::from(now().subsec_nanos());
        let shift = 980_000_000 + round * 7919 % 40_000 * 1000;
        thread::sleep(Duration::from_nanos((shift + 1_000_000_000 - nanos) % 1_000_000_000));
        folder = service.kill();
    }
    let mut service = Service::start(folder);
    service.wait_for_log("rings by the tables");
    service.terminate();
    let data = service.folder.path();
    let (rang, missed, known) = ledger(data);
    let twice: Vec<_> = rang.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "began to ring twice: {twice:?}");
    let (first, last) = (known[0], *known.last().unwrap());
    let lost: Vec<_> = (first + 1..=last)
        .filter(|bell| !rang.contains_key(bell) && !missed.contains(bell))
        .collect();
    assert!(lost.is_empty(), "nothing is known of {lost:?}");

    let mut heard: HashMap<i64, HashSet<u64>> = HashMap::new();
    let mut told = HashSet::new();
    for file in ["journal/rings.1.jsonl", "journal/rings.jsonl"] {
        for ring in lines(&data.join(file)) {
            let bell = second(ring["cause"]["bell"].as_str().unwrap());
            told.insert(bell);
            if ring["outcome"] != "missed" {
                heard.entry(bell).or_default().insert(ring["id"].as_u64().unwrap());
            }
        }
    }
    assert!(heard.values().all(|rings| rings.len() == 1), "rang twice: {heard:?}");
    let silent: Vec<_> =
        rang.keys().filter(|bell| **bell <= last && !told.contains(bell)).collect();
    assert!(silent.is_empty(), "the journal knows nothing of {silent:?}");
    println!("{kills} kills: {} bells rang, {} were missed", rang.len(), missed.len());
}

/// The library that shifts the clock of a process alone.
fn faketime() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path());
    let mut libraries = folders.map(|folder| folder.join("faketime/libfaketime.so.1"));
    libraries.find(|library| library.exists())
}

/// Shows another time to a service that reads it from this file.
fn set_clock(data: &Path, shift: &str) {
    let draft = data.join("clock.new");
    fs::write(&draft, format!("{shift}\n")).unwrap();
    fs::rename(draft, data.join("clock")).unwrap();
}

fn start_at(folder: DataFolder, library: &Path, shift: &str) -> Service {
    set_clock(folder.path(), shift);
    let data = folder.path().display().to_string();
    let (library, program) = (library.display(), env!("CARGO_BIN_EXE_beffroi"));
    let script = format!(
        "FAKETIME_TIMESTAMP_FILE='{data}/clock' FAKETIME_NO_CACHE=1 DONT_FAKE_MONOTONIC=1 \
         FAKETIME_DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1 LD_PRELOAD='{library}' \
         exec '{program}' --data '{data}' run --board mock"
    );
    Service::start_by_shell(folder, &script)
}

#[test]
fn a_clock_that_is_set_rings_nothing_twice_and_a_wrong_one_nothing_at_all() {
    let Some(library) = faketime() else {
        return println!("libfaketime is not installed: the clock is not set");
    };
    // A day from now, so that the machine's own clock has nothing to do with it.
    let bell = now().as_secs() + 86_400;
    let service = start_at(folder(std::iter::once(bell)), &library, "+1d");
    let of_bell =
        |ring: &Value| ring["cause"]["bell"].as_str().is_some_and(|id| second(id) == bell as i64);
    let rings = |service: &Service| {
        let journal = json_of(&service.get("/api/journal", true));
        let rings = journal.as_array().unwrap().iter().filter(|ring| of_bell(ring)).cloned();
        rings.map(|ring| ring["outcome"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // The bell's moment was just before the start: at the very first one, nothing is due. Back by
    // a minute, and there again: it rings, once, though the clock is set again.
    set_clock(service.folder.path(), "+86340");
    service.wait_for_log("the clock was set");
    set_clock(service.folder.path(), "+86420");
    service.wait_for_log("rings by the tables");
    set_clock(service.folder.path(), "+86330");
    service.wait_for_log("the clock was set");
    set_clock(service.folder.path(), "+86430");
    service.wait_for_log("the clock was set");
    service.newest_ring();
    assert_eq!(rings(&service), ["played"]);
    assert_eq!(service.health()["hours"]["ready"], true);

    // 1970: it says so, and a contact rings.
    set_clock(service.folder.path(), "@1970-01-01 00:00:10");
    service.wait_for_log("no table rings");
    let health = service.health();
    assert_eq!(
        (&health["status"], &health["hours"]["clock"]["trusted"]),
        (&json!("degraded"), &json!(false))
    );
    service.tell(&["press", "GPIO23"]);
    service.until("the contact's ring", |service| {
        (service.newest_ring()["cause"]["kind"] == "line").then_some(())
    });
}
