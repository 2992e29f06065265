//! Who is logged in, and what the school opens to them.
//!

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    key::{Key, part},
    protocol::{
        tab,
        value::{Id, Node},
    },
    school::{PeriodKind, School},
};

/// A user and the pupils that the user may look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) name: Option<String>,
    pub(crate) id: Option<Id>,
    pub(crate) kind: i64,
    /// The pupil's own, or a parent's children; never empty.
    pub(crate) pupils: Vec<PupilRecord>,
    pub(crate) tabs: Vec<u32>,
    pub(crate) discussions: Discussions,
    pub(crate) rich_messages: bool,
}

/// A pupil as PRONOTE knows it in one session.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct PupilRecord {
    pub(crate) id: Option<Id>,
    pub(crate) kind: i64,
    pub(crate) pupil: Pupil,
    pub(crate) periods: Vec<PeriodRecord>,
    /// The photo comes with `ParametresUtilisateur`, not by an address.
    #[serde(default)]
    pub(crate) attached_photo: bool,
}

/// A period of one tab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PeriodRecord {
    pub(crate) tab: Option<u32>,
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) default: bool,
}

/// Whether the account may discuss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Discussions {
    Open,
    Closed,
    SwitchedOff,
}

/// A pupil.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pupil {
    /// Its name in every session.
    pub key: Key,
    /// Family name and first name.
    pub name: Option<String>,
    /// The class: `3A`.
    pub class: Option<String>,
    /// The school.
    pub establishment: Option<String>,
    /// The classes that the pupil is a delegate of.
    pub delegate_of: Vec<String>,
    /// Whether PRONOTE has a photo.
    pub has_photo: bool,
}

/// A period that marks and absences belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// Its name in every session.
    pub key: Key,
    /// `Trimestre 1`
    pub name: String,
    /// The first day.
    pub start: Option<Date>,
    /// The last day.
    pub end: Option<Date>,
    /// A term, a semester, the year.
    pub kind: PeriodKind,
    /// Whether PRONOTE shows this one first.
    pub is_default: bool,
}

impl Account {
    /// Reads the answers of `FonctionParametres` (for the ids of its periods) and `ParametresUtilisateur`.
    pub(crate) fn read(parameters: Node<'_>, user: Node<'_>) -> Self {
        let resource = user.field("ressource");
        let general = parameters.field("General");
        let children: Vec<_> = resource.field("listeRessources").list().collect();
        let own = [resource];
        let pupils = if children.is_empty() { &own[..] } else { &children[..] };
        let rights = user.field("autorisations");
        Self {
            name: resource.label(),
            id: resource.id(),
            kind: resource.kind().unwrap_or(4),
            pupils: pupils.iter().map(|pupil| PupilRecord::read(general, *pupil)).collect(),
            tabs: tabs(user.field("listeOnglets")),
            discussions: if rights.field("discussionInterdit").is_true() {
                Discussions::SwitchedOff
            } else if rights.field("AvecDiscussion").flag() == Some(false) {
                Discussions::Closed
            } else {
                Discussions::Open
            },
            rich_messages: rights.field("AvecDiscussionAvancee").is_true(),
        }
    }

    /// Whether a tab is open; where the school lists none, everything may be tried.
    pub(crate) fn has_tab(&self, tab: u32) -> bool {
        self.tabs.is_empty() || self.tabs.contains(&tab)
    }

    /// Whether the pupils are a parent's children.
    pub(crate) fn is_parent(&self) -> bool {
        self.kind == 5
    }
}

impl PupilRecord {
    fn read(general: Node<'_>, node: Node<'_>) -> Self {
        let name = node.label();
        let class = node.field("classeDEleve").label();
        let establishment = node.field("Etablissement").label();
        let key = Key::of("pupil", &[&part(name.as_ref()), &part(establishment.as_ref())]);
        let attached_photo = node.field("photoBase64").is_there();
        Self {
            id: node.id(),
            kind: node.kind().unwrap_or(4),
            pupil: Pupil {
                key,
                class,
                establishment,
                delegate_of: node.field("listeClassesDelegue").labels(),
                has_photo: attached_photo || node.field("avecPhoto").is_true(),
                name,
            },
            periods: periods(general, node),
            attached_photo,
        }
    }

    /// The pupil as a parameter of a call.
    pub(crate) fn resource(&self) -> Value {
        let id = self.id.as_ref().map(Id::value);
        json!({"G": self.kind, "N": id, "L": self.pupil.name})
    }

    /// The periods of a tab, or the school's where the tab has none of its own.
    pub(crate) fn periods_of(&self, tab: u32) -> impl Iterator<Item = &PeriodRecord> {
        let own = self.periods.iter().any(|period| period.tab == Some(tab));
        self.periods.iter().filter(move |period| period.tab == own.then_some(tab))
    }

    /// The periods for marks, with their days.
    pub(crate) fn public_periods(&self, school: &School) -> Vec<Period> {
        let records = self.periods_of(tab::MARKS);
        records
            .map(|record| {
                let known = school.periods.iter().find(|period| period.name == record.name);
                let start = known.and_then(|period| period.start);
                Period {
                    key: Key::of("period", &[&record.name, &part(start.as_ref())]),
                    name: record.name.clone(),
                    start,
                    end: known.and_then(|period| period.end),
                    kind: known.map_or(PeriodKind::Unknown, |period| period.kind),
                    is_default: record.default,
                }
            })
            .collect()
    }
}

fn tabs(list: Node<'_>) -> Vec<u32> {
    // Tabs nest; a stranger's tree is walked with a bound and without recursion.
    let mut open: Vec<_> = list.list().collect();
    let mut tabs = Vec::new();
    while let Some(node) = open.pop() {
        if tabs.len() >= 1024 {
            break;
        }
        tabs.extend(node.field("G").natural());
        open.extend(node.field("Onglet").list());
    }
    tabs.sort_unstable();
    tabs.dedup();
    tabs
}

fn periods(general: Node<'_>, pupil: Node<'_>) -> Vec<PeriodRecord> {
    let mut periods = Vec::new();
    for entry in pupil.field("listeOngletsPourPeriodes").list() {
        let Some(tab) = entry.field("G").natural() else { continue };
        let default = entry.field("periodeParDefaut");
        for period in entry.field("listePeriodes").list() {
            let (Some(id), Some(name)) = (period.id(), period.label()) else { continue };
            let is_default = default.id().as_ref() == Some(&id)
                || default.label().is_some_and(|default| default == name);
            periods.push(PeriodRecord { tab: Some(tab), id, name, default: is_default });
        }
    }
    for period in general.field("ListePeriodes").list() {
        if let (Some(id), Some(name)) = (period.id(), period.label()) {
            periods.push(PeriodRecord { tab: None, id, name, default: false });
        }
    }
    periods
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parent_has_children_with_periods() {
        let parameters = json!({"General": {"ListePeriodes": [
            {"N": "1#g", "L": "Trimestre 1", "periodeNotation": 0, "dateDebut": {"_T": 7, "V": "01/09/2026"}},
            {"N": "5#g", "L": "Hors période"},
        ]}});
        let user = json!({
            "ressource": {"N": "9#p", "L": "PARENT Fanny", "G": 5, "listeRessources": [
                {"N": "1#c", "L": "PARENT Léa", "G": 4, "avecPhoto": true, "classeDEleve": {"L": "3A"},
                 "listeOngletsPourPeriodes": {"_T": 24, "V": [{"G": 198,
                    "listePeriodes": {"_T": 24, "V": [{"N": "1#t", "L": "Trimestre 1"}]},
                    "periodeParDefaut": {"_T": 24, "V": {"N": "1#t", "L": "Trimestre 1"}}}]}},
                {"N": "2#c", "L": "PARENT Max", "G": 4},
            ]},
            "listeOnglets": [{"G": 16, "Onglet": [{"G": 88}, {"G": 198}]}],
            "autorisations": {"AvecDiscussion": true},
        });
        let (parameters, user) = (parameters.into(), user.into());
        let account = Account::read(Node::new(&parameters), Node::new(&user));
        assert!(account.is_parent() && account.has_tab(88) && !account.has_tab(131));
        let school = School::read(Node::new(&parameters));
        let [lea, max] = &account.pupils[..] else { panic!("two children") };
        let periods = lea.public_periods(&school);
        assert_eq!((periods.len(), periods[0].is_default), (1, true));
        assert!(periods[0].start.is_some());
        assert_eq!(lea.periods_of(198).next().unwrap().id, "1#t".into());
        let names: Vec<_> = max.periods_of(198).map(|period| &*period.name).collect();
        assert_eq!(names, ["Trimestre 1", "Hors période"], "the school's own");
        assert_eq!(account.discussions, Discussions::Open);
    }

    #[test]
    fn nothing_at_all_is_a_pupil_without_anything() {
        let account = Account::read(Node::NOTHING, Node::NOTHING);
        assert_eq!(account.pupils.len(), 1);
        assert!(account.has_tab(16));
    }
}
