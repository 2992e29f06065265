//! The bell API over HTTPS: TLS, limits, who may call, and the resources.
//!
//! The network is never in the way of the bell: it starts after it, tries again by itself where it
//! cannot start, and reaches the bell only through its handle.

mod api;
pub mod auth;
mod body;
pub mod guard;
mod network;
pub mod peer;
pub mod problem;
pub mod server;
pub mod tls;

use crate::{
    bell::Handle,
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
}

#[cfg(test)]
mod testing;
