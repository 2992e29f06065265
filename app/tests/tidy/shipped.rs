//! The sounds that ship are what their manifest says.

use std::fs::File;
use std::path::Path;

use rodio::{Decoder, Source};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{root, text};

/// What a codec may add at the end: two MP3 frames.
const PADDING_SECONDS: f64 = 0.05;

/// What all of them may take: they are part of the program.
const BYTES_AT_MOST: u64 = 512 * 1024;

#[test]
fn the_sounds_are_what_their_manifest_says() {
    let folder = root().join("data/musiques");
    let manifest: Value =
        serde_json::from_str(&text(Path::new("data/musiques/manifest.json")).unwrap()).unwrap();
    let mut total = 0;
    for entry in manifest["sounds"].as_array().unwrap() {
        let name = entry["name"].as_str().unwrap();
        let bytes = std::fs::read(folder.join(name)).unwrap();
        let digest: String =
            Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(entry["sha256"], digest, "{name}");
        assert_eq!(entry["bytes"], bytes.len(), "{name}");
        assert_eq!(entry["licence"], "CC0-1.0", "{name}");
        for language in ["fr", "en"] {
            assert!(
                entry["description"][language].as_str().is_some_and(|words| !words.is_empty()),
                "{name}"
            );
        }
        sounds_well(&folder.join(name), entry["seconds"].as_f64().unwrap());
        total += entry["bytes"].as_u64().unwrap();
    }
    assert!(total <= BYTES_AT_MOST, "{total} bytes of sounds");
}

/// Decodes `file` and checks its length, that it is not clipped, and that it ends without a click.
fn sounds_well(file: &Path, seconds: f64) {
    let sound = Decoder::try_from(File::open(file).unwrap()).unwrap();
    let (channels, rate) =
        (f64::from(sound.channels().get()), f64::from(sound.sample_rate().get()));
    let samples: Vec<f32> = sound.collect();
    let name = file.display();
    let decoded = samples.len() as f64 / channels / rate;
    assert!(
        (decoded - seconds).abs() <= PADDING_SECONDS,
        "{name}: {decoded} s instead of {seconds} s"
    );
    let peak = samples.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    assert!((0.2..0.8).contains(&peak), "{name}: its highest peak is {peak}");
    assert!(samples[samples.len() - 1].abs() < 0.01, "{name}: it ends with a click");
}
