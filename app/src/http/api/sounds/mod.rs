//! `/api/sounds`: the files in the sound folder.

mod download;
mod upload;

use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

use headers::HeaderMap;
use hyper::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use warp::{Filter, Reply};

use super::{
    Answer, Api, Routes, Segment, blocking, get_or_head, json, other_methods, playback::seconds,
    with,
};
use crate::{
    engine::{InvalidSoundName, SoundName, TriggerId},
    http::{body, problem::Problem},
    sounds::SoundFileError,
};

pub use upload::UPLOADS;

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let all = warp::path!("sounds");
    let one = warp::path!("sounds" / Segment);
    let headers = warp::header::headers_cloned();
    let list = all.and(get_or_head()).and(with(api)).then(list);
    let get = one.and(get_or_head()).and(with(api)).and(headers).then(get);
    let put = one.and(warp::put()).and(with(api)).and(body::raw(upload::BYTES)).then(put);
    let delete = one.and(warp::delete()).and(with(api)).then(delete);
    let other = all.and(other_methods("GET, HEAD"));
    let other_one = one.map(drop).untuple_one().and(other_methods("GET, HEAD, PUT, DELETE"));
    let read = list.or(get).unify();
    let write = put.or(delete).unify();
    read.or(write).unify().or(other).unify().or(other_one).unify().boxed()
}

/// A file in the sound folder.
#[derive(Debug, Serialize, ToSchema)]
struct Sound {
    /// Its name.
    #[schema(value_type = String, example = "bell.mp3")]
    file: SoundName,
    /// Its size.
    bytes: u64,
    /// How long it plays; `null` where it cannot be read.
    duration_seconds: Option<f64>,
    /// Why it cannot be read, or not to its end.
    problem: Option<String>,
    /// The triggers that play it.
    #[schema(value_type = Vec<String>)]
    used_by: Vec<TriggerId>,
}

/// The sounds, by name.
#[utoipa::path(get, path = "/api/sounds", tag = "sounds",
    responses((status = 200, description = "The sounds, by name", body = Vec<Sound>)))]
async fn list(api: Arc<Api>) -> Answer {
    blocking("listing the sounds", move || {
        let listed = api.services.folder.list();
        let listed =
            listed.map_err(|error| Problem::internal("reading the sound folder", error))?;
        let sounds = listed.into_iter().map(|entry| Sound::of(&api, entry.name, entry.bytes));
        json(StatusCode::OK, &sounds.collect::<Vec<_>>())
    })
    .await
}

/// The file itself, or a range of it.
#[utoipa::path(get, path = "/api/sounds/{file}", tag = "sounds", params(("file" = String, Path)),
    responses(
        (status = 200, description = "The file", body = Vec<u8>, content_type = "audio/*"),
        (status = 206, description = "The range that was asked for", content_type = "audio/*"),
        (status = 404, description = "There is none", body = Problem),
        (status = 416, description = "The file is shorter", body = Problem),
    ))]
async fn get(file: Segment, api: Arc<Api>, headers: HeaderMap) -> Answer {
    let name = known(&file)?;
    let opened = blocking("opening a sound", move || {
        let file = api.services.folder.open(&name);
        Ok((file.map_err(|error| unreadable(&error))?, name))
    });
    let (file, name) = opened.await?;
    download::answer(file, &name, &headers)
}

/// Puts a sound into the folder, in the place of the one with this name, if any. The body is the
/// file itself, at most 64 MiB; it is decoded to its end before it counts.
#[utoipa::path(put, path = "/api/sounds/{file}", tag = "sounds", params(("file" = String, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "Replaced", body = Sound),
        (status = 201, description = "Created", body = Sound),
        (status = 408, description = "Nothing more came for 10 s", body = Problem),
        (status = 413, description = "It is too large", body = Problem),
        (status = 415, description = "That is no kind of sound that can be played", body = Problem),
        (status = 422, description = "It cannot be decoded, or is misnamed", body = Problem),
        (status = 503, description = "Other uploads are under way", body = Problem),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
async fn put(file: Segment, api: Arc<Api>, body: body::Body) -> Answer {
    let name: SoundName = file.0.parse().map_err(|invalid| match invalid {
        InvalidSoundName::NotBare(_) => Problem::field("file", invalid),
        InvalidSoundName::UnknownEnding(_) => {
            Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, invalid.to_string())
        }
    })?;
    let replaced = upload::receive(&api, &name, body).await?;
    let status = if replaced { StatusCode::OK } else { StatusCode::CREATED };
    blocking("looking at the sound", move || {
        api.services.bell.library().refresh(&name);
        let opened = api.services.folder.open(&name).map_err(|error| unreadable(&error))?;
        let bytes = opened.metadata().map_or(0, |metadata| metadata.len());
        json(status, &Sound::of(&api, name, bytes))
    })
    .await
}

/// Deletes a sound that no trigger plays.
#[utoipa::path(delete, path = "/api/sounds/{file}", tag = "sounds", params(("file" = String, Path)),
    responses(
        (status = 204, description = "Deleted"),
        (status = 404, description = "There is none", body = Problem),
        (status = 409, description = "Triggers play it; they are named", body = Problem),
    ))]
async fn delete(file: Segment, api: Arc<Api>) -> Answer {
    let name = known(&file)?;
    blocking("deleting a sound", move || {
        let _alone = api.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let users = used_by(&api, &name);
        if !users.is_empty() {
            let users: Vec<_> = users.iter().map(|id| &**id).collect();
            let detail = format!("{name} is played by {}", users.join(", "));
            return Err(Problem::new(StatusCode::CONFLICT, detail));
        }
        match api.services.folder.delete(&name) {
            Ok(true) => {
                api.services.bell.library().refresh(&name);
                Ok(StatusCode::NO_CONTENT.into_response())
            }
            Ok(false) => Err(Problem::not_found(format!("there is no sound {name}"))),
            Err(error) => Err(Problem::internal("deleting a sound", error)),
        }
    })
    .await
}

impl Sound {
    /// Decodes the file where that has not been done yet.
    fn of(api: &Api, file: SoundName, bytes: u64) -> Self {
        let (duration, problem): (Option<Duration>, _) =
            match api.services.bell.library().inspect(&file) {
                Ok(info) => (Some(info.duration), info.broken),
                Err(fault) => (None, Some(fault.reason)),
            };
        let used_by = used_by(api, &file);
        Self { file, bytes, duration_seconds: duration.map(seconds), problem, used_by }
    }
}

fn used_by(api: &Api, sound: &SoundName) -> Vec<TriggerId> {
    let bells = api.services.store.conf().bells.clone();
    let users = bells.triggers.iter().filter(|(_, trigger)| trigger.cue.sound == *sound);
    users.map(|(id, _)| id.clone()).collect()
}

fn unreadable(error: &SoundFileError) -> Problem {
    match error {
        SoundFileError::Missing(_) | SoundFileError::NotAFile { .. } => {
            Problem::not_found(error.to_string())
        }
        SoundFileError::Unreadable { .. } => Problem::internal("opening the sound", error),
    }
}

/// What is no name of a sound is the name of nothing.
fn known(file: &Segment) -> Result<SoundName, Problem> {
    let none = |invalid| Problem::not_found(format!("there is no such sound: {invalid}"));
    file.0.parse().map_err(none)
}
