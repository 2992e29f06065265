//! `/timetable`: the lessons of a day.
//!

use jiff::civil::Date;
use pronote_client::{Key, features};
use serde::Serialize;
use url::Url;

use super::{
    Asker, Failure, offered,
    parts::{Subject, stamp},
};

/// A lesson. Of those at one time, PRONOTE's own page shows the one with the highest `num`.
#[derive(Debug, Serialize)]
pub struct Lesson {
    id: Key,
    num: i64,
    subject: Subject,
    teachers: Vec<String>,
    rooms: Vec<String>,
    group_names: Vec<String>,
    memo: Option<String>,
    #[serde(rename = "virtual")]
    video_links: Vec<String>,
    start: String,
    end: Option<String>,
    background_color: Option<String>,
    status: Option<String>,
    is_cancelled: bool,
    is_outing: bool,
    is_detention: bool,
    is_exempted: bool,
    is_test: bool,
}

/// The lessons of a day, cancelled and moved ones too, as papillon-python lists them: which of two
/// to draw is the app's to decide, by `num` and `is_cancelled`. One call.
pub async fn timetable(asker: Asker<'_>, date: Date) -> Result<Vec<Lesson>, Failure> {
    let table = offered(asker.client.timetable(date, date).await)?;
    Ok(table.lessons.into_iter().map(Lesson::from).collect())
}

impl From<features::Lesson> for Lesson {
    fn from(lesson: features::Lesson) -> Self {
        Self {
            id: lesson.key,
            num: lesson.rank,
            subject: Subject::of(lesson.subject.as_ref()),
            teachers: lesson.teachers,
            rooms: lesson.rooms,
            group_names: lesson.groups,
            memo: lesson.memo,
            video_links: lesson.video_links.iter().map(Url::to_string).collect(),
            start: stamp(lesson.start),
            end: lesson.end.map(stamp),
            background_color: lesson.color,
            status: lesson.status,
            is_cancelled: lesson.is_cancelled,
            is_outing: lesson.is_outing,
            is_detention: lesson.is_detention,
            is_exempted: lesson.is_exempted,
            is_test: lesson.is_test,
        }
    }
}
