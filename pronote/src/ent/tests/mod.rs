//! Each family from its door to PRONOTE: the portals' real names, fake portals.

mod failures;
mod loopback;
mod world;

use super::*;
use world::{World, pronote};

fn demonstration(profile: Profile) -> Credentials {
    let user = if profile == Profile::Guardian { "parent" } else { "demonstration" };
    Credentials::new(user, "pronotevs", profile)
}

fn plain() -> Terms {
    // The Somme's portal has no https.
    Terms { allow_http: true, ..Terms::default() }
}

/// One portal of each family.
fn one_of_each() -> impl Iterator<Item = &'static Portal> {
    Family::ALL
        .into_iter()
        .map(|family| Portals::built_in().iter().find(|portal| portal.family == family).unwrap())
}

#[tokio::test]
async fn every_portal_of_the_table_leads_to_pronote() {
    for portal in Portals::built_in().iter() {
        for profile in [Profile::Pupil, Profile::Guardian] {
            let world = World::new(portal);
            let url = pronote(profile);
            let landed = sign_in(&world, portal, &demonstration(profile), &url, plain()).await;
            let landed = landed.unwrap_or_else(|error| panic!("{error}: {}", error.way()));
            assert_eq!(landed.final_url, url, "{}", portal.id);
            assert!(landed.html.contains("e:'demonstration'"), "{}", portal.id);
            assert_eq!(landed.passwords_sent, 1, "{}", portal.id);
            for host in world.saw_password("pronotevs") {
                assert!(portal.trusts(&host), "{} gave the password to {host}", portal.id);
            }
        }
    }
}

#[tokio::test]
async fn educonnect_as_it_was_is_still_understood() {
    for portal in one_of_each().filter(|portal| portal.family.is_educonnect()) {
        let world = World::with(portal, |options| options.old_educonnect = true);
        let url = pronote(Profile::Pupil);
        let landed = sign_in(&world, portal, &demonstration(Profile::Pupil), &url, plain()).await;
        assert!(landed.is_ok(), "{}: {landed:?}", portal.id);
    }
}

#[tokio::test]
async fn a_password_of_any_characters_arrives() {
    for portal in one_of_each() {
        let world = World::new(portal);
        let credentials = Credentials::new("prudence", "Mot2Passe!é😀 &=+%", Profile::Pupil);
        let url = pronote(Profile::Pupil);
        let landed = sign_in(&world, portal, &credentials, &url, plain()).await;
        assert!(landed.is_ok(), "{}: {landed:?}", portal.id);
    }
}

#[tokio::test]
async fn the_address_may_ask_for_pronotes_own_form() {
    let portal = Portals::built_in().find("cas_agora06").unwrap();
    let world = World::new(portal);
    let mut url = pronote(Profile::Pupil);
    url.set_query(Some("fd=1&login=true"));
    let landed = sign_in(&world, portal, &demonstration(Profile::Pupil), &url, plain()).await;
    assert_eq!(landed.unwrap().final_url.query(), Some("fd=1"));
}

#[tokio::test]
async fn one_of_several_accounts_is_chosen_by_its_name() {
    let portal = Portals::built_in().find("monbureaunumerique").unwrap();
    let credentials = Credentials::new("several", "pronotevs", Profile::Guardian);
    let url = pronote(Profile::Guardian);
    let error = sign_in(&World::new(portal), portal, &credentials, &url, plain()).await;
    let Failure::ChoiceNeeded(choices) = error.unwrap_err().failure else {
        panic!("no choice was asked for");
    };
    let labels: Vec<_> = choices.iter().map(|choice| choice.label.as_str()).collect();
    assert_eq!(labels, ["Collège Jean Moulin", "Lycée Ampère"]);
    for choice in ["lycee ampère", "1"] {
        let chosen = credentials.clone().choosing(choice);
        let landed = sign_in(&World::new(portal), portal, &chosen, &url, plain()).await;
        assert!(landed.is_ok(), "{choice}: {landed:?}");
    }
}

#[tokio::test]
async fn local_accounts_of_an_educonnect_portal_are_a_portal_of_their_own() {
    let portal = Portals::built_in().find("ent_hdf").unwrap();
    let local = portal.with_local_accounts().unwrap();
    let url = pronote(Profile::Pupil);
    let world = World::new(portal);
    let landed = sign_in(&world, &local, &demonstration(Profile::Pupil), &url, plain()).await;
    assert!(landed.is_ok(), "{landed:?}");
    assert_eq!(world.saw_password("pronotevs"), ["enthdf.fr"]);
    assert!(Portals::built_in().find("cas_agora06").unwrap().with_local_accounts().is_none());
}

#[tokio::test]
async fn pronote_tells_its_portal() {
    for portal in Portals::built_in().iter() {
        let world = World::new(portal);
        let url = pronote(Profile::Pupil);
        let found = detect(&world, Portals::built_in(), &url, plain()).await.unwrap();
        assert!(found.contains(&portal), "{}: {found:?}", portal.id);
    }
    let world = World::without_portal();
    let found = detect(&world, Portals::built_in(), &pronote(Profile::Pupil), plain()).await;
    assert_eq!(found.unwrap(), Vec::<&Portal>::new());
}
