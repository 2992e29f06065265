//! Every format that a sound's name may end in is really decoded.
//!
//! ffmpeg encodes, so that what is decoded here is what the world makes; `make deps` installs it.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::*;

/// A stereo tone after half a second of silence.
pub(in crate::player) fn tone(path: &Path, seconds: usize) -> PathBuf {
    let mono = [vec![0; 22_050], sine(44_100, 880.0, seconds * 44_100)].concat();
    wav(path, 44_100, 2, &doubled(&mono));
    path.to_owned()
}

/// The bytes of a WAV file in another format.
pub(in crate::player) fn encoded(wav: &Path, ending: &str) -> Vec<u8> {
    let out = wav.with_extension(format!("encoded.{ending}"));
    let vorbis: &[&str] = if ending == "ogg" { &["-c:a", "libvorbis"] } else { &[] };
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-nostdin", "-loglevel", "error", "-y", "-i"]).arg(wav).args(vorbis).arg(&out);
    let ran = ffmpeg.output().expect("ffmpeg encodes for this test: `make deps` installs it");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let bytes = fs::read(&out).unwrap();
    fs::remove_file(&out).unwrap();
    bytes
}

#[test]
fn every_format_is_decoded() {
    let mut scene = Scene::new();
    let wav = tone(&scene.path("tone.wav"), 2);
    // How far a format may shift or stretch: AAC adds a frame or two of its own at both ends.
    for (ending, off_at_most) in
        [("wav", 1), ("flac", 1), ("mp3", 100), ("ogg", 100), ("m4a", 3500)]
    {
        let sound = format!("tone.{ending}");
        fs::write(scene.path(&sound), encoded(&wav, ending)).unwrap();
        scene.prepare(&[cue(&sound)]);
        assert_eq!(scene.library.faults().len(), 0, "{:?}", scene.library.faults());
        scene.play(1, &cue(&sound));
        let heard: Vec<i16> = scene.hear().into_iter().step_by(2).collect();
        let length = heard.len().abs_diff(120_000);
        assert!(length <= off_at_most, "{sound}: {} frames", heard.len());
        let first = heard.iter().position(|sample| sample.abs() > 3000).unwrap();
        assert!(first.abs_diff(24_000) <= off_at_most + 10, "{sound}: begins at {first}");
        // Crossings upwards in one second are the pitch.
        let second = &heard[36_000..84_000];
        let pitch = second.windows(2).filter(|pair| pair[0] < 0 && pair[1] >= 0).count();
        assert!(pitch.abs_diff(880) <= 1, "{sound}: {pitch} Hz");
        let loudest = second.iter().max().unwrap();
        assert!(loudest.abs_diff(16_384) < 1200, "{sound}: {loudest}");
        let info = scene.library.inspect(&name(&sound)).unwrap();
        assert_eq!((info.channels, info.sample_rate, info.broken), (2, 44_100, None), "{sound}");
    }
}
