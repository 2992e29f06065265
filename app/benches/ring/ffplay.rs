//! How long `ffplay`, as pySonnerie starts it, needs to its first audible sample.
//!
//! SDL's disk driver stands for the sound card: it takes a buffer, hands it to us through a pipe,
//! and waits as long as the buffer lasts, as a card would. What is measured is thus the same as
//! for the bell: the moment at which the first sound is handed to the output.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// −60 dBFS in 16-bit samples: below it is a codec's rounding, not a bell.
pub const AUDIBLE: u16 = 32;

/// The time from spawning `ffplay` for `file` to the first audible sample that it hands out.
pub fn first_audible_sample(file: &Path) -> io::Result<Duration> {
    File::open(file)?; // its own error is clearer than ffplay's
    let spawned = Instant::now();
    let mut player = on_a_pipe(file)?;
    let heard = match player.stdout.take() {
        Some(output) => wait_for_sound(BufReader::new(output)).map(|()| spawned.elapsed()),
        None => Err(io::Error::other("ffplay's output is not ours to read")),
    };
    player.kill()?;
    player.wait()?;
    heard
}

/// How much later `first_audible_sample` reads when one second of silence comes first: a second,
/// or it does not measure what it says.
pub fn shift_by_a_second_of_silence() -> io::Result<Duration> {
    let folder = tempfile::tempdir()?;
    let (at_once, later) = (folder.path().join("at-once.wav"), folder.path().join("later.wav"));
    write_tone(&at_once, 0).and_then(|()| write_tone(&later, 1)).map_err(io::Error::other)?;
    Ok(first_audible_sample(&later)?.saturating_sub(first_audible_sample(&at_once)?))
}

/// Spawns `ffplay` on the card that ALSA calls default.
pub fn on_the_default_card(file: &Path) -> io::Result<Child> {
    let mut command = ffplay(file);
    command.env("SDL_AUDIODRIVER", "alsa").env("SDL_AUDIO_DRIVER", "alsa").stdout(Stdio::null());
    spawn(command)
}

fn on_a_pipe(file: &Path) -> io::Result<Child> {
    let mut command = ffplay(file);
    // The second of each pair is how SDL 3 calls the first, for systems where it plays SDL 2.
    for name in ["SDL_AUDIODRIVER", "SDL_AUDIO_DRIVER"] {
        command.env(name, "disk");
    }
    for name in ["SDL_DISKAUDIOFILE", "SDL_AUDIO_DISK_OUTPUT_FILE"] {
        command.env(name, "/dev/stdout");
    }
    command.stdout(Stdio::piped());
    spawn(command)
}

fn ffplay(file: &Path) -> Command {
    let mut command = Command::new("ffplay");
    command.args(["-loglevel", "quiet", "-nodisp", "-autoexit"]).arg(file);
    command.stdin(Stdio::null()).stderr(Stdio::null());
    command
}

fn spawn(mut command: Command) -> io::Result<Child> {
    command
        .spawn()
        .map_err(|error| io::Error::new(error.kind(), format!("ffplay did not start: {error}")))
}

/// Returns as soon as a sample of `output` (native 16-bit) is louder than [`AUDIBLE`].
fn wait_for_sound(mut output: impl Read) -> io::Result<()> {
    let mut sample = [0; 2];
    loop {
        output.read_exact(&mut sample).map_err(|error| {
            io::Error::new(error.kind(), "ffplay ended before it played anything audible")
        })?;
        if i16::from_ne_bytes(sample).unsigned_abs() > AUDIBLE {
            return Ok(());
        }
    }
}

/// A tenth of a second of a 1 kHz square wave after `silence_seconds`.
fn write_tone(file: &Path, silence_seconds: u32) -> hound::Result<()> {
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: 48_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(file, spec)?;
    for _ in 0..silence_seconds * spec.sample_rate * 2 {
        writer.write_sample(0_i16)?;
    }
    for frame in 0..spec.sample_rate / 10 {
        let sample = if frame % 48 < 24 { 8_000_i16 } else { -8_000 };
        writer.write_sample(sample)?;
        writer.write_sample(sample)?;
    }
    writer.finalize()
}
