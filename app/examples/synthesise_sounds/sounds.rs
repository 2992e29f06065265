//! The sounds that ship: what they are for, and their notes.

use crate::score::{Note, Partial, Score, Voice};

/// A sound and what is said of it in the manifest.
pub struct Sound {
    /// The file's name; its ending chooses the encoder.
    pub file: &'static str,
    /// What it is, in French.
    pub fr: &'static str,
    /// What it is, in English.
    pub en: &'static str,
    /// The level of its highest peak, below full scale.
    pub peak_dbfs: f64,
    /// Its notes.
    pub score: fn() -> Score,
}

/// All of them, in four formats, so that a fresh box shows each to play.
pub const ALL: &[Sound] = &[
    Sound {
        file: "bell.mp3",
        fr: "Cloche d’école, sept coups",
        en: "School bell, seven strokes",
        peak_dbfs: -3.0,
        score: bell,
    },
    Sound {
        file: "chime.flac",
        fr: "Carillon de trois notes montantes",
        en: "Chime of three rising notes",
        peak_dbfs: -3.0,
        score: chime,
    },
    Sound {
        file: "alert.ogg",
        fr: "Appel à deux tons, lent ; ce n’est pas un signal d’évacuation ni d’alerte réglementaire",
        en: "Slow two-tone call; not an evacuation nor any other statutory alarm signal",
        peak_dbfs: -9.0, // held tones: already louder than the bell at its -3
        score: alert,
    },
    Sound {
        file: "test-tone.wav",
        fr: "Son d’essai : 1 kHz, 1 s, −12 dBFS",
        en: "Test tone: 1 kHz, 1 s, −12 dBFS",
        peak_dbfs: -12.0,
        score: test_tone,
    },
];

/// The partials of a cast bell, by their founders' names. Each of the strong ones is two, a hair
/// apart, because no bell is perfectly round: their beat is what makes it live.
const BELL: Voice = Voice {
    attack_seconds: 0.002,
    partials: &[
        decaying(0.5, 0.45, 12.0), // hum
        decaying(1.0, 0.50, 9.0),  // prime
        decaying(1.0012, 0.30, 9.0),
        decaying(1.19, 0.55, 7.0), // tierce, a minor third
        decaying(1.1915, 0.30, 7.0),
        decaying(1.506, 0.20, 4.5), // quint
        decaying(2.0, 0.80, 6.0),   // nominal, the note that one hears
        decaying(2.0016, 0.40, 6.0),
        decaying(2.514, 0.22, 3.2), // deciem
        decaying(2.662, 0.20, 2.8), // undeciem
        decaying(3.011, 0.30, 2.4), // duodeciem
        decaying(4.166, 0.22, 1.6), // upper octave
        decaying(5.433, 0.14, 0.8), // triple octave
        decaying(6.796, 0.09, 0.4), // the hammer
    ],
};

/// A struck bar tuned like a vibraphone's: its overtones are two and more than three octaves up.
const BAR: Voice = Voice {
    attack_seconds: 0.006,
    partials: &[
        decaying(1.0, 1.0, 3.4),
        decaying(1.0008, 0.4, 3.4),
        decaying(3.99, 0.16, 1.2),
        decaying(9.9, 0.04, 0.3),
    ],
};

/// A soft horn, held.
const HORN: Voice = Voice {
    attack_seconds: 0.03,
    partials: &[held(1.0, 1.0), held(2.0, 0.45), held(3.0, 0.25), held(4.0, 0.10), held(5.0, 0.05)],
};

const SINE: Voice = Voice { attack_seconds: 0.005, partials: &[held(1.0, 1.0)] };

/// A stroke every 1.3 s: a trigger that plays from 2.5 s on opens just before the third one.
fn bell() -> Score {
    let stroke = |n| struck(1.3 * f64::from(n), 587.33, &BELL);
    Score { seconds: 12.0, notes: (0..7).map(stroke).collect() }
}

/// C, E, G upwards: no railway's and no broadcaster's, all of which are somebody's mark.
fn chime() -> Score {
    let notes = [523.25, 659.26, 783.99];
    let struck_in_turn =
        (0..).zip(notes).map(|(n, hertz)| struck(0.55 * f64::from(n), hertz, &BAR));
    Score { seconds: 4.5, notes: struck_in_turn.collect() }
}

/// Half a second high, half a second low, half a second of rest, four times. Far from the French
/// evacuation sound (NF S 32-001: 554 Hz for 0.1 s, 440 Hz for 0.4 s, without rest), from the
/// emergency services' horns (under 600 Hz) and from the gliding siren of the State.
fn alert() -> Score {
    let call = |n| {
        let at = 1.5 * f64::from(n);
        let tone = |at_seconds, hertz| Note { at_seconds, held_seconds: 0.5, hertz, voice: &HORN };
        [tone(at, 987.77), tone(at + 0.5, 783.99)]
    };
    Score { seconds: 6.0, notes: (0..4).flat_map(call).collect() }
}

fn test_tone() -> Score {
    let tone = Note { at_seconds: 0.0, held_seconds: 1.0, hertz: 1000.0, voice: &SINE };
    Score { seconds: 1.0, notes: vec![tone] }
}

const fn decaying(ratio: f64, level: f64, fall_seconds: f64) -> Partial {
    Partial { ratio, level, fall_seconds }
}

const fn held(ratio: f64, level: f64) -> Partial {
    decaying(ratio, level, f64::INFINITY)
}

fn struck(at_seconds: f64, hertz: f64, voice: &'static Voice) -> Note {
    Note { at_seconds, held_seconds: f64::INFINITY, hertz, voice }
}
