//! What the client costs: CPU for a login and a call, memory for a session (Linux).
//!
//! Start a simulator, then `… --example cost -- http://127.0.0.1:PORT/pronote/eleve.html`: the
//! server is another process, so that the figures are the client's alone.

use std::{error::Error, fs};

use pronote_client::{Client, Credentials, LoginOptions, Transport, http::Manners};

const LOGINS: u32 = 1000;
const CALLS: u32 = 10_000;

#[allow(clippy::print_stdout)] // an example speaks to whoever runs it
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).ok_or("expected the address of a simulator")?.parse()?;
    let manners = Manners { requests_per_second_per_host: 0, failed_logins_per_hour: 3 };
    let transport = Transport::builder().manners(manners).build()?;
    let credentials = Credentials::Password {
        username: "demonstration".to_owned(),
        password: "pronotevs".into(),
    };
    let log_in = async || {
        Client::log_in(&transport, &address, &credentials, LoginOptions::default()).await?.done()
    };
    let client = log_in().await?;
    let day = client.school().next_day.ok_or("the school has no next day")?;
    client.timetable(day, day).await?;

    let start = Cpu::now()?;
    for _ in 0..CALLS {
        client.timetable(day, day).await?;
    }
    println!("a week's timetable: {}", Cpu::now()?.since(start, CALLS));

    let (start, before) = (Cpu::now()?, resident_kb()?);
    let mut sessions = Vec::new();
    for _ in 0..LOGINS {
        sessions.push(log_in().await?);
    }
    println!("a login: {}", Cpu::now()?.since(start, LOGINS));
    println!("a session: {:.1} KB", (resident_kb()? - before) / f64::from(LOGINS));
    Ok(())
}

/// User and system time, in milliseconds; the kernel counts in hundredths of a second.
#[derive(Clone, Copy)]
struct Cpu {
    user: f64,
    system: f64,
}

impl Cpu {
    fn now() -> Result<Self, Box<dyn Error>> {
        let stat = fs::read_to_string("/proc/self/stat")?;
        let after_name = stat.rsplit_once(')').ok_or("an unknown /proc/self/stat")?.1;
        let mut ticks = after_name.split_ascii_whitespace().skip(11).map(str::parse::<f64>);
        let mut next_ms = || Ok(ticks.next().ok_or("a short /proc/self/stat")?? * 10.0);
        next_ms().and_then(|user| Ok(Self { user, system: next_ms()? }))
    }

    fn since(self, start: Self, times: u32) -> String {
        let [user, system] = [self.user - start.user, self.system - start.system]
            .map(|spent| spent / f64::from(times));
        format!("{:.3} ms of CPU ({user:.3} user, {system:.3} system)", user + system)
    }
}

fn resident_kb() -> Result<f64, Box<dyn Error>> {
    let statm = fs::read_to_string("/proc/self/statm")?;
    let pages = statm.split_ascii_whitespace().nth(1).ok_or("an unknown /proc/self/statm")?;
    Ok(pages.parse::<f64>()? * 4.0)
}
