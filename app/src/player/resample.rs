//! From a file's sample rate to the card's.
//!
//! Once, when a sound is prepared: rodio's mixer would do it too, but by straight lines between
//! samples, which is heard.

use rubato::{
    Fft, FixedSync, Resampler, WindowFunction, audioadapter_buffers::direct::InterleavedSlice,
};

/// Converts interleaved frames piece by piece. What comes out begins where what went in began,
/// and is as long to the frame.
pub(super) struct RateConverter {
    fft: Fft<f32>,
    channels: usize,
    from: u64,
    to: u64,
    // Input that does not fill a chunk yet.
    pending: Vec<f32>,
    chunk: Vec<f32>,
    // Frames of the filter's own delay that are still to be thrown away.
    delay: usize,
    frames_in: u64,
    frames_out: u64,
}

// 21 ms at 48 kHz: a filter steep enough to keep what is heard, and a small table.
const CHUNK_FRAMES: u32 = 1024;

impl RateConverter {
    /// For these rates, none of them 0.
    pub(super) fn new(from: u32, to: u32, channels: usize) -> Result<Self, String> {
        // The filter is as long as a chunk, and delays by half of it: an even number of the
        // smallest chunks, or everything would come half a frame late.
        let smallest = from / greatest_common_divisor(from, to);
        let chunk = smallest * (CHUNK_FRAMES / smallest).max(1).next_multiple_of(2);
        let (rate_in, rate_out, chunk) = (from as usize, to as usize, chunk as usize);
        let window = WindowFunction::BlackmanHarris2;
        let fft = Fft::new_custom(rate_in, rate_out, chunk, 1, channels, window, FixedSync::Both)
            .map_err(|error| format!("{from} Hz cannot be converted to {to} Hz: {error}"))?;
        Ok(Self {
            channels,
            from: from.into(),
            to: to.into(),
            pending: Vec::with_capacity(2 * fft.input_frames_next() * channels),
            chunk: vec![0.0; fft.output_frames_max() * channels],
            delay: fft.output_delay(),
            fft,
            frames_in: 0,
            frames_out: 0,
        })
    }

    /// Takes whole frames in, and appends to `out` what is ready.
    pub(super) fn push(&mut self, input: &[f32], out: &mut Vec<f32>) -> Result<(), String> {
        self.frames_in += (input.len() / self.channels) as u64;
        self.pending.extend_from_slice(input);
        let chunk = self.fft.input_frames_next() * self.channels;
        let whole = self.pending.len() - self.pending.len() % chunk;
        let pending = std::mem::take(&mut self.pending);
        for samples in pending.get(..whole).unwrap_or_default().chunks_exact(chunk) {
            self.convert(samples, out)?;
        }
        self.pending = pending;
        self.pending.drain(..whole);
        Ok(())
    }

    /// Appends the rest: all that went in has then come out.
    pub(super) fn finish(&mut self, out: &mut Vec<f32>) -> Result<(), String> {
        let wanted = (self.frames_in * self.to + self.from / 2) / self.from;
        let chunk = self.fft.input_frames_next() * self.channels;
        let mut last = std::mem::take(&mut self.pending);
        while self.frames_out < wanted {
            last.resize(chunk, 0.0);
            self.convert(&last, out)?;
            last.clear();
        }
        let surplus = usize::try_from(self.frames_out - wanted).unwrap_or(usize::MAX);
        out.truncate(out.len().saturating_sub(surplus.saturating_mul(self.channels)));
        Ok(())
    }

    fn convert(&mut self, chunk: &[f32], out: &mut Vec<f32>) -> Result<(), String> {
        let said = |error: &dyn std::fmt::Display| format!("cannot be resampled: {error}");
        let (channels, room) = (self.channels, self.chunk.len() / self.channels);
        let input = InterleavedSlice::new(chunk, channels, chunk.len() / channels)
            .map_err(|error| said(&error))?;
        let mut output = InterleavedSlice::new_mut(&mut self.chunk, channels, room)
            .map_err(|error| said(&error))?;
        let (_, frames) = self
            .fft
            .process_into_buffer(&input, &mut output, None)
            .map_err(|error| said(&error))?;
        let late = self.delay.min(frames);
        self.delay -= late;
        self.frames_out += (frames - late) as u64;
        out.extend_from_slice(
            self.chunk.get(late * channels..frames * channels).unwrap_or_default(),
        );
        Ok(())
    }
}

fn greatest_common_divisor(one: u32, other: u32) -> u32 {
    if other == 0 { one } else { greatest_common_divisor(other, one % other) }
}

#[cfg(test)]
mod tests {
    use std::f32::consts::TAU;

    use super::*;

    fn convert(from: u32, to: u32, channels: usize, input: &[f32], piece: usize) -> Vec<f32> {
        let mut converter = RateConverter::new(from, to, channels).unwrap();
        let mut out = Vec::new();
        for piece in input.chunks(piece * channels) {
            converter.push(piece, &mut out).unwrap();
        }
        converter.finish(&mut out).unwrap();
        out
    }

    #[test]
    fn a_tone_keeps_its_pitch_its_onset_and_its_length() {
        let tone = |rate: u32, hz: f32, frames: usize| -> Vec<f32> {
            (0..frames).map(|i| 0.5 * (TAU * hz * i as f32 / rate as f32).sin()).collect()
        };
        for (from, to) in [(44_100, 48_000), (22_050, 48_000), (48_000, 44_100), (8_000, 48_000)] {
            let frames = from as usize / 2;
            let out = convert(from, to, 1, &tone(from, 1000.0, frames), 777);
            assert_eq!(out.len(), to as usize / 2, "{from} to {to}: length");
            let ideal = tone(to, 1000.0, out.len());
            // Away from the edges, where the filter rings: phase and pitch would both show here.
            let worst = out[1000..out.len() - 1000]
                .iter()
                .zip(&ideal[1000..])
                .map(|(got, wanted)| (got - wanted).abs())
                .fold(0.0, f32::max);
            assert!(worst < 1e-3, "{from} to {to}: off by {worst}");
        }
    }

    #[test]
    fn an_impulse_stays_where_it_was_and_in_its_channel() {
        let mut input = vec![0.0; 2 * 44_100];
        input[2 * 14_700] = 1.0;
        let out = convert(44_100, 48_000, 2, &input, 4096);
        let left: Vec<f32> = out.iter().copied().step_by(2).collect();
        let peak = (0..left.len()).max_by(|a, b| left[*a].total_cmp(&left[*b])).unwrap();
        assert_eq!(peak, 16_000);
        assert!(out.iter().skip(1).step_by(2).all(|right| *right == 0.0));
    }

    #[test]
    fn any_length_comes_out_whole() {
        for frames in [0_usize, 1, 2, 146, 147, 148, 1029, 1030, 5000] {
            let out = convert(44_100, 48_000, 2, &vec![0.1; frames * 2], 500);
            let wanted = (frames * 480 + 220) / 441;
            assert_eq!(out.len(), wanted * 2, "{frames} frames");
        }
    }
}
