//! `beffroi backup` and `beffroi restore`, for who has a shell on the box.
//!

use std::{
    fs::{File, OpenOptions},
    io::{BufReader, BufWriter},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    sync::Arc,
};

use anyhow::Context as _;

use super::ask;
use crate::{
    backup,
    player::{self, AudioConfig, Device},
    run,
    socket::{self, Request},
    sounds::SoundFolder,
    store::Store,
};

/// Writes a backup into a file that does not exist yet.
pub fn backup(data: &Path, file: &Path) -> anyhow::Result<()> {
    let (store, folder) = (Store::open(data)?, SoundFolder::new(data.join("musiques")));
    let mut options = OpenOptions::new();
    let options = options.write(true).create_new(true).mode(0o600);
    let name = || format!("writing {}", file.display());
    let written = options.open(file).with_context(name)?;
    let done = backup::write(&store, &folder, BufWriter::new(&written))
        .map_err(anyhow::Error::from)
        .and_then(|()| Ok(written.sync_all()?));
    if done.is_err() {
        std::fs::remove_file(file).ok(); // half a backup is none
    }
    done.with_context(name)?;
    println!("{} holds the configuration and the sounds", file.display());
    Ok(())
}

/// Puts a backup in force, also in the service that runs.
pub fn restore(data: &Path, file: &Path) -> anyhow::Result<()> {
    let source = File::open(file).with_context(|| format!("reading {}", file.display()))?;
    let (store, folder) = (Store::open(data)?, SoundFolder::new(data.join("musiques")));
    folder.prepare().context("opening the sound folder")?;
    let audio =
        AudioConfig { device: Device::Null, rehearsal: run::rehearsal(), ..AudioConfig::default() };
    let (_player, library) = player::open(audio, folder.clone(), Arc::new(|| {}));
    let contents = backup::read(BufReader::new(source), data, &folder, |file, name| {
        library.inspect_file(file, name).map(drop).map_err(|fault| fault.reason)
    })?;
    let report = backup::restore(&store, &folder, contents, jiff::Timestamp::now())?;
    for left_out in &report.left_out {
        println!("left out: {left_out}");
    }
    for remark in &report.remarks {
        println!("{remark}");
    }
    println!("restored: {} triggers, {} sounds", report.triggers.len(), report.sounds.len());
    if socket::is_served(data) {
        return ask(data, &Request::Reload);
    }
    Ok(())
}
