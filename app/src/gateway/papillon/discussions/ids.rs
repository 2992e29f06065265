//! Ids of discussions that outlive PRONOTE's sessions, and others like them.
//!
//! PRONOTE names a discussion for one session only. Its subject and author do not change, but the
//! next one may have them too ("Absence", from the same office): so the moment of the first message
//! is part of the id.

use std::{fmt, str::FromStr};

use data_encoding::BASE64URL_NOPAD;
use pronote_client::features::{Conversation, Discussion};

use super::super::parts::digest;

/// The id of a discussion: who wrote about what, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DiscussionId {
    about: [u8; 9],
    /// Nothing where the messages were not read.
    since: Option<[u8; 6]>,
}

/// A text that no discussion was given as its id.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoDiscussionId;

impl DiscussionId {
    pub(super) fn of(discussion: &Discussion, conversation: Option<&Conversation>) -> Self {
        let messages = conversation.map(|conversation| conversation.messages.as_slice());
        let first = messages.unwrap_or_default().iter().filter_map(|message| message.date).min();
        let since = first.map(|moment| digest("first message", &[&moment.to_string()]));
        Self { about: about(discussion), since }
    }

    /// Whether it tells discussions with one subject and author apart.
    pub(super) fn has_first_message(&self) -> bool {
        self.since.is_some()
    }

    /// Whether subject and author fit.
    pub(super) fn may_be(&self, discussion: &Discussion) -> bool {
        self.about == about(discussion)
    }
}

fn about(discussion: &Discussion) -> [u8; 9] {
    let who = discussion.creator.as_ref().or(discussion.participants.as_ref());
    digest("discussion", &[&discussion.subject, who.map_or("", String::as_str)])
}

impl FromStr for DiscussionId {
    type Err = NoDiscussionId;

    fn from_str(text: &str) -> Result<Self, NoDiscussionId> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| NoDiscussionId)?;
        let (about, since) = bytes.split_first_chunk().ok_or(NoDiscussionId)?;
        let since = match since {
            [] => None,
            since => Some(since.try_into().map_err(|_| NoDiscussionId)?),
        };
        Ok(Self { about: *about, since })
    }
}

impl fmt::Display for DiscussionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let since = self.since.as_ref().map_or(&[][..], |since| since);
        f.write_str(&BASE64URL_NOPAD.encode(&[&self.about[..], since].concat()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_comes_back_from_its_text_and_nothing_else_does() {
        for since in [None, Some([7; 6])] {
            let id = DiscussionId { about: [9; 9], since };
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        for text in ["", "a", "AAAAAAAAAAA", "AAAAAAAAAAAAA", "é", "AAAAAAAAAAAAAAAAAAAAAAAA"] {
            assert_eq!(text.parse::<DiscussionId>(), Err(NoDiscussionId), "{text}");
        }
    }
}
