//! A backup: one file with the configuration, the sounds and what explains them.
//!
//! A .tar.gz. What explains them: the versions of the bell tables and the official calendars. Of the
//! feed's secret it holds the hash, by which nobody finds it: addresses that people have subscribed
//! to survive a new box. It holds no password, no key, no session and no journal: whoever finds it
//! learns what rings, and cannot enter. Written and read in a stream: its size needs no memory.

mod ration;
mod read;
#[cfg(test)]
mod tests;
mod write;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

pub use read::{Contents, ReadError, read};
pub use write::{Plan, WriteError, write};

use crate::{
    engine::SoundName,
    sounds::SoundFolder,
    store::{Paper, RestoreError, Store},
};

/// The most that the sounds and the configuration may hold: days of mp3.
pub const MAX_BYTES: u64 = 2 << 30;

/// The most files that a backup holds.
pub const MAX_FILES: usize = 2000;

const CONF: &str = "conf.json";
const SOUNDS: &str = "musiques/";

/// What a restore has done.
#[derive(Debug, Serialize, ToSchema)]
pub struct Report {
    /// The triggers that ring now.
    #[schema(example = json!(["GPIO23"]))]
    pub triggers: Vec<String>,
    /// The sounds that were restored. Others that the box had are still there.
    #[schema(example = json!(["bell.mp3"]))]
    pub sounds: Vec<String>,
    /// What of the file was left out, and why, in words.
    pub left_out: Vec<String>,
    /// What somebody should know or do now, in words.
    pub remarks: Vec<String>,
}

/// Puts what a backup holds in force, all of it or nothing.
///
/// # Errors
/// Its configuration cannot be used, or the disk is full.
pub fn restore(
    store: &Store,
    folder: &SoundFolder,
    contents: Contents,
    now: Timestamp,
) -> Result<Report, RestoreError> {
    let Contents { document, staging, sounds, tray, papers, mut left_out } = contents;
    let before = store.conf();
    if papers.contains(&Paper::Feed) && store.feed().is_decided() {
        left_out.push(format!("{}: this box keeps its own", Paper::Feed));
    }
    let restored = store.restore(document, folder, staging, tray, now)?;
    let own = restored.own.iter().map(|path| format!("conf.json, {path}: this box keeps its own"));
    left_out.extend(own);
    left_out.extend(restored.problems.iter().map(|problem| format!("conf.json, {problem}")));

    let conf = store.conf();
    let there: Vec<SoundName> =
        folder.list().unwrap_or_default().into_iter().map(|sound| sound.name).collect();
    let mut remarks = Vec::new();
    for (id, trigger) in &conf.bells.triggers {
        let sound = &trigger.cue.sound;
        if !there.contains(sound) {
            remarks.push(format!("trigger {id} will not ring: {sound} is not on this box"));
        }
    }
    let listens = (&conf.server.host, conf.server.port);
    if (&before.server.host, before.server.port) != listens {
        let (host, port) = listens;
        remarks.push(format!("from the next start on, the box listens on {host} port {port}"));
    }
    if before.serial != conf.serial
        || before.board.kind != conf.board.kind
        || before.audio != conf.audio
        || before.gateway != conf.gateway
    {
        remarks.push(
            "what it says of serial, board.kind, audio and gateway counts from the next start on"
                .into(),
        );
    }
    Ok(Report {
        triggers: conf.bells.triggers.keys().map(ToString::to_string).collect(),
        sounds: sounds.iter().map(ToString::to_string).collect(),
        left_out,
        remarks,
    })
}
