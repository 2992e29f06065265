//! Discussions: `ListeMessagerie`, `ListeMessages`, `SaisieMessage`.
//!

use super::{file, put, put_some};
use crate::simulator::account::Messages;
use crate::simulator::call::{Answer, Call, Outcome, Trouble};
use crate::simulator::ids::Kind;
use crate::simulator::json::{Json, element, html, list, moment, object};
use crate::simulator::mailbox::{Discussion, Mailbox, Message};
use crate::simulator::school::calendar::label;

/// Folders: kind and name. 4 holds drafts, 5 the trash.
const LABELS: [(u32, &str); 6] = [
    (1, "Réception"),
    (2, "Archives"),
    (3, "Envoyés"),
    (4, "Brouillons"),
    (5, "Corbeille"),
    (7, "À suivre ★"),
];

/// The mailbox of the account; where messages are off, even looking ends the session.
pub(crate) fn mailbox<'a>(call: &'a mut Call<'_>) -> Result<&'a mut Mailbox, Trouble> {
    if call.account().messages == Messages::Off {
        return Err(Trouble::Expired);
    }
    let now = call.now;
    Ok(call.state.mailboxes.entry(call.account_index).or_insert_with(|| Mailbox::new(now)))
}

pub(crate) fn page(call: &mut Call<'_>) -> Outcome {
    mailbox(call)?;
    let with_read = call.get("avecLu").as_bool() != Some(false);
    let Some(found) = call.state.mailboxes.get(&call.account_index) else {
        return Err(Trouble::Impossible);
    };
    let mut items = Vec::new();
    for (index, discussion) in (0u32..).zip(&found.discussions) {
        let unread = discussion.messages.iter().filter(|message| !message.is_read).count();
        if !discussion.is_deleted && (with_read || unread > 0) {
            items.push(discussion_json(call, index, discussion, unread));
        }
    }
    items.reverse();
    let labels =
        list(LABELS.iter().map(
            |(kind, name)| object!({ "L": *name, "N": call.id(Kind::Label, *kind), "G": *kind }),
        ));
    Ok(Answer::from(object!({ "listeEtiquettes": labels, "listeMessagerie": list(items) })))
}

pub(crate) fn read(call: &mut Call<'_>) -> Outcome {
    mailbox(call)?;
    let index = possessed(call)?.into_iter().next().ok_or(Trouble::Impossible)?;
    if call.get("marquerCommeLu").as_bool() == Some(true) {
        mark(call, &[index], true)?;
    }
    let can_write = call.account().messages == Messages::All;
    let Some(discussion) = call
        .state
        .mailboxes
        .get(&call.account_index)
        .and_then(|found| found.discussions.get(index))
    else {
        return Err(Trouble::Impossible);
    };
    let number = u32::try_from(index).unwrap_or(0);
    let messages: Vec<Json> =
        discussion.messages.iter().map(|message| message_json(call, number, message)).collect();
    let last = discussion.messages.last().map_or(0, |message| message.number);
    let buttons = if discussion.is_closed || !can_write {
        vec![]
    } else {
        vec![
            object!({ "L": "Envoyer à tous", "N": call.id(Kind::Label, 50), "G": 0 }),
            object!({ "L": "Fermer", "G": 5 }),
        ]
    };
    let mut data = object!({
        "listeMessages": list(messages),
        "messagePourReponse": element(object!({ "N": call.id(Kind::Message, last), "G": 0 })),
        "listeBoutons": list(buttons),
    });
    if let Some(draft) = &discussion.draft {
        put(
            &mut data,
            "brouillon",
            element(object!({
                "N": call.id(Kind::Possession, number << 12 | draft.number),
                "contenu": html(draft.text.as_str()),
                "possessionMessage": element(object!({ "N": call.id(Kind::Possession, number << 12 | draft.number) })),
            })),
        );
    }
    Ok(Answer::from(data))
}

/// The discussions of `listePossessionsMessages`.
pub(crate) fn possessed(call: &Call<'_>) -> Result<Vec<usize>, Trouble> {
    let items = call.get("listePossessionsMessages").as_array().ok_or(Trouble::Impossible)?;
    let mut out = Vec::new();
    for item in items.iter().take(500) {
        let index =
            usize::try_from(call.object(item, Kind::Possession)? >> 12).unwrap_or(usize::MAX);
        if !out.contains(&index) {
            out.push(index);
        }
    }
    Ok(out)
}

/// Marks all that was written in some discussions.
pub(crate) fn mark(call: &mut Call<'_>, indexes: &[usize], is_read: bool) -> Result<(), Trouble> {
    let mailbox = mailbox(call)?;
    for index in indexes {
        for message in
            mailbox.discussions.get_mut(*index).into_iter().flat_map(|found| &mut found.messages)
        {
            message.is_read = is_read;
        }
    }
    Ok(())
}

fn discussion_json(call: &Call<'_>, index: u32, discussion: &Discussion, unread: usize) -> Json {
    let possessions = discussion
        .messages
        .iter()
        .map(|message| message.number)
        .chain(discussion.draft.iter().map(|draft| draft.number));
    let last = discussion.messages.last();
    let first = discussion.messages.first().map_or(0, |message| message.number);
    let mut labels: Vec<u32> = Vec::new();
    labels.extend(discussion.draft.is_some().then_some(4));
    labels.extend(discussion.is_trashed.then_some(5));
    let mut out = object!({
        "estUneDiscussion": true,
        "profondeur": discussion.depth,
        "N": call.id(Kind::Discussion, index),
        "objet": discussion.subject.as_str(),
        "public": discussion.recipients.join(", "),
        "libelleDate": last.map(date_label),
        "nombreMessages": discussion.messages.len(),
        "messagePourParticipants": element(object!({ "N": call.id(Kind::Message, first) })),
        "listePossessionsMessages": list(possessions.map(|number| object!({ "N": call.id(Kind::Possession, index << 12 | number) }))),
        "avecReponse": !discussion.is_closed,
    });
    put_some(&mut out, "initiateur", discussion.creator.as_deref());
    if unread > 0 {
        put(&mut out, "nbNonLus", unread);
    }
    if discussion.is_closed {
        put(&mut out, "ferme", true);
    }
    if discussion.draft.is_some() {
        put(&mut out, "nbBrouillons", 1);
    }
    if !labels.is_empty() {
        put(
            &mut out,
            "listeEtiquettes",
            list(labels.iter().map(|kind| object!({ "N": call.id(Kind::Label, *kind) }))),
        );
    }
    out
}

fn message_json(call: &Call<'_>, discussion: u32, message: &Message) -> Json {
    let source =
        message.answers.map_or_else(|| "0".to_owned(), |number| call.id(Kind::Message, number));
    let mut out = object!({
        "N": call.id(Kind::Message, message.number),
        "contenu": if message.is_html { html(message.text.as_str()) } else { message.text.as_str().into() },
        "public_gauche": message.author.as_deref().unwrap_or("Moi"),
        "public_droite": if message.author.is_some() { "Moi" } else { "Tous" },
        "hint_gauche": message.hint,
        "hint_droite": "Élève",
        "lu": message.is_read,
        "date": moment(message.at),
        "possessionMessage": element(object!({ "N": call.id(Kind::Possession, discussion << 12 | message.number) })),
        "messageSource": element(object!({ "N": source })),
        "nbPublic": 2,
        "estUnAparte": false,
    });
    if message.is_html {
        put(&mut out, "estHTML", true);
    }
    if message.author.is_none() {
        put(&mut out, "emetteur", true);
    }
    if !message.files.is_empty() {
        put(
            &mut out,
            "listeDocumentsJoints",
            list(message.files.iter().map(|number| file(call, *number))),
        );
    }
    out
}

/// `12/09/26`, or with the hour on some days, as PRONOTE words it.
fn date_label(message: &Message) -> String {
    let (date, time) = (message.at.date(), message.at.time());
    if message.number.is_multiple_of(3) {
        const DAYS: [&str; 7] =
            ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
        let index = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
        return format!("{} {}", DAYS.get(index).unwrap_or(&"lundi"), label(time));
    }
    format!("{:02}/{:02}/{:02}", date.day(), date.month(), date.year() % 100)
}
