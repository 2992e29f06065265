//! What a PRONOTE says it is before a login: its name, its version, its spaces.
//!

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    Address, Error,
    http::{Browser, HttpError, HttpFault, Transport},
    protocol::{space::Space, tree::Tree, value::Node, version::Version},
};

/// What a PRONOTE says it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discovery {
    /// The school's name.
    pub name: Option<String>,
    /// The server's version.
    pub version: Option<Version>,
    /// The spaces that can be logged into.
    pub spaces: Vec<Space>,
    /// Where a portal signs in, where the school has one.
    pub portal: Option<Url>,
}

/// The id that PRONOTE's own telephone program asks with.
const QUERY: &str = "id=0D264427-EEFC-4810-A9E9-346942A862A4";

impl Discovery {
    /// Asks a server; cheaper than a start page, as no session begins.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use pronote_client::{Transport, features::Discovery};
    ///
    /// let address = "0123456a.index-education.net/pronote".parse()?;
    /// let found = Discovery::fetch(&Transport::new()?, &address).await?;
    /// println!("{:?}: {:?}", found.name, found.spaces);
    /// # Ok(()) }
    /// ```
    pub async fn fetch(transport: &Transport, address: &Address) -> Result<Self, Error> {
        let mut url = address.below("infoMobileApp.json");
        url.set_query(Some(QUERY));
        let page = Browser::new(transport.clone()).get(url).await?.success()?;
        let answer = Tree::read(&page.body).ok_or_else(|| {
            let why = "expected JSON, found something else".to_owned();
            HttpError::at("GET", &page.url, HttpFault::Broken(why))
        })?;
        Ok(read(Node::new(&answer)))
    }
}

pub(super) fn read(answer: Node<'_>) -> Discovery {
    let number = |place| {
        let part = answer.field("version").list().nth(place)?;
        u16::try_from(part.natural()?).ok()
    };
    let version = number(0).zip(number(1));
    let mut spaces: Vec<_> = answer
        .field("espaces")
        .list()
        .filter_map(|space| Space::of_page(space.field("URL").str()?.rsplit('/').next()?))
        .map(|(space, _)| space)
        .collect();
    spaces.dedup();
    let portal = answer.field("CAS");
    let address = portal.field("casURL").str().and_then(|url| Url::parse(url).ok());
    Discovery {
        name: answer.field("nomEtab").text(),
        version: version.map(|(year, major)| Version::new(year, major, number(2).unwrap_or(0))),
        spaces,
        portal: address.filter(|_| portal.field("actif").is_true()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_server_is_read() {
        let answer = json!({
            "nomEtab": "COLLÈGE", "version": [2026, 2, 6],
            "espaces": [{"nom": "Espace Élèves", "URL": "mobile.eleve.html"}, {"URL": "mobile.parent.html"}, {"URL": "x"}],
            "CAS": {"actif": true, "casURL": "https://cas.example.fr/login"},
        });
        let found = read(Node::new(&answer.into()));
        assert_eq!(found.spaces, [Space::Pupil, Space::Parent]);
        assert_eq!(found.version, Some(Version::new(2026, 2, 6)));
        assert_eq!(found.portal.unwrap().host_str(), Some("cas.example.fr"));
        assert_eq!(read(Node::NOTHING).version, None);
    }
}
