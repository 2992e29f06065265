//! What routes answer, item by item, and what it costs PRONOTE.
//!

use pronote_client::simulator::Fault;
use serde_json::json;

use super::{items::items, *};

#[tokio::test]
async fn every_generation_answers_the_same_under_the_keys_of_the_api() {
    let mut first: Option<Vec<Value>> = None;
    for version in VERSIONS {
        let world = World::new(version).await;
        let mut answers = Vec::new();
        for route in ROUTES {
            let mut answer = world.read(route).await.unwrap();
            let missing = shapes::check(route, &answer);
            assert!(missing.is_empty(), "{version} {route}: {missing:?}");
            // Addresses are of one session.
            forget_addresses(&mut answer);
            answers.push(answer);
        }
        assert_eq!(first.get_or_insert_with(|| answers.clone()), &answers, "{version}");
    }
    let answers = first.unwrap();
    let of = |route| &answers[ROUTES.iter().position(|known| *known == route).unwrap()];
    for (route, key, value, expected) in items() {
        let item = of(route).as_array().unwrap().iter().find(|item| item[key] == value);
        let item = item.unwrap_or_else(|| panic!("{route} has no {key} {value}"));
        for (path, expected) in expected.as_object().unwrap() {
            let pointer = format!("/{}", path.replace('.', "/"));
            assert_eq!(item.pointer(&pointer).unwrap(), expected, "{route} {value} {path}");
        }
    }
    let ranks: Vec<_> = of("grades")["grades"].as_array().unwrap().iter().collect();
    for (subject, date, figures) in [
        ("FRANÇAIS", "2027-01-04", json!([16.2, 20, 0.5, 13.6, 19.4, 3.2, 0])),
        ("HISTOIRE-GÉOGRAPHIE", "2027-01-04", json!([15.8, 20, 1, 13.2, 18.4, 6, 0])),
        ("ESPAGNOL LV2 > GR.1", "2027-01-04", json!([15.8, 20, 0.5, -1, -1, -1, 0])),
        ("MATHÉMATIQUES", "2026-12-18", json!([-1, 20, 2, -1, -1, -1, 6])),
    ] {
        let date = format!("{date} 00:00");
        let mark = ranks.iter().find(|m| m["subject"]["name"] == subject && m["date"] == *date);
        let found: Vec<_> = mark.unwrap()["grade"].as_object().unwrap().values().collect();
        assert_eq!(json!(found), figures, "{subject} {date}");
    }
    assert_eq!(of("grades")["overall_average"], 11.75);
    let periods = of("user")["periods"].as_array().unwrap();
    let actual: Vec<_> = periods.iter().filter(|period| period["actual"] == true).collect();
    assert_eq!((periods.len(), actual.len()), (7, 1));
    assert_eq!(
        (&actual[0]["name"], &actual[0]["start"]),
        (&json!("Trimestre 2"), &json!("2026-12-01"))
    );
}

#[tokio::test]
async fn a_parent_sees_the_first_child() {
    let world = World::of("2026.2.6", Space::Parent, "demonstration", &[]).await;
    assert_eq!(world.read("user").await.unwrap()["name"], "PARENT Fanny");
    for route in ROUTES {
        shapes::check(route, &world.read(route).await.unwrap());
    }
}

#[tokio::test]
async fn a_chosen_period_is_what_answers_are_about() {
    let world = World::new("2026.2.6").await;
    let current = world.asker();
    for (name, selected) in [
        ("Trimestre 1", "Trimestre 1"),
        ("Semestre 2", "Semestre 2"),
        ("Bac blanc n° 1 & « écrits »", "Bac blanc n° 1 & « écrits »"),
        ("Trimestre 9", "Trimestre 2"),
        ("", "Trimestre 2"),
    ] {
        assert_eq!(change_period(current, name), selected);
    }
    let first = Asker { period: Some("Trimestre 1"), ..current };
    let user = read(first, "user").await.unwrap();
    assert_eq!(user["periods"][0]["actual"], true);
    let ids = |answer: &Value| -> Vec<String> {
        let list = answer.as_array().or(answer["grades"].as_array()).unwrap();
        list.iter().map(|item| item["id"].to_string()).collect()
    };
    for route in ["grades", "evaluations"] {
        let (now, then) = (read(current, route).await.unwrap(), read(first, route).await.unwrap());
        let (now, then) = (ids(&now), ids(&then));
        assert!(!then.is_empty() && then.iter().all(|id| !now.contains(id)), "{route}");
    }
    let all = ids(&read(current, "absences").await.unwrap());
    let mut parts = Vec::new();
    for name in ["Trimestre 1", "Trimestre 2", "Trimestre 3"] {
        let asker = Asker { period: Some(name), ..current };
        assert_eq!(ids(&read(asker, "absences").await.unwrap()), all, "all the same");
        let part = serde_json::to_value(absences(asker, false).await.unwrap()).unwrap();
        parts.push(ids(&part));
    }
    assert!(parts.iter().all(|part| part.len() < all.len()));
    assert_eq!(parts.concat(), all);
}

#[tokio::test]
async fn pronote_is_asked_as_little_as_may_be() {
    for (version, news) in [("2025.2.5", 1), ("2026.2.6", 7)] {
        let world = World::new(version).await;
        for (route, calls) in [
            ("user", 1),
            ("timetable", 1),
            ("homework", 1),
            ("grades", 1),
            ("evaluations", 1),
            ("absences", 3),
            ("delays", 3),
            ("punishments", 3),
            ("news", news),
            ("discussions", 5),
            ("recipients", 2),
            ("menu", 3),
            ("export/ical", 1),
        ] {
            let before = world.simulator.control().answered();
            world.read(route).await.unwrap();
            let asked = world.simulator.control().answered() - before;
            assert_eq!(asked, calls, "{version} {route}");
        }
    }
}

#[tokio::test]
async fn days_that_make_no_sense_cost_nothing() {
    let world = World::new("2026.2.6").await;
    let before = world.simulator.control().answered();
    let today = NOW.date();
    let yesterday = today.yesterday().unwrap();
    let (long_ago, far_off) = (date(1800, 1, 1), date(9999, 12, 31));
    assert!(homework(world.asker(), today, yesterday).await.unwrap().is_empty());
    assert!(menu(world.asker(), today, yesterday).await.unwrap().is_empty());
    for day in [Date::MIN, long_ago, far_off, Date::MAX] {
        assert!(homework(world.asker(), day, day).await.unwrap().is_empty());
    }
    assert_eq!(world.simulator.control().answered(), before);
    // A stretch that is too long is the school year, or eight weeks of menus.
    let all = homework(world.asker(), Date::MIN, Date::MAX).await.unwrap();
    assert!(all.len() > homework(world.asker(), days().0, days().1).await.unwrap().len());
    menu(world.asker(), today, Date::MAX).await.unwrap();
    assert_eq!(world.simulator.control().count("PageMenus"), 9);
    for day in [Date::MIN, long_ago, Date::MAX] {
        assert!(timetable(world.asker(), day).await.unwrap().is_empty(), "{day}");
        assert!(menu(world.asker(), day, day).await.unwrap().is_empty(), "{day}");
    }
}

#[tokio::test]
async fn one_refused_item_is_that_item_without_what_it_says() {
    let world = World::new("2026.2.6").await;
    let control = world.simulator.control();
    control.plan(Fault::Refusal(21).once().at("ListeMessages").after(1));
    let discussions = world.read("discussions").await.unwrap();
    let empty: Vec<_> = discussions
        .as_array()
        .unwrap()
        .iter()
        .map(|discussion| discussion["messages"] == json!([]))
        .collect();
    assert_eq!(empty, [false, true, false, false]);
    control.plan(Fault::Refusal(3).once().at("PageActualites").after(2));
    let news = world.read("news").await.unwrap();
    assert_eq!(news.as_array().unwrap().iter().filter(|item| item["content"].is_null()).count(), 1);
    control.plan(Fault::Refusal(21).once().at("PageInfosPerso"));
    assert_eq!(world.read("user").await.unwrap()["phone"], Value::Null);
    // Where PRONOTE wants to be left alone, it is, at once.
    control.forget_calls();
    control.plan(Fault::Refusal(25).once().at("ListeMessages"));
    assert!(matches!(world.read("discussions").await, Err(Failure::Pronote(_))));
    assert_eq!(control.count("ListeMessages"), 1);
}

fn forget_addresses(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.values_mut().for_each(forget_addresses),
        Value::Array(items) => items.iter_mut().for_each(forget_addresses),
        Value::String(text) if text.starts_with("http://127.0.0.1") => *text = "…".to_owned(),
        _ => {}
    }
}
