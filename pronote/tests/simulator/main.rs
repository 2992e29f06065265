//! The simulator tried in process: each generation, account and fault.
//!

// Helpers of tests may panic as tests do; clippy only knows the tests themselves.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod mini;

mod abuse;
mod accounts;
mod faults;
mod generations;
mod optional;
mod writes;
