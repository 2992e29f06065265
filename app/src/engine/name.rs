//! Names that users give: of triggers and of sounds.
//!
//! Parsed at the edge; whoever holds one holds a right one.

use std::{fmt, ops::Deref, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

/// A trigger's id: 1 to 64 of `A-Z a-z 0-9 _ . -`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct TriggerId(Arc<str>);

/// Why a text is no trigger id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a trigger id is 1 to 64 of A-Z a-z 0-9 _ . -")]
pub struct InvalidTriggerId;

/// The bare name of a file in the sound folder: no path, no hidden file, a known ending.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct SoundName(Arc<str>);

/// Why a text is no sound name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSoundName {
    /// It leads elsewhere, or could.
    #[error("{0:?} is not a bare file name: no '/', no '\\', no leading '.', at most 200 bytes")]
    NotBare(String),
    /// No decoder of ours reads it.
    #[error("{0:?} does not end in .mp3, .wav, .flac, .ogg or .m4a")]
    UnknownEnding(String),
}

impl SoundName {
    /// The endings that are accepted, in lower case.
    pub const ENDINGS: [&'static str; 5] = ["mp3", "wav", "flac", "ogg", "m4a"];

    /// The ending, in lower case: one of [`Self::ENDINGS`].
    pub fn ending(&self) -> &'static str {
        ending(&self.0).unwrap_or_default()
    }
}

fn ending(name: &str) -> Option<&'static str> {
    let (stem, ending) = name.rsplit_once('.')?;
    let known = SoundName::ENDINGS.into_iter().find(|known| ending.eq_ignore_ascii_case(known))?;
    (!stem.is_empty()).then_some(known)
}

impl FromStr for TriggerId {
    type Err = InvalidTriggerId;

    fn from_str(text: &str) -> Result<Self, InvalidTriggerId> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
        if (1..=64).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.into()))
        } else {
            Err(InvalidTriggerId)
        }
    }
}

impl FromStr for SoundName {
    type Err = InvalidSoundName;

    fn from_str(text: &str) -> Result<Self, InvalidSoundName> {
        let strange = |c: char| matches!(c, '/' | '\\') || c.is_control();
        if text.is_empty() || text.len() > 200 || text.starts_with('.') || text.contains(strange) {
            return Err(InvalidSoundName::NotBare(text.into()));
        }
        match ending(text) {
            Some(_) => Ok(Self(text.into())),
            None => Err(InvalidSoundName::UnknownEnding(text.into())),
        }
    }
}

macro_rules! text_of {
    ($($name:ident, $error:ident;)*) => {$(
        impl TryFrom<String> for $name {
            type Error = $error;

            fn try_from(text: String) -> Result<Self, $error> {
                text.parse()
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

text_of! {
    TriggerId, InvalidTriggerId;
    SoundName, InvalidSoundName;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sound_name_stays_in_its_folder() {
        for name in ["bell.mp3", "Récré 2.OGG", "a.b.flac", "..bell.wav"] {
            let leading_dot = name.starts_with('.');
            assert_eq!(name.parse::<SoundName>().is_err(), leading_dot, "{name}");
        }
        for name in
            ["../../etc/passwd", "a/b.mp3", "a\\b.mp3", ".mp3", "bell", "bell.exe", "", "a\n.mp3"]
        {
            assert!(name.parse::<SoundName>().is_err(), "{name}");
        }
    }

    #[test]
    fn a_trigger_id_is_short_and_plain() {
        for (id, right) in [("GPIO23", true), ("a.b_c-1", true), ("", false), ("a b", false)] {
            assert_eq!(id.parse::<TriggerId>().is_ok(), right, "{id}");
        }
        assert!("x".repeat(64).parse::<TriggerId>().is_ok());
        assert!("x".repeat(65).parse::<TriggerId>().is_err());
    }
}
