//! What the loader knows of a clip, and of the file it comes from.

use std::{
    collections::HashMap,
    fs::Metadata,
    num::NonZeroU32,
    os::unix::fs::MetadataExt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64},
    },
    time::Duration,
};

use super::clip::{Clip, Pcm};

/// Every clip of the cues in force that was looked at.
pub(super) type Clips = HashMap<Clip, Arc<Entry>>;

/// A clip, as the loader found it.
pub(super) struct Entry {
    /// Which file it was, and of what time: `None` where none could be opened.
    pub(super) stamp: Option<Stamp>,
    pub(super) rate: NonZeroU32,
    pub(super) state: ClipState,
    /// When it was last used, in uses.
    pub(super) used: AtomicU64,
    /// It was rung while it was not in memory.
    pub(super) missed: AtomicBool,
}

/// Where a clip is.
pub(super) enum ClipState {
    /// Ready.
    Memory(Arc<Pcm>),
    /// It is longer than all the memory: always streamed.
    TooLong(Duration),
    /// Another took its place: streamed when it is rung, and loaded again then.
    Evicted(Duration),
    /// A sentence.
    Fault(String),
}

/// What tells one state of a file from another; a rename or a write changes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Stamp {
    inode: u64,
    bytes: u64,
    // In nanoseconds, of the change of the inode: no program can set it back.
    changed: (i64, i64),
}

impl ClipState {
    /// How much memory it takes.
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Self::Memory(pcm) => pcm.bytes(),
            _ => 0,
        }
    }
}

impl Stamp {
    /// The state of a file now.
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self {
            inode: metadata.ino(),
            bytes: metadata.len(),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}
