//! What the tables can be drafted from: a calendar file, and a school's PRONOTE.

use pronote_client::simulator::{Plan, Simulator, SimulatorOptions};

use super::*;
use crate::store::conf::{self, HostPattern};

const IMPORT: &str = "/api/schedule/import";
const PROPOSAL: &str = "/api/schedule/proposal";

fn event(lines: &str) -> String {
    format!("BEGIN:VEVENT\r\n{lines}\r\nEND:VEVENT\r\n")
}

fn file(events: &[String]) -> String {
    format!("BEGIN:VCALENDAR\r\n{}END:VCALENDAR\r\n", events.concat())
}

async fn import(home: &Home, body: impl Into<reqwest::Body>) -> (u16, Value) {
    answer(home.request(Method::POST, IMPORT).body(body)).await
}

#[tokio::test]
async fn the_events_of_a_file_are_told_with_what_is_there_already_and_nothing_is_kept() {
    let home = Home::new().await;
    let entries = json!([
        { "from": "2099-01-12", "label": "pont", "day": "silent" },
        { "from": "2099-01-13", "label": "Examen", "silent_hours": [{ "from": "08:00", "to": "10:00" }] },
    ]);
    assert_eq!(home.send(Method::PUT, "/api/schedule/calendar", &entries).await.0, 200);
    let before = home.get("/api/schedule").await;
    let events = [
        event("SUMMARY:Portes ouvertes\r\nDTSTART:20200111"),
        event("SUMMARY:Voyage\r\nDTSTART;VALUE=DATE:20990104\r\nDTEND;VALUE=DATE:20990109"),
        event("SUMMARY:Pont\r\nDTSTART;VALUE=DATE:20990112"),
        event("SUMMARY:Examen\r\nDTSTART:20990113T070000Z\r\nDTEND:20990113T090000Z"),
        event("SUMMARY:Examen\r\nDTSTART:20990113T130000Z\r\nDTEND:20990113T150000Z"),
        event("SUMMARY:Conseil\r\nDTSTART:20990114T170000Z\r\nRRULE:FREQ=WEEKLY"),
    ];
    let (status, told) = import(&home, file(&events)).await;
    assert_eq!(status, 200, "{told}");
    let day = |label: &str, first: &str, last: &str, hours: Value, known: bool| json!({ "label": label, "first": first, "last": last, "hours": hours, "known": known });
    assert_eq!(
        told["events"],
        json!([
            day("Voyage", "2099-01-04", "2099-01-08", Value::Null, false),
            day("Pont", "2099-01-12", "2099-01-12", Value::Null, true),
            day(
                "Examen",
                "2099-01-13",
                "2099-01-13",
                json!({ "from": "08:00", "to": "10:00" }),
                true
            ),
            day(
                "Examen",
                "2099-01-13",
                "2099-01-13",
                json!({ "from": "14:00", "to": "16:00" }),
                false
            ),
        ])
    );
    assert_eq!(
        told["notes"],
        json!([
            "1 event is over, and left out",
            "\"Conseil\": it repeats, and repetitions are not read: enter its days one by one",
        ])
    );
    assert_eq!(home.get("/api/schedule").await, before);
    home.stop().await;
}

#[tokio::test]
async fn what_is_no_calendar_is_refused_in_words() {
    let home = Home::new().await;
    let cases: [(Vec<u8>, u16, &str); 5] = [
        (b"".to_vec(), 422, "the file is empty"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n".to_vec(), 422, "the file is cut short"),
        (b"<html>".to_vec(), 422, "line 1: expected NAME:value"),
        (b"PK\x03\x04\0\0".to_vec(), 422, "the file is not text"),
        (vec![b' '; 4 * 1024 * 1024 + 1], 413, "at most 4194304 bytes"),
    ];
    for (body, status, words) in cases {
        let (found, problem) = import(&home, body).await;
        assert_eq!(found, status, "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains(words), "{words}: {problem}");
    }
    let packed = home.request(Method::POST, IMPORT).header("content-encoding", "gzip").body("x");
    assert_eq!(answer(packed).await.0, 415);
    assert_eq!(home.get(IMPORT).await.0, 405);
    assert_eq!(answer(home.stranger(Method::POST, IMPORT).body("x")).await.0, 401);
    home.stop().await;
}

#[tokio::test]
async fn of_very_many_events_the_first_are_told() {
    let home = Home::new().await;
    let day = |n: usize| {
        event(&format!("SUMMARY:Jour {n}\r\nDTSTART:2099{:02}{:02}", n / 28 % 12 + 1, n % 28 + 1))
    };
    let mut events: Vec<_> = (0..502).map(day).collect();
    events.extend((0..60).map(|n| event(&format!("SUMMARY:{n}\r\nDTSTART:x"))));
    let (status, told) = import(&home, file(&events)).await;
    assert_eq!((status, told["events"].as_array().unwrap().len()), (200, 500));
    let notes = told["notes"].as_array().unwrap();
    assert!(notes[0].as_str().unwrap().starts_with("2 events from 2099-12-27 on are too many"));
    assert_eq!((notes.len(), &notes[50]), (51, &json!("11 more are left out")));
    home.stop().await;
}

/// A box whose gateway reaches loopback.
async fn beside_a_school() -> Home {
    let folder = Home::folder();
    let settings = conf::Gateway {
        allowed_hosts: vec![HostPattern::parse("127.0.0.1").unwrap()],
        allow_private_hosts: true,
        ..conf::Gateway::default()
    };
    let gateway = Gateway::open(&settings, folder.path()).await.unwrap();
    Home::before(folder, Some(gateway)).await
}

#[tokio::test]
async fn a_school_is_asked_once_and_what_it_proposes_can_be_published() {
    let home = beside_a_school().await;
    let state = home.get(PROPOSAL).await;
    assert_eq!(state, (200, json!({ "unavailable": null, "last": null })));
    let before = home.get("/api/schedule").await;
    let simulator = Simulator::start(SimulatorOptions::default()).unwrap();
    let question = |trigger| json!({ "address": simulator.page("eleve"), "trigger": trigger });
    let (status, told) = home.send(Method::POST, PROPOSAL, &question("GPIO23")).await;
    assert_eq!(status, 200, "{told}");
    assert_eq!(told["asked"]["address"], format!("{}/", simulator.url()));
    let [at, again] = ["at", "again"]
        .map(|key| told["asked"][key].as_str().unwrap().parse::<jiff::Timestamp>().unwrap());
    assert_eq!(again.duration_since(at), jiff::SignedDuration::from_hours(24));
    assert_eq!(told["schedule"]["day_types"]["journee"]["bells"][0]["trigger"], "GPIO23");
    assert!(told["school"].is_string() && told["notes"].is_array(), "{told}");
    assert_eq!(home.get("/api/schedule").await, before, "nothing is applied by itself");

    // Asked again with another trigger, it is the answer of before: the school is gone.
    let other = question("OFFICE");
    drop(simulator);
    let (status, again) = home.send(Method::POST, PROPOSAL, &other).await;
    assert_eq!((status, &again["asked"]), (200, &told["asked"]));
    assert_eq!(again["schedule"]["day_types"]["journee"]["bells"][0]["trigger"], "OFFICE");
    assert_eq!(home.get(PROPOSAL).await.1["last"], told["asked"]);

    let (status, put) = home.send(Method::PUT, "/api/schedule", &told["schedule"]).await;
    assert_eq!(status, 200, "{put}");
    assert_eq!(put["weeks"]["templates"][0]["days"]["wednesday"], "matin");
    // What is in the calendar now is the school's own, and proposed all the same.
    let (_, same) = home.send(Method::POST, PROPOSAL, &question_of(&told)).await;
    assert_eq!(same["schedule"], told["schedule"]);
    home.stop().await;
}

fn question_of(told: &Value) -> Value {
    json!({ "address": told["asked"]["address"], "trigger": "GPIO23" })
}

#[tokio::test]
async fn a_question_that_cannot_be_put_is_refused_by_its_field() {
    let home = beside_a_school().await;
    let good = json!({ "address": "https://127.0.0.1:9/pronote/", "trigger": "GPIO23" });
    for (change, field, words) in [
        (json!([]), Value::Null, "an object is expected"),
        (json!({ "address": null }), json!("address"), "missing"),
        (json!({ "address": " " }), json!("address"), "missing"),
        (json!({ "address": "ftp://a.fr" }), json!("address"), "the web address of a PRONOTE"),
        (json!({ "address": "a.fr/index.html" }), json!("address"), "found index.html"),
        (json!({ "address": "https://a.fr/pronote" }), json!("address"), "gateway.allowed_hosts"),
        (json!({ "address": "http://127.0.0.1:22/" }), json!("address"), "port 22"),
        (json!({ "trigger": 5 }), json!("trigger"), "missing"),
        (json!({ "trigger": "a b" }), json!("trigger"), "1 to 64"),
        (json!({ "trigger": "YARD" }), json!("trigger"), "there is no trigger YARD"),
    ] {
        let mut body = good.clone();
        match change.as_object() {
            Some(change) => body.as_object_mut().unwrap().extend(change.clone()),
            None => body = change.clone(),
        }
        let (status, problem) = home.send(Method::POST, PROPOSAL, &body).await;
        assert_eq!((status, &problem["field"]), (422, &field), "{change}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(words), "{change}: {problem}");
    }
    assert_eq!(home.get(PROPOSAL).await.1["last"], Value::Null, "nobody was asked");
    home.stop().await;
}

#[tokio::test]
async fn a_school_that_does_not_answer_is_left_alone_for_a_while() {
    let home = beside_a_school().await;
    let suspended: Plan = "suspended@start".parse().unwrap();
    let options = SimulatorOptions { faults: vec![suspended], ..SimulatorOptions::default() };
    let simulator = Simulator::start(options).unwrap();
    let ask = |address: String| {
        let question = json!({ "address": address, "trigger": "GPIO23" });
        home.request(Method::POST, PROPOSAL).json(&question).send()
    };
    let first = ask(simulator.url()).await.unwrap();
    assert_eq!(first.status(), 502);
    assert!(first.text().await.unwrap().contains("has suspended this address"));
    let (_, state) = home.get(PROPOSAL).await;
    assert!(state["last"]["failed"].as_str().unwrap().contains("suspended"), "{state}");
    // The school by itself, and whatever else is on its server.
    for (address, words) in [
        (simulator.url(), "it was asked a short while ago: try again in 60 min"),
        (format!("http://{}/other", simulator.address()), "PRONOTE has suspended the address"),
    ] {
        let later = ask(address).await.unwrap();
        assert_eq!(later.status(), 429);
        let seconds: u64 = later.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=3600).contains(&seconds), "{seconds}");
        assert!(later.text().await.unwrap().contains(words), "{words}");
    }
    home.stop().await;
}

#[tokio::test]
async fn without_the_gateway_it_is_said_how_to_have_it() {
    let question = json!({ "address": "https://127.0.0.1:9/pronote/", "trigger": "GPIO23" });
    for (enabled, words) in [(true, "could not be opened"), (false, "gateway.enabled")] {
        let folder = Home::folder();
        let file = folder.path().join("conf.json");
        let mut conf: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        conf["gateway"] = json!({ "enabled": enabled });
        fs::write(&file, conf.to_string()).unwrap();
        let home = Home::start(folder).await;
        let (status, problem) = home.send(Method::POST, PROPOSAL, &question).await;
        assert_eq!(status, 503);
        assert!(problem["detail"].as_str().unwrap().contains(words), "{problem}");
        assert_eq!(home.get(PROPOSAL).await.1["unavailable"], problem["detail"]);
        home.stop().await;
    }
}
