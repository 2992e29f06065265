//! `/api/sounds`: the files in the sound folder.

pub mod audition;
mod download;
pub mod rename;
mod shown;
mod upload;

use std::sync::{Arc, PoisonError};

use headers::{HeaderMap, HeaderMapExt as _};
use hyper::StatusCode;
use warp::{Filter, Reply};

use super::{
    Answer, Api, Routes, Segment, blocking, get_or_head, json, other_methods,
    wanted::{Wanted, wanted},
    with,
};
use crate::{
    engine::{InvalidSoundName, SoundName},
    http::{body, problem::Problem},
    sounds::SoundFileError,
};
use shown::{Sound, tag, used_by};

pub use upload::UPLOADS;

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let all = warp::path!("sounds");
    let one = warp::path!("sounds" / Segment);
    let headers = warp::header::headers_cloned();
    let list = all.and(get_or_head()).and(with(api)).then(list);
    let get = one.and(get_or_head()).and(with(api)).and(headers).then(get);
    let whole = body::raw(upload::BYTES);
    let put = one.and(warp::put()).and(with(api)).and(wanted()).and(whole).then(put);
    let patch = one.and(warp::patch()).and(with(api)).and(wanted()).and(body::json());
    let delete = one.and(warp::delete()).and(with(api)).and(wanted()).then(delete);
    let other = all.and(other_methods("GET, HEAD"));
    let other_one = one.map(drop).untuple_one();
    let other_one = other_one.and(other_methods("GET, HEAD, PUT, PATCH, DELETE"));
    let read = list.or(get).unify().or(audition::routes(api)).unify();
    let write = put.or(patch.then(rename::patch)).unify().or(delete).unify();
    read.or(write).unify().or(other).unify().or(other_one).unify().boxed()
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
    let tag = file.metadata().ok().map(|metadata| tag(&metadata));
    let mut answer = download::answer(file, &name, &headers)?;
    if let Some(tag) = tag {
        answer.headers_mut().typed_insert(tag);
    }
    Ok(answer)
}

/// Puts a sound into the folder, in the place of the one with this name, if any. The body is the
/// file itself, at most 64 MiB; it is decoded to its end before it counts. With `If-Match` and the
/// `ETag` of a GET, only where nobody has replaced it since; with `If-None-Match: *`, only where
/// there is none.
#[utoipa::path(put, path = "/api/sounds/{file}", tag = "sounds", params(("file" = String, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "Replaced", body = Sound),
        (status = 201, description = "Created", body = Sound),
        (status = 412, description = "Somebody has replaced it since, or it exists", body = Problem),
        (status = 408, description = "Nothing more came for 10 s", body = Problem),
        (status = 413, description = "It is too large", body = Problem),
        (status = 415, description = "That is no kind of sound that can be played", body = Problem),
        (status = 422, description = "It cannot be decoded, or is misnamed", body = Problem),
        (status = 503, description = "Other uploads are under way", body = Problem),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
async fn put(file: Segment, api: Arc<Api>, wanted: Wanted, body: body::Body) -> Answer {
    let name: SoundName = file.0.parse().map_err(|invalid| match invalid {
        InvalidSoundName::NotBare(_) => Problem::field("file", invalid),
        InvalidSoundName::UnknownEnding(_) => {
            Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, invalid.to_string())
        }
    })?;
    // Before a long body, and again when it has come.
    as_wanted(&wanted, &api, &name)?;
    let replaced = upload::receive(&api, &name, wanted, body).await?;
    let status = if replaced { StatusCode::OK } else { StatusCode::CREATED };
    blocking("looking at the sound", move || {
        api.services.bell.library().refresh(&name);
        shown::tagged(&api, status, name)
    })
    .await
}

/// Deletes a sound that no trigger plays.
#[utoipa::path(delete, path = "/api/sounds/{file}", tag = "sounds", params(("file" = String, Path)),
    responses(
        (status = 204, description = "Deleted"),
        (status = 404, description = "There is none", body = Problem),
        (status = 409, description = "Triggers play it; they are named", body = Problem),
        (status = 412, description = "Somebody has replaced it since", body = Problem),
    ))]
async fn delete(file: Segment, api: Arc<Api>, wanted: Wanted) -> Answer {
    let name = known(&file)?;
    blocking("deleting a sound", move || {
        let _alone = api.changing.lock().unwrap_or_else(PoisonError::into_inner);
        as_wanted(&wanted, &api, &name)?;
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

/// Under the lock of changes.
fn as_wanted(wanted: &Wanted, api: &Api, name: &SoundName) -> Result<(), Problem> {
    let opened = api.services.folder.open(name).ok();
    let now = opened.and_then(|file| Some(tag(&file.metadata().ok()?)));
    wanted.check(now.as_ref(), &format!("sound {name}"))
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
