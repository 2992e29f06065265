//! A board: a struct of parts.
//!
//! Boards differ only in how they are opened, so there is no board trait.

use std::{collections::BTreeMap, fmt};

use beffroi_hal::{EdgeSource, LineConfig, LineId, MAX_LINES, Output};
use embedded_hal::digital::{ErrorType, OutputPin};

use crate::BoardError;

/// An open board. Dropping it gives its lines back.
pub struct Board {
    /// What it is.
    pub info: BoardInfo,
    /// Its inputs, by their place in the list of lines that it was opened with.
    pub edges: Box<dyn EdgeSource<Error = BoardError> + Send>,
    /// Its outputs. Those that were refused are missing here.
    pub outputs: BTreeMap<LineId, Output<Pin>>,
}

/// What a board is, for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardInfo {
    /// Which kind.
    pub kind: BoardKind,
    /// Where it is: the chip and its label, the port and its speed.
    pub detail: String,
    /// The lines and outputs that were asked for and cannot be had. The others work; an input named
    /// here rests inactive and has no edges.
    pub refused: Vec<Refused>,
}

/// The boards there are, named as in the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BoardKind {
    /// The pin header of a Raspberry Pi.
    RaspberryPi,
    /// A board that reports presses over a serial line.
    Serial,
    /// No hardware.
    Mock,
}

/// A line that was asked for and cannot be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Which.
    pub line: LineId,
    /// Why, naming the line.
    pub error: BoardError,
}

/// Any board's output pin. Levels are electrical.
pub struct Pin(Box<dyn OutputPin<Error = BoardError> + Send>);

impl BoardInfo {
    /// A board of which nothing is refused but the lines past [`MAX_LINES`].
    pub(crate) fn new(kind: BoardKind, detail: String, lines: &[LineConfig]) -> Self {
        let surplus = |line: &LineConfig| Refused {
            line: line.id.clone(),
            error: BoardError::Refused {
                what: line.id.to_string(),
                why: format!("a board watches at most {MAX_LINES} lines"),
            },
        };
        let refused = lines.iter().skip(MAX_LINES).map(surplus).collect();
        Self { kind, detail, refused }
    }
}

impl BoardKind {
    /// The name in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RaspberryPi => "raspberry-pi",
            Self::Serial => "serial",
            Self::Mock => "mock",
        }
    }
}

impl fmt::Display for BoardKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl fmt::Debug for Board {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Board").field("info", &self.info).finish_non_exhaustive()
    }
}

impl Pin {
    /// Any pin of any board.
    pub fn new(pin: impl OutputPin<Error = BoardError> + Send + 'static) -> Self {
        Self(Box::new(pin))
    }
}

impl ErrorType for Pin {
    type Error = BoardError;
}

impl OutputPin for Pin {
    fn set_low(&mut self) -> Result<(), BoardError> {
        self.0.set_low()
    }

    fn set_high(&mut self) -> Result<(), BoardError> {
        self.0.set_high()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use beffroi_hal::{Bias, Polarity};

    use super::*;

    #[test]
    fn a_line_too_many_is_told() {
        let line = |n: usize| LineConfig {
            id: format!("GPIO{n}").parse().unwrap(),
            offset: 0,
            bias: Bias::PullUp,
            active: Polarity::Low,
            debounce: Duration::ZERO,
        };
        let lines: Vec<_> = (0..=MAX_LINES).map(line).collect();
        let info = BoardInfo::new(BoardKind::Mock, String::new(), &lines);
        let told: Vec<_> = info.refused.iter().map(ToString::to_string).collect();
        assert_eq!(told, ["GPIO64 cannot be used: a board watches at most 64 lines"]);
    }
}
