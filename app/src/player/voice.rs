//! A voice: one playback in the mixer, pulled by the sound card's own thread.
//!
//! In [`Voice::next`] nothing waits, decodes or opens: it would be heard. Only an offline voice may
//! wait, where nobody listens.

use std::{
    num::{NonZeroU16, NonZeroU32},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

use rodio::{ChannelCount, Sample, SampleRate, Source};

use super::{
    Wake,
    clip::frame_at,
    feed::{Feed, Next},
};

/// What the player and a voice tell each other.
pub(super) struct Control {
    stop: AtomicBool,
    ended: AtomicBool,
    end: AtomicU8,
    underruns: AtomicU32,
    taken_frames: AtomicU64,
    /// What went wrong where a streamed sound is decoded.
    pub(super) stream_fault: OnceLock<String>,
    wake: Wake,
}

/// How a voice ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Its output went away.
    Lost,
    /// It was played to its end, or silenced.
    Played,
    /// Its stream brought nothing for too long.
    Starved,
}

/// One playback, as rodio's mixer takes it.
pub(super) struct Voice {
    // `None` when it has ended.
    feed: Option<Feed>,
    channels: NonZeroU16,
    rate: NonZeroU32,
    gain: f32,
    control: Arc<Control>,
    // The frame under way and the channel that comes next.
    frame: [i16; 2],
    channel: u16,
    // Frames that are left of the fade, once it is silenced; and how long it is.
    fade: Option<u32>,
    fade_frames: u32,
    starved_at_most: u32,
}

// Short enough to feel immediate, long enough not to click.
const FADE: Duration = Duration::from_millis(5);

// A card that reads so slowly is dead: better an end that is told than silence.
const STARVED_AT_MOST: Duration = Duration::from_secs(30);

impl Control {
    pub(super) fn new(wake: Wake) -> Arc<Self> {
        Arc::new(Self {
            stop: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            end: AtomicU8::new(End::Lost as u8),
            underruns: AtomicU32::new(0),
            taken_frames: AtomicU64::new(0),
            stream_fault: OnceLock::new(),
            wake,
        })
    }

    /// Asks the voice to fade out.
    pub(super) fn silence(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// How it ended; `None` while the mixer has it.
    pub(super) fn ended(&self) -> Option<End> {
        if !self.ended.load(Ordering::Acquire) {
            return None;
        }
        let ends = [End::Lost, End::Played, End::Starved];
        let end = self.end.load(Ordering::Relaxed);
        ends.into_iter().find(|known| *known as u8 == end)
    }

    /// How many frames the mixer has taken so far.
    pub(super) fn taken_frames(&self) -> u64 {
        self.taken_frames.load(Ordering::Relaxed)
    }

    /// How often its stream came too late.
    pub(super) fn underruns(&self) -> u32 {
        self.underruns.load(Ordering::Relaxed)
    }
}

impl Voice {
    pub(super) fn new(
        feed: Feed,
        channels: NonZeroU16,
        rate: NonZeroU32,
        volume: f32,
        control: Arc<Control>,
    ) -> Self {
        let frames = |time| u32::try_from(frame_at(time, rate.get())).unwrap_or(u32::MAX);
        Self {
            fade_frames: frames(FADE),
            starved_at_most: frames(STARVED_AT_MOST),
            feed: Some(feed),
            channels,
            rate,
            gain: volume.clamp(0.0, 1.0),
            control,
            frame: [0; 2],
            channel: 0,
            fade: None,
        }
    }

    /// Fetches the next frame; `false` at the end.
    fn begin_frame(&mut self) -> bool {
        if self.fade.is_none() && self.control.stop.load(Ordering::Relaxed) {
            self.fade = Some(self.fade_frames);
        }
        let Some(feed) = &mut self.feed else { return false };
        let next = match &mut self.fade {
            Some(0) => Next::End(End::Played),
            fade => {
                if let Some(left) = fade {
                    *left -= 1;
                }
                feed.next(self.channels.get(), &self.control.underruns, self.starved_at_most)
            }
        };
        match next {
            Next::Frame(frame) => self.frame = frame,
            Next::Starved => self.frame = [0; 2],
            Next::End(end) => {
                self.control.end.store(end as u8, Ordering::Relaxed);
                // The samples are freed by whoever else holds them, not here in the card's thread.
                self.feed = None;
                return false;
            }
        }
        // Nobody else writes it: no need for an addition in one step.
        self.control.taken_frames.store(self.control.taken_frames() + 1, Ordering::Relaxed);
        true
    }
}

impl Iterator for Voice {
    type Item = Sample;

    fn next(&mut self) -> Option<Sample> {
        if self.channel == 0 && !self.begin_frame() {
            return None;
        }
        let [left, right] = self.frame;
        let sample = if self.channel == 0 { left } else { right };
        self.channel = (self.channel + 1) % self.channels.get();
        let gain = match self.fade {
            None => self.gain,
            Some(left) => self.gain * left as f32 / self.fade_frames as f32,
        };
        Some(f32::from(sample) / 32_768.0 * gain)
    }
}

impl Source for Voice {
    fn current_span_len(&self) -> Option<usize> {
        None
    }

    fn channels(&self) -> ChannelCount {
        self.channels
    }

    fn sample_rate(&self) -> SampleRate {
        self.rate
    }

    fn total_duration(&self) -> Option<Duration> {
        None
    }
}

impl Drop for Voice {
    /// The mixer drops a voice when it has taken its last sample, or when the output goes away.
    fn drop(&mut self) {
        // First the samples, then the news: the player frees them, this thread only lets go.
        self.feed = None;
        self.control.ended.store(true, Ordering::Release);
        (self.control.wake)();
    }
}
