//! The journal: what rang, when and why.
//!
//! Writing it never holds up a ring: lines go through a bounded queue to a thread of their own, and
//! one that finds no room is dropped and counted.

mod book;
mod entry;
mod filter;
#[cfg(test)]
mod tests;

use std::{
    collections::VecDeque,
    io,
    path::{Path, PathBuf},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

pub use entry::JournalEntry;
pub use filter::Filter;

use super::problem::in_words;
use crate::engine::{Outcome, Playback, PlaybackId};
use book::Book;

/// Lines that may wait for a slow disk.
const QUEUE: usize = 256;

/// How much goes to the disk at once, at most: far less than a file holds.
const MAX_BATCH_BYTES: usize = 64 << 10;

/// The journal of one data folder. Clones share it.
#[derive(Debug, Clone)]
pub struct Journal {
    folder: PathBuf,
    /// The first playback of this run.
    first: PlaybackId,
    queue: SyncSender<JournalEntry>,
    shared: Arc<Shared>,
}

/// How the journal fares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct JournalStatus {
    /// Whether the last ring is on disk.
    pub ready: bool,
    /// In words.
    pub detail: String,
    /// Lines of this run that are lost, because the disk was too slow or full.
    pub dropped: u64,
    /// Lines of the files that could not be understood when they were opened.
    pub skipped: u64,
}

#[derive(Debug)]
struct Shared {
    progress: Mutex<Progress>,
    written: Condvar,
}

#[derive(Debug)]
struct Progress {
    /// Lines that went into the queue.
    queued: u64,
    /// Lines that came out of it and were written, or tried to be.
    done: u64,
    dropped: u64,
    /// How many of these the log was told of.
    told: u64,
    skipped: u64,
    trouble: Option<String>,
}

impl Journal {
    /// Opens the journal in the folder `journal` of `data`, and tells the number of the next
    /// playback. A disk that cannot be read or written is a status and is tried again at each
    /// ring; an error is only that there is no thread to be had.
    pub fn open(data: &Path) -> io::Result<(Self, PlaybackId)> {
        let folder = data.join("journal");
        let mut book = Book::new(&folder);
        let opened = book.open();
        let pages = book::read(&folder);
        let trouble = opened.as_ref().err().or(pages.as_ref().err()).map(in_words);
        let pages = pages.unwrap_or_default();
        let last = pages.entries.last_key_value().map_or(0, |(id, _)| id.0);
        let first = PlaybackId(last.saturating_add(1));

        let progress =
            Progress { queued: 0, done: 0, dropped: 0, told: 0, skipped: pages.garbage, trouble };
        let shared = Arc::new(Shared { progress: Mutex::new(progress), written: Condvar::new() });
        let (queue, lines) = sync_channel(QUEUE);
        let writer = Arc::clone(&shared);
        let write = move || writer.write(&mut book, &lines);
        thread::Builder::new().name("journal".into()).spawn(write)?;
        Ok((Self { folder, first, queue, shared }, first))
    }

    /// Writes down that a playback started, or how it ended. Never waits.
    pub fn record(&self, playback: &Playback, outcome: &Outcome, length: Duration) {
        let entry = JournalEntry::new(playback, outcome, length, Timestamp::now());
        let mut progress = self.shared.lock();
        match self.queue.try_send(entry) {
            Ok(()) => progress.queued += 1,
            Err(_) => progress.dropped += 1,
        }
    }

    /// The newest entries first: at most `limit` of those that are asked for, and only those before
    /// a playback if one is given. Reads the files: not for a thread that must not wait.
    pub fn read(
        &self,
        limit: usize,
        before: Option<PlaybackId>,
        asked: &Filter,
    ) -> io::Result<Vec<JournalEntry>> {
        let entries = book::read(&self.folder)?.entries;
        let before = before.unwrap_or(PlaybackId(u64::MAX));
        let newest = entries.range(..before).rev().map(|(_, entry)| self.as_of_now(entry));
        Ok(newest.filter(|entry| asked.takes(entry)).take(limit).collect())
    }

    /// Waits until all that was recorded so far is on disk or has failed to be; false where that
    /// takes longer than `at_most`.
    pub fn flush(&self, at_most: Duration) -> bool {
        let progress = self.shared.lock();
        let target = progress.queued;
        let waited =
            self.shared.written.wait_timeout_while(progress, at_most, |now| now.done < target);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    /// How it fares.
    pub fn status(&self) -> JournalStatus {
        let Progress { dropped, skipped, trouble, .. } = &*self.shared.lock();
        JournalStatus {
            ready: trouble.is_none(),
            detail: match trouble {
                Some(reason) => format!("rings cannot be written down: {reason}"),
                None => "every ring is written down".into(),
            },
            dropped: *dropped,
            skipped: *skipped,
        }
    }

    fn as_of_now(&self, entry: &JournalEntry) -> JournalEntry {
        let mut entry = entry.clone();
        if entry.outcome == Outcome::Playing && entry.id < self.first {
            entry.outcome = Outcome::Interrupted;
        }
        entry
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, book: &mut Book, queue: &Receiver<JournalEntry>) {
        let mut started = VecDeque::new();
        while let Ok(mut entry) = queue.recv() {
            // What waits goes to the disk together: one wait for it instead of many.
            let mut lines = Vec::new();
            let mut count = 0;
            loop {
                keep_start(&mut started, &mut entry);
                match entry.line() {
                    Ok(line) => lines.extend(line),
                    Err(error) => tracing::error!("a ring cannot be written as JSON: {error}"),
                }
                count += 1;
                if lines.len() > MAX_BATCH_BYTES {
                    break;
                }
                match queue.try_recv() {
                    Ok(next) => entry = next,
                    Err(_) => break,
                }
            }
            let written = book.append(&lines);
            self.tell(count, written, book.given_up());
        }
    }

    fn tell(&self, count: u64, written: io::Result<()>, given_up: u64) {
        let mut progress = self.lock();
        let trouble = written.err().as_ref().map(in_words);
        let news = (trouble != progress.trouble).then(|| trouble.clone());
        progress.trouble = trouble;
        progress.done += count;
        progress.dropped += given_up;
        let lost = progress.dropped - progress.told;
        progress.told = progress.dropped;
        drop(progress);
        self.written.notify_all();
        match news {
            Some(Some(reason)) => tracing::error!("rings cannot be written down: {reason}"),
            Some(None) => tracing::info!("rings are written down again"),
            None => {}
        }
        if lost > 0 {
            tracing::warn!("{lost} lines of the journal are lost: the disk did not take them");
        }
    }
}

/// Gives the line of an end the time of its start. Few play at once: the last eight are known.
fn keep_start(started: &mut VecDeque<(PlaybackId, String)>, entry: &mut JournalEntry) {
    if let Some((_, time)) = started.iter().find(|(id, _)| *id == entry.id) {
        entry.time.clone_from(time);
    } else if entry.outcome == Outcome::Playing {
        if started.len() == 8 {
            started.pop_front();
        }
        started.push_back((entry.id, entry.time.clone()));
    }
}
