//! The page's sign-in, and the first password of a new box.

use reqwest::header::{HeaderValue, SET_COOKIE};

use super::*;

/// What a browser keeps of an answer.
fn kept(response: &Response) -> HeaderValue {
    let cookie = response.headers()[SET_COOKIE].to_str().unwrap();
    cookie.split(';').next().unwrap().parse().unwrap()
}

async fn sign_in(home: &Home, password: &str) -> Response {
    let body = json!({ "username": "admin", "password": password });
    home.stranger(Method::POST, "/api/session").json(&body).send().await.unwrap()
}

#[tokio::test]
async fn a_browser_signs_in_asks_and_signs_out() {
    let home = Home::new().await;
    let nobody = json!({ "user": null, "claimed": true });
    assert_eq!(answer(home.stranger(Method::GET, "/api/session")).await, (200, nobody.clone()));
    let refused = sign_in(&home, "wrong").await;
    assert_eq!(refused.status(), 401);
    assert!(!refused.headers().contains_key("www-authenticate"), "the form says it");
    assert!(!refused.headers().contains_key(SET_COOKIE));
    let welcome = sign_in(&home, "right").await;
    assert_eq!(welcome.status(), 200);
    let set = welcome.headers()[SET_COOKIE].to_str().unwrap();
    for word in ["__Host-beffroi=", "Path=/;", "Secure;", "HttpOnly;", "SameSite=Strict;"] {
        assert!(set.contains(word), "{set}");
    }
    let cookie = kept(&welcome);
    let with_cookie = |method, path: &str| home.stranger(method, path).header("cookie", &cookie);
    let who = answer(with_cookie(Method::GET, "/api/session")).await.1;
    assert_eq!(who["user"], "admin");
    assert_eq!(answer(with_cookie(Method::POST, "/api/play/OFFICE")).await.0, 202);
    for site in ["cross-site", "same-site"] {
        let there = with_cookie(Method::GET, "/api/triggers").header("sec-fetch-site", site);
        assert_eq!(answer(there).await.0, 401, "worth nothing from another site, even to read");
        let out = with_cookie(Method::DELETE, "/api/session").header("sec-fetch-site", site);
        assert_eq!(answer(out).await.0, 403);
    }
    let out = with_cookie(Method::DELETE, "/api/session").send().await.unwrap();
    assert_eq!(out.status(), 204);
    assert_eq!(kept(&out), "__Host-beffroi=");
    assert_eq!(answer(with_cookie(Method::GET, "/api/triggers")).await.0, 401);
    home.stop().await;
}

#[tokio::test]
async fn the_page_is_never_answered_by_the_browsers_own_window() {
    let home = Home::new().await;
    for (aim, window) in [(Some("empty"), false), (Some("document"), true), (None, true)] {
        let mut request = home.stranger(Method::GET, "/api/triggers");
        if let Some(aim) = aim {
            request = request.header("sec-fetch-dest", aim);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 401);
        assert_eq!(response.headers().contains_key("www-authenticate"), window, "{aim:?}");
    }
    home.stop().await;
}

#[tokio::test]
async fn a_new_password_ends_every_sign_in_but_this_one() {
    let home = Home::new().await;
    let (one, other) = (kept(&sign_in(&home, "right").await), kept(&sign_in(&home, "right").await));
    let change = |current: &str, password: &str| {
        let body = json!({ "current": current, "password": password });
        home.stranger(Method::PUT, "/api/password").header("cookie", &one).json(&body)
    };
    for (current, password, field) in
        [("wrong", "long enough", "current"), ("right", "short", "password")]
    {
        let (status, problem) = answer(change(current, password)).await;
        assert_eq!((status, &problem["field"]), (422, &json!(field)));
    }
    let done = change("right", "long enough").send().await.unwrap();
    assert_eq!(done.status(), 204);
    let renewed = kept(&done);
    for (cookie, status) in [(one, 401), (other, 401), (renewed, 200)] {
        let asked = home.stranger(Method::GET, "/api/triggers").header("cookie", cookie);
        assert_eq!(answer(asked).await.0, status);
    }
    assert_eq!(sign_in(&home, "right").await.status(), 401);
    assert_eq!(sign_in(&home, "long enough").await.status(), 200);
    home.stop().await;
}

#[tokio::test]
async fn a_new_box_is_claimed_once_by_who_has_its_code() {
    let home = Home::new().await;
    let claim = |code: &str, password: &str| {
        let body = json!({ "code": code, "password": password });
        home.stranger(Method::POST, "/api/claim").json(&body)
    };
    let (status, _) = answer(claim("ABCD-EFGH", "long enough")).await;
    assert_eq!(status, 409, "it has a password");
    let conf = fs::read_to_string(home.folder.path().join("conf.json")).unwrap();
    let mut conf: Value = serde_json::from_str(&conf).unwrap();
    conf["auth"].as_object_mut().unwrap().remove("password");
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("musiques")).unwrap();
    fs::write(folder.path().join("musiques/tone.wav"), wav(2400)).unwrap();
    fs::write(folder.path().join("conf.json"), conf.to_string()).unwrap();
    home.stop().await;

    let home = Home::start(folder).await;
    let state = answer(home.stranger(Method::GET, "/api/session")).await.1;
    assert_eq!(state, json!({ "user": null, "claimed": false }));
    let claim = |code: &str, password: &str| {
        let body = json!({ "code": code, "password": password });
        home.stranger(Method::POST, "/api/claim").json(&body)
    };
    let (status, problem) = answer(claim("wrong", "long enough")).await;
    assert_eq!((status, &problem["field"]), (422, &json!("code")));
    assert_eq!(home.get("/api/triggers").await.0, 401, "until then nobody gets in");
    let elsewhere = claim("wrong", "long enough").header("sec-fetch-site", "cross-site");
    assert_eq!(answer(elsewhere).await.0, 403);
    home.stop().await;
}
