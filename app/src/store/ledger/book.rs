//! The ledger's file, as its writers share it.
//!

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    mem,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use super::copy::FairCopy;
use crate::store::{atomic::Draft, problem::in_words};

/// A file that is longer is written anew in short: when the program starts, and while it runs.
pub(super) const LONG_BYTES: u64 = 1 << 20;

/// No more than this is read of it, from its end.
const MAX_BYTES: u64 = 64 << 20;

/// What waits in memory while the disk takes nothing: some 500 lines.
const MAX_PENDING_BYTES: usize = 64 << 10;

/// The file.
#[derive(Debug)]
pub(super) struct Book {
    path: PathBuf,
    pub(super) file: Option<File>,
    /// The file may end in the middle of a line.
    torn: bool,
    pending: Vec<u8>,
    /// How many times something was written, and how many of these are on disk.
    pub(super) written: u64,
    pub(super) synced: u64,
    pub(super) trouble: Option<String>,
    /// How much of the file is whole, and from what length on it is long.
    length: u64,
    long: u64,
    /// It has taken the place of another, and the disk may not know yet.
    renamed: bool,
}

impl Book {
    /// The file of this path, unread.
    pub(super) const fn new(path: PathBuf) -> Self {
        Self {
            path,
            file: None,
            torn: false,
            pending: Vec::new(),
            written: 0,
            synced: 0,
            trouble: None,
            length: 0,
            long: LONG_BYTES,
            renamed: false,
        }
    }

    /// Its text; its last part where it is huge.
    pub(super) fn read(&mut self) -> io::Result<Vec<u8>> {
        let file = match File::open(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            opened => opened?,
        };
        self.length = file.metadata()?.len();
        end_of(file, self.length)
    }

    /// Whether it should be written anew in short.
    pub(super) const fn is_long(&self) -> bool {
        self.length > self.long
    }

    /// It was written anew, or could not be: what is long now is twice as much.
    pub(super) fn stay_long(&mut self) {
        self.long = LONG_BYTES.max(self.length.saturating_mul(2));
    }

    /// Puts a text in the place of the file, before anybody writes to it.
    pub(super) fn replace(&mut self, text: &[u8]) -> io::Result<()> {
        self.file = None;
        let replaced = Draft::write(&self.path, text)?.commit();
        self.length = text.len() as u64;
        self.stay_long();
        replaced
    }

    /// A copy of what it holds now, to be filled; `None` where it is not whole.
    pub(super) fn begin_copy(&self) -> Option<FairCopy> {
        self.is_whole().then(|| FairCopy::new(self.path.clone(), self.length))
    }

    /// Takes the copy in the place of the file, if it has all of it: false where more was written.
    /// Waits for no disk.
    pub(super) fn take_over(&mut self, copy: &mut FairCopy) -> io::Result<bool> {
        if !self.is_whole() {
            return Err(io::Error::other("it could not be written to meanwhile"));
        }
        if !copy.has_all_of(self.length) {
            return Ok(false);
        }
        let (file, length) = copy.swap_in()?;
        (self.file, self.length, self.renamed) = (Some(file), length, true);
        self.stay_long();
        Ok(true)
    }

    /// The folder that the disk must know of, too, before anything counts as being on it.
    pub(super) fn renamed_in(&self) -> Option<PathBuf> {
        self.renamed.then(|| self.path.parent().unwrap_or(Path::new("/")).to_owned())
    }

    /// So much of what was written is on disk, and the folder too.
    pub(super) fn is_synced(&mut self, written: u64, folder: bool) {
        self.synced = self.synced.max(written);
        self.renamed &= !folder;
    }

    fn is_whole(&self) -> bool {
        self.file.is_some() && self.pending.is_empty() && !self.torn
    }

    /// Opens the file to write at its end.
    pub(super) fn append(&mut self) -> io::Result<&mut File> {
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
            self.length = length;
            File::open(folder)?.sync_all()?;
            return Ok(self.file.insert(file));
        }
        self.file.as_mut().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Hands text to the kernel, with what it has not taken so far.
    pub(super) fn write(&mut self, text: &[u8]) -> u64 {
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
                self.length += all.len() as u64;
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
    pub(super) fn fail(&mut self, error: &io::Error) {
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

/// The text of the first `length` bytes of a file; the end of it where that is huge.
pub(super) fn end_of(mut file: File, length: u64) -> io::Result<Vec<u8>> {
    let from = length.saturating_sub(MAX_BYTES);
    file.seek(SeekFrom::Start(from))?;
    let mut text = Vec::new();
    file.take(length - from).read_to_end(&mut text)?;
    Ok(text)
}
