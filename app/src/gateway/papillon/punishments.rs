//! `/punishments`: what was given, what for, and when it takes place.
//!

use pronote_client::{Key, features};
use serde::Serialize;

use super::{
    Asker, Failure, File, attendance,
    parts::{seconds, stamp},
};

/// A punishment or an exclusion.
#[derive(Debug, Serialize)]
pub struct Punishment {
    id: Key,
    schedulable: bool,
    schedule: Vec<Scheduled>,
    date: Option<String>,
    given_by: Option<String>,
    exclusion: bool,
    during_lesson: bool,
    homework: Task,
    reason: Reason,
    nature: Option<String>,
    /// In seconds.
    duration: Option<f64>,
}

#[derive(Debug, Serialize)]
struct Scheduled {
    id: Key,
    start: String,
    /// In seconds.
    duration: Option<f64>,
}

#[derive(Debug, Serialize)]
struct Task {
    text: String,
    documents: Vec<File>,
}

#[derive(Debug, Serialize)]
struct Reason {
    text: Vec<String>,
    circumstances: String,
    documents: Vec<File>,
}

/// The punishments of the active periods, or of the selected one. One call a period.
pub async fn punishments(asker: Asker<'_>, all_periods: bool) -> Result<Vec<Punishment>, Failure> {
    let of_page = |page: features::Attendance| page.punishments;
    let found = attendance::of_periods(asker, all_periods, of_page, |found| found.key).await?;
    Ok(found.into_iter().map(|punishment| one(asker, punishment)).collect())
}

fn one(asker: Asker<'_>, punishment: features::Punishment) -> Punishment {
    let scheduled = |scheduled: features::ScheduledPunishment| Scheduled {
        id: scheduled.key,
        start: stamp(scheduled.start),
        duration: seconds(scheduled.minutes),
    };
    Punishment {
        id: punishment.key,
        schedulable: punishment.is_schedulable,
        schedule: punishment.schedule.into_iter().map(scheduled).collect(),
        date: punishment.date.map(stamp),
        given_by: punishment.given_by,
        exclusion: punishment.is_exclusion,
        during_lesson: punishment.is_during_lesson,
        homework: Task {
            text: punishment.homework.unwrap_or_default(),
            documents: asker.files(&punishment.homework_files),
        },
        reason: Reason {
            text: punishment.reasons,
            circumstances: punishment.circumstances.unwrap_or_default(),
            documents: asker.files(&punishment.circumstance_files),
        },
        nature: punishment.nature,
        duration: seconds(punishment.minutes),
    }
}
