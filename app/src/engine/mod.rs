//! The bell's mind: what rings, what stops, and why.
//!
//! The engine does no i/o, starts no thread and reads no clock: events and the time come in,
//! actions go out ([`Core::handle`], [`Core::deadline`]). [`crate::bell`] carries it.

mod bells;
mod core;
mod event;
mod name;
mod status;

pub use bells::{Bells, Cue, Source, Trigger};
pub use core::Core;
pub use event::{Action, Actions, Cause, Event, Fault, FaultKind, Outcome, Playback, PlaybackId};
pub use name::{InvalidSoundName, InvalidTriggerId, SoundName, TriggerId};
pub use status::{LineStatus, Playing, Status};
