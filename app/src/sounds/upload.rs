//! An upload: a hidden file until it is whole.

use std::{
    ffi::OsStr,
    fs::{self, File, Permissions},
    io::{self, Write},
    os::unix::fs::PermissionsExt,
};

use tempfile::NamedTempFile;

use super::SoundFolder;
use crate::engine::SoundName;

/// A sound that is being written. Dropped before [`Self::keep`], it leaves nothing behind.
#[derive(Debug)]
pub struct Upload {
    folder: SoundFolder,
    file: NamedTempFile,
}

// The leading dot: no sound name has one, so that a half upload can never be rung.
const PREFIX: &str = ".upload-";

impl Upload {
    pub(super) fn begin(folder: SoundFolder) -> io::Result<Self> {
        let file = tempfile::Builder::new().prefix(PREFIX).tempfile_in(folder.path())?;
        Ok(Self { folder, file })
    }

    /// What has been written so far, opened anew from its beginning: to check it before it is kept.
    ///
    /// # Errors
    /// The system cannot open it.
    pub fn reopen(&self) -> io::Result<File> {
        self.file.reopen()
    }

    /// Makes it the sound of this name, at once and durably; `true` if it replaced another.
    ///
    /// # Errors
    /// It cannot be written whole or renamed. The sound of that name is then what it was.
    pub fn keep(self, name: &SoundName) -> io::Result<bool> {
        let Self { folder, file } = self;
        let path = folder.file(name);
        // Readable by the group too: whoever makes the backups.
        file.as_file().set_permissions(Permissions::from_mode(0o644))?;
        file.as_file().sync_all()?;
        let replaced = fs::symlink_metadata(&path).is_ok();
        file.persist(&path).map_err(|failed| failed.error)?;
        folder.sync()?;
        Ok(replaced)
    }
}

impl Write for Upload {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

pub(super) fn is_left_over(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with(PREFIX))
}
