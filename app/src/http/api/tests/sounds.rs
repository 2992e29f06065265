//! `/api/sounds` as its users know it.

use super::*;

#[tokio::test]
async fn a_sound_is_put_listed_fetched_and_deleted() {
    let home = Home::new().await;
    let path = "/api/sounds/R%C3%A9cr%C3%A9%202.wav";
    let put = || home.request(Method::PUT, path).body(wav(48_000));
    let (status, sound) = answer(put()).await;
    assert_eq!((status, &sound["file"]), (201, &json!("Récré 2.wav")), "{sound}");
    assert_eq!(sound["duration_seconds"].as_f64(), Some(1.0));
    assert_eq!((&sound["peak_dbfs"], &sound["clips"]), (&json!(-12.2), &json!(false)));
    assert!((-12.0..-6.0).contains(&sound["loudness_lufs"].as_f64().unwrap()), "{sound}");
    assert_eq!(answer(put()).await.0, 200);
    let (_, list) = home.get("/api/sounds").await;
    let files: Vec<_> = list.as_array().unwrap().iter().map(|sound| &sound["file"]).collect();
    assert_eq!(files, ["Récré 2.wav", "tone.wav"]);
    assert_eq!(list[1]["used_by"], json!(["GPIO23", "OFFICE"]));

    let fetched = home.request(Method::GET, path).send().await.unwrap();
    assert_eq!(media_type(&fetched), "audio/wav");
    assert_eq!(fetched.bytes().await.unwrap(), wav(48_000));
    let head = home.request(Method::HEAD, path).send().await.unwrap();
    assert_eq!(head.headers()["content-length"], wav(48_000).len().to_string());

    let (status, refused) = answer(home.request(Method::DELETE, "/api/sounds/tone.wav")).await;
    assert_eq!(status, 409);
    assert_eq!(refused["detail"], "tone.wav is played by GPIO23, OFFICE");
    assert_eq!(home.request(Method::DELETE, path).send().await.unwrap().status(), 204);
    assert_eq!(answer(home.request(Method::DELETE, path)).await.0, 404);
    home.stop().await;
}

#[tokio::test]
async fn a_renamed_sound_takes_its_triggers_with_it() {
    let home = Home::new().await;
    let path = "/api/sounds/tone.wav";
    let tag = |response: &Response| response.headers()["etag"].to_str().unwrap().to_owned();
    let seen = tag(&home.request(Method::HEAD, path).send().await.unwrap());
    let other = home.request(Method::PUT, "/api/sounds/other.wav").body(wav(10));
    assert_eq!(answer(other).await.0, 201);
    for (body, status, said) in [
        (json!({ "file": "other.wav" }), 409, "there is a sound other.wav already"),
        (json!({ "file": "tone.wav" }), 409, "there is a sound tone.wav already"),
        (json!({ "file": "tone.mp3" }), 422, "tone.mp3 does not end in .wav, as tone.wav does"),
        (json!({ "file": "../tone.wav" }), 422, "is not a bare file name"),
        (json!({}), 422, "missing"),
    ] {
        let (found, problem) = home.send(Method::PATCH, path, &body).await;
        assert_eq!((found, &problem["field"]), (status, &json!("file")), "{body}");
        assert!(problem["detail"].as_str().unwrap().contains(said), "{problem}");
    }
    let body = json!({ "file": "x.wav" });
    assert_eq!(home.send(Method::PATCH, "/api/sounds/none.wav", &body).await.0, 404);

    // Somebody else has replaced it meanwhile.
    assert_eq!(answer(home.request(Method::PUT, path).body(wav(4800))).await.0, 200);
    let rename = |tag: &str| {
        let request = home.request(Method::PATCH, path).header("if-match", tag);
        request.json(&json!({ "file": "Récré.wav" }))
    };
    assert_eq!(answer(rename(&seen)).await.0, 412);
    let seen = tag(&home.request(Method::HEAD, path).send().await.unwrap());
    let (status, sound) = answer(rename(&seen)).await;
    assert_eq!((status, &sound["file"]), (200, &json!("Récré.wav")), "{sound}");
    assert_eq!(sound["used_by"], json!(["GPIO23", "OFFICE"]));
    assert_eq!(home.get(path).await.0, 404);
    let (_, trigger) = home.get("/api/triggers/GPIO23").await;
    assert_eq!(trigger["music_file"], "Récré.wav");
    let (status, ring) = answer(home.request(Method::POST, "/api/play/GPIO23")).await;
    assert_eq!((status, &ring["playback"]["sound"]), (202, &json!("Récré.wav")));
    let left = fs::read_dir(home.folder.path().join("musiques")).unwrap().count();
    assert_eq!(left, 2, "no note, no second name");
    home.stop().await;
}

#[tokio::test]
async fn a_rename_that_the_configuration_refuses_is_taken_back() {
    let home = Home::new().await;
    fs::write(home.folder.path().join("conf.json"), "{ half of an edit").unwrap();
    let body = json!({ "file": "new.wav" });
    let (status, problem) = home.send(Method::PATCH, "/api/sounds/tone.wav", &body).await;
    assert_eq!(status, 409, "{problem}");
    let (_, list) = home.get("/api/sounds").await;
    assert_eq!((&list[0]["file"], &list[1]), (&json!("tone.wav"), &Value::Null));
    home.stop().await;
}

#[tokio::test]
async fn nothing_that_somebody_has_put_meanwhile_is_overwritten() {
    let home = Home::new().await;
    let put = |name: &str| home.request(Method::PUT, &format!("/api/sounds/{name}")).body(wav(10));
    assert_eq!(answer(put("tone.wav").header("if-none-match", "*")).await.0, 412);
    assert_eq!(answer(put("new.wav").header("if-none-match", "*")).await.0, 201);
    assert_eq!(answer(put("new.wav").header("if-match", "\"1\"")).await.0, 412);
    let delete = home.request(Method::DELETE, "/api/sounds/new.wav");
    assert_eq!(answer(delete.header("if-match", "\"1\"")).await.0, 412);
    let (_, list) = home.get("/api/sounds").await;
    assert_eq!(list[1]["duration_seconds"].as_f64(), Some(0.05), "the old one is still there");
    home.stop().await;
}

#[tokio::test]
async fn a_sound_is_heard_on_the_box_without_a_trigger() {
    let home = Home::new().await;
    let path = "/api/sounds/long.wav";
    assert_eq!(answer(home.request(Method::PUT, path).body(wav(48_000))).await.0, 201);
    let play = format!("{path}/play");
    let asked = json!({ "start_seconds": 0.25, "end_seconds": 0.5, "volume": 0.5 });
    let (status, ring) = home.send(Method::POST, &play, &asked).await;
    let playback = &ring["playback"];
    assert_eq!((status, &playback["trigger"]), (202, &Value::Null), "{ring}");
    assert_eq!((&playback["name"], &playback["sound"]), (&json!("long.wav"), &json!("long.wav")));
    assert_eq!(playback["seconds"].as_f64(), Some(0.25));
    assert_eq!(playback["cause"], json!({ "kind": "api", "user": "admin" }));
    let written = async {
        loop {
            let (_, journal) = home.get("/api/journal").await;
            if journal[0]["id"] == playback["id"] {
                return journal;
            }
            tokio::task::yield_now().await;
        }
    };
    let journal = timeout(BOUND, written).await.unwrap();
    assert_eq!((&journal[0]["trigger"], &journal[0]["name"]), (&Value::Null, &json!("long.wav")));
    for (body, field) in [
        (json!({ "start_seconds": 2 }), "start_seconds"),
        (json!({ "start_seconds": 0.5, "end_seconds": 0.1 }), "end_seconds"),
        (json!({ "volume": 1.5 }), "volume"),
    ] {
        let (status, problem) = home.send(Method::POST, &play, &body).await;
        assert_eq!((status, &problem["field"]), (422, &json!(field)), "{problem}");
    }
    assert_eq!(home.send(Method::POST, &play, &json!([])).await.0, 422);
    assert_eq!(home.send(Method::POST, "/api/sounds/no.wav/play", &asked).await.0, 404);
    home.stop().await;
}

#[tokio::test]
async fn a_range_is_what_was_asked_for() {
    let home = Home::new().await;
    let whole = wav(2400);
    let length = whole.len();
    for (range, status, bytes) in [
        ("bytes=0-9", 206, &whole[..10]),
        ("bytes=100-", 206, &whole[100..]),
        ("bytes=-16", 206, &whole[length - 16..]),
        ("bytes=10-999999", 206, &whole[10..]),
        ("bytes=0-1,5-6", 200, &whole[..]),
        ("lines=1-2", 200, &whole[..]),
        ("bytes=9-3", 416, &[]),
        ("bytes=999999-", 416, &[]),
    ] {
        let request = home.request(Method::GET, "/api/sounds/tone.wav").header("range", range);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{range}");
        if status == 206 {
            let told = response.headers()["content-range"].to_str().unwrap();
            assert!(told.ends_with(&format!("/{length}")), "{told}");
        }
        if status < 300 {
            assert_eq!(response.bytes().await.unwrap(), bytes, "{range}");
        }
    }
    home.stop().await;
}

#[tokio::test]
async fn what_is_no_sound_is_refused_and_leaves_nothing() {
    let home = Home::new().await;
    let put = |path: &str| home.request(Method::PUT, path);
    let text = vec![b'x'; 5000];
    let (status, problem) = answer(put("/api/sounds/tone.wav").body(text.clone())).await;
    assert_eq!(status, 422, "{problem}");
    assert_eq!(answer(put("/api/sounds/new.mp3").body(text.clone())).await.0, 422);
    assert_eq!(answer(put("/api/sounds/new.wav").body("")).await.0, 422);
    let picture = put("/api/sounds/new.wav").header("content-type", "image/png").body(text);
    assert_eq!(answer(picture).await.0, 415);

    let huge = put("/api/sounds/new.wav").header("content-length", (64 << 20) + 1);
    let never = futures_util::stream::pending::<Result<Vec<u8>, String>>();
    let (status, _) = answer(huge.body(reqwest::Body::wrap_stream(never))).await;
    assert_eq!(status, 413, "told before it is sent");
    let part = vec![0_u8; 1 << 20];
    let endless = futures_util::stream::repeat_with(move || Ok::<_, String>(part.clone()));
    let sent = put("/api/sounds/new.wav").body(reqwest::Body::wrap_stream(endless));
    match sent.send().await {
        Ok(response) => assert_eq!(response.status(), 413),
        Err(error) => assert!(!error.is_timeout(), "cut off while sending: {error}"),
    }

    let left: Vec<_> = fs::read_dir(home.folder.path().join("musiques")).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
    let (_, list) = home.get("/api/sounds").await;
    assert_eq!(list[0]["duration_seconds"].as_f64(), Some(0.05), "the old one is still there");
    home.stop().await;
}

#[tokio::test]
async fn a_third_upload_waits_its_turn() {
    let home = Home::new().await;
    let slow = |name: &str| {
        let (parts, body) = tokio::sync::mpsc::channel::<Result<Vec<u8>, String>>(1);
        let body = tokio_stream::wrappers::ReceiverStream::new(body);
        let request = home.request(Method::PUT, &format!("/api/sounds/{name}"));
        let sent = request.body(reqwest::Body::wrap_stream(body)).send();
        (parts, tokio::spawn(sent))
    };
    let uploads = [slow("a.wav"), slow("b.wav")];
    for (parts, _) in &uploads {
        // Two parts are taken only once the first is on its way.
        parts.send(Ok(wav(10)[..20].to_vec())).await.unwrap();
        parts.send(Ok(wav(10)[20..].to_vec())).await.unwrap();
    }
    let third = async {
        loop {
            let request = home.request(Method::PUT, "/api/sounds/c.wav").body(wav(10));
            let status = request.send().await.unwrap().status();
            if status == 503 {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(BOUND, third).await.unwrap();
    for (parts, sent) in uploads {
        drop(parts);
        assert_eq!(timeout(BOUND, sent).await.unwrap().unwrap().unwrap().status(), 201);
    }
    home.stop().await;
}
