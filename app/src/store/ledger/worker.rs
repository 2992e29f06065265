//! What the ledger's thread does: it is the one that waits for the disk.
//!

use std::{
    fs::File,
    io,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, SyncSender},
    },
};

use super::{account, book::Book, line::Line};
use crate::store::problem::in_words;

/// So many bells that have started are remembered: four years of sixty on each day with school.
pub(super) const REMEMBERED: usize = 50_000;

/// Lines that may wait for the thread.
pub(super) const QUEUE: usize = 64;

/// What the thread and its clients share.
#[derive(Debug)]
pub(super) struct Inner {
    pub(super) boot: Arc<str>,
    pub(super) book: Mutex<Book>,
    /// Told when [`Book::synced`] moves.
    pub(super) synced: Condvar,
    pub(super) queue: SyncSender<Task>,
    pub(super) skipped: u64,
}

/// What the thread does.
#[derive(Debug)]
pub(super) enum Task {
    Write(Line),
    Sync,
    Shorten,
}

impl Inner {
    pub(super) fn lock(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn work(&self, task: Task, more: &Receiver<Task>) {
        let (mut text, mut shorten) = (Vec::new(), false);
        let mut write = |task| match task {
            Task::Write(line) => line.write(&mut text),
            Task::Sync => {}
            Task::Shorten => shorten = true,
        };
        write(task);
        more.try_iter().take(QUEUE).for_each(write);
        self.lock().write(&text);
        self.sync();
        if shorten && self.lock().is_long() {
            self.shorten();
        }
    }

    /// Outside of the lock: nobody who writes waits for the disk.
    pub(super) fn sync(&self) {
        let (file, folder, written) = {
            let book = self.lock();
            (book.file.as_ref().map(File::try_clone), book.renamed_in(), book.written)
        };
        let synced = || -> io::Result<()> {
            if let Some(file) = file {
                file?.sync_data()?;
            }
            // Before that, a power cut may still bring the file back that was replaced.
            folder.as_ref().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
        };
        let synced = synced();
        let mut book = self.lock();
        match synced {
            Ok(()) => book.is_synced(written, folder.is_some()),
            Err(error) => book.fail(&error),
        }
        drop(book);
        self.synced.notify_all();
    }

    /// Writes the file anew in short, outside of the lock. Whatever happens, each line that was on
    /// disk is there afterwards, or what it said: the new file has all of the old one, on disk, at
    /// the moment at which it takes its place.
    fn shorten(&self) {
        let Some(mut copy) = self.lock().begin_copy() else { return };
        let done =
            copy.fill(|text| account::in_short(text, REMEMBERED, &self.boot)).and_then(|()| {
                // What is written meanwhile is little, and rare: nobody asks for this near a bell.
                for _ in 0..16 {
                    if self.lock().take_over(&mut copy)? {
                        return Ok(());
                    }
                    copy.follow()?;
                }
                Err(io::Error::other("it is written to all the time"))
            });
        if let Err(error) = done {
            self.lock().stay_long();
            tracing::warn!("the ledger of bells stays long: {}", in_words(&error));
        }
        self.sync();
    }
}
