//! Each route, as each generation of PRONOTE lets it answer.
//!

use super::*;

/// How parameters are sent.
#[derive(Debug, Clone, Copy)]
enum Manner {
    Query,
    Form,
    Json,
}

const READS: [(&str, &[(&str, &str)]); 14] = [
    ("/user", &[]),
    ("/timetable", &[("dateString", "2026-12-10")]),
    ("/homework", &[("dateFrom", "2026-12-03"), ("dateTo", "2026-12-17")]),
    ("/grades", &[]),
    ("/evaluations", &[]),
    ("/absences", &[]),
    ("/absences", &[("allPeriods", "false")]),
    ("/delays", &[("allPeriods", "true")]),
    ("/punishments", &[]),
    ("/news", &[]),
    ("/discussions", &[]),
    ("/recipients", &[]),
    ("/menu", &[("dateFrom", "2026-12-07"), ("dateTo", "2026-12-13")]),
    ("/export/ical", &[]),
];

impl World {
    async fn asked_as(
        &self,
        manner: Manner,
        (method, path): (&str, &str),
        parameters: &[(&str, &str)],
    ) -> Answered {
        let request = self.ask(method, path);
        match manner {
            Manner::Query => self.asked(method, path, parameters).await,
            Manner::Form => {
                let media_type = "application/x-www-form-urlencoded";
                let request = request.header("content-type", media_type);
                answered(request.body(form(parameters))).await
            }
            Manner::Json => {
                let fields =
                    parameters.iter().map(|(key, value)| ((*key).to_owned(), json!(value)));
                answered(request.json(&fields.collect::<serde_json::Map<_, _>>())).await
            }
        }
    }
}

#[tokio::test]
async fn every_read_answers_in_every_generation_and_manner() {
    for version in VERSIONS {
        let world = World::new(version).await;
        let token = world.token().await;
        for (path, parameters) in READS {
            let mut said = Vec::new();
            for manner in [Manner::Query, Manner::Form, Manner::Json] {
                let all: Vec<_> =
                    parameters.iter().copied().chain([("token", token.as_str())]).collect();
                let answer = world.asked_as(manner, ("GET", path), &all).await;
                assert_eq!(answer.status, 200, "{version} {manner:?} {path}: {}", answer.text);
                assert_eq!(answer.headers["content-type"], "application/json; charset=utf-8");
                answer.is_shared();
                said.push(answer.json());
            }
            assert!(said.iter().all(|answer| *answer == said[0]), "{version} {path}");
            let is_full = match &said[0] {
                Value::Array(items) => !items.is_empty(),
                Value::Object(fields) => fields.values().all(|value| !value.is_null()),
                other => other.as_str().is_some_and(|url| url.starts_with("http://")),
            };
            assert!(is_full, "{version} {path}: {}", said[0]);
        }
    }
}

#[tokio::test]
async fn every_write_is_seen_in_what_is_read_next() {
    for (version, manner) in VERSIONS.into_iter().zip([Manner::Query, Manner::Form, Manner::Json]) {
        let world = World::new(version).await;
        let token = world.token().await;
        let write = async |path: &str, parameters: &[(&str, &str)]| {
            let all: Vec<_> =
                parameters.iter().copied().chain([("token", token.as_str())]).collect();
            world.asked_as(manner, ("POST", path), &all).await
        };
        let days = [("dateFrom", "2026-12-03"), ("dateTo", "2026-12-17")];
        let homework = async || {
            let all: Vec<_> = days.into_iter().chain([("token", token.as_str())]).collect();
            world.asked("GET", "/homework", &all).await.json()[0].clone()
        };
        let before = homework().await;
        let id = before["id"].as_str().unwrap();
        write("/homework/changeState", &[days[0], days[1], ("homeworkId", id)])
            .await
            .is(200, &json!("ok"));
        let after = homework().await;
        assert_eq!(after["done"], !before["done"].as_bool().unwrap(), "{version}");
        assert_eq!(after["id"], before["id"]);

        let discussions = async || world.get("/discussions", &token).await.json();
        let recipients = world.get("/recipients", &token).await.json();
        let to =
            recipients.as_array().unwrap().iter().find(|person| person["with_discussion"] == true);
        let to = to.unwrap()["id"].as_str().unwrap();
        let subject = "Sortie à vélo 🚲";
        let asked = [("subject", subject), ("content", "Bonjour à tous"), ("recipients", to)];
        write("/discussion/create", &asked).await.is(200, &json!("ok"));
        let all = discussions().await;
        let new = all.as_array().unwrap().iter().find(|one| one["subject"] == subject).unwrap();
        let id = new["id"].as_str().unwrap().to_owned();
        assert_eq!(new["messages"][0]["content"], "Bonjour à tous");

        write("/discussion/reply", &[("discussionId", &id), ("content", "Et encore")])
            .await
            .is(200, &json!("ok"));
        world.simulator.control().end_sessions(); // the id outlives PRONOTE's session
        write("/discussion/readState", &[("discussionId", &id)]).await.is(200, &json!("ok"));
        let all = discussions().await;
        let found = all.as_array().unwrap().iter().find(|one| one["id"] == id.as_str()).unwrap();
        assert_eq!(found["messages"].as_array().unwrap().len(), 2, "{found}");
        write("/discussion/delete", &[("discussionId", &id)]).await.is(200, &json!("ok"));
        let all = discussions().await;
        assert!(all.as_array().unwrap().iter().all(|one| one["id"] != id.as_str()));
        write("/discussion/delete", &[("discussionId", "AAAAAAAAAAAAAAAA")])
            .await
            .is(404, &json!("not found"));
    }
}

#[tokio::test]
async fn a_period_is_selected_for_the_token() {
    let world = World::new("2026.2.6").await;
    let (token, other) = (world.token().await, world.token().await);
    let choose = async |name: &str| {
        world.asked("POST", "/changePeriod", &[("token", &token), ("periodName", name)]).await
    };
    choose("Trimestre 2").await.is(200, &json!({"status": "ok", "period": "Trimestre 2"}));
    let grades = async |token: &str| world.get("/grades", token).await.text;
    assert_ne!(grades(&token).await, grades(&other).await);
    // A name that nobody knows is the current one.
    choose("Quadrimestre 9").await.is(200, &json!({"status": "ok", "period": "Trimestre 1"}));
    assert_eq!(grades(&token).await, grades(&other).await);
}

#[tokio::test]
async fn what_is_known_of_portals_is_told_to_anybody() {
    let world = World::new("2026.2.6").await;
    for path in ["/infos", "/info", "/infos/"] {
        let answer = answered(world.ask("GET", path)).await;
        assert_eq!(answer.status, 200);
        answer.is_shared();
        let infos = answer.json();
        assert_eq!(infos["status"], "ok");
        assert_eq!(infos["message"], "server is running");
        let none = json!({"name": "Pas d'ENT", "url": "index-education.net", "py": ""});
        assert_eq!(infos["ent_list"][0], none);
        assert!(infos["ent_list"].as_array().unwrap().len() > 60);
    }
}
