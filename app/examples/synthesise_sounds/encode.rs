//! From samples to a file, by `ffmpeg` where it is more than PCM.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};

use crate::score::RATE;

/// Writes `samples` to `file` in the format of its ending, over what was there.
pub fn write(samples: &[f64], file: &Path) -> anyhow::Result<()> {
    let encoder: &[&str] = match file.extension().and_then(|ending| ending.to_str()) {
        Some("wav") => return write_wav(samples, file),
        Some("mp3") => &["-c:a", "libmp3lame", "-b:a", "96k"],
        Some("flac") => &["-c:a", "flac", "-compression_level", "12"],
        Some("ogg") => &["-c:a", "libvorbis", "-q:a", "5"],
        _ => anyhow::bail!("{}: no encoder for this ending", file.display()),
    };
    let pcm = tempfile::Builder::new().suffix(".wav").tempfile()?;
    write_wav(samples, pcm.path())?;
    // Bit-exact: no encoder's version and no random stream number, so a second run changes nothing.
    let status = Command::new("ffmpeg")
        .args(["-nostdin", "-loglevel", "error", "-y", "-bitexact", "-i"])
        .arg(pcm.path())
        .args(encoder)
        .args(["-flags:a", "+bitexact", "-fflags", "+bitexact", "-map_metadata", "-1"])
        .arg(file)
        .status()
        .context("ffmpeg encodes the sounds and did not start: is it installed?")?;
    ensure!(status.success(), "ffmpeg could not write {}: {status}", file.display());
    Ok(())
}

fn write_wav(samples: &[f64], file: &Path) -> anyhow::Result<()> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(file, spec)
        .with_context(|| format!("{} cannot be written", file.display()))?;
    for sample in samples {
        #[allow(clippy::cast_possible_truncation, reason = "peaks lie below full scale")]
        writer.write_sample((sample * f64::from(i16::MAX)).round() as i16)?;
    }
    Ok(writer.finalize()?)
}
