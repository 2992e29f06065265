//! The sections `server`, `auth`, `serial`, `audio` and `clock`.

use std::{
    net::IpAddr,
    num::NonZeroU32,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::Value;

use super::{
    Audio, Auth, Clock, Serial, Server,
    fields::{self, Fields},
};
use crate::store::PasswordHash;

/// Reads the section `server`.
pub fn server(fields: &mut Fields<'_>, data: &Path) -> Option<Server> {
    let default = Server::in_folder(data);
    let host = fields.optional("host", "an IP address or a host name", |value| {
        value.as_str().filter(|host| is_host(host)).map(Into::into)
    });
    // 0 is for tests, which take any free port: nobody else is told of it.
    let port =
        fields.optional("port", "a number 1–65535", |value| u16::try_from(value.as_u64()?).ok());
    let mut file = |key, default| {
        let path = fields.optional(key, "the path of a PEM file", fields::some_text);
        path.map_or(default, |path| data.join(path))
    };
    let tls_cert = file("tls_cert", default.tls_cert);
    let tls_key = file("tls_key", default.tls_key);
    Some(Server {
        host: host.unwrap_or(default.host),
        port: port.unwrap_or(default.port),
        tls_cert,
        tls_key,
    })
}

/// Reads the section `auth`. A `new` box, which never had a password, may wait for its first.
pub fn auth(fields: &mut Fields<'_>, new: bool) -> Option<Auth> {
    let username = fields.optional("username", "a short name without \":\"", |value| {
        fields::some_text(value)
            .filter(|name| name.len() <= 200)
            .filter(|name| !name.contains(|c: char| c == ':' || c.is_control()))
    });
    let expected = "a password or its hash; `beffroi passwd` sets one";
    let text = if new && fields.raw("password").is_none() {
        fields.warning(
            "password",
            "nobody has set one yet: open the box's page with the claim code that the program \
             prints when it starts, or set one with `beffroi passwd`",
        );
        None
    } else {
        fields.required("password", expected, fields::some_text)
    };
    let hash = text.and_then(|text| {
        PasswordHash::parse(&text).map_err(|error| fields.error("password", error.to_string())).ok()
    });
    let default = Auth::default();
    Some(Auth { username: username.unwrap_or(default.username), password_hash: hash })
}

/// Reads the section `serial`.
pub fn serial(fields: &mut Fields<'_>) -> Option<Serial> {
    let default = Serial::default();
    let enabled = fields.optional("enabled", "true or false", Value::as_bool);
    let port = fields.optional("port", "the path of a serial port", fields::some_text);
    let baudrate = fields.optional("baudrate", "baud, 50–4000000", fields::whole(50, 4_000_000));
    let timeout = fields.optional("timeout", "seconds, 0–3600", fields::number(0.0, 3600.0));
    Some(Serial {
        enabled: enabled.unwrap_or(default.enabled),
        port: port.map_or(default.port, PathBuf::from),
        baudrate: baudrate.unwrap_or(default.baudrate),
        // 0 was pySerial's word for "do not wait"; here it would be a busy loop.
        timeout: timeout
            .map_or(default.timeout, Duration::from_secs_f64)
            .max(Duration::from_millis(50)),
    })
}

/// Reads the section `audio`.
pub fn audio(fields: &mut Fields<'_>) -> Option<Audio> {
    let expected = "\"default\", \"null\", \"file:PATH.wav\" or the name of a sound card";
    let device = fields.optional("device", expected, fields::some_text);
    let (least, most) = Audio::BUFFER_FRAMES.into_inner();
    let frames = fields.optional("buffer_frames", "frames, 64–8192", fields::whole(least, most));
    let default = Audio::default();
    Some(Audio {
        device: device.unwrap_or(default.device),
        buffer_frames: frames.and_then(NonZeroU32::new).unwrap_or(default.buffer_frames),
    })
}

/// Reads the section `clock`.
pub fn clock(fields: &mut Fields<'_>) -> Option<Clock> {
    let trust =
        fields.optional("trust", "\"auto\" or \"always\"", |value| match value.as_str()? {
            "auto" => Some(false),
            "always" => Some(true),
            _ => None,
        });
    Some(Clock { is_right: trust.unwrap_or_default() })
}

fn is_host(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    // Only digits and dots: an address with a slip, not a name.
    let name = (1..=253).contains(&text.len())
        && text.chars().all(plain)
        && text.chars().any(|c| c.is_ascii_alphabetic());
    name || text.parse::<IpAddr>().is_ok()
}
