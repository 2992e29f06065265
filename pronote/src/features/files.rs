//! Attachments: what hangs on homework, news, messages and punishments.
//!

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use url::Url;

use super::FileRef;
use crate::{
    Client, Error, Key,
    client::View,
    http::{HttpError, HttpFault},
    key::part,
    protocol::value::Node,
};

/// A file or a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its name in every session.
    pub key: Key,
    /// The file's name, or the link's.
    pub name: String,
    /// What it is.
    pub kind: AttachmentKind,
    /// Where it is. A file's address needs no cookie and is good for as long as the session.
    pub url: Option<Url>,
    /// What finds a file again when its address is dead; links have none.
    #[serde(default)]
    pub file_ref: Option<FileRef>,
}

/// What an attachment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentKind {
    /// An address elsewhere.
    Link,
    /// A file on the school's server.
    File,
    /// A file in a cloud.
    Cloud,
    /// A digital resource.
    Kiosk,
    /// A video conference.
    VideoLink,
    /// Another kind, as PRONOTE numbers it.
    Other(i64),
}

impl AttachmentKind {
    /// PRONOTE's number.
    pub fn code(self) -> i64 {
        match self {
            Self::Link => 0,
            Self::File => 1,
            Self::Cloud => 2,
            Self::Kiosk => 3,
            Self::VideoLink => 4,
            Self::Other(code) => code,
        }
    }

    pub(super) fn is_file(self) -> bool {
        self == Self::File
    }

    fn of_code(code: i64) -> Self {
        match code {
            0 => Self::Link,
            1 => Self::File,
            2 => Self::Cloud,
            3 => Self::Kiosk,
            4 => Self::VideoLink,
            code => Self::Other(code),
        }
    }
}

impl Client {
    /// Fetches a file of the school's server, bounded as every answer is. It takes no turn of the
    /// session's calls, but where the address is an earlier session's the file is looked up first
    /// ([`Client::fetch`]). Links to elsewhere are not followed for the user.
    pub async fn download(&self, attachment: &Attachment) -> Result<Vec<u8>, Error> {
        let view = self.view();
        let own = |url: &&Url| url.as_str().starts_with(view.address.root().as_str());
        let url = attachment.url.as_ref().filter(own).filter(|_| attachment.kind.is_file());
        let Some(url) = url else {
            return Err(Error::Invalid("expected a file of this school, found a link".to_owned()));
        };
        if view.made(url) {
            match self.fetch_url(url.clone()).await {
                Err(error) if self.has_begun_anew(view.epoch, &error).await? => {}
                file => return file,
            }
        }
        self.fetch(attachment.file_ref.as_ref().ok_or(Error::Gone("a file"))?).await
    }

    /// Whether a file was not found because its session has ended; then there is a new one now.
    pub(super) async fn has_begun_anew(&self, epoch: u32, error: &Error) -> Result<bool, Error> {
        let is_gone = matches!(error, Error::Http(HttpError { fault: HttpFault::Status(_), .. }));
        if is_gone && self.view().epoch == epoch {
            // Any call tells, and begins a new session where the old one is over.
            self.keep_alive().await?;
        }
        Ok(is_gone && self.view().epoch != epoch)
    }

    pub(super) async fn fetch_url(&self, url: Url) -> Result<Vec<u8>, Error> {
        let browser = crate::http::Browser::new(self.shared.transport.clone());
        let page = browser.get(url).await?;
        if page.status != 200 {
            return Err(HttpError::at("GET", &page.url, HttpFault::Status(page.status)).into());
        }
        Ok(page.body)
    }
}

/// The attachments of a list.
pub(crate) fn attachments(list: Node<'_>, view: &View) -> Vec<Attachment> {
    let mut files: Vec<_> = list.list().filter_map(|node| attachment(node, view)).collect();
    // Telephones call every picture by one name: they are told apart by their order.
    let mut seen = HashMap::new();
    for file in &mut files {
        let count: &mut u32 = seen.entry(file.key).or_default();
        *count += 1;
        if *count > 1 {
            file.key = Key::of("again", &[&file.key, &*count]);
        }
    }
    files
}

fn attachment(node: Node<'_>, view: &View) -> Option<Attachment> {
    // A link may have an address only, and a file a name only.
    let address = node.field("url").text();
    let name = node.label().or_else(|| address.clone())?;
    let kind = AttachmentKind::of_code(node.kind().unwrap_or(i64::from(address.is_none())));
    let url = match kind {
        AttachmentKind::File => node.id().map(|id| view.file(&id, &name, None)),
        _ => address.as_deref().or(Some(&name)).and_then(|url| Url::parse(url).ok()),
    };
    let key = Key::of("attachment", &[&name, &kind.code(), &part(address.as_ref())]);
    Some(Attachment { key, name, kind, url, file_ref: None })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn files_and_links_are_read() {
        let view = View::example();
        let list = json!({"_T": 24, "V": [
            {"N": "48#abc", "L": "Énoncé n°1.pdf", "G": 1},
            {"N": "9#d", "L": "Le site", "G": 0, "url": "https://example.org/a"},
            {"L": "https://example.org/b", "G": 0},
            {"G": 1},
            {"L": "nulle part", "G": 0},
        ]});
        let read = attachments(Node::new(&list.into()), &view);
        let [file, link, bare, nowhere] = &read[..] else { panic!("four of five") };
        let url = file.url.as_ref().unwrap();
        assert!(url.path().ends_with("/%C3%89nonc%C3%A9%20n%C2%B01.pdf"), "{url}");
        assert!(url.path().starts_with("/pronote/FichiersExternes/"));
        assert_eq!(url.query(), Some("Session=7"));
        assert_eq!(link.url.as_ref().unwrap().as_str(), "https://example.org/a");
        assert_eq!(bare.url.as_ref().unwrap().as_str(), "https://example.org/b");
        assert_eq!((nowhere.kind, &nowhere.url), (AttachmentKind::Link, &None));
    }

    #[test]
    fn files_of_one_name_are_told_apart_in_every_session() {
        let list = |ids: [&str; 3]| json!(ids.map(|id| json!({"N": id, "L": "image.jpg", "G": 1})));
        let keys = |ids| -> Vec<Key> {
            let list = list(ids);
            let read = attachments(Node::new(&list.into()), &View::example());
            read.into_iter().map(|file| file.key).collect()
        };
        let mut first = keys(["1#a", "2#a", "3#a"]);
        assert_eq!(first, keys(["1#b", "2#b", "3#b"]));
        first.dedup();
        assert_eq!(first.len(), 3);
    }
}
