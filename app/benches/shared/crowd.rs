//! Many users, and few connections on which they ask.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use pronote_client::simulator::{ACCOUNTS, Simulator};
use reqwest::Client;
use serde_json::{Value, json};

pub const CONNECTIONS: usize = 32;

/// Logins under way at a time.
const LOGINS: usize = 16;

/// What an app asks when it is opened.
pub const MIX: [&str; 8] = [
    "user",
    "timetable?dateString=2026-12-10",
    "homework?dateFrom=2026-12-10&dateTo=2026-12-20",
    "grades",
    "evaluations",
    "absences",
    "news",
    "menu?dateFrom=2026-12-10&dateTo=2026-12-10",
];

/// Everybody who is logged in.
pub struct Crowd {
    client: Client,
    tokens: Vec<String>,
}

/// What came of some seconds of reading.
#[derive(Default)]
pub struct Reads {
    pub took: Vec<Duration>,
    /// Status and answer, and how often.
    pub failed: BTreeMap<String, usize>,
}

impl Crowd {
    /// Logs everybody in.
    pub async fn log_in(
        gateway: &str,
        school: &Simulator,
        sessions: usize,
    ) -> anyhow::Result<Self> {
        let client = Client::builder()
            .no_proxy()
            .tls_danger_accept_invalid_certs(true)
            .timeout(Duration::from_secs(60))
            .build()?;
        let account = ACCOUNTS.first().context("an account")?;
        let login = json!({
            "url": school.page("eleve"),
            "username": account.username,
            "password": account.password,
        });
        let tokens = stream::iter(0..sessions).map(|_| async {
            let answer = client.post(format!("{gateway}/generatetoken")).json(&login);
            let answer: Value = answer.send().await?.json().await?;
            let token = answer.get("token").and_then(Value::as_str).map(str::to_owned);
            token.with_context(|| format!("no token: {answer}"))
        });
        let tokens = tokens.buffer_unordered(LOGINS).try_collect().await?;
        Ok(Self { client, tokens })
    }

    /// Asks for these in turn, for one user after the other, on all connections.
    pub async fn read(
        &self,
        gateway: &str,
        routes: &[&str],
        length: Duration,
    ) -> anyhow::Result<Reads> {
        let (turn, until) = (AtomicUsize::new(0), Instant::now() + length);
        let workers = stream::iter(0..CONNECTIONS).map(|_| async {
            let mut reads = Reads::default();
            while Instant::now() < until {
                let turn = turn.fetch_add(1, Ordering::Relaxed);
                // Steps that meet everybody, and each of them with other questions.
                let token = self.tokens.get(turn * 7919 % self.tokens.len());
                let (token, route) =
                    token.zip(routes.get(turn % routes.len())).context("a call")?;
                let begun = Instant::now();
                let (status, answer) = self.ask(gateway, route, token).await?;
                reads.took.push(begun.elapsed());
                if status != 200 {
                    *reads.failed.entry(format!("{route}: {status} {answer}")).or_default() += 1;
                }
            }
            anyhow::Ok(reads)
        });
        let workers: Vec<Reads> = workers.buffer_unordered(CONNECTIONS).try_collect().await?;
        let mut all = Reads::default();
        for worker in workers {
            all.took.extend(worker.took);
            for (what, count) in worker.failed {
                *all.failed.entry(what).or_default() += count;
            }
        }
        Ok(all)
    }

    /// Asks once for each of the first users.
    pub async fn ask_for(&self, gateway: &str, users: usize, route: &str) -> anyhow::Result<()> {
        let asked = stream::iter(self.tokens.iter().take(users));
        let asked = asked.map(|token| self.ask(gateway, route, token));
        let mut asked = asked.buffer_unordered(CONNECTIONS);
        while let Some(answer) = asked.next().await {
            let (status, answer) = answer?;
            anyhow::ensure!(status == 200, "{route}: {status} {answer}");
        }
        Ok(())
    }

    async fn ask(&self, gateway: &str, route: &str, token: &str) -> anyhow::Result<(u16, String)> {
        let sign = if route.contains('?') { '&' } else { '?' };
        let url = format!("{gateway}/{route}{sign}token={token}");
        let answer = self.client.get(url).send().await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    }
}
