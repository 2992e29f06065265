//! The player, as its caller sees it: what is heard, sample by sample.

mod faults;
pub(super) mod formats;
mod memory;
mod outputs;
mod playing;

use std::{
    fs,
    num::{NonZeroU16, NonZeroU32},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use super::*;
use crate::engine::SoundName;

/// An offline player over a folder of its own.
pub(super) struct Scene {
    _home: tempfile::TempDir,
    folder: SoundFolder,
    pub(super) player: Player,
    pub(super) library: Library,
    source: Pull,
}

const RATE: u32 = 48_000;

impl Scene {
    fn new() -> Self {
        Self::with(2, RATE, 64 << 20)
    }

    fn with(channels: u16, rate: u32, memory_bytes: u64) -> Self {
        Self::on(channels, rate, AudioConfig { memory_bytes, ..AudioConfig::default() })
    }

    fn on(channels: u16, rate: u32, config: AudioConfig) -> Self {
        let home = tempfile::tempdir().unwrap();
        let folder = SoundFolder::new(home.path());
        let (channels, rate) = (NonZeroU16::new(channels).unwrap(), NonZeroU32::new(rate).unwrap());
        let (player, library, source) =
            offline(channels, rate, config, folder.clone(), Arc::new(|| ()));
        Self { _home: home, folder, player, library, source }
    }

    pub(super) fn path(&self, sound: &str) -> PathBuf {
        self.folder.path().join(sound)
    }

    fn wav(&self, sound: &str, rate: u32, channels: u16, samples: &[i16]) {
        wav(&self.path(sound), rate, channels, samples);
    }

    pub(super) fn prepare(&self, cues: &[Cue]) {
        self.library.prepare(cues.to_vec());
        self.library.settle();
    }

    pub(super) fn play(&mut self, number: u64, cue: &Cue) -> Duration {
        self.player.play(PlaybackId(number), cue).unwrap()
    }

    /// All that is heard on two channels until nothing plays, as 16-bit samples.
    pub(super) fn hear(&mut self) -> Vec<i16> {
        let mut heard = Vec::new();
        let mut frame = [0.0; 2];
        while self.source.pull(&mut frame) {
            heard.extend(frame.map(to_i16));
        }
        heard
    }

    /// The next samples.
    fn pull(&mut self, samples: usize) -> Vec<i16> {
        let mut block = vec![0.0; samples];
        self.source.pull(&mut block);
        block.into_iter().map(to_i16).collect()
    }

    /// All playbacks that are over.
    fn ended(&mut self) -> Vec<Ended> {
        std::iter::from_fn(|| self.player.take_ended()).collect()
    }
}

/// A scene whose sounds are tried by this command line.
pub(super) fn scene_rehearsed(rehearsal: Vec<std::ffi::OsString>) -> Scene {
    Scene::on(2, RATE, AudioConfig { rehearsal, ..AudioConfig::default() })
}

pub(super) fn cue(sound: &str) -> Cue {
    Cue { sound: name(sound), start: Duration::ZERO, end: None, volume: 1.0 }
}

fn trimmed(sound: &str, start: f64, end: f64) -> Cue {
    let end = Some(Duration::from_secs_f64(end));
    Cue { start: Duration::from_secs_f64(start), end, ..cue(sound) }
}

pub(super) fn name(text: &str) -> SoundName {
    text.parse().unwrap()
}

fn wav(path: &std::path::Path, rate: u32, channels: u16, samples: &[i16]) {
    let sample_format = hound::SampleFormat::Int;
    let spec = hound::WavSpec { channels, sample_rate: rate, bits_per_sample: 16, sample_format };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    samples.iter().for_each(|sample| writer.write_sample(*sample).unwrap());
    writer.finalize().unwrap();
}

/// Samples that differ from all their neighbours, so that a shift of one shows.
fn ramp(samples: usize) -> Vec<i16> {
    (0..samples).map(|i| i16::try_from(i * 7919 % 60_000).unwrap_or(i16::MAX).max(1)).collect()
}

/// A mono sine of 16-bit samples, half as loud as can be.
fn sine(rate: u32, hz: f32, frames: usize) -> Vec<i16> {
    let turn = std::f32::consts::TAU * hz / rate as f32;
    (0..frames).map(|i| to_i16(0.5 * (turn * i as f32).sin())).collect()
}

/// Each sample on both channels.
fn doubled(samples: &[i16]) -> Vec<i16> {
    samples.iter().flat_map(|sample| [*sample; 2]).collect()
}

#[expect(clippy::cast_possible_truncation, reason = "a float's `as` saturates")]
fn to_i16(sample: f32) -> i16 {
    (sample * 32_768.0).round() as i16
}

/// Looks until it is so; a bound, not a nap: it only shows where something is broken.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let late = std::time::Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(std::time::Instant::now() < late, "never: {what}");
        std::thread::yield_now();
    }
}
