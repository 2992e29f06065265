//! Which sound output, and how it stands.

use std::{
    ffi::{OsStr, OsString},
    fmt,
    num::NonZeroU32,
    path::{Path, PathBuf},
    str::FromStr,
};

/// What the player needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AudioConfig {
    /// The output.
    pub device: Device,
    /// How many frames a card is given at a time. Two such blocks are between a ring and its sound;
    /// what a card cannot do is brought within what it can.
    pub buffer_frames: NonZeroU32,
    /// How much of the sounds is kept in memory at most. What does not fit is streamed.
    pub memory_bytes: u64,
    /// The command line of a process that calls [`super::rehearse`] and nothing else: in it, a new
    /// sound is tried before it is decoded here. Empty: sounds are not tried.
    pub rehearsal: Vec<OsString>,
}

/// A sound output, as `audio.device` of conf.json names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Device {
    /// `default`: what ALSA calls so.
    #[default]
    Default,
    /// A card by its ALSA name (`hw:1,0`, `plughw:CARD=Device,DEV=0`, `sysdefault:CARD=Device`),
    /// or by its stable id (`alsa:` before such a name).
    Alsa(String),
    /// `file:PATH.wav`: recorded in real time, as it would be heard. A relative path is the
    /// caller's to resolve.
    File(PathBuf),
    /// `null`: played in real time to nobody.
    Null,
}

/// Why a text names no sound output.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDevice {
    /// There is none.
    #[error("a sound output is \"default\", \"null\", \"file:PATH.wav\" or an ALSA name")]
    Empty,
    /// A recording is a WAV file.
    #[error("{0:?} does not end in .wav")]
    NotWav(String),
}

/// How the output stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AudioStatus {
    /// The configured output.
    pub device: String,
    /// Whether a ring would be heard.
    pub ready: bool,
    /// What it is, or why it is not ready, in words.
    pub detail: String,
    /// How much of the sounds is in memory.
    pub memory_bytes: u64,
    /// How often the card ran out of samples since the program started: each is a click.
    pub underruns: u64,
}

/// 10.7 ms of two blocks at 48 kHz: a ring is heard before a person could tell. Half of it leaves a
/// busy Pi 2.7 ms to give the next block; a card that its owner hears crackle takes 512 or 1024.
const BUFFER_FRAMES: NonZeroU32 = NonZeroU32::new(256).expect("not 0");

impl Default for AudioConfig {
    fn default() -> Self {
        Self {
            device: Device::default(),
            buffer_frames: BUFFER_FRAMES,
            memory_bytes: 64 * 1024 * 1024,
            rehearsal: Vec::new(),
        }
    }
}

impl Device {
    /// A recording's relative path is one in `folder`.
    #[must_use]
    pub fn within(self, folder: &Path) -> Self {
        match self {
            Self::File(path) => Self::File(folder.join(path)),
            other => other,
        }
    }
}

impl FromStr for Device {
    type Err = InvalidDevice;

    fn from_str(text: &str) -> Result<Self, InvalidDevice> {
        match (text, text.strip_prefix("file:")) {
            ("", _) => Err(InvalidDevice::Empty),
            ("default", _) => Ok(Self::Default),
            ("null", _) => Ok(Self::Null),
            (_, None) => Ok(Self::Alsa(text.into())),
            // The ending is asked for because the file is overwritten: not conf.json, by mistake.
            (_, Some(path)) => match Path::new(path).extension().and_then(OsStr::to_str) {
                Some("wav") => Ok(Self::File(path.into())),
                _ => Err(InvalidDevice::NotWav(text.into())),
            },
        }
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Alsa(name) => f.write_str(name),
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Null => f.write_str("null"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_reads_as_it_is_written() {
        for (text, device) in [
            ("default", Device::Default),
            ("null", Device::Null),
            ("file:out.wav", Device::File("out.wav".into())),
            ("plughw:CARD=Device,DEV=0", Device::Alsa("plughw:CARD=Device,DEV=0".into())),
            ("alsa:hw:CARD=1,DEV=0", Device::Alsa("alsa:hw:CARD=1,DEV=0".into())),
        ] {
            assert_eq!(text.parse::<Device>().unwrap(), device);
            assert_eq!(device.to_string(), text);
        }
        for text in ["", "file:", "file:conf.json", "file:.wav"] {
            assert!(text.parse::<Device>().is_err(), "{text}");
        }
    }
}
