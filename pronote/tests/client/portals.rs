//! The client through a portal: what it chooses there, and a ban behind it.
//!

use std::sync::Arc;

use pronote_client::{
    Client, Credentials, Error, LogIn, LoginError, LoginOptions, Transport,
    ent::{Failure, Portals, Shut},
    http::{HeldFor, Manners},
    protocol::space::Space,
    simulator::{
        Fault, Page, Simulator,
        portals::{FakePortals, PortalOptions},
    },
};

use super::{PACKINGS, account, address, options, password, start, transport};

/// A school behind a portal of the table, and the table that leads to both.
pub fn behind(portal: &str, trouble: PortalOptions) -> (Simulator, LoginOptions) {
    let portal = Portals::built_in().find(portal).unwrap();
    let portals = Arc::new(FakePortals::new(portal, trouble));
    let gate = Some(Arc::clone(&portals) as Arc<dyn pronote_client::simulator::Portals>);
    let options = options("2026.2.6", PACKINGS[2]);
    let simulator = start(pronote_client::simulator::SimulatorOptions { portals: gate, ..options });
    let table = portals.table_at(&format!("http://{}", simulator.address()));
    (simulator, LoginOptions { portals: Some(Arc::new(table)), ..LoginOptions::default() })
}

pub fn at(portal: &str, username: &str) -> Credentials {
    Credentials::Portal {
        portal: portal.to_owned(),
        username: username.to_owned(),
        password: "pronotevs".into(),
    }
}

#[tokio::test]
async fn a_ban_behind_a_portal_holds_the_host_for_every_account() {
    let (simulator, options) = behind("cas_agora06", PortalOptions::default());
    simulator.control().plan(Fault::Page(Page::Suspended).always().at("start"));
    let manners = Manners { requests_per_second_per_host: 0, ..Manners::default() };
    let transport = Transport::builder().manners(manners).build().unwrap();
    let address = address(&simulator, Space::Pupil);
    let log_in = async |credentials: &Credentials| {
        Client::log_in(&transport, &address, credentials, options.clone()).await.unwrap_err()
    };
    let error = log_in(&at("cas_agora06", "demonstration")).await;
    let Error::Login(LoginError::Portal(error)) = error else { panic!("{error}") };
    assert_eq!(error.failure, Failure::PronoteShut(Shut::Banned));
    let asked = simulator.control().answered();
    let others = password(account(Space::Pupil, "basile"));
    for credentials in [at("cas_agora06", "demonstration"), at("cas_agora06", "new"), others] {
        let held = log_in(&credentials).await;
        assert!(matches!(held, Error::Held(held) if held.reason == HeldFor::Suspended), "{held}");
    }
    assert_eq!(simulator.control().answered(), asked, "the server is not even asked");
}

#[tokio::test]
async fn what_the_caller_names_is_chosen_at_the_portal() {
    let portal = "cas_agora06";
    let (simulator, mut options) = behind(portal, PortalOptions::default());
    // An address that says nothing of ÉduConnect: the portal asks who one is.
    let table = options.portals.take().unwrap().to_string();
    let table = table.replace("selection=EDU&service=", "service={pronote}");
    options.portals = Some(Arc::new(Portals::parse(&table).unwrap()));
    let address = address(&simulator, Space::Pupil);
    // ÉduConnect's word for this one is not believed; the portal's own account opens.
    let (transport, credentials) = (transport(), at(portal, "stranger"));
    let choosing = async |choice: Option<&str>| {
        let options = LoginOptions { portal_choice: choice.map(str::to_owned), ..options.clone() };
        Client::log_in(&transport, &address, &credentials, options).await.and_then(LogIn::done)
    };
    for unknown in [None, Some("Personne")] {
        let error = choosing(unknown).await.unwrap_err();
        assert!(matches!(error, Error::Login(LoginError::Portal(_))), "{unknown:?}: {error}");
    }
    for choice in ["ATS_parent_eleve", "élève ou parent (compte du portail)"] {
        let client = choosing(Some(choice)).await.unwrap();
        // Alone, with nobody to ask: the choice is made again.
        simulator.control().end_sessions();
        client.staff().await.unwrap();
    }
}
