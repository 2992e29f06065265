//! Changes of the bell tables: in conf.json, and each one kept as a version.
//!
//! What is replaced is a version before it is replaced: a power cut at any instant loses neither.

mod feed;
#[cfg(test)]
mod tests;
mod versions;

use serde_json::{Map, Value};

use super::{ChangeError, FieldError, Problem, Store, conf, problem::in_words};
use crate::schedule::Schedule;
pub use feed::Feed;
pub(super) use versions::Versions;
pub use versions::{Note, Version, VersionText, tables_digest};

impl Store {
    /// The schedule in force, every default filled in.
    pub fn schedule_json(&self) -> Value {
        section(&self.conf().schedule)
    }

    /// Changes the schedule, and keeps what it was and what it is as versions. `edit` is given it as
    /// [`Self::schedule_json`] shows it.
    ///
    /// What is wrong already does not stand in the way; what would newly be wrong is refused.
    pub fn change_schedule<T>(
        &self,
        note: &Note,
        edit: impl FnOnce(&mut Value) -> Result<T, ChangeError>,
    ) -> Result<T, ChangeError> {
        let versions = self.versions();
        let (value, changed) = self.change(
            |document| {
                let old = self.conf().schedule.clone();
                let was = section(&old);
                let mut wanted = was.clone();
                let value = edit(&mut wanted)?;
                let new = read(&wanted, &was)?;
                let is = section(&new);
                if is == was {
                    return Ok((value, None));
                }
                versions.keep_found(&was, note.at).map_err(|error| {
                    let reason = in_words(&error);
                    ChangeError::Disk(format!(
                        "the tables' versions could not be written: {reason}"
                    ))
                })?;
                let written = document.get("schedule").unwrap_or(&Value::Null);
                let section = conf::rewritten(written, &old, &new).unwrap_or_else(|| is.clone());
                document.insert("schedule".into(), section);
                Ok((value, Some(is)))
            },
            |_, _| Ok(()),
        )?;
        // In force already: a version that cannot be kept now is kept before the next change.
        if let Some(is) = changed
            && let Err(error) = versions.keep(note, &is)
        {
            tracing::warn!("the version of the tables was not kept: {error}");
        }
        Ok(value)
    }

    /// Reads a schedule that is not in force, as a change to it would be judged.
    pub fn read_draft(&self, draft: &Value) -> Result<Schedule, FieldError> {
        read(draft, &self.schedule_json())
    }

    /// The versions of the tables, newest first.
    pub fn schedule_versions(&self) -> Vec<Version> {
        self.versions().list()
    }

    /// One version, with its tables.
    pub fn schedule_version(&self, number: u64) -> Option<VersionText> {
        self.versions().read(number)
    }

    /// The secret address of the bells' feed.
    pub fn feed(&self) -> Feed {
        Feed::of(&self.0.data)
    }

    pub(super) fn versions(&self) -> Versions {
        Versions::of(&self.0.data)
    }
}

/// Reads a schedule; what is wrong in `was` too does not count.
fn read(wanted: &Value, was: &Value) -> Result<Schedule, FieldError> {
    const PATH: &str = "schedule";
    let (mut known, mut problems) = (Vec::new(), Vec::new());
    let _ = conf::read_schedule(PATH, was, &mut known);
    let schedule = conf::read_schedule(PATH, wanted, &mut problems);
    let new = |problem: &&Problem| problem.is_error() && !known.contains(problem);
    if let Some(problem) = problems.iter().find(new) {
        let field = problem.below(PATH).unwrap_or(&problem.path).to_owned();
        return Err(FieldError { field, message: problem.message.clone() });
    }
    let whole = "it could not be read as bell tables";
    schedule.ok_or_else(|| FieldError { field: String::new(), message: whole.into() })
}

/// A schedule as a version keeps it.
pub(super) fn section(schedule: &Schedule) -> Value {
    serde_json::to_value(schedule).unwrap_or_else(|_| Value::Object(Map::new()))
}
