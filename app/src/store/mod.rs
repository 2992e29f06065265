//! What must outlive the process: conf.json, its tables' versions, the journal.
//!
//! A change is on disk and in force, or it is refused and nothing has changed. A file that somebody
//! edits by hand is theirs: it is taken in, never overwritten. Calls that write wait for the disk.

pub(crate) mod atomic;
mod change;
pub mod conf;
mod file;
#[cfg(test)]
mod full_disk;
mod init;
pub mod journal;
pub mod ledger;
mod open;
mod papers;
mod password;
mod problem;
mod restore;
mod schedule;
mod subscribe;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use arc_swap::ArcSwap;
use serde_json::Value;
use tokio::sync::watch;

pub use change::Placed;
pub use conf::{Conf, TriggerBody};
pub use init::{InitError, PORT, init, init_unclaimed};
pub use journal::Journal;
pub use ledger::Ledger;
pub use open::inspect;
pub use papers::{PAPER_BYTES, Paper, Tray};
pub use password::{PasswordError, PasswordHash};
pub use problem::{ChangeError, FieldError, Problem, Severity, StoreError};
pub use restore::{RestoreError, Restored, recover};
pub use schedule::{Feed, Note, Version, VersionText, tables_digest};

use crate::engine::TriggerId;
use atomic::Draft;
use conf::{Document, Reading};
use file::{Files, Text, Unreadable};

/// The configuration of one data folder. Clones share it.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    data: PathBuf,
    files: Files,
    state: Mutex<State>,
    in_force: ArcSwap<InForce>,
    conf: watch::Sender<Arc<Conf>>,
    followers: Mutex<Vec<Follower>>,
}

/// Who must have each new configuration before the change is answered.
type Follower = Box<dyn Fn(&Conf) + Send + Sync>;

/// What writers share. Readers never wait for it.
struct State {
    /// The file as we last read or wrote it.
    text: Text,
    /// The last good document.
    good: Document,
    /// What stays to be said until the next good change.
    notices: Vec<Problem>,
}

/// What readers see.
struct InForce {
    conf: Arc<Conf>,
    document: Document,
    problems: Arc<Vec<Problem>>,
}

impl Store {
    /// The configuration in force.
    pub fn conf(&self) -> Arc<Conf> {
        Arc::clone(&self.0.in_force.load().conf)
    }

    /// The data folder, to which relative paths are relative.
    pub fn data(&self) -> &Path {
        &self.0.data
    }

    /// Tells of each new configuration in force.
    pub fn watch(&self) -> watch::Receiver<Arc<Conf>> {
        self.0.conf.subscribe()
    }

    /// Calls `follower` with each new configuration, in the order of the changes, before whoever
    /// changed it has an answer: what is asked after the answer is judged by the new one.
    pub fn on_change(&self, follower: impl Fn(&Conf) + Send + Sync + 'static) {
        self.followers().push(Box::new(follower));
    }

    /// What is wrong with the configuration.
    pub fn problems(&self) -> Arc<Vec<Problem>> {
        Arc::clone(&self.0.in_force.load().problems)
    }

    /// The configuration in force for others to see: every default filled in, no secret.
    pub fn masked(&self) -> Value {
        let in_force = self.0.in_force.load();
        conf::masked(&in_force.conf, &in_force.document)
    }

    /// The triggers in force, by id, every default filled in.
    pub fn triggers_json(&self) -> Value {
        let in_force = self.0.in_force.load();
        conf::triggers(&in_force.conf, &in_force.document)
    }

    /// One trigger that is in force.
    pub fn trigger_json(&self, id: &TriggerId) -> Option<Value> {
        let in_force = self.0.in_force.load();
        in_force.conf.bells.triggers.get(id)?;
        conf::shown_trigger(id, in_force.document.get("triggers")?.get(&**id)?)
    }

    /// Reads the file anew. Where it is unreadable, what was in force stays, and so does the file.
    pub fn reload(&self) -> Result<(), StoreError> {
        let mut state = self.lock();
        match self.0.files.read() {
            Ok(text) => {
                state.notices.clear();
                self.install(&mut state, text);
                Ok(())
            }
            Err(why) => {
                let refusal = open::refusal(&self.0.files, why);
                let message = format!("{refusal}; what was in force before stays in force");
                state.notices = vec![Problem::error("conf.json", message)];
                let reading = conf::read(&state.text.document, &state.good, &self.0.data);
                self.publish(&mut state, reading);
                Err(refusal)
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Whoever panicked has not left half a state: it is replaced in one piece.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts what was read from the file in force.
    fn install(&self, state: &mut State, mut text: Text) {
        match open::hash_password(&mut text.document) {
            Ok(false) => {}
            Ok(true) => match self.replace(&text.bytes, &text.document) {
                Ok(bytes) => text.bytes = bytes,
                Err(error) => {
                    let message = format!("is in clear, and its hash could not be saved: {error}");
                    state.notices.push(Problem::warning("auth.password", message));
                }
            },
            Err(problem) => state.notices.push(problem),
        }
        let reading = conf::read(&text.document, &state.good, &self.0.data);
        state.text = text;
        self.publish(state, reading);
    }

    fn publish(&self, state: &mut State, reading: Reading) {
        let Reading { conf, problems, good } = reading;
        let mut all = state.notices.clone();
        all.extend(self.0.files.remarks());
        all.extend(problems);
        all.extend(self.0.files.keep_good(&good));
        let conf = Arc::new(conf);
        let document = good.clone();
        state.good = good;
        let in_force = InForce { conf: Arc::clone(&conf), document, problems: Arc::new(all) };
        self.0.in_force.store(Arc::new(in_force));
        for follow in self.followers().iter() {
            follow(&conf);
        }
        self.0.conf.send_replace(conf);
    }

    fn followers(&self) -> MutexGuard<'_, Vec<Follower>> {
        self.0.followers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the file, unless it is no longer what we have `seen`.
    fn replace(&self, seen: &[u8], document: &Document) -> Result<Vec<u8>, ChangeError> {
        let bytes = file::write(document)
            .map_err(|reason| ChangeError::Disk(format!("conf.json {reason}")))?;
        let disk = |error| {
            let reason = problem::in_words(&error);
            ChangeError::Disk(format!("conf.json could not be written: {reason}"))
        };
        let draft = Draft::write(&self.0.files.conf, &bytes).map_err(disk)?;
        // As late as can be: the draft may have waited for a slow card.
        match self.0.files.read() {
            Ok(text) if text.bytes == seen => {}
            Err(Unreadable::Missing) => {}
            Ok(_) | Err(_) => {
                let message = "conf.json was edited at this very moment: try again";
                return Err(ChangeError::HandEdit(message.into()));
            }
        }
        draft.commit().map_err(disk)?;
        Ok(bytes)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("data", &self.0.data).finish_non_exhaustive()
    }
}
