//! The messages of a discussion.
//!

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Attachment, Discussion,
    file_ref::{Place, locate},
    files::attachments,
    found_again, handle, keyed,
};
use crate::{
    Client, Error, Key,
    client::{Feature, View},
    error::Unavailable,
    key::{Handle, part, tell_apart},
    protocol::{
        html, tab,
        value::{Id, Node},
    },
};

const FEATURE: Feature =
    Feature { name: "the messages of a discussion", function: "ListeMessages", tab: tab::MESSAGES };
const PARTICIPANTS: Feature = Feature {
    name: "the participants of a discussion",
    function: "SaisiePublicMessage",
    tab: tab::MESSAGES,
};

/// The messages of a discussion, and whether one may answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// The messages, newest first, as PRONOTE lists them.
    pub messages: Vec<Message>,
    /// Whether the user may write to it.
    pub can_reply: bool,
    #[serde(skip)]
    pub(super) target: Option<(Handle, i64)>,
    #[serde(skip)]
    pub(super) button: Option<(Id, i64)>,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its name in every session.
    pub key: Key,
    /// Who wrote it; nothing where it was the user.
    pub author: Option<String>,
    /// To whom, in PRONOTE's words.
    pub recipients: Option<String>,
    /// As plain text.
    pub content: String,
    /// As its author wrote it, where that is HTML.
    pub html: Option<String>,
    /// When.
    pub date: Option<DateTime>,
    /// Whether the user has read it.
    pub is_read: bool,
    /// Whether it is a draft.
    pub is_draft: bool,
    /// Whether it is an aside to some of the participants.
    pub is_aside: bool,
    /// Files and links.
    pub attachments: Vec<Attachment>,
    #[serde(skip)]
    pub(crate) handle: Option<Handle>,
}

keyed!(Message);

/// The button that closes the discussion.
const CLOSE: i64 = 5;

impl Client {
    /// The messages of a discussion; they stay as new as they were.
    pub async fn conversation(&self, discussion: &Discussion) -> Result<Conversation, Error> {
        found_again!(
            discussion,
            self.find_discussion(discussion).await,
            self.conversation_now(discussion).await
        )
    }

    /// The names of those who take part in a discussion.
    ///
    /// ```no_run
    /// # async fn example(client: pronote_client::Client) -> Result<(), pronote_client::Error> {
    /// for discussion in client.discussions().await? {
    ///     println!("{:?}", client.participants(&discussion).await?);
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn participants(&self, discussion: &Discussion) -> Result<Vec<String>, Error> {
        found_again!(
            discussion,
            self.find_discussion(discussion).await,
            self.participants_now(discussion).await
        )
    }

    async fn participants_now(&self, discussion: &Discussion) -> Result<Vec<String>, Error> {
        let parameters = |view: &View| {
            discussion.possessions(view)?;
            let hidden = Error::unavailable(PARTICIPANTS.name, Unavailable::Hidden);
            let id = discussion.participants_id.as_ref().ok_or(hidden)?;
            Ok(json!({
                "estDestinatairesReponse": false,
                "estPublicParticipant": true,
                "message": {"N": id.value()},
            }))
        };
        let reply = self.call(PARTICIPANTS, parameters).await?;
        Ok(reply.node().field("listeDest").labels())
    }

    pub(super) async fn conversation_now(
        &self,
        discussion: &Discussion,
    ) -> Result<Conversation, Error> {
        let parameters = |view: &View| {
            Ok(json!({
                "listePossessionsMessages": discussion.possessions(view)?,
                "marquerCommeLu": false,
                "nbMessagesVus": 0,
            }))
        };
        let reply = self.call(FEATURE, parameters).await?;
        let mut conversation = read(reply.node(), &reply.view);
        for message in &mut conversation.messages {
            let place = Place::Message { discussion: discussion.key, message: message.key };
            locate(&mut message.attachments, self.pupil, place);
        }
        Ok(conversation)
    }
}

pub(super) fn read(answer: Node<'_>, view: &View) -> Conversation {
    let mut messages: Vec<_> =
        answer.field("listeMessages").list().map(|node| message(node, view)).collect();
    tell_apart(&mut messages);
    let target = answer.field("messagePourReponse");
    let target = handle(target, view.epoch).map(|handle| (handle, target.kind().unwrap_or(0)));
    let buttons = answer.field("listeBoutons").list();
    let mut buttons: Vec<_> = buttons
        .filter_map(|node| Some((node.id().unwrap_or(Id::Number(0)), node.kind()?)))
        .filter(|(_, kind)| *kind != CLOSE)
        .collect();
    // The plain "send" first, then to all, then to some.
    buttons.sort_by_key(|(_, kind)| *kind);
    let button = buttons.into_iter().next();
    Conversation { messages, can_reply: button.is_some() && target.is_some(), target, button }
}

fn message(node: Node<'_>, view: &View) -> Message {
    let content = node.field("contenu");
    let is_html = node.field("estHTML").is_true();
    let text = if is_html { content.plain() } else { content.text() }.unwrap_or_default();
    let author = node.either(&["public_gauche", "emetteur"]);
    let author = author.text().or_else(|| author.label()).map(|name| html::to_text(&name));
    let date = node.field("date").date_time();
    Message {
        key: Key::of("message", &[&part(date.as_ref()), &part(author.as_ref()), &text]),
        author,
        recipients: node.field("public_droite").plain(),
        html: is_html.then(|| content.text()).flatten(),
        content: text,
        date,
        is_read: node.field("lu").is_true(),
        is_draft: node.field("brouillon").is_true(),
        is_aside: node.field("estUnAparte").is_true(),
        attachments: attachments(node.field("listeDocumentsJoints"), view),
        handle: handle(node, view.epoch),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_is_read() {
        let answer = json!({
            "listeMessages": {"_T": 24, "V": [
                {"N": "1#m", "contenu": {"_T": 21, "V": "<div>Bonjour</div>"}, "estHTML": true, "public_gauche": "M. DUPONT",
                 "lu": true, "date": {"_T": 7, "V": "07/09/2026 14:05:00"}},
                {"N": "2#m", "contenu": "a < b"},
                {},
            ]},
            "messagePourReponse": {"_T": 24, "V": {"N": "1#m", "G": 0}},
            "listeBoutons": {"_T": 24, "V": [{"L": "Clore", "N": 0, "G": 5}, {"L": "Tous", "N": 0, "G": 2}, {"L": "Envoyer", "N": 0, "G": 0}]},
        });
        let conversation = read(Node::new(&answer.into()), &View::example());
        assert!(conversation.can_reply);
        assert_eq!(conversation.button, Some((Id::Number(0), 0)));
        let [html, plain, bare] = &conversation.messages[..] else { panic!("three messages") };
        assert_eq!((html.content.as_str(), html.author.as_deref()), ("Bonjour", Some("M. DUPONT")));
        assert_eq!((plain.content.as_str(), &plain.html), ("a < b", &None));
        assert_eq!((bare.content.as_str(), &bare.author), ("", &None));
        assert!(!read(Node::NOTHING, &View::example()).can_reply);
    }
}
