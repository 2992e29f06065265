//! The gateway with ten thousand sessions: what a request and a session cost.
//!
//! Callers and the simulated school are this process. The gateway is the real program, a process of
//! its own, so that its time and memory are read off apart from theirs. `make load` runs it;
//! `BEFFROI_LOAD_SESSIONS` makes it smaller.

#![expect(clippy::print_stdout, reason = "the figures")]

mod beyond;
#[path = "../shared/crowd.rs"]
mod crowd;
mod figures;
mod program;

use std::time::{Duration, Instant};

use anyhow::Context as _;
use jiff::civil::{DateTime, date};
use pronote_client::simulator::{Simulator, SimulatorOptions};

use crowd::{Crowd, MIX};
use figures::spread;
use program::Program;

/// A school day in the middle of the year.
const NOW: DateTime = date(2026, 12, 10).at(10, 0, 0, 0);

const TIMETABLE: [&str; 1] = ["timetable?dateString=2026-12-10"];

const SESSIONS: usize = 10_000;
const READS: Duration = Duration::from_secs(10);

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    let provider = tokio_rustls::rustls::crypto::ring::default_provider();
    provider.install_default().ok().context("a TLS provider is installed already")?;
    let sessions = std::env::var("BEFFROI_LOAD_SESSIONS").ok().map(|text| text.parse());
    let sessions = sessions.transpose()?.unwrap_or(SESSIONS);
    let school = Simulator::start(SimulatorOptions {
        now: Some(NOW),
        idle: Duration::from_secs(24 * 3600),
        sessions: 4 * SESSIONS,
        ..SimulatorOptions::default()
    })?;
    let direct = beyond::measure(&school).await?;

    let program = Program::start(Program::folder(3600)?).await?;
    let (idle, before, begun) = (program.resident_mb()?, program.cpu_ms()?, Instant::now());
    let crowd = Crowd::log_in(&program.url, &school, sessions).await?;
    let count = figures::float(sessions);
    let (full, cpu) = (program.resident_mb()?, program.cpu_ms()? - before);
    println!(
        "{sessions} logins in {:.1} s: {:.2} ms of CPU each; {full:.0} MB resident, {idle:.0} MB before, {:.1} KB a session",
        begun.elapsed().as_secs_f64(),
        cpu / count,
        (full - idle) * 1024.0 / count,
    );
    for (what, routes) in [("mixed reads", &MIX[..]), ("timetables", &TIMETABLE[..])] {
        let (before, calls) = (program.cpu_ms()?, school.control().answered());
        let mut reads = crowd.read(&program.url, routes, READS).await?;
        let requests = figures::float(reads.took.len());
        let cpu = (program.cpu_ms()? - before) / requests;
        let calls = school.control().answered() - calls;
        println!(
            "{what}, {} connections: {:.0} a second, {}; {cpu:.3} ms of CPU and {:.2} PRONOTE calls each; \
             {:.1} times the CPU of the client's own timetable; {:.0} MB resident",
            crowd::CONNECTIONS,
            requests / READS.as_secs_f64(),
            spread(&mut reads.took),
            figures::float(usize::try_from(calls)?) / requests,
            cpu / direct.cpu_ms,
            program.resident_mb()?,
        );
        anyhow::ensure!(reads.failed.is_empty(), "what went wrong: {:?}", reads.failed);
    }

    let (folder, stop) = program.stop()?;
    let size = folder.path().join("gateway.sessions").metadata()?.len() / 1024 / 1024;
    let begun = Instant::now();
    let program = Program::start(folder).await?;
    let start = begun.elapsed().as_secs_f64();
    crowd.ask_for(&program.url, sessions, "user").await?;
    println!(
        "a stop with them: {:.2} s, {size} MB on disk; the next start: {start:.2} s, {:.0} MB resident",
        stop.as_secs_f64(),
        program.resident_mb()?,
    );
    Ok(())
}
