//! Those who ask the gateway all the time, with a school of their own.
//!

use std::{
    env,
    io::{BufRead as _, BufReader, Read as _},
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::Context as _;
use jiff::civil::date;
use pronote_client::simulator::{Simulator, SimulatorOptions};

use super::crowd::{Crowd, MIX};

/// Names the gateway to the process that asks it.
const GATEWAY: &str = "BEFFROI_BENCH_GATEWAY";
const SESSIONS: usize = 200;
const WHILE: Duration = Duration::from_secs(3);

/// The callers' process; it ends when this is dropped.
pub struct Callers {
    child: Child,
    said: BufReader<std::process::ChildStdout>,
}

impl Callers {
    /// Returns once they have begun.
    pub fn start(gateway: &str) -> anyhow::Result<Self> {
        let mut child = Command::new(env::current_exe()?)
            .env(GATEWAY, gateway)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut said = BufReader::new(child.stdout.take().context("its output")?);
        let mut line = String::new();
        said.read_line(&mut line)?;
        anyhow::ensure!(line.trim() == "asking", "the callers say {line:?}");
        Ok(Self { child, said })
    }

    /// Ends them: how it went, in words.
    pub fn stop(mut self) -> anyhow::Result<String> {
        drop(self.child.stdin.take());
        let mut words = String::new();
        self.said.read_to_string(&mut words)?;
        anyhow::ensure!(self.child.wait()?.success(), "the callers failed");
        Ok(words)
    }
}

impl Drop for Callers {
    fn drop(&mut self) {
        // Already ended is fine.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// In the callers' process: asks until nobody listens any more. `false`: this is another one.
pub fn call_where_asked_to() -> anyhow::Result<bool> {
    let Ok(gateway) = env::var(GATEWAY) else { return Ok(false) };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(call(&gateway))?;
    Ok(true)
}

async fn call(gateway: &str) -> anyhow::Result<()> {
    let school = Simulator::start(SimulatorOptions {
        now: Some(date(2026, 12, 10).at(10, 0, 0, 0)),
        idle: Duration::from_secs(24 * 3600),
        sessions: 4 * SESSIONS,
        ..SimulatorOptions::default()
    })?;
    let crowd = Crowd::log_in(gateway, &school, SESSIONS).await?;
    crowd.ask_for(gateway, SESSIONS, "user").await?;
    println!("asking");
    let ended = tokio::task::spawn_blocking(|| std::io::stdin().read(&mut [0]));
    let (mut answers, mut seconds) = (0, 0);
    while !ended.is_finished() {
        let reads = crowd.read(gateway, &MIX, WHILE).await?;
        anyhow::ensure!(reads.failed.is_empty(), "what went wrong: {:?}", reads.failed);
        answers += reads.took.len();
        seconds += WHILE.as_secs();
    }
    println!("{} answers a second", answers as u64 / seconds.max(1));
    Ok(())
}
