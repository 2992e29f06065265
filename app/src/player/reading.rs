//! A sound file being decoded, from its first frame to its last readable one.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    sync::{Arc, OnceLock},
    time::Duration,
};

use rodio::{Decoder, Source};

use crate::engine::SoundName;

/// Frames of one or two channels out of a file: the front left and right of whatever it has.
pub(super) struct Reading {
    decoder: Decoder<Watched>,
    read_error: Arc<OnceLock<String>>,
    channels: u16,
    rate: u32,
    announced: Option<Duration>,
    // Whether `announced` was counted by the encoder, not guessed from the size of the file.
    announced_exactly: bool,
    frames: u64,
    broken: Option<String>,
}

// Rates that some card or file really has; a corrupt header may claim any.
const RATES_HZ: std::ops::RangeInclusive<u32> = 4_000..=384_000;

impl Reading {
    /// Reads the head of a file. The name serves as a hint of its format.
    pub(super) fn open(file: File, name: &SoundName) -> Result<Self, String> {
        let bytes = file.metadata().map_err(|error| error.to_string())?.len();
        if bytes == 0 {
            return Err("is empty".into());
        }
        let read_error = Arc::new(OnceLock::new());
        let decoder = Decoder::builder()
            .with_data(Watched { file, error: Arc::clone(&read_error) })
            .with_byte_len(bytes)
            .with_hint(name.ending())
            .build();
        let decoder = match (decoder, read_error.get()) {
            (Ok(decoder), _) => decoder,
            (Err(_), Some(error)) => return Err(format!("cannot be read: {error}")),
            (Err(error), None) => {
                let known = SoundName::ENDINGS.join(", ");
                return Err(format!("is no sound this box can decode ({known}): {error}"));
            }
        };
        let (channels, rate) = (decoder.channels().get(), decoder.sample_rate().get());
        if !RATES_HZ.contains(&rate) {
            let (low, high) = (RATES_HZ.start(), RATES_HZ.end());
            return Err(format!("has {rate} samples a second, and must have {low} to {high}"));
        }
        Ok(Self {
            announced: decoder.total_duration(),
            announced_exactly: name.ending() != "mp3",
            decoder,
            read_error,
            channels,
            rate,
            frames: 0,
            broken: None,
        })
    }

    /// The channels of the file; one or two of them are delivered.
    pub(super) fn channels(&self) -> u16 {
        self.channels
    }

    pub(super) fn rate(&self) -> u32 {
        self.rate
    }

    /// How long the file says it is. Not to be relied on.
    pub(super) fn announced(&self) -> Option<Duration> {
        self.announced
    }

    /// How many frames were read so far.
    pub(super) fn frames(&self) -> u64 {
        self.frames
    }

    /// Why it ended before its end, once it has ended.
    pub(super) fn broken(&self) -> Option<&str> {
        self.broken.as_deref()
    }

    /// Appends up to `most` frames; `false` when there are no more.
    pub(super) fn read(&mut self, most: usize, out: &mut Vec<f32>) -> bool {
        for _ in 0..most {
            if !self.read_frame(out) {
                self.note_how_it_ended();
                return false;
            }
        }
        true
    }

    fn read_frame(&mut self, out: &mut Vec<f32>) -> bool {
        let Some(left) = self.decoder.next() else { return false };
        // A decoder shows a change of format with the first sample that has it.
        let channels = self.decoder.channels().get();
        if channels != self.channels || self.decoder.sample_rate().get() != self.rate {
            self.broken = Some("changes its format".into());
            return false;
        }
        let right = if channels > 1 {
            let Some(right) = self.decoder.next() else { return false };
            Some(right)
        } else {
            None
        };
        for _ in 2..channels {
            if self.decoder.next().is_none() {
                return false;
            }
        }
        out.push(left);
        out.extend(right);
        self.frames += 1;
        true
    }

    fn note_how_it_ended(&mut self) {
        if let Some(error) = self.read_error.get() {
            self.broken = Some(format!("cannot be read: {error}"));
        }
        let read = Duration::from_secs_f64(self.frames as f64 / f64::from(self.rate));
        let (Some(announced), true, None) = (self.announced, self.announced_exactly, &self.broken)
        else {
            return;
        };
        // Encoders count their own padding: up to a few thousand frames are no loss.
        if announced > read + Duration::from_millis(200) {
            self.broken = Some(format!("ought to last {:.1} s", announced.as_secs_f64()));
        }
    }
}

// rodio takes an error of the disk for the end of the sound: it is noted on the way.
struct Watched {
    file: File,
    error: Arc<OnceLock<String>>,
}

impl Watched {
    fn note<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result
            && error.kind() != io::ErrorKind::Interrupted
        {
            let _already_noted = self.error.set(error.to_string());
        }
        result
    }
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = self.file.read(buffer);
        self.note(result)
    }
}

impl Seek for Watched {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        // A corrupt file makes the decoder seek to impossible places: the file's fault, not the
        // disk's.
        self.file.seek(position)
    }
}
