//! What Beffroi may ask of any board: lines, edges with time, inputs, outputs.
//!
//! No files, no threads, no clocks: time comes in as an argument, and this crate would run on a
//! microcontroller. A board is opened elsewhere; what is handed out here can only be used.

#![no_std]

pub mod debounce;
pub mod edge;
pub mod input;
pub mod line;
pub mod output;
pub mod time;

pub use debounce::Debouncer;
pub use edge::{Edge, EdgeSource, Signal};
pub use input::{Change, Inputs, MAX_LINES};
pub use line::{Bias, InvalidLineId, LineConfig, LineId, LineIndex, OutputConfig, Polarity, State};
pub use output::Output;
pub use time::Instant;
