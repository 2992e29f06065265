//! Tests of the sessions, against the simulator and a real Redis.
//!

mod memory;
mod several;
mod trouble;

use std::{sync::Arc, time::Duration};

use pronote_client::{
    Address, Client, Credentials, Transport,
    ent::Portals,
    http::Manners,
    protocol::space::Space,
    simulator::{Simulator, SimulatorOptions},
};
use tempfile::TempDir;
use tokio::time::Instant;

use super::{SessionError, Sessions, Token};
use crate::{
    gateway::testing::{PASSWORD, Redis},
    store::conf::{Gateway, SessionStore},
};

const TTL: Duration = Duration::from_secs(300);

/// A school, and a data folder whose key all gateways of a test share.
struct School {
    simulator: Simulator,
    data: TempDir,
}

impl School {
    fn new() -> Self {
        Self {
            simulator: Simulator::start(SimulatorOptions::default()).unwrap(),
            data: tempfile::tempdir().unwrap(),
        }
    }

    async fn open(&self, store: SessionStore, token_ttl: Duration) -> Sessions {
        let settings = Gateway { store, token_ttl, ..Gateway::default() };
        let portals = Arc::new(Portals::built_in().clone());
        Sessions::open(&settings, self.data.path(), transport(), portals).await.unwrap()
    }

    async fn memory(&self) -> Sessions {
        self.open(SessionStore::Memory, TTL).await
    }

    fn credentials() -> Credentials {
        let (username, password) = ("demonstration".to_owned(), "pronotevs".into());
        Credentials::Password { username, password }
    }

    async fn log_in(&self, sessions: &Sessions, credentials: &Credentials) -> Client {
        let address: Address = self.simulator.url().parse().unwrap();
        let address = address.with_space(Space::Pupil);
        let options = sessions.login_options(credentials).unwrap();
        let login = Client::log_in(&sessions.0.transport, &address, credentials, options);
        login.await.unwrap().done().unwrap()
    }

    async fn token(&self, sessions: &Sessions) -> Token {
        let client = self.log_in(sessions, &Self::credentials()).await;
        sessions.create(client).await.unwrap()
    }

    /// How many logins there were since the calls were forgotten; and no call was refused.
    fn logins(&self) -> usize {
        let control = self.simulator.control();
        let refused: Vec<_> =
            control.calls().into_iter().filter(|call| call.refused.is_some()).collect();
        assert!(refused.is_empty(), "{refused:?}");
        control.count("Authentification")
    }
}

fn on(redis: &Redis) -> SessionStore {
    SessionStore::Redis(redis.address())
}

fn transport() -> Transport {
    let manners = Manners { requests_per_second_per_host: 0, failed_logins_per_hour: 0 };
    Transport::builder().manners(manners).build().unwrap()
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(30)
}

/// One visit with one call.
async fn call(sessions: &Sessions, token: &Token) -> Result<(), SessionError> {
    let visit = sessions.visit(token, soon()).await?;
    visit.client().keep_alive().await.unwrap();
    visit.leave().await
}
