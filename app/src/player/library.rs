//! The sounds of the cues in force: in memory, too long for it, or wrong.
//!
//! The ring path looks up and never waits: one thread, the loader, writes a new map and swaps it
//! in.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    num::NonZeroU32,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;

use super::{
    clip::Clip,
    config::AudioStatus,
    entry::{ClipState, Clips, Entry, Stamp},
    inspect::{Inspector, SoundInfo},
    output::{Gauge, OutputState},
    rehearsal::Rehearsal,
};
use crate::{
    engine::{Cue, Fault, FaultKind, SoundName},
    sounds::{SoundFileError, SoundFolder},
};

/// The sounds, for whoever asks. Cheap to clone; any thread.
#[derive(Clone)]
pub struct Library {
    shared: Arc<Shared>,
    // The loader ends with the last of these.
    _open: Arc<Open>,
}

/// What the library and its loader share.
pub(super) struct Shared {
    pub(super) folder: SoundFolder,
    pub(super) memory_bytes: u64,
    pub(super) clips: ArcSwap<Clips>,
    /// Counts the uses of sounds: the least recent one makes room.
    uses: AtomicU64,
    pub(super) closed: AtomicBool,
    orders: Mutex<Orders>,
    changed: Condvar,
    pub(super) rehearsal: Rehearsal,
    inspector: Inspector,
    output: OnceLock<(String, Gauge)>,
}

/// What is asked of the loader. Asking twice before it looks is asking once, so nothing piles up.
#[derive(Clone)]
pub(super) struct Orders {
    pub(super) clips: BTreeSet<Clip>,
    pub(super) rate: NonZeroU32,
    pub(super) asked: u64,
    done: u64,
}

struct Open(Arc<Shared>);

// So often it looks for files that were copied into the folder, or deleted, by hand.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

impl Library {
    /// Starts the loader.
    pub(super) fn open(
        folder: SoundFolder,
        rehearsal: Rehearsal,
        memory_bytes: u64,
        rate: NonZeroU32,
    ) -> Self {
        let orders = Orders { clips: BTreeSet::new(), rate, asked: 0, done: 0 };
        let shared = Arc::new(Shared {
            folder,
            memory_bytes,
            clips: ArcSwap::default(),
            uses: AtomicU64::new(0),
            closed: AtomicBool::new(false),
            orders: Mutex::new(orders),
            changed: Condvar::new(),
            rehearsal,
            inspector: Inspector::default(),
            output: OnceLock::new(),
        });
        let for_loader = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("loader".into())
            .spawn(move || super::loader::run(&for_loader))
            .expect("a program that starts has a thread to spare");
        Self { _open: Arc::new(Open(Arc::clone(&shared))), shared }
    }

    /// Takes these as the cues in force: their sounds are read in the background, all others are
    /// forgotten. What is known and unchanged is not read again.
    pub fn prepare(&self, cues: Vec<Cue>) {
        self.shared.order(|orders| orders.clips = cues.into_iter().map(Clip::from).collect());
    }

    /// Says that a file was replaced or deleted.
    pub fn refresh(&self, _sound: &SoundName) {
        // Looking at all of them costs a few opened files; a forgotten one would ring wrong.
        self.shared.order(|_| ());
    }

    /// Waits until all that was asked for so far is done.
    pub fn settle(&self) {
        let mut orders = self.shared.orders();
        let ticket = orders.asked;
        while orders.done < ticket {
            orders = wait(&self.shared.changed, orders);
        }
    }

    /// What a sound holds: decodes it whole, or remembers that it did. Takes its time.
    ///
    /// # Errors
    /// The file is missing, or cannot be decoded.
    pub fn inspect(&self, sound: &SoundName) -> Result<SoundInfo, Fault> {
        let fault =
            |error: SoundFileError| Fault { kind: FaultKind::Sound, reason: error.to_string() };
        self.inspect_file(self.shared.folder.open(sound).map_err(fault)?, sound)
    }

    /// What a file holds that is not in the sound folder yet, under the name it is to have.
    ///
    /// # Errors
    /// It cannot be decoded.
    pub fn inspect_file(&self, file: File, sound: &SoundName) -> Result<SoundInfo, Fault> {
        self.shared.inspector.inspect(file, sound, &self.shared.rehearsal)
    }

    /// The sounds of the cues in force that would not ring, each with the reason.
    pub fn faults(&self) -> BTreeMap<SoundName, String> {
        let clips = self.shared.clips.load();
        let faults = clips.iter().filter_map(|(clip, entry)| match &entry.state {
            ClipState::Fault(reason) => Some((clip.sound.clone(), reason.clone())),
            _ => None,
        });
        faults.collect()
    }

    /// How the output stands, and how much is in memory.
    pub fn status(&self) -> AudioStatus {
        let clips = self.shared.clips.load();
        let memory_bytes = clips.values().map(|entry| entry.state.bytes()).sum();
        let (device, gauge) = self.shared.output.get().cloned().unwrap_or_default();
        let (ready, detail) = match &**gauge.state.load() {
            OutputState::Ready(ready) => (true, ready.detail.clone()),
            OutputState::Down(reason) => (false, reason.clone()),
        };
        let underruns = gauge.underruns.load(Ordering::Relaxed);
        AudioStatus { device, ready, detail, memory_bytes, underruns }
    }

    /// Shows this output in the status; the first one only.
    pub(super) fn watch(&self, device: String, gauge: Gauge) {
        let _first = self.shared.output.set((device, gauge));
    }

    /// Opens a sound to stream it at once: untried, if it must be, but never one that is known to
    /// do harm.
    pub(super) fn open_sound(&self, sound: &SoundName) -> Result<File, String> {
        let file = self.shared.folder.open(sound).map_err(|error| error.to_string())?;
        let metadata = file.metadata().map_err(|error| format!("{sound} {error}"))?;
        match self.shared.rehearsal.known(Stamp::of(&metadata)) {
            Some(Err(reason)) => Err(format!("{sound} {reason}")),
            _ => Ok(file),
        }
    }

    /// What is known of a clip, now.
    pub(super) fn find(&self, clip: &Clip) -> Option<Arc<Entry>> {
        let entry = self.shared.clips.load().get(clip).map(Arc::clone)?;
        entry.used.store(self.shared.use_number(), Ordering::Relaxed);
        Some(entry)
    }

    /// Says that a clip was rung and was not in memory.
    pub(super) fn missed(&self, entry: Option<&Entry>) {
        if let Some(entry) = entry {
            entry.missed.store(true, Ordering::Relaxed);
        }
        self.shared.order(|_| ());
    }

    /// The output's rate, once it is known.
    pub(super) fn set_rate(&self, rate: NonZeroU32) {
        self.shared.order(|orders| orders.rate = rate);
    }
}

impl Shared {
    /// The next orders, or the last ones again after a while; `None` when nobody asks any more.
    pub(super) fn next_orders(&self, seen: u64) -> Option<Orders> {
        let mut orders = self.orders();
        if orders.asked == seen {
            let idle =
                |orders: &mut Orders| orders.asked == seen && !self.closed.load(Ordering::Relaxed);
            let waited = self.changed.wait_timeout_while(orders, LOOK_AGAIN, idle);
            orders = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        (!self.closed.load(Ordering::Relaxed)).then(|| orders.clone())
    }

    /// Whether the orders that are being carried out are still the last ones.
    pub(super) fn is_current(&self, asked: u64) -> bool {
        self.orders().asked == asked && !self.closed.load(Ordering::Relaxed)
    }

    pub(super) fn done(&self, asked: u64) {
        self.orders().done = asked;
        self.changed.notify_all();
    }

    pub(super) fn use_number(&self) -> u64 {
        self.uses.fetch_add(1, Ordering::Relaxed)
    }

    fn order(&self, change: impl FnOnce(&mut Orders)) {
        let mut orders = self.orders();
        change(&mut orders);
        orders.asked += 1;
        self.changed.notify_all();
    }

    fn orders(&self) -> MutexGuard<'_, Orders> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.closed.store(true, Ordering::Relaxed);
        // Under the lock, so that a loader about to wait does not miss it.
        let _orders = self.0.orders();
        self.0.changed.notify_all();
    }
}

fn wait<'a>(changed: &Condvar, orders: MutexGuard<'a, Orders>) -> MutexGuard<'a, Orders> {
    changed.wait(orders).unwrap_or_else(PoisonError::into_inner)
}
