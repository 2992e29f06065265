//! A tone of one second on the sound output, and how the output took it.

use std::{
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

use super::Verdict;
use crate::{
    engine::{Cue, PlaybackId, SoundName},
    player::{self, AudioConfig, Library, Player},
    sounds::SoundFolder,
};

/// A card that is there answers sooner.
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens the sound output, with the sound of `cue` in memory.
///
/// # Errors
/// There is no output, in words.
pub fn open(
    audio: AudioConfig,
    sounds: SoundFolder,
    cue: &Cue,
) -> Result<(Player, Library), String> {
    let (wake, woken) = mpsc::channel();
    let wake = Arc::new(move || {
        wake.send(()).ok();
    });
    let (player, library) = player::open(audio, sounds, wake);
    library.prepare(vec![cue.clone()]);
    library.settle();
    let until = Instant::now() + PATIENCE;
    loop {
        let status = library.status();
        if status.ready {
            library.settle();
            return Ok((player, library));
        }
        let left = until.saturating_duration_since(Instant::now());
        if woken.recv_timeout(left).is_err() {
            return Err(format!("sound output {}: {}", status.device, status.detail));
        }
    }
}

/// Plays it whole; what was played, in words, and whether it went as it should.
pub fn play(audio: AudioConfig, sounds: SoundFolder, sound: SoundName) -> (String, Verdict) {
    let what = format!("a tone on the sound output {}", audio.device);
    let cue = Cue { sound, start: Duration::ZERO, end: None, volume: 1.0 };
    match open(audio, sounds, &cue).and_then(|opened| listen(opened, &cue)) {
        Ok(how) => (format!("{what}: {how}"), Verdict::Right),
        Err(reason) => (what, Verdict::Wrong(reason)),
    }
}

fn listen((mut player, library): (Player, Library), cue: &Cue) -> Result<String, String> {
    let began = Instant::now();
    let length = player.play(PlaybackId(1), cue).map_err(|fault| fault.reason)?;
    let ended = loop {
        if let Some(ended) = player.take_ended() {
            break ended;
        }
        if began.elapsed() > length + PATIENCE {
            return Err(format!("{length:?} of sound were not taken within {:?}", began.elapsed()));
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let took = began.elapsed();
    if let Some(fault) = ended.fault {
        return Err(fault.reason);
    }
    let status = library.status();
    let how = format!(
        "{}; {:.2} s of sound in {:.2} s, {} underruns{}",
        status.detail,
        length.as_secs_f64(),
        took.as_secs_f64(),
        status.underruns,
        if status.underruns > 0 { ": a larger audio.buffer_frames ends them" } else { "" },
    );
    // Sooner by more than what lies ready in a card's buffer: it was swallowed, not played.
    if took + Duration::from_millis(300) < length {
        return Err(format!("too fast to have been heard: {how}"));
    }
    Ok(how)
}
