//! `/api/triggers`: when this line, or this caller, ring that.

use std::sync::{Arc, PoisonError};

use data_encoding::HEXLOWER;
use headers::{ETag, HeaderMapExt};
use hyper::StatusCode;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use warp::{Filter, Reply};

use super::{
    Answer, Api, Routes, Segment, blocking, get_or_head, json, other_methods,
    wanted::{Wanted, wanted},
    with,
};
use crate::{
    engine::{Cue, Trigger, TriggerId},
    http::{body, problem::Problem},
    store::{ChangeError, FieldError, Placed, TriggerBody},
};

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let all = warp::path!("triggers");
    let one = warp::path!("triggers" / Segment);
    let list = all.and(get_or_head()).and(with(api)).map(|api: Arc<Api>| list(&api));
    let get =
        one.and(get_or_head()).and(with(api)).map(|id: Segment, api: Arc<Api>| get(&id, &api));
    let put = one.and(warp::put()).and(with(api)).and(wanted()).and(body::json()).then(put);
    let patch = one.and(warp::patch()).and(with(api)).and(wanted()).and(body::json()).then(patch);
    let delete = one.and(warp::delete()).and(with(api)).and(wanted()).then(delete);
    let other = all.and(other_methods("GET, HEAD"));
    let other_one = one.map(drop).untuple_one().and(other_methods("GET, HEAD, PUT, PATCH, DELETE"));
    let read = list.or(get).unify();
    let write = put.or(patch).unify().or(delete).unify();
    read.or(write).unify().or(other).unify().or(other_one).unify().boxed()
}

/// All triggers in force, by id.
#[utoipa::path(get, path = "/api/triggers", tag = "triggers",
    responses((status = 200, description = "id → trigger", body = BTreeMap<String, TriggerBody>)))]
fn list(api: &Api) -> Answer {
    json(StatusCode::OK, &api.services.store.triggers_json())
}

/// One trigger.
#[utoipa::path(get, path = "/api/triggers/{id}", tag = "triggers", params(("id" = String, Path)),
    responses(
        (status = 200, description = "The trigger; its `ETag` is for `If-Match`", body = TriggerBody),
        (status = 404, description = "There is none", body = Problem),
    ))]
fn get(id: &Segment, api: &Api) -> Answer {
    let id = known(id)?;
    let trigger = api.services.store.trigger_json(&id).ok_or_else(|| none(&id))?;
    tagged(StatusCode::OK, &trigger)
}

/// Puts a trigger in the place of the one with this id, if any. With `If-Match` and the `ETag` of a
/// GET, only where nobody has changed it since; with `If-None-Match: *`, only where there is none.
#[utoipa::path(put, path = "/api/triggers/{id}", tag = "triggers", params(("id" = String, Path)),
    request_body = TriggerBody,
    responses(
        (status = 200, description = "Replaced", body = TriggerBody),
        (status = 201, description = "Created", body = TriggerBody),
        (status = 400, description = "The body is not JSON", body = Problem),
        (status = 409, description = "conf.json is being edited by hand", body = Problem),
        (status = 412, description = "Somebody has changed it since, or it exists", body = Problem),
        (status = 413, description = "The body is too large", body = Problem),
        (status = 415, description = "The body says that it is not JSON", body = Problem),
        (status = 422, description = "A field is wrong; `field` names it", body = Problem),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
async fn put(id: Segment, api: Arc<Api>, wanted: Wanted, body: Result<Value, Problem>) -> Answer {
    let id: TriggerId = id.0.parse().map_err(|invalid| Problem::field("id", invalid))?;
    let body = body?;
    change(api, move |api| {
        as_wanted(&wanted, api, &id)?;
        let placed = api.services.store.put_trigger(&id, &body, |trigger| check(api, trigger));
        let status = match placed.map_err(|error| refusal(error, Some(&id)))? {
            Placed::Created => StatusCode::CREATED,
            Placed::Replaced => StatusCode::OK,
        };
        shown(api, status, &id)
    })
    .await
}

/// Merges a patch into a trigger (RFC 7396): `null` takes a key away.
#[utoipa::path(patch, path = "/api/triggers/{id}", tag = "triggers", params(("id" = String, Path)),
    request_body(content = Object, content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "The trigger as it is now", body = TriggerBody),
        (status = 400, description = "The body is not JSON", body = Problem),
        (status = 404, description = "There is none", body = Problem),
        (status = 409, description = "conf.json is being edited by hand", body = Problem),
        (status = 412, description = "Somebody has changed it since, or it exists", body = Problem),
        (status = 413, description = "The body is too large", body = Problem),
        (status = 415, description = "The body says that it is not JSON", body = Problem),
        (status = 422, description = "A field is wrong; `field` names it", body = Problem),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
async fn patch(id: Segment, api: Arc<Api>, wanted: Wanted, body: Result<Value, Problem>) -> Answer {
    let id = known(&id)?;
    let body = body?;
    change(api, move |api| {
        as_wanted(&wanted, api, &id)?;
        let patched = api.services.store.patch_trigger(&id, &body, |trigger| check(api, trigger));
        patched.map_err(|error| refusal(error, Some(&id)))?;
        shown(api, StatusCode::OK, &id)
    })
    .await
}

/// Deletes a trigger.
#[utoipa::path(delete, path = "/api/triggers/{id}", tag = "triggers", params(("id" = String, Path)),
    responses(
        (status = 204, description = "Deleted"),
        (status = 404, description = "There is none", body = Problem),
        (status = 409, description = "conf.json is being edited by hand", body = Problem),
        (status = 412, description = "Somebody has changed it since, or it exists", body = Problem),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
async fn delete(id: Segment, api: Arc<Api>, wanted: Wanted) -> Answer {
    let id = known(&id)?;
    change(api, move |api| {
        as_wanted(&wanted, api, &id)?;
        match api.services.store.delete_trigger(&id).map_err(|error| refusal(error, Some(&id)))? {
            true => Ok(StatusCode::NO_CONTENT.into_response()),
            false => Err(none(&id)),
        }
    })
    .await
}

/// Changes triggers. The store tells the engine before we answer: what is asked next is judged by them.
async fn change(api: Arc<Api>, work: impl FnOnce(&Api) -> Answer + Send + 'static) -> Answer {
    blocking("changing a trigger", move || {
        let _alone = api.changing.lock().unwrap_or_else(PoisonError::into_inner);
        work(&api)
    })
    .await
}

/// What only the sound's file tells. The sound is decoded where it has not been yet.
fn check(api: &Api, trigger: &Trigger) -> Result<(), FieldError> {
    check_sound(api, &trigger.cue)
}

/// Whether there is a sound at the start of a cue.
pub(super) fn check_sound(api: &Api, cue: &Cue) -> Result<(), FieldError> {
    let wrong = |field: &str, message: String| FieldError { field: field.into(), message };
    let sound = api.services.bell.library().inspect(&cue.sound);
    let length = sound.map_err(|fault| wrong("music_file", fault.reason))?.duration;
    if cue.start < length {
        return Ok(());
    }
    let (start, length) = (cue.start.as_secs_f64(), length.as_secs_f64());
    let message = format!("{start} is past the end of {}, at {length:.3}", cue.sound);
    Err(wrong("start_seconds", message))
}

/// A field of the body that is wrong.
pub(super) fn wrong(error: FieldError) -> Problem {
    let FieldError { field, message } = error;
    Problem::field(&field, message)
}

/// Why a change was refused; of this trigger, if it was of one.
pub(super) fn refusal(error: ChangeError, id: Option<&TriggerId>) -> Problem {
    match error {
        ChangeError::Field(error) => wrong(error),
        ChangeError::NoSuchTrigger => match id {
            Some(id) => none(id),
            None => Problem::not_found(error.to_string()),
        },
        ChangeError::HandEdit(detail) => Problem::new(StatusCode::CONFLICT, detail),
        ChangeError::Disk(detail) => Problem::new(StatusCode::INSUFFICIENT_STORAGE, detail),
    }
}

fn shown(api: &Api, status: StatusCode, id: &TriggerId) -> Answer {
    let trigger = api.services.store.trigger_json(id);
    let lost = || Problem::internal("showing the trigger", "it is not in force after its change");
    tagged(status, &trigger.ok_or_else(lost)?)
}

fn tagged(status: StatusCode, trigger: &Value) -> Answer {
    let mut response = json(status, trigger)?;
    response.headers_mut().typed_insert(tag(trigger));
    Ok(response)
}

/// Of what is shown: whatever else changes, this one is as somebody has seen it.
pub(super) fn tag(trigger: &Value) -> ETag {
    let digest = Sha256::digest(trigger.to_string());
    let text = format!("\"{}\"", HEXLOWER.encode(&digest));
    text.parse().expect("hexadecimal digits in quotes")
}

/// Under the lock of changes.
fn as_wanted(wanted: &Wanted, api: &Api, id: &TriggerId) -> Result<(), Problem> {
    let now = api.services.store.trigger_json(id);
    wanted.check(now.as_ref().map(tag).as_ref(), &format!("trigger {id}"))
}

/// What is no id is the id of nothing.
pub(super) fn known(id: &Segment) -> Result<TriggerId, Problem> {
    id.0.parse()
        .map_err(|invalid| Problem::not_found(format!("there is no such trigger: {invalid}")))
}

pub(super) fn none(id: &TriggerId) -> Problem {
    Problem::not_found(format!("there is no trigger {id}"))
}
