//! `appelpolling`: what is new, as soon as it is.
//!
//! Polls have numbers of their own and go beside the calls: 1, 2 … until 2024, -1, -2 … since 2025.

use std::time::Duration;

use serde_json::json;

use super::fault::strike;
use super::http::{Manner, Reply, Request};
use super::json::Json;
use super::server::{Server, refuse};
use super::session::Session;
use super::state::State;
use crate::protocol::envelope;
use crate::protocol::order;
use crate::protocol::packing::Author;

/// The function that a poll names.
pub(crate) const POLLING: &str = "polling";

/// How long a poll waits for something new.
const PATIENCE: Duration = Duration::from_secs(20);

/// The most news that wait for a session.
const WAITING: usize = 32;

/// Answers a poll. Where nothing is new and it `may_wait`, it is to be held, and not counted yet.
pub(crate) fn answer(
    server: &Server,
    request: &Request,
    number: &str,
    asked: &str,
    may_wait: bool,
) -> Reply {
    let mut state = server.state();
    let state = &mut *state;
    let number = number.parse::<u32>().unwrap_or(0);
    let fault = strike(&mut state.faults, POLLING);
    if let Some(reply) =
        fault.as_ref().and_then(|fault| fault.instead(server.generation.names.wait))
    {
        state.record(number, POLLING.to_owned(), None);
        return reply;
    }
    let now = state.clock.now();
    let Some(session) = state.sessions.get_mut(&number) else { return refuse(8) };
    if session.last_call.saturating_add(server.options.idle) < now {
        state.sessions.remove(&number);
        return refuse(10);
    }
    let (names, packing) = (server.generation.names, server.options.packing);
    let read = envelope::Request::read(&request.body, names, packing, &session.cipher);
    let Ok(Some(order)) = order::read(asked, &session.cipher) else { return refuse(13) };
    let sign = if server.generation.polls_backwards { -1 } else { 1 };
    let is_next = order == sign * (session.polled + 1);
    if !is_next || session.account().is_none() {
        state.sessions.remove(&number);
        return refuse(11);
    }
    if !read.is_ok_and(|read| read.session == number && read.function == POLLING) {
        return refuse(21);
    }
    session.last_call = now;
    let is_held = session.pushed.is_empty() && may_wait;
    let mut reply = write(server, session, order - sign);
    if is_held {
        reply.manner = Manner::Held(PATIENCE);
    } else {
        session.polled += 1;
        session.pushed.clear();
        state.record(number, POLLING.to_owned(), None);
    }
    match fault {
        Some(fault) if !is_held => fault.spoil(reply),
        _ => reply,
    }
}

/// What happened to an account in one session is news to its others.
pub(crate) fn to_others(server: &Server, state: &mut State, session: &Session) {
    let account = session.account();
    let others = state.sessions.values_mut().filter(|other| other.number != session.number);
    others
        .filter(|other| account.is_some() && other.account() == account)
        .for_each(|other| note(other, "actualisationMessage"));
    server.tell();
}

/// Tells every session that is open.
pub(crate) fn to_all(server: &Server, name: &str) {
    let mut state = server.state();
    let open = state.sessions.values_mut().filter(|session| session.account().is_some());
    open.for_each(|session| note(session, name));
    server.tell();
}

fn note(session: &mut Session, name: &str) {
    if session.pushed.len() < WAITING && !session.pushed.iter().any(|known| known == name) {
        session.pushed.push(name.to_owned());
    }
}

fn write(server: &Server, session: &Session, order: i64) -> Reply {
    let (names, packing) = (server.generation.names, server.options.packing);
    let data: serde_json::Map<_, _> =
        session.pushed.iter().map(|name| (name.clone(), json!(true))).collect();
    let secured = json!({ names.payload: data, names.signature: { "ModeExclusif": false } });
    let mut body = Json::empty();
    body.put(names.session, session.number);
    body.put(names.order, session.cipher.encrypt(order.to_string().as_bytes()).to_uppercase());
    body.put(names.function, POLLING);
    body.put(names.secured, &packing.pack(Author::Server, secured, &session.cipher));
    Reply::new(200, "application/json; charset=utf-8", body.into_text())
}
