//! The journal across restarts, torn lines, rotation and a full disk.

use std::{fs, path::Path, time::Duration};

use serde_json::json;
use tempfile::TempDir;

use super::{Filter, Journal, JournalEntry, book::MAX_BYTES};
use crate::{
    engine::{Cause, Outcome, Playback, PlaybackId},
    store::full_disk,
};

const LONG: Duration = Duration::from_secs(60);

fn playback(id: u64) -> Playback {
    Playback {
        id: PlaybackId(id),
        trigger: "GPIO23".parse().ok(),
        name: "Bouton entrée".into(),
        sound: "bell.mp3".parse().ok(),
        cause: Cause::Line { line: "GPIO23".parse().unwrap() },
    }
}

fn ring(journal: &Journal, id: u64) {
    journal.record(&playback(id), &Outcome::Playing, Duration::from_secs(4));
    journal.record(&playback(id), &Outcome::Played, Duration::from_secs(4));
    assert!(journal.flush(LONG));
}

fn ids(journal: &Journal, limit: usize, before: Option<u64>) -> Vec<u64> {
    let entries = journal.read(limit, before.map(PlaybackId), &Filter::default()).unwrap();
    entries.iter().map(|entry| entry.id.0).collect()
}

fn file(data: &Path) -> std::path::PathBuf {
    data.join("journal/rings.jsonl")
}

#[test]
fn a_ring_is_one_entry_from_its_start_to_its_end() {
    let folder = TempDir::new().unwrap();
    let (journal, next) = Journal::open(folder.path()).unwrap();
    assert_eq!(next, PlaybackId(1));
    journal.record(&playback(1), &Outcome::Playing, Duration::from_millis(4500));
    assert!(journal.flush(LONG));
    let started = journal.read(10, None, &Filter::default()).unwrap().remove(0);
    assert_eq!(started.outcome, Outcome::Playing);

    journal.record(&playback(2), &Outcome::Playing, Duration::from_secs(1));
    let by = Cause::Api { user: "admin".into() };
    journal.record(&playback(1), &Outcome::Stopped { by }, Duration::from_secs(2));
    assert!(journal.flush(LONG));
    let entry = journal.read(1, Some(PlaybackId(2)), &Filter::default()).unwrap().remove(0);
    assert_eq!(entry.time, started.time, "the time is that of the start");
    let expected = json!({
        "id": 1, "time": started.time, "trigger": "GPIO23", "name": "Bouton entrée",
        "cause": {"kind": "line", "line": "GPIO23"}, "sound": "bell.mp3", "seconds": 2.0,
        "outcome": "stopped", "by": {"kind": "api", "user": "admin"},
    });
    assert_eq!(serde_json::to_value(&entry).unwrap(), expected);
    let age = jiff::Timestamp::now().duration_since(entry.time.parse().unwrap());
    assert!((-1..60).contains(&age.as_secs()), "{}", entry.time);
}

#[test]
fn numbers_go_on_after_a_restart_and_what_played_was_interrupted() {
    let folder = TempDir::new().unwrap();
    let (journal, _) = Journal::open(folder.path()).unwrap();
    ring(&journal, 1);
    journal.record(&playback(2), &Outcome::Playing, LONG);
    assert!(journal.flush(LONG));
    let (journal, next) = Journal::open(folder.path()).unwrap();
    assert_eq!(next, PlaybackId(3));
    journal.record(&playback(3), &Outcome::Playing, LONG);
    assert!(journal.flush(LONG));
    let outcomes: Vec<_> = journal
        .read(10, None, &Filter::default())
        .unwrap()
        .into_iter()
        .map(|entry| entry.outcome)
        .collect();
    assert_eq!(outcomes, [Outcome::Playing, Outcome::Interrupted, Outcome::Played]);
    assert_eq!(ids(&journal, 2, None), [3, 2]);
    assert_eq!(ids(&journal, 2, Some(2)), [1]);
    assert!(ids(&journal, 0, None).is_empty());
}

#[test]
fn a_file_cut_at_any_byte_loses_its_last_line_at_most() {
    let folder = TempDir::new().unwrap();
    let (journal, _) = Journal::open(folder.path()).unwrap();
    journal.record(&playback(1), &Outcome::Playing, LONG);
    journal.record(&playback(1), &Outcome::Played, LONG);
    assert!(journal.flush(LONG));
    let whole = fs::read(file(folder.path())).unwrap();
    for cut in 0..=whole.len() {
        fs::write(file(folder.path()), &whole[..cut]).unwrap();
        let (journal, next) = Journal::open(folder.path()).unwrap();
        let text = fs::read(file(folder.path())).unwrap();
        let lines = whole[..cut].iter().filter(|byte| **byte == b'\n').count();
        let kept = text.split_inclusive(|byte| *byte == b'\n').inspect(|line| {
            serde_json::from_slice::<JournalEntry>(line).unwrap();
        });
        assert!(kept.count() >= lines, "cut at {cut}");
        assert!(text.is_empty() || text.ends_with(b"\n"), "cut at {cut}");
        journal.record(&playback(next.0), &Outcome::Played, LONG);
        assert!(journal.flush(LONG));
        assert_eq!(ids(&journal, 1, None), [next.0]);
        assert_eq!(journal.status().skipped, 0);
    }
}

#[test]
fn garbage_is_skipped_and_counted() {
    let folder = TempDir::new().unwrap();
    let (journal, _) = Journal::open(folder.path()).unwrap();
    ring(&journal, 1);
    let mut text = b"\xff\xfe\n{}\n\n".to_vec();
    text.extend(fs::read(file(folder.path())).unwrap());
    // A power cut leaves blocks of zeros on some file systems, longer than any line of ours.
    text.extend([0; 70_000]);
    fs::write(file(folder.path()), text).unwrap();
    let (journal, next) = Journal::open(folder.path()).unwrap();
    assert_eq!(next, PlaybackId(2));
    assert_eq!(journal.status().skipped, 3);
    ring(&journal, 2);
    assert_eq!(ids(&journal, 9, None), [2, 1]);
}

#[test]
fn the_files_stay_within_their_bound_and_the_newest_are_kept() {
    let folder = TempDir::new().unwrap();
    let (journal, _) = Journal::open(folder.path()).unwrap();
    let mut last = 0;
    for _ in 0..120 {
        for _ in 0..100 {
            last += 1;
            journal.record(&playback(last), &Outcome::Played, LONG);
        }
        assert!(journal.flush(LONG));
    }
    let size = |name: &str| fs::metadata(folder.path().join("journal").join(name)).unwrap().len();
    assert!(size("rings.jsonl") <= MAX_BYTES && size("rings.1.jsonl") <= MAX_BYTES);
    let kept = ids(&journal, usize::MAX, None);
    let newest: Vec<u64> = (1..=last).rev().take(kept.len()).collect();
    assert_eq!(kept, newest, "no gap where the file was turned over");
    assert!((4_000..12_000).contains(&kept.len()), "{}", kept.len());
    assert_eq!(journal.status().dropped, 0);
    assert_eq!(Journal::open(folder.path()).unwrap().1, PlaybackId(last + 1));
}

#[test]
fn a_full_disk_is_told_and_what_waited_is_written_when_there_is_room() {
    let name =
        "store::journal::tests::a_full_disk_is_told_and_what_waited_is_written_when_there_is_room";
    full_disk::scene(name, |disk| {
        let (journal, _) = Journal::open(&disk.folder).unwrap();
        ring(&journal, 1);
        disk.fill();
        // A tmpfs fills its last page first.
        let mut last = 1;
        while journal.status().ready && last < 100 {
            last += 1;
            ring(&journal, last);
        }
        let status = journal.status();
        assert!(!status.ready, "{status:?}");
        println!("{status:?}");
        ring(&journal, last + 1);
        disk.free();
        ring(&journal, last + 2);
        assert!(journal.status().ready);
        let all: Vec<u64> = (1..=last + 2).rev().collect();
        assert_eq!(ids(&journal, 200, None), all);
        let (reopened, _) = Journal::open(&disk.folder).unwrap();
        assert_eq!(reopened.status().skipped, 0, "no half line is left between others");
        assert_eq!(journal.status().dropped, 0);
    });
}

#[test]
fn a_disk_that_takes_nothing_costs_no_ring() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("journal"), "in the way").unwrap();
    let (journal, next) = Journal::open(folder.path()).unwrap();
    assert_eq!(next, PlaybackId(1));
    assert!(!journal.status().ready);
    for id in 1..1000 {
        journal.record(&playback(id), &Outcome::Played, LONG);
    }
    assert!(journal.flush(LONG));
    assert!(journal.status().dropped > 0, "memory is bounded too");
    fs::remove_file(folder.path().join("journal")).unwrap();
    ring(&journal, 1000);
    assert!(journal.status().ready);
    assert_eq!(ids(&journal, 1, None), [1000]);
}
