//! Files, photos, PDFs and calendars, by address.
//!
//! The address of a file is encrypted under the session's key: it dies with the session and needs no cookie.

use serde_json::Value;

use super::http::{Reply, Request};
use super::ids::Kind;
use super::school::people::{PUPILS, SUBJECTS, row};
use super::school::texts::FILES;
use super::school::timetable::week;
use super::school::{files, scatter};
use super::server::Server;
use super::session::Session;
use super::state::State;

/// `FichiersExternes/<hex>/<name>?Session=<h>`
pub(crate) fn file(state: &State, session: &str, secret: &str, name: &str) -> Reply {
    let Some(session) = find(state, session) else { return gone() };
    let Some(object) = open(session, secret) else { return gone() };
    let id = object.get("N").and_then(Value::as_str).unwrap_or_default();
    let name = percent_decoded(name);
    let is_real = match session.ids.read(id) {
        Some((Kind::File, number)) => row(&FILES, number).1 == name,
        Some((Kind::Pupil, number)) => name == "photo.jpg" && row(&PUPILS, number).has_photo,
        // Papers of marks say which of the two they are.
        Some((Kind::Mark, _)) => {
            matches!(object.get("G").and_then(Value::as_str), Some("DevoirSujet" | "DevoirCorrige"))
        }
        Some((Kind::Homework, _)) => true,
        _ => false,
    };
    if is_real && object.get("Actif") == Some(&Value::Bool(true)) {
        Reply::new(200, files::media_type(&name), files::contents(&name))
    } else {
        gone()
    }
}

/// `UrlUnique/<name>.pdf?S=<h>&ID=…`
pub(crate) fn pdf(state: &State, session: &str, name: &str) -> Reply {
    match find(state, session) {
        Some(_) => Reply::new(200, "application/pdf", files::pdf(name)),
        None => gone(),
    }
}

/// `ical/<name>.ics?icalsecurise=…&version=…&param=…`: needs no session at all.
pub(crate) fn calendar(server: &Server, state: &State, request: &Request) -> Reply {
    let key = request.parameter("icalsecurise").unwrap_or_default();
    let version = request.parameter("version");
    let pupil = (0u32..).zip(&PUPILS).find(|(number, _)| calendar_key(*number) == key);
    let (Some((_, pupil)), Some(_)) = (pupil, version) else { return gone() };
    let class = u32::try_from(pupil.class).expect("three classes");
    let now = server.calendar.week(state.clock.now().date()).max(1);
    let mut out =
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//simulator//PRONOTE//FR\r\n".to_owned();
    for lesson in (now..now + 4).flat_map(|number| week(&server.calendar, class, number)) {
        let subject = lesson.subject.map_or("Sans matière", |number| row(&SUBJECTS, number).name);
        let stamp = |at: jiff::civil::DateTime| at.strftime("%Y%m%dT%H%M%S").to_string();
        out.push_str(&format!(
            "BEGIN:VEVENT\r\nUID:{}@simulator\r\nDTSTART;TZID=Europe/Paris:{}\r\nDTEND;TZID=Europe/Paris:{}\r\nSUMMARY:{subject}{}\r\nEND:VEVENT\r\n",
            lesson.number,
            stamp(lesson.start()),
            stamp(lesson.end()),
            if lesson.is_cancelled { " (annulé)" } else { "" },
        ));
    }
    out.push_str("END:VCALENDAR\r\n");
    Reply::new(200, "text/calendar; charset=utf-8", out)
}

/// The secret of a pupil's calendar, the same in every session.
pub(crate) fn calendar_key(pupil: u32) -> String {
    let word = |salt: u32| format!("{:08X}", scatter(pupil ^ salt));
    [word(0x11), word(0x22), word(0x33), word(0x44)].concat()
}

fn find<'a>(state: &'a State, number: &str) -> Option<&'a Session> {
    state.sessions.get(&number.parse().ok()?).filter(|session| session.account().is_some())
}

/// The object in an address. pronotepy pads it twice, so what is left of padding goes.
fn open(session: &Session, secret: &str) -> Option<Value> {
    let clear = session.cipher.decrypt(secret).ok()?;
    let text = str::from_utf8(&clear).ok()?;
    serde_json::from_str(text.trim_end_matches(|c: char| ('\u{1}'..='\u{10}').contains(&c))).ok()
}

fn gone() -> Reply {
    Reply::html(404, "<h1>La page demandée n'existe pas</h1>")
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|pair| str::from_utf8(pair).ok());
        match hex.filter(|_| *first == b'%').and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_addresses_are_decoded() {
        for (text, expected) in [
            ("photo.jpg", "photo.jpg"),
            ("Fiche%20d'%C3%A9t%C3%A9.pdf", "Fiche d'été.pdf"),
            ("100%25%", "100%%"),
            ("%zz+%C3", "%zz+\u{fffd}"),
        ] {
            assert_eq!(percent_decoded(text), expected);
        }
    }
}
