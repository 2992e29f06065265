//! Schools that leave something out: the rest is answered, under every key.
//!

use pronote_client::simulator::OPTIONAL_FIELDS;

use super::*;

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
    for field in OPTIONAL_FIELDS {
        let (function, _) = field.split_once('.').unwrap();
        let versions: &[&str] = match function {
            // Where generations differ in what they can leave out.
            "PageActualites" => &["2025.2.5", "2026.2.6"],
            _ => &["2026.2.6"],
        };
        for version in versions.iter().filter(|_| !routes(function).is_empty()) {
            let world =
                World::through(&transport, version, (Space::Pupil, "demonstration"), &[field])
                    .await;
            for route in routes(function) {
                match world.read(route).await {
                    Ok(answer) => drop(shapes::check(route, &answer)),
                    Err(failure) => panic!("{version} without {field}: {route}: {failure}"),
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
