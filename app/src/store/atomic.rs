//! Files that are the old one or the new one, whatever happens in between.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    os::unix::fs::{MetadataExt as _, fchown},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

/// New content, on disk under another name. Dropped, it is gone; [`Self::commit`] makes it the file.
#[derive(Debug)]
pub struct Draft {
    file: NamedTempFile,
    folder: PathBuf,
    target: PathBuf,
}

impl Draft {
    /// How the names of drafts begin: one that a killed writer left is known by it.
    pub const PREFIX: &str = ".conf.json-";

    /// Writes `content` beside `path`, mode 0600, and waits until it is on disk.
    pub fn write(path: &Path, content: &[u8]) -> io::Result<Self> {
        Self::fill(path, |file| file.write_all(content))
    }

    /// As [`Self::write`], content that is made while it is written.
    pub fn fill(
        path: &Path,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Self> {
        // A link stays a link: what it leads to is replaced.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.into());
        let folder = target.parent().unwrap_or(Path::new("/")).to_owned();
        let mut file = tempfile::Builder::new().prefix(Self::PREFIX).tempfile_in(&folder)?;
        let mut buffered = BufWriter::new(&mut file);
        content(&mut buffered)?;
        buffered.flush()?;
        drop(buffered);
        keep_owner(file.as_file(), &folder)?;
        file.as_file().sync_all()?;
        Ok(Self { file, folder, target })
    }

    /// Writes more of it, and waits until that is on disk.
    pub fn extend(&mut self, more: &[u8]) -> io::Result<()> {
        self.file.write_all(more)?;
        self.file.as_file().sync_all()
    }

    /// Replaces the file at once, and waits for nothing: after a power cut it may be the old one
    /// until somebody has synced its folder. The file may be written on, from its end.
    pub fn swap_in(self) -> io::Result<File> {
        Ok(self.file.persist(&self.target)?)
    }

    /// Replaces the file and waits until that, too, is on disk.
    pub fn commit(self) -> io::Result<()> {
        self.file.persist(&self.target).map_err(|error| error.error)?;
        File::open(self.folder)?.sync_all()
    }

    /// As [`Self::commit`], but fails where there is a file already.
    pub fn commit_new(self) -> io::Result<()> {
        self.file.persist_noclobber(&self.target).map_err(|error| error.error)?;
        File::open(self.folder)?.sync_all()
    }
}

/// Gives a file to whom its folder belongs: an administrator who runs `sudo beffroi passwd` must not
/// lock the service out of its own file.
pub fn keep_owner(file: &File, folder: &Path) -> io::Result<()> {
    let (ours, wanted) = (file.metadata()?, fs::metadata(folder)?);
    if ours.uid() == 0 && wanted.uid() != 0 {
        fchown(file, Some(wanted.uid()), Some(wanted.gid()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, chown};

    use super::*;

    #[test]
    fn what_root_writes_belongs_to_the_owner_of_the_folder() {
        let folder = tempfile::TempDir::new().unwrap();
        if chown(folder.path(), Some(65534), Some(65534)).is_err() {
            return println!("only root can try this");
        }
        let path = folder.path().join("conf.json");
        Draft::write(&path, b"{}").unwrap().commit().unwrap();
        let metadata = fs::metadata(&path).unwrap();
        assert_eq!((metadata.uid(), metadata.gid()), (65534, 65534));
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_draft_that_is_not_committed_leaves_nothing() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("conf.json");
        drop(Draft::write(&path, b"{}").unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        Draft::write(&path, b"1").unwrap().commit_new().unwrap();
        let error = Draft::write(&path, b"2").unwrap().commit_new().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"1");
    }
}
