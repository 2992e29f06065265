//! What all clones share: where sessions are, and how they wake.
//!

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime},
};

use pronote_client::{
    Client, LoginOptions, Transport,
    ent::Portals,
    login::{Kept, Token as LoginToken},
};
use tokio::{sync::watch, task::AbortHandle};

use super::{
    Seal, SessionError, SessionId, file,
    record::Record,
    shared::Shared,
    slots::{Live, Slots},
    tag::Tag,
};

/// What clones share.
pub(super) struct Inner {
    pub(super) transport: Transport,
    pub(super) portals: Arc<Portals>,
    pub(super) seal: Seal,
    pub(super) slots: Slots,
    pub(super) place: Place,
    pub(super) closed: AtomicBool,
    /// Whether visits are to end at once.
    pub(super) cut: watch::Sender<bool>,
    pub(super) sweeper: OnceLock<AbortHandle>,
}

/// Where sessions are kept.
pub(super) enum Place {
    /// In this process alone; where they are written when it ends.
    Memory(PathBuf),
    Shared(Box<Shared>),
}

/// How often a token that could not be kept is tried again.
const KEEP_TRIES: u32 = 3;

impl Inner {
    pub(super) fn is_open(&self) -> Result<(), SessionError> {
        match self.closed.load(Ordering::Relaxed) {
            false => Ok(()),
            true => Err(SessionError::Unreachable("the gateway is stopping".to_owned())),
        }
    }

    /// Goes on with the sessions that the last run has written.
    pub(super) async fn go_on(self: &Arc<Self>, path: PathBuf) {
        let inner = Arc::clone(self);
        let read = tokio::task::spawn_blocking(move || {
            let Ok(tag) = Tag::random() else { return };
            file::read(
                &path,
                &inner.seal,
                SystemTime::now(),
                |file::Entry { id, idle, record }| {
                    inner.slots.put(id, inner.wake(&id, record, tag.clone()), idle);
                },
            );
        });
        if read.await.is_err() {
            tracing::error!("the sessions of the last run were not read");
        }
    }

    /// Sweeps from time to time, until the last clone is dropped.
    pub(super) fn start_sweeping(self: &Arc<Self>, every: Duration) {
        let inner = Arc::downgrade(self);
        let mut ticks = tokio::time::interval(every.max(Duration::from_millis(20)));
        let task = tokio::spawn(async move {
            loop {
                ticks.tick().await;
                let Some(inner) = inner.upgrade() else { return };
                inner.slots.sweep();
            }
        });
        if self.sweeper.set(task.abort_handle()).is_err() {
            task.abort();
        }
    }

    /// A session out of its record; this process has used it under this tag.
    pub(super) fn wake(self: &Arc<Self>, id: &SessionId, record: Record, tag: Tag) -> Live {
        let tag = Arc::new(Mutex::new(tag));
        let options = self.options(*id, &tag);
        let client = Client::import(&self.transport, &record.export, options);
        Live { client, period: record.period, tag }
    }

    /// How a session logs in again. In the shared store its new token is there before anything else
    /// happens; in memory the client has it, and nobody else would.
    fn options(self: &Arc<Self>, id: SessionId, tag: &Arc<Mutex<Tag>>) -> LoginOptions {
        let portals = Some(Arc::clone(&self.portals));
        let mut options = LoginOptions { portals, ..LoginOptions::default() };
        if let Place::Shared(_) = self.place {
            let (inner, tag) = (Arc::downgrade(self), Arc::clone(tag));
            options.keeper = Some(Arc::new(move |kept| {
                let inner = inner.upgrade();
                let tag = tag.lock().unwrap_or_else(PoisonError::into_inner).clone();
                Box::pin(async move {
                    if let (Some(inner), Kept::Token(token)) = (inner, kept) {
                        inner.keep(&id, &tag, &token).await;
                    }
                })
            }));
        }
        options
    }

    async fn keep(&self, id: &SessionId, tag: &Tag, token: &LoginToken) {
        let Place::Shared(shared) = &self.place else { return };
        let mut kept = shared.keep(id, tag, token).await;
        for _ in 1..KEEP_TRIES {
            if let Err(SessionError::Unreachable(_)) = kept {
                kept = shared.keep(id, tag, token).await;
            }
        }
        if let Err(error) = kept {
            // The client has it still, and saves it with the session.
            tracing::error!(session = ?id, %error, "the token of the next login is not stored yet");
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(sweeper) = self.sweeper.get() {
            sweeper.abort();
        }
    }
}

impl Live {
    pub(super) fn tag(&self) -> Tag {
        self.tag.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn is_used_under(&self, tag: Tag) {
        *self.tag.lock().unwrap_or_else(PoisonError::into_inner) = tag;
    }
}
