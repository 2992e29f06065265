//! `/infos`: that the server is there, and which portals it knows.
//!

use pronote_client::ent::{Portal, Portals};
use serde::Serialize;

/// What the server is.
#[derive(Debug, Serialize)]
pub struct Infos {
    status: &'static str,
    message: &'static str,
    version: String,
    ent_list: Vec<Ent>,
}

#[derive(Debug, Serialize)]
struct Ent {
    name: String,
    /// The host that the portal is known by.
    url: String,
    /// What `/generatetoken` takes as `ent`.
    py: String,
    /// `true`, or not there at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    educonnect: Option<bool>,
}

/// What the server is, and every portal of the table, that without a portal first.
pub fn infos(portals: &Portals, version: &str) -> Infos {
    let none = Ent {
        name: "Pas d'ENT".to_owned(),
        url: "index-education.net".to_owned(),
        py: String::new(),
        educonnect: None,
    };
    let ent_list = std::iter::once(none).chain(portals.iter().map(Ent::from)).collect();
    Infos { status: "ok", message: "server is running", version: version.to_owned(), ent_list }
}

impl From<&Portal> for Ent {
    fn from(portal: &Portal) -> Self {
        let host = portal.listed.as_deref().unwrap_or(portal.host());
        Self {
            name: portal.name.clone(),
            url: host.to_owned(),
            py: portal.id.clone(),
            educonnect: portal.family.is_educonnect().then_some(true),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_list_begins_without_a_portal_and_knows_each_of_the_table() {
        let infos = serde_json::to_value(infos(Portals::built_in(), "1.2.3")).unwrap();
        assert_eq!(infos["status"], "ok");
        assert_eq!(infos["message"], "server is running");
        assert_eq!(infos["version"], "1.2.3");
        let list = infos["ent_list"].as_array().unwrap();
        assert_eq!(list.len(), Portals::built_in().iter().count() + 1);
        let none = json!({"name": "Pas d'ENT", "url": "index-education.net", "py": ""});
        assert_eq!(list[0], none);
        let find = |id: &str| list.iter().find(|entry| entry["py"] == id).unwrap();
        let skolengo = json!({"name": "Skolengo", "url": "cas.skolengo.com", "py": "cas_kosmos"});
        assert_eq!(*find("cas_kosmos"), skolengo);
        assert_eq!(find("eclat_bfc")["educonnect"], true);
    }
}
