//! The same over sockets, with the crate's own browser, to the simulator's PRONOTE.

use std::sync::Arc;

use url::Url;

use super::{super::*, demonstration, one_of_each};
use crate::{
    Address, Client, LogIn, LoginOptions,
    http::{Browser, HttpFault, Limits, Manners, Transport, TransportBuilder},
    protocol::{space::Space, start_page::StartPage},
    simulator::{
        Simulator, SimulatorOptions,
        portals::{FakePortals, PortalOptions, Trouble},
    },
};

const TERMS: Terms =
    Terms { allow_http: true, max_hops: 25, deadline: std::time::Duration::from_secs(60) };

fn start(portal: &Portal, options: PortalOptions) -> (Simulator, Portal) {
    let portals = Arc::new(FakePortals::new(portal, options));
    let served = Some(Arc::clone(&portals) as Arc<dyn crate::simulator::Portals>);
    let options = SimulatorOptions { portals: served, ..SimulatorOptions::default() };
    // On a thread of its own: it makes a runtime, and a test stands in one.
    let started = std::thread::spawn(|| Simulator::start(options)).join();
    let simulator = started.unwrap().unwrap();
    let table = portals.table_at(&format!("http://{}", simulator.address()));
    // What an operator would give: text.
    let table = Portals::parse(&table.to_string()).unwrap();
    let portal = table.find(&portal.id).unwrap().clone();
    (simulator, portal)
}

fn transport() -> TransportBuilder {
    let manners = Manners { requests_per_second_per_host: 0, ..Manners::default() };
    Transport::builder().manners(manners)
}

async fn try_it(simulator: &Simulator, portal: &Portal, web: &Browser) -> Result<Landed, EntError> {
    let page: Url = simulator.page("eleve").parse().unwrap();
    sign_in(web, portal, &demonstration(Profile::Pupil), &page, TERMS).await
}

#[tokio::test]
async fn each_family_signs_in_over_sockets() {
    for portal in one_of_each() {
        let (simulator, portal) = start(portal, PortalOptions::default());
        let web = Browser::new(transport().build().unwrap());
        let landed = try_it(&simulator, &portal, &web).await;
        let landed = landed.unwrap_or_else(|error| panic!("{error}: {}", error.way()));
        let page = StartPage::read(&landed.html).unwrap();
        assert!(page.portal.is_some(), "{}", portal.id);
    }
}

#[tokio::test]
async fn the_whole_client_logs_in_by_each_family() {
    for portal in one_of_each() {
        let (simulator, portal) = start(portal, PortalOptions::default());
        let portals = Portals::from_iter([portal.clone()]);
        let options = LoginOptions { portals: Some(Arc::new(portals)), ..LoginOptions::default() };
        let root: Url = simulator.url().parse().unwrap();
        let address = Address::new(root, Space::Pupil).unwrap();
        let credentials = crate::Credentials::Portal {
            portal: portal.id.clone(),
            username: "demonstration".into(),
            password: "pronotevs".into(),
        };
        let transport = transport().build().unwrap();
        let logged_in = Client::log_in(&transport, &address, &credentials, options).await;
        assert!(matches!(logged_in, Ok(LogIn::Done(_))), "{}: {:?}", portal.id, logged_in.err());
    }
}

#[tokio::test]
async fn a_hop_that_the_checker_refuses_is_named() {
    let portal = Portals::built_in().find("cas_agora06").unwrap();
    let (simulator, portal) = start(portal, PortalOptions::default());
    let check: crate::http::AddressCheck =
        Arc::new(
            |url: &Url| {
                if url.path().contains(EDUCONNECT) { Err("not this one".into()) } else { Ok(()) }
            },
        );
    let web = Browser::new(transport().check_addresses(check).build().unwrap());
    let error = try_it(&simulator, &portal, &web).await.unwrap_err();
    let forbidden = HttpFault::Forbidden("not this one".into());
    assert_eq!(error.failure, Failure::Unreachable(forbidden));
    assert_eq!(error.trail.len(), 1, "{}", error.way());
}

#[tokio::test]
async fn a_page_without_end_and_one_without_beginning_are_given_up_in_every_family() {
    let limits =
        Limits { body_bytes: 1 << 20, hop: std::time::Duration::from_secs(3), ..Limits::default() };
    let mut tries = tokio::task::JoinSet::new();
    for portal in one_of_each() {
        for (trouble, fault) in
            [(Trouble::Huge, HttpFault::TooLarge), (Trouble::Silent, HttpFault::TimedOut)]
        {
            // All at once: each waits for its own silence.
            tries.spawn(async move {
                let options = PortalOptions { trouble, ..PortalOptions::default() };
                let (simulator, portal) = start(portal, options);
                let web = Browser::new(transport().limits(limits).build().unwrap());
                let error = try_it(&simulator, &portal, &web).await.unwrap_err();
                let failure = Failure::Unreachable(fault);
                assert_eq!(error.failure, failure, "{} {trouble:?}", portal.id);
                assert!(!error.is_refusal() && error.passwords_sent <= 1, "{error}");
            });
        }
    }
    assert!(tries.join_all().await.len() >= 18);
}
