//! The whole product: the real binary, real TLS, real files, recorded sound.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::print_stdout,
    reason = "a test that cannot go on says so"
)]

mod calendar;
mod cli;
mod curl;
mod gateway;
mod harness;
mod hours;
mod kill;
mod misuse;
mod scene;
mod serial;
mod service;
mod sessions;
mod standstill;
