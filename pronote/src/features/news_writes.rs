//! Marking news as read, answering surveys.
//!

use serde_json::{Value, json};

use super::{News, Question, QuestionKind, found_again};
use crate::{
    Client, Error,
    client::{Feature, View},
    protocol::{domain::Domain, tab, value},
};

const FEATURE: Feature =
    Feature { name: "answering news", function: "SaisieActualites", tab: tab::NEWS };

/// An answer to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The question is left as it is.
    Nothing,
    /// It was read.
    Acknowledged,
    /// Words of one's own.
    Text(String),
    /// The ranks of the choices; words for one that asks for them.
    Choices(Vec<u32>, Option<String>),
}

impl Client {
    /// Marks an item of news as read, or as not read.
    pub async fn set_news_read(&self, news: &News, read: bool) -> Result<(), Error> {
        found_again!(news, self.find_news(news).await, self.mark_news(news, read).await)
    }

    /// Answers the questions of a survey, one answer for each question of [`Client::news_detail`].
    ///
    /// ```no_run
    /// # async fn example(client: pronote_client::Client) -> Result<(), pronote_client::Error> {
    /// use pronote_client::features::{Answer, QuestionKind};
    ///
    /// for survey in client.news().await?.iter().filter(|news| news.is_survey) {
    ///     let questions = client.news_detail(survey).await?.questions;
    ///     let answers: Vec<_> = questions
    ///         .iter()
    ///         .map(|question| match question.kind {
    ///             QuestionKind::SingleChoice => Answer::Choices(vec![1], None),
    ///             _ => Answer::Nothing,
    ///         })
    ///         .collect();
    ///     client.answer_news(survey, &answers).await?;
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn answer_news(&self, news: &News, answers: &[Answer]) -> Result<(), Error> {
        found_again!(news, self.find_news(news).await, self.answer_now(news, answers).await)
    }

    async fn mark_news(&self, news: &News, read: bool) -> Result<(), Error> {
        let parameters = |view: &View| {
            let extra = json!({"validationDirecte": true, "lue": read, "marqueLueSeulement": true});
            Ok(wrap(&with(news.address(view, self.pupil)?, extra)))
        };
        self.call(FEATURE, parameters).await.map(drop)
    }

    async fn answer_now(&self, news: &News, answers: &[Answer]) -> Result<(), Error> {
        let detail = self.detail_now(news).await?;
        check(&detail.questions, answers)?;
        let parameters = |view: &View| {
            let questions: Result<Vec<_>, _> = detail
                .questions
                .iter()
                .zip(answers)
                .filter(|(_, answer)| **answer != Answer::Nothing)
                .map(|(question, answer)| parameter(question, answer, view))
                .collect();
            let extra = json!({
                "L": news.title, "validationDirecte": true, "lue": true, "supprimee": false,
                "marqueLueSeulement": false, "listeQuestions": questions?,
            });
            Ok(wrap(&with(news.address(view, self.pupil)?, extra)))
        };
        self.call(FEATURE, parameters).await.map(drop)
    }
}

/// An answer that does not fit its question is never sent.
fn check(questions: &[Question], answers: &[Answer]) -> Result<(), Error> {
    if questions.len() != answers.len() {
        let (expected, found) = (questions.len(), answers.len());
        return Err(Error::Invalid(format!("expected {expected} answers, found {found}")));
    }
    for (number, (question, answer)) in questions.iter().zip(answers).enumerate() {
        let fits = match (answer, question.kind) {
            (Answer::Nothing, _)
            | (Answer::Acknowledged, QuestionKind::Acknowledge)
            | (Answer::Text(_), QuestionKind::FreeText) => true,
            (Answer::Choices(ranks, _), kind) => {
                let most = match kind {
                    QuestionKind::SingleChoice => Some(1),
                    QuestionKind::MultipleChoice => {
                        Some(question.max_choices.map_or(usize::MAX, |most| most as usize))
                    }
                    _ => None,
                };
                let known = |rank: &u32| question.choices.iter().any(|choice| choice.rank == *rank);
                most.is_some_and(|most| ranks.len() <= most) && ranks.iter().all(known)
            }
            _ => false,
        };
        if !fits {
            let number = number + 1;
            return Err(Error::Invalid(format!("answer {number} does not fit its question")));
        }
    }
    Ok(())
}

fn parameter(question: &Question, answer: &Answer, view: &View) -> Result<Value, Error> {
    let handle = question.handle.as_ref().and_then(|handle| view.id(handle));
    let id = handle.ok_or(Error::Gone("a question of a survey"))?;
    let given = match answer {
        Answer::Nothing | Answer::Acknowledged => "".into(),
        Answer::Text(text) => text.as_str().into(),
        Answer::Choices(ranks, _) => value::domain(&Domain::of_numbers(ranks.iter().copied())),
    };
    let mut reply = json!({
        "N": question.answer_id.as_ref().map_or(json!(0), value::Id::value),
        "Actif": true,
        "valeurReponse": given,
        "avecReponse": true,
        "estReponseAttendue": question.wants_answer,
        "_validationSaisie": true,
    });
    if let Answer::Choices(_, Some(words)) = answer {
        reply = with(reply, json!({"valeurReponseLibre": words}));
    }
    Ok(json!({
        "N": id.value(), "L": question.title, "genreReponse": question.kind.code(), "reponse": reply,
    }))
}

fn wrap(item: &Value) -> Value {
    json!({"listeActualites": [item], "saisieActualite": false})
}

fn with(mut value: Value, extra: Value) -> Value {
    if let (Some(fields), Value::Object(extra)) = (value.as_object_mut(), extra) {
        fields.extend(extra);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Choice;

    fn question(kind: QuestionKind, max_choices: Option<u32>) -> Question {
        let choices = (1..=3).map(|rank| Choice { rank, name: rank.to_string(), is_free: false });
        Question {
            title: None,
            text: String::new(),
            html: None,
            kind,
            choices: choices.collect(),
            max_choices,
            attachments: Vec::new(),
            wants_answer: true,
            is_answered: false,
            answer: None,
            handle: None,
            answer_id: None,
        }
    }

    #[test]
    fn an_answer_fits_its_question() {
        use QuestionKind::{Acknowledge, FreeText, MultipleChoice, SingleChoice, TextOnly};
        let choices = |ranks: &[u32]| Answer::Choices(ranks.to_vec(), None);
        for (kind, most, answer, fits) in [
            (Acknowledge, None, Answer::Acknowledged, true),
            (FreeText, None, Answer::Text("oui".to_owned()), true),
            (FreeText, None, choices(&[1]), false),
            (SingleChoice, None, choices(&[2]), true),
            (SingleChoice, None, choices(&[1, 2]), false),
            (SingleChoice, None, choices(&[4]), false),
            (MultipleChoice, None, choices(&[1, 2, 3]), true),
            (MultipleChoice, Some(2), choices(&[1, 2, 3]), false),
            (TextOnly, None, Answer::Nothing, true),
            (TextOnly, None, Answer::Acknowledged, false),
        ] {
            let result = check(&[question(kind, most)], std::slice::from_ref(&answer));
            assert_eq!(result.is_ok(), fits, "{kind:?} {answer:?}");
        }
        assert!(check(&[], &[Answer::Nothing]).is_err());
    }
}
