//! `/api/schedule`: all of it at once.
//!

use super::{
    Answer, Api, Arc, Filter, Problem, Routes, SCHEDULE_BYTES, StatusCode, Value, body,
    edit::{Edit, apply, edit},
    get_or_head, other_methods, tag, tagged,
    wanted::Wanted,
    with,
};
use crate::{schedule::Schedule, store::tables_digest};

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let path = warp::path!("schedule");
    let get = path.and(get_or_head()).and(with(api)).map(|api: Arc<Api>| get(&api));
    let publish = path.and(warp::put()).and(edit(api)).and(body::json_up_to(SCHEDULE_BYTES));
    let publish = publish.then(put);
    get.or(publish).unify().or(path.and(other_methods("GET, HEAD, PUT"))).unify().boxed()
}

/// The bell tables in force. Their `ETag` leaves out `changes`, which have their own address.
#[utoipa::path(get, path = "/api/schedule", tag = "schedule",
    responses((status = 200, description = "The tables; their `ETag` is for `If-Match`", body = Schedule)))]
pub fn get(api: &Api) -> Answer {
    shown(api)
}

/// Publishes bell tables in the place of those in force, and keeps a version. Where the body has no
/// `changes`, those of single days stay.
#[utoipa::path(put, path = "/api/schedule", tag = "schedule", request_body = Schedule,
    params(("comment" = Option<String>, Query, description = "What for, kept with the version: 500 letters at most")),
    responses(
        (status = 200, description = "The tables in force now", body = Schedule),
        (status = 400, description = "The body is not JSON, or the comment is too long", body = Problem),
        (status = 409, description = "conf.json is being edited by hand", body = Problem),
        (status = 412, description = "Somebody has changed them since", body = Problem),
        (status = 413, description = "The body is too large", body = Problem),
        (status = 415, description = "The body says that it is not JSON", body = Problem),
        (status = 422, description = "Something in it is wrong; `field` says where", body = Problem),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
pub async fn put(edit: Edit, body: Result<Value, Problem>) -> Answer {
    let body = body?;
    edit.alone(move |api, wanted, note| {
        as_wanted(wanted, api)?;
        apply(api, note, |schedule| *schedule = with_changes(body, schedule))?;
        shown(api)
    })
    .await
}

/// A draft, with the changes in force where it says nothing of them.
pub fn with_changes(mut draft: Value, in_force: &Value) -> Value {
    if let (Some(draft), Some(changes)) = (draft.as_object_mut(), in_force.get("changes")) {
        draft.entry("changes").or_insert_with(|| changes.clone());
    }
    draft
}

/// The tables in force, with their tag.
pub fn shown(api: &Api) -> Answer {
    let schedule = api.services.store.schedule_json();
    tagged(StatusCode::OK, &schedule, tag(&tables_digest(&schedule)))
}

/// Under the lock of changes.
pub fn as_wanted(wanted: &Wanted, api: &Api) -> Result<(), Problem> {
    let now = tag(&tables_digest(&api.services.store.schedule_json()));
    wanted.check(Some(&now), "bell tables")
}
