//! What comes back with conf.json: versions, the feed, calendars.
//!
//! They are restored from a hidden folder of the data folder, as sounds are from one of theirs: at
//! the same commit point, and again by the next start if the power goes in between.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    str::FromStr,
};

use super::{
    atomic::keep_owner,
    schedule::{Feed, VersionText, Versions},
};

/// A file that a backup holds beside conf.json and the sounds. Its text is its path in the data
/// folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Paper {
    /// A version of the bell tables.
    Version(u64),
    /// The hash of the feed's secret: nobody finds the secret by it.
    Feed,
    /// The calendar that somebody uploaded.
    Uploaded,
    /// The calendar that was fetched last.
    Fetched,
}

/// Papers on their way in. Dropped before [`Self::keep`], they are gone.
#[derive(Debug)]
pub struct Tray {
    data: PathBuf,
    kept: bool,
}

/// The longest of them: a calendar of 4 MiB, as text in JSON.
pub const PAPER_BYTES: u64 = 16 << 20;

const NAME: &str = ".restore";
const SINGLE: [(Paper, &str); 3] = [
    (Paper::Feed, "schedule/feed"),
    (Paper::Uploaded, "calendar/uploaded.json"),
    (Paper::Fetched, "calendar/fetched.json"),
];

impl Paper {
    /// Those of a data folder.
    pub fn list(data: &Path) -> Vec<Self> {
        let versions = Versions::of(data).numbers().into_iter().map(Self::Version);
        let single = SINGLE.map(|(paper, _)| paper).into_iter();
        versions.chain(single).filter(|paper| paper.at(data).is_file()).collect()
    }

    /// Opens it in a data folder.
    ///
    /// # Errors
    /// It is not there or cannot be read.
    pub fn open(self, data: &Path) -> io::Result<File> {
        File::open(self.at(data))
    }

    /// Why these bytes are none, if they are not. Of a calendar, others say so.
    pub fn fault(self, bytes: &[u8]) -> Option<&'static str> {
        let fit = match self {
            Self::Version(number) => serde_json::from_slice::<VersionText>(bytes)
                .is_ok_and(|text| text.version.number == number && text.schedule.is_object()),
            Self::Feed => Feed::is_hash(bytes),
            Self::Uploaded | Self::Fetched => return None,
        };
        (!fit).then_some(match self {
            Self::Version(_) => "it is no version of the tables",
            _ => "it is no secret of a feed",
        })
    }

    fn at(self, data: &Path) -> PathBuf {
        data.join(self.to_string())
    }
}

impl fmt::Display for Paper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, SINGLE.iter().find(|(paper, _)| paper == self)) {
            (Self::Version(number), _) => write!(f, "schedule/version-{number:06}.json"),
            (_, Some((_, name))) => f.write_str(name),
            (_, None) => Err(fmt::Error),
        }
    }
}

impl FromStr for Paper {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if let Some((paper, _)) = SINGLE.iter().find(|(_, name)| *name == text) {
            return Ok(*paper);
        }
        let number =
            text.strip_prefix("schedule/version-").and_then(|text| text.strip_suffix(".json"));
        let paper = Self::Version(number.and_then(|number| number.parse().ok()).ok_or(())?);
        if paper.to_string() == text { Ok(paper) } else { Err(()) }
    }
}

impl Tray {
    /// Begins to take papers in for a data folder. What waited there before is gone.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn new(data: &Path) -> io::Result<Self> {
        discard(data)?;
        let path = data.join(NAME);
        for folder in [path.clone(), path.join("schedule"), path.join("calendar")] {
            fs::DirBuilder::new().mode(0o700).create(folder)?;
        }
        Ok(Self { data: data.into(), kept: false })
    }

    /// Takes one in, whole and on disk when it returns.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn put(&self, paper: Paper, mut bytes: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        let options = options.write(true).create_new(true).mode(0o600);
        let mut file = options.open(paper.at(&self.path()))?;
        io::copy(&mut bytes, &mut file)?;
        keep_owner(&file, &self.data)?;
        file.sync_all()
    }

    /// Has them wait, through a power cut too, for [`adopt`]. What the data folder has and would lose
    /// by it is kept: its own secret of the feed, and its own versions, under the next free numbers
    /// where another version has theirs.
    pub(super) fn keep(mut self) -> io::Result<()> {
        if Paper::Feed.at(&self.data).exists() {
            remove(&Paper::Feed.at(&self.path()))?;
        }
        let (own, given) = (Versions::of(&self.data), Versions::of(&self.path()));
        let last = own.numbers().into_iter().chain(given.numbers()).max().unwrap_or(0);
        let lost = own.numbers().into_iter().filter_map(|number| {
            let mine = own.read(number)?;
            given.read(number).filter(|other| *other != mine).map(|_| mine)
        });
        for (number, mut mine) in (last.saturating_add(1)..).zip(lost.collect::<Vec<_>>()) {
            mine.version.number = number;
            self.put(Paper::Version(number), &serde_json::to_vec(&mine)?)?;
        }
        for folder in ["schedule", "calendar", ".", ".."] {
            File::open(self.path().join(folder))?.sync_all()?;
        }
        self.kept = true;
        Ok(())
    }

    fn path(&self) -> PathBuf {
        self.data.join(NAME)
    }
}

impl Drop for Tray {
    fn drop(&mut self) {
        if !self.kept
            && let Err(error) = fs::remove_dir_all(self.path())
        {
            tracing::warn!("{} stays: {error}", self.path().display());
        }
    }
}

/// Puts every paper that waits in its place. May be broken off at any instant and done again.
pub(super) fn adopt(data: &Path) -> io::Result<()> {
    let waiting = data.join(NAME);
    for paper in Paper::list(&waiting) {
        let place = paper.at(data);
        let folder = place.parent().unwrap_or(data);
        fs::create_dir_all(folder)?;
        fs::rename(paper.at(&waiting), &place)?;
        let folder = File::open(folder)?;
        keep_owner(&folder, data)?;
        folder.sync_all()?;
    }
    discard(data)
}

/// Forgets what waits.
pub(super) fn discard(data: &Path) -> io::Result<()> {
    match fs::remove_dir_all(data.join(NAME)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn version(number: u64, comment: &str) -> Vec<u8> {
        let text = json!({
            "number": number, "at": "2026-09-01T06:00:00Z", "by": "office", "comment": comment,
            "digest": "", "schedule": { "changes": [] },
        });
        serde_json::to_vec(&text).unwrap()
    }

    fn put(data: &Path, paper: Paper, bytes: &[u8]) {
        let place = paper.at(data);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, bytes).unwrap();
    }

    #[test]
    fn a_paper_has_one_name_and_no_other_file_is_one() {
        for paper in [Paper::Version(7), Paper::Version(1_234_567)]
            .into_iter()
            .chain(SINGLE.map(|one| one.0))
        {
            assert_eq!(paper.to_string().parse(), Ok(paper));
        }
        for other in [
            "schedule/version-7.json",
            "schedule/version-x.json",
            "schedule/version-000001.json.br",
            "calendar/checked.json",
            "calendar/../conf.json",
            "schedule",
            "",
        ] {
            assert_eq!(other.parse::<Paper>(), Err(()), "{other}");
        }
    }

    #[test]
    fn what_is_none_is_told() {
        let (seven, eight) = (Paper::Version(7), Paper::Version(8));
        assert_eq!(seven.fault(&version(7, "")), None);
        assert!(eight.fault(&version(7, "")).is_some(), "another number");
        assert!(seven.fault(b"{}").is_some() && seven.fault(b"").is_some());
        assert!(Paper::Feed.fault(b"short").is_some());
        assert_eq!(Paper::Feed.fault(&[b'a'; 64]), None);
        assert_eq!(Paper::Feed.fault(b""), None, "one that was taken back");
    }

    #[test]
    fn no_version_of_the_box_is_lost_and_its_own_feed_stays() {
        let home = tempfile::tempdir().unwrap();
        let data = home.path();
        for (number, comment) in [(1, "same"), (2, "mine"), (3, "mine too")] {
            put(data, Paper::Version(number), &version(number, comment));
        }
        put(data, Paper::Feed, &[b'a'; 64]);
        let tray = Tray::new(data).unwrap();
        for (number, comment) in [(1, "same"), (2, "theirs")] {
            tray.put(Paper::Version(number), &version(number, comment)).unwrap();
        }
        tray.put(Paper::Feed, &[b'b'; 64]).unwrap();
        tray.put(Paper::Uploaded, b"{}").unwrap();
        tray.keep().unwrap();
        // As a power cut leaves it: one is over, the others are not.
        fs::rename(data.join(".restore/schedule/version-000001.json"), Paper::Version(1).at(data))
            .unwrap();
        adopt(data).unwrap();
        adopt(data).unwrap();
        let versions = Versions::of(data);
        let all: Vec<_> =
            versions.numbers().iter().map(|n| versions.read(*n).unwrap().version.comment).collect();
        assert_eq!(all, ["same", "theirs", "mine too", "mine"]);
        assert_eq!(fs::read(Paper::Feed.at(data)).unwrap(), [b'a'; 64]);
        assert!(Paper::Uploaded.at(data).exists() && !data.join(NAME).exists());
    }

    #[test]
    fn what_is_not_kept_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let tray = Tray::new(home.path()).unwrap();
        tray.put(Paper::Fetched, b"{}").unwrap();
        drop(tray);
        adopt(home.path()).unwrap();
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }
}
