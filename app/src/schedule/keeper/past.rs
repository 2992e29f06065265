//! What is known of the bells from before the program started.
//!

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::Due;
use crate::schedule::BellId;

/// What is known of the bells from before the program started.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    /// Up to when each bell was accounted for; `None` where no bell ever was.
    pub until: Option<Timestamp>,
    /// What has started, or may have: it never does again.
    pub started: HashSet<BellId>,
    /// What was about to ring and is not known to have.
    pub armed: HashMap<BellId, Armed>,
    /// What was written down as missed after [`Self::until`]: it is not written down again.
    pub told: HashSet<BellId>,
}

/// A bell that was about to ring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Armed {
    /// Which.
    pub due: Due,
    /// Whether the machine has not been off since: what was written then cannot be lost, so that
    /// a bell that is not written down as ringing has not rung.
    pub same_boot: bool,
}
