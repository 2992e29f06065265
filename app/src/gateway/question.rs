//! What may be asked with a token, and the answer as JSON.
//!

use jiff::civil::Date;
use serde::Serialize;

use super::papillon::{self, Asker, Failure};

/// What is asked. Reads first, then what changes something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Who the user is, and the periods of the year.
    User,
    /// The lessons of a day.
    Timetable(Date),
    /// The homework of some days.
    Homework(Date, Date),
    /// The marks of the selected period.
    Grades,
    /// The evaluations of the selected period.
    Evaluations,
    /// Absences, of all active periods or of the selected one.
    Absences(bool),
    /// Delays, likewise.
    Delays(bool),
    /// Punishments, likewise.
    Punishments(bool),
    /// What the school announces.
    News,
    /// Discussions with their messages.
    Discussions,
    /// Who can be written to.
    Recipients,
    /// The meals of some days.
    Menu(Date, Date),
    /// Where the calendar is.
    Calendar,
    /// Selects a period by its name.
    ChangePeriod(String),
    /// Homework done or not: found by its id among that of some days.
    ToggleHomework(Date, Date, String),
    /// A discussion goes to the bin.
    DeleteDiscussion(String),
    /// A discussion is read or not.
    ToggleRead(String),
    /// An answer in a discussion.
    Reply {
        /// The discussion's id.
        discussion: String,
        /// What is said.
        content: String,
    },
    /// A new discussion.
    CreateDiscussion {
        /// Its title.
        subject: String,
        /// What is said.
        content: String,
        /// Ids of [`Question::Recipients`].
        recipients: Vec<String>,
    },
}

/// What came of a question.
pub(super) enum Answer {
    /// JSON.
    Json(Vec<u8>),
    /// The period of this name is selected from now on.
    Selected(String),
    /// The school has no calendar of its own: it is written on request.
    OwnCalendar,
}

impl Question {
    /// Whether it changes something at PRONOTE.
    pub fn writes(&self) -> bool {
        match self {
            Self::User
            | Self::Timetable(_)
            | Self::Homework(..)
            | Self::Grades
            | Self::Evaluations
            | Self::Absences(_)
            | Self::Delays(_)
            | Self::Punishments(_)
            | Self::News
            | Self::Discussions
            | Self::Recipients
            | Self::Menu(..)
            | Self::Calendar
            | Self::ChangePeriod(_) => false,
            Self::ToggleHomework(..)
            | Self::DeleteDiscussion(_)
            | Self::ToggleRead(_)
            | Self::Reply { .. }
            | Self::CreateDiscussion { .. } => true,
        }
    }

    /// Asks PRONOTE.
    pub(super) async fn put(self, asker: Asker<'_>) -> Result<Answer, Failure> {
        Ok(Answer::Json(match self {
            Self::User => json(&papillon::user(asker).await?),
            Self::Timetable(day) => json(&papillon::timetable(asker, day).await?),
            Self::Homework(from, to) => json(&papillon::homework(asker, from, to).await?),
            Self::Grades => json(&papillon::grades(asker).await?),
            Self::Evaluations => json(&papillon::evaluations(asker).await?),
            Self::Absences(all) => json(&papillon::absences(asker, all).await?),
            Self::Delays(all) => json(&papillon::delays(asker, all).await?),
            Self::Punishments(all) => json(&papillon::punishments(asker, all).await?),
            Self::News => json(&papillon::news(asker).await?),
            Self::Discussions => json(&papillon::discussions(asker).await?),
            Self::Recipients => json(&papillon::recipients(asker).await?),
            Self::Menu(from, to) => json(&papillon::menu(asker, from, to).await?),
            Self::Calendar => match papillon::calendar_url(asker).await? {
                Some(url) => json(&url),
                None => return Ok(Answer::OwnCalendar),
            },
            Self::ChangePeriod(name) => {
                return Ok(Answer::Selected(papillon::change_period(asker, &name)));
            }
            Self::ToggleHomework(from, to, id) => {
                done(papillon::toggle_homework(asker, from, to, &id).await?)
            }
            Self::DeleteDiscussion(id) => done(papillon::discussion_delete(asker, &id).await?),
            Self::ToggleRead(id) => done(papillon::discussion_toggle_read(asker, &id).await?),
            Self::Reply { discussion, content } => {
                done(papillon::discussion_reply(asker, &discussion, &content).await?)
            }
            Self::CreateDiscussion { subject, content, recipients } => {
                let created =
                    papillon::discussion_create(asker, &subject, &content, &recipients).await;
                done(created?)
            }
        }))
    }
}

fn done((): ()) -> Vec<u8> {
    json("ok")
}

pub(super) fn json(value: &(impl Serialize + ?Sized)) -> Vec<u8> {
    serde_json::to_vec(value).expect("answers have texts for keys and no failing parts")
}
