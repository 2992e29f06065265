//! Evaluations of skills.
//!

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Subject, handle, keyed, subject};
use crate::{
    Client, Error, Key, Period,
    client::{Feature, View},
    key::{Handle, part, tell_apart},
    protocol::{tab, value::Node},
};

const FEATURE: Feature =
    Feature { name: "evaluations", function: "DernieresEvaluations", tab: tab::EVALUATIONS };

/// One evaluation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Its name in every session.
    pub key: Key,
    /// Its title.
    pub name: Option<String>,
    /// The subject.
    pub subject: Option<Subject>,
    /// The teacher.
    pub teacher: Option<String>,
    /// The day.
    pub date: Option<Date>,
    /// What it was about.
    pub description: Option<String>,
    /// Its weight.
    pub coefficient: Option<f64>,
    /// The domain of the skills.
    pub domain: Option<String>,
    /// The school cycles that it is for.
    pub stages: Vec<String>,
    /// The skills and their levels.
    pub acquisitions: Vec<Acquisition>,
    #[serde(skip)]
    pub(crate) handle: Option<Handle>,
}

/// One skill and its level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Acquisition {
    /// Its name in every session.
    pub key: Key,
    /// The skill.
    pub name: Option<String>,
    /// `Très bonne maîtrise`
    pub level: Option<String>,
    /// `A+`
    pub abbreviation: Option<String>,
    /// Its weight.
    pub coefficient: Option<f64>,
    /// Its place among the others.
    pub order: Option<i64>,
    /// The domain of the skill.
    pub domain: Option<String>,
    /// The pillar of the common base.
    pub pillar: Option<String>,
    /// `D1.1`
    pub pillar_prefixes: Option<String>,
}

keyed!(Evaluation);

impl Client {
    /// The evaluations of a period.
    ///
    /// ```no_run
    /// # async fn example(client: pronote_client::Client) -> Result<(), pronote_client::Error> {
    /// for evaluation in client.evaluations(&client.periods()[0]).await? {
    ///     println!("{:?}: {} skills", evaluation.name, evaluation.acquisitions.len());
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn evaluations(&self, period: &Period) -> Result<Vec<Evaluation>, Error> {
        let reply = self
            .call(FEATURE, |view| {
                let record = view.period(FEATURE.name, (self.pupil, FEATURE.tab), &period.name)?;
                Ok(json!({"periode": {"N": record.id.value(), "L": record.name, "G": 2}}))
            })
            .await?;
        let mut evaluations = read(reply.node(), &reply.view);
        tell_apart(&mut evaluations);
        Ok(evaluations)
    }
}

pub(super) fn read(answer: Node<'_>, view: &View) -> Vec<Evaluation> {
    answer.field("listeEvaluations").list().map(|node| evaluation(node, view)).collect()
}

fn evaluation(node: Node<'_>, view: &View) -> Evaluation {
    let (name, taught) = (node.label(), subject(node.field("matiere")));
    let (date, description) = (node.field("date").date(), node.field("descriptif").plain());
    let about = part(taught.as_ref().map(|subject| &subject.name));
    let key = Key::of(
        "evaluation",
        &[&part(date.as_ref()), &part(name.as_ref()), &about, &part(description.as_ref())],
    );
    let levels = node.field("listeNiveauxDAcquisitions").list();
    Evaluation {
        key,
        name,
        subject: taught,
        teacher: node.field("individu").label(),
        date,
        description,
        coefficient: node.field("coefficient").number(),
        domain: node.field("domaine").label(),
        stages: node.field("listePaliers").labels(),
        acquisitions: levels
            .enumerate()
            .map(|(place, node)| acquisition(key, place, node))
            .collect(),
        handle: handle(node, view.epoch),
    }
}

fn acquisition(evaluation: Key, place: usize, node: Node<'_>) -> Acquisition {
    let domain = node.field("domaine").label();
    let name = node.field("item").label().or_else(|| domain.clone());
    Acquisition {
        key: Key::of("acquisition", &[&evaluation, &place, &part(name.as_ref())]),
        name,
        level: node.label(),
        abbreviation: node.field("abbreviation").text(),
        coefficient: node.field("coefficient").number(),
        order: node.field("ordre").integer(),
        domain,
        pillar: node.field("pilier").label(),
        pillar_prefixes: node.field("pilier").field("strPrefixes").text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evaluations_are_read() {
        let answer = json!({"listeEvaluations": {"_T": 24, "V": [
            {"N": "1#a", "L": "Dictée", "matiere": {"_T": 24, "V": {"L": "FRANÇAIS"}}, "coefficient": 1,
             "listePaliers": {"_T": 24, "V": [{"L": "Cycle 4"}]},
             "listeNiveauxDAcquisitions": {"_T": 24, "V": [
                {"L": "Maîtrise fragile", "abbreviation": "C", "item": {"_T": 24, "V": {"L": "Orthographe"}},
                 "domaine": {"_T": 24, "V": {"L": "Langue"}}, "pilier": {"_T": 24, "V": {"L": "D1", "strPrefixes": "D1.1"}}},
                {"domaine": {"_T": 24, "V": {"L": "Langue"}}},
             ]}},
            {},
        ]}});
        let read = read(Node::new(&answer.into()), &View::example());
        assert_eq!(read.len(), 2);
        let [first, second] = &read[0].acquisitions[..] else { panic!("two skills") };
        assert_eq!(
            (first.name.as_deref(), first.level.as_deref()),
            (Some("Orthographe"), Some("Maîtrise fragile"))
        );
        assert_eq!((second.name.as_deref(), &second.level), (Some("Langue"), &None));
        assert_eq!(read[0].stages, ["Cycle 4"]);
    }
}
