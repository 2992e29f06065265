//! The sessions of the real program's gateway: no stop and no kill ends one.

#[path = "../../../src/gateway/testing.rs"]
#[allow(dead_code, reason = "the gateway's own tests stop it, and look into it")]
mod redis;
mod soak;
mod stop;

use std::time::Duration;

use jiff::civil::{DateTime, date};
use pronote_client::{
    protocol::space::{Site, Space},
    simulator::{ACCOUNTS, Account, Simulator, SimulatorOptions},
};
use serde_json::{Value, json};

use crate::harness::{DataFolder, PATIENCE, Service};

/// A school day in the middle of the year.
const NOW: DateTime = date(2026, 12, 10).at(10, 0, 0, 0);

/// Accounts of different pupils, which a password opens.
const WHO: [(Space, &str); 4] = [
    (Space::Pupil, "demonstration"),
    (Space::Pupil, "oenone"),
    (Space::Pupil, "élève.accentué"),
    (Space::Parent, "parent.unique"),
];

/// A school with room for many sessions.
fn school() -> Simulator {
    let options = SimulatorOptions { now: Some(NOW), sessions: 100_000, ..Default::default() };
    Simulator::start(options).unwrap()
}

fn account(index: usize) -> &'static Account {
    let (space, username) = WHO[index % WHO.len()];
    let is_it = |account: &&Account| account.space == space && account.username == username;
    ACCOUNTS.iter().find(is_it).unwrap()
}

/// A gateway before the school: on a port of its own, no limit on how much it asks.
fn folder(store: &str) -> DataFolder {
    DataFolder::new(&json!({
        "audio": { "device": "null" },
        "gateway": {
            "listen": "127.0.0.1:0",
            "store": store,
            "allowed_hosts": ["127.0.0.1"],
            "allow_private_hosts": true,
            "trusted_proxies": ["127.0.0.1"],
            "limits": {
                "failed_logins_per_hour": 0,
                "requests_per_minute_per_address": 0,
                "calls_per_second_per_school": 0,
            },
        },
    }))
}

/// Starts it, and tells where it listens.
fn start(folder: DataFolder) -> (Service, String) {
    let service = Service::start(folder);
    let line = service.wait_for_log("the gateway listens on http://");
    let url = line.split_whitespace().find(|word| word.starts_with("http://")).unwrap();
    (service, url.to_owned())
}

/// An app, or a load balancer that many apps are behind.
#[derive(Clone)]
struct Caller(reqwest::Client);

impl Caller {
    fn new() -> Self {
        // Another test may have been faster.
        drop(tokio_rustls::rustls::crypto::ring::default_provider().install_default());
        let client = reqwest::Client::builder()
            .timeout(2 * PATIENCE)
            .pool_idle_timeout(Duration::from_secs(5))
            .no_proxy();
        Self(client.build().unwrap())
    }

    /// Status and JSON; an error where the connection was lost.
    async fn get(&self, url: &str) -> reqwest::Result<(u16, Value)> {
        let answer = self.0.get(url).send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    async fn post(&self, url: &str, body: &Value) -> reqwest::Result<(u16, Value)> {
        let answer = self.0.post(url).json(body).send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    /// The token of somebody who is let in.
    async fn log_in(&self, gateway: &str, school: &Simulator, account: &Account) -> String {
        let login = json!({
            "url": format!("{}/{}", school.url(), account.space.page(Site::Desktop)),
            "username": account.username,
            "password": account.password,
        });
        let answer = self.post(&format!("{gateway}/generatetoken"), &login).await.unwrap();
        let token = answer.1["token"].as_str();
        token.unwrap_or_else(|| panic!("{}: {answer:?}", account.username)).to_owned()
    }
}
