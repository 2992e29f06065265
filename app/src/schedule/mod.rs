//! Bell tables: which bell rings when, and why.
//!
//! This room does no i/o, starts no thread and reads no clock: dates and moments come in as
//! values, and so do the days off ([`DaysOff`]). [`model`] is what the school has written down.

mod days_off;
pub mod model;

pub use days_off::{DayOff, DayOffKind, DaysOff, NoDaysOff};
pub use model::Schedule;
