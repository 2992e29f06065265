//! `/api/schedule` as its users know it.

use super::*;

const TABLES: &str = "/api/schedule";

/// Every day rings at 08:00 and at 23:59.
fn tables() -> Value {
    let week: serde_json::Map<_, _> =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
            .map(|day| (day.to_owned(), json!("normal")))
            .into_iter()
            .collect();
    json!({
        "time_zone": "Europe/Paris",
        "day_types": {
            "normal": { "name": "Normale", "colour": "#2e7d32", "bells": [
                { "time": "08:00", "trigger": "GPIO23", "label": "Début, des cours" },
                { "time": "23:59", "trigger": "OFFICE" },
            ] },
            "short": { "name": "Courte", "bells": [{ "time": "09:00", "trigger": "GPIO23" }] },
        },
        "weeks": { "templates": [{ "name": "A", "days": week }], "turn": { "rule": "assigned" } },
        "calendar": [],
    })
}

async fn with_tables() -> Home {
    let home = Home::new().await;
    assert_eq!(home.send(Method::PUT, "/api/schedule?comment=first", &tables()).await.0, 200);
    home
}

#[tokio::test]
async fn tables_are_published_seen_and_taken_back() {
    let home = with_tables().await;
    let (_, shown) = home.get(TABLES).await;
    assert_eq!(shown["day_types"]["normal"]["bells"][0]["late_seconds"], 60, "{shown}");
    let mut other = tables();
    other["day_types"]["normal"]["name"] = json!("Autre");
    assert_eq!(home.send(Method::PUT, TABLES, &other).await.0, 200);
    let (_, versions) = home.get("/api/schedule/versions").await;
    let told = |key: &str| -> Vec<_> {
        versions.as_array().unwrap().iter().map(|version| version[key].clone()).collect()
    };
    assert_eq!(told("number"), [3, 2, 1]);
    assert_eq!(told("by"), [json!("admin"), json!("admin"), Value::Null]);
    assert_eq!(told("comment"), ["", "first", ""]);
    assert_eq!(told("in_force"), [true, false, false]);
    let (_, old) = home.get("/api/schedule/versions/2").await;
    assert_eq!(old["schedule"]["day_types"]["normal"]["name"], "Normale");
    let (status, back) =
        home.send(Method::POST, "/api/schedule/versions/2/restore", &json!({})).await;
    assert_eq!((status, &back["day_types"]["normal"]["name"]), (200, &json!("Normale")));
    assert_eq!(home.get("/api/schedule/versions/9").await.0, 404);
    let none = home.send(Method::POST, "/api/schedule/versions/9/restore", &json!({})).await;
    assert_eq!(none.0, 404);
    home.stop().await;
}

#[tokio::test]
async fn of_two_people_who_publish_the_second_is_told_and_a_change_of_the_day_is_none() {
    let home = with_tables().await;
    let seen = home.request(Method::GET, TABLES).send().await.unwrap();
    let tag = seen.headers()["etag"].clone();
    let mute = json!({ "date": "2099-01-05", "change": "mute", "from": "08:00" });
    assert_eq!(home.send(Method::POST, "/api/schedule/changes", &mute).await.0, 201);
    let put = |name: &str| {
        let mut body = tables();
        body["day_types"]["normal"]["name"] = json!(name);
        home.request(Method::PUT, TABLES).json(&body).header("if-match", &tag)
    };
    assert_eq!(answer(put("first")).await.0, 200);
    assert_eq!(answer(put("second")).await.0, 412);
    let restore = home.request(Method::POST, "/api/schedule/versions/1/restore");
    assert_eq!(answer(restore.header("if-match", &tag)).await.0, 412);
    let (_, now) = home.get(TABLES).await;
    assert_eq!(now["day_types"]["normal"]["name"], "first");
    assert_eq!(now["changes"].as_array().unwrap().len(), 1, "a draft leaves the changes alone");
    home.stop().await;
}

#[tokio::test]
async fn what_is_wrong_with_tables_is_named_and_nothing_changes() {
    let home = with_tables().await;
    let before = home.get(TABLES).await;
    for (pointer, value, field) in [
        ("/time_zone", json!("Mars/Olympus"), "time_zone"),
        ("/day_types/normal/bells/0/time", json!("8h00"), "day_types.normal.bells[0].time"),
        ("/day_types/normal/colour", json!("green"), "day_types.normal.colour"),
        ("/calendar", json!([{ "from": "2026-02-30" }]), "calendar[0].from"),
    ] {
        let mut body = tables();
        *body.pointer_mut(pointer).unwrap() = value;
        for (method, path) in [(Method::PUT, TABLES), (Method::POST, "/api/schedule/diff")] {
            let (status, problem) = home.send(method, path, &body).await;
            assert_eq!((status, &problem["field"]), (422, &json!(field)), "{path}: {problem}");
        }
    }
    for body in [json!([]), json!("x"), json!(null)] {
        assert_eq!(home.send(Method::PUT, TABLES, &body).await.0, 422, "{body}");
    }
    let long = format!("{TABLES}?comment={}", "x".repeat(501));
    assert_eq!(home.send(Method::PUT, &long, &tables()).await.0, 400);
    let huge = home.request(Method::PUT, TABLES).body(" ".repeat(1024 * 1024 + 1));
    assert_eq!(answer(huge).await.0, 413);
    assert_eq!(home.get(TABLES).await, before);
    home.stop().await;
}

#[tokio::test]
async fn the_tables_are_changed_part_by_part() {
    let home = with_tables().await;
    let day = json!({ "name": "Examen", "bells": [{ "time": "10:00", "trigger": "GPIO23" }] });
    let path = "/api/schedule/day-types/exam";
    assert_eq!(home.send(Method::PUT, path, &day).await.0, 201);
    assert_eq!(home.send(Method::PUT, path, &day).await.0, 200);
    assert_eq!(home.get(path).await.1["name"], "Examen");
    assert_eq!(home.get("/api/schedule/day-types").await.1.as_object().unwrap().len(), 3);
    let wrong = json!({ "bells": [{ "time": "10:00" }] });
    let (status, problem) = home.send(Method::PUT, path, &wrong).await;
    assert_eq!((status, &problem["field"]), (422, &json!("bells[0].trigger")), "{problem}");
    let created = home.request(Method::PUT, path).json(&day).header("if-none-match", "*");
    assert_eq!(answer(created).await.0, 412);
    assert_eq!(home.send(Method::PUT, "/api/schedule/day-types/a%20b", &day).await.0, 422);
    let delete = |path| home.request(Method::DELETE, path);
    let stale = delete(path).header("if-match", "\"stale\"");
    assert_eq!(answer(stale).await.0, 412);
    assert_eq!(answer(delete(path)).await.0, 204);
    assert_eq!(answer(delete(path)).await.0, 404);
    assert_eq!(home.get(path).await.0, 404);
    let used = delete("/api/schedule/day-types/normal");
    assert_eq!(answer(used).await.0, 422, "a week has it");

    let (_, mut weeks) = home.get("/api/schedule/weeks").await;
    weeks["weeks"]["templates"][0]["days"]["monday"] = json!("short");
    let (status, put) = home.send(Method::PUT, "/api/schedule/weeks", &weeks).await;
    assert_eq!((status, put), (200, weeks));
    for (weeks, field) in [(json!({}), Value::Null), (json!({ "weeks": 5 }), json!("weeks"))] {
        let (status, problem) = home.send(Method::PUT, "/api/schedule/weeks", &weeks).await;
        assert_eq!((status, &problem["field"]), (422, &field), "{problem}");
    }
    let entry = json!([{ "from": "2099-01-05", "to": "2099-01-06", "day": "silent" }]);
    let (status, put) = home.send(Method::PUT, "/api/schedule/calendar", &entry).await;
    assert_eq!((status, &put[0]["day"]), (200, &json!("silent")));
    assert_eq!(home.get("/api/schedule/calendar").await.1, put);
    let (status, problem) = home.send(Method::PUT, "/api/schedule/calendar", &json!([{}])).await;
    assert_eq!((status, &problem["field"]), (422, &json!("calendar[0].from")), "{problem}");
    home.stop().await;
}

#[tokio::test]
async fn a_draft_is_told_in_words_and_day_by_day_and_changes_nothing() {
    let home = with_tables().await;
    let before = home.get(TABLES).await;
    let (_, same) = home.send(Method::POST, "/api/schedule/diff", &tables()).await;
    assert_eq!(same, json!({ "words": [], "days": [] }));
    let mut draft = tables();
    draft["day_types"]["normal"]["bells"][0]["time"] = json!("08:05");
    draft["weeks"]["templates"][0]["days"]["sunday"] = Value::Null;
    let (status, diff) = home.send(Method::POST, "/api/schedule/diff", &draft).await;
    assert_eq!(status, 200, "{diff}");
    let words = diff["words"].to_string();
    for said in [
        "08:00 « Début, des cours » (GPIO23)",
        "08:05 “Début, des cours” (GPIO23)",
        "Le dimanche de la semaine A est désormais sans sonnerie",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    let days = diff["days"].as_array().unwrap();
    assert_eq!(days.len(), 61);
    assert!(days.iter().any(|day| day["is"].is_null() && day["gone"] == json!(["08:00", "23:59"])));
    assert!(days.iter().any(|day| day["new"] == json!(["08:05"])));
    assert_eq!(home.get(TABLES).await, before);
    home.stop().await;
}

#[tokio::test]
async fn a_day_is_changed_seen_and_changed_back() {
    let home = with_tables().await;
    let date = "2099-01-05";
    let preview = format!("/api/schedule/preview?from={date}&days=1");
    let times = async || {
        let (status, shown) = home.get(&preview).await;
        assert_eq!(status, 200, "{shown}");
        let bells = shown["days"][0]["bells"].as_array().unwrap().clone();
        bells.iter().map(|bell| bell["time"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(times().await, ["08:00", "23:59"]);
    let mut ids = Vec::new();
    for (mut change, expected) in [
        (json!({ "change": "shift", "from": "07:00", "minutes": -5 }), vec!["07:55", "23:54"]),
        (json!({ "change": "mute", "from": "07:00", "to": "12:00" }), vec!["23:54"]),
        (json!({ "change": "bell", "time": "10:00", "trigger": "GPIO23" }), vec!["10:00", "23:54"]),
        (json!({ "change": "cancel", "time": "23:59", "trigger": "OFFICE" }), vec!["10:00"]),
    ] {
        change["date"] = json!(date);
        let (status, made) = home.send(Method::POST, "/api/schedule/changes", &change).await;
        assert_eq!(status, 201, "{made}");
        assert!(made["words"]["fr"].as_str().unwrap().contains("lundi 5 janvier 2099"), "{made}");
        assert_eq!(times().await, expected, "{change}");
        ids.push(made["id"].as_str().unwrap().to_owned());
    }
    let (_, shown) = home.get(&preview).await;
    assert_eq!(shown["days"][0]["silenced"].as_array().unwrap().len(), 2, "{shown}");
    assert_eq!(home.get("/api/schedule/changes").await.1.as_array().unwrap().len(), 4);
    for id in &ids {
        let take = || home.request(Method::DELETE, &format!("/api/schedule/changes/{id}"));
        assert_eq!(answer(take()).await.0, 204);
        assert_eq!(answer(take()).await.0, 404);
    }
    assert_eq!(times().await, ["08:00", "23:59"]);
    for (change, field) in [
        (json!({ "date": date, "change": "shift", "from": "07:00", "minutes": 0 }), "minutes"),
        (json!({ "date": date, "change": "louder" }), "change"),
        (json!({ "change": "mute", "from": "07:00" }), "date"),
    ] {
        let (status, problem) = home.send(Method::POST, "/api/schedule/changes", &change).await;
        assert_eq!((status, &problem["field"]), (422, &json!(field)), "{problem}");
    }
    home.stop().await;
}

#[tokio::test]
async fn any_time_is_explained_in_both_languages() {
    let home = with_tables().await;
    for (at, answer, words) in [
        ("2099-01-05T08:00", "rings", "« Début, des cours » (GPIO23) sonne"),
        ("2099-01-05T07:00:00Z", "rings", "Lundi est « Normale »"),
        ("2099-01-05T08:01", "no_bell", "aucune sonnerie n’est écrite"),
    ] {
        let (status, told) = home.get(&format!("/api/schedule/explain?at={at}")).await;
        assert_eq!((status, &told["answer"]), (200, &json!(answer)), "{told}");
        assert!(told["words"].to_string().contains(words), "{words}: {told}");
    }
    assert_eq!(home.get("/api/schedule/explain").await.0, 200, "now");
    for wrong in [
        "explain?at=noon",
        "preview?from=monday",
        "preview?days=0",
        "preview?days=401",
        "preview?days=x",
        "preview?bells=some",
    ] {
        assert_eq!(home.get(&format!("/api/schedule/{wrong}")).await.0, 400, "{wrong}");
    }
    let (_, year) = home.get("/api/schedule/preview?from=2099-01-01&days=365&bells=no").await;
    let days = year["days"].as_array().unwrap();
    assert!(
        days.len() == 365 && days.iter().all(|day| day["count"] == 2 && day["bells"] == json!([]))
    );
    assert!(year["next"]["at"].is_string(), "{}", year["next"]);
    let mut home_in_lyon = tables();
    home_in_lyon["school"] = json!({ "place": "zone-a" });
    assert_eq!(home.send(Method::PUT, TABLES, &home_in_lyon).await.0, 200);
    let (_, told) = home.get("/api/schedule/preview?from=2026-12-25&days=1").await;
    assert!(told["days"][0]["because"]["fr"].as_str().unwrap().contains("Noël"), "{told}");
    assert_eq!(told["days"][0]["count"], 0, "a day off");
    let mut silent = tables();
    silent["day_types"]["normal"]["bells"][0]["trigger"] = json!("GONE");
    assert_eq!(home.send(Method::PUT, TABLES, &silent).await.0, 200);
    let (_, month) = home.get("/api/schedule/preview").await;
    assert!(month["warnings"].to_string().contains("GONE"), "{}", month["warnings"]);
    home.stop().await;
}

#[tokio::test]
async fn the_feed_is_read_by_whoever_has_its_address_until_it_is_taken_back() {
    let home = with_tables().await;
    assert_eq!(home.get("/api/schedule/feed").await.1, json!({ "open": false }));
    let make = async || {
        let (status, made) = home.send(Method::POST, "/api/schedule/feed", &json!({})).await;
        assert_eq!(status, 201);
        made["path"].as_str().unwrap().to_owned()
    };
    let read = async |path: &str| home.stranger(Method::GET, path).send().await.unwrap();
    let first = make().await;
    let feed = read(&first).await;
    assert_eq!(
        (feed.status().as_u16(), media_type(&feed)),
        (200, "text/calendar; charset=utf-8".into())
    );
    let text = feed.text().await.unwrap();
    assert!(text.contains("SUMMARY:Début\\, des cours\r\n"), "{text}");
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 128 * 2);
    let second = make().await;
    for (path, status) in
        [(&*first, 404), (&second, 200), ("/api/feed/.ics", 404), ("/api/feed/x", 404)]
    {
        assert_eq!(read(path).await.status(), status, "{path}");
    }
    let revoke = home.request(Method::DELETE, "/api/schedule/feed");
    assert_eq!(answer(revoke).await.0, 204);
    assert_eq!(read(&second).await.status(), 404);
    home.stop().await;
}

#[tokio::test]
async fn nobody_reads_or_changes_tables_without_signing_in() {
    let home = with_tables().await;
    for (method, path) in [
        (Method::GET, TABLES),
        (Method::PUT, TABLES),
        (Method::POST, "/api/schedule/changes"),
        (Method::POST, "/api/schedule/feed"),
        (Method::GET, "/api/schedule/preview"),
    ] {
        assert_eq!(answer(home.stranger(method, path)).await.0, 401, "{path}");
    }
    let other = home.request(Method::POST, TABLES);
    assert_eq!(answer(other).await.0, 405);
    home.stop().await;
}
