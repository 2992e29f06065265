//! The hours, brought together by hand.
//!

use std::{
    fs,
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use tempfile::TempDir;

use super::*;
use crate::{
    bell,
    engine::PlaybackId,
    player::{self, AudioConfig, Device},
    schedule::keeper::{Clock as _, Decision, Due, Trust},
    sounds::SoundFolder,
    store::Store,
};

/// A box whose tables have a bell that never rings, as no week has its day.
const CONF: &str = r#"{
    "triggers": {},
    "clock": { "trust": "always" },
    "schedule": { "day_types": { "normal": { "name": "N", "bells": [ { "time": "08:25", "trigger": "BELL" } ] } } }
}"#;

fn home() -> (TempDir, Arc<Conf>) {
    let data = TempDir::new().unwrap();
    fs::write(data.path().join("conf.json"), CONF).unwrap();
    let conf = Store::open(data.path()).unwrap().conf();
    (data, conf)
}

fn name(minute: i64) -> String {
    format!("2027-01-04T08:{minute:02}:00/BELL")
}

fn due(minute: i64) -> Due {
    let at = Timestamp::from_second(1_799_049_600 + 60 * minute).unwrap();
    let id = name(minute).parse().unwrap();
    Due { id, at, label: "Début".into(), late: Duration::ZERO }
}

fn playback(id: u64, cause: Cause) -> Playback {
    Playback { id: PlaybackId(id), trigger: None, name: String::new(), sound: None, cause }
}

fn of_tables(minute: i64) -> Cause {
    Cause::Schedule { bell: name(minute), label: "Début".into() }
}

fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < until, "{what}");
        thread::yield_now();
    }
}

/// A bell that was missed may ring yet, where the clock is set back.
#[test]
fn only_that_a_bell_of_the_tables_has_ended_is_in_the_ledger() {
    let data = TempDir::new().unwrap();
    let ledger = || Ledger::open(data.path(), boot_id()).unwrap();
    let (open, _) = ledger();
    let reason = "the box was off".to_owned();
    for (cause, outcome) in [
        (of_tables(1), Outcome::Playing),
        (of_tables(2), Outcome::Missed { reason: reason.clone() }),
        (Cause::Cli, Outcome::Played),
        (of_tables(3), Outcome::Failed { reason }),
        (of_tables(4), Outcome::Played),
    ] {
        ended(&open, &playback(1, cause), &outcome);
    }
    let started = wait_for("two have ended", || {
        Some(ledger().1.past.started).filter(|started| started.len() >= 2)
    });
    assert_eq!(started, [3, 4].map(|minute| due(minute).id).into());
}

#[test]
fn what_the_ledger_and_conf_json_know_of_the_clock_speaks_for_it() {
    let (data, conf) = home();
    let before = Memory::open(data.path()).unwrap();
    let nothing = Evidence { always: true, ..Evidence::default() };
    assert_eq!(before.evidence(&conf), nothing);
    before.ledger.write(&[], Some((due(1).at, Trust::Synchronised)));
    let memory = Memory::open(data.path()).unwrap();
    let known = Evidence { known: Some(due(1).at), synchronised: true, ..Evidence::default() };
    let mut doubted = (*conf).clone();
    doubted.clock.is_right = false;
    assert_eq!(memory.evidence(&doubted), known);
}

#[test]
fn at_the_start_what_was_cut_short_is_owned_up_to_once_and_the_clock_is_judged() {
    let (data, conf) = home();
    let (journal, next) = Journal::open(data.path()).unwrap();
    // Both began to ring, and the journal has heard of one.
    let (before, _) = Ledger::open(data.path(), boot_id()).unwrap();
    for minute in [1, 2] {
        before.write(&[Decision::Arm(due(minute)), Decision::Ring(due(minute))], None);
    }
    drop(before);
    journal.record(&playback(next.0, of_tables(1)), &Outcome::Playing, Duration::ZERO);
    assert!(journal.flush(Duration::from_secs(30)));

    let memory = Memory::open(data.path()).unwrap();
    let recorder = {
        let journal = journal.clone();
        move |playback: &Playback, outcome: &Outcome, length| {
            journal.record(playback, outcome, length);
        }
    };
    let folder = SoundFolder::new(data.path().join("musiques"));
    let audio = AudioConfig { device: Device::Null, ..AudioConfig::default() };
    let open = |wake| player::open(audio, folder, wake);
    let bell = bell::start(open, Box::new(recorder), PlaybackId(next.0 + 1)).unwrap();
    let hours = memory.keep(&bell, &conf, &journal, Shelf::new(data.path())).unwrap();

    let told = wait_for("the journal is told of the other", || {
        let all = journal.read(RECENT, None, &Filter::default()).unwrap();
        Some(all).filter(|all| all.len() > 1)
    });
    let causes: Vec<_> = told.iter().map(|entry| entry.cause.clone()).collect();
    assert_eq!(causes, [of_tables(2), of_tables(1)], "of each once, the newest first");
    assert!(matches!(told[0].outcome, Outcome::Missed { .. }), "{:?}", told[0]);
    wait_for("the ledger knows that both have ended", || {
        let (_, account) = Ledger::open(data.path(), boot_id()).unwrap();
        assert_eq!(account.past.started, [due(1).id, due(2).id].into());
        account.cut.is_empty().then_some(())
    });
    let trust = wait_for("the clock is looked at", || bell.handle.hours().trust);
    assert!(trust.is_trusted(), "conf.json says so: {trust}");
    // And at the end no table is in force any more.
    assert!(bell.handle.hours().tables);
    let end = hours.end(&bell.handle, Duration::from_secs(30));
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(end);
    assert!(!bell.handle.hours().tables);
}

#[test]
fn the_same_tables_published_twice_are_published_once() {
    let (data, conf) = home();
    let (publish, published) = mpsc::channel();
    let shelf = Shelf::new(data.path());
    let in_force = InForce { schedule: Arc::clone(&conf.schedule), known: shelf.known() };
    let clock = SystemClock::start(Evidence::default()).unwrap();
    let publisher =
        Publisher { clock, shelf: shelf.clone(), publish, in_force: Mutex::new(in_force) };
    let heard = |published: &Receiver<Tables>| -> Vec<bool> {
        published.try_iter().map(|tables| tables.is_some()).collect()
    };
    publisher.follow(&conf);
    assert!(publisher.clock.read().trust.is_trusted(), "conf.json says so");
    publisher.republish();
    assert_eq!(heard(&published), [true; 0], "they are in force");
    let mut other = (*conf).clone();
    other.schedule = Arc::default();
    for conf in [&other, &other, &*conf, &*conf] {
        publisher.follow(conf);
    }
    assert_eq!(heard(&published), [false, true]);
    // Other days off.
    let calendar = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20281021\r\n\
        DTEND;VALUE=DATE:20281106\r\nSUMMARY:Vacances de la Toussaint - Zone A\r\nEND:VEVENT\r\n\
        END:VCALENDAR\r\n";
    shelf.upload("a.ics", calendar.as_bytes(), None, due(0).at).unwrap();
    publisher.republish();
    publisher.republish();
    publisher.follow(&conf);
    assert_eq!(heard(&published), [true]);
}
