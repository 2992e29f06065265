//! `schedule/`: what the tables were, who changed them, when. A file a version.
//!

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use crate::store::atomic::Draft;

/// Who changes the tables, when, and what for.
#[derive(Debug, Clone)]
pub struct Note {
    /// The user.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// In the user's words. May be empty.
    pub comment: String,
}

/// A version of the tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Version {
    /// Its number: the newest has the highest.
    pub number: u64,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who made it; `null` where it was found in conf.json.
    pub by: Option<String>,
    /// What for, in the user's words.
    pub comment: String,
    /// Tells apart what differs in anything but the changes of single days.
    pub digest: String,
}

/// A version with its tables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct VersionText {
    /// Which.
    #[serde(flatten)]
    pub version: Version,
    /// As the section `schedule` was.
    #[schema(value_type = crate::schedule::Schedule)]
    pub schedule: Value,
}

/// The versions of one data folder.
#[derive(Debug)]
pub struct Versions {
    folder: PathBuf,
}

/// So many are kept: the changes of a school year, in a few megabytes.
const MOST: usize = 200;

impl Versions {
    /// Those of a data folder.
    pub fn of(data: &Path) -> Self {
        Self { folder: data.join("schedule") }
    }

    /// All of them, newest first. A file that cannot be read is none.
    pub fn list(&self) -> Vec<Version> {
        let numbers = self.numbers().into_iter().rev();
        numbers.filter_map(|number| Some(self.read(number)?.version)).collect()
    }

    /// One of them.
    pub fn read(&self, number: u64) -> Option<VersionText> {
        serde_json::from_slice(&fs::read(self.path(number)).ok()?).ok()
    }

    /// Keeps what is in force and was never kept: somebody has written it by hand.
    pub fn keep_found(&self, schedule: &Value, at: Timestamp) -> io::Result<()> {
        let newest = self.numbers().into_iter().next_back().and_then(|number| self.read(number));
        if newest.is_some_and(|newest| newest.schedule == *schedule) {
            return Ok(());
        }
        self.write(None, at, "", schedule)
    }

    /// Keeps a version. The oldest one too many goes.
    pub fn keep(&self, note: &Note, schedule: &Value) -> io::Result<()> {
        self.write(Some(note.by.clone()), note.at, &note.comment, schedule)
    }

    fn write(
        &self,
        by: Option<String>,
        at: Timestamp,
        comment: &str,
        schedule: &Value,
    ) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let numbers = self.numbers();
        let number = numbers.last().map_or(1, |last| last.saturating_add(1));
        let digest = tables_digest(schedule);
        let version = Version { number, at, by, comment: comment.to_owned(), digest };
        let text = VersionText { version, schedule: schedule.clone() };
        Draft::write(&self.path(number), &serde_json::to_vec(&text)?)?.commit_new()?;
        for old in numbers.iter().rev().skip(MOST.saturating_sub(1)) {
            fs::remove_file(self.path(*old))?;
        }
        Ok(())
    }

    /// In order.
    pub fn numbers(&self) -> Vec<u64> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut numbers: Vec<u64> = entries
            .filter_map(|entry| {
                entry
                    .file_name()
                    .to_str()?
                    .strip_prefix("version-")?
                    .strip_suffix(".json")?
                    .parse()
                    .ok()
            })
            .collect();
        numbers.sort_unstable();
        numbers
    }

    fn path(&self, number: u64) -> PathBuf {
        self.folder.join(format!("version-{number:06}.json"))
    }
}

/// Of all of a schedule but the changes of single days.
pub fn tables_digest(schedule: &Value) -> String {
    let mut tables = schedule.clone();
    if let Value::Object(tables) = &mut tables {
        tables.shift_remove("changes");
    }
    HEXLOWER.encode(&Sha256::digest(tables.to_string()))
}
