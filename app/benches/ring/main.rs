//! From a contact to the first sample, beside what pySonnerie starts for a ring.
//!
//! And from a bell's moment in the tables, while the gateway has all that it can do.
//! First with a sink that takes samples as fast as it can: what is measured is ours, not a sound
//! card's buffer. Then with a card made of a clock, on which a frame is heard when a card would
//! play it. `make bench` runs all; `cargo bench -p beffroi --bench ring -- tables` runs one of
//! `mixer`, `tables` and `card`.

#![expect(clippy::print_stdout, reason = "the figures")]

mod callers;
mod card;
#[path = "../shared/crowd.rs"]
mod crowd;
mod ear;
mod ffplay;
mod scene;
mod tables;

use std::{
    env, io::Write as _, num::NonZero, path::Path, process::ExitCode, sync::Arc,
    sync::mpsc::Receiver, thread, time::Duration,
};

use anyhow::{Context as _, bail};
use beffroi::{
    player::{self, AudioConfig},
    run::network_runtime,
};

use card::Heard;
use ear::Ear;
use scene::{Home, Scene};

const CONTACT_RINGS: u32 = 1_000;
const CARD_RINGS: u32 = 500;
const API_RINGS: u32 = 300;
const FFPLAY_RINGS: u32 = 15;
const TABLE_RINGS: u32 = 200;

/// A part of the bench, which prints its figures.
type Measure = fn() -> anyhow::Result<()>;

/// Longer than two blocks of the card.
const SPREAD: Duration = Duration::from_millis(20);

fn main() -> anyhow::Result<ExitCode> {
    let provider = tokio_rustls::rustls::crypto::ring::default_provider();
    provider.install_default().ok().context("a TLS provider is installed already")?;
    if callers::call_where_asked_to()? {
        return Ok(ExitCode::SUCCESS);
    }
    match card::listen()? {
        Some(words) => on_a_card(words)?,
        None => {
            let parts: [(&str, Measure); 3] =
                [("mixer", on_no_card), ("tables", by_the_tables), ("card", card::run_on_it)];
            let asked: Vec<String> = env::args().skip(1).collect();
            let all = !parts.iter().any(|(part, _)| asked.iter().any(|asked| asked == part));
            for (part, measure) in parts {
                if all || asked.iter().any(|asked| asked == part) {
                    measure()?;
                }
            }
        }
    }
    std::io::stdout().flush()?;
    // The sinks' threads have no other end.
    std::process::exit(0)
}

fn on_no_card() -> anyhow::Result<()> {
    let (home, ear) = (Home::create(&serde_json::json!({}))?, Arc::new(Ear::default()));
    let (sounds, bell, listener) = (home.sounds(), home.bell(), Arc::clone(&ear));
    let (channels, rate) = (NonZero::new(2).context("2")?, NonZero::new(48_000).context("Hz")?);
    let scene = Scene::open(home, ear, move |wake| {
        let (player, library, pull) =
            player::offline(channels, rate, AudioConfig::default(), sounds, wake);
        thread::spawn(move || ear::pull(pull, &listener));
        (player, library)
    })?;
    let seconds = scene.bell.handle.library().inspect(&"bell.mp3".parse()?)?.duration.as_secs();
    println!("bell.mp3, {seconds} s, in memory; milliseconds: p50, p99, max");
    let mut contact = scene.contact_rings(CONTACT_RINGS, Duration::ZERO)?;
    let ours = report("contact to first sample, debounce taken off", &mut contact);
    let runtime = network_runtime()?;
    let mut api = runtime.block_on(scene.api_rings(API_RINGS))?;
    report("POST /api/play over HTTPS to first sample", &mut api);
    check_that_ffplay_is_measured()?;
    let theirs = ffplay_rings(|| Ok(ffplay::first_audible_sample(&bell)?))?;
    println!("ffplay / contact, p50: {:.0}", theirs.as_secs_f64() / ours.as_secs_f64());
    Ok(())
}

fn by_the_tables() -> anyhow::Result<()> {
    let [mut bells, mut holidays] = tables::searches()?;
    report("the next bell of a college's year, looked for in its weeks", &mut bells);
    report("and in its holidays", &mut holidays);
    for (what, calls) in [("at rest", false), ("beside a gateway under load", true)] {
        let mut late = tables::rings(TABLE_RINGS, calls)?;
        report(&format!("a bell's moment to its first sample, {what}"), &mut late);
    }
    Ok(())
}

fn on_a_card(words: Receiver<Heard>) -> anyhow::Result<()> {
    let (home, ear) = (Home::create(&serde_json::json!({}))?, ear::believe(words));
    let (sounds, bell) = (home.sounds(), home.bell());
    let audio = AudioConfig::default();
    println!("on a paced card of 48 kHz, {} frames a block", audio.buffer_frames);
    let scene = Scene::open(home, Arc::clone(&ear), move |wake| player::open(audio, sounds, wake))?;
    let mut contact = scene.contact_rings(CARD_RINGS, SPREAD)?;
    let ours = report("contact to first sample heard, debounce taken off", &mut contact);
    println!("underruns: {}", scene.bell.handle.library().status().underruns);
    let theirs = ffplay_rings(|| ffplay_on_the_card(&bell, &ear))?;
    println!("ffplay / contact, p50: {:.1}", theirs.as_secs_f64() / ours.as_secs_f64());
    Ok(())
}

fn ffplay_rings(ring: impl Fn() -> anyhow::Result<Duration>) -> anyhow::Result<Duration> {
    let mut theirs = (0..FFPLAY_RINGS).map(|_| ring()).collect::<anyhow::Result<Vec<_>>>()?;
    Ok(report("ffplay, spawned, to first sample", &mut theirs))
}

/// The time from spawning `ffplay` to its first audible frame on the card.
fn ffplay_on_the_card(file: &Path, ear: &Ear) -> anyhow::Result<Duration> {
    let spawned = ear.arm();
    let mut player = ffplay::on_the_default_card(file)?;
    let heard = ear.wait();
    player.kill()?;
    player.wait()?;
    ear.forget();
    Ok(heard?.saturating_sub(spawned))
}

fn check_that_ffplay_is_measured() -> anyhow::Result<()> {
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
    Ok(())
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
