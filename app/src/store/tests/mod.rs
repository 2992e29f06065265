//! The store as a whole, on a folder of its own.

mod changes;
mod files;

use std::{fs, path::Path};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{FieldError, Store};
use crate::engine::{Trigger, TriggerId};

// Its hash is cheap (8 KiB, one pass): the tests open stores by the hundred.
const HASH: &str = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA";

fn folder(conf: &Value) -> TempDir {
    let folder = TempDir::new().unwrap();
    write(folder.path(), conf);
    folder
}

fn write(folder: &Path, conf: &Value) {
    fs::write(folder.join("conf.json"), serde_json::to_string_pretty(conf).unwrap()).unwrap();
}

fn text(folder: &Path) -> String {
    fs::read_to_string(folder.join("conf.json")).unwrap()
}

fn small() -> Value {
    json!({
        "auth": {"password": HASH},
        "triggers": {"A": {"type": "GPIO1", "music_file": "a.wav"}},
    })
}

fn api(sound: &str) -> Value {
    json!({"type": "api", "music_file": sound})
}

fn id(id: &str) -> TriggerId {
    id.parse().unwrap()
}

fn ringing(store: &Store) -> Vec<String> {
    store.conf().bells.triggers.keys().map(ToString::to_string).collect()
}

fn told(store: &Store) -> String {
    store.problems().iter().map(|problem| format!("{problem}\n")).collect()
}

fn fine(_: &Trigger) -> Result<(), FieldError> {
    Ok(())
}
