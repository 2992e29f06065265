//! Beffroi, the school-bell box: a contact, a browser or an API call rings a sound.
//!
//! Two paths, one meeting point. The bell path is threads and memory ([`bell`], [`engine`],
//! [`player`]); the service path is tokio ([`http`], [`socket`]). They meet in one bounded channel
//! and one watch, so that nothing on the network side can delay or silence a bell. [`run`] wires
//! them together: read it first.

pub mod almanac;
pub mod backup;
pub mod bell;
pub mod calendar;
pub mod cli;
pub mod clock;
pub mod engine;
pub mod gateway;
pub mod http;
pub mod ical;
pub mod player;
pub mod proposal;
pub mod run;
pub mod schedule;
pub mod selftest;
pub mod socket;
pub mod sounds;
pub mod store;
