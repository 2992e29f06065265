//! The sound folder: names that stay in it, files that are really files.
//!
//! Whoever put a link, a pipe or a folder there gets a sentence; nobody waits for it.

mod rename;
mod shipped;
mod staging;
mod upload;

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use rustix::{
    fs::{Mode, OFlags},
    io::Errno,
};

use crate::engine::SoundName;

pub use rename::{Rename, RenameError};
pub use staging::Staging;
pub use upload::Upload;

/// The folder of sounds. Cheap to clone.
#[derive(Debug, Clone)]
pub struct SoundFolder(Arc<Path>);

/// A sound in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoundEntry {
    /// Its name.
    pub name: SoundName,
    /// Its size.
    pub bytes: u64,
    /// When it was last written.
    pub modified: SystemTime,
}

/// Why a sound cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum SoundFileError {
    /// There is none.
    #[error("{0} is missing from the sound folder")]
    Missing(SoundName),
    /// It is there, and is no file.
    #[error("{name} is {found}, and must be a file")]
    NotAFile {
        /// What was asked for.
        name: SoundName,
        /// What it is, with its article.
        found: &'static str,
    },
    /// It is a file that cannot be opened.
    #[error("{name} cannot be opened: {error}")]
    Unreadable {
        /// What was asked for.
        name: SoundName,
        /// What the system says.
        error: io::Error,
    },
}

impl SoundFolder {
    /// The folder at this path. No i/o.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into().into())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Creates the folder where there is none, and removes what broken-off uploads have left.
    ///
    /// # Errors
    /// The folder can be neither created nor read.
    pub fn prepare(&self) -> io::Result<()> {
        fs::create_dir_all(&self.0)?;
        for entry in fs::read_dir(&self.0)? {
            let entry = entry?;
            if upload::is_left_over(&entry.file_name()) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Opens a sound for reading. Never waits, not even for a pipe without a writer.
    ///
    /// # Errors
    /// It is missing, is no file (a link is none either), or cannot be read.
    pub fn open(&self, name: &SoundName) -> Result<File, SoundFileError> {
        let not_a_file = |found| SoundFileError::NotAFile { name: name.clone(), found };
        let unreadable = |error| SoundFileError::Unreadable { name: name.clone(), error };
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = match rustix::fs::open(self.file(name), flags, Mode::empty()) {
            Ok(descriptor) => File::from(descriptor),
            Err(Errno::NOENT) => return Err(SoundFileError::Missing(name.clone())),
            Err(Errno::LOOP) => return Err(not_a_file("a link")),
            // What a socket, or a device without its driver, answers.
            Err(Errno::NXIO | Errno::NODEV) => return Err(not_a_file("a socket or a device")),
            Err(errno) => return Err(unreadable(errno.into())),
        };
        let kind = file.metadata().map_err(unreadable)?.file_type();
        match () {
            () if kind.is_file() => Ok(file),
            () if kind.is_dir() => Err(not_a_file("a folder")),
            () => Err(not_a_file("a pipe or a device")),
        }
    }

    /// The sounds, by name. What is no sound is not listed.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn list(&self) -> io::Result<Vec<SoundEntry>> {
        let mut sounds = Vec::new();
        for entry in fs::read_dir(&self.0)? {
            let entry = entry?;
            let Some(name) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
                continue;
            };
            // Of the entry itself: a link is no file here.
            let Ok(metadata) = entry.metadata() else { continue };
            if metadata.is_file() {
                let modified = metadata.modified()?;
                sounds.push(SoundEntry { name, bytes: metadata.len(), modified });
            }
        }
        sounds.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(sounds)
    }

    /// Begins an upload: a hidden file that becomes a sound only by [`Upload::keep`].
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn upload(&self) -> io::Result<Upload> {
        Upload::begin(self.clone())
    }

    /// Deletes a sound; `false` where there was none.
    ///
    /// # Errors
    /// It is there and cannot be deleted.
    pub fn delete(&self, name: &SoundName) -> io::Result<bool> {
        match fs::remove_file(self.file(name)) {
            Ok(()) => self.sync().map(|()| true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn file(&self, name: &SoundName) -> PathBuf {
        self.0.join(&**name)
    }

    /// Names last through a power cut only once the folder itself is written.
    fn sync(&self) -> io::Result<()> {
        File::open(&self.0)?.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        os::unix::{fs::PermissionsExt, net::UnixListener},
    };

    use super::*;

    fn name(text: &str) -> SoundName {
        text.parse().unwrap()
    }

    fn folder() -> (tempfile::TempDir, SoundFolder) {
        let outer = tempfile::tempdir().unwrap();
        let folder = SoundFolder::new(outer.path().join("musiques"));
        folder.prepare().unwrap();
        (outer, folder)
    }

    #[test]
    fn only_a_file_is_opened_and_nothing_is_waited_for() {
        let (outer, folder) = folder();
        let at = |file: &str| folder.path().join(file);
        let secret = outer.path().join("secret.wav");
        fs::write(&secret, "secret").unwrap();
        fs::write(at("bell.wav"), "sound").unwrap();
        fs::create_dir(at("folder.wav")).unwrap();
        std::os::unix::fs::symlink(&secret, at("link.wav")).unwrap();
        let fifo = rustix::fs::FileType::Fifo;
        rustix::fs::mknodat(rustix::fs::CWD, at("pipe.wav"), fifo, Mode::RUSR, 0).unwrap();
        let _socket = UnixListener::bind(at("socket.wav")).unwrap();

        let mut text = String::new();
        folder.open(&name("bell.wav")).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "sound");
        for (file, said) in [
            ("none.wav", "none.wav is missing from the sound folder"),
            ("folder.wav", "folder.wav is a folder, and must be a file"),
            ("link.wav", "link.wav is a link, and must be a file"),
            ("pipe.wav", "pipe.wav is a pipe or a device, and must be a file"),
            ("socket.wav", "socket.wav is a socket or a device, and must be a file"),
        ] {
            assert_eq!(folder.open(&name(file)).unwrap_err().to_string(), said);
        }
        let listed: Vec<_> = folder.list().unwrap().into_iter().map(|s| s.name).collect();
        assert_eq!(listed, [name("bell.wav")]);
    }

    #[test]
    fn an_upload_is_a_sound_only_once_it_is_kept() {
        let (_outer, folder) = folder();
        let mut upload = folder.upload().unwrap();
        upload.write_all(b"one").unwrap();
        assert_eq!(folder.list().unwrap(), []);
        assert!(!upload.keep(&name("b.wav")).unwrap(), "nothing was replaced");
        let mut upload = folder.upload().unwrap();
        upload.write_all(b"second").unwrap();
        assert!(upload.keep(&name("b.wav")).unwrap(), "the first was replaced");
        let path = folder.path().join("b.wav");
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o644);
        assert_eq!(folder.list().unwrap()[0].bytes, 6);
        assert!(folder.delete(&name("b.wav")).unwrap());
        assert!(!folder.delete(&name("b.wav")).unwrap());
    }

    #[test]
    fn a_broken_off_upload_leaves_nothing() {
        let (_outer, folder) = folder();
        let mut upload = folder.upload().unwrap();
        upload.write_all(b"half").unwrap();
        drop(upload);
        let files = || fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(files(), 0);
        // As a power cut leaves it.
        std::mem::forget(folder.upload().unwrap());
        fs::write(folder.path().join("bell.wav"), "kept").unwrap();
        assert_eq!(files(), 2);
        folder.prepare().unwrap();
        assert_eq!(files(), 1);
        assert_eq!(folder.list().unwrap().len(), 1);
    }
}
