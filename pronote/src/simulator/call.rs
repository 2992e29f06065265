//! One call: who asks what, and which room answers.
//!

use jiff::civil::DateTime;
use serde_json::{Value, json};

use super::account::{self, Account};
use super::functions::{
    attendance, directory, evaluations, home, homework, mailing, marks, menus, messages, news,
    personal, preferences, recipients, report, timetable,
};
use super::ids::Kind;
use super::json::{Json, text};
use super::login;
use super::school::people::{PUPILS, Pupil, row};
use super::server::Server;
use super::session::{Phase, Session};
use super::state::State;
use crate::protocol::crypto::Cipher;
use crate::protocol::generation::Generation;
use crate::protocol::space::Space;
use crate::protocol::tab;

/// One call and all that it may touch.
pub(crate) struct Call<'a> {
    pub server: &'a Server,
    pub state: &'a mut State,
    pub session: &'a mut Session,
    pub now: DateTime,
    pub function: &'a str,
    pub data: &'a Value,
    pub signature: Option<&'a Value>,
    /// The tab that calls.
    pub tab: u32,
    /// The pupil that it is about.
    pub pupil: u32,
    pub account_index: usize,
}

/// What a function answers.
pub(crate) struct Answer {
    pub data: Json,
    /// `RapportSaisie`: what came of a write.
    pub report: Option<Json>,
    /// Files in base 64, beside what is secured; values of type 25 point to them by rank.
    pub files: Vec<&'static str>,
    /// The key that is in force from the next call on.
    pub next_cipher: Option<Cipher>,
}

/// Why a function does not answer.
pub(crate) enum Trouble {
    /// The account has no right to it.
    Refused,
    /// The session is over.
    Expired,
    /// Unknown function or parameters.
    Impossible,
    /// An id of another session.
    Stale,
    TooManyLogins,
    /// In the signature, in the school's words.
    Said(String),
}

pub(crate) type Outcome = Result<Answer, Trouble>;

impl From<Json> for Answer {
    fn from(data: Json) -> Self {
        Self { data, report: None, files: Vec::new(), next_cipher: None }
    }
}

impl Call<'_> {
    /// A parameter; `null` where there is none.
    pub(crate) fn get(&self, name: &str) -> &Value {
        self.data.get(name).unwrap_or(&Value::Null)
    }

    /// The text of a parameter, typed or not.
    pub(crate) fn text(&self, name: &str) -> &str {
        text(self.get(name)).unwrap_or_default()
    }

    /// An id to be sent.
    pub(crate) fn id(&self, kind: Kind, number: u32) -> String {
        self.session.ids.write(kind, number)
    }

    /// The object of an id that was received in `{"N": …}`.
    pub(crate) fn object(&self, value: &Value, kind: Kind) -> Result<u32, Trouble> {
        let id = value.get("N").and_then(Value::as_str).ok_or(Trouble::Impossible)?;
        match self.session.ids.read(id) {
            Some((found, number)) if found == kind => Ok(number),
            Some(_) => Err(Trouble::Impossible),
            None => Err(Trouble::Stale),
        }
    }

    pub(crate) fn account(&self) -> &'static Account {
        account::get(self.account_index)
    }

    pub(crate) fn generation(&self) -> &'static Generation {
        self.server.generation
    }

    pub(crate) fn pupil(&self) -> &'static Pupil {
        row(&PUPILS, self.pupil)
    }

    /// The class of the pupil that it is about.
    pub(crate) fn class(&self) -> u32 {
        u32::try_from(self.pupil().class).expect("three classes")
    }

    /// The period of `{"N": …}`: its rank among those of the school.
    pub(crate) fn period(&self, name: &str) -> Result<u32, Trouble> {
        self.object(self.get(name), Kind::Period)
    }
}

/// Finds the room that answers, once it is clear that it may.
pub(crate) fn dispatch(mut call: Call<'_>) -> Outcome {
    let call = &mut call;
    match call.function {
        "FonctionParametres" => return login::parameters::answer(call),
        "Identification" => return login::identification::answer(call),
        "Authentification" => return login::authentication::answer(call),
        "SecurisationCompteDoubleAuth" => return login::security::answer(call),
        _ => {}
    }
    call.account_index = call.session.account().ok_or(Trouble::Refused)?;
    if call.function == "ParametresUtilisateur" {
        return login::user::answer(call);
    }
    authorise(call)?;
    match (call.function, call.tab) {
        (name, tab::HOME) if name == call.generation().names.keep_alive => Ok(Json::empty().into()),
        ("SaisieDeconnexion", _) => {
            call.session.phase = Phase::Over;
            Ok(Json::empty().into())
        }
        ("PageAccueil", tab::HOME) => home::page(call),
        ("SaisieURLPartenaire", tab::HOME) => home::partner(call),
        ("JetonAppliMobile", tab::HOME) => login::token::qr_code(call),
        ("PageEmploiDuTemps", tab::TIMETABLE) => timetable::page(call),
        ("PageEmploiDuTemps_DomainePresence", tab::TIMETABLE) => timetable::weeks(call),
        ("FicheCours", tab::TIMETABLE) => timetable::card(call),
        ("GenerationPDF", tab::TIMETABLE | tab::REPORT) => report::pdf(call),
        ("PageInfosPerso", tab::TIMETABLE | tab::PERSONAL) => personal::page(call),
        ("SecurisationComptePreference", tab::PERSONAL) => preferences::change(call),
        ("PageCahierDeTexte", tab::HOMEWORK) => homework::page(call),
        ("PageCahierDeTexte", tab::CONTENTS) => homework::contents(call),
        ("donneesContenusCDT", tab::CONTENTS) => homework::content(call),
        ("SaisieTAFFaitEleve", tab::HOMEWORK) => homework::done(call),
        ("SaisieTAFARendreEleve", tab::HOMEWORK) => homework::hand_in(call),
        ("DernieresNotes", tab::MARKS) => marks::page(call),
        ("DernieresEvaluations", tab::EVALUATIONS) => evaluations::page(call),
        ("PageBulletins", tab::REPORT) => report::page(call),
        ("PagePresence", tab::ATTENDANCE) => attendance::page(call),
        ("PageActualites", tab::NEWS) => news::page(call),
        ("SaisieActualites", tab::NEWS) => news::save(call),
        ("ListeMessagerie", tab::MESSAGES) => messages::page(call),
        ("ListeMessages", tab::MESSAGES) => messages::read(call),
        ("SaisieMessage", tab::MESSAGES) => mailing::save(call),
        ("SaisiePublicMessage", tab::MESSAGES) => recipients::of_message(call),
        ("ListeRessourcesPourCommunication", tab::MESSAGES) => recipients::page(call),
        ("PageMenus", tab::MENUS) => menus::page(call),
        ("PageEquipePedagogique", tab::STAFF) => directory::staff(call),
        ("ListeRessources", tab::PUPILS) => directory::class(call),
        ("FicheEleve", tab::PUPILS) => directory::pupil(call),
        _ => Err(Trouble::Impossible),
    }
}

/// Reads the signature: the tab, which the account must have, and the child, which must be its own.
fn authorise(call: &mut Call<'_>) -> Result<(), Trouble> {
    let signature = call.signature.ok_or(Trouble::Impossible)?;
    let tab = signature.get("onglet").and_then(Value::as_u64).ok_or(Trouble::Impossible)?;
    call.tab = u32::try_from(tab).map_err(|_| Trouble::Impossible)?;
    if !login::user::tabs(call.account()).contains(&call.tab) {
        return Err(Trouble::Refused);
    }
    let member = signature.get("membre").or(signature.get("ressource"));
    let own = call.account().pupils;
    call.pupil = match member {
        Some(member)
            if call.account().space != Space::Parent || member.get("G") == Some(&json!(4)) =>
        {
            call.object(member, Kind::Pupil)?
        }
        _ => own.first().copied().unwrap_or(0),
    };
    if call.account().space != Space::SchoolLife && !own.is_empty() && !own.contains(&call.pupil) {
        return Err(Trouble::Refused);
    }
    Ok(())
}
