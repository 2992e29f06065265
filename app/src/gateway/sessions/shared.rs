//! The sessions in Redis or Valkey, where several gateways share them.
//!
//! Nothing of PRONOTE is in there but sealed; keys hold the hashes of tokens.

use std::time::Duration;

use pronote_client::Token as LoginToken;
use redis::{Script, ScriptInvocation};
use zeroize::Zeroizing;

use super::{
    OpenError, Seal, SessionError, SessionId, link::Link, record::Record, scripts::Scripts,
    slots::GONE, tag::Tag,
};

/// The shared store.
pub(super) struct Shared {
    link: Link,
    scripts: Scripts,
    seal: Seal,
    ttl: Duration,
    lease: Duration,
}

/// What came of asking for a session.
pub(super) enum Taken {
    /// It is as this process left it.
    Known,
    /// It is as the store has it.
    Stored(Record),
    /// Somebody took it and never gave it back: what PRONOTE makes of it is not known.
    Doubtful(Record),
    /// Somebody has it.
    Held,
}

/// How long a holder that is gone keeps others waiting.
pub(super) const LEASE: Duration = Duration::from_secs(5);

impl Shared {
    pub(super) fn new(address: &str, seal: Seal, ttl: Duration) -> Result<Self, OpenError> {
        let (link, scripts) = (Link::new(address)?, Scripts::new());
        Ok(Self { link, scripts, seal, ttl, lease: LEASE })
    }

    /// How long until a holder has to say again that it is there.
    pub(super) fn beat(&self) -> Duration {
        self.lease / 3
    }

    /// Stores a new session.
    pub(super) async fn create(
        &self,
        id: &SessionId,
        tag: &Tag,
        record: &Record,
    ) -> Result<(), SessionError> {
        let value = self.seal.seal(&label("session", id), &record.to_bytes())?;
        self.link.ask(self.question(&self.scripts.create, id, tag).arg(value)).await
    }

    /// Asks for a session: `last` is the tag under which this process used it before, `unused` those
    /// under which it asked for it and did not.
    pub(super) async fn take<'a>(
        &self,
        id: &SessionId,
        tag: &Tag,
        last: Option<&Tag>,
        unused: impl IntoIterator<Item = &'a Tag>,
    ) -> Result<Taken, SessionError> {
        let mut question = self.question(&self.scripts.take, id, tag);
        question.arg(last.map_or("", Tag::as_str));
        for tag in unused {
            question.arg(tag.as_str());
        }
        let (word, value, token): (String, Vec<u8>, Vec<u8>) = self.link.ask(&question).await?;
        let open = || self.open(id, &value).ok_or(SessionError::NotFound);
        match word.as_str() {
            "known" => Ok(Taken::Known),
            "held" => Ok(Taken::Held),
            "stored" => open().map(Taken::Stored),
            "doubtful" => {
                let mut record = open()?;
                let token = self.seal.open(&label("token", id), &token);
                if let Some(token) = token.and_then(|token| serde_json::from_slice(&token).ok()) {
                    record.export.take_token(token);
                }
                Ok(Taken::Doubtful(record))
            }
            "expired" => Err(SessionError::Expired),
            _ => Err(SessionError::NotFound),
        }
    }

    /// Saves a session and gives it free, where nobody has taken it since this tag did.
    pub(super) async fn save(
        &self,
        id: &SessionId,
        tag: &Tag,
        record: &Record,
    ) -> Result<(), SessionError> {
        let value = self.seal.seal(&label("session", id), &record.to_bytes())?;
        let saved = self.link.ask(self.question(&self.scripts.save, id, tag).arg(value)).await?;
        if saved { Ok(()) } else { Err(SessionError::Overtaken) }
    }

    /// Says that the holder is still there; `false` where somebody else is now.
    pub(super) async fn hold(&self, id: &SessionId, tag: &Tag) -> Result<bool, SessionError> {
        self.link.ask(&self.question(&self.scripts.hold, id, tag)).await
    }

    /// Keeps the token of the next login.
    pub(super) async fn keep(
        &self,
        id: &SessionId,
        tag: &Tag,
        token: &LoginToken,
    ) -> Result<(), SessionError> {
        let plain = Zeroizing::new(serde_json::to_vec(token).expect("a token is text"));
        let sealed = self.seal.seal(&label("token", id), &plain)?;
        let kept = self.link.ask(self.question(&self.scripts.keep, id, tag).arg(sealed)).await?;
        if kept { Ok(()) } else { Err(SessionError::Overtaken) }
    }

    /// How many sessions live.
    pub(super) async fn count(&self) -> Result<u64, SessionError> {
        let nobody = SessionId::from([0; 32]);
        self.link.ask(&self.question(&self.scripts.count, &nobody, &Tag::none())).await
    }

    fn question<'a>(&self, script: &'a Script, id: &SessionId, tag: &Tag) -> ScriptInvocation<'a> {
        let id = id.to_text();
        let mut question = script.key(format!("beffroi:session:{id}"));
        question.key(format!("beffroi:lock:{id}")).key(format!("beffroi:mark:{id}"));
        question.key("beffroi:sessions").arg(tag.as_str());
        for time in [self.lease, self.ttl, self.ttl + GONE] {
            question.arg(u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
        }
        question
    }

    fn open(&self, id: &SessionId, value: &[u8]) -> Option<Record> {
        let plain = self.seal.open(&label("session", id), value);
        let record = plain.and_then(|plain| Record::of_bytes(&plain));
        if record.is_none() {
            tracing::error!(
                session = ?id,
                "a session in Redis does not open: is another gateway's key the same as this one's?"
            );
        }
        record
    }
}

/// A value opens under its own key alone, and in a format that is known.
fn label(kind: &str, id: &SessionId) -> String {
    format!("beffroi:{kind}:{} 1", id.to_text())
}
