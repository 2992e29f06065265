//! From a cue to samples: sounds in memory, voices in a mixer, an output.
//!
//! Nothing on the ring path opens a file or decodes, as long as the sound is in memory.

mod clip;
mod config;
mod entry;
mod feed;
mod inspect;
mod library;
mod loader;
mod loudness;
mod output;
mod pipeline;
mod reading;
mod rehearsal;
mod resample;
mod stream;
mod voice;

use std::{
    num::{NonZeroU16, NonZeroU32},
    sync::Arc,
    time::Duration,
};

use rodio::mixer::{MixerSource, mixer};

use crate::{
    engine::{Cue, Fault, FaultKind, PlaybackId},
    sounds::SoundFolder,
};
use clip::{Clip, Pcm};
use entry::ClipState;
use feed::Feed;
use output::{Output, OutputState, Ready, USUAL_RATE};
use rehearsal::Rehearsal;
use stream::Stream;
use voice::{Control, End, Voice};

pub use config::{AudioConfig, AudioStatus, Device, InvalidDevice};
pub use inspect::SoundInfo;
pub use library::Library;
pub use loudness::Loudness;
pub use rehearsal::rehearse;

/// Called from any thread, the sound card's too: it must not wait.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// Rings. The engine's thread owns it.
pub struct Player {
    library: Library,
    output: Output,
    wake: Wake,
    playing: Vec<Playing>,
}

/// A playback that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Which.
    pub playback: PlaybackId,
    /// Why it was not heard to its end, where it was not.
    pub fault: Option<Fault>,
}

/// The other end of the mixer: who pulls it hears what a card would.
pub struct Pull(MixerSource);

struct Playing {
    playback: PlaybackId,
    control: Arc<Control>,
    // Held here too, so that it is this thread that frees an evicted sound, not the card's.
    _pcm: Option<Arc<Pcm>>,
}

/// Opens the output and starts to read sounds, both in the background. Never fails: a card that is
/// missing is a status, and is tried again. `wake` is called when a playback has ended or the
/// output has changed.
pub fn open(config: AudioConfig, folder: SoundFolder, wake: Wake) -> (Player, Library) {
    let library =
        Library::open(folder, Rehearsal::new(config.rehearsal), config.memory_bytes, USUAL_RATE);
    let (told, woken) = (library.clone(), Arc::clone(&wake));
    let name = config.device.to_string();
    let output = Output::supervise(config.device, config.buffer_frames, move |state| {
        if let OutputState::Ready(ready) = state {
            told.set_rate(ready.rate);
        }
        woken();
    });
    library.watch(name, output.gauge.clone());
    (Player { library: library.clone(), output, wake, playing: Vec::new() }, library)
}

/// A player whose caller pulls the samples, for tests and measurements: exact, and as fast as it
/// can. The configured device is not opened.
pub fn offline(
    channels: NonZeroU16,
    rate: NonZeroU32,
    config: AudioConfig,
    folder: SoundFolder,
    wake: Wake,
) -> (Player, Library, Pull) {
    let (mixer, source) = mixer(channels, rate);
    let library =
        Library::open(folder, Rehearsal::new(config.rehearsal), config.memory_bytes, rate);
    let output = Output::offline(mixer, rate);
    library.watch("offline".into(), output.gauge.clone());
    (Player { library: library.clone(), output, wake, playing: Vec::new() }, library, Pull(source))
}

impl Pull {
    /// Fills a block with the next samples, interleaved; silence where nothing plays. `true`:
    /// something played.
    pub fn pull(&mut self, block: &mut [f32]) -> bool {
        // A mixer in which nothing plays gives `None` for one sample, not for one frame: it must
        // not be taken for the end.
        let mut playing = false;
        for slot in block {
            let sample = self.0.next();
            playing |= sample.is_some();
            *slot = sample.unwrap_or_default();
        }
        playing
    }
}

impl Player {
    /// Starts a cue beside what plays, and says how long it will play.
    ///
    /// # Errors
    /// The sound is missing or unreadable, or there is no output.
    pub fn play(&mut self, playback: PlaybackId, cue: &Cue) -> Result<Duration, Fault> {
        let state = self.output.gauge.state.load();
        let ready = match &**state {
            OutputState::Ready(ready) => ready,
            OutputState::Down(reason) => return Err(no_output(reason)),
        };
        let control = Control::new(Arc::clone(&self.wake));
        let clip = Clip::from(cue.clone());
        let entry = self.library.find(&clip);
        let (voice, pcm, length) = match entry.as_ref().map(|entry| &entry.state) {
            Some(ClipState::Memory(pcm)) => {
                let feed = Feed::memory(Arc::clone(pcm));
                let (channels, rate) = (pcm.channels, pcm.rate);
                let voice = Voice::new(feed, channels, rate, cue.volume, Arc::clone(&control));
                (voice, Some(Arc::clone(pcm)), pcm.length())
            }
            // Not known, or not in memory, or wrong when it was last looked at: the file decides.
            known => {
                self.library.missed(entry.as_deref());
                let (voice, announced) = self.stream(&clip, cue.volume, ready, &control)?;
                let length = match known {
                    Some(ClipState::TooLong(length) | ClipState::Evicted(length)) => *length,
                    _ => announced,
                };
                (voice, None, length)
            }
        };
        ready.mixer.add(voice);
        self.playing.push(Playing { playback, control, _pcm: pcm });
        Ok(length)
    }

    fn stream(
        &self,
        clip: &Clip,
        volume: f32,
        ready: &Ready,
        control: &Arc<Control>,
    ) -> Result<(Voice, Duration), Fault> {
        let stream = Stream::start(&self.library, clip, ready.rate, control)
            .map_err(|reason| Fault { kind: FaultKind::Sound, reason })?;
        let feed = Feed::stream(stream.blocks, ready.patient);
        let control = Arc::clone(control);
        Ok((Voice::new(feed, stream.channels, stream.rate, volume, control), stream.length))
    }

    /// Fades a playback out, within 5 ms. It is reported as ended like any other.
    pub fn silence(&mut self, playback: PlaybackId) {
        for playing in self.playing.iter().filter(|playing| playing.playback == playback) {
            playing.control.silence();
        }
    }

    /// How much of a playback the output has taken so far, silence for want of samples included.
    pub fn taken_frames(&self, playback: PlaybackId) -> u64 {
        let playing = self.playing.iter().find(|playing| playing.playback == playback);
        playing.map_or(0, |playing| playing.control.taken_frames())
    }

    /// The next playback that is over: the output has taken its last sample, or has gone away.
    pub fn take_ended(&mut self) -> Option<Ended> {
        let ended = |playing: &Playing| playing.control.ended();
        let (at, end) = self
            .playing
            .iter()
            .enumerate()
            .find_map(|(at, playing)| Some((at, ended(playing)?)))?;
        let Playing { playback, control, .. } = self.playing.swap_remove(at);
        if control.underruns() > 0 {
            tracing::warn!("a streamed sound came late {} times", control.underruns());
        }
        let sound = |reason: String| Fault { kind: FaultKind::Sound, reason };
        let fault = match (end, control.stream_fault.get()) {
            (End::Lost, _) => Some(match &**self.output.gauge.state.load() {
                OutputState::Down(reason) => no_output(reason),
                OutputState::Ready(_) => no_output("it went away"),
            }),
            (_, Some(reason)) => Some(sound(reason.clone())),
            (End::Starved, None) => Some(sound("the sound cannot be read fast enough".into())),
            (End::Played, None) => None,
        };
        Some(Ended { playback, fault })
    }

    /// Closes the output and opens it again.
    pub fn reopen_output(&mut self) {
        self.output.reopen();
    }
}

fn no_output(reason: &str) -> Fault {
    Fault { kind: FaultKind::Output, reason: format!("no sound output: {reason}") }
}

#[cfg(test)]
mod tests;
