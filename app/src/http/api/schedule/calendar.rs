//! `/api/schedule/calendar`: what is otherwise, and on which days.
//!

use super::{
    Answer, Api, Arc, Filter, Problem, Routes, SCHEDULE_BYTES, Value, body,
    edit::{Edit, edit},
    get_or_head, other_methods, part, shown, with,
};
use crate::schedule::model::Entry;

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let path = warp::path!("schedule" / "calendar");
    let get = path.and(get_or_head()).and(with(api)).map(|api: Arc<Api>| get_calendar(&api));
    let put = path.and(warp::put()).and(edit(api)).and(body::json_up_to(SCHEDULE_BYTES));
    let put = put.then(put_calendar);
    get.or(put).unify().or(path.and(other_methods("GET, HEAD, PUT"))).unify().boxed()
}

/// The school's own calendar: what is otherwise on single days and ranges of days.
#[utoipa::path(get, path = "/api/schedule/calendar", tag = "schedule",
    responses((status = 200, description = "Its entries; its `ETag` is for `If-Match`", body = Vec<Entry>)))]
pub fn get_calendar(api: &Api) -> Answer {
    shown(&part(api, "calendar"))
}

/// Puts a calendar in the place of the school's own.
#[utoipa::path(put, path = "/api/schedule/calendar", tag = "schedule", request_body = Vec<Entry>,
    params(("comment" = Option<String>, Query, description = "What for")),
    responses(
        (status = 200, description = "As it is now", body = Vec<Entry>),
        (status = 400, description = "The body is not JSON, or the comment is too long", body = Problem),
        (status = 409, description = "conf.json is being edited by hand", body = Problem),
        (status = 412, description = "Somebody has changed it since", body = Problem),
        (status = 413, description = "The body is too large", body = Problem),
        (status = 415, description = "The body says that it is not JSON", body = Problem),
        (status = 422, description = "A field is wrong; `field` names it", body = Problem),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
pub async fn put_calendar(edit: Edit, body: Result<Value, Problem>) -> Answer {
    let body = body?;
    let put = |schedule: &mut Value| schedule["calendar"] = body;
    edit.of("school calendar", |api| part(api, "calendar"), put).await
}
