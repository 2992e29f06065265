//! The school calendar as this box has it: shipped, uploaded, fetched.
//!
//! Official files lie as they came in `DATA/calendar`, the last good one of each way, and are read
//! anew at each start by the same rules. The box never waits for the network: without it, or with
//! an address that answers nonsense, what was known goes on counting.

mod fetch;
mod kept;
mod school;
mod shelf;
#[cfg(test)]
mod tests;
mod when;

use jiff::Timestamp;
use serde::Serialize;
use tokio::{
    sync::watch,
    task::spawn_blocking,
    time::{Instant, sleep_until},
};
use tracing::{info, warn};
use url::Url;

use crate::{calendar::Place, gateway::reach::Reach};
use fetch::{Answer, FetchError, Fetcher};

pub use kept::Kept;
pub use school::SchoolDays;
pub use shelf::{Shelf, ShelfError, is_kept};
pub use when::{Checked, LONGEST_SLEEP, next_check};

/// Where a fresh calendar is fetched from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The address of an official file.
    pub url: Url,
    /// The place of an iCalendar file that names none.
    pub place: Option<Place>,
}

/// What came of asking for a fresh calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// A new file, which counts from now on.
    New {
        /// What was left out of it or put right, a sentence each.
        notes: Vec<String>,
    },
    /// The file that we have is the newest.
    Unchanged,
    /// None: what we had goes on counting.
    Failed {
        /// Why, in words.
        why: String,
    },
}

/// Keeps the calendar fresh.
pub struct Almanac {
    shelf: Shelf,
    fetcher: Fetcher,
}

impl Almanac {
    /// An almanac that reaches what `reach` permits.
    pub fn new(shelf: Shelf, reach: Reach) -> Result<Self, reqwest::Error> {
        Ok(Self { shelf, fetcher: Fetcher::new(reach)? })
    }

    /// Asks once, now. Waits for the network and the disk; bounded in time and size.
    pub async fn check(&self, from: &Subscription, now: Timestamp) -> Outcome {
        let known = self.shelf.fetched();
        let known = known.filter(|kept| kept.url.as_deref() == Some(from.url.as_str()));
        let answer = self.fetcher.get(&from.url, known.as_ref()).await;
        let (shelf, from) = (self.shelf.clone(), from.clone());
        let url = from.url.clone();
        // Slow SD cards stay out of the threads that serve.
        let kept = spawn_blocking(move || {
            let outcome = keep(&shelf, &from, answer, now);
            if let Err(error) = shelf.note_check(from.url.as_str(), now, &outcome) {
                warn!(%error, "when the calendar was asked for could not be written down");
            }
            outcome
        });
        let outcome = kept.await.unwrap_or_else(|error| Outcome::Failed { why: error.to_string() });
        match &outcome {
            Outcome::New { .. } => info!(url = %shown(&url), "a new school calendar"),
            Outcome::Unchanged => info!(url = %shown(&url), "the school calendar has not changed"),
            Outcome::Failed { why } => warn!(url = %shown(&url), why, "no fresh school calendar"),
        }
        outcome
    }

    /// Asks once a week from wherever `from` says, for ever; `tell` is called after each time.
    /// Ends when nobody can change `from` any more.
    pub async fn run(
        self,
        mut from: watch::Receiver<Option<Subscription>>,
        tell: impl Fn(&Shelf, &Outcome) + Send,
    ) {
        let mut jitter = when::jitter();
        // A disk that takes nothing is no reason to ask again and again.
        let mut last: Option<Checked> = None;
        loop {
            let subscription = from.borrow_and_update().clone();
            // An hour at most, and then by the clock: it may have been set meanwhile.
            let mut wait = LONGEST_SLEEP;
            if let Some(subscription) = subscription {
                let now = Timestamp::now();
                let url = subscription.url.as_str();
                let here = last.clone().filter(|last| last.url == url);
                let due = next_check(here.or_else(|| self.shelf.checked(url)), jitter, now);
                if due <= now {
                    let outcome = self.check(&subscription, now).await;
                    tell(&self.shelf, &outcome);
                    last = Some(Checked::new(url, now, &outcome));
                    jitter = when::jitter();
                    continue;
                }
                wait = wait.min(due.duration_since(now).unsigned_abs());
            }
            tokio::select! {
                () = sleep_until(Instant::now() + wait) => {}
                changed = from.changed() => if changed.is_err() { return },
            }
        }
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

/// An address as it may stand in a log: a secret is in the query, if anywhere.
fn shown(url: &Url) -> String {
    format!("{}{}", url.host_str().unwrap_or_default(), url.path())
}
