//! Who may ask, how, and what strange requests get.

use super::*;

#[tokio::test]
async fn everything_but_health_wants_a_password() {
    let home = Home::new().await;
    for path in ["/api/config", "/api/triggers", "/api/play/GPIO23", "/api/nothing", "/metrics"] {
        let (status, _) = answer(home.stranger(Method::GET, path)).await;
        assert_eq!(status, 401, "{path}");
    }
    let wrong = home.stranger(Method::GET, "/api/config").basic_auth("admin", Some("wrong"));
    assert_eq!(answer(wrong).await.0, 401);
    let (status, health) = answer(home.stranger(Method::GET, "/api/health")).await;
    assert_eq!((status, &health["status"], &health["reasons"]), (200, &json!("ok"), &json!([])));
    assert_eq!(health["board"]["boards"][0]["kind"], "mock");
    assert_eq!(health["audio"]["device"], "null");
    assert_eq!(health["playing"], Value::Null);
    let head = home.stranger(Method::HEAD, "/api/health").send().await.unwrap();
    assert_eq!(head.status(), 200);
    home.store.set_password("new").unwrap();
    assert_eq!(home.get("/api/config").await.0, 401, "a new password counts at once");
    home.stop().await;
}

#[tokio::test]
async fn every_route_but_four_wants_a_sign_in_and_none_changes_anything_for_another_site() {
    let home = Home::new().await;
    let open = ["/api/health", "/api/session", "/api/claim", "/api/feed/{secret}"];
    for (method, path) in described::ROUTES {
        let filled = path.replace("{id}", "GPIO23").replace("{file}", "tone.wav");
        let filled = filled.replace("{number}", "1").replace("{secret}", "x");
        let verb: Method = method.to_uppercase().parse().unwrap();
        if !open.contains(&path) {
            let (status, _) = answer(home.stranger(verb.clone(), &filled)).await;
            assert_eq!(status, 401, "{method} {path}");
        }
        if method != "get" {
            let elsewhere = home.request(verb, &filled).header("sec-fetch-site", "cross-site");
            assert_eq!(answer(elsewhere).await.0, 403, "{method} {path}");
        }
    }
    home.stop().await;
}

#[tokio::test]
async fn the_configuration_is_shown_without_its_secrets() {
    let home = Home::new().await;
    let (status, conf) = home.get("/api/config").await;
    assert_eq!(status, 200);
    assert_eq!(conf["auth"], json!({ "username": "admin", "password": "***" }));
    assert_eq!(conf["triggers"]["OFFICE"]["volume"].as_f64(), Some(1.0));
    assert!(!conf.to_string().contains("argon2"));
    home.stop().await;
}

#[tokio::test]
async fn other_sites_may_not_act_and_nobody_is_told_to_share() {
    let home = Home::new().await;
    for (method, path) in [
        (Method::GET, "/api/play/GPIO23"),
        (Method::POST, "/api/play/GPIO23"),
        (Method::GET, "/api/stop"),
        (Method::DELETE, "/api/triggers/GPIO23"),
        (Method::PUT, "/api/sounds/x.wav"),
    ] {
        for site in ["cross-site", "same-site"] {
            let request = home.request(method.clone(), path).header("sec-fetch-site", site);
            assert_eq!(answer(request).await.0, 403, "{method} {path} {site}");
        }
        let origin = home.request(method.clone(), path).header("origin", "https://evil.example");
        assert_eq!(answer(origin).await.0, 403, "{method} {path}");
    }
    let reading = home.request(Method::GET, "/api/triggers").header("sec-fetch-site", "cross-site");
    let response = reading.send().await.unwrap();
    assert_eq!(response.status(), 200);
    let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap());
    assert_eq!(header("access-control-allow-origin"), None);
    assert_eq!(header("x-content-type-options"), Some("nosniff"));
    assert_eq!(header("cache-control"), Some("no-store"));
    assert_eq!(header("strict-transport-security"), None);
    let ours = home.request(Method::GET, "/api/stop").header("sec-fetch-site", "same-origin");
    assert_eq!(answer(ours).await, (200, json!({ "stopped": 0 })));
    home.stop().await;
}

#[tokio::test]
async fn strange_addresses_lead_nowhere() {
    let home = Home::new().await;
    let long = "x".repeat(3000);
    for path in [
        "/api",
        "/api/",
        "/api/nothing",
        "/api/triggers/a/b",
        "/api/triggers/%2e%2e",
        "/api/triggers/%ff",
        "/api/triggers/a%20b",
        "/api/sounds/..%2f..%2fconf.json",
        "/api/sounds/%2e%2e%2fconf.json",
        "/api/sounds/..%5cconf.json",
        "/api/sounds/tone.wav%00.wav",
        "/api/sounds/.wav",
        "/api/sounds/none.wav",
        "/api/sounds/conf.json",
        "/api/play/..%2f",
        "/metrics/x",
        &format!("/api/triggers/{long}"),
        &format!("/api/sounds/{long}.wav"),
    ] {
        assert_eq!(home.get(path).await.0, 404, "{path}");
    }
    for (path, status) in [
        ("/api/triggers/a%20b", 422),
        ("/api/triggers/..%2fx", 422),
        ("/api/sounds/..%2fx.wav", 422),
        ("/api/sounds/x.exe", 415),
    ] {
        let body = json!({ "type": "api", "music_file": "tone.wav" });
        assert_eq!(home.send(Method::PUT, path, &body).await.0, status, "{path}");
    }
    home.stop().await;
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let home = Home::new().await;
    for (method, path, allowed) in [
        (Method::POST, "/api/health", "GET, HEAD"),
        (Method::HEAD, "/api/play/GPIO23", "GET, POST"),
        (Method::PUT, "/api/stop", "GET, POST"),
        (Method::DELETE, "/api/triggers", "GET, HEAD"),
        (Method::POST, "/api/triggers/GPIO23", "GET, HEAD, PUT, PATCH, DELETE"),
        (Method::POST, "/api/sounds/tone.wav", "GET, HEAD, PUT, PATCH, DELETE"),
        (Method::OPTIONS, "/metrics", "GET, HEAD"),
    ] {
        let response = home.request(method.clone(), path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        assert_eq!(response.headers()["allow"], allowed, "{method} {path}");
    }
    home.stop().await;
}
