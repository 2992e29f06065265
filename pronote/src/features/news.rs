//! News and surveys.
//!
//! Up to 2025 the list holds everything; since 2026.1.3 the questions of an item are a call of their own.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Attachment,
    file_ref::{Place, locate},
    files::attachments,
    found_again, handle, keyed,
};
use crate::{
    Client, Error, Key,
    client::{Feature, View},
    key::{Handle, part, tell_apart},
    protocol::{
        domain::Domain,
        generation, tab,
        value::{Id, Node},
    },
};

const FEATURE: Feature = Feature { name: "news", function: "PageActualites", tab: tab::NEWS };

/// An information or a survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// Its name in every session.
    pub key: Key,
    /// Its title.
    pub title: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// `Informations`, `Sondages` or the school's own.
    pub category: Option<String>,
    /// When it was written.
    pub created: Option<DateTime>,
    /// From when it is shown.
    pub start: Option<DateTime>,
    /// Until when it is shown.
    pub end: Option<DateTime>,
    /// Whether the user has read it.
    pub is_read: bool,
    /// Whether it asks something.
    pub is_survey: bool,
    /// Whether the answers are anonymous.
    pub is_anonymous: bool,
    /// What it says, where the list has it; else [`Client::news_detail`].
    pub detail: Option<NewsDetail>,
    /// For whom it is: a kind and an id.
    #[serde(skip)]
    pub(super) audience: Option<(i64, Id)>,
    #[serde(skip)]
    pub(super) audience_kind: Option<i64>,
    #[serde(skip)]
    pub(crate) handle: Option<Handle>,
}

/// What an item of news says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct NewsDetail {
    /// Its parts: texts and questions.
    pub questions: Vec<Question>,
}

/// A text, or a question of a survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its title.
    pub title: Option<String>,
    /// As plain text.
    pub text: String,
    /// As its author wrote it.
    pub html: Option<String>,
    /// What may be answered.
    pub kind: QuestionKind,
    /// What there is to choose from.
    pub choices: Vec<Choice>,
    /// How many may be chosen at most.
    pub max_choices: Option<u32>,
    /// Files and links.
    pub attachments: Vec<Attachment>,
    /// Whether an answer is wished for.
    pub wants_answer: bool,
    /// Whether it has been answered.
    pub is_answered: bool,
    /// What was answered: words, or the ranks of the choices.
    pub answer: Option<String>,
    #[serde(skip)]
    pub(super) handle: Option<Handle>,
    #[serde(skip)]
    pub(super) answer_id: Option<Id>,
}

/// What may be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// That it was read.
    Acknowledge,
    /// Words of one's own.
    FreeText,
    /// One of the choices.
    SingleChoice,
    /// Some of the choices.
    MultipleChoice,
    /// Nothing.
    Nothing,
    /// Nothing: it is a text.
    TextOnly,
    /// Something else, as PRONOTE numbers it.
    Other(i64),
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Its number in an answer, from 1.
    pub rank: u32,
    /// Its words.
    pub name: String,
    /// Whether words of one's own are to be added.
    pub is_free: bool,
}

keyed!(News);

impl Client {
    /// The news and surveys for the user.
    ///
    /// ```no_run
    /// # async fn example(client: pronote_client::Client) -> Result<(), pronote_client::Error> {
    /// for news in client.news().await? {
    ///     println!("{:?}: {}", news.title, client.news_detail(&news).await?.text());
    ///     client.set_news_read(&news, true).await?;
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn news(&self) -> Result<Vec<News>, Error> {
        let reply = self
            .call(FEATURE, |view| {
                let modes = json!({"_T": 26, "V": Domain::of_range(0..=3).to_string()});
                Ok(match view.generation.news {
                    generation::News::Whole => json!({"modesAffActus": modes}),
                    generation::News::Detailed => {
                        json!({"modesAffActus": modes, "genreRequeteActualite": 0})
                    }
                })
            })
            .await?;
        let mut news = read(reply.node(), &reply.view);
        tell_apart(&mut news);
        for item in &mut news {
            let place = Place::News(item.key);
            item.detail.iter_mut().for_each(|detail| detail.locate(self.pupil, place));
        }
        Ok(news)
    }

    /// What an item of news says. Where the list had it, nothing is asked.
    pub async fn news_detail(&self, news: &News) -> Result<NewsDetail, Error> {
        found_again!(news, self.find_news(news).await, self.detail_now(news).await)
    }

    pub(super) async fn find_news(&self, news: &News) -> Result<News, Error> {
        let found = self.news().await?.into_iter().find(|listed| listed.key == news.key);
        found.ok_or(Error::Gone("an item of news"))
    }

    pub(super) async fn detail_now(&self, news: &News) -> Result<NewsDetail, Error> {
        if let Some(detail) = &news.detail {
            return Ok(detail.clone());
        }
        let reply = self
            .call(FEATURE, |view| {
                Ok(json!({
                    "actualite": news.address(view, self.pupil)?,
                    "genreRequeteActualite": 1,
                    "modeAffActu": 0,
                }))
            })
            .await?;
        let mut detail = detail(reply.node().field("detailsActualite"), &reply.view);
        detail.locate(self.pupil, Place::News(news.key));
        Ok(detail)
    }
}

impl News {
    /// Which item it is and for whom, as a parameter.
    pub(super) fn address(&self, view: &View, pupil: Key) -> Result<Value, Error> {
        let id = self.handle.as_ref().and_then(|handle| view.id(handle));
        let id = id.ok_or(Error::Gone("an item of news"))?;
        let public = match &self.audience {
            Some((kind, id)) => json!({"N": id.value(), "G": kind}),
            None => view.member(pupil),
        };
        Ok(json!({
            "N": id.value(),
            "genrePublic": self.audience_kind.unwrap_or(4),
            "public": public,
        }))
    }
}

impl NewsDetail {
    /// All its texts, as plain text.
    pub fn text(&self) -> String {
        let texts = self.questions.iter().map(|question| question.text.as_str());
        texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
    }

    /// All its texts, as HTML.
    pub fn html(&self) -> String {
        self.questions.iter().filter_map(|question| question.html.as_deref()).collect()
    }

    fn locate(&mut self, pupil: Key, place: Place) {
        let questions = self.questions.iter_mut();
        locate(questions.flat_map(|question| &mut question.attachments), pupil, place);
    }

    /// All its files and links.
    pub fn attachments(&self) -> impl Iterator<Item = &Attachment> {
        self.questions.iter().flat_map(|question| &question.attachments)
    }
}

pub(super) fn read(answer: Node<'_>, view: &View) -> Vec<News> {
    // One list for each way of showing: 0 is what was received, the others are one's own.
    let mut modes = answer.field("listeModesAff").list();
    let received = modes.find(|mode| mode.kind().unwrap_or(0) == 0);
    let Some(received) = received.or_else(|| answer.field("listeModesAff").list().next()) else {
        return Vec::new();
    };
    received.field("listeActualites").list().map(|node| item(node, view)).collect()
}

fn item(node: Node<'_>, view: &View) -> News {
    let (title, author) = (node.label(), node.field("auteur").text());
    let created = node.field("dateCreation").date_time();
    let start = node.field("dateDebut").date_time();
    let date = created.or(start);
    let public = node.field("public");
    News {
        key: Key::of(
            "news",
            &[&part(date.as_ref()), &part(title.as_ref()), &part(author.as_ref())],
        ),
        title,
        author,
        category: node.either(&["nature", "categorie"]).label(),
        created,
        start,
        end: node.field("dateFin").date_time(),
        is_read: node.field("lue").is_true(),
        is_survey: node.field("estSondage").is_true(),
        is_anonymous: node.field("reponseAnonyme").is_true(),
        detail: node.field("listeQuestions").is_there().then(|| detail(node, view)),
        audience: public.id().map(|id| (public.kind().unwrap_or(4), id)),
        audience_kind: node.field("genrePublic").integer(),
        handle: handle(node, view.epoch),
    }
}

pub(super) fn detail(node: Node<'_>, view: &View) -> NewsDetail {
    let questions = node.field("listeQuestions").list();
    NewsDetail { questions: questions.map(|node| question(node, view)).collect() }
}

fn question(node: Node<'_>, view: &View) -> Question {
    let answer = node.field("reponse");
    let choices = node.field("listeChoix").list().enumerate().filter_map(|(place, node)| {
        let rank = u32::try_from(place + 1).ok()?;
        Some(Choice {
            rank: node.field("rang").natural().filter(|rank| *rank > 0).unwrap_or(rank),
            name: node.label()?,
            is_free: node.field("estReponseLibre").is_true(),
        })
    });
    Question {
        title: node.field("titre").text().or_else(|| node.label()),
        text: node.field("texte").plain().unwrap_or_default(),
        html: node.field("texte").text(),
        kind: QuestionKind::of_code(node.field("genreReponse").integer()),
        choices: choices.collect(),
        max_choices: node
            .field("nombreReponsesMax")
            .natural()
            .filter(|_| node.field("avecMaximum").is_true()),
        attachments: attachments(node.field("listePiecesJointes"), view),
        wants_answer: answer.field("estReponseAttendue").is_true(),
        is_answered: answer.field("avecReponse").is_true(),
        answer: answer.field("valeurReponse").text(),
        handle: handle(node, view.epoch),
        answer_id: answer.id(),
    }
}

impl QuestionKind {
    /// PRONOTE's number.
    pub(super) fn code(self) -> i64 {
        match self {
            Self::Acknowledge => 0,
            Self::FreeText => 1,
            Self::SingleChoice => 2,
            Self::MultipleChoice => 3,
            Self::Nothing => 4,
            Self::TextOnly => 5,
            Self::Other(code) => code,
        }
    }

    fn of_code(code: Option<i64>) -> Self {
        match code {
            Some(0) => Self::Acknowledge,
            Some(1) => Self::FreeText,
            Some(2) => Self::SingleChoice,
            Some(3) => Self::MultipleChoice,
            Some(4) => Self::Nothing,
            Some(5) | None => Self::TextOnly,
            Some(code) => Self::Other(code),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_generations_of_news_are_read() {
        let question = json!({"N": "1#q", "texte": {"_T": 21, "V": "<p>Qui vient ?</p>"}, "genreReponse": 3,
            "listeChoix": {"_T": 24, "V": [{"L": "Moi", "rang": 1}, {"L": "Autre", "estReponseLibre": true}, {}]},
            "reponse": {"_T": 24, "V": {"N": "1#r", "avecReponse": true, "valeurReponse": {"_T": 8, "V": "[1]"}}}});
        let old = json!({"listeModesAff": [{"G": 0, "listeActualites": {"_T": 24, "V": [
            {"N": "1#a", "L": "Sortie", "categorie": {"_T": 24, "V": {"L": "Vie"}}, "lue": true, "estSondage": true,
             "listeQuestions": {"_T": 24, "V": [question]}},
        ]}}]});
        let news = read(Node::new(&old.into()), &View::example());
        let detail = news[0].detail.as_ref().unwrap();
        assert_eq!(
            (news[0].category.as_deref(), detail.text().as_str()),
            (Some("Vie"), "Qui vient ?")
        );
        let asked = &detail.questions[0];
        assert_eq!((asked.choices.len(), asked.choices[1].rank), (2, 2));
        assert_eq!((asked.is_answered, asked.answer.as_deref()), (true, Some("[1]")));
        let new = json!({"listeModesAff": [{"G": 1}, {"G": 0, "listeActualites": {"_T": 24, "V": [
            {"N": "1#a", "L": "Sortie", "nature": {"_T": 24, "V": {"L": "Information"}}}, {},
        ]}}]});
        let news = read(Node::new(&new.into()), &View::example());
        assert_eq!((news.len(), &news[0].detail), (2, &None));
        assert_eq!(news[0].category.as_deref(), Some("Information"));
        assert!(read(Node::NOTHING, &View::example()).is_empty());
    }
}
