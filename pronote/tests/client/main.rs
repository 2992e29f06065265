//! The client against the simulator: every generation, packing, account and fault.
//!

// A helper that cannot go on ends the test that it helps.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod faults;
mod files;
mod login_faults;
mod logins;
mod matrix;
mod portals;
mod sessions;
mod tour;
mod writes;

use std::time::Duration;

use jiff::civil::{DateTime, date};
use pronote_client::{
    Address, Client, Credentials, Error, LogIn, LoginOptions, Transport,
    http::{Limits, Manners},
    login::SecurityAnswers,
    protocol::{packing::Packing, space::Space, version::Version},
    simulator::{ACCOUNTS, Account, Simulator, SimulatorOptions},
};

/// A day of lessons in the simulated year.
const NOW: DateTime = date(2026, 12, 10).at(10, 0, 0, 0);

const PACKINGS: [Packing; 3] = [
    Packing { encrypted: false, compressed: false },
    Packing { encrypted: true, compressed: false },
    Packing { encrypted: true, compressed: true },
];

/// One version of each generation, its first and its last where they differ.
const VERSIONS: [&str; 9] = [
    "2024.3.8",
    "2024.3.9",
    "2024.3.11",
    "2025.1.3",
    "2025.2.5",
    "2026.1.3",
    "2026.2.4",
    "2026.2.5",
    "2026.2.6",
];

fn options(version: &str, packing: Packing) -> SimulatorOptions {
    let version: Version = version.parse().unwrap();
    SimulatorOptions { packing, now: Some(NOW), ..SimulatorOptions::of(version) }
}

fn start(options: SimulatorOptions) -> Simulator {
    Simulator::start(options).unwrap()
}

fn newest() -> Simulator {
    start(options("2026.2.6", PACKINGS[2]))
}

/// A transport without a pace: the simulator bears it, and the tests need not wait.
fn transport() -> Transport {
    let manners = Manners { requests_per_second_per_host: 0, failed_logins_per_hour: 0 };
    let limits = Limits { hop: Duration::from_secs(5), ..Limits::default() };
    // Loopback only: no certificates are read.
    Transport::builder().manners(manners).limits(limits).build().unwrap()
}

fn address(simulator: &Simulator, space: Space) -> Address {
    let address: Address = simulator.url().parse().unwrap();
    address.with_space(space)
}

fn account(space: Space, username: &str) -> &'static Account {
    let found = ACCOUNTS.iter().find(|a| a.space == space && a.username == username);
    found.unwrap_or_else(|| panic!("no account {username}"))
}

fn password(account: &Account) -> Credentials {
    Credentials::Password { username: account.username.into(), password: account.password.into() }
}

/// Answers for whatever the account's security asks.
fn answers(account: &Account) -> SecurityAnswers {
    SecurityAnswers {
        pin: Some(account.pin.unwrap_or("4321").into()),
        device_name: Some("test".to_owned()),
        new_password: Some("N0uveau!MotDePasse".into()),
        ..SecurityAnswers::default()
    }
}

async fn log_in(simulator: &Simulator, account: &Account) -> Result<Client, Error> {
    let options = LoginOptions { security: answers(account), ..LoginOptions::default() };
    let address = address(simulator, account.space);
    Client::log_in(&transport(), &address, &password(account), options).await.and_then(LogIn::done)
}

async fn pupil(simulator: &Simulator) -> Client {
    log_in(simulator, account(Space::Pupil, "demonstration")).await.unwrap()
}
