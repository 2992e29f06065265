//! The ledger in short, written beside it while it is written on.
//!

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::PathBuf,
};

use super::book::end_of;
use crate::store::atomic::Draft;

/// A shorter file that says what the first part of another says.
#[derive(Debug)]
pub(super) struct FairCopy {
    path: PathBuf,
    draft: Option<Draft>,
    /// How much of the other it has, on disk, and how much of it there is to be had.
    has: u64,
    wants: u64,
    length: u64,
}

impl FairCopy {
    /// Of so much of a file; nothing is written yet.
    pub(super) const fn new(path: PathBuf, wants: u64) -> Self {
        Self { path, draft: None, has: 0, wants, length: 0 }
    }

    /// Writes it, and waits until it is on disk.
    pub(super) fn fill(&mut self, short: impl FnOnce(&[u8]) -> Vec<u8>) -> io::Result<()> {
        let text = short(&end_of(File::open(&self.path)?, self.wants)?);
        self.draft = Some(Draft::write(&self.path, &text)?);
        (self.has, self.length) = (self.wants, text.len() as u64);
        Ok(())
    }

    /// Whether it has so much of the file. If not, [`Self::follow`] brings it.
    pub(super) const fn has_all_of(&mut self, length: u64) -> bool {
        self.wants = length;
        self.has == length
    }

    /// Adds what was written to the file meanwhile, and waits until it is on disk.
    pub(super) fn follow(&mut self) -> io::Result<()> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(self.has))?;
        let mut more = Vec::new();
        file.take(self.wants.saturating_sub(self.has)).read_to_end(&mut more)?;
        self.draft.as_mut().ok_or(io::ErrorKind::NotFound)?.extend(&more)?;
        self.has += more.len() as u64;
        self.length += more.len() as u64;
        Ok(())
    }

    /// Puts it in the place of the file, to be written on: the new file, and its length.
    pub(super) fn swap_in(&mut self) -> io::Result<(File, u64)> {
        let draft = self.draft.take().ok_or(io::ErrorKind::NotFound)?;
        Ok((draft.swap_in()?, self.length))
    }
}
