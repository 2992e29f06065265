//! Whatever is sent, the school answers something and stays up.
//!

use pronote_client::protocol::envelope::EnvelopeError;
use pronote_client::protocol::tab;
use pronote_client::simulator::{ACCOUNTS, Request, Simulator};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::generations::{options, send};
use crate::mini::enter;

const CALLS: [(&str, u32); 22] = [
    ("PageAccueil", tab::HOME),
    ("SaisieURLPartenaire", tab::HOME),
    ("JetonAppliMobile", tab::HOME),
    ("PageEmploiDuTemps", tab::TIMETABLE),
    ("FicheCours", tab::TIMETABLE),
    ("GenerationPDF", tab::REPORT),
    ("PageInfosPerso", tab::PERSONAL),
    ("PageCahierDeTexte", tab::HOMEWORK),
    ("PageCahierDeTexte", tab::CONTENTS),
    ("donneesContenusCDT", tab::CONTENTS),
    ("SaisieTAFFaitEleve", tab::HOMEWORK),
    ("SaisieTAFARendreEleve", tab::HOMEWORK),
    ("DernieresNotes", tab::MARKS),
    ("DernieresEvaluations", tab::EVALUATIONS),
    ("PageBulletins", tab::REPORT),
    ("PagePresence", tab::ATTENDANCE),
    ("PageActualites", tab::NEWS),
    ("SaisieActualites", tab::NEWS),
    ("ListeMessages", tab::MESSAGES),
    ("SaisieMessage", tab::MESSAGES),
    ("SaisiePublicMessage", tab::MESSAGES),
    ("PageMenus", tab::MENUS),
];

const KEYS: [&str; 34] = [
    "N",
    "G",
    "L",
    "V",
    "E",
    "ressource",
    "numeroSemaine",
    "dateDebut",
    "DateFin",
    "date",
    "domaine",
    "listeTAF",
    "TAFFait",
    "listeFichiers",
    "TAF",
    "idFichier",
    "Periode",
    "periode",
    "DateDebut",
    "actualite",
    "genreRequeteActualite",
    "listeActualites",
    "public",
    "lue",
    "listeQuestions",
    "reponse",
    "valeurReponse",
    "message",
    "messagePourReponse",
    "contenu",
    "bouton",
    "listeDestinataires",
    "listePossessionsMessages",
    "commande",
];

const TEXTS: [&str; 14] = [
    "",
    "x",
    "4#AAAAAAAAAAAAAAAAAAAAAA",
    "[1..2000000000]",
    "[-5..5]",
    "31/12/9999 0:0:0",
    "1/1/-9999",
    "29/2/2027",
    "[,,..]",
    "corbeille",
    "brouillon",
    "suppression",
    "ID",
    "\u{0}é😀",
];

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        select(&TEXTS[..]).prop_map(Value::from),
        select(&[i64::MIN, -1, 0, 1, 3, 12, 99, i64::MAX][..]).prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((select(&KEYS[..]), inner), 0..6).prop_map(|fields| {
                Value::Object(
                    fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
                )
            }),
        ]
    })
}

/// Puts ids of the session in the place of the text `ID`, so that calls get further.
fn with_ids(value: &mut Value, ids: &[Value], next: &mut usize) {
    match value {
        Value::String(text) if text == "ID" => {
            *next += 1;
            *value = ids[*next % ids.len()].clone();
        }
        Value::Array(items) => items.iter_mut().for_each(|item| with_ids(item, ids, next)),
        Value::Object(fields) => fields.values_mut().for_each(|item| with_ids(item, ids, next)),
        _ => {}
    }
}

/// Every id in an answer.
fn gather(value: &Value, ids: &mut Vec<Value>) {
    match value {
        Value::Object(fields) => {
            ids.extend(fields.get("N").filter(|id| id.is_string()).cloned());
            fields.values().for_each(|value| gather(value, ids));
        }
        Value::Array(items) => items.iter().for_each(|value| gather(value, ids)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_parameters_are_answered_or_refused(values in prop::collection::vec(value(), CALLS.len()), ids_from in 0usize..1000) {
        let school = Simulator::in_process(options());
        let (mut mini, _) = enter(send(&school), &ACCOUNTS[0]);
        let mut ids = Vec::new();
        gather(&mini.call("ParametresUtilisateur", json!({}), None).unwrap().data, &mut ids);
        for (function, tab, data) in [
            ("PageCahierDeTexte", tab::HOMEWORK, json!({ "domaine": { "V": "[1..2]" } })),
            ("ListeMessagerie", tab::MESSAGES, json!({})),
            ("PageActualites", tab::NEWS, json!({})),
        ] {
            gather(&mini.call(function, data, Some(tab)).unwrap().data, &mut ids);
        }
        let mut next = ids_from;
        for ((function, tab), mut data) in CALLS.into_iter().zip(values) {
            if !data.is_object() {
                data = Value::Object(Map::from_iter([("N".to_owned(), data)]));
            }
            with_ids(&mut data, &ids, &mut next);
            match mini.call(function, data, Some(tab)) {
                Ok(_) => {}
                Err(EnvelopeError::Refused(refusal)) => prop_assert!([3, 21, 22].contains(&refusal.code), "{}", refusal),
                Err(error) => prop_assert!(false, "{function}: {error}"),
            }
        }
        prop_assert!(mini.call("Navigation", json!({}), Some(tab::HOME)).is_ok(), "the session goes on");
    }

    #[test]
    fn any_request_is_answered(
        method in select(&["GET", "POST", "PUT", "HEAD"][..]),
        path in "/(pronote/)?(appelfonction|appelpolling|uploadfilesession|FichiersExternes|UrlUnique|ical|eleve\\.html|appeldeconnexion)?(/[a-zA-Z0-9%.]{0,40}){0,4}",
        query in "[a-zA-Z=&%0-9]{0,60}",
        body in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let school = Simulator::in_process(options());
        let request = Request {
            method: method.to_owned(),
            path,
            query,
            headers: vec![("content-type".into(), "multipart/form-data; boundary=-".into())],
            body: body.into(),
        };
        prop_assert!(matches!(school.answer(&request).status, 200 | 302 | 404));
    }
}
