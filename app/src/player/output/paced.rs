//! An output without a card: the mixer pulled in real time.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use rodio::mixer::mixer;

use super::{
    super::Pull, Opened, Ready, STEREO, USUAL_RATE, recording::Recording, supervisor::Reporter,
};

/// The thread that pulls; it ends when this is dropped.
struct Puller {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

// 5 ms: what a ring waits for at most.
const BLOCK_FRAMES: u32 = USUAL_RATE.get() / 200;
const SAMPLES: usize = (BLOCK_FRAMES * STEREO.get() as u32) as usize;
const BLOCK: Duration = Duration::from_millis(5);

// A machine that slept does not play in one go what it has missed.
const LATE_AT_MOST: Duration = Duration::from_secs(1);

/// Opens a recording, or `null`.
pub(super) fn open(path: Option<&Path>, reporter: &Reporter) -> Result<Opened, String> {
    let recording = path.map(|path| Recording::create(path, USUAL_RATE, STEREO)).transpose()?;
    let where_to = path.map_or("to nobody".into(), |path| format!("into {}", path.display()));
    let detail = format!("{USUAL_RATE} Hz, {STEREO} channels, {where_to}");
    let (mixer, source) = mixer(STEREO, USUAL_RATE);
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let reporter = reporter.clone();
    let thread = thread::Builder::new()
        .name("paced".into())
        .spawn(move || {
            if let Err(reason) = pull(Pull(source), recording, &stopped) {
                reporter.lost(reason);
            }
        })
        .map_err(|error| format!("no thread for it: {error}"))?;
    let ready = Ready { mixer, rate: USUAL_RATE, detail, patient: false };
    Ok(Opened { ready, _keep: Box::new(Puller { stop, thread: Some(thread) }) })
}

fn pull(
    mut source: Pull,
    mut recording: Option<Recording>,
    stop: &AtomicBool,
) -> Result<(), String> {
    let mut due = Instant::now();
    let mut block = [0.0; SAMPLES];
    while !stop.load(Ordering::Relaxed) {
        let playing = source.pull(&mut block);
        if let Some(recording) = &mut recording {
            recording.write(&block, playing)?;
        }
        // By the clock, not by the nap: naps overshoot, and that would add up.
        due += BLOCK;
        let now = Instant::now();
        match due.checked_duration_since(now) {
            Some(nap) => thread::sleep(nap),
            None if now - due > LATE_AT_MOST => due = now,
            None => {}
        }
    }
    recording.map_or(Ok(()), Recording::finish)
}

impl Drop for Puller {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread of the output panicked");
        }
    }
}
