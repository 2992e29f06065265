//! From a document to the configuration in force, and what is wrong.
//!
//! A wrong section is replaced by that of the last good copy, else by its defaults; a wrong
//! trigger is left out. Nothing else suffers from it.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use serde_json::Value;

use super::{
    Board, Conf, Document, Line, Server, TriggerBody,
    board::{self, Offsets},
    fields::{self, Fields},
    gateway, schedule, sections, subscription,
};
use crate::{
    engine::{Bells, Source, TriggerId},
    store::Problem,
};

/// What a document says.
#[derive(Clone)]
pub struct Reading {
    /// The configuration, every default filled in.
    pub conf: Conf,
    /// What is wrong in the document.
    pub problems: Vec<Problem>,
    /// The document with its wrong sections replaced: what the last good copy is to hold.
    pub good: Document,
}

/// Reads a document. `last` is what was good before; relative paths are relative to `data`.
pub fn read(document: &Document, last: &Document, data: &Path) -> Reading {
    let mut found = Sections { last, good: document.clone(), problems: strangers(document) };
    let server = found.read("server", |fields| sections::server(fields, data));
    let new = last.get("auth").and_then(|auth| auth.get("password")).is_none();
    let auth = found.read("auth", |fields| sections::auth(fields, new));
    let serial = found.read("serial", sections::serial);
    let board = found.read("board", board::read);
    let audio = found.read("audio", sections::audio);
    let clock = found.read("clock", sections::clock);
    let gateway = found.read("gateway", gateway::read);
    let schedule = found.read("schedule", schedule::read);
    let school_calendar = found.read("school_calendar", subscription::read);
    let triggers = found.value("triggers", Value::is_object, "an object");
    let Sections { good, mut problems, .. } = found;

    let (mut board, mut offsets) = board.unwrap_or_default();
    let bells = bells(&triggers, &mut board, &mut offsets, &mut problems);
    let conf = Conf {
        server: server.unwrap_or_else(|| Server::in_folder(data)),
        auth: auth.unwrap_or_default(),
        serial: serial.unwrap_or_default(),
        board,
        audio: audio.unwrap_or_default(),
        gateway: gateway.unwrap_or_default(),
        bells: Arc::new(bells),
        clock: clock.unwrap_or_default(),
        schedule: Arc::new(schedule.unwrap_or_default()),
        school_calendar: school_calendar.flatten(),
    };
    Reading { conf, problems, good }
}

const SECTIONS: [&str; 10] = [
    "server",
    "auth",
    "serial",
    "triggers",
    "board",
    "audio",
    "clock",
    "gateway",
    "schedule",
    "school_calendar",
];

fn strangers(document: &Document) -> Vec<Problem> {
    let unknown = document.keys().filter(|key| !SECTIONS.contains(&key.as_str()));
    unknown
        .map(|key| Problem::warning(fields::quoted(key), "unknown key, ignored (and kept)"))
        .collect()
}

struct Sections<'a> {
    last: &'a Document,
    good: Document,
    problems: Vec<Problem>,
}

impl Sections<'_> {
    /// Reads one section, or the last good one; `None` where its defaults are in force.
    fn read<T>(&mut self, name: &str, parse: impl Fn(&mut Fields<'_>) -> Option<T>) -> Option<T> {
        let empty = Value::Object(Document::new());
        let section = self.good.get(name).filter(|value| !value.is_null()).unwrap_or(&empty);
        if let Some(value) = fields::read(name, section, &mut self.problems, &parse) {
            return Some(value);
        }
        let last = self.last.get(name);
        let value = last.and_then(|last| fields::read(name, last, &mut Vec::new(), &parse));
        self.replace(name, last.filter(|_| value.is_some()));
        value
    }

    /// As [`Self::read`], for a section that is taken as it stands; an empty object where there
    /// is none.
    fn value(&mut self, name: &str, right: impl Fn(&Value) -> bool, expected: &str) -> Value {
        let empty = Value::Object(Document::new());
        let section = self.good.get(name).filter(|value| !value.is_null()).unwrap_or(&empty);
        if right(section) {
            return section.clone();
        }
        let found = fields::found(section);
        self.problems.push(Problem::error(name, format!("found {found}, expected {expected}")));
        let last = self.last.get(name).filter(|last| right(last));
        self.replace(name, last);
        last.cloned().unwrap_or(empty)
    }

    fn replace(&mut self, name: &str, last: Option<&Value>) {
        let message = if let Some(last) = last {
            self.good.insert(name.into(), last.clone());
            "until this is mended, the last good settings are in force"
        } else {
            self.good.shift_remove(name);
            match name {
                "auth" => "until this is mended, nobody can sign in",
                "triggers" => "until this is mended, nothing rings",
                "schedule" => "until this is mended, nothing rings by itself",
                _ => "until this is mended, the defaults are in force",
            }
        };
        self.problems.push(Problem::warning(name, message));
    }
}

fn bells(
    triggers: &Value,
    board: &mut Board,
    offsets: &mut Offsets,
    problems: &mut Vec<Problem>,
) -> Bells {
    let mut bells = BTreeMap::new();
    let mut fired: BTreeMap<_, TriggerId> = BTreeMap::new();
    for (id, value) in triggers.as_object().into_iter().flatten() {
        let path = trigger_path(id);
        let id: TriggerId = match id.parse() {
            Ok(id) => id,
            Err(error) => {
                problems.push(Problem::error(path, format!("{error}")));
                continue;
            }
        };
        let Some((_, trigger)) = TriggerBody::read(&path, &id, value, problems) else { continue };
        if let Source::Line(line) = &trigger.source {
            let refused = match fired.get(line) {
                Some(other) => Err(format!(
                    "line {line} fires trigger {other} already, and a line fires one trigger"
                )),
                None if board.lines.iter().any(|known| known.id == *line) => Ok(()),
                None => offsets.add_line(&mut board.lines, Line::named(line.clone())),
            };
            if let Err(reason) = refused {
                problems.push(Problem::error(format!("{path}.type"), reason));
                continue;
            }
            fired.insert(line.clone(), id.clone());
        }
        bells.insert(id, trigger);
    }
    Bells { triggers: bells }
}

/// The path of a trigger.
pub fn trigger_path(id: &str) -> String {
    format!("triggers.{}", fields::quoted(id))
}
