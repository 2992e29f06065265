//! Asking a school, at most once a day, and keeping what it said.
//!
//! Schools ban addresses that ask often. So an answer counts for a day, and a failure for an hour;
//! both are on disk, a restart asks no earlier.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use pronote_client::{Address, School};
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;
use tracing::{error, warn};

use crate::{
    gateway::{Gateway, Refusal, reach::Forbidden},
    store::atomic::Draft,
};

/// Where schools are asked. Clones share it.
#[derive(Clone)]
pub struct SchoolSource(Arc<Inner>);

struct Inner {
    gateway: Gateway,
    file: PathBuf,
    /// One at a time: two people who click do not ask twice.
    asking: tokio::sync::Mutex<()>,
    /// The last time of each school, the newest first.
    asked: Mutex<Vec<Asked>>,
}

/// What came of asking a school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Which one: where its pages are.
    pub address: String,
    /// When it was asked.
    pub at: Timestamp,
    /// What it said, or why it said nothing.
    pub answer: Result<School, String>,
}

/// Why there is nothing to propose.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The school did not answer.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// It did not a short while ago.
    #[error("{why} (it was asked a short while ago: try again in {} min)", wait.as_secs().div_ceil(60))]
    Recently {
        /// What was wrong.
        why: String,
        /// How long it is left alone for.
        wait: std::time::Duration,
    },
}

const ANSWER_COUNTS: SignedDuration = SignedDuration::from_hours(24);
const FAILURE_COUNTS: SignedDuration = SignedDuration::from_hours(1);

/// So many schools are remembered: a box has one, and somebody mistypes.
const SCHOOLS: usize = 16;

impl Asked {
    /// From when on the school is asked again.
    pub fn again(&self) -> Timestamp {
        let counts = if self.answer.is_ok() { ANSWER_COUNTS } else { FAILURE_COUNTS };
        self.at.saturating_add(counts).unwrap_or(Timestamp::MAX)
    }

    fn counts(&self, now: Timestamp) -> bool {
        // A clock that was set back tells nothing of what it calls the future.
        (self.at..self.again()).contains(&now)
    }
}

impl SchoolSource {
    /// A source that keeps what it hears in a data folder. Reads what it has heard before.
    pub fn new(gateway: Gateway, data: &Path) -> Self {
        let file = data.join("calendar").join("pronote.json");
        let asked = Mutex::new(kept(&file));
        Self(Arc::new(Inner { gateway, file, asking: tokio::sync::Mutex::default(), asked }))
    }

    /// What came of asking last, whichever school it was.
    pub fn last(&self) -> Option<Asked> {
        self.asked().first().cloned()
    }

    /// Whether a school may be asked for at all: the gateway's rule of who is reached.
    ///
    /// # Errors
    /// Says which part of the rule forbids it.
    pub fn permits(&self, address: &Address) -> Result<(), Forbidden> {
        self.0.gateway.reach().permits(address.root())
    }

    /// What a school says, and when it said so: now, or within the last day. Who hangs up
    /// meanwhile has asked all the same.
    pub async fn ask(
        &self,
        address: &Address,
        now: Timestamp,
    ) -> Result<(School, Asked), SourceError> {
        let (source, address) = (self.clone(), address.clone());
        let asking = tokio::spawn(async move { source.ask_once(&address, now).await });
        asking.await.unwrap_or_else(|panic| {
            error!("asking a school: {panic}");
            Err(Refusal::Internal.into())
        })
    }

    async fn ask_once(
        &self,
        address: &Address,
        now: Timestamp,
    ) -> Result<(School, Asked), SourceError> {
        let _alone = self.0.asking.lock().await;
        let name = address.root().to_string();
        let known = self.asked().iter().find(|asked| asked.address == name).cloned();
        if let Some(asked) = known.filter(|asked| asked.counts(now)) {
            return match asked.answer.clone() {
                Ok(school) => Ok((school, asked)),
                Err(why) => {
                    let wait = asked.again().duration_since(now).unsigned_abs();
                    Err(SourceError::Recently { why, wait })
                }
            };
        }
        let answer = self.0.gateway.school(address).await;
        let told = answer.as_ref().map(School::clone).map_err(ToString::to_string);
        let asked = Asked { address: name, at: now, answer: told };
        self.keep(asked.clone()).await;
        Ok((answer?, asked))
    }

    /// A disk that takes nothing costs a question after a restart, not the answer.
    async fn keep(&self, asked: Asked) {
        let all = {
            let mut all = self.asked();
            all.retain(|other| other.address != asked.address);
            all.insert(0, asked);
            all.truncate(SCHOOLS);
            all.clone()
        };
        let file = self.0.file.clone();
        let write = move || -> io::Result<()> {
            if let Some(folder) = file.parent() {
                fs::create_dir_all(folder)?;
            }
            Draft::write(&file, &serde_json::to_vec(&all)?)?.commit()
        };
        match spawn_blocking(write).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => warn!(%error, "what PRONOTE said could not be written"),
            Err(error) => warn!(%error, "what PRONOTE said could not be written"),
        }
    }

    fn asked(&self) -> MutexGuard<'_, Vec<Asked>> {
        self.0.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn kept(file: &Path) -> Vec<Asked> {
    let Ok(bytes) = fs::read(file) else { return Vec::new() };
    serde_json::from_slice(&bytes).unwrap_or_else(|error| {
        warn!(%error, "what PRONOTE said is kept in a file that is broken");
        Vec::new()
    })
}
