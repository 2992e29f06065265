//! Marks and averages of a period.
//!

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;

use super::{FileRef, Subject, file_ref::Place, handle, keyed, subject};
use crate::{
    Client, Error, Key, Period,
    account::PeriodRecord,
    client::{Feature, View},
    key::{Handle, part, tell_apart},
    protocol::{
        mark::Mark,
        tab,
        value::{Id, Node},
    },
};

const FEATURE: Feature = Feature { name: "marks", function: "DernieresNotes", tab: tab::MARKS };

/// The marks of a period, and the averages that PRONOTE has made of them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Marks {
    /// The marks, newest first.
    pub marks: Vec<SubjectMark>,
    /// The averages of each subject.
    pub averages: Vec<Average>,
    /// The pupil's average over all subjects, where the school shows it.
    pub overall: Option<Mark>,
    /// The class's.
    pub class_overall: Option<Mark>,
    /// What the pupil's average is out of.
    pub overall_out_of: Option<Mark>,
}

/// One mark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubjectMark {
    /// Its name in every session.
    pub key: Key,
    /// The subject.
    pub subject: Option<Subject>,
    /// The day.
    pub date: Option<Date>,
    /// The mark itself; nothing where it is empty.
    pub mark: Option<Mark>,
    /// What it is out of.
    pub out_of: Option<Mark>,
    /// What a mark is out of by default.
    pub default_out_of: Option<Mark>,
    /// Its weight.
    pub coefficient: Option<f64>,
    /// The class's average, where the school shows it.
    pub average: Option<Mark>,
    /// The best mark.
    pub max: Option<Mark>,
    /// The worst mark.
    pub min: Option<Mark>,
    /// What the test was about.
    pub description: Option<String>,
    /// The teacher's remark on this mark.
    pub remark: Option<String>,
    /// It counts only if it helps.
    pub is_bonus: bool,
    /// It may be left out, and is no bonus.
    pub is_optional: bool,
    /// It is brought back to a mark out of 20.
    pub is_out_of_20: bool,
    /// The period that PRONOTE puts it in.
    pub period: Option<String>,
    /// Where the paper is, for as long as the session.
    pub subject_file: Option<Url>,
    /// Where the answers are, for as long as the session.
    pub answer_file: Option<Url>,
    /// What finds the paper again.
    #[serde(default)]
    pub subject_ref: Option<FileRef>,
    /// What finds the answers again.
    #[serde(default)]
    pub answer_ref: Option<FileRef>,
    #[serde(skip)]
    pub(crate) handle: Option<Handle>,
}

/// The averages of one subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Average {
    /// The subject.
    pub subject: Subject,
    /// The pupil's.
    pub pupil: Option<Mark>,
    /// The class's.
    pub class: Option<Mark>,
    /// The best.
    pub max: Option<Mark>,
    /// The worst.
    pub min: Option<Mark>,
    /// What the pupil's is out of.
    pub out_of: Option<Mark>,
    /// What an average is out of by default.
    pub default_out_of: Option<Mark>,
    /// `#RRGGBB`
    pub color: Option<String>,
}

keyed!(SubjectMark);

impl Client {
    /// The marks and averages of a period, in one call.
    ///
    /// ```no_run
    /// # async fn example(client: pronote_client::Client) -> Result<(), pronote_client::Error> {
    /// for period in client.periods().iter().filter(|period| period.is_default) {
    ///     let marks = client.marks(period).await?;
    ///     println!("{} marks, overall {:?}", marks.marks.len(), marks.overall);
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn marks(&self, period: &Period) -> Result<Marks, Error> {
        let reply = self
            .call(FEATURE, |view| {
                let record = view.period(FEATURE.name, (self.pupil, FEATURE.tab), &period.name)?;
                let PeriodRecord { id, name, .. } = record;
                Ok(json!({"Periode": {"N": id.value(), "L": name, "G": 2}}))
            })
            .await?;
        let mut read = read(reply.node(), &reply.view);
        for mark in &mut read.marks {
            let place = Place::Mark { period: period.key, mark: mark.key };
            let paper =
                |kind: &str| FileRef { pupil: self.pupil, place, file: Key::of("paper", &[&kind]) };
            mark.subject_ref = mark.subject_file.is_some().then(|| paper("subject"));
            mark.answer_ref = mark.answer_file.is_some().then(|| paper("answer"));
        }
        Ok(read)
    }
}

pub(super) fn read(answer: Node<'_>, view: &View) -> Marks {
    let mut marks: Vec<_> =
        answer.field("listeDevoirs").list().map(|node| mark(node, view)).collect();
    tell_apart(&mut marks);
    marks.sort_by_key(|mark| std::cmp::Reverse(mark.date));
    Marks {
        marks,
        averages: answer.field("listeServices").list().filter_map(average).collect(),
        overall: answer.field("moyGenerale").mark(),
        class_overall: answer.field("moyGeneraleClasse").mark(),
        overall_out_of: answer.field("baremeMoyGenerale").mark(),
    }
}

fn mark(node: Node<'_>, view: &View) -> SubjectMark {
    let taught = subject(node.field("service"));
    let date = node.field("date").date();
    let description = node.field("commentaire").plain();
    let (mark, out_of) = (node.field("note").mark(), node.field("bareme").mark());
    let name = part(taught.as_ref().map(|subject| &subject.name));
    let coefficient = node.field("coefficient").number();
    let is_bonus = node.field("estBonus").is_true();
    let file = |field: &str, kind: &str| {
        let name = node.field(field).text()?;
        node.id().map(|id: Id| view.file(&id, &name, Some(kind)))
    };
    // A mark may be corrected: the test is the same, so the mark is no part of the key.
    let parts = [part(date.as_ref()), name, part(description.as_ref()), part(coefficient.as_ref())];
    let [date_part, name, about, weight] = &parts;
    SubjectMark {
        key: Key::of("mark", &[date_part, name, about, weight]),
        subject: taught,
        date,
        mark,
        out_of,
        default_out_of: node.field("baremeParDefaut").mark(),
        coefficient,
        average: node.field("moyenne").mark(),
        max: node.field("noteMax").mark(),
        min: node.field("noteMin").mark(),
        description,
        remark: node.field("commentaireSurNote").plain(),
        is_bonus,
        is_optional: node.field("estFacultatif").is_true() && !is_bonus,
        is_out_of_20: node.field("estRamenerSur20").is_true(),
        period: node.field("periode").label(),
        subject_file: file("libelleSujet", "DevoirSujet"),
        answer_file: file("libelleCorrige", "DevoirCorrige"),
        subject_ref: None,
        answer_ref: None,
        handle: handle(node, view.epoch),
    }
}

fn average(node: Node<'_>) -> Option<Average> {
    Some(Average {
        subject: subject(node)?,
        pupil: node.field("moyEleve").mark(),
        class: node.field("moyClasse").mark(),
        max: node.field("moyMax").mark(),
        min: node.field("moyMin").mark(),
        out_of: node.field("baremeMoyEleve").mark(),
        default_out_of: node.field("baremeMoyEleveParDefaut").mark(),
        color: node.field("couleur").text(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t10(text: &str) -> serde_json::Value {
        json!({"_T": 10, "V": text})
    }

    #[test]
    fn marks_and_averages_are_read() {
        let answer = json!({
            "moyGenerale": t10("13,75"),
            "baremeMoyGenerale": t10("20"),
            "listeServices": {"_T": 24, "V": [{"L": "MATHS", "moyEleve": t10("12,5"), "couleur": "#112233"}, {}]},
            "listeDevoirs": {"_T": 24, "V": [
                {"N": "1#a", "note": t10("|9"), "date": {"_T": 7, "V": "01/09/2026"}, "estFacultatif": true, "estBonus": true},
                {"N": "2#a", "note": t10("15,5"), "bareme": t10("20"), "coefficient": 0.5,
                 "date": {"_T": 7, "V": "08/09/2026"}, "service": {"_T": 24, "V": {"L": "MATHS"}},
                 "libelleSujet": "sujet.pdf", "commentaire": "Chapitre 1"},
                {},
            ]},
        });
        let marks = read(Node::new(&answer.into()), &View::example());
        assert_eq!((marks.overall, marks.class_overall), (Some(Mark::Number(13.75)), None));
        assert_eq!(marks.averages.len(), 1);
        let [newest, word, bare] = &marks.marks[..] else { panic!("three marks") };
        assert_eq!((newest.mark, newest.coefficient), (Some(Mark::Number(15.5)), Some(0.5)));
        assert!(newest.subject_file.is_some() && newest.answer_file.is_none());
        assert_eq!(word.mark, Some(Mark::Other(9)));
        assert!(word.is_bonus && !word.is_optional);
        assert_eq!((bare.mark, &bare.subject), (None, &None));
    }
}
