//! Bell tables: which bell rings when, and why.
//!
//! This room does no i/o, starts no thread and reads no clock: dates and moments come in as
//! values, and so do the days off ([`DaysOff`]). [`model`] is what the school has written down;
//! [`Tables`] says what each date is; a [`Plan`] is asked for what rings next.

mod bell;
mod days_off;
mod diff;
mod edit;
mod explain;
mod feed;
pub mod keeper;
pub mod model;
mod moment;
mod plan;
mod tables;
#[cfg(test)]
mod tests;
mod version;
mod warnings;
mod why;
pub mod words;

pub use bell::{Bell, BellId, Day, InvalidBellId, Silenced};
pub use days_off::{DayOff, DayOffKind, DaysOff, NoDaysOff};
pub use diff::{Difference, diff};
pub use edit::{Edit, Refused};
pub use explain::{Answer, Explanation};
pub use feed::calendar;
pub use model::Schedule;
pub use plan::Plan;
pub use tables::{PRECEDENCE, Tables};
pub use version::Version;
pub use warnings::{Facts, Warning};
pub use why::{EntryName, NamedDay, Rule, Step};
pub use words::Words;
