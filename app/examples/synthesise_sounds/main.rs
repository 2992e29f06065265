//! Writes the sounds of `data/musiques/` and their manifest: `make sounds`.
//!
//! Everything that ships is computed here, so that nothing needs a licence but ours (CC0). The
//! program `ffmpeg` encodes: the MP3 encoders written in Rust are LGPL ports or beginnings, and
//! this runs on a developer's desk only.

mod encode;
mod manifest;
mod score;
mod sounds;

use std::path::PathBuf;

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.context("wanted the folder to write to, as in: data/musiques")?;
    let mut entries = Vec::new();
    for sound in sounds::ALL {
        let file = folder.join(sound.file);
        encode::write(&(sound.score)().render(sound.peak_dbfs), &file)?;
        entries.push(manifest::entry(sound, &file)?);
    }
    manifest::write(&entries, &folder.join("manifest.json"))
}
