//! `/discussion/…`: throw away, mark as read, reply, begin.
//!

use std::collections::HashSet;

use pronote_client::{Error, Unavailable};

use super::{
    super::{Asker, Failure},
    find,
};

/// Throws a discussion away; PRONOTE keeps it in its trash.
pub async fn discussion_delete(asker: Asker<'_>, id: &str) -> Result<(), Failure> {
    let discussion = find(asker, id).await?;
    Ok(asker.client.trash_discussion(&discussion).await?)
}

/// Marks a discussion as read, or as not read where nothing in it is new.
pub async fn discussion_toggle_read(asker: Asker<'_>, id: &str) -> Result<(), Failure> {
    let discussion = find(asker, id).await?;
    let is_read = discussion.unread == 0;
    Ok(asker.client.set_discussion_read(&discussion, !is_read).await?)
}

/// Writes to a discussion. A closed one is [`Failure::NotReplyable`].
pub async fn discussion_reply(asker: Asker<'_>, id: &str, content: &str) -> Result<(), Failure> {
    let discussion = find(asker, id).await?;
    if discussion.is_closed {
        return Err(Failure::NotReplyable);
    }
    // Discussions are on, or none had been found: it is this one that takes no answer.
    asker.client.reply(&discussion, content).await.map_err(|error| match error {
        Error::Unavailable { reason: Unavailable::SwitchedOff, .. } => Failure::NotReplyable,
        error => error.into(),
    })
}

/// Begins a discussion with people of [`recipients`](super::super::recipients()), by their ids.
pub async fn discussion_create(
    asker: Asker<'_>,
    subject: &str,
    content: &str,
    recipients: &[String],
) -> Result<(), Failure> {
    let mut wanted: HashSet<&str> = recipients.iter().map(String::as_str).collect();
    let mut people = asker.client.recipients().await?;
    people.retain(|person| wanted.remove(person.key.to_string().as_str()));
    if !wanted.is_empty() {
        return Err(Failure::NotFound);
    }
    Ok(asker.client.create_discussion(subject, content, &people).await?)
}
