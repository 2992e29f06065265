//! Asking a school, at most once a day, and keeping what it said.
//!
//! Schools ban addresses that ask often. So an answer counts for a day, and a failure for an hour;
//! both are on disk, a restart asks no earlier.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use pronote_client::{Address, School};
use serde::{Deserialize, Serialize};
use tokio::{sync::Mutex, task::spawn_blocking};
use tracing::warn;

use crate::{
    gateway::{Gateway, Refusal},
    store::atomic::Draft,
};

/// Where schools are asked. Clones share it.
#[derive(Clone)]
pub struct SchoolSource(Arc<Inner>);

struct Inner {
    gateway: Gateway,
    file: PathBuf,
    /// The last one, for a disk that takes nothing; and one at a time: two people who click do not
    /// ask twice.
    last: Mutex<Option<Asked>>,
}

/// What a school said, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Which one.
    pub address: String,
    /// When it was asked.
    pub at: Timestamp,
    /// What it said; `None`: it did not answer, for this reason.
    answer: Result<School, String>,
}

/// Why there is nothing to propose.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The school did not answer.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// It did not a short while ago.
    #[error("{why} (asked at {at}; it can be asked again at {again})")]
    Recently {
        /// What was wrong.
        why: String,
        /// When it was asked.
        at: Timestamp,
        /// When it can be asked again.
        again: Timestamp,
    },
}

const ANSWER_COUNTS: SignedDuration = SignedDuration::from_hours(24);
const FAILURE_COUNTS: SignedDuration = SignedDuration::from_hours(1);

impl SchoolSource {
    /// A source that keeps what it hears in a data folder.
    pub fn new(gateway: Gateway, data: &Path) -> Self {
        let file = data.join("calendar").join("pronote.json");
        Self(Arc::new(Inner { gateway, file, last: Mutex::new(None) }))
    }

    /// What a school says, and when it said so: now, or within the last day.
    pub async fn ask(
        &self,
        address: &Address,
        now: Timestamp,
    ) -> Result<(School, Timestamp), SourceError> {
        let mut last = self.0.last.lock().await;
        let name = address.root().to_string();
        let known = last.clone().or_else(|| self.kept());
        if let Some(asked) = known.filter(|asked| asked.address == name && asked.at <= now) {
            match asked.answer {
                Ok(school) if now < asked.at + ANSWER_COUNTS => return Ok((school, asked.at)),
                Err(why) if now < asked.at + FAILURE_COUNTS => {
                    let again = asked.at + FAILURE_COUNTS;
                    return Err(SourceError::Recently { why, at: asked.at, again });
                }
                _ => {}
            }
        }
        let answer = self.0.gateway.school(address).await;
        let told = answer.as_ref().map(School::clone).map_err(ToString::to_string);
        let asked = Asked { address: name, at: now, answer: told };
        *last = Some(asked.clone());
        self.keep(asked).await;
        Ok((answer?, now))
    }

    fn kept(&self) -> Option<Asked> {
        let bytes = fs::read(&self.0.file).ok()?;
        serde_json::from_slice(&bytes)
            .inspect_err(
                |error| warn!(%error, "what PRONOTE said is kept in a file that is broken"),
            )
            .ok()
    }

    /// A disk that takes nothing costs a question more, not the answer.
    async fn keep(&self, asked: Asked) {
        let file = self.0.file.clone();
        let write = move || -> io::Result<()> {
            if let Some(folder) = file.parent() {
                fs::create_dir_all(folder)?;
            }
            Draft::write(&file, &serde_json::to_vec(&asked)?)?.commit()
        };
        match spawn_blocking(write).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => warn!(%error, "what PRONOTE said could not be written"),
            Err(error) => warn!(%error, "what PRONOTE said could not be written"),
        }
    }
}
