//! The start: what is in force when the file is not what it should be.

use std::{
    io,
    path::Path,
    sync::{Arc, Mutex},
    time::SystemTime,
};

use arc_swap::ArcSwap;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::{
    Conf, InForce, Inner, PasswordHash, Problem, State, Store, StoreError,
    atomic::Draft,
    conf::{self, Document},
    file::{self, Files, Text, Unreadable},
    problem,
};

/// Reads the configuration of a data folder and touches nothing: for a check beside a running
/// service.
pub fn inspect(data: &Path) -> Result<(Conf, Vec<Problem>), StoreError> {
    let files = Files::new(data);
    let mut text = files.read().map_err(|why| refusal(&files, why))?;
    let mut problems = files.remarks();
    if let Err(problem) = hash_password(&mut text.document) {
        problems.push(problem);
    }
    let reading = conf::read(&text.document, &last_good(&files), data);
    problems.extend(reading.problems);
    Ok((reading.conf, problems))
}

impl Store {
    /// Opens the configuration of a data folder. Whatever is wrong in it becomes a problem and
    /// something good is in force in its place; only where there is no file there is no store.
    pub fn open(data: &Path) -> Result<Self, StoreError> {
        let files = Files::new(data);
        files.sweep(SystemTime::now());
        let good = last_good(&files);
        let mut notices = Vec::new();
        let text = match files.read() {
            Ok(text) => text,
            Err(Unreadable::Access(reason)) => {
                let message = format!("{reason}; {} until this is mended", stand_in(&good));
                notices.push(Problem::error("conf.json", message));
                Text { bytes: Vec::new(), document: good.clone() }
            }
            Err(Unreadable::Content(reason)) => restore(&files, &reason, &good, &mut notices),
            Err(why @ Unreadable::Missing) => return Err(refusal(&files, why)),
        };
        let reading = conf::read(&Document::new(), &good, data);
        let (conf, _) = watch::channel(Arc::new(reading.conf));
        let in_force = ArcSwap::from_pointee(InForce {
            conf: Arc::clone(&conf.borrow()),
            document: Document::new(),
            problems: Arc::default(),
        });
        let state = Mutex::new(State { text: Text::default(), good, notices });
        let followers = Mutex::default();
        let data = data.into();
        let store = Self(Arc::new(Inner { data, files, state, in_force, conf, followers }));
        store.install(&mut store.lock(), text);
        Ok(store)
    }
}

fn last_good(files: &Files) -> Document {
    file::read(&files.last_good).map(|text| text.document).unwrap_or_default()
}

fn stand_in(good: &Document) -> &'static str {
    if good.is_empty() {
        "there is no last good copy, so nothing rings and nobody can sign in"
    } else {
        "the last good copy is in force"
    }
}

pub(super) fn refusal(files: &Files, why: Unreadable) -> StoreError {
    match why {
        Unreadable::Missing => StoreError::Missing(files.conf.display().to_string()),
        Unreadable::Access(reason) | Unreadable::Content(reason) => StoreError::Unreadable(reason),
    }
}

/// Puts the last good copy in the place of an unreadable file, which is kept aside.
fn restore(files: &Files, reason: &str, good: &Document, notices: &mut Vec<Problem>) -> Text {
    let mut document = good.clone();
    // Without a last good copy an empty configuration is written, so that the box starts again.
    document.entry("triggers").or_insert_with(|| json!({}));
    let restore = || -> io::Result<_> {
        let bytes = file::write(&document).map_err(io::Error::other)?;
        let draft = Draft::write(&files.conf, &bytes)?;
        let aside = files.keep_aside(jiff::Timestamp::now())?;
        draft.commit()?;
        Ok((aside, bytes))
    };
    let (kept, bytes) = match restore() {
        Ok((aside, bytes)) => {
            (format!("it was kept as {}", aside.file_name().unwrap_or_default().display()), bytes)
        }
        Err(error) => {
            (format!("it could not be replaced: {}", problem::in_words(&error)), Vec::new())
        }
    };
    notices.push(Problem::error("conf.json", format!("{reason}; {kept}; {}", stand_in(good))));
    Text { bytes, document }
}

/// Puts the hash in the place of a password in clear; whether there was one.
pub(super) fn hash_password(document: &mut Document) -> Result<bool, Problem> {
    let password = document.get_mut("auth").and_then(|auth| auth.get_mut("password"));
    let Some(Value::String(text)) = password else { return Ok(false) };
    if text.is_empty() || PasswordHash::is_hash(text) {
        return Ok(false);
    }
    let hash = PasswordHash::of(text);
    *text =
        hash.map_err(|error| Problem::error("auth.password", error.to_string()))?.expose().into();
    Ok(true)
}
