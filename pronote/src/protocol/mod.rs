//! The language of PRONOTE: names, envelopes, keys and values.
//!
//! Pure code, no i/o, no clock, both directions: the simulator speaks with the same words.

pub mod crypto;
pub mod domain;
pub mod envelope;
pub mod error;
pub mod generation;
pub mod html;
pub mod mark;
pub mod order;
pub mod packing;
pub mod rsa;
pub mod space;
pub mod start_page;
pub mod tab;
pub mod time;
pub mod tree;
pub mod value;
#[cfg(test)]
mod vectors;
pub mod version;
