//! Lines and how they are wired, in the kernel's own words.
//!
//! A *level* is electrical (high, low). A *state* is the level after polarity (active, inactive):
//! a button to ground with a pull-up is active when low. See
//! <https://docs.kernel.org/userspace-api/gpio/chardev.html>.

use core::{fmt, ops::Deref, str::FromStr, time::Duration};

use heapless::String;
use serde::{Deserialize, Serialize};

/// The name of a line as users write it: `GPIO23`. 1 to 32 of `A-Z a-z 0-9 _ . -`, kept in upper
/// case, so that a serial board may say `gpio23`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String<64>")]
pub struct LineId(String<32>);

/// Why a text is no line name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a line name is 1 to 32 of A-Z a-z 0-9 _ . -")]
pub struct InvalidLineId;

impl LineId {
    /// `n` of a `GPIOn`, which is its offset where the configuration gives none.
    pub fn implied_offset(&self) -> Option<u32> {
        self.0.strip_prefix("GPIO")?.parse().ok()
    }
}

impl FromStr for LineId {
    type Err = InvalidLineId;

    fn from_str(text: &str) -> Result<Self, InvalidLineId> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
        if text.is_empty() || !text.bytes().all(allowed) {
            return Err(InvalidLineId);
        }
        let mut name = String::try_from(text).map_err(|_| InvalidLineId)?;
        name.make_ascii_uppercase();
        Ok(Self(name))
    }
}

impl TryFrom<String<64>> for LineId {
    type Error = InvalidLineId;

    fn try_from(text: String<64>) -> Result<Self, InvalidLineId> {
        text.parse()
    }
}

impl Deref for LineId {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The place of a line in the list that a board was opened with.
pub type LineIndex = u8;

/// A level after polarity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// The contact is open, the button is up, the lamp is off.
    #[default]
    Inactive,
    /// The contact is closed, the button is pressed, the lamp is on.
    Active,
}

/// The resistor that the chip puts on an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bias {
    /// About 50 kΩ to the supply on a Raspberry Pi: an open contact reads high.
    #[default]
    PullUp,
    /// About 50 kΩ to ground: an open contact reads low.
    PullDown,
    /// None: the wiring holds the level.
    Disabled,
    /// As the firmware left it (`config.txt`).
    AsIs,
}

/// The level that counts as active.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Polarity {
    /// Active when high.
    High,
    /// Active when low.
    Low,
}

/// How one input line is wired and read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineConfig {
    /// The name that triggers use.
    pub id: LineId,
    /// The line's number on its chip.
    pub offset: u32,
    /// The resistor asked for.
    pub bias: Bias,
    /// The level that counts as active.
    pub active: Polarity,
    /// How long the line must rest before its state counts.
    pub debounce: Duration,
}

/// How one output line is wired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputConfig {
    /// The name that the configuration gives it.
    pub id: LineId,
    /// The line's number on its chip.
    pub offset: u32,
    /// The level that counts as active.
    pub active: Polarity,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_names() {
        for (text, offset) in
            [("GPIO23", Some(23)), ("gpio4", Some(4)), ("GPIO", None), ("entrance.door-1", None)]
        {
            let id: LineId = text.parse().unwrap();
            assert_eq!(id.implied_offset(), offset, "{text}");
            assert!(text.eq_ignore_ascii_case(&id));
        }
        for text in ["", "GPIO 23", "../x", "é", "a123456789a123456789a123456789a12"] {
            assert_eq!(text.parse::<LineId>(), Err(InvalidLineId), "{text}");
        }
    }
}
