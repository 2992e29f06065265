//! What users write stays written; files come by their addresses.
//!

use pronote_client::protocol::envelope::EnvelopeError;
use pronote_client::protocol::tab;
use pronote_client::simulator::{ACCOUNTS, Request, Simulator, SimulatorOptions};
use serde_json::{Value, json};

use crate::generations::{options, send};
use crate::mini::{Mini, enter};

fn pupil(options: SimulatorOptions) -> (Mini<'static>, Value) {
    let (mut mini, _) = enter(send(&Simulator::in_process(options)), &ACCOUNTS[0]);
    let user = mini.call("ParametresUtilisateur", json!({}), None).unwrap().data;
    (mini, user)
}

fn get(mini: &mut Mini<'_>, function: &str, tab: u32, data: Value) -> Value {
    mini.call(function, data, Some(tab)).unwrap_or_else(|error| panic!("{function}: {error}")).data
}

/// The address of a file, as clients make it.
fn address(mini: &Mini<'_>, object: &Value, name: &str) -> String {
    let secret = mini.cipher.encrypt(object.to_string().as_bytes());
    let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    format!(
        "/pronote/FichiersExternes/{secret}/{}?Session={}",
        name.replace('+', "%20"),
        mini.page.session
    )
}

#[test]
fn homework_is_toggled_for_its_pupil() {
    let (mut mini, _) = pupil(options());
    let weeks = json!({ "domaine": { "_T": 8, "V": "[1..9]" } });
    let list = |mini: &mut Mini<'_>| {
        get(mini, "PageCahierDeTexte", tab::HOMEWORK, weeks.clone())["ListeTravauxAFaire"]["V"]
            .clone()
    };
    let id = list(&mut mini)[3]["N"].clone();
    for is_done in [true, false] {
        get(
            &mut mini,
            "SaisieTAFFaitEleve",
            tab::HOMEWORK,
            json!({ "listeTAF": [{ "N": id, "TAFFait": is_done, "E": 2 }] }),
        );
        let now = list(&mut mini);
        assert_eq!(now[3]["TAFFait"], is_done);
        assert_eq!(now[2]["TAFFait"], false);
    }
    let (mut other, _) = pupil(options());
    let stale = other.call(
        "SaisieTAFFaitEleve",
        json!({ "listeTAF": [{ "N": id, "TAFFait": true }] }),
        Some(tab::HOMEWORK),
    );
    assert!(matches!(stale, Err(EnvelopeError::Refused(refusal)) if refusal.code == 22));
}

#[test]
fn news_are_read_answered_and_deleted() {
    for version in ["2025.2.5", "2026.2.6"] {
        let (mut mini, user) =
            pupil(SimulatorOptions { version: version.parse().unwrap(), ..options() });
        let public = json!({ "N": user["ressource"]["N"], "G": 4 });
        let list = |mini: &mut Mini<'_>| {
            get(mini, "PageActualites", tab::NEWS, json!({}))["listeModesAff"][0]["listeActualites"]
                ["V"]
                .clone()
        };
        let questions = |mini: &mut Mini<'_>, item: &Value| match &item["listeQuestions"] {
            Value::Null => {
                let data = json!({ "actualite": { "N": item["N"], "public": public }, "genreRequeteActualite": 1 });
                get(mini, "PageActualites", tab::NEWS, data)["detailsActualite"]["listeQuestions"]["V"].clone()
            }
            questions => questions["V"].clone(),
        };
        let save = |mini: &mut Mini<'_>, change: Value| {
            get(
                mini,
                "SaisieActualites",
                tab::NEWS,
                json!({ "listeActualites": [change], "saisieActualite": false }),
            );
        };
        let item = list(&mut mini)[1].clone();
        assert_eq!(item["lue"], false);
        save(&mut mini, json!({ "N": item["N"], "public": public, "lue": true }));
        assert_eq!(list(&mut mini)[1]["lue"], true, "{version}");
        let survey = list(&mut mini)[2].clone();
        let asked = questions(&mut mini, &survey);
        let answer = json!({ "N": asked[1]["N"], "reponse": { "N": 0, "valeurReponse": { "_T": 8, "V": "[1,3]" } } });
        save(
            &mut mini,
            json!({ "N": survey["N"], "public": public, "lue": true, "listeQuestions": [answer] }),
        );
        let survey = list(&mut mini)[2].clone();
        let reply = questions(&mut mini, &survey)[1]["reponse"]["V"].clone();
        assert_eq!(
            (&reply["avecReponse"], &reply["valeurReponse"]["V"]),
            (&json!(true), &json!("[1,3]"))
        );
        save(&mut mini, json!({ "N": survey["N"], "public": public, "supprimee": true }));
        assert!(list(&mut mini).as_array().unwrap().iter().all(|left| left["N"] != survey["N"]));
    }
}

#[test]
fn discussions_are_answered_opened_and_thrown_away() {
    let (mut mini, _) = pupil(options());
    let list = |mini: &mut Mini<'_>| {
        get(mini, "ListeMessagerie", tab::MESSAGES, json!({ "avecMessage": true, "avecLu": true }))
            ["listeMessagerie"]["V"]
            .clone()
    };
    let find = |mini: &mut Mini<'_>, subject: &str| {
        let all = list(mini);
        all.as_array().unwrap().iter().find(|item| item["objet"] == subject).cloned().unwrap()
    };
    let open = |mini: &mut Mini<'_>, item: &Value| {
        get(
            mini,
            "ListeMessages",
            tab::MESSAGES,
            json!({ "listePossessionsMessages": item["listePossessionsMessages"]["V"] }),
        )
    };
    let trip = find(&mut mini, "Sortie au musée 🖼️");
    let seen = open(&mut mini, &trip);
    let reply = json!({
        "messagePourReponse": seen["messagePourReponse"]["V"],
        "contenu": "Réponse ✔",
        "listeFichiers": [],
        "bouton": seen["listeBoutons"]["V"][0],
    });
    get(&mut mini, "SaisieMessage", tab::MESSAGES, reply);
    let trip = find(&mut mini, "Sortie au musée 🖼️");
    let messages = open(&mut mini, &trip)["listeMessages"]["V"].clone();
    let last = messages.as_array().unwrap().last().unwrap();
    assert_eq!((&last["contenu"], &last["emetteur"]), (&json!("Réponse ✔"), &json!(true)));
    let closed = find(&mut mini, "Conseil d'administration (clos)");
    assert_eq!(closed["ferme"], true);
    let seen = open(&mut mini, &closed);
    assert_eq!(seen["listeBoutons"]["V"], json!([]));
    let reply = json!({ "messagePourReponse": seen["messagePourReponse"]["V"], "contenu": "x", "bouton": { "N": 0, "G": 0 } });
    let refused = mini.call("SaisieMessage", reply, Some(tab::MESSAGES)).unwrap();
    assert!(refused.refusal().is_some());
    for (command, label) in [("corbeille", json!(1)), ("restauration", json!(null))] {
        let possessions = trip["listePossessionsMessages"]["V"].clone();
        get(
            &mut mini,
            "SaisieMessage",
            tab::MESSAGES,
            json!({ "commande": command, "listePossessionsMessages": possessions }),
        );
        let labels = find(&mut mini, "Sortie au musée 🖼️")["listeEtiquettes"]["V"].clone();
        assert_eq!(
            labels.as_array().map(|labels| json!(labels.len())).unwrap_or_default(),
            label,
            "{command}"
        );
    }
    for is_read in [true, false] {
        let possessions = trip["listePossessionsMessages"]["V"].clone();
        get(
            &mut mini,
            "SaisieMessage",
            tab::MESSAGES,
            json!({ "commande": "pourLu", "lu": is_read, "listePossessionsMessages": possessions }),
        );
        assert_eq!(find(&mut mini, "Sortie au musée 🖼️")["nbNonLus"].is_null(), is_read);
    }
    let teachers = get(
        &mut mini,
        "ListeRessourcesPourCommunication",
        tab::MESSAGES,
        json!({ "onglet": { "G": 3 } }),
    );
    let to = teachers["listeRessourcesPourCommunication"]["V"][0].clone();
    let new = json!({ "objet": "Nouveau", "contenu": { "_T": 21, "V": "Bonjour" }, "listeDestinataires": [{ "N": to["N"], "G": 3, "L": to["L"] }] });
    get(&mut mini, "SaisieMessage", tab::MESSAGES, new);
    let opened = find(&mut mini, "Nouveau");
    assert_eq!((&opened["public"], &opened["initiateur"]), (&to["L"], &Value::Null));
}

#[test]
fn files_come_by_their_addresses_as_long_as_the_session_lives() {
    let school = Simulator::in_process(options());
    let (mut mini, _) = enter(send(&school), &ACCOUNTS[0]);
    let user = mini.call("ParametresUtilisateur", json!({}), None).unwrap().data;
    let object = |id: &Value| json!({ "N": id, "Actif": true });
    let photo = address(&mini, &object(&user["ressource"]["N"]), "photo.jpg");
    let homework = get(
        &mut mini,
        "PageCahierDeTexte",
        tab::HOMEWORK,
        json!({ "domaine": { "V": "[1..30]" } }),
    );
    let all = homework["ListeTravauxAFaire"]["V"].as_array().unwrap();
    let files: Vec<_> = all
        .iter()
        .flat_map(|item| item["ListePieceJointe"]["V"].as_array().unwrap())
        .filter(|file| file["G"] == 1)
        .collect();
    assert!(files.len() > 5);
    let mut addresses = vec![photo];
    addresses.extend(
        files.iter().map(|file| address(&mini, &object(&file["N"]), file["L"].as_str().unwrap())),
    );
    // pronotepy pads the object twice; some write hexadecimal in capitals.
    let object = object(&user["ressource"]["N"]).to_string();
    let spare = 16 - object.len() % 16;
    let twice = [object.as_bytes(), &vec![u8::try_from(spare).unwrap(); spare]].concat();
    for secret in [mini.cipher.encrypt(&twice), mini.cipher.encrypt(&twice).to_uppercase()] {
        let session = mini.page.session;
        addresses.push(format!("/pronote/FichiersExternes/{secret}/photo.jpg?Session={session}"));
    }
    let pdf = get(&mut mini, "GenerationPDF", tab::TIMETABLE, json!({}))["url"]["V"].clone();
    addresses.push(format!("/pronote/{}", pdf.as_str().unwrap()));
    for address in &addresses {
        let reply = school.answer(&Request::get(address));
        assert!(reply.status == 200 && !reply.body.is_empty(), "{address}");
    }
    let calendar =
        get(&mut mini, "PageInfosPerso", tab::TIMETABLE, json!({}))["iCal"]["liste"]["V"][0]
            .clone();
    let calendar = format!(
        "/pronote/ical/mesinformations.ics?icalsecurise={}&version=2026.2.6&param=x",
        calendar["paramICal"].as_str().unwrap()
    );
    let wrong = json!({ "N": "4#AAAAAAAAAAAAAAAAAAAAAA", "Actif": true });
    let wrong = address(&mini, &wrong, "photo.jpg");
    assert_eq!(school.answer(&Request::get(&wrong)).status, 404);
    school.end_sessions();
    assert!(addresses.iter().all(|address| school.answer(&Request::get(address)).status == 404));
    let reply = school.answer(&Request::get(&calendar));
    assert!(reply.body.starts_with(b"BEGIN:VCALENDAR"), "a calendar outlives the session");
}
