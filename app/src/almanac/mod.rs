//! The school calendar as this box has it: shipped, uploaded, fetched.
//!
//! Official files lie as they came in `DATA/calendar`, the last good one of each way, and are read
//! anew at each start by the same rules. The box never waits for the network: without it, or with
//! an address that answers nonsense, what was known goes on counting.

mod ask;
mod fetch;
mod kept;
mod known;
mod school;
mod shelf;
#[cfg(test)]
mod tests;
mod when;

pub use crate::store::conf::Subscription;
pub use ask::{Almanac, TooSoon};
pub use kept::Kept;
pub use known::{Known, KnownFile, Way};
pub use school::SchoolDays;
pub use shelf::{Shelf, ShelfError, is_kept};
pub use when::{Checked, LONGEST_SLEEP, Outcome, next_check};
