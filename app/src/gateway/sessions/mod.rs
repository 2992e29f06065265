//! Sessions behind tokens: in this process, or in a Redis that gateways share.
//!
//! One visit of a session at a time, in all gateways. What leaves the process is sealed.

mod error;
mod file;
mod inner;
mod link;
mod record;
mod scripts;
mod seal;
mod shared;
mod slots;
mod tag;
#[cfg(test)]
mod tests;
mod token;
mod visit;

use std::{
    fmt,
    path::Path,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime},
};

use pronote_client::{Client, Credentials, LoginOptions, Transport, ent::Portals};
use tokio::{
    sync::{
        OwnedMutexGuard,
        mpsc::{self, Sender},
        watch,
    },
    time::{Instant, timeout_at},
};

use crate::store::conf;
use inner::{Inner, Place};
use record::Record;
use shared::Shared;
use slots::{Live, Slot, Slots};
use tag::Tag;

pub use error::{OpenError, SessionError};
pub use seal::Seal;
pub use token::{NotAToken, SessionId, Token};
pub use visit::Visit;

/// All sessions of the gateway. Clones share them; the last one ends them.
#[derive(Clone)]
pub struct Sessions(Arc<Inner>);

/// How long a stop waits for visits to end, and how long for those that it cuts.
const PATIENCE: Duration = Duration::from_secs(1);
const LAST_MOMENT: Duration = Duration::from_millis(250);

impl Sessions {
    /// Opens the store. In memory: goes on with the sessions of the last run. A Redis that does not
    /// answer is told in the log; it may come later.
    pub async fn open(
        settings: &conf::Gateway,
        data: &Path,
        transport: Transport,
        portals: Arc<Portals>,
    ) -> Result<Self, OpenError> {
        let seal = Seal::open_key(data)?;
        let place = match &settings.store {
            conf::SessionStore::Memory => Place::Memory(data.join("gateway.sessions")),
            conf::SessionStore::Redis(address) => {
                let shared = Shared::new(address, seal.clone(), settings.token_ttl)?;
                Place::Shared(Box::new(shared))
            }
        };
        let slots = Slots::new(settings.token_ttl);
        let (closed, cut) = (AtomicBool::new(false), watch::Sender::new(false));
        let sweeper = OnceLock::new();
        let inner = Inner { transport, portals, seal, slots, place, closed, cut, sweeper };
        let inner = Arc::new(inner);
        match &inner.place {
            Place::Memory(path) => inner.go_on(path.clone()).await,
            Place::Shared(shared) => {
                if let Err(error) = shared.count().await {
                    tracing::warn!(%error, "the gateway's sessions cannot be reached yet");
                }
            }
        }
        inner.start_sweeping(settings.token_ttl / 8);
        Ok(Self(inner))
    }

    /// How to log in for a session: with a device of its own where that is needed.
    pub fn login_options(&self, credentials: &Credentials) -> Result<LoginOptions, SessionError> {
        let has_device = matches!(credentials, Credentials::QrCode { .. } | Credentials::Token(_));
        let device = has_device.then(Tag::random).transpose()?;
        let device = device.map(|tag| tag.as_str().to_owned());
        let portals = Some(Arc::clone(&self.0.portals));
        Ok(LoginOptions { device, portals, ..LoginOptions::default() })
    }

    /// Takes in a session, and gives what its holder will ask for it with.
    pub async fn create(&self, client: Client) -> Result<Token, SessionError> {
        self.0.is_open()?;
        let (token, tag) = (Token::random()?, Tag::random()?);
        let live = match &self.0.place {
            Place::Memory(_) => Live { client, period: None, tag: Arc::new(Mutex::new(tag)) },
            Place::Shared(shared) => {
                let record = Record::of(&client, None).await;
                shared.create(&token.id(), &tag, &record).await?;
                self.0.wake(&token.id(), record, tag)
            }
        };
        self.0.slots.put(token.id(), live, Duration::ZERO);
        Ok(token)
    }

    /// Takes a session to make calls, waiting until the deadline while somebody else has it. Its
    /// token's life starts again.
    pub async fn visit(
        &self,
        token: &Token,
        deadline: impl Into<Instant>,
    ) -> Result<Visit, SessionError> {
        self.visit_id(&token.id(), deadline).await
    }

    /// The same for whoever was told the session's id by us: in an address that we have sealed.
    pub async fn visit_id(
        &self,
        id: &SessionId,
        deadline: impl Into<Instant>,
    ) -> Result<Visit, SessionError> {
        self.0.is_open()?;
        Visit::begin(Arc::clone(&self.0), *id, deadline.into()).await
    }

    /// Ends when a stop cuts the visits that are still on.
    pub async fn cut(&self) {
        let mut cut = self.0.cut.subscribe();
        drop(cut.wait_for(|cut| *cut).await);
    }

    /// How many sessions this process holds.
    pub fn count(&self) -> usize {
        self.0.slots.len()
    }

    /// How many sessions live in the whole store; nothing where it does not answer.
    pub async fn live(&self) -> Option<u64> {
        match &self.0.place {
            Place::Memory(_) => u64::try_from(self.count()).ok(),
            Place::Shared(shared) => shared.count().await.ok(),
        }
    }

    /// Ends the sessions that nobody has used for as long as they live. A task does so by itself.
    pub fn sweep(&self) {
        self.0.slots.sweep();
    }

    /// What seals; addresses of files are sealed with it too.
    pub fn seal(&self) -> &Seal {
        &self.0.seal
    }

    /// No more visits: waits a moment for those that are on, and writes down what is in memory, for
    /// the next run to go on with. A session in the middle of a call logs in again then.
    pub async fn close(&self) {
        if self.0.closed.swap(true, Ordering::Relaxed) {
            return;
        }
        let (sender, receiver) = mpsc::channel(64);
        let writer = match &self.0.place {
            Place::Memory(path) => {
                let (path, seal) = (path.clone(), self.0.seal.clone());
                let write = move || file::write(&path, &seal, SystemTime::now(), receiver);
                Some(tokio::task::spawn_blocking(write))
            }
            Place::Shared(_) => None,
        };
        let deadline = Instant::now() + PATIENCE;
        let mut busy = Vec::new();
        for (id, idle, slot) in self.0.slots.take_all() {
            match Arc::clone(&slot).try_lock_owned() {
                Ok(slot) => put_away(id, idle, slot, &sender).await,
                Err(_) => busy.push((id, slot)),
            }
        }
        let (mut cut, mut last) = (0_usize, None);
        for (id, slot) in busy {
            let (in_time, slot) = match timeout_at(deadline, Arc::clone(&slot).lock_owned()).await {
                Ok(slot) => (true, Some(slot)),
                Err(_) => {
                    self.0.cut.send_replace(true);
                    cut = cut.saturating_add(1);
                    // From here: a machine that stood still has let the deadline pass unheard.
                    let last = *last.get_or_insert_with(|| Instant::now() + LAST_MOMENT);
                    (false, timeout_at(last, slot.lock_owned()).await.ok())
                }
            };
            let Some(slot) = slot else { continue };
            if let (false, Some(live)) = (in_time, &slot.live) {
                live.client.renew().await;
            }
            put_away(id, Duration::ZERO, slot, &sender).await;
        }
        drop(sender);
        if cut > 0 {
            tracing::info!(sessions = cut, "calls that did not end in time are cut");
        }
        let Some(writer) = writer else { return };
        match writer.await {
            Ok(Ok(0)) => {}
            Ok(Ok(sessions)) => tracing::info!(sessions, "sessions wait for the next start"),
            Ok(Err(error)) => tracing::error!(%error, "the sessions cannot be written"),
            Err(_) => tracing::error!("the sessions were not written"),
        }
    }
}

/// Hands a session to the writer; without one it only ends.
async fn put_away(
    id: SessionId,
    idle: Duration,
    mut slot: OwnedMutexGuard<Slot>,
    writer: &Sender<file::Entry>,
) {
    let Some(live) = slot.live.take() else { return };
    if !writer.is_closed() {
        let record = Record::of(&live.client, live.period).await;
        // It fails where the writer has, which says so itself.
        drop(writer.send(file::Entry { id, idle, record }).await);
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").field("count", &self.count()).finish_non_exhaustive()
    }
}
