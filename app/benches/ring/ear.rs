//! What is heard through a sound card that keeps real time, and when.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::Receiver,
    },
    thread,
    time::Duration,
};

use anyhow::bail;
use beffroi::player::Pull;
use beffroi_boards::clock;

use super::{card::Heard, ffplay};

/// Any bell is heard sooner, on any sink.
const PATIENCE: Duration = Duration::from_secs(20);
const NAP: Duration = Duration::from_micros(50);

#[derive(Default)]
pub struct Ear {
    armed: AtomicBool,
    heard_nanos: AtomicU64,
    silent: AtomicBool,
}

impl Ear {
    /// From now on the first loud sample counts; says when that is.
    pub fn arm(&self) -> Duration {
        self.heard_nanos.store(0, Ordering::SeqCst);
        self.armed.store(true, Ordering::SeqCst);
        clock::now().since_epoch()
    }

    /// When it came.
    pub fn wait(&self) -> anyhow::Result<Duration> {
        self.until(|| {
            let nanos = self.heard_nanos.load(Ordering::SeqCst);
            (nanos != 0).then_some(Duration::from_nanos(nanos))
        })
    }

    /// Returns when nothing is audible.
    pub fn wait_for_silence(&self) -> anyhow::Result<()> {
        self.until(|| self.silent.load(Ordering::SeqCst).then_some(()))
    }

    /// Who was heard is gone, and cannot say that it is silent.
    pub fn forget(&self) {
        self.silent.store(true, Ordering::SeqCst);
    }

    fn until<T>(&self, look: impl Fn() -> Option<T>) -> anyhow::Result<T> {
        let since = clock::now();
        loop {
            if let Some(found) = look() {
                return Ok(found);
            }
            if clock::now().since(since) > PATIENCE {
                bail!("the sink was not heard as it should be");
            }
            thread::sleep(NAP);
        }
    }

    fn hears(&self, at: Duration) {
        self.silent.store(false, Ordering::SeqCst);
        if self.armed.swap(false, Ordering::SeqCst) {
            let nanos = u64::try_from(at.as_nanos()).unwrap_or(u64::MAX);
            self.heard_nanos.store(nanos, Ordering::SeqCst);
        }
    }
}

/// Takes a block each millisecond from the mixer, as a card without a buffer would.
pub fn pull_by_the_clock(mut pull: Pull, ear: &Ear) {
    let mut block = [0.0; 96];
    let mut next = clock::now().since_epoch();
    let mut quiet = 0;
    loop {
        next += Duration::from_millis(1);
        thread::sleep(next.saturating_sub(clock::now().since_epoch()));
        let playing = pull.pull(&mut block);
        if block.iter().any(|sample| sample.abs() > audible()) {
            ear.hears(clock::now().since_epoch());
        }
        quiet = if playing { 0 } else { quiet + 1 };
        ear.silent.fetch_or(quiet > 20, Ordering::SeqCst);
    }
}

fn audible() -> f32 {
    f32::from(ffplay::AUDIBLE) / 32_768.0
}

/// Takes one frame after the other from the mixer itself.
pub fn pull(mut pull: Pull, ear: &Ear) {
    let audible = audible();
    let mut frame = [0.0; 2];
    let mut quiet = 0;
    loop {
        let playing = pull.pull(&mut frame);
        if frame.iter().any(|sample| sample.abs() > audible) {
            ear.hears(clock::now().since_epoch());
        }
        quiet = if playing { 0 } else { quiet + 1 };
        if quiet > 100 {
            ear.silent.store(true, Ordering::SeqCst);
            // Nothing plays: leave the processor to those who are about to ring.
            thread::yield_now();
        }
    }
}

/// Believes what the card says.
pub fn believe(words: Receiver<Heard>) -> Arc<Ear> {
    let ear = Arc::new(Ear { silent: true.into(), ..Ear::default() });
    let listener = Arc::clone(&ear);
    thread::spawn(move || {
        for word in words {
            match word {
                Heard::Loud(at) => listener.hears(at),
                Heard::Quiet => listener.silent.store(true, Ordering::SeqCst),
            }
        }
    });
    ear
}
