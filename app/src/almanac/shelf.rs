//! The folder of official files, and the holidays that follow from them.
//!

use std::{fs, io, path::PathBuf, sync::Arc};

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{
    Kept, Outcome, SchoolDays,
    kept::{read, write},
    when::Checked,
};
use crate::{
    calendar::{self, Holidays, Place, Read, Unreadable},
    store::atomic::Draft,
};

/// The folder `DATA/calendar`. Clones share it.
#[derive(Debug, Clone)]
pub struct Shelf(Arc<PathBuf>);

/// Why a file is not kept.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// It is none that we can read.
    #[error("{0}")]
    Unreadable(#[from] Unreadable),
    /// The disk did not take it.
    #[error("the calendar could not be written: {0}")]
    Disk(#[from] io::Error),
}

const FETCHED: &str = "fetched.json";
const UPLOADED: &str = "uploaded.json";
const CHECKED: &str = "checked.json";

impl Shelf {
    /// The shelf of a data folder. What a writer that was killed has left there goes.
    pub fn new(data: &std::path::Path) -> Self {
        let folder = data.join("calendar");
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(Draft::PREFIX) {
                drop(fs::remove_file(entry.path()));
            }
        }
        Self(Arc::new(folder))
    }

    /// The holidays that count: those that ship, over them the files, the newest on top. And what
    /// there is to say of them, a sentence each.
    pub fn holidays(&self) -> (Holidays, Vec<String>) {
        let (mut holidays, mut notes) = (Holidays::bundled(), Vec::new());
        let mut files: Vec<Kept> =
            [self.uploaded(), self.fetched()].into_iter().flatten().collect();
        files.sort_by_key(|file| file.received);
        for file in files {
            match calendar::read(file.text.as_bytes(), &file.name, file.place) {
                Ok(read) => {
                    notes.extend(read.notes.iter().map(|note| format!("{}: {note}", file.name)));
                    holidays.merge(read.holidays);
                }
                Err(why) => notes.push(format!("{}: {why}", file.name)),
            }
        }
        notes.extend(holidays.doubts());
        notes.dedup();
        (holidays, notes)
    }

    /// The days off of the school that `schedule.school` of conf.json describes, and what there is
    /// to say of them, a sentence each. None are where it names a place that there is not.
    pub fn days_of(&self, school: &Map<String, Value>) -> (SchoolDays, Vec<String>) {
        let (holidays, mut notes) = self.holidays();
        let days = SchoolDays::of(school, &holidays).unwrap_or_else(|wrong| {
            notes.push(format!("conf.json: {wrong}; no day is off"));
            SchoolDays::none()
        });
        (days, notes)
    }

    /// Keeps a file that somebody uploaded, once it has been read; the one before goes.
    pub fn upload(
        &self,
        name: &str,
        bytes: &[u8],
        place: Option<Place>,
        now: Timestamp,
    ) -> Result<Read, ShelfError> {
        let kept = Kept {
            url: None,
            name: file_name(name),
            place,
            received: now,
            etag: None,
            last_modified: None,
            text: String::new(),
        };
        self.put(UPLOADED, kept, bytes)
    }

    /// Forgets the file that was uploaded. Whether there was one.
    pub fn forget_upload(&self) -> io::Result<bool> {
        match fs::remove_file(self.0.join(UPLOADED)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The file that was uploaded.
    pub fn uploaded(&self) -> Option<Kept> {
        read(&self.0.join(UPLOADED))
    }

    /// The last good file that was fetched.
    pub fn fetched(&self) -> Option<Kept> {
        read(&self.0.join(FETCHED))
    }

    /// When an address was last asked, and what was wrong.
    pub fn checked(&self, url: &str) -> Option<Checked> {
        read(&self.0.join(CHECKED)).filter(|checked: &Checked| checked.url == url)
    }

    pub(super) fn put_fetched(&self, kept: Kept, bytes: &[u8]) -> Result<Read, ShelfError> {
        self.put(FETCHED, kept, bytes)
    }

    pub(super) fn note_check(&self, url: &str, at: Timestamp, outcome: &Outcome) -> io::Result<()> {
        write(&self.0.join(CHECKED), &Checked::new(url, at, outcome))
    }

    fn put(&self, file: &str, kept: Kept, bytes: &[u8]) -> Result<Read, ShelfError> {
        let read = calendar::read(bytes, &kept.name, kept.place)?;
        let text = String::from_utf8_lossy(bytes).into_owned();
        write(&self.0.join(file), &Kept { text, ..kept })?;
        Ok(read)
    }
}

/// Whether these bytes are a file as it is kept, of a calendar that can be read.
pub fn is_kept(bytes: &[u8]) -> bool {
    serde_json::from_slice::<Kept>(bytes)
        .is_ok_and(|kept| calendar::read(kept.text.as_bytes(), &kept.name, kept.place).is_ok())
}

/// The last part of a path or an address, cut to what a label bears.
pub(super) fn file_name(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|letter| !letter.is_control()).take(80).collect();
    if name.is_empty() { "calendar".into() } else { name }
}
