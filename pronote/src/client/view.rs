//! What is known about a session between two logins.
//!

use std::sync::Arc;

use serde_json::{Value, json};
use url::Url;

use super::wire::Wire;
use crate::{
    Address, Error, Key, Secret,
    account::{Account, PeriodRecord, PupilRecord},
    error::Unavailable,
    protocol::{crypto::Cipher, generation::Generation, value::Id},
    school::School,
};

/// What is known about a session: replaced as a whole by each login.
pub(crate) struct View {
    pub(crate) epoch: u32,
    pub(crate) address: Address,
    pub(crate) generation: &'static Generation,
    pub(crate) school: Arc<School>,
    pub(crate) account: Account,
    session: u32,
    cipher: Cipher,
}

impl View {
    pub(crate) fn new(wire: &Wire, mut school: School, account: Account, epoch: u32) -> Self {
        school.version = school.version.or(wire.version);
        Self {
            epoch,
            address: wire.address.clone(),
            generation: wire.generation,
            school: Arc::new(school),
            account,
            session: wire.session,
            cipher: wire.cipher.clone(),
        }
    }

    pub(crate) fn pupil(&self, key: Key) -> Option<&PupilRecord> {
        self.account.pupils.iter().find(|record| record.pupil.key == key)
    }

    /// The signature of a call from a tab; a parent names the child.
    pub(crate) fn signature(&self, tab: u32, pupil: Key) -> Value {
        let child = self.account.is_parent().then(|| self.pupil(pupil)).flatten();
        match child.and_then(|child| Some((child.id.as_ref()?, child.kind))) {
            Some((id, kind)) => json!({"onglet": tab, "membre": {"N": id.value(), "G": kind}}),
            None => json!({"onglet": tab}),
        }
    }

    /// The id of a period of a tab, by name.
    pub(crate) fn period(
        &self,
        feature: &'static str,
        (pupil, tab): (Key, u32),
        name: &str,
    ) -> Result<&PeriodRecord, Error> {
        let pupil = self.pupil(pupil);
        let mut periods = pupil.into_iter().flat_map(|pupil| pupil.periods_of(tab));
        let nothing = Error::unavailable(feature, Unavailable::NothingToShow);
        periods.find(|period| period.name == name).ok_or(nothing)
    }

    /// The user's own id, as news and polls want it.
    pub(crate) fn member(&self, pupil: Key) -> Value {
        let pupil = self.pupil(pupil);
        let id = pupil.and_then(|pupil| pupil.id.as_ref()).or(self.account.id.as_ref());
        json!({"N": id.map(Id::value), "G": pupil.map_or(4, |pupil| pupil.kind)})
    }

    /// Whether an address of a file is one of this session's.
    pub(crate) fn made(&self, url: &Url) -> bool {
        let mut pairs = url.query_pairs();
        pairs.any(|(name, value)| name == "Session" && value == self.session.to_string())
    }

    /// A secret parameter, under the session's key.
    pub(crate) fn hide(&self, secret: &Secret) -> String {
        self.cipher.encrypt(secret.expose().as_bytes())
    }

    /// The address of a file; it is good for as long as the session.
    pub(crate) fn file(&self, id: &Id, name: &str, extra: Option<&str>) -> Url {
        let mut what = json!({"N": id.value(), "Actif": true});
        if let (Some(extra), Some(fields)) = (extra, what.as_object_mut()) {
            fields.insert("G".to_owned(), extra.into());
        }
        let hex = self.cipher.encrypt(what.to_string().as_bytes());
        let mut url = self.address.below("FichiersExternes/");
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push(&hex).push(name);
        }
        url.set_query(Some(&format!("Session={}", self.session)));
        url
    }
}

#[cfg(any(test, feature = "fuzz"))]
impl View {
    /// A session of a small school, for the tests of the readers.
    pub(crate) fn example() -> Self {
        use crate::protocol::{start_page::StartPage, tree::Tree, value::Node};
        let address = "https://a.fr/pronote/eleve.html".parse().expect("an address");
        let page =
            StartPage::read("PRONOTE 2026.2.6 Start({\"h\":7,\"a\":3})").expect("a start page");
        let hours = |first: u32| {
            let labels = (first..).step_by(60).take(11);
            let label =
                |minutes: u32| json!({"L": format!("{:02}h{:02}", minutes / 60, minutes % 60)});
            json!({"_T": 24, "V": labels.map(label).collect::<Vec<_>>()})
        };
        let parameters = json!({"General": {
            "PremierLundi": {"_T": 7, "V": "31/08/2026"},
            "PlacesParJour": 10,
            "ListeHeures": hours(480),
            "ListeHeuresFin": hours(540),
            "ListePeriodes": [{"N": "1#t", "L": "Trimestre 1", "periodeNotation": 0,
                "dateDebut": {"_T": 7, "V": "01/09/2026"}, "dateFin": {"_T": 7, "V": "30/11/2026"}}],
        }});
        let user = json!({"ressource": {"N": "1#r", "L": "PARENT Fanny", "G": 4}});
        let (parameters, user) = (Tree::from(parameters), Tree::from(user));
        let (parameters, user) = (Node::new(&parameters), Node::new(&user));
        let account = Account::read(parameters, user);
        Self::new(&Wire::new(address, &page), School::read(parameters), account, 1)
    }
}
