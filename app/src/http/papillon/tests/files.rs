//! Files and calendars by addresses of ours, and by PRONOTE's own.
//!

use super::*;

/// All addresses of files in an answer.
fn urls(answer: &Value) -> Vec<String> {
    match answer {
        Value::Array(items) => items.iter().flat_map(urls).collect(),
        Value::Object(fields) => match (&fields.get("url"), &fields.get("type")) {
            (Some(Value::String(url)), Some(kind)) if **kind == json!(1) => vec![url.clone()],
            _ => fields.values().flat_map(urls).collect(),
        },
        _ => Vec::new(),
    }
}

impl World {
    /// Every file that any list has, and the photo.
    async fn files(&self, token: &str) -> Vec<String> {
        let mut all = Vec::new();
        for path in ["/homework?dateFrom=2026-12-03&dateTo=2026-12-17", "/news", "/punishments"] {
            all.extend(urls(&self.get(path, token).await.json()));
        }
        let photo = self.get("/user", token).await.json()["profile_picture"].clone();
        all.extend(photo.as_str().map(str::to_owned));
        all
    }

    async fn content(&self, url: &str) -> (u16, Vec<u8>) {
        let response = self.client.get(url).send().await.unwrap();
        (response.status().as_u16(), response.bytes().await.unwrap().to_vec())
    }
}

#[tokio::test]
async fn a_file_of_ours_is_pronotes_and_outlives_its_session() {
    let proxied = |settings: &mut conf::Gateway| {
        settings.attachments = conf::Attachments::Proxied;
        settings.limits.requests_per_minute_per_address = 0;
    };
    let world = World::with("2026.2.6", proxied).await;
    let direct = World::with("2026.2.6", |_| {}).await;
    let (token, other) = (world.token().await, direct.token().await);
    let (ours, theirs) = (world.files(&token).await, direct.files(&other).await);
    assert!(ours.len() >= 4 && ours.len() == theirs.len(), "{ours:?} {theirs:?}");
    let mut contents = Vec::new();
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert!(ours.starts_with(&world.url("/file?name=")), "{ours}");
        let (status, content) = world.content(ours).await;
        assert_eq!((status, &content), (200, &direct.content(theirs).await.1), "{theirs}");
        assert!(!content.is_empty());
        contents.push(content);
    }
    world.simulator.control().end_sessions();
    for (url, content) in ours.iter().zip(&contents) {
        assert_eq!(world.content(url).await, (200, content.clone()), "{url}");
    }
    let answer = answered(world.client.get(&ours[0])).await;
    answer.is_shared();
    assert_eq!(answer.headers["content-security-policy"], "sandbox");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    assert!(answer.headers["content-disposition"].to_str().unwrap().contains("filename*=UTF-8''"));
}

#[tokio::test]
async fn who_has_no_calendar_gets_one_of_ours() {
    let world = World::new("2026.2.6").await;
    let bare = world.log_in(json!({"username": "oenone"})).await.json();
    let url = world.get("/export/ical", bare["token"].as_str().unwrap()).await.json();
    let url = url.as_str().unwrap();
    assert!(url.starts_with(&world.url("/calendar.ics?key=")), "{url}");
    let answer = answered(world.client.get(url)).await;
    assert_eq!(answer.headers["content-type"], "text/calendar; charset=utf-8");
    assert!(answer.text.starts_with("BEGIN:VCALENDAR\r\n"), "{}", answer.text);
    assert!(answer.text.ends_with("END:VCALENDAR\r\n"), "{}", answer.text);
}
