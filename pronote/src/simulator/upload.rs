//! `uploadfilesession`: a file sent before it is handed in.
//!
//! It takes an order number of its own, whether it works or not.

use serde_json::{Value, json};

use super::http::{Reply, Request};
use super::server::{Server, refuse};
use super::state::State;
use crate::protocol::order;

/// States of an upload, as they are answered.
const KEPT: u8 = 1;
const FAILED: u8 = 2;

/// The most files of a session that wait to be handed in.
const WAITING: usize = 10;

pub(crate) fn receive(
    server: &Server,
    state: &mut State,
    request: &Request,
    number: &str,
) -> Reply {
    let Some(session) = number.parse().ok().and_then(|number: u32| state.sessions.get_mut(&number))
    else {
        return refuse(8);
    };
    let [order_name, session_name, _, file_name, _] = server.generation.names.upload;
    let parts = parts(request);
    let text = |name: &str| {
        let part = parts.iter().find(|part| part.name == name)?;
        String::from_utf8(part.body.clone()).ok()
    };
    let (Some(sent), Some(told), Some(id)) =
        (text(order_name), text(session_name), text(file_name))
    else {
        return answer(FAILED);
    };
    if order::read(&sent, &session.cipher) != Ok(Some(session.expected))
        || told != session.number.to_string()
    {
        return refuse(11);
    }
    session.expected += 2;
    let file = parts.iter().find(|part| part.name == "files[]" && part.file_name.is_some());
    match file {
        Some(file) if session.uploads.len() < WAITING => {
            let name = file.file_name.as_deref().unwrap_or_default();
            session.uploads.insert(id, name.chars().take(NAME_LENGTH).collect());
            answer(KEPT)
        }
        _ => answer(FAILED),
    }
}

/// The longest name of a file.
const NAME_LENGTH: usize = 255;

struct Part {
    name: String,
    file_name: Option<String>,
    body: Vec<u8>,
}

fn answer(state: u8) -> Reply {
    Reply::json(&json!({ "etat": state, "donnees": Value::Null }))
}

/// The parts of a `multipart/form-data` body (RFC 7578), cut at the boundary.
fn parts(request: &Request) -> Vec<Part> {
    let boundary = request.header("content-type").and_then(|value| value.split_once("boundary="));
    let Some((_, boundary)) = boundary else { return Vec::new() };
    let boundary = format!("--{}", boundary.trim().trim_matches('"'));
    let mut out = Vec::new();
    let mut rest: &[u8] = &request.body;
    while let Some(start) = position(rest, boundary.as_bytes()) {
        rest = rest.get(start + boundary.len()..).unwrap_or_default();
        let end = position(rest, boundary.as_bytes()).unwrap_or(0);
        out.extend(rest.get(..end).and_then(part));
    }
    out
}

fn part(bytes: &[u8]) -> Option<Part> {
    let bytes = bytes.strip_prefix(b"\r\n").unwrap_or(bytes);
    let bytes = bytes.strip_suffix(b"\r\n").unwrap_or(bytes);
    let head_end = position(bytes, b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(bytes.get(..head_end)?).into_owned();
    let parameter = |name: &str| {
        let (_, rest) = head.split_once(&format!("{name}=\""))?;
        rest.split_once('"').map(|(value, _)| value.to_owned())
    };
    Some(Part {
        name: parameter("; name")?,
        file_name: parameter("filename"),
        body: bytes.get(head_end + 4..)?.to_vec(),
    })
}

fn position(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_cut_at_its_boundary() {
        let body = concat!(
            "--XX\r\nContent-Disposition: form-data; name=\"u_no\"\r\n\r\nAB\r\n",
            "--XX\r\nContent-Disposition: form-data; name=\"files[]\"; filename=\"é.txt\"\r\n",
            "Content-Type: text/plain\r\n\r\nline\r\n\r\nline\r\n--XX--\r\n"
        );
        let mut request = Request::post("/", body);
        request.headers.push(("content-type".into(), "multipart/form-data; boundary=XX".into()));
        let parts = parts(&request);
        assert_eq!(parts.len(), 2);
        assert_eq!((parts[0].name.as_str(), parts[0].body.as_slice()), ("u_no", b"AB".as_slice()));
        assert_eq!(parts[1].file_name.as_deref(), Some("é.txt"));
        assert_eq!(parts[1].body, b"line\r\n\r\nline");
    }
}
