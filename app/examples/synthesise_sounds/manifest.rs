//! The manifest beside the sounds: what each is, its checksum and its licence.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::sounds::Sound;

/// What the manifest says of `sound`, as it was written to `file`.
pub fn entry(sound: &Sound, file: &Path) -> anyhow::Result<Value> {
    let bytes =
        std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(json!({
        "name": sound.file,
        "description": { "fr": sound.fr, "en": sound.en },
        "seconds": (sound.score)().seconds,
        "bytes": bytes.len(),
        "sha256": hex(&Sha256::digest(&bytes)),
        "licence": "CC0-1.0",
        "made_by": "make sounds (app/examples/synthesise_sounds)",
    }))
}

/// Writes the manifest.
pub fn write(entries: &[Value], file: &Path) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(&json!({ "sounds": entries }))? + "\n";
    std::fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))
}

fn hex(digest: &[u8]) -> String {
    digest.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes what it is given");
        text
    })
}
