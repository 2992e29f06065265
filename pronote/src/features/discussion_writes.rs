//! Writing to discussions: reply, create, throw away, mark as read.
//!

use serde_json::{Value, json};

use super::{Discussion, Recipient, found_again};
use crate::{
    Client, Error, Key,
    client::{Feature, View},
    error::Unavailable,
    protocol::{html, tab, value},
};

const FEATURE: Feature =
    Feature { name: "writing to discussions", function: "SaisieMessage", tab: tab::MESSAGES };

impl Client {
    /// Writes to a discussion. A closed one is [`Unavailable::SwitchedOff`].
    pub async fn reply(&self, discussion: &Discussion, text: &str) -> Result<(), Error> {
        found_again!(
            discussion,
            self.find_discussion(discussion).await,
            self.reply_now(discussion, text).await
        )
    }

    /// Begins a discussion. PRONOTE does not tell its id: list the discussions to find it.
    pub async fn create_discussion(
        &self,
        subject: &str,
        text: &str,
        recipients: &[Recipient],
    ) -> Result<(), Error> {
        if recipients.is_empty() {
            return Err(Error::Invalid("expected at least one recipient, found none".to_owned()));
        }
        match self.create_now(subject, text, recipients).await {
            // Refused before anything was written: the recipients belong to an earlier session.
            Err(error) if error.is_stale() => {
                let keys: Vec<Key> = recipients.iter().map(|recipient| recipient.key).collect();
                let mut listed = self.recipients().await?;
                listed.retain(|recipient| keys.contains(&recipient.key));
                if listed.len() < keys.len() {
                    return Err(Error::Gone("a recipient"));
                }
                self.create_now(subject, text, &listed).await
            }
            result => result,
        }
    }

    /// Throws a discussion away; PRONOTE keeps it in its trash.
    pub async fn trash_discussion(&self, discussion: &Discussion) -> Result<(), Error> {
        self.command(discussion, json!({"commande": "corbeille"})).await
    }

    /// Takes a discussion out of the trash.
    pub async fn restore_discussion(&self, discussion: &Discussion) -> Result<(), Error> {
        self.command(discussion, json!({"commande": "restauration"})).await
    }

    /// Marks all messages of a discussion as read, or as not read.
    pub async fn set_discussion_read(
        &self,
        discussion: &Discussion,
        read: bool,
    ) -> Result<(), Error> {
        self.command(discussion, json!({"commande": "pourLu", "lu": read})).await
    }

    async fn command(&self, discussion: &Discussion, command: Value) -> Result<(), Error> {
        found_again!(
            discussion,
            self.find_discussion(discussion).await,
            self.command_now(discussion, &command).await
        )
    }

    async fn command_now(&self, discussion: &Discussion, command: &Value) -> Result<(), Error> {
        let parameters = |view: &View| {
            let mut data = command.clone();
            if let Some(fields) = data.as_object_mut() {
                let possessions = discussion.possessions(view)?;
                fields.insert("listePossessionsMessages".to_owned(), possessions);
            }
            Ok(data)
        };
        self.call(FEATURE, parameters).await.map(drop)
    }

    async fn reply_now(&self, discussion: &Discussion, text: &str) -> Result<(), Error> {
        // Its target and button belong to this session, as the list does.
        let conversation = self.conversation_now(discussion).await?;
        let (Some((target, kind)), Some((button, button_kind))) =
            (&conversation.target, &conversation.button)
        else {
            return Err(Error::unavailable(FEATURE.name, Unavailable::SwitchedOff));
        };
        let parameters = |view: &View| {
            let id = view.id(target).ok_or(Error::Gone("a discussion"))?;
            Ok(json!({
                "messagePourReponse": {"N": id.value(), "G": kind},
                "contenu": content(text, view),
                "listeFichiers": [],
                "bouton": {"N": button.value(), "G": button_kind},
            }))
        };
        self.call(FEATURE, parameters).await.map(drop)
    }

    async fn create_now(
        &self,
        subject: &str,
        text: &str,
        recipients: &[Recipient],
    ) -> Result<(), Error> {
        let parameters = |view: &View| {
            let to: Option<Vec<_>> =
                recipients.iter().map(|recipient| recipient.parameter(view)).collect();
            Ok(json!({
                "objet": subject,
                "contenu": content(text, view),
                "listeDestinataires": to.ok_or(Error::Gone("a recipient"))?,
                "listeFichiers": [],
                "estCreationCarnetLiaison": false,
            }))
        };
        self.call(FEATURE, parameters).await.map(drop)
    }
}

// Where the school has the rich editor, a message is HTML.
fn content(text: &str, view: &View) -> Value {
    if view.account.rich_messages { value::typed(21, html::of_text(text)) } else { text.into() }
}
