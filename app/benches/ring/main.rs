//! From a contact to the first sample, beside what pySonnerie starts for a ring.
//!
//! The box's own threads and queues, a mock contact, real HTTPS, and a sink that takes samples as
//! fast as it can: what is measured is ours, not a sound card's buffer. `make bench` runs it.

#![expect(clippy::print_stdout, reason = "the figures")]

mod ffplay;

use std::{
    fs,
    io::Write as _,
    num::NonZero,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use beffroi::{
    bell::{self, Bell, BoardPlan, watch_board},
    engine::Cause,
    http,
    player::{self, AudioConfig, Pull},
    sounds::SoundFolder,
    store::{self, Journal, Store},
};
use beffroi_boards::{BoardKind, mock::MockHandle};
use beffroi_hal::{LineId, State};

const CONTACT_RINGS: usize = 1_000;
const API_RINGS: usize = 300;
const FFPLAY_RINGS: usize = 15;

/// Short, to have a thousand rings soon; taken off each figure.
const DEBOUNCE: Duration = Duration::from_millis(1);

fn main() -> anyhow::Result<()> {
    let provider = tokio_rustls::rustls::crypto::ring::default_provider();
    provider.install_default().ok().context("a TLS provider is installed already")?;
    let home = tempfile::tempdir()?;
    let password = store::init(home.path(), 0)?;
    let folder = SoundFolder::new(home.path().join("musiques"));
    folder.ship()?;
    configure(home.path())?;

    let mut scene = Scene::open(home.path(), folder.clone())?;
    let seconds = scene.bell.handle.library().inspect(&"bell.mp3".parse()?)?.duration.as_secs();
    println!("bell.mp3, {seconds} s, in memory; milliseconds: p50, p99, max");
    let mut contact = scene.contact_rings()?;
    let ours = report("contact to first sample, debounce taken off", &mut contact);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let mut api = runtime.block_on(scene.api_rings(&password))?;
    report("POST /api/play over HTTPS to first sample", &mut api);

    // One of them alone may fall on a busy moment of the machine.
    let mut shifts = Vec::new();
    for _ in 0..5 {
        shifts.push(ffplay::shift_by_a_second_of_silence().context("is ffplay installed?")?);
    }
    shifts.sort_unstable();
    let shift = shifts.get(2).copied().unwrap_or_default();
    if shift.abs_diff(Duration::from_secs(1)) > Duration::from_millis(300) {
        bail!("a second of silence makes ffplay {shift:?} later: it is not measured rightly");
    }
    let bell = folder.path().join("bell.mp3");
    let mut theirs = Vec::new();
    for _ in 0..FFPLAY_RINGS {
        theirs.push(ffplay::first_audible_sample(&bell)?);
    }
    let theirs = report("ffplay, spawned, to first sample", &mut theirs);
    println!("ffplay / contact, p50: {:.0}", theirs.as_secs_f64() / ours.as_secs_f64());
    std::io::stdout().flush()?;
    // The sink's thread has no other end.
    std::process::exit(0)
}

/// A trigger on GPIO23 that plays the whole of bell.mp3.
fn configure(data: &Path) -> anyhow::Result<()> {
    let path = data.join("conf.json");
    let mut conf: serde_json::Value = serde_json::from_slice(&fs::read(&path)?)?;
    let debounce_ms = u64::try_from(DEBOUNCE.as_millis())?;
    let merge = serde_json::json!({ "lines": { "GPIO23": { "debounce_ms": debounce_ms } } });
    conf.as_object_mut().context("an object")?.insert("board".into(), merge);
    Ok(fs::write(path, serde_json::to_vec(&conf)?)?)
}

/// What the sink tells: when it took the first loud sample since it was armed.
#[derive(Default)]
struct Ear {
    armed: AtomicBool,
    heard_nanos: AtomicU64,
    silent: AtomicBool,
}

struct Scene {
    bell: Bell,
    store: Store,
    journal: Journal,
    folder: SoundFolder,
    mock: MockHandle,
    ear: Arc<Ear>,
    epoch: Instant,
}

impl Scene {
    fn open(data: &Path, folder: SoundFolder) -> anyhow::Result<Self> {
        let (store, ear, epoch) = (Store::open(data)?, Arc::new(Ear::default()), Instant::now());
        let (journal, next) = Journal::open(data)?;
        let (channels, rate) = (NonZero::new(2).context("2")?, NonZero::new(48_000).context("Hz")?);
        let listener = Arc::clone(&ear);
        let sounds = folder.clone();
        let open_player = move |wake| {
            let (player, library, pull) =
                player::offline(channels, rate, AudioConfig::default(), sounds, wake);
            thread::spawn(move || listen(pull, &listener, epoch));
            (player, library)
        };
        let writer = journal.clone();
        let recorder = Box::new(move |playback: &_, outcome: &_, length| {
            writer.record(playback, outcome, length);
        });
        let bell = bell::start(open_player, recorder, next)?;
        bell.handle.configure(Arc::clone(&store.conf().bells));
        bell.handle.library().settle();
        let mock = MockHandle::default();
        let hand = mock.clone();
        let plan = BoardPlan { lines: store.conf().board.all_lines(), outputs: Vec::new() };
        let open_board = move |plan: &BoardPlan| hand.open(&plan.lines, &plan.outputs);
        // The plans' sender is not needed; the board's thread ends with the process.
        std::mem::forget(watch_board(&bell, BoardKind::Mock, open_board, plan)?);
        while bell.handle.status().borrow().boards.is_empty() {
            thread::yield_now();
        }
        Ok(Self { bell, store, journal, folder, mock, ear, epoch })
    }

    fn contact_rings(&mut self) -> anyhow::Result<Vec<Duration>> {
        let line: LineId = "GPIO23".parse()?;
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let mut latencies = Vec::with_capacity(CONTACT_RINGS);
        for _ in 0..CONTACT_RINGS {
            let pressed = self.arm();
            self.mock.set(&line, State::Active)?;
            latencies.push((self.wait() - pressed).saturating_sub(DEBOUNCE));
            self.mock.set(&line, State::Inactive)?;
            runtime.block_on(self.bell.handle.stop(Cause::Cli))?;
            self.wait_for_silence();
            // Before that, the next press would be a bounce of this one.
            let status = self.bell.handle.status();
            while status.borrow().engine.lines.values().any(|line| line.state == State::Active) {
                thread::yield_now();
            }
        }
        Ok(latencies)
    }

    async fn api_rings(&self, password: &str) -> anyhow::Result<Vec<Duration>> {
        let network = http::start(http::Services {
            bell: self.bell.handle.clone(),
            store: self.store.clone(),
            journal: self.journal.clone(),
            folder: self.folder.clone(),
            gateway: None,
        });
        let address = network.address().await.context("the network did not start")?;
        let client = reqwest::Client::builder().tls_danger_accept_invalid_certs(true).build()?;
        let ask = |route: &str| {
            let url = format!("https://127.0.0.1:{}/api/{route}", address.port());
            client.post(url).basic_auth("admin", Some(password)).send()
        };
        ask("stop").await?.error_for_status()?;
        let mut latencies = Vec::with_capacity(API_RINGS);
        for _ in 0..API_RINGS {
            let asked = self.arm();
            ask("play/GPIO23").await?.error_for_status()?;
            latencies.push(self.wait() - asked);
            ask("stop").await?.error_for_status()?;
            self.wait_for_silence();
        }
        Ok(latencies)
    }

    /// From now on the first loud sample counts; says when that is.
    fn arm(&self) -> Duration {
        self.ear.heard_nanos.store(0, Ordering::SeqCst);
        self.ear.armed.store(true, Ordering::SeqCst);
        self.epoch.elapsed()
    }

    fn wait(&self) -> Duration {
        loop {
            match self.ear.heard_nanos.load(Ordering::SeqCst) {
                0 => thread::yield_now(),
                nanos => return Duration::from_nanos(nanos),
            }
        }
    }

    fn wait_for_silence(&self) {
        self.ear.silent.store(false, Ordering::SeqCst);
        while !self.ear.silent.load(Ordering::SeqCst) {
            thread::yield_now();
        }
    }
}

/// Takes one frame after the other, and notes the first that can be heard.
fn listen(mut pull: Pull, ear: &Ear, epoch: Instant) {
    let audible = f32::from(ffplay::AUDIBLE) / 32_768.0;
    let mut frame = [0.0; 2];
    let mut quiet = 0;
    loop {
        let playing = pull.pull(&mut frame);
        if frame.iter().any(|sample| sample.abs() > audible)
            && ear.armed.swap(false, Ordering::SeqCst)
        {
            let nanos = u64::try_from(epoch.elapsed().as_nanos()).unwrap_or(u64::MAX);
            ear.heard_nanos.store(nanos, Ordering::SeqCst);
        }
        quiet = if playing { 0 } else { quiet + 1 };
        if quiet > 100 {
            ear.silent.store(true, Ordering::SeqCst);
            // Nothing plays: leave the processor to those who are about to ring.
            thread::yield_now();
        }
    }
}

/// Prints p50, p99 and the largest; p50 is the answer.
fn report(what: &str, latencies: &mut [Duration]) -> Duration {
    latencies.sort_unstable();
    let at = |percent: usize| {
        let place = (latencies.len() * percent / 100).min(latencies.len().saturating_sub(1));
        latencies.get(place).copied().unwrap_or_default()
    };
    let ms = |latency: Duration| latency.as_secs_f64() * 1000.0;
    let (p50, p99, max) = (at(50), at(99), at(100));
    println!("{what}, {} times: {:.3}, {:.3}, {:.3}", latencies.len(), ms(p50), ms(p99), ms(max));
    p50
}
