//! The loader: reads the sounds of the cues in force, in the background.

use std::{
    fs::File,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use super::{
    clip::{Clip, Pcm, frame_at},
    entry::{ClipState, Clips, Entry, Stamp},
    library::{Orders, Shared},
    pipeline::{Pipeline, Step},
};

/// Carries orders out until nobody gives any more.
pub(super) fn run(shared: &Shared) {
    let mut seen = 0;
    while let Some(orders) = shared.next_orders(seen) {
        seen = orders.asked;
        if sweep(shared, &orders) {
            shared.done(orders.asked);
        }
    }
}

/// Brings every clip up to date; `false` when there are newer orders.
fn sweep(shared: &Shared, orders: &Orders) -> bool {
    let known = shared.clips.load();
    if known.keys().any(|clip| !orders.clips.contains(clip)) {
        let kept = known.iter().filter(|(clip, _)| orders.clips.contains(clip));
        let kept: Clips = kept.map(|(clip, entry)| (clip.clone(), Arc::clone(entry))).collect();
        shared.clips.store(Arc::new(kept));
    }
    drop(known);
    for clip in &orders.clips {
        if !shared.is_current(orders.asked) {
            return false;
        }
        check(shared, orders, clip);
    }
    true
}

/// Reads a clip, unless it is known as it is.
fn check(shared: &Shared, orders: &Orders, clip: &Clip) {
    let known = shared.clips.load().get(clip).cloned();
    let opened = shared.folder.open(&clip.sound);
    let stamp = opened.as_ref().ok().and_then(|file| file.metadata().ok());
    let stamp = stamp.as_ref().map(Stamp::of);
    let missed = known.as_ref().is_some_and(|entry| entry.missed.load(Ordering::Relaxed));
    let fresh = known.as_ref().is_some_and(|entry| match entry.state {
        _ if entry.stamp != stamp || entry.rate != orders.rate => false,
        ClipState::Evicted(_) => !missed,
        // A file that cannot be opened says why each time.
        ClipState::Fault(_) => stamp.is_some(),
        ClipState::Memory(_) | ClipState::TooLong(_) => true,
    });
    if fresh {
        return;
    }
    let state = match opened {
        Ok(file) => try_and_load(shared, orders, clip, file, stamp)
            .unwrap_or_else(|fault| ClipState::Fault(format!("{} {fault}", clip.sound))),
        Err(error) => ClipState::Fault(error.to_string()),
    };
    if let ClipState::Fault(reason) = &state {
        let said = known.as_ref().is_some_and(|entry| match &entry.state {
            ClipState::Fault(before) => before == reason,
            _ => false,
        });
        if said && stamp.is_none() {
            return;
        }
        tracing::warn!("{reason}");
    }
    let entry = Entry {
        stamp,
        rate: orders.rate,
        state,
        used: AtomicU64::new(shared.use_number()),
        missed: AtomicBool::new(false),
    };
    let mut clips = Clips::clone(&shared.clips.load());
    clips.insert(clip.clone(), Arc::new(entry));
    make_room(&mut clips, clip, shared.memory_bytes);
    shared.clips.store(Arc::new(clips));
}

fn try_and_load(
    shared: &Shared,
    orders: &Orders,
    clip: &Clip,
    mut file: File,
    stamp: Option<Stamp>,
) -> Result<ClipState, String> {
    if let Some(stamp) = stamp {
        shared.rehearsal.of(&mut file, &clip.sound, stamp)?;
    }
    load(shared, orders, clip, file)
}

/// Decodes a clip into memory. Up to then the old ones stay, so that they still ring: memory is,
/// for that while, up to twice its bound.
fn load(shared: &Shared, orders: &Orders, clip: &Clip, file: File) -> Result<ClipState, String> {
    let mut pipeline = Pipeline::open(file, clip, Some(orders.rate))?;
    let (channels, rate) = (pipeline.channels(), pipeline.rate());
    let room = usize::try_from(shared.memory_bytes / size_of::<i16>() as u64).unwrap_or(usize::MAX);
    let announced = pipeline.announced().unwrap_or_default();
    let expected = frame_at(announced, rate.get()).saturating_mul(channels.get().into());
    let expected = usize::try_from(expected).unwrap_or(usize::MAX);
    // A second more: announcements round.
    let capacity = expected.saturating_add(rate.get() as usize * usize::from(channels.get()));
    let mut samples = Vec::with_capacity(capacity.min(room));
    let mut block = Vec::new();
    while pipeline.next(&mut block)? == Step::More {
        if shared.closed.load(Ordering::Relaxed) {
            return Err("was not read to its end: the program ends".into());
        }
        // An announcement that is far too long is believed once some of it was heard.
        let hopeless = !block.is_empty() && expected / 2 > room;
        if hopeless || samples.len() + block.len() > room {
            let length = pipeline.announced().unwrap_or_else(|| pipeline.length());
            return Ok(ClipState::TooLong(length));
        }
        samples.extend_from_slice(&block);
    }
    if let Some(broken) = pipeline.broken() {
        tracing::warn!("{} {broken}", clip.sound);
    }
    samples.shrink_to_fit();
    Ok(ClipState::Memory(Arc::new(Pcm { samples, channels, rate })))
}

/// Evicts the least recently used clips, but not this one, until the rest fits.
fn make_room(clips: &mut Clips, newest: &Clip, memory_bytes: u64) {
    while clips.values().map(|entry| entry.state.bytes()).sum::<u64>() > memory_bytes {
        let in_memory = clips.iter().filter_map(|(clip, entry)| match &entry.state {
            ClipState::Memory(pcm) if clip != newest => Some((clip, entry, pcm.length())),
            _ => None,
        });
        let oldest = in_memory.min_by_key(|(_, entry, _)| entry.used.load(Ordering::Relaxed));
        let Some((clip, entry, length)) = oldest else { return };
        let evicted = Entry {
            stamp: entry.stamp,
            rate: entry.rate,
            state: ClipState::Evicted(length),
            used: AtomicU64::new(entry.used.load(Ordering::Relaxed)),
            missed: AtomicBool::new(false),
        };
        let clip = clip.clone();
        clips.insert(clip, Arc::new(evicted));
    }
}
