//! The sounds that come with the box: CC0, computed by an example of ours.

use std::io::{self, Write as _};

use super::SoundFolder;
use crate::engine::SoundName;

/// Each file's name and content, so that one binary is a box that rings.
const SHIPPED: [(&str, &[u8]); 4] = [
    ("alert.ogg", include_bytes!("../../../data/musiques/alert.ogg")),
    ("bell.mp3", include_bytes!("../../../data/musiques/bell.mp3")),
    ("chime.flac", include_bytes!("../../../data/musiques/chime.flac")),
    ("test-tone.wav", include_bytes!("../../../data/musiques/test-tone.wav")),
];

impl SoundFolder {
    /// Writes the shipped sounds that the folder does not have. What is there stays as it is.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn ship(&self) -> io::Result<()> {
        for (name, content) in SHIPPED {
            let name: SoundName = name.parse().map_err(io::Error::other)?;
            if self.path().join(&*name).symlink_metadata().is_ok() {
                continue;
            }
            let mut upload = self.upload()?;
            upload.write_all(content)?;
            upload.keep(&name)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_stays_and_the_rest_is_written() {
        let home = tempfile::tempdir().unwrap();
        let folder = SoundFolder::new(home.path().join("musiques"));
        folder.prepare().unwrap();
        std::fs::write(folder.path().join("bell.mp3"), "the school's own").unwrap();
        folder.ship().unwrap();
        let names: Vec<_> = folder.list().unwrap().into_iter().map(|sound| sound.name).collect();
        assert_eq!(names.len(), SHIPPED.len());
        let bell = std::fs::read(folder.path().join("bell.mp3")).unwrap();
        assert_eq!(bell, b"the school's own");
    }
}
