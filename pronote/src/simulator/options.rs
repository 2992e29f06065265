//! How a simulator is to be.
//!

use std::{fmt, net::SocketAddr, sync::Arc, time::Duration};

use jiff::civil::DateTime;

use super::fault::Plan;
use super::portal::Portals;
use crate::protocol::{generation::NEWEST_KNOWN, packing::Packing, version::Version};

/// How a simulator is to be. The default is the newest PRONOTE, in clear, as of now.
#[derive(Clone)]
pub struct SimulatorOptions {
    /// The version that is spoken and shown.
    pub version: Version,
    /// What is encrypted and compressed: `CrA` and `CoA`, or the absence of `sCrA` and `sCoA`.
    pub packing: Packing,
    /// Whether the seed of the vector is to be hidden with RSA, under a key pair of ours.
    pub has_rsa: bool,
    /// A demonstration server says so, and refuses the tokens that it gives.
    pub is_demo: bool,
    /// The clock at the start, in school time; the real one where it is `None`.
    pub now: Option<DateTime>,
    /// How long a session lives without a call.
    pub idle: Duration,
    /// Fields left out of every answer: `moyClasse`, or `DernieresNotes.moyClasse`.
    pub without: Vec<String>,
    /// Faults from the start on.
    pub faults: Vec<Plan>,
    /// Failed logins of one account before error 25.
    pub failures_before_refusal: u32,
    /// Failed logins in all before the address is suspended, for half an hour.
    pub failures_before_suspension: u32,
    /// Where to listen; port 0 lets the system choose.
    pub address: SocketAddr,
    /// The folder of the site: `/pronote`.
    pub root: String,
    /// The most sessions at a time; the one that has been idle longest makes room.
    pub sessions: usize,
    /// Portals to sign in at, in the place of PRONOTE's own form.
    pub portals: Option<Arc<dyn Portals>>,
}

impl Default for SimulatorOptions {
    fn default() -> Self {
        Self {
            version: NEWEST_KNOWN,
            packing: Packing::default(),
            has_rsa: false,
            is_demo: false,
            now: None,
            idle: Duration::from_secs(20 * 60),
            without: Vec::new(),
            faults: Vec::new(),
            failures_before_refusal: 5,
            failures_before_suspension: 12,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            root: "/pronote".to_owned(),
            sessions: 4096,
            portals: None,
        }
    }
}

impl SimulatorOptions {
    /// The newest PRONOTE, but of this version.
    pub fn of(version: Version) -> Self {
        Self { version, ..Self::default() }
    }
}

impl fmt::Debug for SimulatorOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatorOptions")
            .field("version", &self.version)
            .field("packing", &self.packing)
            .field("has_rsa", &self.has_rsa)
            .field("is_demo", &self.is_demo)
            .field("without", &self.without)
            .field("root", &self.root)
            .finish_non_exhaustive()
    }
}
