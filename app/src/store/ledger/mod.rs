//! The ledger: what became of each bell, so that none rings twice.
//!
//! Lines are handed to the kernel before the call returns, which survives the end of the program;
//! a thread of its own waits for the disk, so that no disk is in a bell's path. A disk that takes
//! nothing silences no bell: the lines wait in memory, and the status says so.

mod account;
mod book;
mod copy;
mod line;
#[cfg(test)]
mod storm;
#[cfg(test)]
mod tests;
mod worker;

use std::{
    io,
    path::Path,
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        mpsc::{TrySendError, sync_channel},
    },
    thread,
    time::Duration,
};

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

pub use account::Account;
use book::Book;
use line::Line;
use worker::{Inner, Task};

use super::problem::in_words;
use crate::{
    engine::Outcome,
    schedule::{
        BellId,
        keeper::{Decision, Scribe, Trust},
    },
};

/// The ledger of one data folder. Clones share it.
#[derive(Debug, Clone)]
pub struct Ledger(Arc<Inner>);

/// How the ledger fares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LedgerStatus {
    /// Whether all of it is in the file.
    pub ready: bool,
    /// In words.
    pub detail: String,
    /// Lines of the file that could not be understood when it was opened.
    pub skipped: u64,
}

impl Ledger {
    /// Opens `journal/bells.jsonl` of `data`. `boot` names this start of the machine. A disk that
    /// cannot be read or written is a status; an error is only that there is no thread to be had.
    pub fn open(data: &Path, boot: Arc<str>) -> io::Result<(Self, Account)> {
        let mut book = Book::new(data.join("journal").join("bells.jsonl"));
        let read = book.read();
        let account = Account::read(read.as_deref().unwrap_or_default(), &boot);
        if let Ok(text) = &read
            && book.is_long()
            && let Err(error) = book.replace(&account::in_short(text, worker::REMEMBERED, &boot))
        {
            tracing::warn!("the ledger of bells stays long: {}", in_words(&error));
        }
        if let Err(error) = read.map(drop).and_then(|()| book.append().map(drop)) {
            book.trouble = Some(in_words(&error));
        }
        let (queue, tasks) = sync_channel(worker::QUEUE);
        let skipped = account.garbage;
        let inner = Arc::new(Inner {
            boot,
            book: Mutex::new(book),
            synced: Condvar::new(),
            queue,
            skipped,
        });
        let weak = Arc::downgrade(&inner);
        let work = move || {
            while let (Ok(task), Some(inner)) = (tasks.recv(), weak.upgrade()) {
                inner.work(task, &tasks);
            }
        };
        thread::Builder::new().name("ledger".into()).spawn(work)?;
        Ok((Self(inner), account))
    }

    /// Writes decisions down, and up to when each bell is accounted for by them, by a clock of such
    /// trust. They survive the program when this returns, and soon after the power.
    pub fn write(&self, decisions: &[Decision], known: Option<(Timestamp, Trust)>) -> u64 {
        let boot = &self.0.boot;
        let mut text = Vec::new();
        for decision in decisions {
            Line::of(decision, boot).write(&mut text);
        }
        if let Some((until, trust)) = known {
            let synchronised = trust == Trust::Synchronised;
            Line::Known { until, boot: Arc::clone(boot), synchronised }.write(&mut text);
        }
        let written = self.0.lock().write(&text);
        // Full: it is waiting for the disk already, and does so once more afterwards.
        self.0.queue.try_send(Task::Sync).ok();
        written
    }

    /// Waits until what [`Self::write`] returned is on disk, or cannot be, or for so long.
    pub fn settle(&self, written: u64, at_most: Duration) {
        let book = self.0.lock();
        let waiting = |book: &mut Book| book.synced < written && book.trouble.is_none();
        let settled = self.0.synced.wait_timeout_while(book, at_most, waiting);
        if settled.unwrap_or_else(PoisonError::into_inner).1.timed_out() {
            tracing::warn!("the ledger's disk is too slow: a bell does not wait for it any longer");
        }
    }

    /// Writes down how a bell ended, soon. Never waits.
    pub fn ended(&self, bell: &BellId, outcome: &Outcome) {
        let line = Line::Ended { bell: bell.clone(), outcome: outcome.clone() };
        match self.0.queue.try_send(Task::Write(line)) {
            Ok(()) => {}
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                tracing::warn!(%bell, "the ledger's disk is slow: how this bell ended is not in it");
            }
        }
    }

    /// Says that no bell is near: a file that has become long is now written anew in short, by the
    /// thread. Never waits.
    pub fn rest(&self) {
        if self.0.lock().is_long() {
            self.0.queue.try_send(Task::Shorten).ok();
        }
    }

    /// Waits until what was written is on disk, or has failed to be.
    pub fn flush(&self) {
        self.0.sync();
    }

    /// How it fares.
    pub fn status(&self) -> LedgerStatus {
        let trouble = self.0.lock().trouble.clone();
        LedgerStatus {
            ready: trouble.is_none(),
            detail: match trouble {
                Some(reason) => format!(
                    "what became of the tables' bells cannot be written down, and a bell may ring \
                     twice after a restart: {reason}"
                ),
                None => "every bell of the tables is written down".into(),
            },
            skipped: self.0.skipped,
        }
    }
}

impl Scribe for Ledger {
    fn write(&mut self, decisions: &[Decision], known: Option<(Timestamp, Trust)>) -> u64 {
        Self::write(self, decisions, known)
    }

    fn settle(&mut self, written: u64, at_most: Duration) {
        Self::settle(self, written, at_most);
    }

    fn trouble(&self) -> Option<String> {
        let status = self.status();
        (!status.ready).then_some(status.detail)
    }

    fn ended(&mut self, bell: &BellId, outcome: &Outcome) {
        Self::ended(self, bell, outcome);
    }

    fn rest(&mut self) {
        Self::rest(self);
    }
}
