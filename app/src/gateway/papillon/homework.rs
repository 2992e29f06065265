//! `/homework`: what is to be done, and its tick.
//!

use jiff::{ToSpan, civil::Date};
use pronote_client::{Key, features};
use serde::Serialize;

use super::{
    Asker, Failure, File, offered,
    parts::{Subject, midnight},
};

/// Something to be done for a day.
#[derive(Debug, Serialize)]
pub struct Homework {
    id: Key,
    subject: Subject,
    description: String,
    background_color: Option<String>,
    done: Option<bool>,
    date: String,
    files: Vec<File>,
}

/// What is to be done for the days from one to another. One call.
pub async fn homework(asker: Asker<'_>, from: Date, to: Date) -> Result<Vec<Homework>, Failure> {
    let listed = listed(asker, from, to).await?;
    let one = |homework: features::Homework| Homework {
        id: homework.key,
        subject: Subject::of(homework.subject.as_ref()),
        files: asker.files(&homework.attachments),
        description: homework.description,
        background_color: homework.color,
        done: homework.is_done,
        date: midnight(homework.due),
    };
    Ok(listed.into_iter().map(one).collect())
}

/// Ticks homework that is for one of these days, or takes its tick away.
pub async fn toggle_homework(
    asker: Asker<'_>,
    from: Date,
    to: Date,
    id: &str,
) -> Result<(), Failure> {
    let listed = listed(asker, from, to).await?;
    let found = listed.iter().find(|homework| homework.key.to_string() == id);
    let homework = found.ok_or(Failure::NotFound)?;
    let done = homework.is_done.unwrap_or(false);
    Ok(asker.client.set_homework_done(homework, !done).await?)
}

async fn listed(
    asker: Asker<'_>,
    from: Date,
    to: Date,
) -> Result<Vec<features::Homework>, Failure> {
    let school = asker.client.school();
    // Days out of the school year have no homework, and PRONOTE no weeks for them.
    let from = school.first_monday.map_or(from, |first| from.max(first));
    let to = to.min(from.saturating_add(1.year()));
    let to = school.last_day.map_or(to, |last| to.min(last));
    if to < from {
        return Ok(Vec::new());
    }
    offered(asker.client.homework(from, to).await)
}
