//! The Papillon API: what each of its routes answers and does, without any HTTP.
//!
//! The key names and their order are papillon-python's, so that an app written for it works. Where
//! PRONOTE has less than an app may ask for:
//!
//! - A list that the school has not opened to the account (no tab, switched off, no right) is an
//!   empty list: an app that refreshes everything shows the rest. A write into it is an error.
//! - What PRONOTE leaves out is `null`. A text that PRONOTE sends empty as a matter of course (what
//!   a mark, homework or evaluation is about, the circumstances of a punishment) is an empty text,
//!   as its readers expect.
//! - A mark that PRONOTE does not tell, be it the class's average, is `-1`, as an empty one is.
//! - A message or an item of news that PRONOTE will not show is listed without what it says.
//! - What costs PRONOTE a call an item (discussions, news since 2026) is read for the newest
//!   50 of them; the others are listed without what they say.
//! - A parent's account is about the first child: the API knows no other.

mod attendance;
mod discussions;
mod evaluations;
mod files;
mod grades;
mod homework;
mod ical;
mod infos;
mod menu;
mod news;
mod parts;
mod periods;
mod punishments;
mod recipients;
#[cfg(test)]
mod tests;
mod timetable;
mod user;

use jiff::civil::Date;
use pronote_client::{
    Client, Error,
    protocol::error::{Refusal, Remedy},
};

pub use attendance::{Absence, Delay, absences, delays};
pub use discussions::{
    Discussion, discussion_create, discussion_delete, discussion_reply, discussion_toggle_read,
    discussions,
};
pub use evaluations::{Evaluation, evaluations};
pub use files::{Direct, File, Links};
pub use grades::{Grades, grades};
pub use homework::{Homework, homework, toggle_homework};
pub use ical::{calendar, calendar_url};
pub use infos::{Infos, infos};
pub use menu::{Menu, menu};
pub use news::{News, news};
pub use periods::change_period;
pub use punishments::{Punishment, punishments};
pub use recipients::{Recipient, recipients};
pub use timetable::{Lesson, timetable};
pub use user::{User, user};

/// Who asks, and what an answer needs beside the session.
#[derive(Clone, Copy)]
pub struct Asker<'a> {
    /// The session.
    pub client: &'a Client,
    /// The name of the period that was chosen with [`change_period`].
    pub period: Option<&'a str>,
    /// The day at the school.
    pub today: Date,
    /// How the addresses of files are given out.
    pub links: &'a dyn Links,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// PRONOTE gave none.
    #[error(transparent)]
    Pronote(#[from] Error),
    /// What was named is not there.
    #[error("not found")]
    NotFound,
    /// Nobody may write to this discussion.
    #[error("not replyable")]
    NotReplyable,
}

/// How many items of a list are read with a call each.
const READ_AT_MOST: usize = 50;

/// What the school has not opened is nothing, and no failure.
fn offered<T: Default>(result: Result<T, Error>) -> Result<T, Failure> {
    match result {
        Err(Error::Unavailable { .. }) => Ok(T::default()),
        result => Ok(result?),
    }
}

/// The same for one item among others, which PRONOTE may refuse without refusing the rest.
fn readable<T>(result: Result<T, Error>) -> Result<Option<T>, Failure> {
    match result {
        Ok(item) => Ok(Some(item)),
        Err(error) if is_of_one_item(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn is_of_one_item(error: &Error) -> bool {
    match error {
        Error::Unavailable { .. } | Error::Gone(_) => true,
        Error::Refused(Refusal { kind, .. }) => {
            matches!(kind.remedy(), Remedy::Surface | Remedy::ListAgain)
        }
        Error::TooNew { source, .. } => is_of_one_item(source),
        _ => false,
    }
}
