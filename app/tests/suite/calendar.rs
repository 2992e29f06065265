//! The school calendar over the real program: another file counts at once.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    process::Command,
    thread,
};

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use serde_json::{Value, json};

use crate::harness::{DataFolder, PASSWORD, Service, json_of};

/// The Monday on which school resumes after so many weeks of holidays, longer than any summer's.
fn back(today: Date, weeks: i64) -> Date {
    let day = today + weeks.weeks();
    day - i64::from(day.weekday().to_monday_zero_offset()).days()
}

/// Holidays of zone A from the day before yesterday to the day before that Monday.
fn file(today: Date, weeks: i64) -> String {
    let day = |date: Date| date.strftime("%Y%m%d").to_string();
    format!(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:{}\r\nDTEND;VALUE=DATE:{}\r\n\
         SUMMARY:Vacances d'Essai - Zone A\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        day(today - 2.days()),
        day(back(today, weeks))
    )
}

/// The date of the next bell that the keeper of the hours tells.
fn next(service: &Service) -> Option<Date> {
    let health = service.health();
    health["hours"]["next"]["bell"].as_str()?.get(..10)?.parse().ok()
}

fn send(service: &Service, method: &str, route: &str, body: &str) -> Value {
    let json = ["-H", "content-type: application/json", "-X", method, "--data-binary", body];
    let said = curl(service, &json, route);
    if said.is_empty() { Value::Null } else { json_of(&said) }
}

fn curl(service: &Service, options: &[&str], route: &str) -> String {
    let mut curl = Command::new("curl");
    curl.args(["-sk", "--fail-with-body", "--max-time", "20"]).args(options);
    curl.args(["-u", &format!("admin:{PASSWORD}")]);
    let output = curl.arg(format!("{}{route}", service.url)).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{route}: {said}");
    said
}

#[test]
fn a_place_a_file_and_a_subscription_count_for_the_bells_at_once_and_after_a_restart() {
    let week: serde_json::Map<String, Value> =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
            .map(|day| (day.to_owned(), json!("normal")))
            .into_iter()
            .collect();
    let folder = DataFolder::new(&json!({
        "audio": { "device": "null" },
        "clock": { "trust": "always" },
        "gateway": { "allow_private_hosts": true },
        "schedule": {
            "time_zone": "Etc/UTC",
            "day_types": { "normal": { "bells": [{ "time": "00:00:00", "trigger": "GPIO23" }] } },
            "weeks": { "templates": [{ "name": "A", "days": week }] },
        },
    }));
    let service = Service::start(folder);
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    // Other holidays may follow on these.
    let reaches = |service: &Service, weeks: i64| {
        service.until("the bells after the holidays", |service| {
            (next(service)? >= back(today, weeks)).then_some(())
        });
    };
    let soon = |service: &Service| {
        service
            .until("bells each day", |service| (next(service)? <= today + 2.days()).then_some(()));
    };
    let upload = "/api/schedule/official/upload?name=";
    send(&service, "PUT", &format!("{upload}a.ics"), &file(today, 10));
    soon(&service);
    send(&service, "PUT", "/api/schedule/school", r#"{"place": "zone-a"}"#);
    reaches(&service, 10);
    let backup = tempfile::NamedTempFile::new().unwrap();
    let backup = backup.path().to_str().unwrap();
    curl(&service, &["-o", backup], "/api/backup");
    send(&service, "PUT", &format!("{upload}b.ics"), &file(today, 12));
    reaches(&service, 12);
    // The file of a backup counts again at once, though its tables are those in force.
    curl(&service, &["-X", "POST", "--data-binary", &format!("@{backup}")], "/api/restore");
    service.until("the bells of the backup's calendar", |service| {
        (back(today, 10)..back(today, 12)).contains(&next(service)?).then_some(())
    });

    // The newest file counts: the one that is fetched.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/Zone-A.ics", listener.local_addr().unwrap());
    let answering = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]).unwrap();
        let (head, body) = ("HTTP/1.1 200 OK\r\nconnection: close", file(today, 13));
        let answer = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        stream.write_all(answer.as_bytes()).unwrap();
    });
    let address = json!({ "url": url }).to_string();
    send(&service, "PUT", "/api/schedule/official/subscription", &address);
    reaches(&service, 13);
    answering.join().unwrap();
    let last = |service: &Service| {
        json_of(&service.get("/api/schedule/official/subscription", true))["last"].clone()
    };
    // It counts before it is written down when it was asked for.
    let asked = service.until("that it was asked for", |service| {
        Some(last(service)).filter(|last| !last.is_null())
    });
    assert_eq!(asked["outcome"], "new", "{asked}");

    let service = Service::start(service.kill());
    reaches(&service, 13);
    assert_eq!(last(&service), asked, "it was not asked again");
    send(&service, "PUT", "/api/schedule/school", r#"{"place": null}"#);
    soon(&service);
}
