//! What a sound file holds: decoded whole, once.

use std::{
    collections::HashMap,
    fs::File,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::{
    entry::Stamp,
    loudness::{Loudness, Meter},
    pipeline::{Pipeline, Step},
    rehearsal::Rehearsal,
};
use crate::engine::{Fault, FaultKind, SoundName};

/// What a sound file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct SoundInfo {
    /// How long it plays: what was decoded, not what it says of itself.
    pub duration: Duration,
    /// Its channels.
    pub channels: u16,
    /// Its samples a second.
    pub sample_rate: u32,
    /// Its size.
    pub bytes: u64,
    /// How loud it is.
    pub loudness: Loudness,
    /// Where and why it breaks off, in words, if it does: it rings up to there.
    pub broken: Option<String>,
}

/// Remembers what files hold.
#[derive(Default)]
pub(super) struct Inspector(Mutex<HashMap<SoundName, (Stamp, Inspected)>>);

pub(super) type Inspected = Result<SoundInfo, Fault>;

// When there are more it forgets them all: no folder of bells is so full.
const REMEMBERED_AT_MOST: usize = 1024;

/// Decodes a whole file, and keeps nothing of it.
pub(super) fn read_whole(file: File, name: &SoundName) -> Inspected {
    let fault = |reason: String| fault(format!("{name} {reason}"));
    let bytes = file.metadata().map_err(|error| fault(error.to_string()))?.len();
    let mut pipeline = Pipeline::open_whole(file, name).map_err(fault)?;
    let mut block = Vec::new();
    let mut meter = Meter::new(pipeline.channels(), pipeline.rate());
    while pipeline.next(&mut block).map_err(fault)? == Step::More {
        meter.hear(&block);
    }
    Ok(SoundInfo {
        duration: pipeline.length(),
        channels: pipeline.file_channels(),
        sample_rate: pipeline.file_rate(),
        bytes,
        loudness: meter.loudness(),
        broken: pipeline.broken(),
    })
}

impl Inspector {
    /// What a file holds, that is to have, or has, this name.
    pub(super) fn inspect(
        &self,
        mut file: File,
        sound: &SoundName,
        rehearsal: &Rehearsal,
    ) -> Inspected {
        let metadata = file.metadata().map_err(|error| fault(format!("{sound} {error}")))?;
        let stamp = Stamp::of(&metadata);
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, found)) = known().get(sound)
            && *of == stamp
        {
            return found.clone();
        }
        let harmless = rehearsal.of(&mut file, sound, stamp);
        let found = match harmless {
            Ok(()) => read_whole(file, sound),
            Err(reason) => Err(fault(format!("{sound} {reason}"))),
        };
        let mut known = known();
        if known.len() >= REMEMBERED_AT_MOST {
            known.clear();
        }
        known.insert(sound.clone(), (stamp, found.clone()));
        found
    }
}

fn fault(reason: String) -> Fault {
    Fault { kind: FaultKind::Sound, reason }
}
