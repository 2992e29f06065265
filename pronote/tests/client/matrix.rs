//! Every generation, every packing, every account, every field missing in turn.
//!

use pronote_client::{
    Error, LoginError, School,
    features::Discovery,
    protocol::space::Space,
    simulator::{ACCOUNTS, OPTIONAL_FIELDS},
};

use super::{
    PACKINGS, VERSIONS, account, address, log_in, options, pupil, start,
    tour::{tour, tour_of},
    transport,
};

#[tokio::test]
async fn every_generation_in_every_packing_shows_the_same() {
    let mut first = None;
    for version in VERSIONS {
        for packing in PACKINGS {
            let simulator = start(options(version, packing));
            let client = pupil(&simulator).await;
            assert_eq!(client.version(), Some(version.parse().unwrap()));
            let sights = tour(&client).await;
            assert_eq!(sights.missing(), Vec::<String>::new(), "{version} {packing:?}");
            let first = first.get_or_insert_with(|| format!("{sights:?}"));
            assert_eq!(&format!("{sights:?}"), first, "{version} {packing:?}");
        }
    }
}

#[tokio::test]
async fn every_account_gets_in_or_is_told_why() {
    for version in ["2024.3.8", "2025.2.5", "2026.2.6"] {
        for account in &ACCOUNTS {
            // Teachers and the office have pages of their own, which this client does not read.
            if !matches!(account.space, Space::Pupil | Space::Parent) {
                continue;
            }
            let simulator = start(options(version, PACKINGS[1]));
            match log_in(&simulator, account).await {
                Ok(client) => {
                    assert!(client.name().is_some(), "{}", account.username);
                    for child in client.children() {
                        tour(&client.for_child(child.key).unwrap()).await;
                    }
                }
                Err(Error::Login(LoginError::Refused { .. })) => {
                    assert!(
                        account.purpose.contains("refused")
                            || ["interdit", "sans-ressource", "bloque", "desactive", "sans-enfant"]
                                .contains(&account.username)
                    );
                }
                Err(error) => panic!("{version} {}: {error}", account.username),
            }
        }
    }
}

#[tokio::test]
async fn the_office_gets_in_and_is_told_what_is_not_for_it() {
    let simulator = start(options("2026.2.6", PACKINGS[0]));
    let client = log_in(&simulator, account(Space::SchoolLife, "demonstration2")).await.unwrap();
    assert!(client.name().is_some());
}

#[tokio::test]
async fn each_field_may_be_missing() {
    for field in OPTIONAL_FIELDS {
        // News tell their fields apart by generation; the rest is one for all.
        let version = if field.starts_with("PageActualites") { "2025.2.5" } else { "2026.2.6" };
        let mut options = options(version, PACKINGS[0]);
        options.without = vec![(*field).to_owned()];
        tour_of(&pupil(&start(options)).await, 1).await;
    }
}

#[tokio::test]
async fn a_school_tells_its_settings_to_anybody() {
    for version in VERSIONS {
        let simulator = start(options(version, PACKINGS[2]));
        let address = address(&simulator, Space::Pupil);
        let school = School::fetch(&transport(), &address).await.unwrap();
        assert_eq!(school.version, Some(version.parse().unwrap()));
        assert!(!school.holidays.is_empty() && !school.starts.is_empty());
        assert!(school.periods.len() > 3 && !school.week_frequencies.is_empty());
        let found = Discovery::fetch(&transport(), &address).await.unwrap();
        assert_eq!(found.version, school.version);
        assert!(found.spaces.contains(&Space::Parent) && found.name.is_some());
    }
}

#[tokio::test]
async fn a_version_to_come_is_spoken_to_as_the_newest() {
    let simulator = start(options("2027.0.1", PACKINGS[2]));
    assert!(tour(&pupil(&simulator).await).await.missing().is_empty());
}
