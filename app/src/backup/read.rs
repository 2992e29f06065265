//! Reading a backup: whole and judged before anything of it counts.
//!
//! What comes here may be anybody's: no name leads out of the folder, nothing swells without bound.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, Read},
    path::Path,
};

use flate2::read::GzDecoder;
use serde_json::{Map, Value};
use tar::{Archive, Entry, EntryType};

use super::{CONF, MAX_BYTES, MAX_FILES, SOUNDS, ration::Rationed};
use crate::{
    almanac,
    engine::SoundName,
    sounds::{SoundFolder, Staging},
    store::{PAPER_BYTES, Paper, Tray},
};

/// What stands between two files of an archive: names, times, owners.
const BETWEEN_BYTES: u64 = 64 << 10;

/// As much as a configuration may hold.
const CONF_BYTES: u64 = 4 << 20;

/// What a backup holds: its sounds wait in the sound folder, its papers in the data folder.
#[derive(Debug)]
pub struct Contents {
    pub(super) document: Map<String, Value>,
    pub(super) staging: Staging,
    pub(super) sounds: Vec<SoundName>,
    pub(super) tray: Tray,
    pub(super) papers: Vec<Paper>,
    pub(super) left_out: Vec<String>,
}

/// Why a file is no backup that can be restored.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// What is wrong with it.
    #[error("{0}; nothing was changed")]
    Damaged(String),
    /// This box cannot take it in.
    #[error("the sounds could not be written: {0}; nothing was changed")]
    Disk(io::Error),
}

/// Reads a backup for a data folder. `check` says of each sound why it cannot be played, if it cannot.
///
/// # Errors
/// It is damaged, is none, holds too much, or the disk is full.
pub fn read(
    source: impl Read,
    data: &Path,
    folder: &SoundFolder,
    check: impl Fn(File, &SoundName) -> Result<(), String>,
) -> Result<Contents, ReadError> {
    let staging = folder.stage().map_err(ReadError::Disk)?;
    let mut reading = Reading {
        document: None,
        staging,
        sounds: Vec::new(),
        tray: Tray::new(data).map_err(ReadError::Disk)?,
        papers: Vec::new(),
        left_out: Vec::new(),
        seen: BTreeSet::new(),
        bytes: 0,
    };
    reading.unpack(source)?;
    let Reading { document, staging, mut sounds, tray, papers, mut left_out, .. } = reading;
    let Some(document) = document else {
        let none = "this is no backup of a Beffroi: there is no conf.json in it";
        return Err(ReadError::Damaged(none.into()));
    };
    let mut fit = Vec::new();
    for name in sounds.drain(..) {
        let file = staging.open(&name).map_err(ReadError::Disk)?;
        match check(file, &name) {
            Ok(()) => fit.push(name),
            Err(reason) => {
                staging.discard(&name).map_err(ReadError::Disk)?;
                left_out.push(format!("{SOUNDS}{name}: {reason}"));
            }
        }
    }
    Ok(Contents { document, staging, sounds: fit, tray, papers, left_out })
}

struct Reading {
    document: Option<Map<String, Value>>,
    staging: Staging,
    sounds: Vec<SoundName>,
    tray: Tray,
    papers: Vec<Paper>,
    left_out: Vec<String>,
    seen: BTreeSet<String>,
    bytes: u64,
}

impl Reading {
    fn unpack(&mut self, source: impl Read) -> Result<(), ReadError> {
        let (reader, allowance) = Rationed::new(GzDecoder::new(source));
        let mut archive = Archive::new(reader);
        let mut entries = archive.entries().map_err(|error| self.broken(&error))?;
        loop {
            allowance.grant(BETWEEN_BYTES);
            let Some(entry) = entries.next() else { break };
            let mut entry = entry.map_err(|error| self.broken(&error))?;
            let Some(name) = self.name_of(&entry)? else { continue };
            self.bytes = self.bytes.saturating_add(entry.size());
            if self.bytes > MAX_BYTES || self.seen.len() > MAX_FILES {
                let most = MAX_BYTES >> 20;
                let detail = format!("it holds more than {MAX_FILES} files or {most} MiB");
                return Err(ReadError::Damaged(detail));
            }
            allowance.grant(entry.size());
            let size = entry.size();
            self.take_in(&name, size, &mut entry)?;
        }
        // The end proves that nothing before it was damaged on the way: gzip's checksum stands there.
        allowance.grant(BETWEEN_BYTES);
        let mut rest = archive.into_inner();
        io::copy(&mut rest, &mut io::sink()).map_err(|error| self.broken(&error))?;
        Ok(())
    }

    /// The name of a file; `None` of a folder.
    fn name_of(&mut self, entry: &Entry<'_, impl Read>) -> Result<Option<String>, ReadError> {
        let damaged = |detail: String| Err(ReadError::Damaged(detail));
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let name = name.strip_prefix("./").unwrap_or(&name).to_owned();
        let leads_out = |part: &str| part == "..";
        if name.starts_with('/') || name.contains(['\\', '\0']) || name.split('/').any(leads_out) {
            return damaged(format!(
                "{name:?} in it leads out of the folder: no Beffroi wrote that"
            ));
        }
        match entry.header().entry_type() {
            EntryType::Directory => return Ok(None),
            EntryType::Regular | EntryType::Continuous => {}
            _ => return damaged(format!("{name:?} in it is a link or a device, and no file")),
        }
        if !self.seen.insert(name.clone()) {
            return damaged(format!("{name:?} is in it twice"));
        }
        Ok(Some(name))
    }

    fn take_in(&mut self, name: &str, size: u64, entry: &mut impl Read) -> Result<(), ReadError> {
        let sound = name.strip_prefix(SOUNDS).map(str::parse::<SoundName>);
        let paper = name.parse::<Paper>();
        let mut source = Source { inner: entry, left: size, failed: None };
        let taken = match (name, sound, paper) {
            (CONF, ..) => {
                let mut bytes = Vec::new();
                let read = (&mut source).take(CONF_BYTES).read_to_end(&mut bytes).map(drop);
                if source.failed.is_none() {
                    self.document = Some(document(&bytes)?);
                }
                read
            }
            (_, _, Ok(paper)) => {
                let mut bytes = Vec::new();
                let read = (&mut source).take(PAPER_BYTES).read_to_end(&mut bytes).map(drop);
                match fault(paper, &bytes) {
                    None => {
                        self.papers.push(paper);
                        read.and_then(|()| self.tray.put(paper, &bytes))
                    }
                    Some(reason) => {
                        self.left_out.push(format!("{name}: {reason}"));
                        read
                    }
                }
            }
            (_, Some(Ok(sound)), _) => {
                let written = self.staging.write(&sound, &mut source);
                self.sounds.push(sound);
                written
            }
            (_, other, _) => {
                let reason = match other {
                    Some(Err(invalid)) => invalid.to_string(),
                    _ => "a backup holds conf.json, sounds in musiques/, the tables' versions and calendars".into(),
                };
                self.left_out.push(format!("{name}: {reason}"));
                io::copy(&mut source, &mut io::sink()).map(drop)
            }
        };
        match (source.failed, taken) {
            (Some(error), _) => Err(self.broken(&error)),
            (None, taken) => taken.map_err(ReadError::Disk),
        }
    }

    /// What a reader's error means for the file.
    fn broken(&self, error: &io::Error) -> ReadError {
        let detail = match (error.kind(), self.seen.last()) {
            (io::ErrorKind::UnexpectedEof, _) => "the file ends too early: it is not whole".into(),
            (_, None) => format!("this is no backup of a Beffroi ({error}): a .tar.gz is expected"),
            (_, Some(_)) => format!("the file is damaged: {error}"),
        };
        ReadError::Damaged(detail)
    }
}

/// Tells what fails to be read from what fails to be written.
struct Source<'r, R> {
    inner: &'r mut R,
    left: u64,
    failed: Option<io::Error>,
}

impl<R: Read> Read for Source<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = match self.inner.read(into) {
            Ok(0) if self.left > 0 && !into.is_empty() => Err(io::ErrorKind::UnexpectedEof.into()),
            read => read,
        };
        match &read {
            Ok(read) => self.left = self.left.saturating_sub(*read as u64),
            Err(error) => self.failed = Some(io::Error::new(error.kind(), error.to_string())),
        }
        read
    }
}

/// Why these bytes are no such paper, if they are not.
fn fault(paper: Paper, bytes: &[u8]) -> Option<&'static str> {
    match paper {
        Paper::Uploaded | Paper::Fetched if !almanac::is_kept(bytes) => {
            Some("it is no calendar that this box has kept")
        }
        _ => paper.fault(bytes),
    }
}

fn document(bytes: &[u8]) -> Result<Map<String, Value>, ReadError> {
    let parsed = serde_json::from_slice(bytes);
    parsed.map_err(|error| {
        ReadError::Damaged(format!("conf.json in it is no configuration ({error})"))
    })
}
