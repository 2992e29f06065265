//! Schools that leave something out: the rest is answered, under every key.
//!

use pronote_client::simulator::OPTIONAL_FIELDS;

use super::*;

/// What carries a login: without one of its fields, others may not come to be seen.
const LOGIN: [&str; 3] = ["FonctionParametres", "Authentification", "ParametresUtilisateur"];

/// Fields that are left out together: one of each function, or one of the login.
fn rounds() -> Vec<Vec<&'static str>> {
    let mut rounds: Vec<Vec<&str>> = Vec::new();
    for field in OPTIONAL_FIELDS {
        let function = function(field);
        let open = rounds.iter_mut().find(|round| {
            let shares = |other: &&'static str| {
                let other = self::function(other);
                other == function || LOGIN.contains(&other)
            };
            !LOGIN.contains(&function) && !round.iter().any(shares)
        });
        match open {
            Some(round) => round.push(field),
            None => rounds.push(vec![field]),
        }
    }
    rounds
}

fn function(field: &'static str) -> &'static str {
    field.split_once('.').unwrap().0
}

/// The routes that need what a function answers.
fn routes(function: &str) -> &'static [&'static str] {
    match function {
        "PageInfosPerso" => &["user", "export/ical"],
        "PageEmploiDuTemps" => &["timetable"],
        "PageCahierDeTexte" => &["homework"],
        "DernieresNotes" => &["grades"],
        "DernieresEvaluations" => &["evaluations"],
        "PagePresence" => &["absences", "delays", "punishments"],
        "PageActualites" => &["news"],
        "ListeMessagerie" | "ListeMessages" => &["discussions"],
        "ListeRessourcesPourCommunication" => &["recipients"],
        "PageMenus" => &["menu"],
        "FonctionParametres" => &["user", "timetable", "homework", "grades", "menu"],
        "Authentification" => &["user"],
        "ParametresUtilisateur" => {
            &["user", "grades", "evaluations", "absences", "news", "discussions", "recipients"]
        }
        "PageBulletins" | "PageEquipePedagogique" | "SaisiePublicMessage" => &[],
        function => panic!("{function} has fields that may be missing, and no routes here"),
    }
}

#[tokio::test]
async fn whatever_a_school_leaves_out_every_route_answers() {
    // Made once: a transport is most of the cost of so small a school.
    let transport = transport();
    for round in rounds() {
        let asked: Vec<_> = round.iter().flat_map(|field| routes(function(field))).collect();
        // Generations differ in what news can leave out.
        let older = round.iter().any(|field| function(field) == "PageActualites");
        for version in older.then_some("2025.2.5").into_iter().chain(["2026.2.6"]) {
            let account = (Space::Pupil, "demonstration");
            let world = World::through(&transport, version, account, &round).await;
            for route in asked.iter().filter(|route| version == "2026.2.6" || ***route == "news") {
                match world.read(route).await {
                    Ok(answer) => drop(shapes::check(route, &answer)),
                    Err(failure) => panic!("{version} without {round:?}: {route}: {failure}"),
                }
            }
        }
    }
}

#[tokio::test]
async fn a_school_that_leaves_out_all_it_can_is_answered() {
    for version in VERSIONS {
        let world = World::of(version, Space::Pupil, "oenone", &[]).await;
        for route in ROUTES {
            let answer = world.read(route).await.unwrap();
            shapes::check(route, &answer);
            match route {
                "user" => {
                    assert_eq!(
                        (&answer["phone"], &answer["profile_picture"]),
                        (&Value::Null, &Value::Null)
                    );
                    assert_eq!(answer["delegue"], serde_json::json!([]));
                }
                "grades" => assert_eq!(answer["overall_average"], -1),
                "discussions" | "recipients" => assert_eq!(answer, serde_json::json!([])),
                "export/ical" => assert_eq!(answer, Value::Null),
                _ => {}
            }
        }
        // Looking at messages where they are off ends the session.
        assert_eq!(world.simulator.control().count("ListeMessagerie"), 0);
        assert_eq!(world.simulator.control().count("Authentification"), 1);
    }
}

#[tokio::test]
async fn an_account_without_periods_has_empty_answers() {
    let without = ["listeOngletsPourPeriodes", "ListePeriodes"];
    let world = World::of("2026.2.6", Space::Pupil, "demonstration", &without).await;
    assert!(world.client.periods().is_empty());
    for route in ["evaluations", "absences", "delays", "punishments"] {
        assert_eq!(world.read(route).await.unwrap(), serde_json::json!([]), "{route}");
    }
    assert_eq!(world.read("grades").await.unwrap()["overall_average"], -1);
    assert_eq!(change_period(world.asker(), "Trimestre 1"), "");
}
