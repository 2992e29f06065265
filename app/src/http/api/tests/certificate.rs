//! A school's own certificate: installed, seen by the next connection, gone.
//!

use std::os::unix::fs::PermissionsExt;

use super::*;

/// A certificate for this machine's address, and its key.
fn schools_own() -> (String, String) {
    let params = rcgen::CertificateParams::new(vec!["127.0.0.1".into()]).unwrap();
    let key = rcgen::KeyPair::generate().unwrap();
    (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
}

#[tokio::test]
async fn a_schools_own_certificate_is_served_without_a_restart_and_taken_away_again() {
    let home = Home::new().await;
    let certs = home.folder.path().join("certs");
    let ours = fs::read(certs.join("cert.pem")).unwrap();
    let own = home.get("/api/certificate").await.1;
    assert_eq!(own["self_signed"], true);
    let mut before = None;
    for _ in 0..2 {
        let (chain, key) = schools_own();
        let body = json!({ "certificate": chain, "key": key });
        let (status, installed) = home.send(Method::PUT, "/api/certificate", &body).await;
        assert_eq!(status, 200, "{installed}");
        assert_eq!(installed["remarks"], json!([]));
        assert_eq!(installed["certificate"]["self_signed"], false);
        assert_eq!(installed["certificate"]["names"], json!(["127.0.0.1"]));

        let conf: Value =
            serde_json::from_slice(&fs::read(home.folder.path().join("conf.json")).unwrap())
                .unwrap();
        let [named_chain, named_key] =
            ["tls_cert", "tls_key"].map(|key| conf["server"][key].as_str().unwrap().to_owned());
        assert!(named_chain.starts_with("certs/installed-"), "{named_chain}");
        let mode = fs::metadata(home.folder.path().join(&named_key)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let trusting = client(&home.folder.path().join(&named_chain));
        let health = trusting.get(format!("{}/api/health", home.url)).send().await.unwrap();
        assert_eq!(health.status(), 200, "a new connection is shown the new one");
        if let Some(before) = before.replace(named_chain) {
            assert!(!home.folder.path().join(before).exists(), "the one before is gone");
        }
    }
    let (status, back) = answer(home.request(Method::DELETE, "/api/certificate")).await;
    assert_eq!((status, &back["fingerprint"]), (200, &own["fingerprint"]));
    assert_eq!(fs::read(certs.join("cert.pem")).unwrap(), ours, "it was never touched");
    assert_eq!(fs::read_dir(&certs).unwrap().count(), 2, "nothing of the school's is left");
    let trusting = client(&certs.join("cert.pem"));
    assert!(trusting.get(format!("{}/api/health", home.url)).send().await.is_ok());
    home.stop().await;
}

#[tokio::test]
async fn what_cannot_be_used_replaces_nothing() {
    let home = Home::new().await;
    let own = home.get("/api/certificate").await.1;
    let conf = || fs::read(home.folder.path().join("conf.json")).unwrap();
    let before = conf();
    let (chain, _) = schools_own();
    for (body, field) in [
        (json!({ "certificate": chain, "key": schools_own().1 }), json!("key")),
        (json!({ "certificate": "hello", "key": "" }), json!("certificate")),
        (json!({ "certificate": chain }), json!("key")),
        (json!({ "key": "x" }), Value::Null),
        (json!([]), Value::Null),
    ] {
        let (status, problem) = home.send(Method::PUT, "/api/certificate", &body).await;
        assert_eq!((status, &problem["field"]), (422, &field), "{problem}");
        assert!(!problem.to_string().contains("PRIVATE KEY-----\\n"), "{problem}");
    }
    assert_eq!(home.get("/api/certificate").await.1, own);
    assert_eq!(conf(), before);
    assert_eq!(fs::read_dir(home.folder.path().join("certs")).unwrap().count(), 2);
    home.stop().await;
}

#[tokio::test]
async fn where_somebody_put_their_own_under_our_names_it_is_left_there() {
    let home = Home::new().await;
    let data = home.folder.path();
    let (chain, key) = schools_own();
    fs::write(data.join("certs/cert.pem"), &chain).unwrap();
    fs::write(data.join("certs/key.pem"), key).unwrap();
    let (chain_2, key_2) = schools_own();
    let body = json!({ "certificate": chain_2, "key": key_2 });
    assert_eq!(home.send(Method::PUT, "/api/certificate", &body).await.0, 200);
    let (status, back) = answer(home.request(Method::DELETE, "/api/certificate")).await;
    assert_eq!((status, &back["self_signed"]), (200, &json!(true)));
    assert_eq!(fs::read_to_string(data.join("certs/cert.pem")).unwrap(), chain);
    assert!(data.join("certs/beffroi-cert.pem").exists());
    home.stop().await;
}
