//! Logins: what they need, what they give, and whom they do not let in.
//!

use std::sync::Arc;

use pronote_client::{
    Address, Client, Credentials, LoginOptions, Transport,
    ent::Portals,
    simulator::{
        self,
        portals::{FakePortals, PortalOptions},
    },
};

use super::*;

#[tokio::test]
async fn what_a_login_lacks_is_named() {
    let world = World::new("2026.2.6").await;
    let qr = json!({"url": "https://a.fr/pronote", "qrToken": "AB", "login": "CD", "checkCode": "12345"});
    for (query, body, wrong) in [
        ("", None, json!({"token": false, "error": "missingbody"})),
        ("", Some(json!({})), json!("missingurl")),
        ("?method=url", Some(json!({"url": "https://a.fr"})), json!("missingusername")),
        (
            "",
            Some(json!({"url": "https://a.fr", "username": "a", "password": ""})),
            json!("missingpassword"),
        ),
        ("?method=qrcode", Some(json!({"url": "https://a.fr"})), json!("missingqrToken")),
        (
            "?method=qrcode",
            Some(json!({"url": "https://a.fr", "qrToken": "AB"})),
            json!("missinglogin"),
        ),
        ("?method=qrcode", Some(qr), json!("checkCode must be 4 characters long (got 5)")),
        (
            "?method=carrier",
            Some(json!({"url": "a"})),
            json!({"errors": {"method": "expected one of url, qrcode"}}),
        ),
    ] {
        let mut request = world.ask("POST", &format!("/generatetoken{query}"));
        if let Some(body) = body {
            request = request.json(&body);
        }
        answered(request).await.is(400, &wrong);
    }
}

#[tokio::test]
async fn whom_pronote_does_not_let_in_is_told_so() {
    let world = World::new("2026.2.6").await;
    let refused = |why: &str| json!({"token": false, "error": why});
    world.log_in(json!({"password": "wrong"})).await.is(498, &refused("loginfailed"));
    let unknown = "expected the id of a portal of the table, found atlantis";
    world.log_in(json!({"ent": "atlantis"})).await.is(498, &refused(unknown));
    for url in ["", "ftp://127.0.0.1/pronote", "http://127.0.0.1/pronote/index.php.html"] {
        let answer = world.log_in(json!({"url": url})).await;
        let status = if url.is_empty() { 400 } else { 498 };
        assert_eq!(answer.status, status, "{url}: {}", answer.text);
    }
    // A form whose ENT is empty means none.
    let answer = world.log_in(json!({"ent": ""})).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["error"]), (200, &json!(false)));
    let token = answer.json()["token"].as_str().unwrap().to_owned();
    assert!(
        token.len() == 22 && token.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
    );
}

#[tokio::test]
async fn the_code_of_a_phone_logs_in_and_outlives_pronotes_session() {
    for version in VERSIONS {
        let world = World::new(version).await;
        let address: Address = world.simulator.page("eleve").parse().unwrap();
        let (username, password) = ("demonstration".into(), "pronotevs".into());
        let credentials = Credentials::Password { username, password };
        let transport = Transport::new().unwrap();
        let login = Client::log_in(&transport, &address, &credentials, LoginOptions::default());
        let code = login.await.unwrap().done().unwrap().make_qr_code("1234").await.unwrap();
        // As the picture has it, under the names of its JSON.
        let code = serde_json::to_value(&code).unwrap();
        let log_in = async |pin: &str| {
            let body = json!({
                "url": world.simulator.page("eleve"),
                "qrToken": code["token"],
                "login": code["login"],
                "checkCode": pin,
            });
            answered(world.ask("POST", "/generatetoken?method=qrcode").json(&body)).await
        };
        let wrong = json!({"token": false, "error": "the PIN does not open the QR code"});
        log_in("4321").await.is(498, &wrong);
        let answer = log_in("1234").await;
        assert_eq!(answer.status, 200, "{version}: {}", answer.text);
        let token = answer.json()["token"].as_str().unwrap().to_owned();
        world.simulator.control().end_sessions();
        assert_eq!(world.get("/grades", &token).await.status, 200, "{version}");
        assert_eq!(log_in("1234").await.status, 498, "{version}: a code is good for one login");
    }
}

#[tokio::test]
async fn a_portal_leads_to_the_school() {
    for id in ["cas_agora06", "ac_reims"] {
        let portal = Portals::built_in().find(id).unwrap();
        let portals = Arc::new(FakePortals::new(portal, PortalOptions::default()));
        let gate = Arc::clone(&portals) as Arc<dyn simulator::Portals>;
        let options =
            SimulatorOptions { portals: Some(gate), now: Some(NOW), ..Default::default() };
        let simulator = Simulator::start(options).unwrap();
        let table = portals.table_at(&format!("http://{}", simulator.address())).to_string();
        let world = World::among(simulator, Some(&table), |_| {}).await;
        let answer = world.log_in(json!({"ent": id})).await;
        assert_eq!(answer.status, 200, "{id}: {}", answer.text);
        let token = answer.json()["token"].as_str().unwrap().to_owned();
        assert_eq!(world.get("/user", &token).await.status, 200);
        let wrong = world.log_in(json!({"ent": id, "password": "wrong"})).await;
        assert_eq!(wrong.status, 498);
        let why = wrong.json()["error"].as_str().unwrap().to_owned();
        assert!(why.contains(id) && why.contains("password is wrong"), "{why}");
    }
}
