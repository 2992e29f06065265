//! The sessions that live in this process, swept when nobody uses them any more.
//!

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use pronote_client::Client;
use tokio::{sync::Mutex as Turn, time::Instant};

use super::{SessionError, SessionId, tag::Tag};

/// All of them.
pub(super) struct Slots {
    ttl: Duration,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    slots: HashMap<SessionId, Entry>,
    gone: Gone,
}

struct Entry {
    slot: Arc<Turn<Slot>>,
    used: Instant,
}

/// A session's place; whoever has locked it is alone with the session, in this process.
#[derive(Default)]
pub(super) struct Slot {
    /// Nothing where the session has ended, or is only in the shared store.
    pub(super) live: Option<Live>,
    /// Tags under which this process asked for the session and never used it.
    pub(super) unused: VecDeque<Tag>,
}

/// A session that can be used at once.
#[derive(Clone)]
pub(super) struct Live {
    pub(super) client: Client,
    pub(super) period: Option<String>,
    /// Under which tag this process used it last; whoever keeps its tokens asks.
    pub(super) tag: Arc<Mutex<Tag>>,
}

/// Which tokens have expired lately: their holders are told another word.
#[derive(Default)]
struct Gone {
    when: HashMap<SessionId, Instant>,
    order: VecDeque<SessionId>,
}

/// How long it is remembered that a token has expired.
pub(super) const GONE: Duration = Duration::from_secs(24 * 3600);

/// How many of them: some 7 MB.
const MOST_GONE: usize = 50_000;

impl Slots {
    pub(super) fn new(ttl: Duration) -> Self {
        Self { ttl, inner: Mutex::default() }
    }

    /// Gives a session a place, as one that was used `ago`.
    pub(super) fn put(&self, id: SessionId, live: Live, ago: Duration) {
        let slot = Arc::new(Turn::new(Slot { live: Some(live), ..Slot::default() }));
        let now = Instant::now();
        if ago >= self.ttl {
            return self.lock().gone.add(id, now);
        }
        let used = now.checked_sub(ago).unwrap_or(now);
        self.lock().slots.insert(id, Entry { slot, used });
    }

    /// The place of a session that is in this process or nowhere; it counts as used.
    pub(super) fn find(&self, id: &SessionId) -> Result<Arc<Turn<Slot>>, SessionError> {
        let (now, mut inner) = (Instant::now(), self.lock());
        let Some(entry) = inner.slots.get_mut(id) else {
            return Err(inner.gone.word(id, now));
        };
        // One that is being used lives, however long the visit takes.
        if now >= entry.used + self.ttl && entry.slot.try_lock().is_ok() {
            let entry = inner.slots.remove(id);
            inner.gone.add(*id, now);
            drop((inner, entry));
            return Err(SessionError::Expired);
        }
        entry.used = now;
        Ok(Arc::clone(&entry.slot))
    }

    /// The place of a session that may be in the shared store.
    pub(super) fn find_or_make(&self, id: &SessionId) -> Arc<Turn<Slot>> {
        let (used, mut inner) = (Instant::now(), self.lock());
        let entry = inner.slots.entry(*id);
        let entry = entry.or_insert_with(|| Entry { slot: Arc::default(), used });
        entry.used = used;
        Arc::clone(&entry.slot)
    }

    /// The session was used until now.
    pub(super) fn touch(&self, id: &SessionId) {
        if let Some(entry) = self.lock().slots.get_mut(id) {
            entry.used = Instant::now();
        }
    }

    /// The shared store does not know the session.
    pub(super) fn forget(&self, id: &SessionId) {
        let entry = self.lock().slots.remove(id);
        drop(entry);
    }

    /// Ends the sessions that nobody has used for as long as they live.
    pub(super) fn sweep(&self) {
        let (now, mut inner) = (Instant::now(), self.lock());
        let over = inner
            .slots
            .extract_if(|_, entry| now >= entry.used + self.ttl && entry.slot.try_lock().is_ok());
        let over: Vec<_> = over.collect();
        over.iter().for_each(|(id, _)| inner.gone.add(*id, now));
        inner.gone.sweep(now);
        // Secrets are overwritten as they are dropped: not while others wait.
        drop(inner);
        drop(over);
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.lock().slots.len()
    }

    /// Takes all out, each with the time for which it was not used.
    pub(super) fn take_all(&self) -> Vec<(SessionId, Duration, Arc<Turn<Slot>>)> {
        let slots = std::mem::take(&mut self.lock().slots);
        slots.into_iter().map(|(id, entry)| (id, entry.used.elapsed(), entry.slot)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slot {
    /// Remembers a tag under which the session is being asked for.
    pub(super) fn asks_under(&mut self, tag: Tag) {
        // More would be questions that nobody has answered for minutes.
        if self.unused.len() >= 8 {
            self.unused.pop_front();
        }
        self.unused.push_back(tag);
    }

    /// The tag under which this process used the session last.
    pub(super) fn last_tag(&self) -> Option<Tag> {
        let tag = &self.live.as_ref()?.tag;
        Some(tag.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

impl Gone {
    fn word(&self, id: &SessionId, now: Instant) -> SessionError {
        match self.when.get(id) {
            Some(when) if now < *when + GONE => SessionError::Expired,
            _ => SessionError::NotFound,
        }
    }

    fn add(&mut self, id: SessionId, now: Instant) {
        if self.when.insert(id, now).is_none() {
            self.order.push_back(id);
        }
        while self.order.len() > MOST_GONE {
            self.forget_oldest();
        }
    }

    fn sweep(&mut self, now: Instant) {
        let is_old = |gone: &Self| {
            let oldest = gone.order.front().and_then(|id| gone.when.get(id));
            oldest.is_some_and(|when| now >= *when + GONE)
        };
        while is_old(self) {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        if let Some(id) = self.order.pop_front() {
            self.when.remove(&id);
        }
    }
}
