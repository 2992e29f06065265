//! Writing a backup: in a stream, straight from the files.

use std::{
    fs::File,
    io::{self, Read as _, Write},
    path::PathBuf,
};

use flate2::{Compression, write::GzEncoder};
use tar::{Builder, Header};

use super::{CONF, MAX_BYTES, MAX_FILES, SOUNDS};
use crate::{
    engine::SoundName,
    sounds::SoundFolder,
    store::{Paper, Store},
};

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// No restore would take it.
    #[error(
        "the sound folder holds more than a backup does ({} files, {} MiB): copy it in another way, \
         or delete what nothing rings",
        MAX_FILES,
        MAX_BYTES >> 20
    )]
    TooMuch,
    /// A file cannot be read, or the backup not be written.
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// What a backup will hold. Known before its first byte, so that a refusal is told in time.
pub struct Plan {
    conf: Vec<u8>,
    sounds: Vec<SoundName>,
    folder: SoundFolder,
    papers: Vec<Paper>,
    data: PathBuf,
}

impl Plan {
    /// Looks at what there is.
    ///
    /// # Errors
    /// The sounds cannot be listed, or are too many.
    pub fn new(store: &Store, folder: &SoundFolder) -> Result<Self, WriteError> {
        let mut conf = serde_json::to_vec_pretty(&store.portable()).map_err(io::Error::other)?;
        conf.push(b'\n');
        let sounds = folder.list()?;
        let bytes: u64 = sounds.iter().map(|sound| sound.bytes).sum();
        let papers = Paper::list(store.data());
        if sounds.len() + papers.len() >= MAX_FILES || bytes + conf.len() as u64 > MAX_BYTES {
            return Err(WriteError::TooMuch);
        }
        let sounds = sounds.into_iter().map(|sound| sound.name).collect();
        Ok(Self { conf, sounds, folder: folder.clone(), papers, data: store.data().into() })
    }

    /// Writes it.
    ///
    /// # Errors
    /// A sound cannot be read to its end, or `to` takes no more.
    pub fn write(&self, to: impl Write) -> io::Result<()> {
        // Sounds are compressed already: harder work would gain a hundredth.
        let mut archive = Builder::new(GzEncoder::new(to, Compression::fast()));
        let now = jiff::Timestamp::now().as_second();
        let now = u64::try_from(now).unwrap_or(0);
        let mut conf = header(self.conf.len() as u64, now);
        archive.append_data(&mut conf, CONF, self.conf.as_slice())?;
        for paper in &self.papers {
            let Ok(file) = paper.open(&self.data) else { continue }; // an old version, gone meanwhile
            append(&mut archive, &paper.to_string(), file)?;
        }
        for name in &self.sounds {
            let Ok(file) = self.folder.open(name) else { continue }; // deleted meanwhile
            append(&mut archive, &format!("{SOUNDS}{name}"), file)?;
        }
        archive.into_inner()?.finish()?.flush()
    }
}

/// Writes a backup of a box.
///
/// # Errors
/// As of [`Plan::new`] and [`Plan::write`].
pub fn write(store: &Store, folder: &SoundFolder, to: impl Write) -> Result<(), WriteError> {
    Ok(Plan::new(store, folder)?.write(to)?)
}

/// A file that must not become shorter while it is read: the archive would be out of step.
struct Exactly {
    content: io::Take<File>,
}

impl io::Read for Exactly {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.content.read(into)?;
        if read == 0 && self.content.limit() > 0 && !into.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(read)
    }
}

fn append(archive: &mut Builder<impl Write>, name: &str, file: File) -> io::Result<()> {
    let (bytes, modified) = facts(&file)?;
    let mut header = header(bytes, modified);
    archive.append_data(&mut header, name, Exactly { content: file.take(bytes) })
}

fn facts(file: &File) -> io::Result<(u64, u64)> {
    let metadata = file.metadata()?;
    let since = metadata.modified()?.duration_since(std::time::UNIX_EPOCH);
    Ok((metadata.len(), since.map_or(0, |since| since.as_secs())))
}

fn header(bytes: u64, modified: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_size(bytes);
    header.set_mode(0o644);
    header.set_mtime(modified);
    header
}
