//! Edges with time, and the one trait that every board's inputs implement.

use core::time::Duration;

use crate::{Instant, LineIndex, State};

/// What was seen on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Signal {
    /// From inactive to active.
    Rising,
    /// From active to inactive.
    Falling,
    /// Active and inactive again: a board that reports presses rather than states.
    Pulse,
}

/// One thing seen on one line, stamped by who saw it first (the kernel, for a GPIO line).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// The line, by its place in the list that the board was opened with.
    pub line: LineIndex,
    /// What was seen.
    pub signal: Signal,
    /// When.
    pub at: Instant,
}

/// A board's inputs as a timed pull: edges wake us, [`EdgeSource::state`] says where the line rests.
///
/// Polarity is already undone. Within one line, edges come in the order of their time.
pub trait EdgeSource {
    /// Why the board cannot be read. After an error the board is opened anew.
    type Error;

    /// The next edge, or `None` when `timeout` has passed without one.
    fn next_edge(&mut self, timeout: Duration) -> Result<Option<Edge>, Self::Error>;

    /// The state of a line at this moment, read from the hardware.
    fn state(&mut self, line: LineIndex) -> Result<State, Self::Error>;
}
