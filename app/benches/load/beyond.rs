//! What the gateway takes beyond the PRONOTE call: one question at a time.
//!
//! The three ways take turns, so that what else this machine does meets them alike.

use std::{net::Ipv4Addr, time::Instant};

use anyhow::Context as _;
use beffroi::{
    gateway::{Base, Gateway, LogIn, Question},
    store::conf::{self, GatewayLimits, HostPattern},
};
use pronote_client::{
    Client, Credentials, LoginOptions, Transport,
    http::Manners,
    simulator::{ACCOUNTS, Simulator},
};

use crate::{NOW, TIMETABLE, crowd::Crowd, figures, program::Program};

const ROUNDS: usize = 4_000;
const WARM_UP: usize = 200;

/// The PRONOTE call alone.
pub struct Direct {
    /// Of a timetable, the simulated school's part left out.
    pub cpu_ms: f64,
}

/// Asks for a timetable in three ways, and prints what each takes.
pub async fn measure(school: &Simulator) -> anyhow::Result<Direct> {
    let account = ACCOUNTS.first().context("an account")?;
    let (day, page) = (NOW.date(), school.page("eleve"));

    let manners = Manners { requests_per_second_per_host: 0, failed_logins_per_hour: 0 };
    let transport = Transport::builder().manners(manners).build()?;
    let credentials = Credentials::Password {
        username: account.username.to_owned(),
        password: account.password.into(),
    };
    let options = LoginOptions::default();
    let client = Client::log_in(&transport, &page.parse()?, &credentials, options).await?.done()?;

    let folder = tempfile::tempdir()?;
    let gateway = Gateway::open(&settings(), folder.path()).await?;
    let login = LogIn::Password {
        url: page,
        username: account.username.to_owned(),
        password: account.password.into(),
        portal: None,
    };
    let token = gateway.log_in(login, Ipv4Addr::LOCALHOST.into()).await?.to_text();
    let base = Base::new(false, "127.0.0.1");

    let program = Program::start(Program::folder(3600)?).await?;
    let crowd = Crowd::log_in(&program.url, school, 1).await?;

    let (mut alone, mut within, mut over) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS + WARM_UP {
        let begun = Instant::now();
        client.timetable(day, day).await?;
        let first = begun.elapsed();
        gateway.ask(&token, Question::Timetable(day), &base).await?;
        let second = begun.elapsed();
        crowd.ask_for(&program.url, 1, TIMETABLE[0]).await?;
        let third = begun.elapsed();
        if round >= WARM_UP {
            alone.push(first);
            within.push(second - first);
            over.push(third - second);
        }
    }
    let before = figures::own_cpu_ms()?;
    for _ in 0..ROUNDS {
        client.timetable(day, day).await?;
    }
    let cpu_ms = (figures::own_cpu_ms()? - before) / figures::float(ROUNDS);

    let (p50, p99) = figures::percentiles(&mut alone);
    println!("one timetable at a time, {ROUNDS} of each kind");
    println!("  the client alone   p50 {p50:.3} ms, p99 {p99:.3} ms; {cpu_ms:.3} ms of CPU");
    for (what, took) in [("the gateway", &mut within), ("the gateway, HTTP", &mut over)] {
        let (own_p50, own_p99) = figures::percentiles(took);
        println!(
            "  {what:18} p50 {own_p50:.3} ms, p99 {own_p99:.3} ms: beyond the call {:+.3} and {:+.3} ms, {:.2} times",
            own_p50 - p50,
            own_p99 - p99,
            own_p50 / p50,
        );
    }
    Ok(Direct { cpu_ms })
}

fn settings() -> conf::Gateway {
    conf::Gateway {
        allowed_hosts: HostPattern::parse("127.0.0.1").into_iter().collect(),
        allow_private_hosts: true,
        limits: GatewayLimits {
            failed_logins_per_hour: 0,
            requests_per_minute_per_address: 0,
            calls_per_second_per_school: 0,
            ..GatewayLimits::default()
        },
        ..conf::Gateway::default()
    }
}
