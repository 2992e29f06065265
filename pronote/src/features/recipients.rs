//! The people whom a user may write to.
//!

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{handle, keyed};
use crate::{
    Client, Error, Key,
    client::{Feature, View},
    key::{Handle, part, tell_apart},
    protocol::{tab, value::Node},
};

const FEATURE: Feature = Feature {
    name: "the recipients of messages",
    function: "ListeRessourcesPourCommunication",
    tab: tab::MESSAGES,
};

/// Somebody who can be written to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// The name in every session.
    pub key: Key,
    /// The name.
    pub name: String,
    /// What they are.
    pub kind: RecipientKind,
    /// The mail address, where the school shows it.
    pub email: Option<String>,
    /// What they teach, or their function.
    pub functions: Vec<String>,
    /// Whether they take part in discussions.
    pub has_discussions: Option<bool>,
    #[serde(skip)]
    pub(crate) handle: Option<Handle>,
}

/// What a recipient is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecipientKind {
    /// A teacher.
    Teacher,
    /// Another of the staff.
    Staff,
    /// Another kind, as PRONOTE numbers it.
    Other(i64),
}

keyed!(Recipient);

impl RecipientKind {
    pub(crate) fn code(self) -> i64 {
        match self {
            Self::Teacher => 3,
            Self::Staff => 34,
            Self::Other(code) => code,
        }
    }
}

impl Client {
    /// The people whom the user may write to: teachers first, then the staff. Two calls.
    ///
    /// ```no_run
    /// # async fn example(client: pronote_client::Client) -> Result<(), pronote_client::Error> {
    /// let recipients = client.recipients().await?;
    /// client.create_discussion("Bonjour", "Un mot.", &recipients[..1]).await?;
    /// # Ok(()) }
    /// ```
    pub async fn recipients(&self) -> Result<Vec<Recipient>, Error> {
        let mut recipients = Vec::new();
        for kind in [3, 34] {
            let parameters = |_: &View| Ok(json!({"onglet": {"N": 0, "G": kind}}));
            let reply = self.call(FEATURE, parameters).await?;
            recipients.extend(read(reply.node(), kind, &reply.view));
        }
        tell_apart(&mut recipients);
        Ok(recipients)
    }
}

impl Recipient {
    /// As a parameter of a call in the session that listed it.
    pub(crate) fn parameter(&self, view: &View) -> Option<Value> {
        let id = view.id(self.handle.as_ref()?)?;
        Some(json!({"N": id.value(), "G": self.kind.code(), "L": self.name}))
    }
}

pub(super) fn read(answer: Node<'_>, kind: i64, view: &View) -> Vec<Recipient> {
    let list = answer.field("listeRessourcesPourCommunication").list();
    list.filter_map(|node| recipient(node, kind, view)).collect()
}

fn recipient(node: Node<'_>, kind: i64, view: &View) -> Option<Recipient> {
    let name = node.label()?;
    let kind = match node.kind().unwrap_or(kind) {
        3 => RecipientKind::Teacher,
        34 => RecipientKind::Staff,
        code => RecipientKind::Other(code),
    };
    let taught = node.field("listeRessources").list();
    let taught =
        taught.filter_map(|node| node.field("libelleMatiere").text().or_else(|| node.label()));
    let functions: Vec<_> = taught.chain(node.field("fonction").label()).collect();
    Some(Recipient {
        key: Key::of("recipient", &[&name, &kind.code(), &part(functions.first())]),
        name,
        kind,
        email: node.field("email").text(),
        functions,
        has_discussions: node.field("avecDiscussion").flag(),
        handle: handle(node, view.epoch),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipients_are_read() {
        let answer = json!({"listeRessourcesPourCommunication": {"_T": 24, "V": [
            {"N": "1#a", "L": "M. DUPONT", "G": 3, "listeRessources": {"_T": 24, "V": [{"L": "3A", "libelleMatiere": "MATHS"}, {"L": "EPS"}]}},
            {"N": "2#a", "L": "Mme CPE", "G": 34, "fonction": {"_T": 24, "V": {"L": "CPE"}}, "avecDiscussion": true},
            {"N": "3#a"},
        ]}});
        let read = read(Node::new(&answer.into()), 3, &View::example());
        let [teacher, staff] = &read[..] else { panic!("two of three") };
        assert_eq!(teacher.functions, ["MATHS", "EPS"]);
        assert_eq!((staff.kind, staff.has_discussions), (RecipientKind::Staff, Some(true)));
        assert!(teacher.parameter(&View::example()).is_some());
    }
}
