//! How loud a sound is: EBU R 128, and whether it was driven into the ceiling.

use std::num::{NonZeroU16, NonZeroU32};

use ebur128::{Channel, EbuR128, Mode};

/// How loud a sound is, as this box plays it at full volume.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Loudness {
    /// Of the whole, gated (EBU R 128), in LUFS; `None`: shorter than 400 ms, or silent.
    pub lufs: Option<f64>,
    /// The highest sample, in dB of full scale; `None`: all are zero.
    pub peak_dbfs: Option<f64>,
    /// Whether it distorts: several samples running lie at full scale.
    pub clips: bool,
}

/// Listens to a sound, block by block.
pub(super) struct Meter {
    // `None`: this sound cannot be measured, and rings all the same.
    ebu: Option<EbuR128>,
    highest: u16,
    channels: usize,
    /// Of each channel: samples at full scale, running.
    running: [u32; 2],
    clips: bool,
}

// A wave that just touches full scale does so for a sample or two; one that was cut off stays.
const CLIPS_FROM: u32 = 3;

impl Meter {
    pub(super) fn new(channels: NonZeroU16, rate: NonZeroU32) -> Self {
        let mut ebu = EbuR128::new(channels.get().into(), rate.get(), Mode::I).ok();
        if let (1, Some(ebu)) = (channels.get(), &mut ebu) {
            // Both loudspeakers play it: measured as what is heard.
            ebu.set_channel(0, Channel::DualMono).ok();
        }
        Self { ebu, highest: 0, channels: channels.get().into(), running: [0; 2], clips: false }
    }

    /// The next interleaved samples, whole frames.
    pub(super) fn hear(&mut self, samples: &[i16]) {
        self.ebu.take_if(|ebu| ebu.add_frames_i16(samples).is_err());
        for frame in samples.chunks_exact(self.channels) {
            for (sample, running) in frame.iter().zip(&mut self.running) {
                self.highest = self.highest.max(sample.unsigned_abs());
                *running = if sample.unsigned_abs() < 32_767 { 0 } else { *running + 1 };
                self.clips |= *running >= CLIPS_FROM;
            }
        }
    }

    /// What was heard.
    pub(super) fn loudness(&self) -> Loudness {
        let lufs = self.ebu.as_ref().and_then(|ebu| ebu.loudness_global().ok());
        let peak = (self.highest > 0).then(|| 20.0 * (f64::from(self.highest) / 32_768.0).log10());
        Loudness { lufs: lufs.filter(|lufs| lufs.is_finite()), peak_dbfs: peak, clips: self.clips }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 48_000;

    /// Two seconds of 1 kHz; what is above full scale is cut off.
    #[expect(clippy::cast_possible_truncation, reason = "that is the cutting off")]
    fn tone(decibels: f64, channels: u16) -> Loudness {
        let mut meter = Meter::new(channels.try_into().unwrap(), RATE.try_into().unwrap());
        let amplitude = 32_768.0 * 10_f64.powf(decibels / 20.0);
        let wave = |frame| (f64::from(frame) * std::f64::consts::TAU / 48.0).sin();
        let samples: Vec<i16> = (0..2 * RATE)
            .flat_map(|frame| {
                std::iter::repeat_n((amplitude * wave(frame)) as i16, channels.into())
            })
            .collect();
        for block in samples.chunks(4096) {
            meter.hear(block);
        }
        meter.loudness()
    }

    #[test]
    fn a_tone_is_as_loud_as_ebu_tech_3341_says() {
        // Of 1 kHz in both loudspeakers the loudness is its level.
        for (decibels, channels) in [(-23.0, 2), (-33.0, 2), (-23.0, 1)] {
            let loudness = tone(decibels, channels);
            assert!((loudness.lufs.unwrap() - decibels).abs() < 0.1, "{loudness:?}");
            assert!((loudness.peak_dbfs.unwrap() - decibels).abs() < 0.1, "{loudness:?}");
            assert!(!loudness.clips);
        }
    }

    #[test]
    fn what_is_cut_off_clips_and_what_touches_the_ceiling_does_not() {
        assert!(!tone(0.0, 1).clips);
        assert!(tone(3.0, 1).clips && tone(3.0, 2).clips);
    }

    #[test]
    fn silence_and_what_is_too_short_have_no_loudness() {
        let mut meter = Meter::new(NonZeroU16::MIN, RATE.try_into().unwrap());
        meter.hear(&vec![0; 96_000]);
        assert_eq!(meter.loudness(), Loudness::default());
        let mut meter = Meter::new(NonZeroU16::MIN, RATE.try_into().unwrap());
        meter.hear(&[16_384; 4800]);
        let loudness = meter.loudness();
        assert_eq!(loudness.lufs, None);
        assert!((loudness.peak_dbfs.unwrap() + 6.02).abs() < 0.01);
    }
}
