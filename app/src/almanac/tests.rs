//! Asking for a fresh calendar, against servers of all kinds on loopback.
//!

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::{Arc, Mutex},
    thread,
};

use jiff::{Timestamp, civil::date};
use tempfile::TempDir;
use url::Url;

use super::*;
use crate::{
    calendar::{DaysOff, Place},
    gateway::reach::Reach,
    store::Store,
};

const ICS: &str = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20281021\r\nDTEND;VALUE=DATE:20281106\r\nSUMMARY:Vacances de la Toussaint - Zone A\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

/// A server that answers each connection with the next text; and what it was asked.
fn server(answers: Vec<String>) -> (Url, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/Zone-A.ics", listener.local_addr().unwrap()).parse().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heard = asked.clone();
    thread::spawn(move || {
        for (answer, stream) in answers.into_iter().zip(listener.incoming()) {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap();
            heard.lock().unwrap().push(String::from_utf8_lossy(&request[..length]).into_owned());
            // A client that has heard enough hangs up.
            drop(stream.write_all(answer.as_bytes()));
        }
    });
    (url, asked)
}

fn ok(headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
    )
}

fn no_body(status: &str) -> String {
    format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
}

fn almanac(folder: &TempDir, private: bool) -> Almanac {
    Almanac::new(Shelf::new(folder.path()), Reach::anywhere(private))
}

fn now() -> Timestamp {
    "2026-11-22T06:00:00Z".parse().unwrap()
}

fn failed(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Failed { why } => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_file_is_fetched_once_and_then_only_asked_after() {
    let folder = TempDir::new().unwrap();
    let (url, asked) = server(vec![
        ok("etag: \"one\"\r\nlast-modified: Sun, 22 Nov 2026 05:00:00 GMT\r\n", ICS),
        no_body("304 Not Modified"),
    ]);
    let from = Subscription { url, place: None };
    let almanac = almanac(&folder, true);
    assert_eq!(almanac.ask(&from, now()).await, Outcome::New { notes: Vec::new() });
    assert_eq!(almanac.ask(&from, now()).await, Outcome::Unchanged);
    let asked = asked.lock().unwrap().join("\n").to_ascii_lowercase();
    for header in ["if-none-match: \"one\"", "if-modified-since: sun, 22 nov 2026"] {
        assert_eq!(asked.matches(header).count(), 1, "{asked}");
    }
    let known = Shelf::new(folder.path()).known();
    assert_eq!(known.notes, Vec::<String>::new());
    let holidays = &known.holidays;
    let off = DaysOff::new(holidays, Place::ZoneA, Place::ZoneA.region());
    let day = off.day_off(date(2028, 10, 23)).unwrap();
    assert_eq!((&*day.label_fr, &*day.source), ("Vacances de la Toussaint", "Zone-A.ics"));
    assert_eq!(off.valid_until(), Some(date(2028, 11, 5)));
    assert!(off.day_off(date(2026, 12, 24)).is_some(), "what ships still counts");
}

#[tokio::test]
async fn nonsense_leaves_the_last_good_file_in_force() {
    let endless =
        format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}", "x".repeat((4 << 20) + 1));
    let lying = ok("", ICS).replace("content-length: ", "content-length: 99999");
    let cases = [
        (no_body("404 Not Found"), "answered 404"),
        (no_body("304 Not Modified"), "answered 304"),
        (ok("", "<html>maintenance</html>"), "a web page"),
        (ok("", ""), "the file is empty"),
        (endless, "sends more than 4 MiB"),
        (lying, "sends more than 4 MiB"),
        (ok("", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"), "cut short"),
        (no_body("302 Found"), "sends us on and on"),
        ("HTTP/1.1 302 Found\r\nconnection: close\r\ncontent-length: 0\r\nlocation: ftp://127.0.0.1/\r\n\r\n".into(), "not asked: expected https, found ftp"),
        ("HTTP/1.1 302 Found\r\nconnection: close\r\ncontent-length: 0\r\nlocation: http://169.254.169.254/latest\r\n\r\n".into(), "not asked: 169.254.169.254"),
    ];
    let folder = TempDir::new().unwrap();
    let almanac = almanac(&folder, true);
    let (url, _) = server(vec![ok("", ICS)]);
    let good = Subscription { url, place: None };
    assert_eq!(almanac.ask(&good, now()).await, Outcome::New { notes: Vec::new() });
    let before = Shelf::new(folder.path()).fetched();
    for (answer, wanted) in cases {
        let (url, _) = server(vec![answer]);
        let outcome = almanac.ask(&Subscription { url: url.clone(), place: None }, now()).await;
        assert!(failed(&outcome).contains(wanted), "{wanted}: {outcome:?}");
        assert_eq!(almanac.shelf().checked(url.as_str()).unwrap().outcome, outcome);
    }
    assert_eq!(Shelf::new(folder.path()).fetched(), before);
}

#[tokio::test]
async fn nothing_but_https_to_the_internet_is_asked() {
    let folder = TempDir::new().unwrap();
    let almanac = almanac(&folder, false);
    let (plain, asked) = server(vec![ok("", ICS)]);
    let local = format!("https://127.0.0.1:{}/Zone-A.ics", plain.port().unwrap());
    let named = format!("https://localhost:{}/Zone-A.ics", plain.port().unwrap());
    for (url, wanted) in [
        (plain.as_str(), "not asked: expected https, found http"),
        (&local, "not asked: 127.0.0.1 is a private address"),
        (&named, "localhost has no public address"),
        ("https://user:secret@example.org/", "a user name or a password"),
        ("file:///etc/passwd", "not asked: expected https, found file"),
    ] {
        let from = Subscription { url: url.parse().unwrap(), place: None };
        let outcome = almanac.ask(&from, now()).await;
        assert!(failed(&outcome).contains(wanted), "{outcome:?}");
        assert!(!failed(&outcome).contains("secret"), "{outcome:?}");
    }
    assert_eq!(asked.lock().unwrap().len(), 0);
}

#[test]
fn an_upload_counts_over_an_older_fetch_and_can_be_forgotten() {
    let folder = TempDir::new().unwrap();
    let shelf = Shelf::new(folder.path());
    let upload = |text: &str| {
        shelf.upload("../x/my calendar.ics", text.as_bytes(), Some(Place::Corse), now())
    };
    assert!(upload("nonsense").is_err());
    assert_eq!(shelf.uploaded(), None);
    upload(ICS).unwrap();
    assert_eq!(shelf.uploaded().unwrap().name, "my calendar.ics");
    assert_eq!(shelf.known().holidays.valid_until(Place::ZoneA), Some(date(2028, 11, 5)));
    assert!(shelf.forget_upload().unwrap() && !shelf.forget_upload().unwrap());
    assert_eq!(shelf.known().holidays.valid_until(Place::ZoneA), Some(date(2028, 7, 4)));
}

#[test]
fn a_broken_shelf_is_told_and_what_ships_counts() {
    let folder = TempDir::new().unwrap();
    let shelf = Shelf::new(folder.path());
    shelf.upload("a.ics", ICS.as_bytes(), None, now()).unwrap();
    std::fs::write(folder.path().join("calendar/fetched.json"), "{").unwrap();
    let left = folder.path().join("calendar").join(".conf.json-left");
    std::fs::write(&left, "").unwrap();
    let shelf = Shelf::new(folder.path());
    assert!(!left.exists());
    assert_eq!(shelf.fetched(), None);
    assert_eq!(shelf.known().holidays.valid_until(Place::ZoneA), Some(date(2028, 11, 5)));
}

#[test]
fn whoever_follows_the_shelf_hears_of_each_other_file_and_files_put_there_count() {
    let folder = TempDir::new().unwrap();
    let shelf = Shelf::new(folder.path());
    let heard = Arc::new(Mutex::new(Vec::new()));
    let (told, asked) = (heard.clone(), shelf.clone());
    shelf.on_change(move || {
        told.lock().unwrap().push(asked.known().holidays.valid_until(Place::ZoneA));
    });
    shelf.upload("a.ics", ICS.as_bytes(), None, now()).unwrap();
    assert!(shelf.upload("b.ics", b"nonsense", None, now()).is_err());
    shelf.forget_upload().unwrap();
    shelf.forget_upload().unwrap();
    assert_eq!(*heard.lock().unwrap(), [Some(date(2028, 11, 5)), Some(date(2028, 7, 4))]);
    // As a restored backup does.
    let other = TempDir::new().unwrap();
    Shelf::new(other.path()).upload("c.ics", ICS.as_bytes(), None, now()).unwrap();
    let name = "calendar/uploaded.json";
    std::fs::copy(other.path().join(name), folder.path().join(name)).unwrap();
    let known = shelf.known();
    assert_eq!(known.holidays.valid_until(Place::ZoneA), Some(date(2028, 11, 5)));
    assert_eq!(known.files[0].places, [(Place::ZoneA, Some(date(2028, 11, 5)))]);
    assert!(Arc::ptr_eq(&known, &shelf.known()), "it is read once");
}

#[tokio::test]
async fn whoever_wants_it_now_waits_for_a_minute_in_between() {
    let folder = TempDir::new().unwrap();
    let (url, asked) = server(vec![ok("", ICS), ok("", ICS), ok("", ICS)]);
    let from = Subscription { url, place: None };
    let almanac = almanac(&folder, true);
    let at = |seconds: i64| now() + jiff::SignedDuration::from_secs(seconds);
    let asked_at = async |seconds| almanac.refresh(from.clone(), at(seconds)).await;
    assert_eq!(asked_at(0).await, Ok(Outcome::New { notes: Vec::new() }));
    assert_eq!(asked_at(1).await, Err(TooSoon { seconds: 59 }));
    assert_eq!(almanac.next(&from.url, at(1)).duration_since(now()).as_hours() / 24, 7);
    assert!(asked_at(60).await.is_ok());
    // Two who click at once are answered alike, and the server is asked once.
    let (one, other) = tokio::join!(asked_at(120), asked_at(120));
    assert_eq!((&one, one.is_ok()), (&other, true));
    assert_eq!(asked.lock().unwrap().len(), 3);
    // A clock that was set back does not keep it from being asked.
    assert!(asked_at(-60).await.is_ok());
}

#[tokio::test]
async fn it_is_asked_at_once_when_an_address_is_set_and_ends_with_its_owner() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("conf.json"), "{}").unwrap();
    let store = Store::open(folder.path()).unwrap();
    let (url, _) = server(vec![ok("", ICS)]);
    let almanac = almanac(&folder, true);
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
    almanac.shelf().on_change(move || told.send(()).unwrap());
    let run = tokio::spawn(almanac.clone().run(store.watch()));
    store.subscribe(Some(&Subscription { url, place: None })).unwrap();
    let heard = tokio::time::timeout(LONGEST_SLEEP, heard.recv()).await.unwrap();
    assert_eq!(heard, Some(()));
    assert!(almanac.shelf().fetched().is_some());
    drop(store);
    tokio::time::timeout(LONGEST_SLEEP, run).await.unwrap().unwrap();
}
