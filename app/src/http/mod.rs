//! What the network sees: the bell API over HTTPS, the gateway beside it or alone.
//!
//! The network is never in the way of the bell: it starts after it, tries again by itself where it
//! cannot start, and reaches the bell only through its handle.

mod api;
pub mod auth;
mod body;
pub mod guard;
mod network;
mod page;
mod papillon;
pub mod peer;
pub mod problem;
pub mod server;
pub mod tls;
mod words;

use crate::{
    almanac::{Almanac, Shelf},
    bell::Handle,
    gateway::Gateway,
    proposal::SchoolSource,
    sounds::SoundFolder,
    store::{Journal, Store},
};

pub use network::{Network, certificate_problem, start};

/// What the network reaches of the box.
#[derive(Clone)]
pub struct Services {
    /// The bell.
    pub bell: Handle,
    /// The configuration.
    pub store: Store,
    /// What rang.
    pub journal: Journal,
    /// The sounds' files.
    pub folder: SoundFolder,
    /// What the box knows of days off.
    pub shelf: Shelf,
    /// Who fetches a fresh calendar for it.
    pub almanac: Almanac,
    /// The gateway to PRONOTE, where there is one.
    pub gateway: Option<Gateway>,
    /// Where a school's PRONOTE is asked for its hours, where there is a gateway.
    pub school: Option<SchoolSource>,
}

#[cfg(test)]
mod testing;
