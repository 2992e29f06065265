//! Every feature once, on one client.
//!

use jiff::{ToSpan, civil::Date};
use pronote_client::{Client, Error};

use super::NOW;

/// What a tour has seen, in numbers.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Sights {
    pub lessons: usize,
    pub homework: usize,
    pub contents: usize,
    pub marks: usize,
    pub averages: usize,
    pub evaluations: usize,
    pub absences: usize,
    pub delays: usize,
    pub punishments: usize,
    pub observations: usize,
    pub measures: usize,
    pub news: usize,
    pub texts: usize,
    pub discussions: usize,
    pub messages: usize,
    pub recipients: usize,
    pub menus: usize,
    pub staff: usize,
    pub report_subjects: usize,
}

/// What is not offered is no failure; anything else is.
fn offered<T: Default>(what: &str, result: Result<T, Error>) -> T {
    match result {
        Ok(found) => found,
        Err(Error::Unavailable { .. }) => T::default(),
        Err(error) => panic!("{what}: {error}"),
    }
}

fn days() -> (Date, Date) {
    let day = NOW.date();
    (day.saturating_sub(3.weeks()), day.saturating_add(1.week()))
}

/// Reads everything that there is to read.
pub async fn tour(client: &Client) -> Sights {
    tour_of(client, usize::MAX).await
}

/// The same, for so many periods: there are seven, and each is four calls.
pub async fn tour_of(client: &Client, periods: usize) -> Sights {
    let (from, to) = days();
    let mut sights = Sights {
        lessons: offered("timetable", client.timetable(from, to).await).lessons.len(),
        homework: offered("homework", client.homework(from, to).await).len(),
        contents: offered("contents", client.lesson_contents(from, to).await).len(),
        recipients: offered("recipients", client.recipients().await).len(),
        menus: offered("menus", client.menus(from, to).await).len(),
        staff: offered("staff", client.staff().await).len(),
        ..Sights::default()
    };
    for period in client.periods().into_iter().take(periods) {
        let marks = offered("marks", client.marks(&period).await);
        sights.marks += marks.marks.len();
        sights.averages += marks.averages.len();
        sights.evaluations += offered("evaluations", client.evaluations(&period).await).len();
        let attendance = offered("attendance", client.attendance(&period).await);
        sights.absences += attendance.absences.len();
        sights.delays += attendance.delays.len();
        sights.punishments += attendance.punishments.len();
        sights.observations += attendance.observations.len();
        sights.measures += attendance.precautionary_measures.len();
        let report = offered("report", client.report_card(&period).await);
        sights.report_subjects += report.subjects.len();
    }
    for news in offered("news", client.news().await) {
        sights.news += 1;
        let detail = offered("detail", client.news_detail(&news).await);
        sights.texts += usize::from(!detail.text().is_empty());
    }
    for discussion in offered("discussions", client.discussions().await) {
        sights.discussions += 1;
        let conversation = client.conversation(&discussion).await;
        sights.messages += conversation.map_or(0, |conversation| conversation.messages.len());
        offered("participants", client.participants(&discussion).await);
    }
    offered("personal", client.personal().await);
    offered("calendar", client.calendar_url().await.map(Some));
    offered("photo", client.photo().await);
    client.keep_alive().await.unwrap();
    sights
}

impl Sights {
    /// The names of what was not seen at all.
    pub fn missing(&self) -> Vec<String> {
        let text = format!("{self:?}");
        let inside = text.trim_start_matches("Sights { ").trim_end_matches(" }");
        let empty = inside.split(", ").filter_map(|pair| pair.strip_suffix(": 0"));
        empty.map(str::to_owned).collect()
    }
}
