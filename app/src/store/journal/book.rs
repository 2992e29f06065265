//! The journal's two files: appended to, turned over at 1 MiB, and read.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use super::JournalEntry;
use crate::engine::PlaybackId;

/// The longest of the two files: 2 MiB in all, some 8,000 lines.
pub const MAX_BYTES: u64 = 1 << 20;

/// What waits in memory while the disk takes nothing.
const MAX_PENDING_BYTES: usize = 64 << 10;

/// The files as their one writer sees them.
#[derive(Debug)]
pub struct Book {
    folder: PathBuf,
    open: Option<(File, u64)>,
    pending: Vec<u8>,
    given_up: u64,
}

/// What the files say, newest line last.
#[derive(Debug, Default)]
pub struct Pages {
    /// The last line of each playback.
    pub entries: BTreeMap<PlaybackId, JournalEntry>,
    /// Lines that cannot be understood.
    pub garbage: u64,
}

impl Book {
    /// The book in a folder. No i/o yet.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.into(), open: None, pending: Vec::new(), given_up: 0 }
    }

    /// Mends what a power cut left, and has the file open for [`Self::append`].
    pub fn open(&mut self) -> io::Result<()> {
        self.open = None;
        fs::create_dir_all(&self.folder)?;
        let path = current(&self.folder);
        let mut file =
            OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("rings.jsonl is no regular file"));
        }
        let length = mend(&mut file)?;
        File::open(&self.folder)?.sync_all()?;
        self.open = Some((file, length));
        Ok(())
    }

    /// Writes lines and waits until they are on disk. What the disk does not take waits in memory
    /// for the next call, as far as there is room.
    pub fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        self.pending.extend_from_slice(lines);
        let written = self.write();
        match &written {
            Ok(()) => self.pending.clear(),
            // The half of a line that may be there is mended when the file is opened anew.
            Err(_) => {
                self.open = None;
                if self.pending.len() > MAX_PENDING_BYTES {
                    self.given_up += line_count(&self.pending);
                    self.pending.clear();
                }
            }
        }
        written
    }

    /// How many lines found no room in memory either, since this was asked last.
    pub fn given_up(&mut self) -> u64 {
        std::mem::take(&mut self.given_up)
    }

    fn write(&mut self) -> io::Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        if self.open.is_none() {
            self.open()?;
        }
        let added = self.pending.len() as u64;
        if self.open.as_ref().is_some_and(|(_, length)| length + added > MAX_BYTES) {
            fs::rename(current(&self.folder), earlier(&self.folder))?;
            self.open()?;
        }
        let Some((file, length)) = &mut self.open else { return Ok(()) };
        file.write_all(&self.pending)?;
        file.sync_data()?;
        *length += added;
        Ok(())
    }
}

/// Reads both files. A line that is being written is not seen yet.
pub fn read(folder: &Path) -> io::Result<Pages> {
    // The current one first: if it is turned over in between, its lines are read twice, not never.
    let current = read_file(&current(folder))?;
    let mut pages = Pages::default();
    for text in [read_file(&earlier(folder))?, current] {
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        for line in text.get(..whole).unwrap_or_default().split(|byte| *byte == b'\n') {
            match serde_json::from_slice::<JournalEntry>(line) {
                Ok(entry) => {
                    pages.entries.insert(entry.id, entry);
                }
                Err(_) if line.is_empty() => {}
                Err(_) => pages.garbage += 1,
            }
        }
    }
    Ok(pages)
}

fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    match fs::metadata(path) {
        // A fifo would hold up the start of the box.
        Ok(metadata) if !metadata.is_file() => {
            Err(io::Error::other(format!("{} is no regular file", path.display())))
        }
        // Ours are never longer.
        Ok(_) => File::open(path)?.take(2 * MAX_BYTES).read_to_end(&mut text).map(|_| text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(text),
        Err(error) => Err(error),
    }
}

fn line_count(text: &[u8]) -> u64 {
    text.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// Ends the last line: it is completed where only its end is missing, else cut off.
fn mend(file: &mut File) -> io::Result<u64> {
    let length = file.metadata()?.len();
    let from = length.saturating_sub(MAX_PENDING_BYTES as u64);
    file.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    file.take(MAX_PENDING_BYTES as u64).read_to_end(&mut tail)?;
    if tail.is_empty() || tail.ends_with(b"\n") {
        return Ok(length);
    }
    let torn = tail.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let whole_lines = length - torn.len() as u64;
    // A "line" longer than any of ours is somebody else's: it is ended, and skipped when read.
    if torn.len() == MAX_PENDING_BYTES || serde_json::from_slice::<JournalEntry>(torn).is_ok() {
        file.write_all(b"\n")?;
        file.sync_data()?;
        return Ok(length + 1);
    }
    file.set_len(whole_lines)?;
    file.sync_data()?;
    Ok(whole_lines)
}

fn current(folder: &Path) -> PathBuf {
    folder.join("rings.jsonl")
}

fn earlier(folder: &Path) -> PathBuf {
    folder.join("rings.1.jsonl")
}
