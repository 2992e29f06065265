//! Where a voice has its samples from: memory, or a decoder's thread.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
    mpsc::{Receiver, TryRecvError},
};

use super::{clip::Pcm, voice::End};

/// Where a voice has its samples from.
pub(super) enum Feed {
    /// All of them, in memory.
    Memory {
        /// The clip.
        pcm: Arc<Pcm>,
        /// The sample that comes next.
        next: usize,
    },
    /// A decoder's thread.
    Stream {
        /// Interleaved samples, whole frames.
        blocks: Receiver<Box<[i16]>>,
        /// The block under way.
        block: Box<[i16]>,
        /// The sample of it that comes next.
        next: usize,
        /// Whether a block has come at all: before the first one it is late, not broken.
        started: bool,
        /// Frames since the last block ended.
        starved: u32,
        /// Offline: wait for a block.
        patient: bool,
    },
}

/// What a feed has for the frame that comes next.
pub(super) enum Next {
    /// Left and right.
    Frame([i16; 2]),
    /// Nothing yet.
    Starved,
    /// Nothing more.
    End(End),
}

impl Feed {
    /// From the beginning of a clip.
    pub(super) fn memory(pcm: Arc<Pcm>) -> Self {
        Self::Memory { pcm, next: 0 }
    }

    /// From a stream; `patient`: waiting for it, offline.
    pub(super) fn stream(blocks: Receiver<Box<[i16]>>, patient: bool) -> Self {
        Self::Stream { blocks, block: Box::default(), next: 0, started: false, starved: 0, patient }
    }

    /// The next frame. `starved_at_most`: so many frames without samples are the end.
    pub(super) fn next(
        &mut self,
        channels: u16,
        underruns: &AtomicU32,
        starved_at_most: u32,
    ) -> Next {
        let (samples, next) = match self {
            Self::Memory { pcm, next } => (&*pcm.samples, next),
            Self::Stream { blocks, block, next, started, starved, patient } => {
                if *next >= block.len() {
                    let fetched = match patient {
                        true => blocks.recv().map_err(|_| TryRecvError::Disconnected),
                        false => blocks.try_recv(),
                    };
                    match fetched {
                        Ok(fetched) => {
                            (*block, *next, *started, *starved) = (fetched, 0, true, 0);
                        }
                        Err(TryRecvError::Disconnected) => return Next::End(End::Played),
                        Err(TryRecvError::Empty) => {
                            if *started && *starved == 0 {
                                underruns.fetch_add(1, Ordering::Relaxed);
                            }
                            *starved = starved.saturating_add(1);
                            return match *starved > starved_at_most {
                                true => Next::End(End::Starved),
                                false => Next::Starved,
                            };
                        }
                    }
                }
                (&**block, next)
            }
        };
        let channels = usize::from(channels);
        match samples.get(*next..*next + channels) {
            Some(&[both]) => {
                *next += channels;
                Next::Frame([both, both])
            }
            Some(&[left, right]) => {
                *next += channels;
                Next::Frame([left, right])
            }
            _ => Next::End(End::Played),
        }
    }
}
