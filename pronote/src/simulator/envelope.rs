//! A call from its HTTP body to its answer: order, keys, faults.
//!

use serde_json::Value;

use super::call::{self, Answer, Call, Trouble};
use super::fault::{Fault, strike};
use super::http::{Reply, Request};
use super::json::{Json, object};
use super::push;
use super::server::{Server, code_of, refuse};
use super::session::{Phase, Session};
use super::state::State;
use crate::protocol::crypto::Cipher;
use crate::protocol::envelope;
use crate::protocol::order;
use crate::protocol::packing::Author;

/// `appelfonction`
pub(crate) fn answer(server: &Server, request: &Request, number: &str, order: &str) -> Reply {
    let mut state = server.state();
    let Some(mut session) =
        number.parse().ok().and_then(|number: u32| state.sessions.remove(&number))
    else {
        let place = function_of(request);
        if let Some(reply) = strike(&mut state.faults, &place)
            .and_then(|fault| fault.instead(server.generation.names.wait))
        {
            return reply;
        }
        state.record(0, place, Some(8));
        return refuse(8);
    };
    let mut place = String::new();
    if !state.faults.is_empty() {
        place = function_of(request);
    }
    let fault = strike(&mut state.faults, &place);
    if let Some(reply) =
        fault.as_ref().and_then(|fault| fault.instead(server.generation.names.wait))
    {
        let code = if let Some(Fault::Refusal(code)) = fault { Some(code) } else { None };
        state.record(session.number, place, code);
        // What PRONOTE calls expired is gone; after any other refusal the order goes on.
        if !matches!(code, Some(5 | 8 | 10 | 11 | 13)) {
            // Whoever asks to wait has counted the call, too.
            let is_counted = code.is_some() || matches!(fault, Some(Fault::Wait(_)));
            session.expected += if is_counted { 2 } else { 0 };
            state.sessions.insert(session.number, session);
        }
        return reply;
    }
    let outcome = carry_out(server, &mut state, &mut session, request, order, fault.as_ref());
    let is_over = matches!(session.phase, Phase::Over);
    let (reply, function, code) = match outcome {
        Ok((reply, function)) => (reply, function, None),
        Err(code) => (refuse(code), function_of(request), Some(code)),
    };
    state.record(session.number, function, code);
    if code.is_none() && reply_tells_others(&state, &session) {
        push::to_others(server, &mut state, &session);
    }
    if !is_over && !matches!(code, Some(8 | 10 | 11 | 13)) {
        state.sessions.insert(session.number, session);
    }
    match fault {
        Some(fault) => fault.spoil(reply),
        None => reply,
    }
}

/// Answers a call in a session, or says the code of the refusal.
fn carry_out(
    server: &Server,
    state: &mut State,
    session: &mut Session,
    request: &Request,
    order: &str,
    fault: Option<&Fault>,
) -> Result<(Reply, String), i64> {
    let (names, packing) = (server.generation.names, server.options.packing);
    let now = state.clock.now();
    if session.last_call.saturating_add(server.options.idle) < now {
        return Err(10);
    }
    session.last_call = now;
    let asked = order::read(order, &session.cipher).map_err(|_| 13)?;
    if asked != Some(session.expected) {
        return Err(11);
    }
    let read =
        envelope::Request::read(&request.body, names, packing, &session.cipher).map_err(|_| 21)?;
    if read.session != session.number || !read.order.eq_ignore_ascii_case(order) {
        return Err(11);
    }
    session.expected += 2;
    session.calls += 1;
    let outcome = call::dispatch(Call {
        server,
        state,
        session,
        now,
        function: &read.function,
        data: &read.data,
        signature: read.signature.as_ref(),
        tab: 0,
        pupil: 0,
        account_index: 0,
    });
    let (answer, said) = match outcome {
        Ok(answer) => (answer, None),
        Err(Trouble::Said(text)) => (Answer::from(Json::empty()), Some(text)),
        Err(trouble) => return Err(code_of(&trouble).unwrap_or(21)),
    };
    let said = said.or(match fault {
        Some(Fault::Business(text)) => Some(text.clone()),
        _ => None,
    });
    let reply = write(server, session, &read.function, answer, said.as_deref(), fault);
    Ok((reply, read.function))
}

/// Whether the call just recorded is one that the account's other sessions hear of.
fn reply_tells_others(state: &State, session: &Session) -> bool {
    let last = state.calls.back();
    last.is_some_and(|call| call.session == session.number && call.place == "SaisieMessage")
}

fn write(
    server: &Server,
    session: &mut Session,
    function: &str,
    answer: Answer,
    said: Option<&str>,
    fault: Option<&Fault>,
) -> Reply {
    let (names, packing) = (server.generation.names, server.options.packing);
    let data = leave_out(answer.data, &server.options.without, function);
    let mut signature = object!({ "ModeExclusif": false });
    if let Some(text) = said {
        signature.put("Erreur", true);
        signature.put("MessageErreur", text);
    }
    let wrong = Cipher::of_material(b"nobody's key");
    let cipher = match fault {
        Some(Fault::WrongKey) => &wrong,
        _ => &session.cipher,
    };
    let skew = if fault == Some(&Fault::WrongOrder) { 40 } else { 0 };
    let number = u32::try_from(session.expected - 1 + skew).unwrap_or(0);
    let mut secured = Json::empty();
    secured.put(names.payload, data);
    secured.put("nom", function);
    secured.put(names.signature, signature);
    if let Some(report) = answer.report {
        secured.put("RapportSaisie", report);
    }
    let mut body = Json::empty();
    body.put(names.session, session.number);
    body.put(names.order, order::write(number, cipher).to_uppercase());
    body.put(names.function, function);
    match packing.pack_text(Author::Server, secured.text(), cipher) {
        Some(packed) => body.put(names.secured, packed),
        None => body.put(names.secured, secured),
    }
    if !answer.files.is_empty() {
        let files = Json::array(answer.files.into_iter().map(Json::from));
        body.put(names.unsecured, object!({ "fichiers": files }));
    }
    if let Some(next) = answer.next_cipher {
        session.cipher = next;
    }
    Reply::new(200, "application/json; charset=utf-8", body.into_text())
}

/// The function that a body names, before anything is checked: faults strike by it.
fn function_of(request: &Request) -> String {
    #[derive(serde::Deserialize)]
    struct Named {
        #[serde(alias = "nom")]
        id: String,
    }
    serde_json::from_slice::<Named>(&request.body).map(|named| named.id).unwrap_or_default()
}

/// Takes fields out of an answer, wherever they are.
fn leave_out(data: Json, without: &[String], function: &str) -> Json {
    let names: Vec<&str> = without
        .iter()
        .filter_map(|field| match field.split_once('.') {
            Some((only, name)) => (only == function).then_some(name),
            None => Some(field.as_str()),
        })
        .collect();
    if names.is_empty() {
        return data;
    }
    let mut value = serde_json::from_str(data.text()).unwrap_or_default();
    prune(&mut value, &names);
    Json::of(&value)
}

fn prune(value: &mut Value, names: &[&str]) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !names.contains(&name.as_str()));
            fields.values_mut().for_each(|value| prune(value, names));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| prune(value, names)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_left_out_wherever_they_are() {
        let value = json!({ "a": 1, "b": { "a": 2, "c": [{ "a": 3, "d": 4 }] } });
        let left = leave_out(Json::of(&value), &["F.a".to_owned(), "G.d".to_owned()], "F");
        assert_eq!(left.text(), r#"{"b":{"c":[{"d":4}]}}"#);
    }
}
