//! The address of a school's PRONOTE, as people write it.
//!

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::protocol::space::{Site, Space};

/// A school's PRONOTE and one of its spaces.
///
/// ```
/// use pronote_client::{Address, protocol::space::Space};
///
/// let address: Address = "0123456A.index-education.net/pronote/mobile.parent.html?fd=1".parse()?;
/// assert_eq!(address.root().as_str(), "https://0123456a.index-education.net/pronote/");
/// assert_eq!(address.space(), Space::Parent);
/// # Ok::<(), pronote_client::InvalidAddress>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Address {
    root: Url,
    space: Space,
}

/// Why a text is no address of a PRONOTE.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    /// No http or https address with a host.
    #[error(
        "expected the web address of a PRONOTE, such as https://0123456a.index-education.net/pronote/eleve.html"
    )]
    NotAnAddress,
    /// A page that is no space of PRONOTE.
    #[error("expected a page such as eleve.html or parent.html, found {0}")]
    UnknownPage(String),
}

impl Address {
    /// The pupils' space of an address without a page.
    pub fn new(root: Url, space: Space) -> Result<Self, InvalidAddress> {
        normal(root).map(|(root, _)| Self { root, space })
    }

    /// Everything before the page's name, with a slash at the end.
    pub fn root(&self) -> &Url {
        &self.root
    }

    /// The space.
    pub fn space(&self) -> Space {
        self.space
    }

    /// The same school, another space.
    #[must_use]
    pub fn with_space(mut self, space: Space) -> Self {
        self.space = space;
        self
    }

    /// The address of the space's page, with a query.
    pub fn page(&self, site: Site, query: &str) -> Url {
        let mut url = self.below(&self.space.page(site));
        url.set_query((!query.is_empty()).then_some(query));
        url
    }

    /// An address below the root.
    pub fn below(&self, path: &str) -> Url {
        let mut url = self.root.clone();
        url.set_path(&format!("{}{path}", self.root.path()));
        url
    }
}

impl FromStr for Address {
    type Err = InvalidAddress;

    /// Reads an address: scheme, page, query and last slash may be missing; no page means pupils.
    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let text = text.trim();
        let url = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let url = Url::parse(&url).map_err(|_| InvalidAddress::NotAnAddress)?;
        let (root, space) = normal(url)?;
        Ok(Self { root, space: space.unwrap_or(Space::Pupil) })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.page(Site::Desktop, "").as_str())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn normal(mut url: Url) -> Result<(Url, Option<Space>), InvalidAddress> {
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(InvalidAddress::NotAnAddress);
    }
    url.set_query(None);
    url.set_fragment(None);
    // Userinfo has no place there, and would end in logs.
    if url.set_username("").and_then(|()| url.set_password(None)).is_err() {
        return Err(InvalidAddress::NotAnAddress);
    }
    let path = url.path().trim_end_matches('/').to_owned();
    let (folder, last) = path.rsplit_once('/').unwrap_or(("", &path));
    let (folder, space) = if last.to_ascii_lowercase().ends_with(".html") {
        let space = Space::of_page(last);
        let (space, _) = space.ok_or_else(|| InvalidAddress::UnknownPage(last.to_owned()))?;
        (folder, Some(space))
    } else {
        (path.as_str(), None)
    };
    url.set_path(&format!("{folder}/"));
    Ok((url, space))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_paste_is_read() {
        for (text, root, space) in [
            ("https://a.fr/pronote/eleve.html", "https://a.fr/pronote/", Space::Pupil),
            ("https://a.fr/pronote", "https://a.fr/pronote/", Space::Pupil),
            ("https://a.fr/pronote/", "https://a.fr/pronote/", Space::Pupil),
            (" a.fr/pronote/Mobile.Parent.HTML?fd=1#x ", "https://a.fr/pronote/", Space::Parent),
            ("http://10.0.0.2:8080/viescolaire.html", "http://10.0.0.2:8080/", Space::SchoolLife),
            ("a.fr", "https://a.fr/", Space::Pupil),
            ("https://me:pw@a.fr/p/", "https://a.fr/p/", Space::Pupil),
        ] {
            let address: Address = text.parse().unwrap();
            assert_eq!((address.root().as_str(), address.space()), (root, space), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "ftp://a.fr/", "https://"] {
            assert_eq!(text.parse::<Address>(), Err(InvalidAddress::NotAnAddress), "{text}");
        }
        let page = "https://a.fr/pronote/index.html".parse::<Address>();
        assert_eq!(page, Err(InvalidAddress::UnknownPage("index.html".to_owned())));
    }

    #[test]
    fn pages_hang_below_the_root() {
        let address: Address = "a.fr/pronote/parent.html".parse().unwrap();
        assert_eq!(
            address.page(Site::Mobile, "fd=1").as_str(),
            "https://a.fr/pronote/mobile.parent.html?fd=1"
        );
        assert_eq!(address.below("ical/x.ics").as_str(), "https://a.fr/pronote/ical/x.ics");
    }
}
