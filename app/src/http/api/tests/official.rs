//! Where the school is, and the official files, as their users know them.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    thread,
};

use super::*;

const SCHOOL: &str = "/api/schedule/school";
const OFFICIAL: &str = "/api/schedule/official";
const UPLOAD: &str = "/api/schedule/official/upload";
const SUBSCRIPTION: &str = "/api/schedule/official/subscription";
const REFRESH: &str = "/api/schedule/official/refresh";

/// Holidays of zone A in a year that nothing else is known of.
fn ics(zone: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20401020\r\nDTEND;VALUE=DATE:20401105\r\n\
         SUMMARY:Vacances de la Toussaint{zone}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

/// What somebody should look at.
async fn warnings(home: &Home) -> String {
    home.get("/api/schedule/preview?days=1").await.1["warnings"].to_string()
}

async fn at_school(place: &str) -> Home {
    let home = Home::new().await;
    let (status, school) = home.send(Method::PUT, SCHOOL, &json!({ "place": place })).await;
    assert_eq!((status, &school["place"]), (200, &json!(place)), "{school}");
    home
}

/// Why a day is what it is.
async fn because(home: &Home, date: &str) -> String {
    let (status, preview) =
        home.get(&format!("/api/schedule/preview?from={date}&days=1&bells=no")).await;
    assert_eq!(status, 200, "{preview}");
    preview["days"][0]["because"]["fr"].as_str().unwrap().to_owned()
}

async fn upload(home: &Home, query: &str, file: &str) -> (u16, Value) {
    answer(home.request(Method::PUT, &format!("{UPLOAD}{query}")).body(file.to_owned())).await
}

/// A server that gives each one who asks the next answer; its address.
fn server(answers: Vec<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/Zone-A.ics", listener.local_addr().unwrap());
    thread::spawn(move || {
        for (body, stream) in answers.into_iter().zip(listener.incoming()) {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]).unwrap();
            let length = body.len();
            let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}");
            drop(stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes()));
        }
    });
    url
}

#[tokio::test]
async fn the_place_is_chosen_counts_at_once_and_is_a_version_of_the_tables() {
    let home = Home::new().await;
    let none = json!({ "place": null, "region": null, "time_zone": "Europe/Paris" });
    assert_eq!(home.get(SCHOOL).await, (200, none.clone()));
    let christmas = "2026-12-24";
    assert!(!because(&home, christmas).await.contains("Noël"));
    let day = json!({ "bells": [] });
    home.send(Method::PUT, "/api/schedule/day-types/normal", &day).await;
    assert!(warnings(&home).await.contains("Nothing says where the school is"));
    let seen = home.request(Method::GET, SCHOOL).send().await.unwrap();
    let tag = seen.headers()["etag"].clone();
    let put = |body: Value, query: &str| {
        home.request(Method::PUT, &format!("{SCHOOL}{query}")).json(&body).header("if-match", &tag)
    };
    let strasbourg = json!({ "place": "zone-b", "region": "alsace-moselle" });
    let (status, school) = answer(put(strasbourg.clone(), "?comment=Rentr%C3%A9e")).await;
    assert_eq!((status, &school["region"]), (200, &json!("alsace-moselle")));
    assert_eq!(school["time_zone"], "Europe/Paris", "what is not given stays");
    assert_eq!(answer(put(strasbourg, "")).await.0, 412);
    assert!(!warnings(&home).await.contains("Nothing says where the school is"));
    assert!(because(&home, christmas).await.contains("Vacances de Noël"));
    assert!(because(&home, "2026-12-26").await.contains("Saint-Étienne"));
    let (_, versions) = home.get("/api/schedule/versions").await;
    let newest = &versions[0];
    assert_eq!((&newest["by"], &newest["comment"]), (&json!("admin"), &json!("Rentrée")));
    let reunion = json!({ "place": "la-reunion", "region": null, "time_zone": "Indian/Reunion" });
    assert_eq!(home.send(Method::PUT, SCHOOL, &reunion).await, (200, reunion));
    assert_eq!(home.send(Method::PUT, SCHOOL, &none).await, (200, none));
    assert!(!because(&home, christmas).await.contains("Noël"));
    home.stop().await;
}

#[tokio::test]
async fn a_place_that_there_is_not_is_refused_by_name_and_nothing_changes() {
    let home = at_school("zone-a").await;
    let before = home.get(SCHOOL).await;
    for (body, field) in [
        (json!({ "place": "zone-d" }), json!("place")),
        (json!({ "place": "zone-b", "region": "alsace" }), json!("region")),
        (json!({ "place": "zone-b", "time_zone": "Mars/Olympus" }), json!("time_zone")),
        (json!({ "place": 3 }), Value::Null),
        (json!([]), Value::Null),
    ] {
        let (status, problem) = home.send(Method::PUT, SCHOOL, &body).await;
        assert_eq!((status, &problem["field"]), (422, &field), "{body}: {problem}");
    }
    let mut tables = home.get("/api/schedule").await.1;
    tables["school"]["place"] = json!("zone-d");
    let (status, problem) = home.send(Method::PUT, "/api/schedule", &tables).await;
    assert_eq!((status, &problem["field"]), (422, &json!("school.place")), "{problem}");
    let long = format!("{SCHOOL}?comment={}", "x".repeat(501));
    assert_eq!(home.send(Method::PUT, &long, &json!({ "place": "zone-b" })).await.0, 400);
    assert_eq!(home.get(SCHOOL).await, before);
    for path in [SCHOOL, "/api/schedule/places", OFFICIAL, UPLOAD, SUBSCRIPTION, REFRESH] {
        assert_eq!(answer(home.request(Method::PATCH, path)).await.0, 405, "{path}");
        assert_eq!(answer(home.stranger(Method::GET, path)).await.0, 401, "{path}");
    }
    home.stop().await;
}

#[tokio::test]
async fn the_places_have_names_and_a_school_finds_its_own() {
    let home = Home::new().await;
    let (status, all) = home.get("/api/schedule/places").await;
    assert_eq!(status, 200);
    let of = |code: &str| {
        all["places"].as_array().unwrap().iter().find(|one| one["place"] == code).unwrap().clone()
    };
    assert_eq!(all["places"].as_array().unwrap().len(), 15);
    assert_eq!(all["regions"].as_array().unwrap().len(), 13);
    assert_eq!(of("corse")["name"], json!({ "en": "Corsica", "fr": "Corse" }));
    assert_eq!(
        (&of("corse")["until"], &of("zone-b")["until"]),
        (&json!("2026-07-04"), &json!("2028-07-04"))
    );
    assert!(of("zone-b")["source"]["fr"].as_str().unwrap().contains("arrêté du 21 juillet 2026"));
    assert_eq!(of("la-reunion")["time_zone"], "Indian/Reunion");
    for (of, place, region) in [
        ("67000", json!("zone-b"), json!("alsace-moselle")),
        ("974", json!("la-reunion"), json!("la-reunion")),
        ("Orl%C3%A9ans%20Tours", json!("zone-b"), json!("metropole")),
        ("nowhere", Value::Null, Value::Null),
    ] {
        let found = home.get(&format!("/api/schedule/places?of={of}")).await.1["found"].clone();
        assert_eq!((&found["place"], &found["region"]), (&place, &region), "{of}");
    }
    home.stop().await;
}

#[tokio::test]
async fn an_official_file_counts_until_it_is_forgotten() {
    let home = at_school("zone-a").await;
    let (status, before) = home.get(OFFICIAL).await;
    assert_eq!((status, &before["files"], &before["notes"]), (200, &json!([]), &json!([])));
    assert_eq!(before["shipped"]["at"], "2026-11-22");
    assert_eq!(before["shipped"]["sources"].as_array().unwrap().len(), 4);

    let (status, read) = upload(&home, "?name=Zone-A.ics", &ics(" - Zone A")).await;
    assert_eq!((status, &read["form"], &read["notes"]), (200, &json!("ics"), &json!([])), "{read}");
    let wanted = json!([{
        "place": "zone-a", "name": { "en": "Zone A", "fr": "Zone A" }, "count": 1,
        "from": "2040-10-20", "until": "2040-11-04",
    }]);
    assert_eq!(read["places"], wanted);
    assert!(because(&home, "2040-10-25").await.contains("Toussaint"));
    let (_, now) = home.get(OFFICIAL).await;
    let file = &now["files"][0];
    assert_eq!((&file["way"], &file["name"]), (&json!("uploaded"), &json!("Zone-A.ics")));
    assert_eq!(file["places"][0]["until"], "2040-11-04");
    let (_, places) = home.get("/api/schedule/places").await;
    assert_eq!(places["places"][0]["until"], "2040-11-04");
    assert_eq!(places["places"][0]["source"]["fr"], "Zone-A.ics");

    assert_eq!(answer(home.request(Method::DELETE, UPLOAD)).await.0, 204);
    assert_eq!(answer(home.request(Method::DELETE, UPLOAD)).await.0, 404);
    assert_eq!(home.get(OFFICIAL).await.1, before);
    assert!(!because(&home, "2040-10-25").await.contains("Toussaint"));
    home.stop().await;
}

#[tokio::test]
async fn another_file_is_refused_in_words_and_the_one_before_goes_on_counting() {
    let home = at_school("zone-b").await;
    let (status, read) = upload(&home, "?name=Zone-A.ics", &ics(" - Zone A")).await;
    assert_eq!(status, 200);
    assert_eq!(read["notes"], json!(["it has nothing of Zone B, where this school is"]));
    let before = home.get(OFFICIAL).await;
    for (query, file, status, words) in [
        ("", "", 422, "the file is empty"),
        ("", "<html>", 422, "a web page"),
        ("", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", 422, "cut short"),
        ("", &ics(""), 422, "names no place"),
        ("?place=zone-d", &ics(""), 400, "one of zone-a, "),
    ] {
        let (found, problem) = upload(&home, query, file).await;
        assert_eq!(found, status, "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains(words), "{words}: {problem}");
        let field = if status == 422 { json!("file") } else { Value::Null };
        assert_eq!(problem["field"], field, "{problem}");
    }
    let (status, _) = upload(&home, "", &"x".repeat((4 << 20) + 1)).await;
    assert_eq!(status, 413);
    assert_eq!(home.get(OFFICIAL).await, before);
    let (status, read) = upload(&home, "?place=zone-b&name=../x/my%20file", &ics("")).await;
    assert_eq!((status, &read["notes"]), (200, &json!([])));
    let (_, now) = home.get(OFFICIAL).await;
    assert_eq!(now["files"].as_array().unwrap().len(), 1, "one takes the other's place");
    assert_eq!(now["files"][0]["name"], "my file");
    home.stop().await;
}

#[tokio::test]
async fn a_subscription_is_fetched_at_once_and_again_when_somebody_wants_it() {
    let home = at_school("zone-a").await;
    let (status, none) = home.get(SUBSCRIPTION).await;
    assert_eq!((status, &none["address"], &none["next"]), (200, &Value::Null, &Value::Null));
    assert_eq!(home.send(Method::POST, REFRESH, &json!({})).await.0, 409);
    let url = server(vec![ics(" - Zone A")]);
    let (status, _) = home.send(Method::PUT, SUBSCRIPTION, &json!({ "url": url })).await;
    assert_eq!(status, 200);
    let fetched = async {
        loop {
            let (_, state) = home.get(SUBSCRIPTION).await;
            if !state["last"].is_null() {
                return state;
            }
        }
    };
    let state = timeout(BOUND, fetched).await.unwrap();
    assert_eq!((&state["last"]["outcome"], &state["address"]["url"]), (&json!("new"), &json!(url)));
    assert!(state["next"].as_str() > state["last"]["at"].as_str(), "{state}");
    assert_eq!(home.get(OFFICIAL).await.1["files"][0]["way"], "fetched");
    assert!(because(&home, "2040-10-25").await.contains("Toussaint"));
    let soon = home.request(Method::POST, REFRESH).send().await.unwrap();
    assert_eq!(soon.status(), 429);
    assert!(soon.headers().contains_key("retry-after"));

    // Another address, which answers nonsense, is asked when somebody wants it; what was fetched
    // goes on counting.
    let url = server(vec!["<html>".into()]);
    let seen = home.request(Method::GET, SUBSCRIPTION).send().await.unwrap();
    let put = home.request(Method::PUT, SUBSCRIPTION).json(&json!({ "url": url, "place": "" }));
    let tag = seen.headers()["etag"].clone();
    assert_eq!(answer(put.header("if-match", &tag)).await.0, 200);
    let stale = home.request(Method::DELETE, SUBSCRIPTION).header("if-match", &tag);
    assert_eq!(answer(stale).await.0, 412);
    // Whoever asks while it is being asked waits for the same answer.
    let (status, asked) = home.send(Method::POST, REFRESH, &json!({})).await;
    let state = if status == 429 { home.get(SUBSCRIPTION).await.1 } else { asked };
    assert_eq!(state["last"]["outcome"], "failed", "{status} {state}");
    assert!(state["last"]["why"].as_str().unwrap().contains("a web page"));
    assert!(because(&home, "2040-10-25").await.contains("Toussaint"));

    assert_eq!(answer(home.request(Method::DELETE, SUBSCRIPTION)).await.0, 204);
    assert_eq!(home.get(SUBSCRIPTION).await.1["address"], Value::Null);
    assert!(because(&home, "2040-10-25").await.contains("Toussaint"), "it is kept");
    home.stop().await;
}

#[tokio::test]
async fn an_address_that_the_box_does_not_go_to_is_refused_beside_its_field() {
    let home = Home::new().await;
    for (body, field, words) in [
        (json!({ "url": "ftp://example.org/a.ics" }), json!("url"), "https address"),
        (json!({ "url": "Zone-A.ics" }), json!("url"), "https address"),
        (json!({ "url": "https://u:secret@example.org/" }), json!("url"), "a password"),
        (json!({ "url": "https://169.254.169.254/" }), json!("url"), "169.254.169.254"),
        (json!({ "url": "https://example.org/", "place": "zone-d" }), json!("place"), "zone-d"),
        (json!({ "place": "zone-a" }), Value::Null, "names no address"),
        (json!({ "url": format!("https://a.fr/{}", "x".repeat(2000)) }), json!("url"), "https"),
    ] {
        let (status, problem) = home.send(Method::PUT, SUBSCRIPTION, &body).await;
        assert_eq!((status, &problem["field"]), (422, &field), "{problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(words) && !detail.contains("secret"), "{detail}");
    }
    assert_eq!(home.get(SUBSCRIPTION).await.1["address"], Value::Null);
    home.stop().await;
}
