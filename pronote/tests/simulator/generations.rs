//! Every generation, packed in every way, answers every function.
//!

use pronote_client::protocol::envelope;
use pronote_client::protocol::generation::{Challenge, Generation, News};
use pronote_client::protocol::packing::Packing;
use pronote_client::protocol::rsa::PublicKey;
use pronote_client::protocol::tab;
use pronote_client::simulator::{ACCOUNTS, Control, Manner, Request, Simulator, SimulatorOptions};
use serde_json::{Value, json};

use crate::mini::{Mini, enter};

const VERSIONS: [&str; 9] = [
    "2023.0.0",
    "2024.3.8",
    "2024.3.10",
    "2025.1.3",
    "2025.2.5",
    "2026.1.3",
    "2026.2.4",
    "2026.2.5",
    "2026.2.6",
];

pub const PACKINGS: [Packing; 4] = [
    Packing { encrypted: false, compressed: false },
    Packing { encrypted: true, compressed: false },
    Packing { encrypted: false, compressed: true },
    Packing { encrypted: true, compressed: true },
];

/// Mid-January: a term is over, another one runs.
pub fn options() -> SimulatorOptions {
    SimulatorOptions {
        now: Some(jiff::civil::date(2027, 1, 20).at(10, 0, 0, 0)),
        ..SimulatorOptions::default()
    }
}

pub fn send(control: &Control) -> crate::mini::Send<'static> {
    let control = control.clone();
    Box::new(move |request| control.answer(request))
}

/// Reads everything that the account's user may read; the names of the functions that answered.
pub fn read_all(mini: &mut Mini<'_>, user: &Value) -> Vec<&'static str> {
    let own = &user["ressource"];
    let child = if own["listeRessources"].is_array() { &own["listeRessources"][0] } else { own };
    let resource = json!({ "G": 4, "N": child["N"], "L": child["L"] });
    let period = |mini: &Mini<'_>| mini.periods[0].clone();
    let period = period(mini);
    let dates = json!({ "_T": 7, "V": "1/9/2026 0:0:0" });
    let calls = [
        (mini.generation.names.keep_alive, tab::HOME, json!({ "onglet": 7, "ongletPrec": 7 })),
        ("PageAccueil", tab::HOME, json!({})),
        (
            "PageEmploiDuTemps",
            tab::TIMETABLE,
            json!({ "ressource": resource, "numeroSemaine": 12, "NumeroSemaine": 12 }),
        ),
        ("PageEmploiDuTemps", tab::TIMETABLE, json!({ "Ressource": resource, "DateDebut": dates })),
        ("PageEmploiDuTemps_DomainePresence", tab::TIMETABLE, json!({})),
        ("PageCahierDeTexte", tab::HOMEWORK, json!({ "domaine": { "_T": 8, "V": "[1..45]" } })),
        ("PageCahierDeTexte", tab::CONTENTS, json!({ "domaine": { "_T": 8, "V": "[1..3]" } })),
        ("DernieresNotes", tab::MARKS, json!({ "Periode": period })),
        ("DernieresEvaluations", tab::EVALUATIONS, json!({ "periode": period })),
        ("PageBulletins", tab::REPORT, json!({ "periode": period })),
        ("PagePresence", tab::ATTENDANCE, json!({ "periode": period })),
        ("PageActualites", tab::NEWS, json!({ "modesAffActus": { "_T": 26, "V": "[0..3]" } })),
        ("ListeMessagerie", tab::MESSAGES, json!({ "avecMessage": true, "avecLu": true })),
        (
            "ListeRessourcesPourCommunication",
            tab::MESSAGES,
            json!({ "onglet": { "N": 0, "G": 3 } }),
        ),
        (
            "ListeRessourcesPourCommunication",
            tab::MESSAGES,
            json!({ "onglet": { "N": 0, "G": 34 } }),
        ),
        ("PageMenus", tab::MENUS, json!({ "date": { "_T": 7, "V": "5/10/2026 0:0:0" } })),
        ("PageEquipePedagogique", tab::STAFF, json!({})),
        ("PageInfosPerso", tab::PERSONAL, json!({})),
        ("GenerationPDF", tab::TIMETABLE, json!({ "genreGenerationPDF": 0 })),
        ("JetonAppliMobile", tab::HOME, json!({ "code": "1234" })),
    ];
    let mut names = Vec::new();
    for (function, tab, data) in calls {
        let response = mini
            .call(function, data, Some(tab))
            .unwrap_or_else(|error| panic!("{function}: {error}"));
        assert!(response.data.is_object(), "{function}");
        assert_eq!(response.refusal(), None, "{function}");
        names.push(function);
    }
    names
}

#[test]
fn every_generation_answers_every_function_in_every_packing() {
    for version in VERSIONS {
        for packing in PACKINGS {
            let version = version.parse().unwrap();
            let school = Simulator::in_process(SimulatorOptions { version, packing, ..options() });
            let (mut mini, answer) = enter(send(&school), &ACCOUNTS[0]);
            assert_eq!(mini.page.version, Some(version));
            assert_eq!(mini.page.packing, packing, "{version}");
            assert!(answer["cle"].is_string(), "{version} {packing:?}");
            let user = mini.call("ParametresUtilisateur", json!({}), None).unwrap().data;
            assert_eq!(read_all(&mut mini, &user).len(), 20);
        }
    }
}

#[test]
fn generations_differ_where_they_should() {
    for version in VERSIONS {
        let version = version.parse().unwrap();
        let generation = Generation::of(version);
        let school = Simulator::in_process(SimulatorOptions { version, ..options() });
        let (mut mini, _) = enter(send(&school), &ACCOUNTS[0]);
        mini.call("ParametresUtilisateur", json!({}), None).unwrap();
        let period = mini.periods[0].clone();
        let marks = mini
            .call("DernieresNotes", json!({ "Periode": period }), Some(tab::MARKS))
            .unwrap()
            .data;
        assert_eq!(marks["listeDevoirs"]["V"][0]["G"], generation.kind(59), "{version}");
        let modes = json!({ "modesAffActus": { "_T": 26, "V": "[0]" } });
        let news = mini.call("PageActualites", modes, Some(tab::NEWS)).unwrap().data;
        let item = &news["listeModesAff"][0]["listeActualites"]["V"][0];
        let is_detailed = generation.news == News::Detailed;
        assert_eq!(item["nature"].is_object(), is_detailed, "{version}");
        assert_eq!(item["listeQuestions"].is_null(), is_detailed, "{version}");
        let wrong =
            if generation.names.keep_alive == "Presence" { "Navigation" } else { "Presence" };
        assert!(mini.call(wrong, json!({}), Some(tab::HOME)).is_err(), "{version}");
        let (mut mini, _) = Mini::open(send(&school), "/pronote/eleve.html", None).unwrap();
        let identity = mini
            .call("Identification", json!({ "genreEspace": 3, "identifiant": "x" }), None)
            .unwrap();
        let length = if generation.challenge == Challenge::AsIs { 32 } else { 160 };
        assert_eq!(identity.data["challenge"].as_str().map(str::len), Some(length), "{version}");
    }
}

#[test]
fn a_wrong_packing_or_the_names_of_another_generation_are_refused() {
    for (packing, wrong) in
        PACKINGS.iter().flat_map(|packing| PACKINGS.iter().map(move |wrong| (packing, wrong)))
    {
        let school = Simulator::in_process(SimulatorOptions { packing: *packing, ..options() });
        let (mut mini, _) = enter(send(&school), &ACCOUNTS[0]);
        mini.packing = *wrong;
        let is_answered = mini.call("ParametresUtilisateur", json!({}), None).is_ok();
        assert_eq!(is_answered, packing == wrong, "{packing:?} {wrong:?}");
    }
    let school = Simulator::in_process(options());
    let (mut mini, _) = enter(send(&school), &ACCOUNTS[0]);
    mini.generation = Generation::of("2024.3.10".parse().unwrap());
    assert!(mini.call("ParametresUtilisateur", json!({}), None).is_err());
}

#[test]
fn a_seed_hidden_with_rsa_is_opened() {
    for version in ["2024.3.8", "2026.2.6"] {
        let version = version.parse().unwrap();
        let school =
            Simulator::in_process(SimulatorOptions { version, has_rsa: true, ..options() });
        let (mini, answer) = enter(send(&school), &ACCOUNTS[0]);
        assert!(mini.page.key.is_some_and(|key| key != PublicKey::built_in()));
        assert!(answer["cle"].is_string(), "{version}");
    }
}

#[test]
fn the_discovery_names_the_version_and_the_spaces() {
    let school = Simulator::in_process(options());
    for path in ["/pronote/infoMobileApp.json", "/pronote/InfoMobileApp.json"] {
        let reply = school
            .answer(&Request::get(&format!("{path}?id=0D264427-EEFC-4810-A9E9-346942A862A4")));
        let told: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(told["version"], json!([2026, 2, 6]));
        assert_eq!(told["espaces"][1]["URL"], "mobile.eleve.html");
    }
    assert_eq!(school.answer(&Request::get("/pronote/infoMobileApp.json")).status, 404);
}

#[test]
fn no_page_holds_the_letters_that_pronotepy_takes_for_a_ban() {
    for version in VERSIONS {
        let version = version.parse().unwrap();
        let school =
            Simulator::in_process(SimulatorOptions { version, has_rsa: true, ..options() });
        for page in
            ["eleve", "parent", "professeur", "viescolaire", "mobile.eleve", "mobile.parent"]
        {
            let reply =
                school.answer(&Request::get(&format!("/pronote/{page}.html?fd=1&login=true")));
            let text = String::from_utf8(reply.body.to_vec()).unwrap();
            assert!(!text.contains("IP"), "{version} {page}");
            assert!(text.contains(&format!("PRONOTE {version}")));
        }
    }
}

#[test]
fn long_polling_has_numbers_of_its_own() {
    for (version, asked, answered) in [("2024.3.10", "1", "0"), ("2025.2.5", "-1", "0")] {
        let school = Simulator::in_process(SimulatorOptions::of(version.parse().unwrap()));
        let (mini, _) = enter(send(&school), &ACCOUNTS[0]);
        let order = mini.cipher.encrypt(asked.as_bytes());
        let path = format!("/pronote/appelpolling/3/{}/{order}", mini.page.session);
        let poll = envelope::Request {
            session: mini.page.session,
            order: order.clone(),
            function: "polling".to_owned(),
            data: Value::Null,
            signature: None,
        };
        let body = poll.write(mini.generation.names, mini.packing, &mini.cipher);
        let reply = school.answer(&Request::post(&path, body.clone()));
        assert!(matches!(reply.manner, Manner::Held(_)), "nothing is new for a while");
        school.push("actualisationMessage");
        let reply = school.answer(&Request::post(&path, body.clone()));
        assert_eq!(reply.manner, Manner::Whole);
        assert!(String::from_utf8_lossy(&reply.body).contains("actualisationMessage"));
        let told: Value = serde_json::from_slice(&reply.body).unwrap();
        let order = told[mini.generation.names.order].as_str().unwrap();
        assert_eq!(*mini.cipher.decrypt_text(order).unwrap(), answered, "{version}");
        let again = school.answer(&Request::post(&path, body));
        assert!(
            String::from_utf8_lossy(&again.body).contains("expir"),
            "a number is good for once"
        );
    }
}
