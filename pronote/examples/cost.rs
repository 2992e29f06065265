//! What the client costs: CPU for a login and a call, memory for a session (Linux).
//!
//! Start a simulator, then `… --example cost -- http://127.0.0.1:PORT/pronote/eleve.html`: the
//! server is another process, so that the figures are the client's alone.

use std::{error::Error, fs};

use pronote_client::{Client, Credentials, LoginOptions, Transport, http::Manners};

const LOGINS: u32 = 200;
const CALLS: u32 = 2000;

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

    let start = cpu_ms()?;
    for _ in 0..CALLS {
        client.timetable(day, day).await?;
    }
    println!("a week's timetable: {:.3} ms of CPU", (cpu_ms()? - start) / f64::from(CALLS));

    let (start, before) = (cpu_ms()?, resident_kb()?);
    let mut sessions = Vec::new();
    for _ in 0..LOGINS {
        sessions.push(log_in().await?);
    }
    println!("a login: {:.3} ms of CPU", (cpu_ms()? - start) / f64::from(LOGINS));
    println!("a session: {:.1} KB", (resident_kb()? - before) / f64::from(LOGINS));
    Ok(())
}

/// User and system time of this process; the kernel counts in hundredths of a second.
fn cpu_ms() -> Result<f64, Box<dyn Error>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit_once(')').ok_or("an unknown /proc/self/stat")?.1;
    let ticks = after_name.split_ascii_whitespace().skip(11).take(2);
    Ok(ticks.map(|ticks| ticks.parse::<f64>().unwrap_or(0.0)).sum::<f64>() * 10.0)
}

fn resident_kb() -> Result<f64, Box<dyn Error>> {
    let statm = fs::read_to_string("/proc/self/statm")?;
    let pages = statm.split_ascii_whitespace().nth(1).ok_or("an unknown /proc/self/statm")?;
    Ok(pages.parse::<f64>()? * 4.0)
}
