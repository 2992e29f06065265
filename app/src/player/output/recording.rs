//! What would have been heard, in a WAV file that is readable at any moment.
//!
//! Between sounds at most one second of silence is written, and the file starts over at 512 MiB: a
//! forgotten box fills no disk.

use std::{
    fs::{File, OpenOptions},
    io::{BufWriter, Seek},
    num::{NonZeroU16, NonZeroU32},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use hound::{SampleFormat, WavSpec, WavWriter};
use rustix::fs::OFlags;

/// A recording under way.
pub(super) struct Recording {
    path: PathBuf,
    spec: WavSpec,
    bytes_at_most: u64,
    writer: WavWriter<BufWriter<File>>,
    // Samples since the header last told how long the file is.
    unannounced: u64,
    // Samples of silence since something last played.
    silence: u64,
    playing: bool,
}

const BYTES_AT_MOST: u64 = 512 * 1024 * 1024;

impl Recording {
    /// Creates the file, or empties the one that is there.
    pub(super) fn create(
        path: &Path,
        rate: NonZeroU32,
        channels: NonZeroU16,
    ) -> Result<Self, String> {
        let spec = WavSpec {
            channels: channels.get(),
            sample_rate: rate.get(),
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        let mut recording = Self {
            path: path.into(),
            spec,
            bytes_at_most: BYTES_AT_MOST,
            writer: create(path, spec)?,
            unannounced: 0,
            silence: 0,
            playing: false,
        };
        recording.announce()?;
        Ok(recording)
    }

    /// Writes a block of interleaved samples; `playing`: something plays, even if it is silent.
    pub(super) fn write(&mut self, block: &[f32], playing: bool) -> Result<(), String> {
        self.silence = if playing { 0 } else { self.silence + block.len() as u64 };
        if self.silence <= self.samples_a_second() {
            if u64::from(self.writer.len()) * 2 >= self.bytes_at_most {
                self.writer = create(&self.path, self.spec)?;
            }
            let mut samples = self.writer.get_i16_writer(u32::try_from(block.len()).unwrap_or(0));
            block.iter().for_each(|sample| samples.write_sample(to_i16(*sample)));
            samples.flush().map_err(|error| failed(&self.path, &error))?;
            self.unannounced += block.len() as u64;
        }
        let over = self.playing && !playing;
        self.playing = playing;
        if over || self.unannounced >= self.samples_a_second() {
            self.announce()?;
        }
        Ok(())
    }

    /// Closes the file.
    pub(super) fn finish(self) -> Result<(), String> {
        let path = self.path;
        self.writer.finalize().map_err(|error| failed(&path, &error))
    }

    /// Writes all of it, and its length into the header: whoever is killed now leaves a whole file.
    fn announce(&mut self) -> Result<(), String> {
        self.unannounced = 0;
        self.writer.flush().map_err(|error| failed(&self.path, &error))
    }

    fn samples_a_second(&self) -> u64 {
        u64::from(self.spec.sample_rate) * u64::from(self.spec.channels)
    }
}

fn create(path: &Path, spec: WavSpec) -> Result<WavWriter<BufWriter<File>>, String> {
    // Without waiting for a reader, if it is a pipe.
    let flags = (OFlags::NONBLOCK | OFlags::CLOEXEC).bits().cast_signed();
    let mut options = OpenOptions::new();
    let opened = options.write(true).create(true).truncate(false).custom_flags(flags).open(path);
    let mut file = opened.map_err(|error| failed(path, &error))?;
    let metadata = file.metadata().map_err(|error| failed(path, &error))?;
    if !metadata.is_file() {
        return Err(failed(path, &"it is no file"));
    }
    file.set_len(0).and_then(|()| file.rewind()).map_err(|error| failed(path, &error))?;
    WavWriter::new(BufWriter::new(file), spec).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &dyn std::fmt::Display) -> String {
    format!("the recording {} cannot be written: {error}", path.display())
}

#[expect(clippy::cast_possible_truncation, reason = "a float's `as` saturates")]
fn to_i16(sample: f32) -> i16 {
    (sample * 32_768.0).round() as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recording(path: &Path) -> Recording {
        let (rate, channels) = (NonZeroU32::new(1000).unwrap(), NonZeroU16::new(2).unwrap());
        Recording::create(path, rate, channels).unwrap()
    }

    fn frames(path: &Path) -> usize {
        hound::WavReader::open(path).unwrap().into_samples::<i16>().map(Result::unwrap).count() / 2
    }

    #[test]
    fn the_file_is_whole_while_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.wav");
        let mut recording = recording(&path);
        assert_eq!(frames(&path), 0);
        for _ in 0..100 {
            recording.write(&[0.5; 20], true).unwrap();
        }
        assert_eq!(frames(&path), 1000, "the header was written each second");
        recording.write(&[0.5; 20], true).unwrap();
        assert_eq!(frames(&path), 1000);
        recording.write(&[0.0; 20], false).unwrap();
        assert_eq!(frames(&path), 1020, "and at the end of a sound");
        let samples: Vec<i16> =
            hound::WavReader::open(&path).unwrap().into_samples().map(Result::unwrap).collect();
        assert_eq!((samples[0], samples[2039]), (16_384, 0));
    }

    #[test]
    fn a_long_silence_becomes_one_second() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.wav");
        let mut recording = recording(&path);
        for _ in 0..60 {
            recording.write(&[0.0; 2000], false).unwrap();
        }
        recording.write(&[0.1; 2000], true).unwrap();
        // Silence inside a sound is its own.
        recording.write(&[0.0; 6000], true).unwrap();
        recording.finish().unwrap();
        assert_eq!(frames(&path), 1000 + 1000 + 3000);
    }

    #[test]
    fn at_its_bound_the_file_starts_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.wav");
        let mut recording = recording(&path);
        recording.bytes_at_most = 10 * 2000 * 2;
        for _ in 0..13 {
            recording.write(&[0.1; 2000], true).unwrap();
        }
        recording.finish().unwrap();
        assert_eq!(frames(&path), 3000);
    }

    #[test]
    fn what_is_no_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe.wav");
        let (fifo, mode) = (rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU);
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, fifo, mode, 0).unwrap();
        for path in [folder.path().join("none/out.wav"), folder.path().to_owned(), pipe] {
            let refused = Recording::create(&path, NonZeroU32::MIN, NonZeroU16::MIN);
            let reason = refused.err().unwrap();
            assert!(reason.contains("cannot be written: "), "{reason}");
        }
    }
}
