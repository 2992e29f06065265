//! The threads that carry the engine, and the handle by which others reach it.
//!
//! One thread runs the engine and is the only one to touch its player; one thread a board turns
//! edges into changes; one keeps the hours of the tables. All wait on nothing but their board, their channel and the clock.

mod carrier;
mod edges;
mod handle;
mod heartbeat;
mod hours;
mod status;
mod thread;

pub use carrier::{Carrier, Recorder};
pub use edges::{BoardPlan, watch_board};
pub use handle::{Accepted, Handle, Message, Outputs, Refusal};
pub use heartbeat::{Heartbeat, Heartbeats};
pub use hours::{Hours, Tables, keep_hours};
pub use status::{BoardStatus, Counters, Notice, Status};
pub use thread::{Bell, start};
