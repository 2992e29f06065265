//! `/api/triggers` as its users know it.

use super::*;

#[tokio::test]
async fn a_trigger_is_put_shown_patched_rung_and_deleted() {
    let home = Home::new().await;
    let body = json!({ "name": "Yard", "type": "GPIO4", "music_file": "tone.wav" });
    let (status, put) = home.send(Method::PUT, "/api/triggers/YARD", &body).await;
    assert_eq!((status, &put["name"]), (201, &json!("Yard")));
    let (status, ring) = home.get("/api/play/YARD").await;
    assert_eq!((status, &ring["playback"]["name"]), (202, &json!("Yard")), "in force at once");
    assert_eq!(home.send(Method::PUT, "/api/triggers/YARD", &body).await.0, 200);
    let patch = json!({ "volume": 0.5, "name": null });
    let (status, patched) = home.send(Method::PATCH, "/api/triggers/YARD", &patch).await;
    assert_eq!((status, &patched["name"]), (200, &json!("YARD")));
    assert_eq!(home.get("/api/triggers/YARD").await, (200, patched.clone()));
    let (_, all) = home.get("/api/triggers").await;
    assert_eq!(all.as_object().unwrap().len(), 3);
    assert_eq!(all["YARD"], patched);
    let delete = || home.request(Method::DELETE, "/api/triggers/YARD");
    assert_eq!(delete().send().await.unwrap().status(), 204);
    assert_eq!(answer(delete()).await.0, 404);
    assert_eq!(home.get("/api/play/YARD").await.0, 404);
    assert_eq!(home.send(Method::PATCH, "/api/triggers/YARD", &patch).await.0, 404);
    home.stop().await;
}

#[tokio::test]
async fn what_is_wrong_with_a_trigger_is_named() {
    let home = Home::new().await;
    let before = home.get("/api/triggers").await;
    for (change, field) in [
        (json!({ "music_file": "none.wav" }), "music_file"),
        (json!({ "music_file": "../conf.json" }), "music_file"),
        (json!({ "start_seconds": 0.05 }), "start_seconds"),
        (json!({ "start_seconds": 2, "end_seconds": 1 }), "end_seconds"),
        (json!({ "volume": 2 }), "volume"),
        (json!({ "type": "GPIO23" }), "type"),
    ] {
        let mut body = json!({ "type": "api", "music_file": "tone.wav" });
        let (put, patch) = (body.as_object_mut().unwrap(), change.as_object().unwrap());
        put.extend(patch.clone());
        let (status, problem) = home.send(Method::PUT, "/api/triggers/NEW", &body).await;
        assert_eq!((status, &problem["field"]), (422, &json!(field)), "{problem}");
        let (status, problem) = home.send(Method::PATCH, "/api/triggers/OFFICE", &change).await;
        assert_eq!((status, &problem["field"]), (422, &json!(field)), "{problem}");
    }
    for body in [json!([]), json!("x"), json!(null), json!({})] {
        assert_eq!(home.send(Method::PUT, "/api/triggers/NEW", &body).await.0, 422, "{body}");
    }
    assert_eq!(home.get("/api/triggers").await, before, "nothing has changed");
    home.stop().await;
}

#[tokio::test]
async fn a_body_that_is_no_json_is_refused_in_words() {
    let home = Home::new().await;
    let put = || home.request(Method::PUT, "/api/triggers/NEW");
    let secret = "{\"name\": \"x\",\n \"volume\": hunter2 }";
    let (status, problem) = answer(put().body(secret)).await;
    assert_eq!(status, 400);
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("line 2 column 12") && !detail.contains("hunter2"), "{detail}");
    assert_eq!(answer(put().body("")).await.0, 400);
    let form = put().header("content-type", "application/x-www-form-urlencoded").body("a=b");
    assert_eq!(answer(form).await.0, 415);
    let packed = put().header("content-encoding", "gzip").body("x");
    assert_eq!(answer(packed).await.0, 415);
    assert_eq!(answer(put().body(" ".repeat(65 * 1024))).await.0, 413);
    let unannounced =
        futures_util::stream::iter((0..70).map(|_| Ok::<_, String>(vec![b' '; 1024])));
    let streamed = put().body(reqwest::Body::wrap_stream(unannounced));
    assert_eq!(answer(streamed).await.0, 413);
    home.stop().await;
}

#[tokio::test]
async fn a_hand_edit_under_way_is_not_overwritten() {
    let home = Home::new().await;
    let file = home.folder.path().join("conf.json");
    fs::write(&file, "{ \"triggers\": ").unwrap();
    let body = json!({ "type": "api", "music_file": "tone.wav" });
    let (status, problem) = home.send(Method::PUT, "/api/triggers/NEW", &body).await;
    assert_eq!(status, 409, "{problem}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "{ \"triggers\": ");
    home.stop().await;
}

#[tokio::test]
async fn of_two_people_who_edit_one_trigger_the_second_is_told() {
    let home = Home::new().await;
    let path = "/api/triggers/GPIO23";
    let seen = home.request(Method::GET, path).send().await.unwrap();
    let tag = seen.headers()["etag"].clone();
    let body = |name| json!({ "name": name, "type": "GPIO23", "music_file": "tone.wav" });
    let put = |name| home.request(Method::PUT, path).json(&body(name)).header("if-match", &tag);
    assert_eq!(answer(put("first")).await.0, 200);
    assert_eq!(answer(put("second")).await.0, 412);
    let delete = home.request(Method::DELETE, path).header("if-match", &tag);
    assert_eq!(answer(delete).await.0, 412);
    assert_eq!(home.get(path).await.1["name"], "first", "nothing is overwritten");
    let new =
        |path| home.request(Method::PUT, path).json(&body("new")).header("if-none-match", "*");
    assert_eq!(answer(new(path)).await.0, 412, "it exists");
    let free = json!({ "type": "api", "music_file": "tone.wav" });
    let free = home.request(Method::PUT, "/api/triggers/FREE").json(&free);
    assert_eq!(answer(free.header("if-none-match", "*")).await.0, 201);
    home.stop().await;
}
