//! What a school may leave out is there by default, and is left out when asked.
//!

use pronote_client::protocol::tab;
use pronote_client::simulator::{Control, OPTIONAL_FIELDS, Simulator, SimulatorOptions};
use serde_json::{Value, json};

use crate::generations::{options, send};
use crate::mini::{Mini, Mode};

#[test]
fn every_optional_field_can_be_left_out_and_is_there_otherwise() {
    let has = |school: &Control, field: &str| {
        let (function, name) = field.split_once('.').unwrap();
        let seen = responses(school, 3);
        seen.iter().filter(|(called, _)| called == function).any(|(_, data)| contains(data, name))
    };
    // Two generations between them have every field.
    let schools = |without: &str| {
        ["2025.2.5", "2026.2.6"].map(|version| {
            let without = if without.is_empty() { vec![] } else { vec![without.to_owned()] };
            Simulator::in_process(SimulatorOptions {
                version: version.parse().unwrap(),
                without,
                ..options()
            })
        })
    };
    let whole: Vec<_> = schools("").iter().map(|school| responses(school, 30)).collect();
    for field in OPTIONAL_FIELDS {
        let (function, name) = field.split_once('.').unwrap();
        let is_there =
            whole.iter().flatten().any(|(called, data)| called == function && contains(data, name));
        assert!(is_there, "{field} is in no answer");
    }
    for field in OPTIONAL_FIELDS.iter().step_by(7) {
        // Without the login's own fields there is no further call to look at.
        if !field.starts_with("Authentification") {
            assert!(schools(field).iter().all(|school| !has(school, field)), "{field}");
        }
    }
}

/// The answers to a login and to all that can be read, by function.
fn responses(school: &Control, weeks: i32) -> Vec<(String, Value)> {
    let mut out = Vec::new();
    let (mut mini, parameters) = Mini::open(send(school), "/pronote/eleve.html", None).unwrap();
    out.push(("FonctionParametres".to_owned(), parameters));
    for _ in 0..2 {
        // The second login knows of the first.
        let mode = Mode { wants_token: true, app: "app", ..Default::default() };
        (mini, _) = Mini::open(send(school), "/pronote/eleve.html", None).unwrap();
        let answer = mini.log_in("demonstration", "pronotevs", mode).unwrap();
        out.push(("Authentification".to_owned(), answer));
    }
    let user = mini.call("ParametresUtilisateur", json!({}), None).unwrap().data;
    out.push(("ParametresUtilisateur".to_owned(), user.clone()));
    let resource = json!({ "G": 4, "N": user["ressource"]["N"] });
    let mut call = |function: &str, tab: u32, data: Value| -> Value {
        let data =
            mini.call(function, data, Some(tab)).map(|response| response.data).unwrap_or_default();
        out.push((function.to_owned(), data.clone()));
        data
    };
    for week in 1..weeks {
        call(
            "PageEmploiDuTemps",
            tab::TIMETABLE,
            json!({ "ressource": resource, "numeroSemaine": week }),
        );
    }
    call(
        "PageCahierDeTexte",
        tab::HOMEWORK,
        json!({ "domaine": { "V": format!("[1..{weeks}]") } }),
    );
    call("PageCahierDeTexte", tab::CONTENTS, json!({ "domaine": { "V": "[1..3]" } }));
    call("PageInfosPerso", tab::PERSONAL, json!({}));
    call("PageMenus", tab::MENUS, json!({ "date": { "V": "5/10/2026" } }));
    call("PageEquipePedagogique", tab::STAFF, json!({}));
    for kind in [3, 34] {
        call("ListeRessourcesPourCommunication", tab::MESSAGES, json!({ "onglet": { "G": kind } }));
    }
    let news = call("PageActualites", tab::NEWS, json!({}));
    for item in news["listeModesAff"][0]["listeActualites"]["V"].as_array().into_iter().flatten() {
        call(
            "PageActualites",
            tab::NEWS,
            json!({ "actualite": { "N": item["N"] }, "genreRequeteActualite": 1 }),
        );
    }
    let found = call("ListeMessagerie", tab::MESSAGES, json!({ "avecLu": true }));
    for item in found["listeMessagerie"]["V"].as_array().into_iter().flatten() {
        call(
            "ListeMessages",
            tab::MESSAGES,
            json!({ "listePossessionsMessages": item["listePossessionsMessages"]["V"] }),
        );
        call(
            "SaisiePublicMessage",
            tab::MESSAGES,
            json!({ "message": { "N": item["messagePourParticipants"]["V"]["N"] } }),
        );
    }
    let periods = mini.periods.clone();
    for period in &periods {
        for (function, tab, name) in [
            ("DernieresNotes", tab::MARKS, "Periode"),
            ("DernieresEvaluations", tab::EVALUATIONS, "periode"),
            ("PageBulletins", tab::REPORT, "periode"),
            ("PagePresence", tab::ATTENDANCE, "periode"),
        ] {
            let data = mini
                .call(function, json!({ name: period }), Some(tab))
                .map(|response| response.data);
            out.push((function.to_owned(), data.unwrap_or_default()));
        }
    }
    out
}

fn contains(value: &Value, name: &str) -> bool {
    match value {
        Value::Object(fields) => {
            fields.contains_key(name) || fields.values().any(|value| contains(value, name))
        }
        Value::Array(items) => items.iter().any(|value| contains(value, name)),
        _ => false,
    }
}
