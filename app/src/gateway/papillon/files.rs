//! Files and links that hang on something, and how their addresses are given out.
//!

use pronote_client::{Client, Key, features::Attachment};
use serde::Serialize;
use url::Url;

use super::Asker;

/// How the address of a file is given out: PRONOTE's own, or one of ours.
pub trait Links: Send + Sync {
    /// Where an attachment is found.
    fn attachment(&self, client: &Client, attachment: &Attachment) -> Option<String>;

    /// Where the pupil's photo is found, which PRONOTE has at `url`.
    fn photo(&self, client: &Client, url: &Url) -> Option<String>;
}

/// PRONOTE's own addresses, which die with its session.
#[derive(Debug, Clone, Copy)]
pub struct Direct;

/// A file or a link. Its `type` is PRONOTE's kind: 0 a link, 1 a file.
#[derive(Debug, Serialize)]
pub struct File {
    id: Key,
    name: String,
    url: Option<String>,
    #[serde(rename = "type")]
    kind: i64,
}

impl Links for Direct {
    fn attachment(&self, _: &Client, attachment: &Attachment) -> Option<String> {
        attachment.url.as_ref().map(Url::to_string)
    }

    fn photo(&self, _: &Client, url: &Url) -> Option<String> {
        Some(url.to_string())
    }
}

impl Asker<'_> {
    /// Attachments as an answer lists them.
    pub(super) fn files<'f>(
        &self,
        attachments: impl IntoIterator<Item = &'f Attachment>,
    ) -> Vec<File> {
        let file = |attachment: &Attachment| File {
            id: attachment.key,
            name: attachment.name.clone(),
            url: self.links.attachment(self.client, attachment),
            kind: attachment.kind.code(),
        };
        attachments.into_iter().map(file).collect()
    }
}
