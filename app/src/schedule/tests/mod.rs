//! The tables, tried.
//!

mod asked;
mod precedence;
mod properties;
mod sample;
