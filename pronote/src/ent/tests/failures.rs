//! Each way to fail, and the hop that it names.

use super::{
    super::*,
    demonstration, one_of_each, plain,
    world::{World, portal, pronote},
};
use crate::{http::HttpFault, simulator::portals::Trouble};

async fn fail(world: &World, portal: &Portal, user: &str, profile: Profile) -> EntError {
    let credentials = Credentials::new(user, "pronotevs", profile);
    sign_in(world, portal, &credentials, &pronote(profile), plain()).await.unwrap_err()
}

#[tokio::test]
async fn a_wrong_password_is_told_and_sent_once() {
    for portal in one_of_each() {
        let world = World::new(portal);
        let error = fail(&world, portal, "nobody", Profile::Pupil).await;
        let expected = match portal.family {
            Family::Form => Failure::FormAgain,
            _ => Failure::WrongCredentials,
        };
        assert_eq!(error.failure, expected, "{}: {}", portal.id, error.way());
        assert!(error.is_refusal() && portal.trusts(&error.hop.host), "{error}");
        assert_eq!(error.passwords_sent, 1, "{error}");
        assert_eq!(world.saw_password("pronotevs").len(), 1);
        let said = format!("{error} {error:?} {}", error.way());
        assert!(!said.contains("nobody") && !said.contains("pronotevs"), "{said}");
    }
}

#[tokio::test]
async fn a_pupil_is_no_parent() {
    let portal = portal("cas_agora06");
    let error = fail(&World::new(portal), portal, "parent", Profile::Pupil).await;
    assert_eq!(error.failure, Failure::WrongCredentials);
}

#[tokio::test]
async fn what_educonnect_wants_of_a_person_is_told() {
    let portal = portal("cas_agora06");
    for (user, failure) in [
        ("locked", Failure::Locked),
        ("consent", Failure::PersonNeeded(Need::Consent)),
        ("captcha", Failure::PersonNeeded(Need::Captcha)),
        ("code", Failure::PersonNeeded(Need::Code)),
        ("new", Failure::PersonNeeded(Need::NewPassword)),
    ] {
        let error = fail(&World::new(portal), portal, user, Profile::Pupil).await;
        assert_eq!(error.failure, failure, "{user}: {}", error.way());
        assert_eq!(error.hop.host, EDUCONNECT, "{error}");
    }
}

#[tokio::test]
async fn a_stranger_to_the_portal_is_told_from_a_wrong_password() {
    for (id, failure) in [
        ("ent_hdf", Failure::UnknownAccount),
        ("ac_rennes", Failure::UnknownAccount),
        ("cas_agora06", Failure::Changed("a way to PRONOTE")),
    ] {
        let portal = portal(id);
        let error = fail(&World::new(portal), portal, "stranger", Profile::Pupil).await;
        assert_eq!(error.failure, failure, "{id}: {}", error.way());
        assert!(!error.is_refusal(), "{error}");
    }
}

#[tokio::test]
async fn a_changed_portal_is_named_and_gets_no_password() {
    for portal in one_of_each().filter(|portal| portal.family != Family::Edifice) {
        let world = World::with(portal, |options| options.trouble = Trouble::Changed);
        let error = fail(&world, portal, "demonstration", Profile::Pupil).await;
        assert_eq!(
            error.failure,
            Failure::Changed("a login form"),
            "{}: {}",
            portal.id,
            error.way()
        );
        assert!(portal.trusts(&error.hop.host), "{error}");
        assert_eq!(error.passwords_sent, 0);
    }
}

#[tokio::test]
async fn a_form_that_leads_elsewhere_gets_no_password() {
    for portal in one_of_each().filter(|portal| portal.family != Family::Edifice) {
        let world = World::with(portal, |options| options.trouble = Trouble::Phishing);
        let error = fail(&world, portal, "demonstration", Profile::Pupil).await;
        assert_eq!(error.failure, Failure::StrangeForm, "{}: {}", portal.id, error.way());
        assert_eq!(world.saw_password("pronotevs"), Vec::<String>::new());
    }
}

#[tokio::test]
async fn troubles_of_a_portal_are_told_apart() {
    for (id, trouble, failure) in [
        ("cas_agora06", Trouble::Round, Failure::TooManyHops(25)),
        ("cas_agora06", Trouble::Down, Failure::Maintenance),
        ("cas_agora06", Trouble::UnknownService, Failure::UnknownService),
        ("cas_agora06", Trouble::Huge, Failure::Changed("a login form")),
        ("cas_arsene76", Trouble::Down, Failure::Maintenance),
        ("bordeaux", Trouble::UnknownService, Failure::UnknownService),
        (
            "atrium_sud",
            Trouble::Forgetful,
            Failure::Changed("a way to PRONOTE without a second login"),
        ),
    ] {
        let portal = portal(id);
        let world = World::with(portal, |options| options.trouble = trouble);
        let error = fail(&world, portal, "demonstration", Profile::Pupil).await;
        assert_eq!(error.failure, failure, "{id}, {trouble:?}: {}", error.way());
        assert_eq!(error.hop.host, portal.host(), "{error}");
    }
}

#[tokio::test]
async fn a_portal_that_breaks_is_named_in_every_family() {
    for portal in one_of_each() {
        for trouble in [Trouble::Round, Trouble::Broken, Trouble::Down, Trouble::NoEduconnect] {
            if trouble == Trouble::NoEduconnect && !portal.family.is_educonnect() {
                continue;
            }
            let world = World::with(portal, |options| options.trouble = trouble);
            let error = fail(&world, portal, "demonstration", Profile::Pupil).await;
            let case = format!("{} {trouble:?}: {error} after {}", portal.id, error.way());
            match (trouble, &error.failure) {
                (Trouble::Round, Failure::TooManyHops(25))
                | (Trouble::Down, Failure::Maintenance) => {}
                (Trouble::Broken | Trouble::NoEduconnect, Failure::Changed(_)) => {
                    assert_eq!(error.hop.status, 500, "{case}");
                }
                _ => panic!("{case}"),
            }
            let at_fault =
                if trouble == Trouble::NoEduconnect { EDUCONNECT } else { portal.host() };
            assert_eq!(error.hop.host.trim_start_matches("api-"), at_fault, "{case}");
            assert!(!error.is_refusal() && error.passwords_sent <= 1, "{case}");
            assert!(world.saw_password("pronotevs").len() <= 1, "{case}");
        }
    }
}

#[tokio::test]
async fn hops_are_counted() {
    let portal = portal("cas_agora06");
    let world = World::with(portal, |options| options.trouble = Trouble::Round);
    let terms = Terms { max_hops: 4, ..plain() };
    let who = demonstration(Profile::Pupil);
    let error = sign_in(&world, portal, &who, &pronote(Profile::Pupil), terms).await.unwrap_err();
    assert_eq!(error.failure, Failure::TooManyHops(4));
    assert_eq!(world.requests.into_inner(), 4);
}

#[tokio::test]
async fn what_pronote_says_instead_is_told() {
    let portal = portal("cas_agora06");
    for (text, failure) in [
        (
            "<p>Votre adresse IP est provisoirement suspendue</p>",
            Failure::PronoteShut(Shut::Banned),
        ),
        ("<p>Le site n'est pas disponible</p>", Failure::PronoteShut(Shut::Closed)),
        ("<script>Start({\"h\":1,\"a\":3})</script>", Failure::NotDelegated),
    ] {
        let mut world = World::new(portal);
        world.pronote_says = Some(text);
        let error = fail(&world, portal, "demonstration", Profile::Pupil).await;
        assert_eq!(error.failure, failure, "{}", error.way());
    }
}

#[tokio::test]
async fn a_start_page_at_another_host_is_not_pronotes() {
    let portal = portal("cas_agora06");
    let mut world = World::new(portal);
    world.pronote_says =
        Some("<meta http-equiv=refresh content='0;url=https://cas.agora06.fr/start'>");
    world.portal_says = Some("<script>Start({\"h\":1,\"a\":3,\"e\":\"x\",\"f\":\"y\"})</script>");
    let error = fail(&world, portal, "demonstration", Profile::Pupil).await;
    assert_eq!(error.failure, Failure::Changed("PRONOTE at its own host"));
}

#[tokio::test]
async fn a_forbidden_hop_is_not_gone() {
    let portal = portal("cas_agora06");
    let mut world = World::new(portal);
    world.forbidden = Some(EDUCONNECT);
    let error = fail(&world, portal, "demonstration", Profile::Pupil).await;
    let forbidden = HttpFault::Forbidden("not this one".into());
    assert_eq!(
        (error.failure, error.hop.host.as_str()),
        (Failure::Unreachable(forbidden), EDUCONNECT)
    );
}

#[tokio::test]
async fn http_is_refused_unless_allowed() {
    let portal = portal("extranet_colleges_somme");
    let url = pronote(Profile::Pupil);
    let who = demonstration(Profile::Pupil);
    let error = sign_in(&World::new(portal), portal, &who, &url, Terms::default()).await;
    assert!(error.unwrap_err().to_string().contains("it is not https"));
}

#[tokio::test]
async fn a_silent_portal_is_given_up() {
    struct Silent;
    impl Web for Silent {
        async fn hop(
            &self,
            _: &url::Url,
            _: Option<&zeroize::Zeroizing<String>>,
        ) -> Result<Answer, HttpFault> {
            std::future::pending().await
        }
        fn cookie(&self, _: &url::Url, _: &str) -> Option<String> {
            None
        }
    }
    let who = demonstration(Profile::Pupil);
    let url = pronote(Profile::Pupil);
    let terms = Terms { deadline: std::time::Duration::from_millis(20), ..plain() };
    let error = sign_in(&Silent, portal("cas_agora06"), &who, &url, terms).await.unwrap_err();
    assert_eq!(error.failure, Failure::TooSlow(0));
    assert_eq!(error.hop.host, "cas.agora06.fr");
}
