//! Logins: what they need, what they give, and whom they do not let in.
//!

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
