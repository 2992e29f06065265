//! The sessions of a run that has ended, sealed for the next one.
//!
//! A line that names the format, then frames: a length and so many sealed bytes. Each opens at its
//! own place of its own file only: the head, a session, …, the end.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, Read as _, Write},
    path::Path,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::Receiver;
use zeroize::Zeroizing;

use super::{
    Seal, SessionId,
    record::{Record, USUAL_BYTES},
    tag::Tag,
};
use crate::store::atomic::Draft;

/// A session in the file.
pub(super) struct Entry {
    pub(super) id: SessionId,
    /// For how long nobody has used it.
    pub(super) idle: Duration,
    pub(super) record: Record,
}

/// What a file says of itself.
#[derive(Serialize, Deserialize)]
struct Head {
    file: String,
    /// Since 1970.
    written_ms: u64,
}

/// What precedes a session's record: its id and the milliseconds for which nobody has used it.
const ENTRY_HEAD_BYTES: usize = 40;

const FORMAT: &[u8] = b"beffroi sessions 1\n";

/// A session is some ten kilobytes.
const LARGEST_FRAME_BYTES: u32 = 16 * 1024 * 1024;

/// Writes the sessions as they come; gives how many. No session, no file.
pub(super) fn write(
    path: &Path,
    seal: &Seal,
    now: SystemTime,
    mut entries: Receiver<Entry>,
) -> io::Result<usize> {
    let Some(first) = entries.blocking_recv() else { return Ok(0) };
    let file = Tag::random().map_err(io::Error::other)?.as_str().to_owned();
    let mut count: usize = 0;
    let draft = Draft::fill(path, |out| {
        out.write_all(FORMAT)?;
        let head = Head { file: file.clone(), written_ms: ms_of(now) };
        frame(out, seal, HEAD, &serde_json::to_vec(&head)?)?;
        let mut next = Some(first);
        // One for all of them: to overwrite one for each took most of the time.
        let mut plain = Zeroizing::new(Vec::with_capacity(ENTRY_HEAD_BYTES + USUAL_BYTES));
        while let Some(entry) = next {
            entry.write_to(&mut plain);
            frame(out, seal, &label(&file, Some(count)), &plain)?;
            count = count.saturating_add(1);
            next = entries.blocking_recv();
        }
        frame(out, seal, &label(&file, None), &count.to_le_bytes())
    });
    draft?.commit()?;
    Ok(count)
}

/// Reads the sessions, if there is such a file; it is gone afterwards. What is wrong with it is told
/// in the log, and the file put aside.
pub(super) fn read(path: &Path, seal: &Seal, now: SystemTime, each: impl FnMut(Entry)) {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return,
        Err(error) => {
            return tracing::error!(path = %path.display(), %error, "the sessions cannot be read");
        }
    };
    // Before anything else: sessions that have gone on are not to be read a second time.
    let aside = path.with_extension("sessions.unread");
    if let Err(error) = fs::rename(path, &aside) {
        return tracing::error!(
            path = %path.display(), %error,
            "the sessions of the last run are left, as their file cannot be put aside"
        );
    }
    let mut count: usize = 0;
    let whole = read_frames(BufReader::new(file), seal, now, &mut count, each);
    match whole.and_then(|()| fs::remove_file(&aside)) {
        Ok(()) => tracing::info!(sessions = count, "goes on with the sessions of the last run"),
        Err(error) => tracing::error!(
            sessions = count, path = %aside.display(), %error,
            "goes on with the sessions that could be read; the file is put aside"
        ),
    }
}

fn read_frames(
    mut file: impl BufRead,
    seal: &Seal,
    now: SystemTime,
    count: &mut usize,
    mut each: impl FnMut(Entry),
) -> io::Result<()> {
    let mut format = Vec::new();
    (&mut file).take(64).read_until(b'\n', &mut format)?;
    if format != FORMAT {
        return Err(io::Error::other("it does not begin as a file of sessions"));
    }
    let sealed = unframe(&mut file)?;
    let head = seal.open(HEAD, &sealed).and_then(|head| serde_json::from_slice::<Head>(&head).ok());
    let head = head.ok_or_else(|| io::Error::other("it was sealed with another key"))?;
    // A clock that has stepped back, as that of a Pi does before it has asked the network, says
    // nothing about how long ago that was.
    let off = Duration::from_millis(ms_of(now).saturating_sub(head.written_ms));
    loop {
        let sealed = unframe(&mut file)?;
        if let Some(entry) = seal.open(&label(&head.file, Some(*count)), &sealed) {
            let entry = Entry::of_bytes(&entry, off);
            each(entry.ok_or_else(|| io::Error::other("a session is in another format"))?);
            *count = count.saturating_add(1);
        } else if seal.open(&label(&head.file, None), &sealed).is_some() {
            return Ok(());
        } else {
            return Err(io::Error::other(format!("it is damaged after {count} sessions")));
        }
    }
}

impl Entry {
    fn write_to(&self, plain: &mut Zeroizing<Vec<u8>>) {
        let idle_ms = u64::try_from(self.idle.as_millis()).unwrap_or(u64::MAX);
        plain.clear();
        plain.extend_from_slice(self.id.as_bytes());
        plain.extend_from_slice(&idle_ms.to_le_bytes());
        self.record.append_to(plain);
    }

    fn of_bytes(bytes: &[u8], off: Duration) -> Option<Self> {
        let (id, bytes) = bytes.split_first_chunk::<32>()?;
        let (idle_ms, bytes) = bytes.split_first_chunk::<8>()?;
        let idle = Duration::from_millis(u64::from_le_bytes(*idle_ms)).saturating_add(off);
        Some(Self { id: SessionId::from(*id), idle, record: Record::of_bytes(bytes)? })
    }
}

const HEAD: &str = "gateway.sessions 1 head";

/// The place of a session in its file, or of the end.
fn label(file: &str, index: Option<usize>) -> String {
    match index {
        Some(index) => format!("gateway.sessions 1 {file} {index}"),
        None => format!("gateway.sessions 1 {file} end"),
    }
}

fn frame(out: &mut dyn Write, seal: &Seal, label: &str, plain: &[u8]) -> io::Result<()> {
    let sealed = seal.seal(label, plain).map_err(io::Error::other)?;
    let length = u32::try_from(sealed.len()).map_err(io::Error::other)?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(&sealed)
}

fn unframe(file: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    file.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length);
    if length > LARGEST_FRAME_BYTES {
        return Err(io::Error::other("a length in it cannot be right"));
    }
    let mut sealed = Vec::new();
    file.take(length.into()).read_to_end(&mut sealed)?;
    Ok(sealed)
}

fn ms_of(now: SystemTime) -> u64 {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
