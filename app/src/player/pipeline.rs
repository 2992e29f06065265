//! From a file to samples: decode, trim to the frame, resample, round to 16 bits.
//!
//! The one way, for sounds in memory and for streamed ones, so that both sound the same.

use std::{
    fs::File,
    num::{NonZeroU16, NonZeroU32},
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use super::{
    clip::{Clip, frame_at, length},
    reading::Reading,
    resample::RateConverter,
};
use crate::engine::SoundName;

/// A clip on its way. Errors are sentences without their subject, which is the sound.
pub(super) struct Pipeline {
    reading: Reading,
    converter: Option<RateConverter>,
    rate: u32,
    start: Duration,
    announced: Option<Duration>,
    // Frames of the file: still to be skipped, and still to be taken.
    skip: u64,
    take: u64,
    at_end: bool,
    gave_up: Option<String>,
    delivered: u64,
    frames: Vec<f32>,
    converted: Vec<f32>,
}

/// What a call of [`Pipeline::next`] gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Samples, or none yet while the beginning is skipped.
    More,
    /// Nothing more.
    End,
}

// 85 ms at 48 kHz. Skipped rather than sought: no decoder of ours seeks to the exact frame.
const BLOCK_FRAMES: usize = 4096;

/// A longer sound is a mistake, or a small file made to keep the box busy for weeks.
const LONGEST: Duration = Duration::from_secs(6 * 60 * 60);

impl Pipeline {
    /// Opens a clip. `rate`: the output's; `None`: the file's own.
    pub(super) fn open(file: File, clip: &Clip, rate: Option<NonZeroU32>) -> Result<Self, String> {
        guarded(|| Self::open_unguarded(file, clip, rate))?
    }

    /// A whole file at its own rate.
    pub(super) fn open_whole(file: File, name: &SoundName) -> Result<Self, String> {
        let clip = Clip { sound: name.clone(), start: Duration::ZERO, end: None };
        Self::open(file, &clip, None)
    }

    fn open_unguarded(file: File, clip: &Clip, rate: Option<NonZeroU32>) -> Result<Self, String> {
        let reading = Reading::open(file, &clip.sound)?;
        let file_rate = reading.rate();
        let rate = rate.map_or(file_rate, NonZeroU32::get);
        let channels = usize::from(reading.channels().min(2));
        let skip = frame_at(clip.start, file_rate);
        let end = clip.end.map_or(u64::MAX, |end| frame_at(end, file_rate));
        if end <= skip {
            let end = clip.end.unwrap_or_default().as_secs_f64();
            return Err(format!("ends at {end} s, before it starts"));
        }
        let whole = reading.announced().map_or(u64::MAX, |length| frame_at(length, file_rate));
        let announced = end.min(whole);
        Ok(Self {
            announced: (announced < u64::MAX)
                .then(|| length(announced.saturating_sub(skip), file_rate)),
            converter: match rate == file_rate {
                true => None,
                false => Some(RateConverter::new(file_rate, rate, channels)?),
            },
            reading,
            rate,
            start: clip.start,
            skip,
            take: end - skip,
            at_end: false,
            gave_up: None,
            delivered: 0,
            frames: Vec::new(),
            converted: Vec::new(),
        })
    }

    /// One or two.
    pub(super) fn channels(&self) -> NonZeroU16 {
        NonZeroU16::new(self.reading.channels().min(2)).unwrap_or(NonZeroU16::MIN)
    }

    /// The rate of what it delivers.
    pub(super) fn rate(&self) -> NonZeroU32 {
        NonZeroU32::new(self.rate).unwrap_or(NonZeroU32::MIN)
    }

    /// The channels of the file itself.
    pub(super) fn file_channels(&self) -> u16 {
        self.reading.channels()
    }

    /// The rate of the file itself.
    pub(super) fn file_rate(&self) -> u32 {
        self.reading.rate()
    }

    /// How long the clip will be, by what the file and the cue say; no promise.
    pub(super) fn announced(&self) -> Option<Duration> {
        self.announced
    }

    /// Why it ended before its end: once it has ended, and where something was heard.
    pub(super) fn broken(&self) -> Option<String> {
        let reason = self.gave_up.as_deref().or_else(|| self.reading.broken())?;
        let at = length(self.reading.frames(), self.reading.rate()).as_secs_f64();
        Some(format!("breaks off after {at:.1} s: {reason}"))
    }

    /// How long what was delivered so far lasts.
    pub(super) fn length(&self) -> Duration {
        length(self.delivered, self.rate)
    }

    /// Puts the next interleaved samples in `out`, in place of what it held.
    ///
    /// # Errors
    /// The clip holds no sound at all, or too much. One that breaks off later just ends there.
    pub(super) fn next(&mut self, out: &mut Vec<i16>) -> Result<Step, String> {
        out.clear();
        if self.at_end {
            return Ok(Step::End);
        }
        // A decoder that trips over a corrupt file takes no thread with it.
        match guarded(|| self.next_unguarded(out)) {
            Ok(step) => step,
            Err(panic) => {
                self.at_end = true;
                if self.delivered == 0 {
                    return Err(panic);
                }
                self.gave_up = Some(panic);
                Ok(Step::End)
            }
        }
    }

    fn next_unguarded(&mut self, out: &mut Vec<i16>) -> Result<Step, String> {
        self.frames.clear();
        self.converted.clear();
        let wanted = if self.skip > 0 { self.skip } else { self.take };
        let wanted = usize::try_from(wanted).unwrap_or(usize::MAX).min(BLOCK_FRAMES);
        let before = self.reading.frames();
        let more = self.reading.read(wanted, &mut self.frames);
        let read = self.reading.frames() - before;
        if length(self.reading.frames(), self.reading.rate()) > LONGEST {
            self.at_end = true;
            return Err(format!("lasts more than {} hours", LONGEST.as_secs() / 3600));
        }
        if self.skip > 0 {
            self.skip -= read;
            return if more { Ok(Step::More) } else { self.end() };
        }
        self.take -= read;
        self.at_end = !more || self.take == 0;
        let samples = match &mut self.converter {
            None => &self.frames,
            Some(converter) => {
                converter.push(&self.frames, &mut self.converted)?;
                if self.at_end {
                    converter.finish(&mut self.converted)?;
                }
                &self.converted
            }
        };
        out.extend(samples.iter().map(|sample| to_i16(*sample)));
        self.delivered += out.len() as u64 / u64::from(self.channels().get());
        if self.at_end && self.delivered == 0 { self.end() } else { Ok(Step::More) }
    }

    /// The file is over, and nothing of the clip was heard.
    fn end(&mut self) -> Result<Step, String> {
        self.at_end = true;
        let frames = self.reading.frames();
        if let Some(reason) = self.reading.broken().filter(|_| frames == 0) {
            return Err(reason.to_owned());
        }
        if frames == 0 {
            return Err("holds no sound".into());
        }
        let start = self.start.as_secs_f64();
        let file = length(frames, self.reading.rate()).as_secs_f64();
        Err(format!("starts at {start} s, past the end of the file, which lasts {file:.3} s"))
    }
}

fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    // What it leaves half done is not used again: the pipeline ends there.
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|_| "is so corrupt that its decoder gave up".to_owned())
}

// Rounded, so that a 16-bit file comes out as it was.
#[expect(clippy::cast_possible_truncation, reason = "a float's `as` saturates; NaN becomes 0")]
fn to_i16(sample: f32) -> i16 {
    (sample * 32_768.0).round() as i16
}
