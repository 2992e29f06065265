//! The people who teach and look after a pupil.
//!

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    Client, Error, Key,
    client::Feature,
    protocol::{tab, time, value::Node},
};

const FEATURE: Feature =
    Feature { name: "the teaching team", function: "PageEquipePedagogique", tab: tab::STAFF };

/// One of the staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffMember {
    /// Its name in every session.
    pub key: Key,
    /// The name.
    pub name: String,
    /// A teacher or another.
    pub kind: StaffKind,
    /// What is taught, or the function.
    pub subjects: Vec<TaughtSubject>,
}

/// What a member of the staff is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffKind {
    /// A teacher.
    Teacher,
    /// Another.
    Staff,
    /// Another kind, as PRONOTE numbers it.
    Other(i64),
}

/// What somebody teaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaughtSubject {
    /// The subject, or the function.
    pub name: String,
    /// Minutes a week.
    pub minutes_per_week: Option<u32>,
    /// Whether it is a part of another subject.
    pub is_part: bool,
}

impl Client {
    /// The teachers and the staff of the pupil.
    ///
    /// ```no_run
    /// # async fn example(client: pronote_client::Client) -> Result<(), pronote_client::Error> {
    /// for member in client.staff().await? {
    ///     println!("{} ({:?})", member.name, member.kind);
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn staff(&self) -> Result<Vec<StaffMember>, Error> {
        let reply = self.call(FEATURE, |_| Ok(json!({}))).await?;
        Ok(read(reply.node()))
    }
}

pub(super) fn read(answer: Node<'_>) -> Vec<StaffMember> {
    answer.field("liste").list().filter_map(member).collect()
}

fn member(node: Node<'_>) -> Option<StaffMember> {
    let (name, code) = (node.label()?, node.kind().unwrap_or(34));
    let subjects = node.field("matieres").list().filter_map(|node| {
        Some(TaughtSubject {
            name: node.label()?,
            minutes_per_week: node.field("volumeHoraire").str().and_then(time::minutes),
            is_part: node.field("servicePere").is_there(),
        })
    });
    Some(StaffMember {
        key: Key::of("staff", &[&name, &code]),
        subjects: subjects.collect(),
        name,
        kind: match code {
            3 => StaffKind::Teacher,
            34 => StaffKind::Staff,
            code => StaffKind::Other(code),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_team_is_read() {
        let answer = json!({"liste": {"_T": 24, "V": [
            {"N": "1#a", "L": "M. DUPONT", "G": 3, "matieres": {"_T": 24, "V": [{"L": "MATHS", "volumeHoraire": "4h30"}, {}]}},
            {"L": "Mme CPE", "G": 34},
            {"G": 3},
        ]}});
        let team = read(Node::new(&answer.into()));
        let [teacher, staff] = &team[..] else { panic!("two of three") };
        assert_eq!(teacher.subjects[0].minutes_per_week, Some(270));
        assert_eq!((staff.kind, staff.subjects.len()), (StaffKind::Staff, 0));
    }
}
