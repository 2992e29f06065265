//! `ParametresUtilisateur`: who is in, what may be asked, about whom.
//!

use super::authentication::password_rules;
use crate::protocol::generation::News;
use crate::protocol::space::Space;
use crate::protocol::tab;
use crate::simulator::account::{Account, Messages};
use crate::simulator::call::{Answer, Call, Outcome};
use crate::simulator::ids::Kind;
use crate::simulator::json::{Json, attached, element, list, object};
use crate::simulator::school::files::PHOTO_TEXT;
use crate::simulator::school::people::{CLASSES, PUPILS, SCHOOL, row};

/// Tabs that every pupil and parent has.
const FAMILY: [u32; 14] = [
    tab::HOME,
    tab::NEWS,
    tab::AGENDA,
    tab::MENUS,
    tab::REPORT,
    tab::TIMETABLE,
    tab::ATTENDANCE,
    tab::STAFF,
    tab::PERSONAL,
    tab::HOMEWORK,
    tab::CONTENTS,
    tab::MARKS,
    tab::EVALUATIONS,
    tab::MESSAGES,
];

/// Tabs of the school's people.
const SCHOOL_PEOPLE: [u32; 8] = [
    tab::HOME,
    tab::NEWS,
    tab::AGENDA,
    tab::MENUS,
    tab::PUPILS,
    tab::TIMETABLE,
    tab::PERSONAL,
    tab::MESSAGES,
];

/// The tabs of an account.
pub(crate) fn tabs(account: &Account) -> &'static [u32] {
    match account.space {
        Space::Pupil | Space::Parent => &FAMILY,
        _ => &SCHOOL_PEOPLE,
    }
}

pub(crate) fn answer(call: &mut Call<'_>) -> Outcome {
    let account = call.account();
    let mut files = Vec::new();
    let mut data = object!({
        "ressource": resource(call, account, &mut files),
        "listeOnglets": tree(tabs(account)),
        "listeOngletsInvisibles": Json::array([]),
        "listeOngletsNotification": Json::array([Json::from(tab::NEWS), Json::from(tab::MESSAGES)]),
        "listeInformationsEtablissements": list([object!({
            "L": SCHOOL,
            "N": call.id(Kind::School, 0),
            "urlLogo": "",
            "Coordonnees": object!({
                "Adresse1": "1, quai des Brumes",
                "CodePostal": "99001",
                "LibelleVille": "ŒILLETS-SUR-MER",
                "Telephone": "+33 1 00 00 00 00",
            }),
        })]),
        "autorisations": rights(account),
        "reglesSaisieMDP": password_rules(),
    });
    if account.space == Space::SchoolLife {
        data.put("listeClasses", classes(call));
    }
    Ok(Answer { files, ..Answer::from(data) })
}

fn resource(call: &Call<'_>, account: &Account, files: &mut Vec<&'static str>) -> Json {
    match account.space {
        Space::Pupil => {
            let pupil = account.pupils.first().copied().unwrap_or(0);
            child(call, pupil, tabs(account), files)
        }
        Space::Parent => object!({
            "L": account.name(),
            "N": call.id(Kind::Guardian, 0),
            "G": 5,
            "estDelegue": false,
            "estMembreCA": true,
            "Etablissement": element(object!({ "L": SCHOOL, "N": call.id(Kind::School, 0) })),
            "listeRessources": Json::array(account.pupils.iter().map(|pupil| child(call, *pupil, tabs(account), files))),
        }),
        Space::Teacher => object!({
            "L": account.name(),
            "N": call.id(Kind::Teacher, 0),
            "G": 3,
            "avecPhoto": false,
            "Etablissement": element(object!({ "L": SCHOOL, "N": call.id(Kind::School, 0) })),
            "listeOngletsPourPeriodes": list([]),
        }),
        _ => object!({
            "L": account.name(),
            "N": call.id(Kind::Staff, 0),
            "G": 34,
            "estDirecteur": true,
            "Etablissement": element(object!({ "L": SCHOOL, "N": call.id(Kind::School, 0) })),
        }),
    }
}

/// A pupil as the account sees it; a bare one has little more than a name.
fn child(call: &Call<'_>, number: u32, tabs: &[u32], files: &mut Vec<&'static str>) -> Json {
    let pupil = row(&PUPILS, number);
    let class = row(&CLASSES, u32::try_from(pupil.class).expect("three classes"));
    let class_id = call.id(Kind::Class, u32::try_from(pupil.class).expect("three classes"));
    let mut child = object!({
        "L": pupil.name(),
        "N": call.id(Kind::Pupil, number),
        "G": 4,
        "P": 0,
        "Etablissement": element(object!({ "L": SCHOOL, "N": call.id(Kind::School, 0) })),
        "classeDEleve": object!({ "L": class.name, "N": class_id.as_str() }),
        "listeClassesHistoriques": list([object!({ "L": class.name, "N": class_id.as_str(), "AvecNote": true, "AvecFiliere": true })]),
        "listeGroupes": list([object!({ "L": "3ANG1.GR2", "N": call.id(Kind::Group, 0) })]),
        "listeOngletsPourPiliers": list([]),
        "nbMaxJoursDeclarationAbsence": 30,
    });
    if pupil.is_bare {
        return child;
    }
    child.put("listeOngletsPourPeriodes", list(period_tabs(call, tabs)));
    if pupil.has_photo {
        child.put("avecPhoto", true);
        // Since 2026 the photos of one's own come with the answer.
        if call.generation().news == News::Detailed {
            child.put("photoBase64", attached(u32::try_from(files.len()).expect("few children")));
            files.push(&PHOTO_TEXT);
        }
    }
    child.put("estDelegue", pupil.is_delegate);
    if pupil.is_delegate {
        child.put("listeClassesDelegue", list([object!({ "L": class.name, "N": class_id })]));
    }
    child
}

fn period_tabs(call: &Call<'_>, tabs: &[u32]) -> Vec<Json> {
    let calendar = &call.server.calendar;
    let current = u32::try_from(calendar.term(call.now.date())).expect("three terms");
    let periods: Vec<_> = (0u32..)
        .zip(&calendar.periods)
        .map(|(index, period)| {
            object!({
                "L": period.name,
                "N": call.id(Kind::Period, index),
                "G": 2,
                "A": index <= current || index > 2,
                "GenreNotation": 1,
            })
        })
        .collect();
    let default = call.server.calendar.periods.get(usize::try_from(current).expect("small"));
    [tab::REPORT, tab::ATTENDANCE, tab::MARKS, tab::EVALUATIONS]
        .into_iter()
        .filter(|tab| tabs.contains(tab))
        .map(|tab| {
            object!({
                "G": tab,
                "listePeriodes": list(periods.iter().cloned()),
                "periodeParDefaut": element(object!({
                    "L": default.map(|period| period.name),
                    "N": call.id(Kind::Period, current),
                })),
            })
        })
        .collect()
}

/// The tabs as the menus nest them.
fn tree(tabs: &[u32]) -> Json {
    let leaf = |tab: &u32| object!({ "G": *tab });
    let (own, nested): (Vec<&u32>, Vec<&u32>) = tabs.iter().partition(|tab| **tab < 16);
    let mut out: Vec<Json> = own.into_iter().map(leaf).collect();
    let (near, deep) = nested.split_at(nested.len() / 2);
    out.push(object!({
        "G": 4,
        "Onglet": Json::array([
            object!({ "G": 88_000, "Onglet": Json::array(deep.iter().map(|tab| leaf(tab))) }),
            object!({ "G": 16_000, "Onglet": Json::array(near.iter().map(|tab| leaf(tab))) }),
        ]),
    }));
    Json::array(out)
}

fn rights(account: &Account) -> Json {
    let reads = account.messages != Messages::Off;
    let writes = account.messages == Messages::All;
    let mut rights = object!({
        "AvecDiscussion": reads,
        "AvecDiscussionPersonnels": writes,
        "AvecDiscussionProfesseurs": writes,
        "AvecDiscussionParents": writes && account.space == Space::Parent,
        "AvecDiscussionEleves": false,
        "AvecDiscussionAvancee": false,
        "tailleMaxDocJointEtablissement": 4_194_304,
        "tailleMaxRenduTafEleve": 4_194_304,
        "compte": object!({ "avecSaisieMotDePasse": true, "avecInformationsPersonnelles": true }),
    });
    if account.messages == Messages::ReadOnly {
        rights.put("discussionInterdit", true);
    }
    rights
}

fn classes(call: &Call<'_>) -> Json {
    list((0..).zip(CLASSES).map(|(index, class)| {
        object!({
            "L": class.name,
            "N": call.id(Kind::Class, index),
            "G": 1,
            "estResponsable": index == 0,
            "niveau": element(object!({ "L": class.level })),
        })
    }))
}
