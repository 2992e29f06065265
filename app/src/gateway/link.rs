//! Addresses of ours that stand for something of a session: sealed, for a while.
//!
//! Nobody can read or change what such an address holds; it dies with its token, or before.

use std::{fmt, time::Duration};

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use pronote_client::{
    Client,
    features::{Attachment, FileRef},
};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{
    papillon::Links,
    sessions::{Seal, SessionId},
};

/// How long an address is good.
const LIFE: Duration = Duration::from_secs(3600);

const PURPOSE: &str = "link";

/// What stands for itself in a name at the end of a path.
const NAME: AsciiSet = NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');

/// Where our own addresses begin, as a caller sees us: `https://box:8443`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(String);

/// What an address stands for.
#[derive(Serialize, Deserialize)]
pub(super) enum Target {
    /// A file or a photo.
    File(FileRef),
    /// The calendar that we write.
    Calendar,
}

/// What an address holds.
#[derive(Serialize, Deserialize)]
pub(super) struct Sealed {
    session: [u8; 32],
    pub(super) target: Target,
    until: Timestamp,
}

/// Gives out addresses for one session.
pub(super) struct SignedLinks<'a> {
    seal: &'a Seal,
    session: SessionId,
    base: &'a Base,
}

impl Base {
    /// Of a host and perhaps a port, as in the header `Host`. What is none gives relative addresses.
    pub fn new(secure: bool, host: &str) -> Self {
        let scheme = if secure { "https" } else { "http" };
        let url = Url::parse(&format!("{scheme}://{host}"));
        let plain =
            |url: &Url| url.path() == "/" && url.query().is_none() && url.username().is_empty();
        Self(match url.ok().filter(plain) {
            Some(url) => url.as_str().trim_end_matches('/').to_owned(),
            None => String::new(),
        })
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Sealed {
    /// Reads what an address holds, while it is good.
    pub(super) fn open(seal: &Seal, text: &str, now: Timestamp) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let sealed: Self = serde_json::from_slice(&seal.open(PURPOSE, &bytes)?).ok()?;
        (now <= sealed.until).then_some(sealed)
    }

    /// Whose it is.
    pub(super) fn session(&self) -> SessionId {
        self.session.into()
    }
}

impl Links for SignedLinks<'_> {
    fn attachment(&self, _: &Client, attachment: &Attachment) -> Option<String> {
        match attachment.file_ref {
            Some(file) => self.file(&file, &attachment.name),
            // A link leads where it led.
            None => attachment.url.as_ref().map(Url::to_string),
        }
    }

    fn photo(&self, client: &Client, _: &Url) -> Option<String> {
        self.file(&client.photo_ref()?, "photo.jpg")
    }
}

impl<'a> SignedLinks<'a> {
    pub(super) fn new(seal: &'a Seal, session: SessionId, base: &'a Base) -> Self {
        Self { seal, session, base }
    }

    /// Where the calendar is that we write.
    pub(super) fn calendar(&self) -> Option<String> {
        Some(format!("{}/calendar.ics?key={}", self.base, self.key(Target::Calendar)?))
    }

    fn file(&self, file: &FileRef, name: &str) -> Option<String> {
        let name = utf8_percent_encode(name, &NAME);
        Some(format!("{}/file?name={name}&key={}", self.base, self.key(Target::File(*file))?))
    }

    fn key(&self, target: Target) -> Option<String> {
        let until = Timestamp::now().checked_add(LIFE).ok()?;
        let sealed = Sealed { session: *self.session.as_bytes(), target, until };
        let bytes = serde_json::to_vec(&sealed).ok()?;
        Some(BASE64URL_NOPAD.encode(&self.seal.seal(PURPOSE, &bytes).ok()?))
    }
}
