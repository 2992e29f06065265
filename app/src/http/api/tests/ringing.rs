//! Ring, stop, and who hears of it: journal, events, metrics.

use beffroi_hal::State;

use super::*;

#[tokio::test]
async fn a_ring_is_accepted_journalled_and_told() {
    let home = Home::new().await;
    let mut events = Events::listen(&home).await;
    let status = events.next("status").await;
    assert_eq!(status["status"], "ok");

    let (status, ring) = answer(home.request(Method::POST, "/api/play/GPIO23")).await;
    assert_eq!(status, 202);
    let playback = &ring["playback"];
    assert_eq!(playback["cause"], json!({ "kind": "api", "user": "admin" }));
    assert_eq!(playback["seconds"].as_f64(), Some(0.05));
    assert_eq!(playback["sound"], "tone.wav");
    let started = events.next("playback").await;
    assert_eq!((&started["id"], &started["outcome"]), (&playback["id"], &json!("playing")));
    let ended = events.next("playback").await;
    assert_eq!((&ended["id"], &ended["outcome"]), (&playback["id"], &json!("played")));

    home.mock.set(&"GPIO23".parse().unwrap(), State::Active).unwrap();
    let line = events.next("line").await;
    assert_eq!((&line["line"], &line["state"]), (&json!("GPIO23"), &json!("active")));
    let started = events.next("playback").await;
    assert_eq!(started["cause"], json!({ "kind": "line", "line": "GPIO23" }));
    events.next("playback").await;

    let (_, journal) = home.get("/api/journal").await;
    let causes: Vec<_> = journal.as_array().unwrap().iter().map(|r| &r["cause"]["kind"]).collect();
    assert_eq!(causes, ["line", "api"]);
    let before = format!("/api/journal?limit=1&before={}", journal[0]["id"]);
    assert_eq!(home.get(&before).await, (200, json!([journal[1]])));
    for query in ["limit=0", "limit=501", "limit=x", "before=-1", "limit=%FF"] {
        assert_eq!(home.get(&format!("/api/journal?{query}")).await.0, 400, "{query}");
    }

    let metrics = home.request(Method::GET, "/metrics").send().await.unwrap();
    let metrics = metrics.text().await.unwrap();
    for line in [
        "beffroi_rings_total{cause=\"api\"} 1",
        "beffroi_rings_total{cause=\"line\"} 1",
        "beffroi_rings_ended_total{outcome=\"played\"} 2",
        "beffroi_playing 0",
        "beffroi_audio_ready 1",
        "beffroi_board_ready{board=\"mock\"} 1",
        "beffroi_lines_active 1",
        "beffroi_auth_failures_total 0",
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line} in {metrics}");
    }
    assert!(metrics.ends_with("# EOF\n"));
    home.stop().await;
}

#[tokio::test]
async fn a_ring_without_its_sound_is_a_conflict_and_degrades_health() {
    let home = Home::new().await;
    fs::remove_file(home.folder.path().join("musiques/tone.wav")).unwrap();
    let library = home._bell.handle.library().clone();
    let looked = tokio::task::spawn_blocking(move || {
        library.refresh(&"tone.wav".parse().unwrap());
        library.settle();
    });
    timeout(BOUND, looked).await.unwrap().unwrap();
    let (status, problem) = home.get("/api/play/GPIO23").await;
    assert_eq!(status, 409);
    assert!(problem["detail"].as_str().unwrap().contains("tone.wav is missing"), "{problem}");
    let (_, health) = answer(home.stranger(Method::GET, "/api/health")).await;
    assert_eq!(health["status"], "degraded");
    assert!(health["reasons"][0].as_str().unwrap().contains("tone.wav is missing"), "{health}");
    home.stop().await;
}

#[tokio::test]
async fn health_names_no_user_and_no_secret() {
    let home = Home::new().await;
    let file = home.folder.path().join("conf.json");
    let mut conf: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    conf["auth"]["username"] = json!(["hunter2"]);
    conf["triggers"]["GPIO23"]["volume"] = json!(7);
    conf["triggers"]["LONG"] = json!({ "type": "api", "music_file": "long.wav" });
    fs::write(home.folder.path().join("musiques/long.wav"), wav(480_000)).unwrap();
    fs::write(&file, conf.to_string()).unwrap();
    home.store.reload().unwrap();
    let (status, _) = home.get("/api/play/LONG").await;
    assert_eq!(status, 202);
    let response = home.stranger(Method::GET, "/api/health").send().await.unwrap();
    let text = response.text().await.unwrap();
    let health: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(health["playing"]["trigger"], "LONG");
    assert!(text.contains("triggers.GPIO23.volume") && text.contains("auth.username"), "{text}");
    for secret in ["hunter2", "\"admin\"", home.folder.path().to_str().unwrap()] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    home.stop().await;
}

#[tokio::test]
async fn only_so_many_listen_and_a_stop_lets_them_go() {
    let home = Home::new().await;
    let mut all = Vec::new();
    for _ in 0..super::super::events::LISTENERS {
        all.push(Events::listen(&home).await);
    }
    assert_eq!(home.get("/api/events").await.0, 503);
    all.pop();
    // The seat is free once the server has seen the listener leave.
    let again = async {
        loop {
            let response = home.request(Method::GET, "/api/events").send().await.unwrap();
            if response.status() == 200 {
                return response;
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(BOUND, again).await.unwrap();
    let mut last = all.pop().unwrap();
    home.stop().await;
    timeout(BOUND, last.until_it_ends()).await.unwrap();
}

/// Server-sent events, as a browser reads them.
struct Events {
    response: Response,
    unread: String,
}

impl Events {
    async fn listen(home: &Home) -> Self {
        // Each on a connection of its own, as browsers are.
        let client = client(&home.folder.path().join("certs/cert.pem"));
        let request = client.get(format!("{}/api/events", home.url));
        let response = request.basic_auth("admin", Some("right")).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(media_type(&response), "text/event-stream");
        Self { response, unread: String::new() }
    }

    /// The data of the next event of this name.
    async fn next(&mut self, name: &str) -> Value {
        loop {
            while let Some((event, rest)) = self.unread.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.unread = rest;
                let field = |key| event.lines().find_map(|line| line.strip_prefix(key));
                if field("event:") == Some(name) {
                    return serde_json::from_str(field("data:").unwrap()).unwrap();
                }
            }
            let part = timeout(BOUND, self.response.chunk()).await.unwrap().unwrap().unwrap();
            self.unread.push_str(std::str::from_utf8(&part).unwrap());
        }
    }

    /// An end, not a cut.
    async fn until_it_ends(&mut self) {
        while self.response.chunk().await.unwrap().is_some() {}
    }
}
