//! The journal over many pages: what is asked for, page by page and as a file.

use super::*;

/// A box that has rung sixty times, a minute apart: every third for the office.
async fn old_home() -> Home {
    let folder = Home::folder();
    let line = |ring: u32| {
        let (trigger, cause) = match ring % 3 {
            0 => ("OFFICE", json!({ "kind": "api", "user": "=admin" })),
            _ => ("GPIO23", json!({ "kind": "line", "line": "GPIO23" })),
        };
        let entry = json!({
            "id": ring, "time": format!("2026-09-01T08:{:02}:00.000Z", ring - 1), "trigger": trigger,
            "name": "Récré", "cause": cause, "sound": "tone.wav", "seconds": 0.05, "outcome": "played",
        });
        format!("{entry}\n")
    };
    fs::create_dir(folder.path().join("journal")).unwrap();
    let lines: String = (1..=60).map(line).collect();
    fs::write(folder.path().join("journal/rings.jsonl"), lines).unwrap();
    Home::start(folder).await
}

fn ids(journal: &Value) -> Vec<u64> {
    journal.as_array().unwrap().iter().map(|entry| entry["id"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn what_is_asked_for_is_found_on_every_page() {
    let home = old_home().await;
    let get = async |query: &str| ids(&home.get(&format!("/api/journal?limit=15&{query}")).await.1);
    let first = get("trigger=OFFICE").await;
    assert_eq!((first.len(), first[0], first[14]), (15, 60, 18));
    assert_eq!(get("trigger=OFFICE&before=18").await, [15, 12, 9, 6, 3]);
    assert_eq!(get("cause=api&from=2026-09-01T08:50:00Z").await, [60, 57, 54, 51]);
    assert_eq!(get("search=ADMIN&to=2026-09-01T08:05:01Z").await, [6, 3]);
    assert_eq!(get("outcome=failed").await, [0; 0]);
    assert_eq!(get("trigger=&cause=&search=&from=&to=").await.len(), 15);
    for wrong in ["cause=ghost", "outcome=x", "from=x", "to=32", "trigger=a%20b", "limit=0"] {
        let (status, problem) = home.get(&format!("/api/journal?{wrong}")).await;
        assert_eq!(status, 400, "{problem}");
    }
    home.stop().await;
}

#[tokio::test]
async fn all_that_is_asked_for_is_in_the_sheet() {
    let home = old_home().await;
    let fetch =
        |query: &str| home.request(Method::GET, &format!("/api/journal.csv?{query}")).send();
    let sheet = fetch("cause=api").await.unwrap();
    assert_eq!(media_type(&sheet), "text/csv; charset=utf-8; header=present");
    let name = sheet.headers()["content-disposition"].to_str().unwrap();
    assert!(name.starts_with("attachment; filename=\"beffroi-20"), "{name}");
    let text = sheet.text().await.unwrap();
    let lines: Vec<_> = text.split("\r\n").collect();
    assert_eq!(lines.len(), 1 + 20 + 1, "a heading, the rings, and the end of the last line");
    assert!(lines[1].contains(",Récré,tone.wav,person or program,'=admin,played,,0.05,"), "{text}");
    let text = fetch("language=fr").await.unwrap().text().await.unwrap();
    assert_eq!(text.split("\r\n").count(), 1 + 60 + 1);
    assert!(text.contains(";Récré;tone.wav;contact;GPIO23;jouée;;0,05;"), "{text}");
    assert_eq!(home.get("/api/journal.csv?language=de").await.0, 400);
    assert_eq!(answer(home.stranger(Method::GET, "/api/journal.csv")).await.0, 401);
    home.stop().await;
}
