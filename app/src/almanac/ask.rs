//! Asking for a fresh calendar: once a week, and when somebody wants it now.
//!

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use jiff::{SignedDuration, Timestamp};
use tokio::{
    sync::{Mutex as Turn, watch},
    task::spawn_blocking,
    time::{Instant, sleep_until},
};
use tracing::{info, warn};
use url::Url;

use super::{
    Kept, Shelf, Subscription,
    fetch::{Answer, FetchError, Fetcher},
    when::{self, Checked, LONGEST_SLEEP, Outcome, next_check},
};
use crate::{
    gateway::reach::{Forbidden, Reach},
    store::Conf,
};

/// Keeps the calendar fresh. Clones share it.
#[derive(Clone)]
pub struct Almanac(Arc<Inner>);

struct Inner {
    shelf: Shelf,
    fetcher: Fetcher,
    /// When in the week this box asks.
    jitter: u8,
    /// Held while it is asked: one at a time.
    turn: Turn<()>,
    /// Whether it is being asked.
    asking: AtomicBool,
    /// The last time, for a disk that takes nothing: no reason to ask again and again.
    last: Mutex<Option<Checked>>,
}

/// It was asked only just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it was asked less than a minute ago: again in {seconds} s")]
pub struct TooSoon {
    /// So long it takes until it may be asked again.
    pub seconds: u64,
}

/// People who click do not ask more often.
const PAUSE: SignedDuration = SignedDuration::from_secs(60);

impl Almanac {
    /// An almanac that reaches what `reach` permits.
    pub fn new(shelf: Shelf, reach: Reach) -> Self {
        let inner = Inner {
            shelf,
            fetcher: Fetcher::new(reach),
            jitter: when::jitter(),
            turn: Turn::default(),
            asking: AtomicBool::new(false),
            last: Mutex::default(),
        };
        Self(Arc::new(inner))
    }

    /// The files that it keeps.
    pub fn shelf(&self) -> &Shelf {
        &self.0.shelf
    }

    /// Whether an address may be asked. The address behind a name is looked at when it is.
    pub fn permits(&self, url: &Url) -> Result<(), Forbidden> {
        self.0.fetcher.permits(url)
    }

    /// The last time that an address was asked, and what came of it. Reads the disk.
    pub fn checked(&self, url: &Url) -> Option<Checked> {
        let last = self.0.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let here = last.filter(|last| last.url == url.as_str());
        here.or_else(|| self.0.shelf.checked(url.as_str()))
    }

    /// When an address is asked next by itself. Reads the disk.
    pub fn next(&self, url: &Url, now: Timestamp) -> Timestamp {
        next_check(self.checked(url), self.0.jitter, now)
    }

    /// Whether it is being asked at this moment.
    pub fn is_asking(&self) -> bool {
        self.0.asking.load(Ordering::Relaxed)
    }

    /// Asks now, because somebody wants it. Goes on where whoever wants it goes away; bounded in
    /// time and size.
    ///
    /// # Errors
    /// It was asked only just now.
    pub async fn refresh(&self, from: Subscription, now: Timestamp) -> Result<Outcome, TooSoon> {
        let this = self.clone();
        let asking = tokio::spawn(async move {
            let (waited, _turn) = match this.0.turn.try_lock() {
                Ok(turn) => (false, turn),
                Err(_) => (true, this.0.turn.lock().await),
            };
            if let Some(last) = this.checked(&from.url) {
                if waited {
                    return Ok(last.outcome);
                }
                let age = now.duration_since(last.at);
                if (SignedDuration::ZERO..PAUSE).contains(&age) {
                    let left = (PAUSE - age).as_secs().unsigned_abs();
                    return Err(TooSoon { seconds: left.max(1) });
                }
            }
            Ok(this.ask(&from, now).await)
        });
        asking.await.unwrap_or_else(|error| Ok(Outcome::Failed { why: error.to_string() }))
    }

    /// Asks once a week from wherever the configuration says, for ever. Ends when nobody can change
    /// it any more.
    pub async fn run(self, mut conf: watch::Receiver<Arc<Conf>>) {
        loop {
            let from = conf.borrow_and_update().school_calendar.clone();
            // An hour at most, and then by the clock: it may have been set meanwhile.
            let mut wait = LONGEST_SLEEP;
            if let Some(from) = from {
                let now = Timestamp::now();
                let due = self.next(&from.url, now);
                if due <= now {
                    let _turn = self.0.turn.lock().await;
                    // Somebody may have asked while we waited for our turn.
                    let now = Timestamp::now();
                    if self.next(&from.url, now) <= now {
                        self.ask(&from, now).await;
                    }
                    continue;
                }
                wait = wait.min(due.duration_since(now).unsigned_abs());
            }
            tokio::select! {
                () = sleep_until(Instant::now() + wait) => {}
                changed = conf.changed() => if changed.is_err() { return },
            }
        }
    }

    /// Asks once. Waits for the network and the disk; who calls it has the turn.
    pub(super) async fn ask(&self, from: &Subscription, now: Timestamp) -> Outcome {
        let Inner { shelf, fetcher, last, asking, .. } = &*self.0;
        asking.store(true, Ordering::Relaxed);
        let known = shelf.fetched().filter(|kept| kept.url.as_deref() == Some(from.url.as_str()));
        let answer = fetcher.get(&from.url, known.as_ref()).await;
        let (shelf, asked) = (shelf.clone(), from.clone());
        // Slow SD cards stay out of the threads that serve.
        let kept = spawn_blocking(move || {
            let outcome = keep(&shelf, &asked, answer, now);
            if let Err(error) = shelf.note_check(&Checked::new(&asked.url, now, &outcome)) {
                warn!(%error, "when the calendar was asked for could not be written down");
            }
            outcome
        });
        let outcome = kept.await.unwrap_or_else(|error| Outcome::Failed { why: error.to_string() });
        *last.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Checked::new(&from.url, now, &outcome));
        asking.store(false, Ordering::Relaxed);
        let url = from.shown();
        match &outcome {
            Outcome::New { .. } => info!(url, "a new school calendar"),
            Outcome::Unchanged => info!(url, "the school calendar has not changed"),
            Outcome::Failed { why } => warn!(url, why, "no fresh school calendar"),
        }
        outcome
    }
}

/// What comes of an answer, once it is on disk.
fn keep(
    shelf: &Shelf,
    from: &Subscription,
    answer: Result<Answer, FetchError>,
    now: Timestamp,
) -> Outcome {
    let file = match answer {
        Ok(Answer::Unchanged) => return Outcome::Unchanged,
        Ok(Answer::File(file)) => file,
        Err(error) => return Outcome::Failed { why: error.to_string() },
    };
    let kept = Kept {
        url: Some(from.url.to_string()),
        name: file.name,
        place: from.place,
        received: now,
        etag: file.etag,
        last_modified: file.last_modified,
        text: String::new(),
    };
    match shelf.put_fetched(kept, &file.bytes) {
        Ok(read) => Outcome::New { notes: read.notes },
        Err(error) => Outcome::Failed { why: error.to_string() },
    }
}
