//! Who moves the contacts: a finger on the mock board, or a wire.
//!

use beffroi_boards::{Board, BoardError, mock::MockHandle, raspberry_pi};
use beffroi_hal::{LineConfig, LineId, OutputConfig, State};

/// Moves the contacts of a board, and opens it.
pub trait Hand {
    /// Moves a contact.
    ///
    /// # Errors
    /// In words: there is no such contact, or it cannot be moved.
    fn set(&mut self, line: &LineId, state: State) -> Result<(), String>;

    /// Opens the board whose contacts are moved.
    ///
    /// # Errors
    /// It is not there.
    fn open(&mut self, lines: &[LineConfig]) -> Result<Board, BoardError>;

    /// Unplugs the board (`false`) or plugs it in again; `None`: that takes a person.
    fn plug(&mut self, in_place: bool) -> Option<()>;
}

/// A wire from an output to an input of the same chip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wire {
    /// Where it starts.
    pub output: LineId,
    /// Where it ends.
    pub input: LineId,
}

/// Why a text names no wire.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a wire is written OUTPUT:INPUT, as GPIO27:GPIO23; each is a line GPIOn")]
pub struct NoWire;

/// Outputs of the pin header that are wired to inputs of it.
pub struct Wires {
    outputs: Board,
    wires: Vec<Wire>,
}

impl std::str::FromStr for Wire {
    type Err = NoWire;

    fn from_str(text: &str) -> Result<Self, NoWire> {
        let (output, input) = text.split_once(':').ok_or(NoWire)?;
        let line = |name: &str| name.parse::<LineId>().map_err(|_| NoWire);
        let (output, input) = (line(output)?, line(input)?);
        if output == input || output.implied_offset().is_none() {
            return Err(NoWire);
        }
        Ok(Self { output, input })
    }
}

impl Wires {
    /// Takes the outputs. Each is active as its input is: what is wired to ground when a button is
    /// pressed is pulled to ground here.
    ///
    /// # Errors
    /// The chip or an output cannot be had.
    pub fn open(wires: &[Wire], inputs: &[LineConfig]) -> Result<Self, BoardError> {
        let configs: Vec<OutputConfig> = wires
            .iter()
            .zip(inputs)
            .map(|(wire, input)| OutputConfig {
                id: wire.output.clone(),
                offset: wire.output.implied_offset().unwrap_or(u32::MAX),
                active: input.active,
            })
            .collect();
        let mut outputs = raspberry_pi::open(&[], &configs)?;
        match outputs.info.refused.pop() {
            Some(refused) => Err(refused.error),
            None => Ok(Self { outputs, wires: wires.into() }),
        }
    }
}

impl Hand for Wires {
    fn set(&mut self, line: &LineId, state: State) -> Result<(), String> {
        let wire = self.wires.iter().find(|wire| wire.input == *line);
        let wire = wire.ok_or_else(|| format!("no wire leads to {line}"))?;
        let output = self.outputs.outputs.get_mut(&wire.output);
        let output = output.ok_or_else(|| format!("{} is no output", wire.output))?;
        output.set(state).map_err(|error| error.to_string())
    }

    fn open(&mut self, lines: &[LineConfig]) -> Result<Board, BoardError> {
        raspberry_pi::open(lines, &[])
    }

    fn plug(&mut self, _in_place: bool) -> Option<()> {
        None
    }
}

impl Hand for MockHandle {
    fn set(&mut self, line: &LineId, state: State) -> Result<(), String> {
        Self::set(self, line, state).map_err(|error| error.to_string())
    }

    fn open(&mut self, lines: &[LineConfig]) -> Result<Board, BoardError> {
        Self::open(self, lines, &[])
    }

    fn plug(&mut self, in_place: bool) -> Option<()> {
        if in_place {
            self.restore()
        } else {
            self.lose()
        }
        Some(())
    }
}
