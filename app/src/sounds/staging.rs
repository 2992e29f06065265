//! Sounds that wait to be taken over all at once, in a hidden folder.
//!
//! On the same disk as the sounds, so that taking one over is a rename.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use super::SoundFolder;
use crate::engine::SoundName;

// The leading dot: no sound name has one.
const NAME: &str = ".restore";

/// Sounds on their way in. Dropped before [`Self::keep`], they are gone.
#[derive(Debug)]
pub struct Staging {
    path: PathBuf,
    kept: bool,
}

impl SoundFolder {
    /// Begins to take sounds in. What waited there before is gone.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn stage(&self) -> io::Result<Staging> {
        self.discard_staged()?;
        let path = self.path().join(NAME);
        fs::DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Staging { path, kept: false })
    }

    /// Puts every sound that waits in the place of the one of its name. May be broken off at any
    /// instant and done again.
    ///
    /// # Errors
    /// A sound cannot be renamed; those that were not yet still wait.
    pub fn adopt_staged(&self) -> io::Result<()> {
        let staged = self.path().join(NAME);
        for entry in entries(&staged)? {
            let entry = entry?;
            fs::rename(entry.path(), self.path().join(entry.file_name()))?;
        }
        self.sync()?;
        self.discard_staged()
    }

    /// Forgets the sounds that wait.
    ///
    /// # Errors
    /// They cannot be deleted.
    pub fn discard_staged(&self) -> io::Result<()> {
        match fs::remove_dir_all(self.path().join(NAME)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

impl Staging {
    /// Takes one sound in, whole and on disk when it returns.
    ///
    /// # Errors
    /// It cannot be read or written.
    pub fn write(&self, name: &SoundName, content: &mut dyn io::Read) -> io::Result<()> {
        let mut options = OpenOptions::new();
        let mut file =
            options.write(true).create_new(true).mode(0o644).open(self.path.join(&**name))?;
        io::copy(content, &mut file)?;
        file.sync_all()
    }

    /// Opens one that waits.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open(&self, name: &SoundName) -> io::Result<File> {
        File::open(self.path.join(&**name))
    }

    /// Forgets one that waits.
    ///
    /// # Errors
    /// It cannot be deleted.
    pub fn discard(&self, name: &SoundName) -> io::Result<()> {
        fs::remove_file(self.path.join(&**name))
    }

    /// Has them wait, through a power cut too, for [`SoundFolder::adopt_staged`].
    ///
    /// # Errors
    /// The disk does not take the folder.
    pub fn keep(mut self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()?;
        if let Some(folder) = self.path.parent() {
            File::open(folder)?.sync_all()?;
        }
        self.kept = true;
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.kept
            && let Err(error) = fs::remove_dir_all(&self.path)
        {
            tracing::warn!("{} stays: {error}", self.path.display());
        }
    }
}

/// None where there is no folder.
fn entries(folder: &Path) -> io::Result<impl Iterator<Item = io::Result<fs::DirEntry>>> {
    match fs::read_dir(folder) {
        Ok(entries) => Ok(Some(entries).into_iter().flatten()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None.into_iter().flatten()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_no_sound_until_all_of_it_is_taken_over() {
        let home = tempfile::tempdir().unwrap();
        let folder = SoundFolder::new(home.path());
        fs::write(home.path().join("a.wav"), "old").unwrap();
        fs::write(home.path().join("c.wav"), "stays").unwrap();
        let fill = |staging: &Staging| {
            for name in ["a.wav", "b.wav"] {
                staging.write(&name.parse().unwrap(), &mut "new".as_bytes()).unwrap();
            }
        };
        let dropped = folder.stage().unwrap();
        fill(&dropped);
        assert_eq!(folder.list().unwrap().len(), 2);
        drop(dropped);
        folder.adopt_staged().unwrap();
        assert_eq!(fs::read(home.path().join("a.wav")).unwrap(), b"old");

        let kept = folder.stage().unwrap();
        fill(&kept);
        kept.keep().unwrap();
        // As a power cut leaves it: one is over, the other is not.
        fs::rename(home.path().join(".restore/b.wav"), home.path().join("b.wav")).unwrap();
        folder.adopt_staged().unwrap();
        for (name, content) in [("a.wav", "new"), ("b.wav", "new"), ("c.wav", "stays")] {
            assert_eq!(fs::read_to_string(home.path().join(name)).unwrap(), content);
        }
        assert!(!home.path().join(".restore").exists());
        folder.adopt_staged().unwrap();
    }
}
