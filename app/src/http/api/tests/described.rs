//! The description and the routes are the same.

use std::collections::BTreeSet;

use super::*;

/// Every route there is. HEAD goes with GET where nothing is done but reading.
pub const ROUTES: [(&str, &str); 73] = [
    ("get", "/api/health"),
    ("get", "/api/config"),
    ("get", "/api/triggers"),
    ("get", "/api/triggers/{id}"),
    ("put", "/api/triggers/{id}"),
    ("patch", "/api/triggers/{id}"),
    ("delete", "/api/triggers/{id}"),
    ("get", "/api/play/{id}"),
    ("post", "/api/play/{id}"),
    ("get", "/api/stop"),
    ("post", "/api/stop"),
    ("get", "/api/sounds"),
    ("get", "/api/sounds/{file}"),
    ("put", "/api/sounds/{file}"),
    ("patch", "/api/sounds/{file}"),
    ("delete", "/api/sounds/{file}"),
    ("post", "/api/sounds/{file}/play"),
    ("get", "/api/schedule"),
    ("put", "/api/schedule"),
    ("post", "/api/schedule/diff"),
    ("get", "/api/schedule/day-types"),
    ("get", "/api/schedule/day-types/{id}"),
    ("put", "/api/schedule/day-types/{id}"),
    ("delete", "/api/schedule/day-types/{id}"),
    ("get", "/api/schedule/weeks"),
    ("put", "/api/schedule/weeks"),
    ("get", "/api/schedule/calendar"),
    ("put", "/api/schedule/calendar"),
    ("get", "/api/schedule/changes"),
    ("post", "/api/schedule/changes"),
    ("delete", "/api/schedule/changes/{id}"),
    ("get", "/api/schedule/preview"),
    ("get", "/api/schedule/explain"),
    ("get", "/api/schedule/school"),
    ("put", "/api/schedule/school"),
    ("get", "/api/schedule/places"),
    ("get", "/api/schedule/official"),
    ("put", "/api/schedule/official/upload"),
    ("delete", "/api/schedule/official/upload"),
    ("get", "/api/schedule/official/subscription"),
    ("put", "/api/schedule/official/subscription"),
    ("delete", "/api/schedule/official/subscription"),
    ("post", "/api/schedule/official/refresh"),
    ("get", "/api/schedule/versions"),
    ("get", "/api/schedule/versions/{number}"),
    ("post", "/api/schedule/versions/{number}/restore"),
    ("get", "/api/schedule/feed"),
    ("post", "/api/schedule/feed"),
    ("delete", "/api/schedule/feed"),
    ("get", "/api/feed/{secret}"),
    ("post", "/api/schedule/import"),
    ("get", "/api/schedule/proposal"),
    ("post", "/api/schedule/proposal"),
    ("get", "/api/journal"),
    ("get", "/api/journal.csv"),
    ("get", "/api/events"),
    ("get", "/api/lines"),
    ("get", "/api/gateway"),
    ("get", "/api/certificate"),
    ("put", "/api/certificate"),
    ("delete", "/api/certificate"),
    ("get", "/api/certificate.pem"),
    ("post", "/api/reload"),
    ("get", "/api/backup"),
    ("post", "/api/restore"),
    ("get", "/api/session"),
    ("post", "/api/session"),
    ("delete", "/api/session"),
    ("post", "/api/claim"),
    ("put", "/api/password"),
    ("get", "/api/openapi.json"),
    ("get", "/api/docs"),
    ("get", "/metrics"),
];

#[tokio::test]
async fn what_is_described_is_there_and_what_is_there_is_described() {
    let home = Home::new().await;
    let (change, secret) = tables(&home).await;
    let (status, description) = home.get("/api/openapi.json").await;
    assert_eq!(status, 200);
    let paths = description["paths"].as_object().unwrap();
    let methods = paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| (method, path, operation))
    });
    let described: BTreeSet<_> =
        methods.clone().map(|(method, path, _)| (method.as_str(), path.as_str())).collect();
    assert_eq!(described, BTreeSet::from(ROUTES));

    let mut ids = BTreeSet::new();
    for (method, path, operation) in methods {
        assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{method} {path}");
        assert!(operation["summary"].is_string() || operation["description"].is_string());
        let public = operation["security"] == json!([{}]) || operation["security"] == json!([]);
        let known = ["/api/health", "/api/session", "/api/claim", "/api/feed/{secret}"]
            .contains(&path.as_str());
        assert_eq!(public, known, "{path}");
        for (status, answer) in operation["responses"].as_object().unwrap() {
            let of_problem = answer["content"]["application/problem+json"].is_object();
            assert_eq!(of_problem, status.as_str() >= "400", "{path} {status}");
        }
        // Deleting comes last, of what nobody else asks for.
        let (id, file) = match method.as_str() {
            "delete" if path.contains("changes") => (&*change, ""),
            "delete" => ("OFFICE", "other.wav"),
            _ => ("GPIO23", "tone.wav"),
        };
        fs::write(home.folder.path().join("musiques/other.wav"), wav(10)).unwrap();
        let filled = path.replace("{id}", id).replace("{file}", file);
        let filled = filled.replace("{number}", "1").replace("{secret}", &secret);
        let method: Method = method.to_uppercase().parse().unwrap();
        let response = home.request(method.clone(), &filled).send().await.unwrap();
        let status = response.status().as_u16();
        assert!(![404, 405, 500].contains(&status), "{method} {filled}: {status}");
        let told = operation["responses"].as_object().unwrap().contains_key(&status.to_string());
        assert!(told, "{method} {filled} answers {status}, which is not described");
    }
    home.stop().await;
}

/// Makes what the routes of the tables are asked for: a change's id, and the feed's secret.
async fn tables(home: &Home) -> (String, String) {
    for id in ["GPIO23", "OFFICE"] {
        let path = format!("/api/schedule/day-types/{id}");
        assert_eq!(home.send(Method::PUT, &path, &json!({ "bells": [] })).await.0, 201);
    }
    let mute = json!({ "date": "2099-01-05", "change": "mute", "from": "08:00" });
    let (_, change) = home.send(Method::POST, "/api/schedule/changes", &mute).await;
    let ics = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20401020\nDTEND:20401105\nSUMMARY:Vacances - Zone A\nEND:VEVENT\nEND:VCALENDAR\n";
    let upload = home.request(Method::PUT, "/api/schedule/official/upload").body(ics);
    assert_eq!(answer(upload).await.0, 200);
    let (_, feed) = home.send(Method::POST, "/api/schedule/feed", &json!({})).await;
    let secret = feed["path"].as_str().unwrap().strip_prefix("/api/feed/").unwrap();
    (change["id"].as_str().unwrap().to_owned(), secret.to_owned())
}

/// The page's types come from this file. `make types` writes it anew.
#[tokio::test]
async fn the_description_that_the_page_is_typed_by_is_this_one() {
    let home = Home::new().await;
    let (_, description) = home.get("/api/openapi.json").await;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/openapi.json");
    let text = serde_json::to_string_pretty(&description).unwrap() + "\n";
    if std::env::var_os("BEFFROI_WRITE_OPENAPI").is_some() {
        fs::write(&file, &text).unwrap();
    }
    assert!(fs::read_to_string(&file).unwrap() == text, "web/openapi.json is stale: `make types`");
    home.stop().await;
}

#[tokio::test]
async fn the_page_that_shows_it_runs_nothing_from_elsewhere_and_wants_a_password() {
    let home = Home::new().await;
    assert_eq!(answer(home.stranger(Method::GET, "/api/docs")).await.0, 401);
    let response = home.request(Method::GET, "/api/docs").send().await.unwrap();
    assert_eq!(media_type(&response), "text/html; charset=utf-8");
    let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src 'unsafe"));
    let page = response.text().await.unwrap();
    for outside in ["http://", "https://", "src=\"//"] {
        assert!(!page.contains(outside), "{outside}");
    }
    home.stop().await;
}
