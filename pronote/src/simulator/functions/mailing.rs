//! `SaisieMessage`: answers, new discussions, drafts, the trash.
//!

use serde_json::Value;

use super::messages::{mailbox, mark, possessed};
use super::nothing;
use crate::simulator::account::Messages;
use crate::simulator::call::{Answer, Call, Outcome, Trouble};
use crate::simulator::ids::Kind;
use crate::simulator::json::text as text_of;
use crate::simulator::mailbox::{Draft, clip};
use crate::simulator::school::people::name_of;

pub(crate) fn save(call: &mut Call<'_>) -> Outcome {
    mailbox(call)?;
    let command = call.get("commande").as_str().unwrap_or_default().to_owned();
    match command.as_str() {
        "" => send(call)?,
        "pourLu" => {
            let is_read = call.get("lu").as_bool().ok_or(Trouble::Impossible)?;
            let indexes = possessed(call)?;
            mark(call, &indexes, is_read)?;
        }
        "corbeille" | "restauration" | "suppression" => {
            for index in possessed(call)? {
                if let Some(discussion) = mailbox(call)?.discussions.get_mut(index) {
                    match command.as_str() {
                        "corbeille" => discussion.is_trashed = true,
                        "restauration" => discussion.is_trashed = false,
                        // A draft goes alone; what is not in the trash goes with all its messages.
                        _ if discussion.draft.is_some() && !discussion.is_trashed => {
                            discussion.draft = None
                        }
                        _ => discussion.is_deleted = true,
                    }
                }
            }
        }
        "brouillon" => {
            let answered = call.object(call.get("messagePourReponse"), Kind::Message)?;
            let text = clip(text_of(call.get("contenu")).unwrap_or_default());
            let mailbox = mailbox(call)?;
            let index = mailbox.of_message(answered).ok_or(Trouble::Impossible)?;
            let number = mailbox.next_number();
            if let Some(discussion) = mailbox.discussions.get_mut(index) {
                discussion.draft = Some(Draft { number, text });
            }
        }
        _ => return Err(Trouble::Impossible),
    }
    Ok(Answer::from(nothing()))
}

/// A reply to a message, or a discussion of our own.
fn send(call: &mut Call<'_>) -> Result<(), Trouble> {
    if call.account().messages != Messages::All {
        return Err(Trouble::Said(
            "Les discussions ne sont pas autorisées à cette heure.".to_owned(),
        ));
    }
    let text = text_of(call.get("contenu")).ok_or(Trouble::Impossible)?.to_owned();
    let now = call.now;
    if call.get("messagePourReponse").is_object() {
        let answered = call.object(call.get("messagePourReponse"), Kind::Message)?;
        if !call.get("bouton").is_object() {
            return Err(Trouble::Impossible);
        }
        let mailbox = mailbox(call)?;
        let index = mailbox.of_message(answered).ok_or(Trouble::Impossible)?;
        if mailbox.discussions.get(index).is_some_and(|discussion| discussion.is_closed) {
            return Err(Trouble::Said("Cette discussion est close.".to_owned()));
        }
        mailbox.write(index, None, &text, false, now, true);
        if let Some(discussion) = mailbox.discussions.get_mut(index) {
            discussion.draft = None;
        }
        return Ok(());
    }
    let recipients = call.get("listeDestinataires").as_array().ok_or(Trouble::Impossible)?.clone();
    let mut names = Vec::new();
    for recipient in recipients.iter().take(50) {
        let id = recipient.get("N").and_then(Value::as_str).ok_or(Trouble::Impossible)?;
        let (kind, number) = call.session.ids.read(id).ok_or(Trouble::Stale)?;
        names.push(name_of(kind, number).ok_or(Trouble::Impossible)?);
    }
    if names.is_empty() {
        return Err(Trouble::Said("Il faut au moins un destinataire.".to_owned()));
    }
    let subject = call.text("objet").to_owned();
    mailbox(call)?.create(&subject, &text, names, now);
    Ok(())
}
