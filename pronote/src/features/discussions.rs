//! Discussions: the list of them, and their folders.
//!

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::keyed;
use crate::{
    Client, Error, Key,
    client::{Feature, View},
    key::{Handle, part, tell_apart},
    protocol::{
        tab, time,
        value::{Id, Node},
    },
};

const FEATURE: Feature =
    Feature { name: "discussions", function: "ListeMessagerie", tab: tab::MESSAGES };

/// A discussion.
///
/// PRONOTE gives it no lasting id: two with the same subject and people have keys of one session only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discussion {
    /// Its name in every session.
    pub key: Key,
    /// Its subject.
    pub subject: String,
    /// Who began it; nothing where it was the user.
    pub creator: Option<String>,
    /// Who takes part, in PRONOTE's words.
    pub participants: Option<String>,
    /// When it was last written to, in PRONOTE's words: `lundi 14h05`.
    pub date_text: Option<String>,
    /// The same, where the words are a date.
    pub date: Option<DateTime>,
    /// How many messages there are.
    pub messages: u32,
    /// How many of them are new.
    pub unread: u32,
    /// Nobody writes to it any more.
    pub is_closed: bool,
    /// How many drafts the user has in it.
    pub drafts: u32,
    /// The names of its folders.
    pub folders: Vec<Folder>,
    #[serde(skip)]
    pub(super) possessions: Vec<Id>,
    #[serde(skip)]
    pub(super) participants_id: Option<Id>,
    #[serde(skip)]
    pub(crate) handle: Option<Handle>,
}

/// A folder of discussions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folder {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: FolderKind,
}

/// What a folder is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FolderKind {
    /// What was received.
    Inbox,
    /// What was put away.
    Archive,
    /// What was sent.
    Sent,
    /// What is not finished.
    Drafts,
    /// What was thrown away.
    Trash,
    /// What was reported.
    Reported,
    /// Another, as PRONOTE numbers it; 7 to 9 are the user's own.
    Other(i64),
}

keyed!(Discussion);

impl Client {
    /// The user's discussions, those thrown away excepted.
    ///
    /// ```no_run
    /// # async fn example(client: pronote_client::Client) -> Result<(), pronote_client::Error> {
    /// for discussion in client.discussions().await? {
    ///     let conversation = client.conversation(&discussion).await?;
    ///     println!("{}: {} messages", discussion.subject, conversation.messages.len());
    ///     if conversation.can_reply {
    ///         client.reply(&discussion, "Bien reçu.").await?;
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn discussions(&self) -> Result<Vec<Discussion>, Error> {
        let mut discussions = self.all_discussions().await?;
        discussions.retain(|discussion| !discussion.is_in(FolderKind::Trash));
        Ok(discussions)
    }

    /// The user's discussions, those thrown away too.
    pub async fn all_discussions(&self) -> Result<Vec<Discussion>, Error> {
        let parameters = |_: &View| Ok(json!({"avecMessage": true, "avecLu": true}));
        let reply = self.call(FEATURE, parameters).await?;
        let mut discussions = read(reply.node(), &reply.view);
        tell_apart(&mut discussions);
        Ok(discussions)
    }

    pub(super) async fn find_discussion(
        &self,
        discussion: &Discussion,
    ) -> Result<Discussion, Error> {
        let listed = self.all_discussions().await?.into_iter();
        let mut found = listed.filter(|listed| listed.key == discussion.key);
        found.next().ok_or(Error::Gone("a discussion"))
    }
}

impl Discussion {
    /// Whether it is in a folder of a kind.
    pub fn is_in(&self, kind: FolderKind) -> bool {
        self.folders.iter().any(|folder| folder.kind == kind)
    }

    /// Its messages as a parameter, in the session that listed it.
    pub(super) fn possessions(&self, view: &View) -> Result<serde_json::Value, Error> {
        let here = self.handle.as_ref().is_some_and(|handle| handle.epoch == view.epoch);
        if !here {
            return Err(Error::Gone("a discussion"));
        }
        Ok(self.possessions.iter().map(|id| json!({"N": id.value()})).collect())
    }
}

pub(super) fn read(answer: Node<'_>, view: &View) -> Vec<Discussion> {
    let folders: Vec<_> = answer
        .field("listeEtiquettes")
        .list()
        .filter_map(|node| {
            let kind = FolderKind::of_code(node.kind()?);
            Some((node.id()?, Folder { name: node.label().unwrap_or_default(), kind }))
        })
        .collect();
    let items = answer.field("listeMessagerie").list();
    // The list holds the messages too, below the discussion that they belong to.
    let heads = items.filter(|node| {
        node.field("estUneDiscussion").flag() != Some(false)
            && node.field("profondeur").integer().unwrap_or(0) == 0
    });
    heads.filter_map(|node| discussion(node, &folders, view)).collect()
}

fn discussion(node: Node<'_>, folders: &[(Id, Folder)], view: &View) -> Option<Discussion> {
    let possessions: Vec<_> =
        node.field("listePossessionsMessages").list().filter_map(Node::id).collect();
    let participants_id = node.field("messagePourParticipants").id();
    let id = participants_id.clone().or_else(|| possessions.first().cloned()).or_else(|| node.id());
    let handle = id.map(|id| Handle { id, epoch: view.epoch });
    if !node.field("objet").is_there() && handle.is_none() {
        return None;
    }
    let subject = node.field("objet").text().unwrap_or_default();
    let creator = node.field("initiateur").text();
    let participants = node.field("public").text();
    let date_text = node.field("libelleDate").text();
    let labels = node.field("listeEtiquettes").list().filter_map(|label| {
        let id = label.id()?;
        folders.iter().find(|(known, _)| *known == id).map(|(_, folder)| folder.clone())
    });
    let who = creator.as_ref().or(participants.as_ref());
    Some(Discussion {
        key: Key::of("discussion", &[&subject, &part(who)]),
        subject,
        date: date_text.as_deref().and_then(time::date_time),
        date_text,
        messages: node.field("nombreMessages").natural().unwrap_or(0),
        unread: node.field("nbNonLus").natural().unwrap_or(0),
        is_closed: node.field("ferme").is_true(),
        drafts: node.field("nbBrouillons").natural().unwrap_or(0),
        folders: labels.collect(),
        creator,
        participants,
        possessions,
        participants_id,
        handle,
    })
}

impl FolderKind {
    fn of_code(code: i64) -> Self {
        match code {
            1 => Self::Inbox,
            2 => Self::Archive,
            3 => Self::Sent,
            4 => Self::Drafts,
            5 => Self::Trash,
            6 => Self::Reported,
            code => Self::Other(code),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn discussions_are_read() {
        let answer = json!({
            "listeEtiquettes": {"_T": 24, "V": [{"N": "5#e", "L": "Corbeille", "G": 5}]},
            "listeMessagerie": {"_T": 24, "V": [
                {"N": "1#m", "estUneDiscussion": true, "objet": "Sortie", "initiateur": "M. DUPONT", "nombreMessages": 3, "nbNonLus": 1,
                 "libelleDate": "07/09/26 14h05", "listePossessionsMessages": {"_T": 24, "V": [{"N": "1#p"}, {"N": "2#p"}]},
                 "messagePourParticipants": {"_T": 24, "V": {"N": "9#m"}}, "listeEtiquettes": {"_T": 24, "V": [{"N": "5#e"}]}},
                {"estUneDiscussion": true, "profondeur": 1, "objet": "Sortie"},
                {"estUneDiscussion": false, "objet": "un message"},
                {"estUneDiscussion": true, "objet": "Retard", "ferme": true, "libelleDate": "lundi"},
                {},
            ]},
        });
        let view = View::example();
        let list = read(Node::new(&answer.into()), &view);
        let [first, second] = &list[..] else { panic!("two of five") };
        assert!(first.is_in(FolderKind::Trash) && first.date.is_some() && first.unread == 1);
        assert_eq!(first.possessions(&view).unwrap(), json!([{"N": "1#p"}, {"N": "2#p"}]));
        assert!(second.is_closed && second.date.is_none() && second.date_text.is_some());
    }
}
