//! What the functions answer, one file for each subject.
//!

pub(crate) mod attendance;
pub(crate) mod directory;
pub(crate) mod evaluations;
pub(crate) mod home;
pub(crate) mod homework;
pub(crate) mod mailing;
pub(crate) mod marks;
pub(crate) mod menus;
pub(crate) mod messages;
pub(crate) mod news;
pub(crate) mod personal;
pub(crate) mod preferences;
pub(crate) mod recipients;
pub(crate) mod report;
pub(crate) mod timetable;

use super::call::Call;
use super::ids::Kind;
use super::json::{Json, Write, object};
use super::school::people::{SUBJECTS, row};
use super::school::texts::FILES;

/// A subject as it is named everywhere.
pub(crate) fn subject(call: &Call<'_>, number: u32) -> Json {
    object!({ "L": row(&SUBJECTS, number).name, "N": call.id(Kind::Subject, number) })
}

/// A file or a link of the school's, by its rank in the table.
pub(crate) fn file(call: &Call<'_>, number: u32) -> Json {
    let (kind, name) = *row(&FILES, number % 7);
    let mut file = object!({ "L": name, "N": call.id(Kind::File, number % 7), "G": kind });
    if kind == 0 && number.is_multiple_of(2) {
        put(&mut file, "url", name);
        put(&mut file, "L", "Lien vers la vidéo");
    }
    file
}

/// Adds a field.
pub(crate) fn put(target: &mut Json, name: &str, value: impl Write) {
    target.put(name, value);
}

/// Adds a field where there is something to put in.
pub(crate) fn put_some(target: &mut Json, name: &str, value: Option<impl Write>) {
    if let Some(value) = value {
        put(target, name, value);
    }
}

/// Nothing to tell, as a write answers.
pub(crate) fn nothing() -> Json {
    Json::empty()
}
