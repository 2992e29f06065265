//! The ledger: what became of each bell, so that none rings twice.
//!
//! Lines are handed to the kernel before the call returns, which survives the end of the program;
//! a thread of its own waits for the disk, so that no disk is in a bell's path. A disk that takes
//! nothing silences no bell: the lines wait in memory, and the status says so.

mod line;
#[cfg(test)]
mod storm;
#[cfg(test)]
mod tests;

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    mem,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread,
    time::Duration,
};

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

pub use line::Account;
use line::Line;

use super::{atomic::Draft, problem::in_words};
use crate::{
    engine::Outcome,
    schedule::{
        BellId,
        keeper::{Decision, Scribe, Trust},
    },
};

/// A file that is longer when the program starts is written anew in short.
const LONG_BYTES: u64 = 1 << 20;

/// No more than this is read of it, from its end.
const MAX_BYTES: u64 = 64 << 20;

/// So many bells that have started are remembered: four years of sixty on each day with school.
const REMEMBERED: usize = 50_000;

/// What waits in memory while the disk takes nothing: some 500 lines.
const MAX_PENDING_BYTES: usize = 64 << 10;

/// Lines that may wait for the thread.
const QUEUE: usize = 64;

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

#[derive(Debug)]
struct Inner {
    boot: Arc<str>,
    book: Mutex<Book>,
    /// Told when [`Book::synced`] moves.
    synced: Condvar,
    queue: SyncSender<Task>,
    skipped: u64,
}

/// The file, as its writers share it.
#[derive(Debug)]
struct Book {
    path: PathBuf,
    file: Option<File>,
    /// The file may end in the middle of a line.
    torn: bool,
    pending: Vec<u8>,
    /// How many times something was written, and how many of these are on disk.
    written: u64,
    synced: u64,
    trouble: Option<String>,
}

/// What the thread does.
#[derive(Debug)]
enum Task {
    Write(Line),
    Sync,
}

impl Ledger {
    /// Opens `journal/bells.jsonl` of `data`. `boot` names this start of the machine. A disk that
    /// cannot be read or written is a status; an error is only that there is no thread to be had.
    pub fn open(data: &Path, boot: Arc<str>) -> io::Result<(Self, Account)> {
        let path = data.join("journal").join("bells.jsonl");
        let mut book = Book {
            path,
            file: None,
            torn: false,
            pending: Vec::new(),
            written: 0,
            synced: 0,
            trouble: None,
        };
        let account = match book.read() {
            Ok((text, length)) => {
                let account = Account::read(&text, &boot);
                if length > LONG_BYTES
                    && let Err(error) = book.replace(&account.in_short(REMEMBERED, &boot))
                {
                    tracing::warn!("the ledger of bells stays long: {}", in_words(&error));
                }
                account
            }
            Err(error) => {
                book.trouble = Some(in_words(&error));
                Account::default()
            }
        };
        if let Err(error) = book.append() {
            book.trouble = Some(in_words(&error));
        }
        let (queue, tasks) = sync_channel(QUEUE);
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
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, task: Task, more: &Receiver<Task>) {
        let mut text = Vec::new();
        let mut write = |task| match task {
            Task::Write(line) => line.write(&mut text),
            Task::Sync => {}
        };
        write(task);
        more.try_iter().for_each(write);
        self.lock().write(&text);
        self.sync();
    }

    /// Outside of the lock: nobody who writes waits for the disk.
    fn sync(&self) {
        let (file, written) = {
            let book = self.lock();
            (book.file.as_ref().map(File::try_clone), book.written)
        };
        let synced = file.map_or(Ok(()), |file| file.and_then(|file| file.sync_data()));
        let mut book = self.lock();
        match synced {
            Ok(()) => book.synced = book.synced.max(written),
            Err(error) => book.fail(&error),
        }
        drop(book);
        self.synced.notify_all();
    }
}

impl Book {
    /// The text of the file, and its length.
    fn read(&self) -> io::Result<(Vec<u8>, u64)> {
        let mut file = match File::open(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), 0)),
            opened => opened?,
        };
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(MAX_BYTES)))?;
        let mut text = Vec::new();
        file.take(MAX_BYTES).read_to_end(&mut text)?;
        Ok((text, length))
    }

    fn replace(&mut self, text: &[u8]) -> io::Result<()> {
        self.file = None;
        Draft::write(&self.path, text)?.commit()
    }

    /// Opens the file to write at its end.
    fn append(&mut self) -> io::Result<&mut File> {
        if self.file.is_none() {
            let folder = self.path.parent().unwrap_or(Path::new("/"));
            fs::create_dir_all(folder)?;
            let mut options = OpenOptions::new();
            options.read(true).append(true).create(true).mode(0o600);
            let mut file = options.open(&self.path)?;
            let length = file.metadata()?.len();
            let mut last = [b'\n'];
            if length > 0 {
                file.seek(SeekFrom::Start(length - 1))?;
                file.read_exact(&mut last)?;
            }
            self.torn = last != [b'\n'];
            File::open(folder)?.sync_all()?;
            return Ok(self.file.insert(file));
        }
        self.file.as_mut().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Hands text to the kernel, with what it has not taken so far.
    fn write(&mut self, text: &[u8]) -> u64 {
        self.pending.extend_from_slice(text);
        if self.pending.is_empty() {
            return self.written;
        }
        self.written += 1;
        let mut all = mem::take(&mut self.pending);
        let written = self.append().map(|_| ()).and_then(|()| {
            if self.torn {
                all.insert(0, b'\n');
            }
            self.append()?.write_all(&all)
        });
        match written {
            Ok(()) => {
                self.torn = false;
                if self.trouble.take().is_some() {
                    tracing::info!("the ledger of bells is whole again");
                }
            }
            Err(error) => {
                self.pending = all;
                // The oldest go first: what is about to ring is what must not ring twice.
                let excess = self.pending.len().saturating_sub(MAX_PENDING_BYTES);
                self.pending.drain(..excess);
                self.fail(&error);
            }
        }
        self.written
    }

    /// The half of a line that may be there is ended when the file is opened anew.
    fn fail(&mut self, error: &io::Error) {
        self.file = None;
        let trouble = in_words(error);
        if self.trouble.as_ref() != Some(&trouble) {
            tracing::error!(
                "the ledger of bells cannot be written, and they ring all the same: {trouble}"
            );
        }
        self.trouble = Some(trouble);
    }
}
