//! A configuration that comes from a backup, together with its sounds and papers.
//!
//! What belongs to one box stays with it. From the instant at which `conf.json.restoring` is on
//! disk, the restore is completed, by the next start if need be: a power cut leaves all of the old
//! or all of the new.

use std::{fs, io, path::Path};

use jiff::Timestamp;
use serde_json::Value;

use super::{
    ChangeError, Problem, State, Store,
    atomic::Draft,
    conf::{self, Document, Reading},
    file::{self, Files, Text, Unreadable},
    papers::{self, Tray},
    problem::in_words,
    schedule::section,
};
use crate::sounds::{SoundFolder, Staging};

/// What never leaves a box, nor comes from another: who may enter, by which key it is known, and
/// where its gateway keeps sessions (an address that may hold a password).
const OWN: [(&str, Option<&str>); 4] = [
    ("auth", None),
    ("server", Some("tls_cert")),
    ("server", Some("tls_key")),
    ("gateway", Some("store")),
];

/// What a restore has put in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What of the given document is not in force, as paths: this box has its own.
    pub own: Vec<String>,
    /// What is wrong in the triggers; those ring not, all others do.
    pub problems: Vec<Problem>,
}

/// Why a configuration was not restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// A section of it cannot be used.
    #[error("conf.json of the backup: {0}; nothing was changed")]
    Wrong(Problem),
    /// As any change may be refused.
    #[error(transparent)]
    Refused(#[from] ChangeError),
    /// The disk failed in the middle.
    #[error("the restore broke off ({0}); it is completed when the program starts again")]
    Unfinished(String),
}

impl Store {
    /// The configuration as a backup holds it: every key of the file, but nothing secret and
    /// nothing that belongs to this box alone.
    pub fn portable(&self) -> Document {
        let mut document = self.0.in_force.load().document.clone();
        take_own(&mut document);
        document
    }

    /// Puts a configuration in force, and the sounds and papers that wait for it. This box keeps its
    /// own password, certificate and store of sessions. What its tables were stays as a version.
    pub fn restore(
        &self,
        mut document: Document,
        folder: &SoundFolder,
        sounds: Staging,
        tray: Tray,
        now: Timestamp,
    ) -> Result<Restored, RestoreError> {
        let mut state = self.lock();
        self.take_in_hand_edit(&mut state)?;
        let own = take_own(&mut document);
        put_own(&mut document, &state.text.document);
        let reading = conf::read(&document, &state.good, &self.0.data);
        let ours = |problem: &&Problem| problem.path.starts_with("auth");
        let of_trigger = |problem: &&Problem| problem.path.starts_with("triggers.");
        let errors =
            || reading.problems.iter().filter(|problem| problem.is_error() && !ours(problem));
        if let Some(wrong) = errors().find(|problem| !of_trigger(problem)) {
            return Err(RestoreError::Wrong(wrong.clone()));
        }
        let problems = errors().cloned().collect();
        let refused = |error: io::Error| ChangeError::Disk(in_words(&error));
        let bytes = file::write(&document)
            .map_err(|reason| ChangeError::Disk(format!("conf.json of the backup {reason}")))?;
        let draft = Draft::write(&self.0.files.restoring, &bytes).map_err(refused)?;
        let (was, is) = (section(&self.conf().schedule), section(&reading.conf.schedule));
        if was != is {
            self.versions().keep_found(&was, now).map_err(refused)?;
        }
        sounds.keep().map_err(refused)?;
        tray.keep().map_err(refused)?;
        draft.commit().map_err(refused)?;
        let completed = complete(&self.0.files, &bytes, folder);
        completed.map_err(|error| RestoreError::Unfinished(in_words(&error)))?;
        self.take_over(&mut state, Text { bytes, document }, reading);
        // In force already: a version that cannot be kept now is kept before the next change.
        if was != is
            && let Err(error) = self.versions().keep_found(&is, now)
        {
            tracing::warn!("the version of the tables was not kept: {error}");
        }
        Ok(Restored { own, problems })
    }

    fn take_over(&self, state: &mut State, text: Text, reading: Reading) {
        state.text = text;
        state.notices.clear();
        self.publish(state, reading);
    }
}

/// Completes a restore that a power cut has broken off, or forgets one that had not come so far.
/// Before anything else reads the data folder. Whether there was one to complete.
///
/// # Errors
/// The disk does not let it.
pub fn recover(data: &Path, folder: &SoundFolder) -> io::Result<bool> {
    let files = Files::new(data);
    match file::read(&files.restoring) {
        Ok(text) => complete(&files, &text.bytes, folder).map(|()| true),
        Err(Unreadable::Missing) => {
            folder.discard_staged()?;
            papers::discard(data).map(|()| false)
        }
        Err(Unreadable::Access(reason) | Unreadable::Content(reason)) => {
            Err(io::Error::other(reason))
        }
    }
}

/// May be broken off at any instant and done again.
fn complete(files: &Files, conf: &[u8], folder: &SoundFolder) -> io::Result<()> {
    folder.adopt_staged()?;
    if let Some(data) = files.conf.parent() {
        papers::adopt(data)?;
    }
    Draft::write(&files.conf, conf)?.commit()?;
    fs::remove_file(&files.restoring)?;
    files.restoring.parent().map_or(Ok(()), |data| fs::File::open(data)?.sync_all())
}

/// Takes out what belongs to one box; the paths of what there was.
fn take_own(document: &mut Document) -> Vec<String> {
    let mut taken = Vec::new();
    for (section, key) in OWN {
        let path = key.map_or(section.to_owned(), |key| format!("{section}.{key}"));
        let value = match key {
            None => document.shift_remove(section),
            Some(key) => match document.get_mut(section) {
                Some(Value::Object(section)) => section.shift_remove(key),
                _ => None,
            },
        };
        if value.is_some() {
            taken.push(path);
        }
    }
    taken
}

fn put_own(document: &mut Document, from: &Document) {
    for (section, key) in OWN {
        let Some(own) = from.get(section) else { continue };
        let Some(key) = key else {
            document.insert(section.into(), own.clone());
            continue;
        };
        let Some(own) = own.get(key) else { continue };
        let place = document.entry(section).or_insert_with(|| Document::new().into());
        if let Value::Object(place) = place {
            place.insert(key.into(), own.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tempfile::TempDir;

    use super::*;
    use crate::store::Paper;

    fn home() -> (TempDir, SoundFolder, Store) {
        let home = TempDir::new().unwrap();
        let own = json!({
            "auth": { "username": "admin", "password": "old" },
            "server": { "port": 8443, "tls_cert": "own.pem" },
            "triggers": { "OLD": { "type": "api", "music_file": "old.wav" } },
        });
        fs::write(home.path().join("conf.json"), own.to_string()).unwrap();
        let folder = SoundFolder::new(home.path().join("musiques"));
        folder.prepare().unwrap();
        let store = Store::open(home.path()).unwrap();
        (home, folder, store)
    }

    fn staged(folder: &SoundFolder) -> Staging {
        let staging = folder.stage().unwrap();
        staging.write(&"new.wav".parse().unwrap(), &mut "new".as_bytes()).unwrap();
        staging
    }

    fn restore(
        home: &TempDir,
        store: &Store,
        folder: &SoundFolder,
        document: Document,
    ) -> Result<Restored, RestoreError> {
        let tray = Tray::new(home.path()).unwrap();
        tray.put(Paper::Feed, b"new").unwrap();
        store.restore(document, folder, staged(folder), tray, Timestamp::UNIX_EPOCH)
    }

    fn document(value: &Value) -> Document {
        value.as_object().unwrap().clone()
    }

    fn new() -> Document {
        document(&json!({
            "auth": { "username": "other", "password": "other" },
            "server": { "port": 9443, "tls_key": "other.pem" },
            "triggers": {
                "NEW": { "type": "api", "music_file": "new.wav" },
                "BAD": { "type": "api", "music_file": "../new.wav" },
            },
            "note": 1,
        }))
    }

    #[test]
    fn a_box_keeps_what_is_its_own_and_its_sounds_come_with_the_rest() {
        let (home, folder, store) = home();
        let restored = restore(&home, &store, &folder, new()).unwrap();
        assert_eq!(restored.own, ["auth", "server.tls_key"]);
        assert!(restored.problems[0].path.starts_with("triggers.BAD"), "{restored:?}");
        let conf = store.conf();
        assert!(conf.auth.password_hash.as_ref().unwrap().verify("old"));
        assert_eq!(conf.auth.username, "admin");
        assert_eq!(conf.server.port, 9443);
        assert_eq!(conf.server.tls_cert, home.path().join("own.pem"));
        assert!(!store.portable().contains_key("auth"));
        assert_eq!(store.portable()["server"], json!({ "port": 9443 }));
        assert_eq!(conf.bells.triggers.keys().map(|id| &**id).collect::<Vec<_>>(), ["NEW"]);
        assert_eq!(folder.list().unwrap().len(), 1);
        assert_eq!(Paper::list(home.path()), [Paper::Feed]);
        let names: Vec<_> = fs::read_dir(home.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert!(!names.iter().any(|name| name.contains("restoring")), "{names:?}");
        assert_eq!(
            store.conf().bells.triggers,
            Store::open(home.path()).unwrap().conf().bells.triggers
        );
    }

    #[test]
    fn a_section_that_cannot_be_used_changes_nothing() {
        let (home, folder, store) = home();
        let before = fs::read(home.path().join("conf.json")).unwrap();
        let wrong = document(&json!({ "server": { "port": -1 }, "triggers": {} }));
        let refused = restore(&home, &store, &folder, wrong).unwrap_err();
        assert!(refused.to_string().contains("server.port: found -1"), "{refused}");
        assert_eq!(fs::read(home.path().join("conf.json")).unwrap(), before);
        assert_eq!(folder.list().unwrap(), []);
        assert_eq!(Paper::list(home.path()), []);
        assert!(!recover(home.path(), &folder).unwrap());
    }

    #[test]
    fn a_power_cut_leaves_all_of_the_old_or_all_of_the_new() {
        for (committed, sound, trigger) in [(false, false, "OLD"), (true, true, "NEW")] {
            let (home, folder, store) = home();
            drop(store);
            staged(&folder).keep().unwrap();
            let tray = Tray::new(home.path()).unwrap();
            tray.put(Paper::Feed, b"new").unwrap();
            tray.keep().unwrap();
            let mut conf = new();
            take_own(&mut conf);
            if committed {
                let bytes = file::write(&conf).unwrap();
                let path = Files::new(home.path()).restoring;
                Draft::write(&path, &bytes).unwrap().commit().unwrap();
            }
            assert_eq!(recover(home.path(), &folder).unwrap(), committed);
            assert!(!recover(home.path(), &folder).unwrap(), "once is enough");
            assert_eq!(folder.list().unwrap().len(), usize::from(sound));
            assert_eq!(Paper::list(home.path()).len(), usize::from(sound));
            assert!(!home.path().join(".restore").exists());
            let store = Store::open(home.path()).unwrap();
            assert!(store.conf().bells.triggers.contains_key(&trigger.parse().unwrap()));
        }
    }
}
