//! The folder of official files, and the holidays that follow from them.
//!

use std::{
    fmt, fs, io,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{
    Kept, Known, SchoolDays,
    kept::{read, write},
    known::Stamp,
    when::Checked,
};
use crate::{
    calendar::{self, Place, Read, Unreadable},
    store::atomic::Draft,
};

/// The folder `DATA/calendar`. Clones share it.
#[derive(Clone)]
pub struct Shelf(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    /// What was read last, and of which files.
    known: Mutex<Option<(Stamp, Arc<Known>)>>,
    followers: Mutex<Vec<Follower>>,
}

/// Who must know of other holidays before whoever brought them has an answer.
type Follower = Box<dyn Fn() + Send + Sync>;

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
        let (known, followers) = (Mutex::default(), Mutex::default());
        Self(Arc::new(Inner { folder, known, followers }))
    }

    /// Calls `follower` whenever other files count, before whoever changed them has an answer.
    pub fn on_change(&self, follower: impl Fn() + Send + Sync + 'static) {
        locked(&self.0.followers).push(Box::new(follower));
    }

    /// What is known now. Reads the disk only where other files lie there than the last time.
    pub fn known(&self) -> Arc<Known> {
        let mut kept = locked(&self.0.known);
        let stamp = Stamp::of(&self.0.folder, [UPLOADED, FETCHED]);
        if let Some((of, known)) = &*kept
            && *of == stamp
        {
            return Arc::clone(known);
        }
        let files = [self.uploaded(), self.fetched()].into_iter().flatten().collect();
        let known = Arc::new(Known::read(files));
        *kept = Some((stamp, Arc::clone(&known)));
        known
    }

    /// The days off of the school that `schedule.school` of conf.json describes, and what there is
    /// to say of them, a sentence each.
    pub fn days_of(&self, school: &Map<String, Value>) -> (SchoolDays, Vec<String>) {
        SchoolDays::known(school, &self.known())
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
        match fs::remove_file(self.0.folder.join(UPLOADED)) {
            Ok(()) => {
                self.tell();
                Ok(true)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The file that was uploaded.
    pub fn uploaded(&self) -> Option<Kept> {
        read(&self.0.folder.join(UPLOADED))
    }

    /// The last good file that was fetched.
    pub fn fetched(&self) -> Option<Kept> {
        read(&self.0.folder.join(FETCHED))
    }

    /// When an address was last asked, and what came of it.
    pub fn checked(&self, url: &str) -> Option<Checked> {
        read(&self.0.folder.join(CHECKED)).filter(|checked: &Checked| checked.url == url)
    }

    pub(super) fn put_fetched(&self, kept: Kept, bytes: &[u8]) -> Result<Read, ShelfError> {
        self.put(FETCHED, kept, bytes)
    }

    pub(super) fn note_check(&self, checked: &Checked) -> io::Result<()> {
        write(&self.0.folder.join(CHECKED), checked)
    }

    fn put(&self, file: &str, kept: Kept, bytes: &[u8]) -> Result<Read, ShelfError> {
        let read = calendar::read(bytes, &kept.name, kept.place)?;
        let text = String::from_utf8_lossy(bytes).into_owned();
        write(&self.0.folder.join(file), &Kept { text, ..kept })?;
        self.tell();
        Ok(read)
    }

    fn tell(&self) {
        locked(&self.0.followers).iter().for_each(|follow| follow());
    }
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Shelf").field(&self.0.folder).finish()
    }
}

/// Whoever panicked has not left half of what is in it.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
