//! Attachments: what hangs on homework, news, messages and punishments.
//!

use serde::{Deserialize, Serialize};
use url::Url;

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
    /// session's calls. Links to elsewhere are not followed for the user.
    pub async fn download(&self, attachment: &Attachment) -> Result<Vec<u8>, Error> {
        let own = |url: &&Url| url.as_str().starts_with(self.view().address.root().as_str());
        let url = attachment.url.as_ref().filter(own).filter(|_| attachment.kind.code() == 1);
        let Some(url) = url else {
            return Err(Error::Invalid("expected a file of this school, found a link".to_owned()));
        };
        self.fetch(url.clone()).await
    }

    pub(crate) async fn fetch(&self, url: Url) -> Result<Vec<u8>, Error> {
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
    list.list().filter_map(|node| attachment(node, view)).collect()
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
    Some(Attachment { key, name, kind, url })
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
}
