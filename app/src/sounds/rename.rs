//! A rename: a sound has both names until its triggers have followed.
//!
//! Whatever rings in between finds its file. A note in the folder says what a power cut broke off.

use std::{
    fs,
    io::{self, Write as _},
    os::unix::fs::MetadataExt as _,
};

use tempfile::NamedTempFile;

use super::SoundFolder;
use crate::engine::SoundName;

// The leading dot: no sound name has one.
const NOTE: &str = ".rename-";

/// A sound under two names. Dropped before [`Self::finish`], only the old one is left.
#[derive(Debug)]
pub struct Rename {
    folder: SoundFolder,
    from: SoundName,
    to: SoundName,
    finished: bool,
    // Removed when this is dropped, and only then.
    _note: NamedTempFile,
}

/// Why a sound cannot have another name.
#[derive(Debug, thiserror::Error)]
pub enum RenameError {
    /// It is missing, or no file.
    #[error(transparent)]
    Sound(#[from] super::SoundFileError),
    /// Something has that name already: never replaced.
    #[error("there is a sound {0} already")]
    Taken(SoundName),
    /// The folder cannot be written.
    #[error("the sound folder cannot be written: {0}")]
    Disk(#[from] io::Error),
}

impl SoundFolder {
    /// Gives a sound a second name, durably.
    ///
    /// # Errors
    /// Nothing has changed then.
    pub fn rename(&self, from: &SoundName, to: &SoundName) -> Result<Rename, RenameError> {
        self.open(from)?;
        let mut note = tempfile::Builder::new().prefix(NOTE).tempfile_in(self.path())?;
        // No name holds the end of a line.
        writeln!(note, "{from}\n{to}")?;
        note.as_file().sync_all()?;
        fs::hard_link(self.file(from), self.file(to)).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => RenameError::Taken(to.clone()),
            _ => RenameError::Disk(error),
        })?;
        let (folder, from, to) = (self.clone(), from.clone(), to.clone());
        // From here on a failure takes the second name back.
        let rename = Rename { folder, from, to, finished: false, _note: note };
        self.sync()?;
        Ok(rename)
    }

    /// Brings to an end what a power cut broke off: the name that is `rung` stays.
    ///
    /// # Errors
    /// The folder can be neither read nor written.
    pub fn settle_renames(&self, rung: impl Fn(&SoundName) -> bool) -> io::Result<()> {
        for entry in fs::read_dir(self.path())? {
            let entry = entry?;
            if !entry.file_name().to_str().is_some_and(|name| name.starts_with(NOTE)) {
                continue;
            }
            let text = fs::read_to_string(entry.path()).unwrap_or_default();
            let mut names = text.lines().map(str::parse::<SoundName>);
            if let (Some(Ok(from)), Some(Ok(to))) = (names.next(), names.next())
                && self.are_one_file(&from, &to)
            {
                let gone = if rung(&from) { &to } else { &from };
                fs::remove_file(self.file(gone))?;
                self.sync()?;
            }
            fs::remove_file(entry.path())?;
        }
        Ok(())
    }

    fn are_one_file(&self, one: &SoundName, other: &SoundName) -> bool {
        let known = |name| fs::symlink_metadata(self.file(name)).map(|it| (it.dev(), it.ino()));
        matches!((known(one), known(other)), (Ok(one), Ok(other)) if one == other)
    }
}

impl Rename {
    /// Takes the old name away.
    ///
    /// # Errors
    /// It is still there beside the new one.
    pub fn finish(mut self) -> io::Result<()> {
        self.finished = true;
        fs::remove_file(self.folder.file(&self.from))?;
        self.folder.sync()
    }
}

impl Drop for Rename {
    fn drop(&mut self) {
        if !self.finished
            && let Err(error) = fs::remove_file(self.folder.file(&self.to))
        {
            tracing::warn!("{} is left beside {}: {error}", self.to, self.from);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> SoundName {
        text.parse().unwrap()
    }

    fn folder() -> (tempfile::TempDir, SoundFolder) {
        let home = tempfile::tempdir().unwrap();
        let folder = SoundFolder::new(home.path());
        fs::write(folder.file(&name("old.wav")), "sound").unwrap();
        (home, folder)
    }

    fn names(folder: &SoundFolder) -> Vec<String> {
        let entries = fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_sound_has_both_names_until_the_rename_is_finished_or_dropped() {
        let (_home, folder) = folder();
        let rename = folder.rename(&name("old.wav"), &name("new.wav")).unwrap();
        assert_eq!(folder.list().unwrap().len(), 2);
        drop(rename);
        assert_eq!(names(&folder), ["old.wav"]);
        folder.rename(&name("old.wav"), &name("new.wav")).unwrap().finish().unwrap();
        assert_eq!(names(&folder), ["new.wav"]);
        assert_eq!(fs::read(folder.file(&name("new.wav"))).unwrap(), b"sound");
    }

    #[test]
    fn what_is_there_is_not_replaced_and_what_is_missing_is_said() {
        let (_home, folder) = folder();
        fs::write(folder.file(&name("other.wav")), "other").unwrap();
        for (from, to, said) in [
            ("old.wav", "other.wav", "there is a sound other.wav already"),
            ("old.wav", "old.wav", "there is a sound old.wav already"),
            ("none.wav", "new.wav", "none.wav is missing from the sound folder"),
        ] {
            assert_eq!(folder.rename(&name(from), &name(to)).unwrap_err().to_string(), said);
        }
        assert_eq!(names(&folder), ["old.wav", "other.wav"]);
        assert_eq!(fs::read(folder.file(&name("other.wav"))).unwrap(), b"other");
    }

    #[test]
    fn after_a_power_cut_the_name_that_is_rung_stays() {
        for rung in ["old.wav", "new.wav"] {
            let (_home, folder) = folder();
            // As a power cut leaves it: the note and both names.
            std::mem::forget(folder.rename(&name("old.wav"), &name("new.wav")).unwrap());
            assert_eq!(names(&folder).len(), 3);
            folder.settle_renames(|name| **name == *rung).unwrap();
            assert_eq!(names(&folder), [rung]);
        }
    }

    #[test]
    fn a_note_about_two_different_files_takes_none_away() {
        let (_home, folder) = folder();
        fs::write(folder.file(&name("new.wav")), "another").unwrap();
        fs::write(folder.path().join(".rename-1"), "old.wav\nnew.wav\n").unwrap();
        fs::write(folder.path().join(".rename-2"), "half of a li").unwrap();
        folder.settle_renames(|_| false).unwrap();
        assert_eq!(names(&folder), ["new.wav", "old.wav"]);
    }
}
