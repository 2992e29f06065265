//! What PRONOTE tells by itself, as soon as it happens.
//!
//! Polls go beside the calls of the session, with numbers of their own, one at a time.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::{Client, call::remedy};
use crate::{
    Error,
    http::HttpFault,
    protocol::{
        envelope::{Answer, EnvelopeError},
        error::Remedy,
        value::Node,
    },
};

/// What PRONOTE has told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Push {
    /// What is new, each once; none where nothing was for ten minutes.
    pub kinds: Vec<PushKind>,
}

/// What may be new. It tells no more: the thing itself is to be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PushKind {
    /// News or discussions.
    Communication,
    /// A discussion that is open.
    Discussions,
    /// The office's chat.
    Chat,
    /// Digital resources.
    Kiosk,
    /// Something else, as PRONOTE names it.
    Other(String),
}

/// The polls of a session: how many were answered, and whose turn it is.
#[derive(Default)]
pub(super) struct Polls {
    turn: tokio::sync::Mutex<()>,
    /// The epoch of the session, and the count.
    answered: Mutex<(u32, u32)>,
}

/// The function that a poll names.
pub(super) const POLLING: &str = "polling";

/// PRONOTE's own pages give a poll up after this long.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// What an answer tells besides what is new.
const NO_NEWS: [&str; 2] = ["ModeExclusif", "listeDonnees"];

impl Client {
    /// Waits until PRONOTE tells that something is new, for ten minutes at most. Calls go on
    /// meanwhile; it may be dropped at any time. Until 2024 not every server offers this.
    ///
    /// ```no_run
    /// # async fn example(client: pronote_client::Client) -> Result<(), pronote_client::Error> {
    /// use pronote_client::client::PushKind;
    ///
    /// loop {
    ///     if client.next_push().await?.kinds.contains(&PushKind::Communication) {
    ///         println!("{} items of news", client.news().await?.len());
    ///     }
    /// }
    /// # }
    /// ```
    pub async fn next_push(&self) -> Result<Push, Error> {
        let _turn = self.shared.polls.turn.lock().await;
        match self.poll().await {
            // As with any call: one login again, where the session is over.
            Err(error) if remedy(&error) == Remedy::LogInAgain => {
                self.keep_alive().await?;
                self.poll().await
            }
            Err(error) if remedy(&error) == Remedy::Hold => {
                self.hold(&error);
                Err(error)
            }
            push => push,
        }
    }

    async fn poll(&self) -> Result<Push, Error> {
        let polls = &self.shared.polls;
        let (browser, (url, body), wire, epoch) = {
            let state = self.shared.state.lock().await;
            let number = polls.answered(state.epoch) + 1;
            let asked = state.wire.poll(number);
            (Arc::clone(&state.browser), asked, state.wire.clone(), state.epoch)
        };
        let page = match browser.post_json_within(PATIENCE, url, body).await {
            Err(error) if error.fault == HttpFault::TimedOut => return Ok(Push::default()),
            page => page?,
        };
        let read = Answer::read(&page.body, wire.packing, &wire.cipher);
        let answer = read.map_err(|problem| match problem {
            EnvelopeError::NotJson => wire.no_json(&page, POLLING),
            EnvelopeError::Refused(refusal) => wire.blame(Error::Refused(refusal)),
            problem => wire.blame(Error::Answer { function: POLLING.to_owned(), problem }),
        })?;
        // Only an answered poll is counted, here as there.
        polls.count(epoch);
        Ok(Push::read(answer.signature(), answer.data()))
    }
}

impl Push {
    fn read(signature: Node<'_>, data: Node<'_>) -> Self {
        let mut kinds = Vec::new();
        let named =
            [signature, data, signature.field("notifications"), data.field("notifications")];
        for (name, value) in named.into_iter().flat_map(Node::fields) {
            let is_told = value.is_there() && value.flag() != Some(false);
            if name == "notifications" || NO_NEWS.contains(&name) || !is_told {
                continue;
            }
            let kind = match name {
                "notificationsCommunication" => PushKind::Communication,
                "actualisationMessage" => PushKind::Discussions,
                "notificationsChatVS" => PushKind::Chat,
                "notificationsKiosque" => PushKind::Kiosk,
                name => PushKind::Other(name.to_owned()),
            };
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        Self { kinds }
    }
}

impl Polls {
    pub(super) fn resumed(epoch: u32, answered: u32) -> Self {
        Self { answered: Mutex::new((epoch, answered)), ..Self::default() }
    }

    /// How many polls of a session were answered.
    pub(super) fn answered(&self, epoch: u32) -> u32 {
        let answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        if answered.0 == epoch { answered.1 } else { 0 }
    }

    fn count(&self, epoch: u32) {
        let next = self.answered(epoch) + 1;
        *self.answered.lock().unwrap_or_else(PoisonError::into_inner) = (epoch, next);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_new_is_told_once_each() {
        let signature =
            json!({"ModeExclusif": false, "notifications": {"cantine": 1, "vide": null}});
        let data = json!({
            "notificationsCommunication": [{"G": 1}],
            "actualisationMessage": true,
            "notificationsKiosque": false,
            "cantine": 1,
        });
        let (signature, data) = (signature.into(), data.into());
        let push = Push::read(Node::new(&signature), Node::new(&data));
        assert_eq!(push.kinds.len(), 3, "{push:?}");
        for kind in
            [PushKind::Communication, PushKind::Discussions, PushKind::Other("cantine".to_owned())]
        {
            assert!(push.kinds.contains(&kind), "{push:?}");
        }
        assert_eq!(Push::read(Node::NOTHING, Node::NOTHING), Push::default());
    }

    #[test]
    fn each_session_counts_its_own_polls() {
        let polls = Polls::resumed(1, 4);
        polls.count(1);
        assert_eq!((polls.answered(1), polls.answered(2)), (5, 0));
        polls.count(2);
        assert_eq!((polls.answered(1), polls.answered(2)), (0, 1));
    }
}
