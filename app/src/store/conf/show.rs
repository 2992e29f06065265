//! What the API shows of the configuration: everything in force, no secret.

use serde_json::{Value, json};

use super::{
    Attachments, Board, Conf, Document, Gateway, GatewayLimits, HostPattern, SessionStore,
    Subscription, TriggerBody,
};

const MASK: &str = "***";

/// The configuration in force with its defaults, and what else the document holds; no secrets.
pub fn masked(conf: &Conf, document: &Document) -> Value {
    let mut shown = json!({
        "server": {
            "host": conf.server.host,
            "port": conf.server.port,
            "tls_cert": conf.server.tls_cert,
            "tls_key": conf.server.tls_key,
        },
        "auth": {
            "username": conf.auth.username,
            "password": conf.auth.password_hash.as_ref().map(|_| MASK),
        },
        "serial": {
            "enabled": conf.serial.enabled,
            "port": conf.serial.port,
            "baudrate": conf.serial.baudrate,
            "timeout": conf.serial.timeout.as_secs_f64(),
        },
        "triggers": triggers(conf, document),
        "board": board(&conf.board),
        "audio": { "device": conf.audio.device, "buffer_frames": conf.audio.buffer_frames },
        "clock": { "trust": if conf.clock.is_right { "always" } else { "auto" } },
        "gateway": gateway(&conf.gateway),
        "schedule": &*conf.schedule,
        "school_calendar": {
            "url": conf.school_calendar.as_ref().map(Subscription::shown),
            "place": conf.school_calendar.as_ref().and_then(|from| from.place),
        },
    });
    add_missing(&mut shown, document);
    mask(&mut shown);
    shown
}

/// A trigger with every default filled in, and its other keys; `None` where it is wrong.
pub fn shown_trigger(id: &str, value: &Value) -> Option<Value> {
    let (body, _) = TriggerBody::read("", id, value, &mut Vec::new())?;
    let mut shown = serde_json::to_value(body).ok()?;
    add_missing(&mut shown, value.as_object()?);
    Some(shown)
}

/// The triggers in force, as the document orders them.
pub fn triggers(conf: &Conf, document: &Document) -> Value {
    let entries = document.get("triggers").and_then(Value::as_object).into_iter().flatten();
    let in_force = |id: &str| conf.bells.triggers.keys().any(|known| **known == *id);
    let shown = entries
        .filter(|(id, _)| in_force(id))
        .filter_map(|(id, value)| Some((id.clone(), shown_trigger(id, value)?)));
    Value::Object(shown.collect())
}

fn board(board: &Board) -> Value {
    let lines = board.lines.iter().map(|line| {
        let shown = json!({
            "offset": line.offset,
            "bias": line.bias,
            "active": line.active,
            "debounce_ms": line.debounce.as_millis(),
        });
        (line.id.to_string(), shown)
    });
    let outputs = board.outputs.iter().map(|output| {
        (output.id.to_string(), json!({ "offset": output.offset, "active": output.active }))
    });
    json!({
        "kind": board.kind.to_string(),
        "lines": lines.collect::<Document>(),
        "outputs": outputs.collect::<Document>(),
    })
}

fn gateway(gateway: &Gateway) -> Value {
    let GatewayLimits {
        failed_logins_per_hour,
        requests_per_minute_per_address,
        calls_per_second_per_school,
        request_deadline_seconds,
    } = gateway.limits;
    let names =
        |patterns: &[HostPattern]| -> Vec<_> { patterns.iter().map(ToString::to_string).collect() };
    json!({
        "enabled": gateway.enabled,
        "listen": gateway.listen.as_ref().map(|(host, port)| match host.contains(':') {
            true => format!("[{host}]:{port}"),
            false => format!("{host}:{port}"),
        }),
        "store": match &gateway.store {
            SessionStore::Memory => "memory",
            SessionStore::Redis(address) => address.as_str(),
        },
        "token_ttl_seconds": gateway.token_ttl.as_secs(),
        "allowed_hosts": names(&gateway.allowed_hosts),
        "allow_private_hosts": gateway.allow_private_hosts,
        "attachments": match gateway.attachments {
            Attachments::Direct => "direct",
            Attachments::Proxied => "proxied",
        },
        "trusted_proxies": gateway.trusted_proxies,
        "limits": {
            "failed_logins_per_hour": failed_logins_per_hour,
            "requests_per_minute_per_address": requests_per_minute_per_address,
            "calls_per_second_per_school": calls_per_second_per_school,
            "request_deadline_seconds": request_deadline_seconds,
        },
    })
}

/// Adds the keys of `document` that `shown` lacks: those that are unknown here.
fn add_missing(shown: &mut Value, document: &Document) {
    let Value::Object(shown) = shown else { return };
    for (key, value) in document {
        match shown.get_mut(key) {
            None => {
                shown.insert(key.clone(), value.clone());
            }
            // A trigger that is not shown is not in force, and a line may be written otherwise.
            Some(_) if matches!(key.as_str(), "triggers" | "board" | "schedule") => {}
            Some(known) => {
                if let Value::Object(value) = value {
                    add_missing(known, value);
                }
            }
        }
    }
}

/// Masks what is a secret by its name, whoever's key it is, and passwords in addresses such as
/// `redis://:secret@host`.
fn mask(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let key = key.to_ascii_lowercase();
                let secret = ["password", "passwd", "secret", "token"];
                let named = secret.iter().any(|word| key.contains(word));
                if named && value.is_string() {
                    *value = MASK.into();
                } else {
                    mask(value);
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(mask),
        Value::String(text) => {
            if let Some((scheme, rest)) = text.split_once("://")
                && let Some((_, host)) = rest.rsplit_once('@')
            {
                *text = format!("{scheme}://{MASK}@{host}");
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::store::conf::read;

    #[test]
    fn everything_in_force_is_shown_and_no_secret() {
        let hash = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA";
        let conf = json!({
            "auth": {"password": hash, "old_password": "secret"},
            "gateway": {"store": "redis://:secret@host:6379/0", "token_ttl_seconds": 300},
            "triggers": {
                "A": {"type": "gpio4", "music_file": "a.wav", "note": "kept", "apiToken": "secret"},
                "WRONG": {},
            },
            "school_calendar": {"url": "https://example.org/a.ics?key=secret"},
            "smtp": [{"client_secret": "secret"}],
        });
        let document = conf.as_object().unwrap();
        let reading = read(document, &Document::new(), Path::new("/data"));
        let shown = masked(&reading.conf, &reading.good);
        assert!(
            !shown.to_string().contains("\"secret\"") && !shown.to_string().contains(hash),
            "{shown}"
        );
        for (path, expected) in [
            ("/server/port", json!(8443)),
            ("/server/tls_key", json!("/data/certs/key.pem")),
            ("/auth/username", json!("admin")),
            ("/auth/password", json!("***")),
            ("/serial/timeout", json!(1.0)),
            ("/gateway/store", json!("redis://***@host:6379/0")),
            ("/gateway/token_ttl_seconds", json!(300)),
            ("/gateway/limits/calls_per_second_per_school", json!(20)),
            ("/gateway/allowed_hosts", json!(["*.index-education.net"])),
            ("/school_calendar/url", json!("https://example.org/a.ics?***")),
            ("/triggers/A/volume", json!(1.0)),
            ("/triggers/A/note", json!("kept")),
            (
                "/board/lines/GPIO4",
                json!({"offset": 4, "bias": "pull-up", "active": "low", "debounce_ms": 30}),
            ),
        ] {
            assert_eq!(shown.pointer(path), Some(&expected), "{path}");
        }
        assert_eq!(shown.pointer("/triggers/WRONG"), None);
    }
}
