//! A sound on its way in: a hidden file, decoded to its end, then a sound.

use std::{
    io::{self, Write},
    sync::{Arc, PoisonError},
};

use bytes::Bytes;
use hyper::StatusCode;
use tokio::{sync::mpsc, task::spawn_blocking};

use crate::{
    engine::{Fault, SoundName},
    http::{
        api::{Api, blocking, wanted::Wanted},
        body::Body,
        problem::Problem,
    },
    sounds::{SoundFolder, Upload},
};

/// The most that a sound may hold: more than an hour of mp3.
pub const BYTES: u64 = 64 << 20;

/// Uploads under way at once: each may fill the disk by [`BYTES`] and keeps a processor busy.
pub const UPLOADS: usize = 2;

/// Parts that wait for a slow disk; of 16 KiB, mostly.
const QUEUE: usize = 16;

/// Takes a sound in; whether it has taken another's place.
pub async fn receive(
    api: &Arc<Api>,
    name: &SoundName,
    wanted: Wanted,
    body: Body,
) -> Result<bool, Problem> {
    check_type(&body.media_type(), name)?;
    body.check()?;
    let busy = |_| Problem::unavailable("other uploads are under way: try again in a moment");
    let _turn = api.uploads.try_acquire().map_err(busy)?;
    let upload = write(api.services.folder.clone(), body).await?;
    let (name, api) = (name.clone(), api.clone());
    blocking("taking a sound in", move || {
        let file = upload.reopen().map_err(|error| disk(&error))?;
        let wrong = |fault: Fault| Problem::field("", fault.reason);
        api.services.bell.library().inspect_file(file, &name).map_err(wrong)?;
        let _alone = api.changing.lock().unwrap_or_else(PoisonError::into_inner);
        super::as_wanted(&wanted, &api, &name)?;
        upload.keep(&name).map_err(|error| disk(&error))
    })
    .await
}

/// The network does not wait for the disk, nor the disk's thread for the network's.
async fn write(folder: SoundFolder, mut body: Body) -> Result<Upload, Problem> {
    let (parts, mut queue) = mpsc::channel::<Bytes>(QUEUE);
    let writer = spawn_blocking(move || -> io::Result<Upload> {
        let mut upload = folder.upload()?;
        while let Some(part) = queue.blocking_recv() {
            upload.write_all(&part)?;
        }
        Ok(upload)
    });
    let received = forward(&mut body, parts).await;
    let written = writer.await.map_err(|panic| Problem::internal("writing a sound", panic))?;
    received?; // the hidden file goes with what was written
    written.map_err(|error| disk(&error))
}

async fn forward(body: &mut Body, parts: mpsc::Sender<Bytes>) -> Result<(), Problem> {
    while let Some(part) = body.next().await? {
        if parts.send(part).await.is_err() {
            break; // the writer has ended, and says why
        }
    }
    Ok(())
}

/// Lenient: what says nothing, or something vague, is decided by decoding.
fn check_type(media_type: &str, name: &SoundName) -> Result<(), Problem> {
    let meant = match media_type {
        "audio/mpeg" | "audio/mp3" => "mp3",
        "audio/wav" | "audio/x-wav" | "audio/wave" | "audio/vnd.wave" => "wav",
        "audio/flac" | "audio/x-flac" => "flac",
        "audio/ogg" | "application/ogg" | "audio/vorbis" => "ogg",
        "audio/mp4" | "audio/x-m4a" | "audio/m4a" | "video/mp4" => "m4a",
        "" | "application/octet-stream" | "application/x-www-form-urlencoded" => return Ok(()),
        other if other.starts_with("audio/") => return Ok(()),
        _ => "",
    };
    if meant == name.ending() {
        return Ok(());
    }
    let detail = match meant {
        "" => format!("{media_type} is no sound: send the file itself as the body"),
        _ => format!("{media_type} is no content for a name that ends in .{}", name.ending()),
    };
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail))
}

pub(super) fn disk(error: &io::Error) -> Problem {
    let why = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "the disk is full",
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only",
        _ => return Problem::internal("writing a sound", error),
    };
    let detail = format!("the sound could not be written: {why}; nothing was changed");
    Problem::new(StatusCode::INSUFFICIENT_STORAGE, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_to_be_wrong_is_refused() {
        for (media_type, name, right) in [
            ("", "a.mp3", true),
            ("application/octet-stream", "a.wav", true),
            ("audio/mpeg", "a.MP3", true),
            ("audio/mpeg", "a.wav", false),
            ("audio/x-something", "a.wav", true),
            ("video/mp4", "a.m4a", true),
            ("image/png", "a.mp3", false),
            ("multipart/form-data", "a.mp3", false),
            ("application/json", "a.mp3", false),
        ] {
            let refused = check_type(media_type, &name.parse().unwrap());
            assert_eq!(refused.is_ok(), right, "{media_type} {name}");
        }
    }
}
