//! Keeps the hours: each bell of the tables once, or the reason why not.
//!
//! A pure state machine: readings of the clock come in, decisions go out, and when the next
//! reading is wanted. It decides by what is accounted for, never by a timer: a clock that is set
//! fires no burst and skips nothing silently.
//!
//! The rule. There is a moment up to which every bell is accounted for. At each reading that is to
//! be trusted, the bells between it and now are: those that have started are left alone; the
//! newest, where it is not too late for it, rings; the others are missed, with the reason. Where
//! the clock was set back the moment goes back with it: what has started stays started, and what
//! was only missed may still ring when its time truly comes.

mod core;
mod decision;
mod lapse;
mod past;
mod reading;
#[cfg(test)]
mod tests;

pub use self::core::{Keeper, State};
pub use decision::{Decision, Due, Missed};
pub use past::{Armed, Past};
pub use reading::{Clock, Distrust, Reading, Trust};

use std::time::Duration;

use jiff::Timestamp;

use super::{Bell, BellId, DaysOff, Tables};
use crate::engine::Outcome;

/// What the keeper asks of the tables in force.
pub trait Timetable {
    /// The bells that are due after a moment and not after another, in order.
    fn due_between(&self, after: Timestamp, until: Timestamp) -> Vec<Bell>;

    /// The first bell after a moment.
    fn next_after(&self, at: Timestamp) -> Option<Bell>;
}

/// Writes down what becomes of bells, without waiting for a disk.
pub trait Scribe: Send {
    /// Writes decisions down, and up to when each bell is accounted for by them, by a clock of such
    /// trust. They survive the end of the program when this returns; the power, once
    /// [`Self::settle`] says so of what is returned.
    fn write(&mut self, decisions: &[Decision], known: Option<(Timestamp, Trust)>) -> u64;

    /// Waits until what was written survives the power too, or cannot, or for as long.
    fn settle(&mut self, written: u64, at_most: Duration);

    /// Why not all of it is in its file, in words.
    fn trouble(&self) -> Option<String>;

    /// Writes down how a bell ended.
    fn ended(&mut self, bell: &BellId, outcome: &Outcome);

    /// Says that no bell is near: what takes the disk a while may be done now. Never waits.
    fn rest(&mut self);
}

impl<D: DaysOff> Timetable for Tables<D> {
    fn due_between(&self, after: Timestamp, until: Timestamp) -> Vec<Bell> {
        Self::due_between(self, after, until)
    }

    fn next_after(&self, at: Timestamp) -> Option<Bell> {
        Self::next_after(self, at)
    }
}
