//! Who the pupil is: address, telephone, photo, calendar.
//!

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::{FileRef, file_ref::Place};
use crate::{
    Client, Error, Key,
    client::{Feature, View},
    error::Unavailable,
    protocol::{
        tab,
        value::{Id, Node},
    },
};

const FEATURE: Feature =
    Feature { name: "personal information", function: "PageInfosPerso", tab: tab::PERSONAL };

const USER: Feature =
    Feature { name: "the photo", function: "ParametresUtilisateur", tab: tab::NONE };

/// What the school has on file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Personal {
    /// The lines of the address.
    pub address: Vec<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// The town.
    pub city: Option<String>,
    /// The province.
    pub province: Option<String>,
    /// The country.
    pub country: Option<String>,
    /// The mail address.
    pub email: Option<String>,
    /// The telephone, with its country: `+33612345678`.
    pub phone: Option<String>,
    /// The national number of the pupil.
    pub ine: Option<String>,
}

impl Client {
    /// What the school has on file about the pupil.
    ///
    /// ```no_run
    /// # async fn example(client: pronote_client::Client) -> Result<(), pronote_client::Error> {
    /// println!("{:?}", client.personal().await?.phone);
    /// # Ok(()) }
    /// ```
    pub async fn personal(&self) -> Result<Personal, Error> {
        let reply = self.personal_page().await?;
        Ok(read(reply.node()))
    }

    /// The address of PRONOTE's own calendar file, which needs no session; some schools switch it off.
    ///
    /// ```no_run
    /// # async fn example(client: pronote_client::Client) -> Result<(), pronote_client::Error> {
    /// println!("{}", client.calendar_url().await?);
    /// # Ok(()) }
    /// ```
    pub async fn calendar_url(&self) -> Result<Url, Error> {
        let reply = self.personal_page().await?;
        let hidden = Error::unavailable("the calendar file", Unavailable::Hidden);
        calendar(reply.node(), &reply.view).ok_or(hidden)
    }

    /// The address of the pupil's photo, good for as long as the session. Since 2026 PRONOTE may
    /// have nothing at this address but other people's photos: [`Client::photo`] knows.
    pub fn photo_url(&self) -> Option<Url> {
        let view = self.view();
        let record = view.pupil(self.pupil).filter(|record| record.pupil.has_photo)?;
        Some(view.file(record.id.as_ref()?, "photo.jpg", None))
    }

    /// What finds the pupil's photo again, in any session.
    pub fn photo_ref(&self) -> Option<FileRef> {
        let has_photo = self.pupil().has_photo;
        let file = FileRef { pupil: self.pupil, place: Place::Photo, file: Key::default() };
        has_photo.then_some(file)
    }

    /// The pupil's photo, from wherever this PRONOTE keeps it.
    ///
    /// ```no_run
    /// # async fn example(client: pronote_client::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// std::fs::write("photo.jpg", client.photo().await?)?;
    /// # Ok(()) }
    /// ```
    pub async fn photo(&self) -> Result<Vec<u8>, Error> {
        let view = self.view();
        if view.pupil(self.pupil).is_some_and(|record| record.attached_photo) {
            return self.attached_photo().await;
        }
        let url = || self.photo_url().ok_or(Error::unavailable(USER.name, Unavailable::Hidden));
        match self.fetch_url(url()?).await {
            Err(error) if self.has_begun_anew(view.epoch, &error).await? => {
                self.fetch_url(url()?).await
            }
            photo => photo,
        }
    }

    /// It came with the login, and was too large to be kept: asked for once more.
    async fn attached_photo(&self) -> Result<Vec<u8>, Error> {
        let reply = self.call_in_turn(USER, |_| Ok((json!({}), Value::Null))).await?;
        let own = reply.node().field("ressource");
        // The ids are those of this very session, the answer's too.
        let wanted = reply.view.pupil(self.pupil).and_then(|record| record.id.clone());
        let mut people = own.field("listeRessources").list().chain([own]);
        let found = people.find(|person| person.id() == wanted);
        let photo = found.and_then(|person| reply.attached(person.field("photoBase64")));
        photo.ok_or(Error::unavailable(USER.name, Unavailable::Hidden))
    }

    pub(super) async fn personal_page(&self) -> Result<crate::client::Reply, Error> {
        self.call_signed(FEATURE, |view| {
            let pupil = view.pupil(self.pupil);
            let id = pupil.and_then(|pupil| pupil.id.as_ref()).map(Id::value);
            let kind = pupil.map_or(4, |pupil| pupil.kind);
            Ok((Value::Null, json!({"ressource": {"N": id, "G": kind}})))
        })
        .await
    }
}

pub(super) fn read(answer: Node<'_>) -> Personal {
    let file = answer.field("Informations");
    let text = |name| file.field(name).text();
    let lines = ["adresse1", "adresse2", "adresse3", "adresse4"];
    let prefix = text("indicatifTel");
    let phone = text("telephonePortable").map(|number| match prefix {
        Some(prefix) => format!("+{}{number}", prefix.trim_start_matches('+')),
        None => number,
    });
    Personal {
        address: lines.into_iter().filter_map(text).collect(),
        postal_code: text("codePostal"),
        city: text("ville"),
        province: text("province"),
        country: text("pays"),
        email: text("eMail"),
        phone,
        ine: text("numeroINE"),
    }
}

pub(super) fn calendar(answer: Node<'_>, view: &View) -> Option<Url> {
    let entry = answer.field("iCal").field("liste").list().next()?;
    let secret = entry.field("paramICal").text()?;
    let mut url = view.address.below("ical/mesinformations.ics");
    url.query_pairs_mut()
        .append_pair("icalsecurise", &secret)
        .append_pair("version", &view.school.version.map(|v| v.to_string()).unwrap_or_default())
        .append_pair("param", &entry.field("paramSuppl").text().unwrap_or_default());
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_on_file_is_read() {
        let answer = json!({
            "Informations": {"adresse1": "1 rue", "adresse2": "", "indicatifTel": "33", "telephonePortable": "612345678"},
            "iCal": {"liste": {"_T": 24, "V": [{"paramICal": "AB CD", "paramSuppl": "x=1"}]}},
        });
        let answer = answer.into();
        let personal = read(Node::new(&answer));
        assert_eq!(personal.phone.as_deref(), Some("+33612345678"));
        assert_eq!((personal.address, personal.email), (vec!["1 rue".to_owned()], None));
        let url = calendar(Node::new(&answer), &View::example()).unwrap();
        assert_eq!(
            url.as_str(),
            "https://a.fr/pronote/ical/mesinformations.ics?icalsecurise=AB+CD&version=2026.2.6&param=x%3D1"
        );
        assert_eq!(calendar(Node::NOTHING, &View::example()), None);
        assert_eq!(read(Node::NOTHING), Personal::default());
    }
}
