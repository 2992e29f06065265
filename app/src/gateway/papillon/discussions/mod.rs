//! `/discussions`: the user's discussions with their messages.
//!

mod ids;
mod writes;

use pronote_client::{
    Key,
    features::{self, Conversation},
};
use serde::Serialize;

use self::ids::DiscussionId;
use super::{Asker, Failure, READ_AT_MOST, offered, parts::stamp, readable};

pub use writes::{discussion_create, discussion_delete, discussion_reply, discussion_toggle_read};

/// A discussion.
#[derive(Debug, Serialize)]
pub struct Discussion {
    id: String,
    subject: String,
    creator: Option<String>,
    date: Option<String>,
    /// How many messages are new.
    unread: u32,
    closed: bool,
    replyable: bool,
    messages: Vec<Message>,
}

#[derive(Debug, Serialize)]
struct Message {
    id: Key,
    content: String,
    author: Option<String>,
    date: Option<String>,
    seen: bool,
}

/// The user's discussions, as PRONOTE orders them: newest first. One call, and one for each of the
/// first 50 discussions; those after them are listed without messages.
pub async fn discussions(asker: Asker<'_>) -> Result<Vec<Discussion>, Failure> {
    let listed = offered(asker.client.discussions().await)?;
    let mut discussions = Vec::with_capacity(listed.len());
    for (place, discussion) in listed.into_iter().enumerate() {
        let conversation = match place < READ_AT_MOST {
            true => readable(asker.client.conversation(&discussion).await)?,
            false => None,
        };
        discussions.push(one(discussion, conversation));
    }
    Ok(discussions)
}

fn one(discussion: features::Discussion, conversation: Option<Conversation>) -> Discussion {
    let id = DiscussionId::of(&discussion, conversation.as_ref()).to_string();
    let can_reply = conversation.as_ref().is_some_and(|conversation| conversation.can_reply);
    let messages = conversation.map(|conversation| conversation.messages).unwrap_or_default();
    // The list says it in words: "lundi 14h05".
    let date = messages.iter().filter_map(|message| message.date).max().or(discussion.date);
    let message = |message: features::Message| Message {
        id: message.key,
        content: message.content,
        author: message.author,
        date: message.date.map(stamp),
        seen: message.is_read,
    };
    Discussion {
        id,
        subject: discussion.subject,
        creator: discussion.creator,
        date: date.map(stamp),
        unread: discussion.unread,
        closed: discussion.is_closed,
        replyable: can_reply && !discussion.is_closed,
        messages: messages.into_iter().map(message).collect(),
    }
}

/// The discussion of an id that was given out, in this session of PRONOTE's or in an earlier one.
async fn find(asker: Asker<'_>, id: &str) -> Result<features::Discussion, Failure> {
    let id: DiscussionId = id.parse().map_err(|_| Failure::NotFound)?;
    let mut found = asker.client.discussions().await?;
    found.retain(|discussion| id.may_be(discussion));
    if !id.has_first_message() {
        let only = found.pop().filter(|_| found.is_empty());
        return only.ok_or(Failure::NotFound);
    }
    // Even where there is one only: another like it may have gone, or come in its place.
    for discussion in found.into_iter().take(READ_AT_MOST) {
        let conversation = readable(asker.client.conversation(&discussion).await)?;
        if id == DiscussionId::of(&discussion, conversation.as_ref()) {
            return Ok(discussion);
        }
    }
    Err(Failure::NotFound)
}
