//! The report card of a period.
//!

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    Client, Error, Period,
    client::Feature,
    protocol::{mark::Mark, tab, value::Node},
};

const FEATURE: Feature =
    Feature { name: "the report card", function: "PageBulletins", tab: tab::REPORT };

/// A report card.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ReportCard {
    /// PRONOTE's words where it is not published; then there is nothing else.
    pub unpublished: Option<String>,
    /// The subjects.
    pub subjects: Vec<ReportSubject>,
    /// The remarks of the class council and others.
    pub comments: Vec<ReportComment>,
}

/// A subject of a report card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportSubject {
    /// Its name.
    pub name: String,
    /// `#RRGGBB`
    pub color: Option<String>,
    /// The pupil's average.
    pub pupil: Option<Mark>,
    /// The class's.
    pub class: Option<Mark>,
    /// The lowest.
    pub min: Option<Mark>,
    /// The highest.
    pub max: Option<Mark>,
    /// Its weight.
    pub coefficient: Option<Mark>,
    /// The teachers.
    pub teachers: Vec<String>,
    /// The teachers' remarks.
    pub comments: Vec<String>,
}

/// A remark of a report card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportComment {
    /// Whose it is: `Appréciation globale`.
    pub heading: Option<String>,
    /// The remark.
    pub text: String,
}

impl Client {
    /// The report card of a period.
    ///
    /// ```no_run
    /// # async fn example(client: pronote_client::Client) -> Result<(), pronote_client::Error> {
    /// let card = client.report_card(&client.periods()[0]).await?;
    /// match &card.unpublished {
    ///     Some(message) => println!("{message}"),
    ///     None => println!("{} subjects", card.subjects.len()),
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn report_card(&self, period: &Period) -> Result<ReportCard, Error> {
        let reply = self
            .call(FEATURE, |view| {
                let record = view.period(FEATURE.name, (self.pupil, FEATURE.tab), &period.name)?;
                let period = json!({"G": 2, "N": record.id.value(), "L": record.name});
                Ok(json!({"periode": period, "eleve": {}, "classe": {}}))
            })
            .await?;
        Ok(read(reply.node()))
    }
}

pub(super) fn read(answer: Node<'_>) -> ReportCard {
    let comments = answer.field("ObjetListeAppreciations").field("ListeAppreciations").list();
    ReportCard {
        unpublished: answer.field("Message").plain(),
        subjects: answer.field("ListeServices").list().filter_map(subject).collect(),
        comments: comments
            .filter_map(|node| {
                let text = node.field("L").plain()?;
                Some(ReportComment { heading: node.field("Intitule").text(), text })
            })
            .collect(),
    }
}

fn subject(node: Node<'_>) -> Option<ReportSubject> {
    Some(ReportSubject {
        name: node.label().or_else(|| node.field("Matiere").label())?,
        color: node.field("couleur").text(),
        pupil: node.field("MoyenneEleve").mark(),
        class: node.field("MoyenneClasse").mark(),
        min: node.field("MoyenneInf").mark(),
        max: node.field("MoyenneSup").mark(),
        coefficient: node.field("Coefficient").mark(),
        teachers: node.field("ListeProfesseurs").labels(),
        comments: node.field("ListeAppreciations").labels(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_card_is_read() {
        let answer = json!({
            "ListeServices": {"_T": 24, "V": [
                {"L": "MATHS", "MoyenneEleve": {"_T": 10, "V": "12,5"}, "ListeAppreciations": {"_T": 24, "V": [{"L": "Bien"}]}},
                {"Matiere": {"_T": 24, "V": {"L": "EPS"}}},
                {},
            ]},
            "ObjetListeAppreciations": {"_T": 24, "V": {"ListeAppreciations": {"_T": 24, "V": [{"L": "Bon trimestre", "Intitule": "Conseil"}]}}},
        });
        let card = read(Node::new(&answer.into()));
        assert_eq!(card.subjects[0].pupil, Some(Mark::Number(12.5)));
        assert_eq!((card.subjects.len(), card.subjects[1].name.as_str()), (2, "EPS"));
        assert_eq!(card.comments[0].text, "Bon trimestre");
        let closed = read(Node::new(&json!({"Message": "Non publié"}).into()));
        assert_eq!(closed.unpublished.as_deref(), Some("Non publié"));
    }
}
