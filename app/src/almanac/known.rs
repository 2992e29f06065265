//! What the files of the shelf say together, read once until one changes.
//!

use std::{fs, os::unix::fs::MetadataExt as _, path::Path};

use jiff::{Timestamp, civil::Date};

use super::Kept;
use crate::calendar::{self, Form, Holidays, Place};

/// What is known of school holidays, and from which files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The holidays that count.
    pub holidays: Holidays,
    /// What there is to say of them, a sentence each.
    pub notes: Vec<String>,
    /// The files that count besides what ships, the newest last.
    pub files: Vec<KnownFile>,
}

/// A file that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFile {
    /// How it came.
    pub way: Way,
    /// Its name.
    pub name: String,
    /// When it came.
    pub received: Timestamp,
    /// Which form it has.
    pub form: Form,
    /// The places that it is of, and until when it knows their holidays.
    pub places: Vec<(Place, Option<Date>)>,
}

/// How a file came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Somebody uploaded it.
    Uploaded,
    /// It was fetched.
    Fetched,
}

impl Known {
    /// Reads files: what ships, over it these, the newest on top.
    pub fn read(mut files: Vec<Kept>) -> Self {
        files.sort_by_key(|file| file.received);
        let mut known =
            Self { holidays: Holidays::bundled(), notes: Vec::new(), files: Vec::new() };
        for file in files {
            match calendar::read(file.text.as_bytes(), &file.name, file.place) {
                Ok(read) => {
                    let notes = read.notes.iter().map(|note| format!("{}: {note}", file.name));
                    known.notes.extend(notes);
                    known.files.push(KnownFile {
                        way: if file.url.is_none() { Way::Uploaded } else { Way::Fetched },
                        name: file.name,
                        received: file.received,
                        form: read.form,
                        places: until(&read.holidays),
                    });
                    known.holidays.merge(read.holidays);
                }
                Err(why) => known.notes.push(format!("{}: {why}", file.name)),
            }
        }
        known.notes.extend(known.holidays.doubts());
        known.notes.dedup();
        known
    }
}

/// Which files lie there: another one, however it came there, has another of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp(Vec<Option<(u64, u64, i64, i64)>>);

impl Stamp {
    /// That of some files.
    pub fn of<const N: usize>(folder: &Path, names: [&str; N]) -> Self {
        let stamp = |name: &str| {
            let file = fs::metadata(folder.join(name)).ok()?;
            Some((file.ino(), file.len(), file.mtime(), file.mtime_nsec()))
        };
        Self(names.into_iter().map(stamp).collect())
    }
}

fn until(holidays: &Holidays) -> Vec<(Place, Option<Date>)> {
    holidays.places().map(|place| (place, holidays.valid_until(place))).collect()
}
