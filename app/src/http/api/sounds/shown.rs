//! A sound as the API shows it.

use std::{fs::Metadata, os::unix::fs::MetadataExt as _};

use headers::{ETag, HeaderMapExt};
use hyper::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::unreadable;
use crate::{
    engine::{SoundName, TriggerId},
    http::api::{Answer, Api, json, playback::seconds},
};

/// A file in the sound folder.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sound {
    /// Its name.
    #[schema(value_type = String, example = "bell.mp3")]
    pub file: SoundName,
    /// Its size.
    bytes: u64,
    /// How long it plays; `null` where it cannot be read.
    duration_seconds: Option<f64>,
    /// How loud all of it is (EBU R 128 integrated, in LUFS), at full volume; `null` where it is
    /// shorter than 0.4 s, silent, or cannot be read.
    #[schema(example = -16.2)]
    loudness_lufs: Option<f64>,
    /// The highest sample, in dB of full scale; `null` where it is silent or cannot be read.
    #[schema(example = -1.0)]
    peak_dbfs: Option<f64>,
    /// Whether it distorts: samples running lie at full scale.
    clips: bool,
    /// Why it cannot be read, or not to its end.
    problem: Option<String>,
    /// The triggers that play it.
    #[schema(value_type = Vec<String>)]
    used_by: Vec<TriggerId>,
}

impl Sound {
    /// Decodes the file where that has not been done yet.
    pub fn of(api: &Api, file: SoundName, bytes: u64) -> Self {
        let used_by = used_by(api, &file);
        let (info, problem) = match api.services.bell.library().inspect(&file) {
            Ok(info) => (Some((info.duration, info.loudness)), info.broken),
            Err(fault) => (None, Some(fault.reason)),
        };
        let (duration, loudness) = info.unzip();
        let loudness = loudness.unwrap_or_default();
        Self {
            file,
            bytes,
            duration_seconds: duration.map(seconds),
            loudness_lufs: loudness.lufs.map(tenth),
            peak_dbfs: loudness.peak_dbfs.map(tenth),
            clips: loudness.clips,
            problem,
            used_by,
        }
    }
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// The triggers in force that play a sound.
pub fn used_by(api: &Api, sound: &SoundName) -> Vec<TriggerId> {
    let bells = api.services.store.conf().bells.clone();
    let users = bells.triggers.iter().filter(|(_, trigger)| trigger.cue.sound == *sound);
    users.map(|(id, _)| id.clone()).collect()
}

/// One sound, with its tag.
pub fn tagged(api: &Api, status: StatusCode, name: SoundName) -> Answer {
    let opened = api.services.folder.open(&name).map_err(|error| unreadable(&error))?;
    let metadata = opened.metadata().ok();
    let bytes = metadata.as_ref().map_or(0, Metadata::len);
    let mut response = json(status, &Sound::of(api, name, bytes))?;
    if let Some(metadata) = metadata {
        response.headers_mut().typed_insert(tag(&metadata));
    }
    Ok(response)
}

/// Of the file: an upload makes a new one, a write changes its time.
pub fn tag(metadata: &Metadata) -> ETag {
    let (file, bytes) = (metadata.ino(), metadata.len());
    let (seconds, nanos) = (metadata.mtime(), metadata.mtime_nsec());
    let text = format!("\"{file:x}-{bytes:x}-{seconds:x}-{nanos:x}\"");
    text.parse().expect("hexadecimal digits in quotes")
}
