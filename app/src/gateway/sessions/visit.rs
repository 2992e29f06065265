//! A visit: a session taken to make calls, and given back.
//!

use std::{fmt, sync::Arc, time::Duration};

use pronote_client::Client;
use tokio::{
    runtime::Handle,
    sync::OwnedMutexGuard,
    task::AbortHandle,
    time::{Instant, sleep, sleep_until, timeout_at},
};

use super::{
    SessionError, SessionId,
    inner::{Inner, Place},
    record::Record,
    shared::{Shared, Taken},
    slots::{Live, Slot},
    tag::Tag,
};

/// A session that is ours until we leave. Dropped, it is given back all the same, in the background.
pub struct Visit {
    live: Live,
    hold: Option<Hold>,
}

/// What is given back.
struct Hold {
    inner: Arc<Inner>,
    id: SessionId,
    slot: OwnedMutexGuard<Slot>,
    beat: Option<Beat>,
}

/// Says from time to time that we are still there.
struct Beat(AbortHandle);

/// The shortest and the longest wait between two questions for a session that somebody else has.
const WAITS_MS: (u64, u64) = (5, 80);

impl Visit {
    pub(super) async fn begin(
        inner: Arc<Inner>,
        id: SessionId,
        deadline: Instant,
    ) -> Result<Self, SessionError> {
        let slot = match &inner.place {
            Place::Memory(_) => inner.slots.find(&id)?,
            Place::Shared(_) => inner.slots.find_or_make(&id),
        };
        // First come, first served, in this process; between processes whoever asks first.
        let slot = timeout_at(deadline, slot.lock_owned()).await;
        let mut slot = slot.map_err(|_| SessionError::Busy)?;
        let beat = match &inner.place {
            Place::Memory(_) => None,
            Place::Shared(shared) => {
                let taken = take(&inner, shared, &id, &mut slot, deadline).await;
                if let Err(SessionError::NotFound | SessionError::Expired) = taken {
                    inner.slots.forget(&id);
                }
                Some(Beat::start(Arc::clone(&inner), id, taken?))
            }
        };
        let live = slot.live.clone().ok_or(SessionError::Expired)?;
        Ok(Self { live, hold: Some(Hold { inner, id, slot, beat }) })
    }

    /// The session's client.
    pub fn client(&self) -> &Client {
        &self.live.client
    }

    /// The period that its user has chosen.
    pub fn period(&self) -> Option<&str> {
        self.live.period.as_deref()
    }

    /// Chooses a period; nothing is the current one again.
    pub fn choose_period(&mut self, period: Option<String>) {
        self.live.period = period;
    }

    /// Saves what has changed and gives the session free. It does so to the end even where the
    /// caller does not wait for it.
    pub async fn leave(mut self) -> Result<(), SessionError> {
        match self.give_back() {
            None => Ok(()),
            Some(saving) => match tokio::spawn(saving).await {
                Ok(saved) => saved,
                Err(_) => Err(SessionError::Unreachable("the gateway is stopping".to_owned())),
            },
        }
    }

    /// Gives the session back to this process; what comes out gives it back to the others.
    fn give_back(&mut self) -> Option<impl Future<Output = Result<(), SessionError>> + use<>> {
        let mut hold = self.hold.take()?;
        hold.slot.live = Some(self.live.clone());
        hold.inner.slots.touch(&hold.id);
        matches!(hold.inner.place, Place::Shared(_)).then(|| hold.save(self.live.clone()))
    }
}

impl Hold {
    async fn save(mut self, live: Live) -> Result<(), SessionError> {
        let inner = Arc::clone(&self.inner);
        let Place::Shared(shared) = &inner.place else { return Ok(()) };
        let tag = live.tag();
        let record = Record::of(&live.client, live.period).await;
        drop(self.beat.take());
        let saved = shared.save(&self.id, &tag, &record).await;
        if saved == Err(SessionError::Overtaken) {
            self.slot.live = None;
        }
        saved
    }
}

/// Takes a session out of the shared store into its slot; gives the tag that it is taken under.
async fn take(
    inner: &Arc<Inner>,
    shared: &Shared,
    id: &SessionId,
    slot: &mut Slot,
    deadline: Instant,
) -> Result<Tag, SessionError> {
    let (tag, last) = (Tag::random()?, slot.last_tag());
    // Before the question: the answer may be lost, or this future dropped.
    slot.asks_under(tag.clone());
    let (mut wait_ms, longest_ms) = WAITS_MS;
    loop {
        let live = match shared.take(id, &tag, last.as_ref(), &slot.unused).await? {
            Taken::Known => None,
            Taken::Stored(record) => Some(inner.wake(id, record, tag.clone())),
            Taken::Doubtful(record) => {
                tracing::info!(session = ?id, "a session was left in the middle of a call");
                let live = inner.wake(id, record, tag.clone());
                live.client.renew().await;
                Some(live)
            }
            Taken::Held if Instant::now() >= deadline => return Err(SessionError::Busy),
            Taken::Held => {
                sleep_until(deadline.min(Instant::now() + jittered(wait_ms)?)).await;
                wait_ms = longest_ms.min(wait_ms.saturating_mul(2));
                continue;
            }
        };
        if let Some(live) = live {
            slot.live = Some(live);
        }
        if let Some(live) = &slot.live {
            live.is_used_under(tag.clone());
        }
        slot.unused.retain(|unused| *unused != tag);
        return Ok(tag);
    }
}

/// Between half of it and the whole: those who wait shall not ask in step.
fn jittered(ms: u64) -> Result<Duration, getrandom::Error> {
    let mut random = [0];
    getrandom::fill(&mut random)?;
    let [random] = random.map(u64::from);
    Ok(Duration::from_micros(ms.saturating_mul(500).saturating_add(random.saturating_mul(ms) * 2)))
}

impl Beat {
    fn start(inner: Arc<Inner>, id: SessionId, tag: Tag) -> Self {
        let task = tokio::spawn(async move {
            let Place::Shared(shared) = &inner.place else { return };
            loop {
                sleep(shared.beat()).await;
                match shared.hold(&id, &tag).await {
                    Ok(true) => {}
                    Ok(false) => {
                        return tracing::warn!(session = ?id, "another gateway has taken a session");
                    }
                    Err(error) => tracing::debug!(session = ?id, %error, "a lease is not renewed"),
                }
            }
        });
        Self(task.abort_handle())
    }
}

impl Drop for Beat {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        let id = self.hold.as_ref().map(|hold| hold.id);
        // Outside of the runtime nobody could save it: the next visit finds it in this process.
        if let (Some(saving), Ok(runtime)) = (self.give_back(), Handle::try_current()) {
            runtime.spawn(async move {
                if let Err(error) = saving.await {
                    tracing::warn!(session = ?id, %error, "a session is not saved");
                }
            });
        }
    }
}

impl fmt::Debug for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visit").field("client", &self.live.client).finish_non_exhaustive()
    }
}
