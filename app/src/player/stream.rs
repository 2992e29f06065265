//! A sound that is not in memory: decoded a little ahead of what is heard.

use std::{
    num::{NonZeroU16, NonZeroU32},
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use super::{
    clip::Clip,
    library::Library,
    pipeline::{Pipeline, Step},
    voice::Control,
};
use crate::engine::SoundName;

/// What a stream is, as soon as its file is open.
pub(super) struct Stream {
    pub(super) channels: NonZeroU16,
    pub(super) rate: NonZeroU32,
    /// How long it will be, as far as the file and the cue tell.
    pub(super) length: Duration,
    pub(super) blocks: Receiver<Box<[i16]>>,
}

// 24 blocks of 85 ms: two seconds, for an SD card that pauses to tidy itself. When it is full, the
// decoder waits.
const BLOCKS_AHEAD: usize = 24;

// The engine waits for it, and a ring for the engine.
const OPEN_WITHIN: Duration = Duration::from_secs(1);

impl Stream {
    /// Opens a clip and starts to decode it.
    ///
    /// # Errors
    /// A sentence.
    pub(super) fn start(
        library: &Library,
        clip: &Clip,
        rate: NonZeroU32,
        control: &Arc<Control>,
    ) -> Result<Self, String> {
        let (head, opened) = sync_channel(1);
        let sound = clip.sound.clone();
        let (library, clip, control) = (library.clone(), clip.clone(), Arc::clone(control));
        thread::Builder::new()
            .name("stream".into())
            .spawn(move || run(&library, &clip, rate, &head, &control))
            .map_err(|error| format!("{sound} cannot be streamed: no thread for it: {error}"))?;
        opened.recv_timeout(OPEN_WITHIN).map_err(|_| {
            format!("{sound} could not be opened within {} s", OPEN_WITHIN.as_secs())
        })?
    }
}

fn run(
    library: &Library,
    clip: &Clip,
    rate: NonZeroU32,
    head: &SyncSender<Result<Stream, String>>,
    control: &Control,
) {
    let named = |fault| format!("{} {fault}", clip.sound);
    let opened = library.open_sound(&clip.sound).and_then(|file| {
        let bytes = file.metadata().map_or(0, |metadata| metadata.len());
        let pipeline = Pipeline::open(file, clip, Some(rate)).map_err(named)?;
        Ok((pipeline, bytes))
    });
    let (pipeline, bytes) = match opened {
        Ok(opened) => opened,
        Err(fault) => {
            let _nobody_waits = head.send(Err(fault));
            return;
        }
    };
    // No sound needs less than 8 kbit/s: longer than that it cannot be.
    let length = pipeline.announced().unwrap_or(Duration::from_millis(bytes));
    let (sender, blocks) = sync_channel(BLOCKS_AHEAD);
    let stream = Stream { channels: pipeline.channels(), rate, length, blocks };
    if head.send(Ok(stream)).is_err() {
        return;
    }
    if let Err(fault) = decode(&clip.sound, pipeline, &sender, control) {
        // Before the sender goes, which is how the voice knows that this is the end.
        let _first = control.stream_fault.set(named(fault));
    }
    drop(sender);
}

fn decode(
    sound: &SoundName,
    mut pipeline: Pipeline,
    sender: &SyncSender<Box<[i16]>>,
    control: &Control,
) -> Result<(), String> {
    let mut samples = Vec::new();
    while pipeline.next(&mut samples)? == Step::More {
        // Where the beginning is skipped there are no samples yet.
        let silenced = match samples.is_empty() {
            true => control.ended().is_some(),
            false => sender.send(samples.as_slice().into()).is_err(),
        };
        if silenced {
            return Ok(());
        }
    }
    if let Some(broken) = pipeline.broken() {
        tracing::warn!("{sound} {broken}");
    }
    Ok(())
}
