//! The ledger on a real disk: torn, full, long.
//!

use std::{fs, sync::Arc, time::Duration};

use jiff::Timestamp;
use tempfile::TempDir;

use super::*;
use crate::{
    engine::Outcome,
    schedule::keeper::{Due, Missed},
    store::full_disk,
};

fn boot() -> Arc<str> {
    "this".into()
}

fn due(minute: i64) -> Due {
    let at = Timestamp::from_second(1_799_049_600 + 60 * minute).unwrap();
    let civil = jiff::tz::TimeZone::UTC.to_datetime(at);
    let id = BellId { date: civil.date(), time: civil.time(), trigger: "BELL".parse().unwrap() };
    Due { id, at, label: "Début".into(), late: Duration::from_secs(60) }
}

fn reopened(data: &Path, boot: &str) -> Account {
    Ledger::open(data, boot.into()).unwrap().1
}

#[test]
fn what_was_written_is_known_to_the_next_run() {
    let folder = TempDir::new().unwrap();
    let (ledger, account) = Ledger::open(folder.path(), boot()).unwrap();
    assert_eq!(account, Account::default());
    ledger.write(&[Decision::Arm(due(1))], Some((due(0).at, Trust::Synchronised)));
    ledger.write(&[Decision::Ring(due(1))], None);
    ledger.write(&[], Some((due(1).at, Trust::Synchronised)));
    let mark = ledger.write(&[Decision::Missed(due(2), Missed::Busy), Decision::Arm(due(3))], None);
    ledger.settle(mark, Duration::from_secs(30));
    assert!(ledger.0.lock().synced >= mark, "it waited, and knows");
    let account = reopened(folder.path(), "this");
    assert_eq!(account.cut, [(due(1).id, "Début".into())], "it began, and nobody knows more");
    assert_eq!(account.past.until, Some(due(1).at));
    assert_eq!(account.past.started, [due(1).id].into());
    assert_eq!(account.past.told, [due(2).id].into());
    assert!(account.past.armed[&due(3).id].same_boot && account.synchronised);
    let other = reopened(folder.path(), "another");
    assert!(!other.past.armed[&due(3).id].same_boot && !other.synchronised);
    ledger.ended(&due(1).id, &Outcome::Played);
    let until = std::time::Instant::now() + Duration::from_secs(30);
    while !reopened(folder.path(), "this").cut.is_empty() {
        assert!(std::time::Instant::now() < until, "how it ended is never written");
        thread::yield_now();
    }
}

#[test]
fn a_torn_line_spoils_no_other() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("journal/bells.jsonl");
    let (ledger, _) = Ledger::open(folder.path(), boot()).unwrap();
    ledger.write(&[Decision::Ring(due(1))], Some((due(1).at, Trust::Always)));
    let whole = fs::read(&path).unwrap();
    for cut in 0..whole.len() {
        fs::write(&path, &whole[..cut]).unwrap();
        let (ledger, account) = Ledger::open(folder.path(), boot()).unwrap();
        assert!(account.garbage <= 1);
        ledger.write(&[Decision::Ring(due(2))], None);
        let account = reopened(folder.path(), "this");
        assert!(account.past.started.contains(&due(2).id), "{cut}: after the half of a line");
    }
}

#[test]
fn a_long_file_is_written_anew_and_says_the_same() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("journal/bells.jsonl");
    let (ledger, _) = Ledger::open(folder.path(), boot()).unwrap();
    let mut text = Vec::new();
    for minute in 0..6000 {
        for decision in [Decision::Arm(due(minute)), Decision::Ring(due(minute))] {
            Line::of(&decision, &boot()).write(&mut text);
        }
        // But one, which plays still.
        if minute != 5999 {
            Line::Ended { bell: due(minute).id, outcome: Outcome::Played }.write(&mut text);
        }
        Line::Known { until: due(minute).at, boot: boot(), synchronised: true }.write(&mut text);
    }
    ledger.0.lock().write(&text);
    ledger.write(&[Decision::Missed(due(6001), Missed::Off), Decision::Arm(due(7000))], None);
    let long = fs::metadata(&path).unwrap().len();
    let text = fs::read(&path).unwrap();
    assert!(long > book::LONG_BYTES, "{long}");
    let before = Account::read(&text, "this");
    assert_eq!(before.cut, [(due(5999).id, "Début".into())]);
    // While it runs, and while it is written to.
    let writers: Vec<_> = (0..200)
        .map(|minute| {
            ledger.rest();
            ledger.write(&[Decision::Missed(due(200_000 + minute), Missed::Off)], None)
        })
        .collect();
    let until = std::time::Instant::now() + Duration::from_secs(30);
    while fs::metadata(&path).unwrap().len() > long / 2 {
        assert!(std::time::Instant::now() < until, "it stays long");
        ledger.rest();
        thread::yield_now();
    }
    ledger.settle(*writers.last().unwrap(), Duration::from_secs(30));
    ledger.write(&[Decision::Missed(due(300_000), Missed::Off)], None);
    let mut running = Account::read(&fs::read(&path).unwrap(), "this");
    let later = (200_000..200_200).chain([300_000]).map(|minute| due(minute).id);
    assert!(later.into_iter().all(|id| running.past.told.remove(&id)), "what came meanwhile");
    assert_eq!((&running.past, &running.cut), (&before.past, &before.cut));
    drop(ledger);
    // And at the start.
    fs::write(&path, text).unwrap();
    let before = reopened(folder.path(), "this");
    let short = fs::metadata(&path).unwrap().len();
    assert!(short < long / 2, "{short} of {long}");
    let after = reopened(folder.path(), "this");
    assert_eq!(after.past.started.len(), 6000);
    assert_eq!(after.past, before.past);
}

#[test]
fn the_last_fifty_thousand_bells_are_remembered() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("journal/bells.jsonl");
    fs::create_dir(folder.path().join("journal")).unwrap();
    let mut text = Vec::new();
    for minute in 0..50_002 {
        Line::Ringing { bell: due(minute).id }.write(&mut text);
    }
    let until = due(50_001).at;
    Line::Known { until, boot: boot(), synchronised: true }.write(&mut text);
    fs::write(&path, text).unwrap();
    reopened(folder.path(), "this");
    let started = reopened(folder.path(), "this").past.started;
    assert_eq!(started.len(), 50_000);
    assert!(!started.contains(&due(1).id) && started.contains(&due(50_001).id));
}

#[test]
fn what_is_written_while_it_is_copied_is_in_the_copy_too() {
    let folder = TempDir::new().unwrap();
    let (ledger, _) = Ledger::open(folder.path(), boot()).unwrap();
    ledger.write(&[Decision::Ring(due(1))], None);
    let mut copy = ledger.0.lock().begin_copy().unwrap();
    copy.fill(|text| account::in_short(text, 10, &boot())).unwrap();
    ledger.write(&[Decision::Ring(due(2))], None);
    assert!(!ledger.0.lock().take_over(&mut copy).unwrap(), "it lacks a line");
    copy.follow().unwrap();
    assert!(ledger.0.lock().take_over(&mut copy).unwrap());
    ledger.write(&[Decision::Ring(due(3))], None);
    let account = reopened(folder.path(), "this");
    assert_eq!(account.past.started, [due(1).id, due(2).id, due(3).id].into());
}

#[test]
fn what_waits_in_memory_has_a_bound_and_the_oldest_go_first() {
    let folder = TempDir::new().unwrap();
    let journal = folder.path().join("journal");
    // A file where the folder is to be.
    fs::write(&journal, "").unwrap();
    let (ledger, _) = Ledger::open(folder.path(), boot()).unwrap();
    for minute in 0..2000 {
        ledger.write(&[Decision::Ring(due(minute))], None);
    }
    assert!(!ledger.status().ready);
    fs::remove_file(&journal).unwrap();
    ledger.write(&[], Some((due(0).at, Trust::Synchronised)));
    let account = reopened(folder.path(), "this");
    let written = account.past.started.len();
    assert!((1000..1500).contains(&written), "64 KiB: {written}");
    assert!(account.past.started.contains(&due(1999).id) && account.garbage <= 1);
}

#[test]
fn a_disk_that_does_not_confirm_is_said_and_not_waited_for() {
    let folder = TempDir::new().unwrap();
    let (ledger, _) = Ledger::open(folder.path(), boot()).unwrap();
    ledger.flush();
    assert!(ledger.status().ready);
    // The kernel takes what is written to it, and refuses to sync it.
    ledger.0.lock().file = Some(fs::File::options().write(true).open("/dev/null").unwrap());
    let mark = ledger.0.lock().write(b"\n");
    ledger.flush();
    assert!(!ledger.status().ready && ledger.0.lock().synced < mark, "{:?}", ledger.status());
}

#[test]
fn a_file_that_cannot_be_shortened_is_not_tried_again_at_once() {
    let folder = TempDir::new().unwrap();
    let (ledger, _) = Ledger::open(folder.path(), boot()).unwrap();
    let long = usize::try_from(book::LONG_BYTES).unwrap();
    ledger.0.lock().write(&vec![b'\n'; long + 1]);
    fs::remove_dir_all(folder.path().join("journal")).unwrap();
    ledger.0.work(Task::Shorten, &sync_channel(1).1);
    let mut book = ledger.0.lock();
    assert!(!book.is_long());
    book.write(&vec![b'\n'; long + 2]);
    assert!(book.is_long(), "once it is twice as long");
}

#[test]
fn a_file_that_took_anothers_place_is_safe_once_the_folder_is_synced() {
    let folder = TempDir::new().unwrap();
    let mut book = Book::new(folder.path().join("bells.jsonl"));
    fs::write(folder.path().join("bells.jsonl"), "half a li").unwrap();
    book.append().unwrap();
    assert!(book.begin_copy().is_none(), "no copy is made of half a line");
    book.write(b"whole\n");
    let mut copy = book.begin_copy().unwrap();
    copy.fill(<[u8]>::to_vec).unwrap();
    assert!(book.take_over(&mut copy).unwrap());
    for (synced, left) in [(false, Some(folder.path().to_owned())), (true, None)] {
        book.is_synced(1, synced);
        assert_eq!(book.renamed_in(), left);
    }
}

#[test]
fn a_full_disk_keeps_the_lines_in_memory_and_says_so() {
    full_disk::scene(
        "store::ledger::tests::a_full_disk_keeps_the_lines_in_memory_and_says_so",
        |disk| {
            let (ledger, _) = Ledger::open(&disk.folder, boot()).unwrap();
            ledger.write(&[Decision::Arm(due(1))], None);
            assert!(ledger.status().ready);
            disk.fill();
            let filler = due(0);
            // What is left of the last block is taken first.
            for _ in 0..100 {
                ledger.write(&[Decision::Missed(filler.clone(), Missed::Off)], None);
            }
            let mark = ledger.write(&[Decision::Ring(due(1))], None);
            ledger.settle(mark, Duration::from_secs(30));
            assert!(!ledger.status().ready, "{:?}", ledger.status());
            disk.free();
            ledger.write(&[Decision::Ring(due(2))], None);
            assert!(ledger.status().ready, "{:?}", ledger.status());
            let account = reopened(&disk.folder, "this");
            assert_eq!(account.past.started, [due(1).id, due(2).id].into());
        },
    );
}
