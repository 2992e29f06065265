//! Day types: named lists of bells.
//!

use std::{fmt, sync::Arc};

use jiff::civil::Time;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use super::{Listed, clock};
use crate::engine::TriggerId;

/// A kind of day.
#[derive(Debug, Clone, PartialEq, Default, Serialize, ToSchema)]
pub struct DayType {
    /// What people call it.
    #[schema(value_type = String, max_length = 200, example = "Journée normale")]
    pub name: Arc<str>,
    /// How a calendar shows it: `#rrggbb`.
    #[schema(value_type = String, example = "#2e7d32")]
    pub colour: Colour,
    /// Its bells, in whatever order they are written.
    #[schema(value_type = Vec<WrittenBell>)]
    pub bells: Listed<WrittenBell>,
}

/// A bell as it is written down: the same on each day that it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WrittenBell {
    /// When, by the clock on the wall: `08:25`, or `08:25:30`.
    #[serde(serialize_with = "clock::as_written")]
    #[schema(value_type = String, example = "08:25")]
    pub time: Time,
    /// What it rings. There may be no such trigger: then it is said, and nothing rings.
    #[schema(value_type = String, example = "GPIO23")]
    pub trigger: TriggerId,
    /// What it is for: `Début des cours`. May be empty.
    #[schema(value_type = String, max_length = 200, example = "Début des cours")]
    pub label: Arc<str>,
    /// How many seconds late it may still ring, after an outage say.
    #[schema(maximum = 3600, default = 60)]
    pub late_seconds: u16,
}

impl WrittenBell {
    /// [`Self::late_seconds`] where nothing is said: late, but nobody is misled.
    pub const LATE_SECONDS: u16 = 60;

    /// The most that [`Self::late_seconds`] may be: an hour.
    pub const LATE_SECONDS_AT_MOST: u16 = 3600;
}

/// A colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    /// Red, green and blue.
    pub rgb: [u8; 3],
}

impl Colour {
    /// Reads `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let right = digits.bytes().all(|b| b.is_ascii_hexdigit());
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        right.then_some(Self { rgb: [red, green, blue] })
    }
}

impl Default for Colour {
    /// Grey: nobody has chosen yet.
    fn default() -> Self {
        Self { rgb: [0x80; 3] }
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.rgb;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Serialize for Colour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_a_number_sign_and_six_digits() {
        for (text, read) in [
            ("#2e7d32", Some("#2e7d32")),
            ("#FFFFFF", Some("#ffffff")),
            ("#000", None),
            ("2e7d32", None),
            ("#+e7d32", None),
            ("#éé12", None),
            ("green", None),
        ] {
            assert_eq!(Colour::parse(text).map(|c| c.to_string()).as_deref(), read, "{text}");
        }
    }
}
