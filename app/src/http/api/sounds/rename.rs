//! `PATCH /api/sounds/{file}`: another name, and every trigger follows.

use std::sync::{Arc, PoisonError};

use hyper::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{as_wanted, known, shown::tagged, unreadable, upload::disk};
use crate::{
    engine::SoundName,
    http::{
        api::{Answer, Api, Segment, blocking, triggers::refusal, wanted::Wanted},
        problem::Problem,
    },
    sounds::RenameError,
};

/// What of a sound can be changed.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "for the description")]
pub struct SoundPatch {
    /// Its new name, with the same ending.
    #[schema(example = "recess.mp3")]
    file: String,
}

/// Gives a sound another name; the triggers that play it follow in the same change. With `If-Match`
/// and the `ETag` of a GET, only where nobody has replaced it since.
#[utoipa::path(patch, path = "/api/sounds/{file}", tag = "sounds", params(("file" = String, Path)),
    request_body(content = SoundPatch, content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "The sound as it is now", body = super::Sound),
        (status = 400, description = "The body is not JSON", body = Problem),
        (status = 404, description = "There is none", body = Problem),
        (status = 409, description = "That name is taken, or conf.json is being edited by hand", body = Problem),
        (status = 412, description = "Somebody has replaced it since", body = Problem),
        (status = 413, description = "The body is too large", body = Problem),
        (status = 415, description = "The body says that it is not JSON", body = Problem),
        (status = 422, description = "That is no name for it", body = Problem),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
pub async fn patch(
    file: Segment,
    api: Arc<Api>,
    wanted: Wanted,
    body: Result<Value, Problem>,
) -> Answer {
    let from = known(&file)?;
    let to = new_name(&from, &body?)?;
    blocking("renaming a sound", move || {
        let _alone = api.changing.lock().unwrap_or_else(PoisonError::into_inner);
        as_wanted(&wanted, &api, &from)?;
        let rename = api.services.folder.rename(&from, &to).map_err(|error| match error {
            RenameError::Sound(error) => unreadable(&error),
            taken @ RenameError::Taken(_) => {
                Problem::new(StatusCode::CONFLICT, taken.to_string()).beside("file")
            }
            RenameError::Disk(error) => disk(&error),
        })?;
        // Refused, the new name goes with `rename`.
        api.services.store.rename_sound(&from, &to).map_err(|error| refusal(error, None))?;
        if let Err(error) = rename.finish() {
            tracing::warn!("{from} is left beside {to}: {error}");
        }
        api.services.bell.library().refresh(&from);
        tagged(&api, StatusCode::OK, to)
    })
    .await
}

fn new_name(from: &SoundName, patch: &Value) -> Result<SoundName, Problem> {
    let text = patch.get("file").and_then(Value::as_str);
    let text = text.ok_or_else(|| Problem::field("file", "missing, expected the new name"))?;
    let to: SoundName = text.parse().map_err(|invalid| Problem::field("file", invalid))?;
    if to.ending() == from.ending() {
        return Ok(to);
    }
    let ending = from.ending();
    Err(Problem::field("file", format!("{to} does not end in .{ending}, as {from} does")))
}
