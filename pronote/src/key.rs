//! Names for things that outlive a session.
//!
//! PRONOTE's own ids are encrypted for one session. A [`Key`] is made from what a thing is.

use std::{collections::HashMap, fmt, str::FromStr};

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::protocol::value::Id;

/// The name of a lesson, a mark, a discussion …: the same in every session of the account.
///
/// Two things that look the same get names from PRONOTE's ids instead, good for one session only:
/// better not found after a login than taken for another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Key([u8; 12]);

/// Why a text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a key of 16 letters, digits, - and _")]
pub struct InvalidKey;

/// A thing's id in the session it was listed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Handle {
    pub(crate) id: Id,
    pub(crate) epoch: u32,
}

/// A thing that has a key and an id behind it.
pub(crate) trait Keyed {
    fn key_mut(&mut self) -> &mut Key;
    fn id(&self) -> Option<&Id>;
}

impl Key {
    /// The key of a thing, from its kind and what makes it that thing.
    pub(crate) fn of(kind: &str, parts: &[&dyn fmt::Display]) -> Self {
        let mut sum = Sha256::new_with_prefix(kind);
        for part in parts {
            let part = part.to_string();
            sum.update((part.len() as u64).to_le_bytes());
            sum.update(part);
        }
        let sum: [u8; 32] = sum.finalize().into();
        let [a, b, c, d, e, f, g, h, i, j, k, l, ..] = sum;
        Self([a, b, c, d, e, f, g, h, i, j, k, l])
    }
}

/// Sees to it that no two things of a list have one key.
pub(crate) fn tell_apart<T: Keyed>(things: &mut [T]) {
    let mut counts: HashMap<Key, u32> = HashMap::with_capacity(things.len());
    for thing in things.iter_mut() {
        *counts.entry(*thing.key_mut()).or_default() += 1;
    }
    for (place, thing) in things.iter_mut().enumerate() {
        let key = *thing.key_mut();
        if counts.get(&key).is_some_and(|count| *count > 1) {
            let id = thing.id().map_or(place.to_string(), |id| id.value().to_string());
            *thing.key_mut() = Key::of("twin", &[&key, &id]);
        }
    }
}

/// An optional part of a key.
pub(crate) fn part<T: fmt::Display>(part: Option<&T>) -> String {
    part.map(ToString::to_string).unwrap_or_default()
}

impl FromStr for Key {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, InvalidKey> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| InvalidKey)?;
        bytes.try_into().map(Self).map_err(|_| InvalidKey)
    }
}

impl TryFrom<String> for Key {
    type Error = InvalidKey;

    fn try_from(text: String) -> Result<Self, InvalidKey> {
        text.parse()
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.to_string()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64URL_NOPAD.encode(&self.0))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Thing(Key, Id);

    impl Keyed for Thing {
        fn key_mut(&mut self) -> &mut Key {
            &mut self.0
        }

        fn id(&self) -> Option<&Id> {
            Some(&self.1)
        }
    }

    #[test]
    fn a_key_comes_back_from_its_text() {
        let key = Key::of("mark", &[&"a", &1]);
        assert_eq!(key.to_string().parse(), Ok(key));
        assert_eq!("short".parse::<Key>(), Err(InvalidKey));
        assert_ne!(Key::of("mark", &[&"ab", &"c"]), Key::of("mark", &[&"a", &"bc"]));
    }

    #[test]
    fn twins_are_told_apart_by_their_ids() {
        let key = Key::of("mark", &[&"a"]);
        let other = Key::of("mark", &[&"b"]);
        let mut things =
            [Thing(key, "1#x".into()), Thing(other, "2#x".into()), Thing(key, "3#x".into())];
        tell_apart(&mut things);
        assert_eq!(things[1].0, other);
        assert!(things[0].0 != key && things[2].0 != key && things[0].0 != things[2].0);
    }
}
