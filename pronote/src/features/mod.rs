//! What a user can read and write, a file each.
//!
//! Whatever a school can hide is an `Option` or an empty list; a thing that makes no sense is left
//! out alone, never the whole answer.

mod account_security;
mod attendance;
mod attendance_read;
mod discovery;
mod discussion_read;
mod discussion_writes;
mod discussions;
mod evaluations;
mod file_ref;
mod files;
mod found_files;
mod homework;
mod lesson_contents;
mod marks;
mod menus;
mod news;
mod news_writes;
mod personal;
mod phone;
#[cfg(test)]
mod properties;
#[cfg(any(test, feature = "fuzz"))]
#[doc(hidden)]
pub mod readers;
mod recipients;
mod report_card;
mod school_settings;
mod staff;
mod timetable;

pub use account_security::{AccountSecurity, DeviceKind, KnownDevice};
pub use attendance::{
    Absence, Attendance, Delay, Observation, ObservationKind, PrecautionaryMeasure, Punishment,
    ScheduledPunishment,
};
pub use discovery::Discovery;
pub use discussion_read::{Conversation, Message};
pub use discussions::{Discussion, Folder, FolderKind};
pub use evaluations::{Acquisition, Evaluation};
pub use file_ref::{FileRef, InvalidFileRef};
pub use files::{Attachment, AttachmentKind};
pub use homework::{HandIn, Homework};
pub use lesson_contents::{ContentPart, LessonContent};
pub use marks::{Average, Marks, SubjectMark};
pub use menus::{Dish, Label, Meal, MealKind, Menu, MenuPart};
pub use news::{Choice, News, NewsDetail, Question, QuestionKind};
pub use news_writes::Answer;
pub use personal::Personal;
pub use recipients::{Recipient, RecipientKind};
pub use report_card::{ReportCard, ReportComment, ReportSubject};
pub use staff::{StaffKind, StaffMember, TaughtSubject};
pub use timetable::{Lesson, LessonKind, Timetable};

use serde::{Deserialize, Serialize};

use crate::{Key, key::Handle, protocol::value::Node};

/// A subject taught, as a mark or lesson names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Its name in every session.
    pub key: Key,
    /// `MATHÉMATIQUES`
    pub name: String,
    /// Whether it is taught to a group rather than to the class.
    pub is_group: bool,
}

/// The weeks that one call may ask for at most: a school year.
pub(crate) const MAX_WEEKS: u32 = 62;

/// A subject, where the node has a name.
pub(crate) fn subject(node: Node<'_>) -> Option<Subject> {
    let is_group = node.either(&["estServiceGroupe", "estServiceEnGroupe"]).is_true();
    let name = node.label()?;
    Some(Subject { key: Key::of("subject", &[&name]), name, is_group })
}

/// The handle of a thing in this session.
pub(crate) fn handle(node: Node<'_>, epoch: u32) -> Option<Handle> {
    Some(Handle { id: node.id()?, epoch })
}

/// Gives things their [`crate::key::Keyed`].
macro_rules! keyed {
    ($($thing:ty),+) => {$(
        impl crate::key::Keyed for $thing {
            fn key_mut(&mut self) -> &mut crate::Key {
                &mut self.key
            }

            fn id(&self) -> Option<&crate::protocol::value::Id> {
                self.handle.as_ref().map(|handle| &handle.id)
            }
        }
    )+};
}
pub(crate) use keyed;

/// Does something with a thing; where it belongs to an earlier session, finds it again and does it
/// then. A macro, as a closure that borrows would make futures that cannot change threads.
macro_rules! found_again {
    ($thing:ident, $find:expr, $act:expr) => {
        match $act {
            Err(error) if error.is_stale() => {
                let $thing = &$find?;
                $act
            }
            result => result,
        }
    };
}
pub(crate) use found_again;
