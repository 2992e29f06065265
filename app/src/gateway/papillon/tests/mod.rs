//! The routes against the simulated school.
//!

// A helper that cannot go on ends the test that it helps.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod calendars;
mod items;
mod missing;
mod reads;
mod shapes;
mod writes;

use std::time::Duration;

use jiff::{
    ToSpan,
    civil::{Date, DateTime, date},
};
use pronote_client::{
    Address, Client, Credentials, LogIn, LoginOptions, Transport,
    http::{Limits, Manners},
    login::SecurityAnswers,
    protocol::{packing::Packing, space::Space},
    simulator::{ACCOUNTS, Simulator, SimulatorOptions},
};
use serde::Serialize;
use serde_json::Value;

use super::*;

/// A day of lessons in the simulated year.
const NOW: DateTime = date(2026, 12, 10).at(10, 0, 0, 0);

/// The three generations of PRONOTE: before the new envelope, with it, and since news came in parts.
const VERSIONS: [&str; 3] = ["2024.3.8", "2025.2.5", "2026.2.6"];

const ROUTES: [&str; 13] = [
    "user",
    "timetable",
    "homework",
    "grades",
    "evaluations",
    "absences",
    "delays",
    "punishments",
    "news",
    "discussions",
    "recipients",
    "menu",
    "export/ical",
];

/// A school, and one of its people who has logged in.
struct World {
    simulator: Simulator,
    client: Client,
}

impl World {
    async fn of(version: &str, space: Space, username: &str, without: &[&str]) -> Self {
        Self::through(&transport(), version, (space, username), without).await
    }

    async fn through(
        transport: &Transport,
        version: &str,
        account: (Space, &str),
        without: &[&str],
    ) -> Self {
        let options = SimulatorOptions {
            packing: Packing { encrypted: true, compressed: true },
            now: Some(NOW),
            without: without.iter().map(|field| (*field).to_owned()).collect(),
            ..SimulatorOptions::of(version.parse().unwrap())
        };
        let simulator = Simulator::start(options).unwrap();
        let client = log_in(transport, &simulator, account).await;
        Self { simulator, client }
    }

    /// The pupil who has everything.
    async fn new(version: &str) -> Self {
        Self::of(version, Space::Pupil, "demonstration", &[]).await
    }

    fn asker(&self) -> Asker<'_> {
        Asker { client: &self.client, period: None, today: NOW.date(), links: &Direct }
    }

    async fn read(&self, route: &str) -> Result<Value, Failure> {
        let answer = read(self.asker(), route);
        may_change_threads(&answer);
        answer.await
    }
}

/// No pace, and no certificates: the simulator bears it, on loopback.
fn transport() -> Transport {
    let manners = Manners { requests_per_second_per_host: 0, failed_logins_per_hour: 0 };
    let limits = Limits { hop: Duration::from_secs(20), ..Limits::default() };
    Transport::builder().manners(manners).limits(limits).build().unwrap()
}

async fn log_in(
    transport: &Transport,
    simulator: &Simulator,
    (space, username): (Space, &str),
) -> Client {
    let account = ACCOUNTS
        .iter()
        .find(|account| account.space == space && account.username == username)
        .unwrap();
    let security = SecurityAnswers {
        pin: Some(account.pin.unwrap_or("4321").into()),
        device_name: Some("test".to_owned()),
        ..SecurityAnswers::default()
    };
    let options = LoginOptions { security, ..LoginOptions::default() };
    let address: Address = simulator.url().parse().unwrap();
    let (username, password) = (account.username.into(), account.password.into());
    let credentials = Credentials::Password { username, password };
    let login = Client::log_in(transport, &address.with_space(space), &credentials, options).await;
    login.and_then(LogIn::done).unwrap()
}

/// What serves many at a time may go on elsewhere after each wait.
fn may_change_threads(_: &impl Send) {}

/// The days that routes are asked for.
fn days() -> (Date, Date) {
    (NOW.date().saturating_sub(1.week()), NOW.date().saturating_add(1.week()))
}

/// What a route answers, as its JSON.
async fn read(asker: Asker<'_>, route: &str) -> Result<Value, Failure> {
    fn json<T: Serialize>(answer: Result<T, Failure>) -> Result<Value, Failure> {
        answer.map(|answer| serde_json::to_value(answer).unwrap())
    }
    let (from, to) = days();
    match route {
        "user" => json(user(asker).await),
        "timetable" => json(timetable(asker, NOW.date()).await),
        "homework" => json(homework(asker, from, to).await),
        "grades" => json(grades(asker).await),
        "evaluations" => json(evaluations(asker).await),
        "absences" => json(absences(asker, true).await),
        "delays" => json(delays(asker, true).await),
        "punishments" => json(punishments(asker, true).await),
        "news" => json(news(asker).await),
        "discussions" => json(discussions(asker).await),
        "recipients" => json(recipients(asker).await),
        "menu" => json(menu(asker, from, to).await),
        "export/ical" => json(calendar_url(asker).await),
        _ => panic!("no route {route}"),
    }
}
