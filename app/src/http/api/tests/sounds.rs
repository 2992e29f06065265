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
