//! What was done in lessons.
//!

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::{
    Attachment, Subject,
    file_ref::{Place, locate},
    files::attachments,
    handle,
    homework::weeks_parameter,
    keyed, subject,
    timetable::weeks,
};
use crate::{
    Client, Error, Key,
    client::{Feature, View},
    key::{Handle, part, tell_apart},
    protocol::{tab, value::Node},
};

const FEATURE: Feature =
    Feature { name: "lesson contents", function: "PageCahierDeTexte", tab: tab::CONTENTS };

/// What was done in one lesson.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonContent {
    /// Its name in every session.
    pub key: Key,
    /// When the lesson started.
    pub start: DateTime,
    /// When it ended.
    pub end: Option<DateTime>,
    /// The subject.
    pub subject: Option<Subject>,
    /// The teachers.
    pub teachers: Vec<String>,
    /// The groups.
    pub groups: Vec<String>,
    /// The day that homework from this lesson is for.
    pub homework_due: Option<Date>,
    /// What was done.
    pub parts: Vec<ContentPart>,
    /// `#RRGGBB`
    pub color: Option<String>,
    #[serde(skip)]
    pub(crate) handle: Option<Handle>,
}

/// One thing that was done in a lesson.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentPart {
    /// Its title.
    pub title: Option<String>,
    /// As plain text.
    pub description: String,
    /// As the teacher wrote it.
    pub html: Option<String>,
    /// `Cours`, `Évaluation`
    pub category: Option<String>,
    /// Its themes.
    pub themes: Vec<String>,
    /// Files and links.
    pub attachments: Vec<Attachment>,
}

keyed!(LessonContent);

impl Client {
    /// What was done in the lessons from one day to another, both included.
    ///
    /// ```no_run
    /// # async fn example(client: pronote_client::Client) -> Result<(), pronote_client::Error> {
    /// # use jiff::civil::date;
    /// for lesson in client.lesson_contents(date(2026, 9, 7), date(2026, 9, 11)).await? {
    ///     for part in &lesson.parts {
    ///         println!("{:?}: {}", lesson.subject, part.description);
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn lesson_contents(&self, from: Date, to: Date) -> Result<Vec<LessonContent>, Error> {
        let weeks = weeks(&self.school(), from, to)?;
        if weeks.is_empty() {
            return Ok(Vec::new());
        }
        let reply = self.call(FEATURE, |_| Ok(weeks_parameter(&weeks))).await?;
        let mut contents = read(reply.node(), &reply.view);
        tell_apart(&mut contents);
        for content in &mut contents {
            let place = Place::Content(content.start.date(), content.key);
            let parts = content.parts.iter_mut();
            locate(parts.flat_map(|part| &mut part.attachments), self.pupil, place);
        }
        contents.retain(|content| (from..=to).contains(&content.start.date()));
        contents.sort_by_key(|content| content.start);
        Ok(contents)
    }
}

pub(super) fn read(answer: Node<'_>, view: &View) -> Vec<LessonContent> {
    let list = answer.field("ListeCahierDeTextes").list();
    list.filter_map(|node| content(node, view)).collect()
}

fn content(node: Node<'_>, view: &View) -> Option<LessonContent> {
    let start = node.field("Date").date_time()?;
    let taught = subject(node.field("Matiere"));
    let teachers = node.field("listeProfesseurs").labels();
    let name = part(taught.as_ref().map(|subject| &subject.name));
    Some(LessonContent {
        key: Key::of("content", &[&start, &name, &teachers.join(",")]),
        start,
        end: node.field("DateFin").date_time(),
        subject: taught,
        teachers,
        groups: node.field("listeGroupes").labels(),
        homework_due: node.field("dateTAF").date(),
        parts: node.field("listeContenus").list().map(|node| content_part(node, view)).collect(),
        color: node.field("CouleurFond").text(),
        handle: handle(node, view.epoch),
    })
}

fn content_part(node: Node<'_>, view: &View) -> ContentPart {
    ContentPart {
        title: node.label(),
        description: node.field("descriptif").plain().unwrap_or_default(),
        html: node.field("descriptif").text(),
        category: node.field("categorie").label(),
        themes: node.field("ListeThemes").labels(),
        attachments: attachments(node.field("ListePieceJointe"), view),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn contents_are_read() {
        let answer = json!({"ListeCahierDeTextes": {"_T": 24, "V": [
            {"N": "1#a", "Date": {"_T": 7, "V": "07/09/2026 08:00:00"}, "listeContenus": {"_T": 24, "V": [
                {"L": "Thalès", "descriptif": {"_T": 21, "V": "<p>a</p><p>b</p>"}, "categorie": {"_T": 24, "V": {"L": "Cours"}}},
                {},
            ]}},
            {"N": "2#a"},
        ]}});
        let read = read(Node::new(&answer.into()), &View::example());
        let [content] = &read[..] else { panic!("one of two") };
        assert_eq!(content.parts[0].description, "a\nb");
        assert_eq!(content.parts[0].category.as_deref(), Some("Cours"));
        assert_eq!(content.parts[1].title, None);
    }
}
