//! Every account behaves as it says; tokens, codes and the security modal too.
//!

use std::time::Duration;

use pronote_client::protocol::crypto::Cipher;
use pronote_client::protocol::envelope::EnvelopeError;
use pronote_client::protocol::space::Site;
use pronote_client::protocol::tab;
use pronote_client::simulator::{ACCOUNTS, Account, Control, Request, Simulator, SimulatorOptions};
use serde_json::{Value, json};

use crate::generations::{options, read_all, send};
use crate::mini::{Mini, Mode, enter};

const APP: Mode<'_> =
    Mode { wants_token: true, has_code: false, has_token: false, from_portal: false, app: "app-1" };

fn account(username: &str) -> &'static Account {
    ACCOUNTS.iter().find(|account| account.username == username).unwrap()
}

fn refusal(error: EnvelopeError) -> i64 {
    match error {
        EnvelopeError::Refused(refusal) => refusal.code,
        other => panic!("{other}"),
    }
}

fn user(mini: &mut Mini<'_>) -> Value {
    mini.call("ParametresUtilisateur", json!({}), None).unwrap().data
}

#[test]
fn every_account_gets_in_or_is_told_why_not() {
    let reasons = [
        ("interdit", 2),
        ("sans-ressource", 4),
        ("bloque", 6),
        ("message", 9),
        ("desactive", 10),
        ("sans-enfant", 4),
    ];
    for version in ["2024.3.8", "2026.2.6"] {
        let version = version.parse().unwrap();
        let school = Simulator::in_process(SimulatorOptions { version, ..options() });
        for account in &ACCOUNTS {
            let (mut mini, answer) = enter(send(&school), account);
            let reason =
                reasons.iter().find(|(name, _)| *name == account.username).map(|(_, code)| *code);
            assert_eq!(answer["Acces"].as_i64(), reason, "{}", account.username);
            if reason.is_none() && answer["actionsDoubleAuth"].is_null() {
                assert_eq!(user(&mut mini)["ressource"]["L"], account.name());
            }
        }
    }
}

#[test]
fn parents_see_their_own_children_only() {
    let school = Simulator::in_process(options());
    let (mut mini, _) = enter(send(&school), &ACCOUNTS[1]);
    let told = user(&mut mini);
    let children = told["ressource"]["listeRessources"].as_array().unwrap();
    let names: Vec<_> = children.iter().map(|child| child["L"].as_str().unwrap()).collect();
    assert_eq!(names, ["PARENT Fanny", "PARENT Manon"]);
    assert_eq!(read_all(&mut mini, &told).len(), 20);
    for child in children {
        let signature = json!({ "onglet": tab::PERSONAL, "membre": { "N": child["N"], "G": 4 } });
        assert!(mini.raw("PageInfosPerso", json!({}), Some(signature), None).is_ok());
    }
    // The office knows all pupils; their ids are of its own session.
    let (mut office, _) = enter(send(&school), account("demonstration2"));
    let classes = user(&mut office)["listeClasses"]["V"].clone();
    let class = json!({ "classe": classes[0], "periode": office.periods[0] });
    let pupils = office.call("ListeRessources", class, Some(tab::PUPILS)).unwrap().data;
    let stranger = pupils["listeRessources"]["V"][1]["N"].clone();
    assert!(stranger.is_string());
    let signature = json!({ "onglet": tab::PERSONAL, "membre": { "N": stranger, "G": 4 } });
    let error = mini.raw("PageInfosPerso", json!({}), Some(signature), None).unwrap_err();
    assert_eq!(refusal(error), 22);
}

#[test]
fn wrong_passwords_are_counted_until_the_account_and_then_the_address_rest() {
    let school =
        Simulator::in_process(SimulatorOptions { failures_before_suspension: 8, ..options() });
    let attempt = |name: &str, password: &str| {
        let (mut mini, _) = Mini::open(send(&school), "/pronote/eleve.html", None)?;
        mini.log_in(name, password, Mode::default())
    };
    for _ in 0..5 {
        assert_eq!(attempt("demonstration", "wrong").unwrap()["Acces"], 1);
    }
    assert_eq!(refusal(attempt("demonstration", "pronotevs").unwrap_err()), 25);
    for _ in 0..3 {
        assert_eq!(attempt("nobody", "wrong").unwrap()["Acces"], 1);
    }
    let page = school.answer(&Request::get("/pronote/eleve.html"));
    assert!(String::from_utf8_lossy(&page.body).contains("provisoirement suspendue"));
    school.advance(Duration::from_secs(31 * 60));
    assert!(attempt("demonstration", "pronotevs").unwrap()["cle"].is_string());
}

#[test]
fn a_token_is_good_for_one_login_of_its_app() {
    let school = Simulator::in_process(options());
    let log_in = |secret: &str, mode: Mode<'_>| {
        let (mut mini, _) = Mini::open(send(&school), "/pronote/mobile.eleve.html", None).unwrap();
        mini.log_in("demonstration", secret, mode).unwrap()
    };
    let token = |answer: &Value| answer["jetonConnexionAppliMobile"].as_str().unwrap().to_owned();
    let by_token = Mode { has_token: true, ..APP };
    let first = token(&log_in("pronotevs", APP));
    assert_eq!(log_in(&first, Mode { app: "app-2", ..by_token })["Acces"], 1);
    let second = token(&log_in(&first, by_token));
    assert_ne!(first, second);
    assert_eq!(log_in(&first, by_token)["Acces"], 1);
    assert!(log_in(&second, by_token)["cle"].is_string());
    school.withdraw_tokens();
    assert_eq!(log_in(&second, by_token)["Acces"], 1);
    let demo = Simulator::in_process(SimulatorOptions { is_demo: true, ..options() });
    let log_in = |secret: &str, mode| {
        let (mut mini, _) = Mini::open(send(&demo), "/pronote/mobile.eleve.html", None).unwrap();
        mini.log_in("demonstration", secret, mode).unwrap()
    };
    let refused = token(&log_in("pronotevs", APP));
    assert_eq!(log_in(&refused, by_token)["Acces"], 1);
}

#[test]
fn a_qr_code_is_good_once_and_for_ten_minutes() {
    let code = |school: &Control| {
        let (mut mini, _) = enter(send(school), &ACCOUNTS[0]);
        user(&mut mini);
        let code =
            mini.call("JetonAppliMobile", json!({ "code": "0042" }), Some(tab::HOME)).unwrap().data;
        let cipher = Cipher::of_material(b"0042");
        let open =
            |name: &str| cipher.decrypt_text(code[name].as_str().unwrap()).unwrap().to_string();
        (open("login"), open("jeton"))
    };
    let log_in = |school: &Control, name: &str, secret: &str| {
        let (mut mini, _) = Mini::open(send(school), "/pronote/mobile.eleve.html", None).unwrap();
        mini.log_in(name, secret, Mode { has_code: true, ..APP }).unwrap()
    };
    let school = Simulator::in_process(options());
    let (name, secret) = code(&school);
    assert!(log_in(&school, &name, &secret)["jetonConnexionAppliMobile"].is_string());
    assert_eq!(log_in(&school, &name, &secret)["Acces"], 1);
    let (name, secret) = code(&school);
    school.advance(Duration::from_secs(601));
    assert_eq!(log_in(&school, &name, &secret)["Acces"], 1);
}

#[test]
fn the_security_modal_lets_nobody_by() {
    for (username, actions, save) in [
        ("prudence", "[3]", json!({ "codePin": "1234", "strIdentification": "box" })),
        ("basile", "[5]", json!({ "strIdentification": "box" })),
        ("zephyr", "[2]", json!({ "codePin": "9876", "strIdentification": "box" })),
        ("nouveau", "[0,5]", json!({ "nouveauMDP": "Nouveau-2026", "strIdentification": "box" })),
        ("ondine", "[1]", json!({ "mode": 2 })),
    ] {
        let school = Simulator::in_process(options());
        let account = account(username);
        let page = format!("/pronote/{}", account.space.page(Site::Desktop));
        let (mut mini, parameters) = Mini::open(send(&school), &page, None).unwrap();
        let answer = mini.log_in(account.username, account.password, Mode::default()).unwrap();
        assert_eq!(answer["actionsDoubleAuth"]["V"], actions, "{username}");
        let error = mini.call("ParametresUtilisateur", json!({}), None).unwrap_err();
        assert_eq!(refusal(error), 3, "{username}");
        let empty =
            mini.call("SecurisationCompteDoubleAuth", json!({ "action": 3 }), None).unwrap();
        assert!(empty.refusal().is_some(), "{username}: nothing given, nothing gained");
        let mut data = save.clone();
        data["action"] = json!(3);
        data["avecIdentification"] = json!(save["strIdentification"].is_string());
        for secret in ["codePin", "nouveauMDP"] {
            if let Some(clear) = save[secret].as_str() {
                data[secret] = json!(mini.cipher.encrypt(clear.as_bytes()));
            }
        }
        let saved = mini.call("SecurisationCompteDoubleAuth", data, None).unwrap();
        assert_eq!(saved.refusal(), None, "{username}");
        assert_eq!(user(&mut mini)["ressource"]["L"], account.name());
        // The same device is not asked again.
        let device = parameters["identifiantNav"].as_str();
        let (mut again, _) = Mini::open(send(&school), &page, device).unwrap();
        let password = save["nouveauMDP"].as_str().unwrap_or(account.password);
        let answer = again.log_in(account.username, password, Mode::default()).unwrap();
        assert!(answer["cle"].is_string() && answer["actionsDoubleAuth"].is_null(), "{username}");
    }
}

#[test]
fn three_wrong_pins_end_the_session() {
    let school = Simulator::in_process(options());
    let (mut mini, _) = enter(send(&school), account("prudence"));
    for _ in 0..3 {
        let pin = mini.cipher.encrypt(b"0000");
        let answer = mini
            .call("SecurisationCompteDoubleAuth", json!({ "action": 0, "codePin": pin }), None)
            .unwrap();
        assert_eq!(answer.data["result"], false);
    }
    let pin = mini.cipher.encrypt(b"1234");
    let error = mini
        .call("SecurisationCompteDoubleAuth", json!({ "action": 0, "codePin": pin }), None)
        .unwrap_err();
    assert_eq!(refusal(error), 8);
}

#[test]
fn a_school_without_messages_ends_the_session_of_whoever_asks() {
    let school = Simulator::in_process(options());
    let (mut mini, _) = enter(send(&school), account("oenone"));
    let told = user(&mut mini);
    assert_eq!(told["autorisations"]["AvecDiscussion"], false);
    assert!(told["ressource"]["avecPhoto"].is_null());
    let error =
        mini.call("ListeMessagerie", json!({ "avecLu": true }), Some(tab::MESSAGES)).unwrap_err();
    assert_eq!(refusal(error), 10);
    let error = mini.call("Navigation", json!({}), Some(tab::HOME)).unwrap_err();
    assert_eq!(refusal(error), 8);
}
