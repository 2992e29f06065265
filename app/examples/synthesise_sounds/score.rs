//! Notes made of decaying partials, and a score that renders them to samples.

use std::f64::consts::{PI, TAU};

/// Frames per second of everything that ships: what most sound cards run at, so nothing is resampled.
pub const RATE: u32 = 48_000;

/// Both ends are faded over this time, so that no sound clicks where it is cut.
const FADE_SECONDS: f64 = 0.004;

/// One sine of a struck or blown thing.
pub struct Partial {
    /// Its frequency, relative to the note.
    pub ratio: f64,
    /// Its level, relative to the others.
    pub level: f64,
    /// How long it takes to fall by 60 dB; infinite for a held tone.
    pub fall_seconds: f64,
}

/// What makes a note sound as it does.
pub struct Voice {
    /// Its partials.
    pub partials: &'static [Partial],
    /// How long a note takes to rise: short for a hammer, longer for a breath.
    pub attack_seconds: f64,
}

/// One note.
pub struct Note {
    /// When it starts.
    pub at_seconds: f64,
    /// How long it is held; it is then released as softly as it rose.
    pub held_seconds: f64,
    /// Its frequency.
    pub hertz: f64,
    /// Its voice.
    pub voice: &'static Voice,
}

/// A whole sound.
pub struct Score {
    /// Its length.
    pub seconds: f64,
    /// Its notes.
    pub notes: Vec<Note>,
}

impl Score {
    /// The sound's samples, −1 to 1, its highest peak at `peak_dbfs`.
    pub fn render(&self, peak_dbfs: f64) -> Vec<f64> {
        let mut samples: Vec<f64> =
            times().take_while(|t| *t < self.seconds).map(|t| self.sample(t)).collect();
        let peak = samples.iter().fold(0.0_f64, |peak, sample| peak.max(sample.abs()));
        let gain = 10.0_f64.powf(peak_dbfs / 20.0) / peak;
        for (sample, t) in samples.iter_mut().zip(times()) {
            *sample *= gain * rise(t / FADE_SECONDS) * rise((self.seconds - t) / FADE_SECONDS);
        }
        samples
    }

    fn sample(&self, t: f64) -> f64 {
        self.notes.iter().map(|note| note.sample(t - note.at_seconds)).sum()
    }
}

impl Note {
    fn sample(&self, t: f64) -> f64 {
        if t < 0.0 {
            return 0.0;
        }
        let attack = self.voice.attack_seconds;
        let envelope = rise(t / attack) * rise((self.held_seconds - t) / attack);
        envelope
            * self.voice.partials.iter().map(|partial| partial.sample(t, self.hertz)).sum::<f64>()
    }
}

impl Partial {
    fn sample(&self, t: f64, hertz: f64) -> f64 {
        let fall = 10.0_f64.powf(-3.0 * t / self.fall_seconds);
        self.level * fall * (TAU * hertz * self.ratio * t).sin()
    }
}

/// From 0 to 1 along half a cosine, as `t` goes from 0 to 1: a rise without a corner.
fn rise(t: f64) -> f64 {
    0.5 - 0.5 * (PI * t.clamp(0.0, 1.0)).cos()
}

fn times() -> impl Iterator<Item = f64> {
    (0..).map(|frame: u32| f64::from(frame) / f64::from(RATE))
}
