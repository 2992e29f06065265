//! The sound output: opened, watched, and opened again when it goes away.
//!
//! One thread, `audio`, owns it. The mixer is the seam: a card, a recording and a test pull the
//! same one.

mod card;
mod paced;
mod recording;
mod supervisor;

use std::{
    any::Any,
    num::{NonZeroU16, NonZeroU32},
    sync::{Arc, atomic::AtomicU64, mpsc::SyncSender},
};

use arc_swap::ArcSwap;
use rodio::mixer::Mixer;

use super::config::Device;
use supervisor::{BACKOFF, Command, Reporter};

/// How the output stands, for the ring path.
pub(super) enum OutputState {
    /// What is added to its mixer is heard.
    Ready(Ready),
    /// Why nothing would be heard.
    Down(String),
}

/// An output that takes samples.
#[derive(Clone)]
pub(super) struct Ready {
    pub(super) mixer: Mixer,
    pub(super) rate: NonZeroU32,
    /// In words, for a person.
    pub(super) detail: String,
    /// Nobody listens: a voice may wait for its samples.
    pub(super) patient: bool,
}

/// The output, as the player holds it. Dropped, it is closed.
pub(super) struct Output {
    pub(super) gauge: Gauge,
    commands: Option<SyncSender<Command>>,
}

/// What is to be seen of the output, from any thread.
#[derive(Clone)]
pub(super) struct Gauge {
    pub(super) state: Arc<ArcSwap<OutputState>>,
    /// How often a card ran out of samples.
    pub(super) underruns: Arc<AtomicU64>,
}

/// An output that was opened. Dropped, it is closed.
struct Opened {
    ready: Ready,
    _keep: Box<dyn Any + Send>,
}

/// What files and `null` are played at, and what sounds are prepared for before a card has
/// answered.
pub(super) const USUAL_RATE: NonZeroU32 = NonZeroU32::new(48_000).expect("not 0");
const STEREO: NonZeroU16 = NonZeroU16::new(2).expect("not 0");

impl Output {
    /// Opens an output in the background, and keeps it open. `changed` is called after each change.
    pub(super) fn supervise(
        device: Device,
        buffer_frames: NonZeroU32,
        changed: impl Fn(&OutputState) + Send + 'static,
    ) -> Self {
        supervisor::supervise(
            move |reporter| open(&device, buffer_frames, reporter),
            BACKOFF,
            changed,
        )
    }

    /// An output that its caller pulls.
    pub(super) fn offline(mixer: Mixer, rate: NonZeroU32) -> Self {
        let detail = format!("{rate} Hz, offline");
        let ready = Ready { mixer, rate, detail, patient: true };
        let state = Arc::new(ArcSwap::from_pointee(OutputState::Ready(ready)));
        Self { gauge: Gauge { state, underruns: Arc::default() }, commands: None }
    }

    /// Closes the output, and opens it again.
    pub(super) fn reopen(&self) {
        if let Some(commands) = &self.commands {
            // Full: there are words enough in it that make it reopen.
            let _full = commands.try_send(Command::Reopen);
        }
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if let Some(commands) = &self.commands {
            // It fails where the thread is gone already.
            let _gone = commands.send(Command::Close);
        }
    }
}

impl Default for Gauge {
    fn default() -> Self {
        let opening = OutputState::Down("is being opened".into());
        Self { state: Arc::new(ArcSwap::from_pointee(opening)), underruns: Arc::default() }
    }
}

fn open(device: &Device, buffer_frames: NonZeroU32, reporter: &Reporter) -> Result<Opened, String> {
    match device {
        Device::Default => card::open(None, buffer_frames, reporter),
        Device::Alsa(name) => card::open(Some(name), buffer_frames, reporter),
        Device::File(path) => paced::open(Some(path), reporter),
        Device::Null => paced::open(None, reporter),
    }
}
