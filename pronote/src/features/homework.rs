//! Homework, and its tick.
//!

use std::ops::RangeInclusive;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Attachment, Subject,
    file_ref::{Place, locate},
    files::attachments,
    found_again, handle, keyed, subject,
    timetable::weeks,
};
use crate::{
    Client, Error, Key,
    client::{Feature, View},
    key::{Handle, part, tell_apart},
    protocol::{
        domain::Domain,
        tab,
        value::{self, Id, Node},
    },
};

const FEATURE: Feature =
    Feature { name: "homework", function: "PageCahierDeTexte", tab: tab::HOMEWORK };
const TICK: Feature =
    Feature { name: "ticking homework", function: "SaisieTAFFaitEleve", tab: tab::HOMEWORK };

/// Something to be done for a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Homework {
    /// Its name in every session.
    pub key: Key,
    /// The day that it is for.
    pub due: Date,
    /// The day that it was given.
    pub given: Option<Date>,
    /// The subject.
    pub subject: Option<Subject>,
    /// What to do, as plain text.
    pub description: String,
    /// What to do, as the teacher wrote it.
    pub html: Option<String>,
    /// Ticked as done; PRONOTE leaves it out for some accounts.
    pub is_done: Option<bool>,
    /// How it is handed in.
    pub hand_in: HandIn,
    /// PRONOTE's number for how hard it is.
    pub difficulty: Option<u32>,
    /// Minutes that it should take.
    pub minutes: Option<u32>,
    /// The class or group that it was given to.
    pub audience: Option<String>,
    /// Its themes.
    pub themes: Vec<String>,
    /// Files and links.
    pub attachments: Vec<Attachment>,
    /// `#RRGGBB`
    pub color: Option<String>,
    #[serde(skip)]
    pub(crate) handle: Option<Handle>,
}

/// How homework is handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandIn {
    /// Not at all.
    Nothing,
    /// On paper.
    Paper,
    /// As a file.
    File,
    /// On a digital resource.
    Kiosk,
    /// As a recording.
    Audio,
    /// In another way, as PRONOTE numbers it.
    Other(i64),
}

keyed!(Homework);

impl Client {
    /// The homework for the days from one to another, both included.
    ///
    /// ```no_run
    /// # async fn example(client: pronote_client::Client) -> Result<(), pronote_client::Error> {
    /// use jiff::civil::date;
    ///
    /// for homework in client.homework(date(2026, 9, 7), date(2026, 9, 13)).await? {
    ///     println!("{}: {}", homework.due, homework.description);
    ///     client.set_homework_done(&homework, true).await?;
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn homework(&self, from: Date, to: Date) -> Result<Vec<Homework>, Error> {
        let weeks = weeks(&self.school(), from, to)?;
        if weeks.is_empty() {
            return Ok(Vec::new());
        }
        let reply = self.call(FEATURE, |_| Ok(weeks_parameter(&weeks))).await?;
        let mut homework = read(reply.node(), &reply.view);
        tell_apart(&mut homework);
        for homework in &mut homework {
            let place = Place::Homework(homework.due, homework.key);
            locate(&mut homework.attachments, self.pupil, place);
        }
        homework.retain(|homework| (from..=to).contains(&homework.due));
        homework.sort_by_key(|homework| homework.due);
        Ok(homework)
    }

    /// Ticks homework, or takes the tick away. Where PRONOTE's session has changed since it was
    /// listed, it is looked up first. Pupils can do this; parents mostly not.
    pub async fn set_homework_done(&self, homework: &Homework, done: bool) -> Result<(), Error> {
        found_again!(homework, self.find_homework(homework).await, self.tick(homework, done).await)
    }

    async fn find_homework(&self, homework: &Homework) -> Result<Homework, Error> {
        let listed = self.homework(homework.due, homework.due).await?;
        let found = listed.into_iter().find(|listed| listed.key == homework.key);
        found.ok_or(Error::Gone("homework"))
    }

    async fn tick(&self, homework: &Homework, done: bool) -> Result<(), Error> {
        let parameters = |view: &View| {
            let handle = homework.handle.as_ref().ok_or(Error::Gone("homework"))?;
            let id = view.id(handle).ok_or(Error::Gone("homework"))?;
            Ok(parameters(id, done))
        };
        self.call(TICK, parameters).await.map(drop)
    }
}

/// The weeks of a call.
pub(crate) fn weeks_parameter(weeks: &RangeInclusive<u32>) -> Value {
    json!({"domaine": value::domain(&Domain::of_range(weeks.clone()))})
}

fn parameters(id: &Id, done: bool) -> Value {
    json!({"listeTAF": [{"N": id.value(), "TAFFait": done, "E": 2}]})
}

pub(super) fn read(answer: Node<'_>, view: &View) -> Vec<Homework> {
    let list = answer.field("ListeTravauxAFaire").list();
    list.filter_map(|node| homework(node, view)).collect()
}

fn homework(node: Node<'_>, view: &View) -> Option<Homework> {
    let due = node.field("PourLe").date()?;
    let given = node.field("DonneLe").date();
    let taught = subject(node.field("Matiere"));
    let description = node.field("descriptif").plain().unwrap_or_default();
    let name = part(taught.as_ref().map(|subject| &subject.name));
    Some(Homework {
        key: Key::of("homework", &[&due, &part(given.as_ref()), &name, &description]),
        due,
        given,
        subject: taught,
        html: node.field("descriptif").text(),
        description,
        is_done: node.field("TAFFait").flag(),
        hand_in: HandIn::of_code(node.field("genreRendu").integer().unwrap_or(0)),
        difficulty: node.field("niveauDifficulte").natural(),
        minutes: node.field("duree").natural().filter(|minutes| *minutes > 0),
        audience: node.field("nomPublic").text(),
        themes: node.field("ListeThemes").labels(),
        attachments: attachments(node.field("ListePieceJointe"), view),
        color: node.field("CouleurFond").text(),
        handle: handle(node, view.epoch),
    })
}

impl HandIn {
    fn of_code(code: i64) -> Self {
        match code {
            0 => Self::Nothing,
            1 => Self::Paper,
            2 => Self::File,
            3 => Self::Kiosk,
            4 => Self::Audio,
            code => Self::Other(code),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn homework_is_read() {
        let answer = json!({"ListeTravauxAFaire": {"_T": 24, "V": [
            {"N": "1#a", "PourLe": {"_T": 7, "V": "07/09/2026"}, "DonneLe": {"_T": 7, "V": "03/09/2026"},
             "Matiere": {"_T": 24, "V": {"L": "FRANÇAIS"}}, "TAFFait": true, "duree": 20,
             "descriptif": {"_T": 21, "V": "<div>Lire<br>p. 3 &amp; 4</div>"}},
            {"N": "2#a", "PourLe": {"_T": 7, "V": "08/09/2026"}, "genreRendu": 9},
            {"N": "3#a", "descriptif": "sans date"},
        ]}});
        let read = read(Node::new(&answer.into()), &View::example());
        let [first, second] = &read[..] else { panic!("two of three") };
        assert_eq!((first.due, first.minutes), (date(2026, 9, 7), Some(20)));
        assert_eq!((first.description.as_str(), first.is_done), ("Lire\np. 3 & 4", Some(true)));
        assert_eq!((second.description.as_str(), second.is_done), ("", None));
        assert_eq!(second.hand_in, HandIn::Other(9));
    }
}
