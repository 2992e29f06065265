//! `/api/schedule/day-types`: the kinds of days, one by one.
//!

use hyper::StatusCode;
use warp::Reply as _;

use super::{
    super::Segment,
    Answer, Api, Arc, Filter, Problem, Routes, Value, body,
    edit::{Edit, apply, edit},
    get_or_head, other_methods, part, shown, tag_of, tagged, with, within,
};
use crate::schedule::model::{DayType, DayTypeId};

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let types = warp::path!("schedule" / "day-types");
    let one = warp::path!("schedule" / "day-types" / Segment);
    let list = types.and(get_or_head()).and(with(api)).map(|api: Arc<Api>| day_types(&api));
    let get = one.and(get_or_head()).and(with(api));
    let get = get.map(|id: Segment, api: Arc<Api>| day_type(&id, &api));
    let put = one.and(warp::put()).and(edit(api)).and(body::json()).then(put_day_type);
    let delete = one.and(warp::delete()).and(edit(api)).then(delete_day_type);
    let other_one = one.map(drop).untuple_one().and(other_methods("GET, HEAD, PUT, DELETE"));
    let other = other_one.or(types.and(other_methods("GET, HEAD"))).unify();
    let known = list.or(get).unify().or(put).unify().or(delete).unify();
    known.or(other).unify().boxed()
}

/// All day types, by id.
#[utoipa::path(get, path = "/api/schedule/day-types", tag = "schedule",
    responses((status = 200, description = "id → day type", body = std::collections::BTreeMap<String, DayType>)))]
pub fn day_types(api: &Api) -> Answer {
    shown(&part(api, "day_types"))
}

/// One day type.
#[utoipa::path(get, path = "/api/schedule/day-types/{id}", tag = "schedule", params(("id" = String, Path)),
    responses(
        (status = 200, description = "The day type; its `ETag` is for `If-Match`", body = DayType),
        (status = 404, description = "There is none", body = Problem),
    ))]
pub fn day_type(id: &Segment, api: &Api) -> Answer {
    shown(&known(api, &id.0)?)
}

/// Puts a day type in the place of the one with this id, if any.
#[utoipa::path(put, path = "/api/schedule/day-types/{id}", tag = "schedule",
    params(("id" = String, Path), ("comment" = Option<String>, Query, description = "What for")),
    request_body = DayType,
    responses(
        (status = 200, description = "Replaced", body = DayType),
        (status = 201, description = "Created", body = DayType),
        (status = 400, description = "The body is not JSON, or the comment is too long", body = Problem),
        (status = 409, description = "conf.json is being edited by hand", body = Problem),
        (status = 412, description = "Somebody has changed it since, or it exists", body = Problem),
        (status = 413, description = "The body is too large", body = Problem),
        (status = 415, description = "The body says that it is not JSON", body = Problem),
        (status = 422, description = "A field is wrong; `field` names it", body = Problem),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
pub async fn put_day_type(id: Segment, edit: Edit, body: Result<Value, Problem>) -> Answer {
    let id: DayTypeId = id.0.parse().map_err(|invalid| Problem::field("id", invalid))?;
    let body = body?;
    edit.alone(move |api, wanted, note| {
        let before = known(api, &id).ok();
        wanted.check(before.as_ref().map(tag_of).as_ref(), &format!("day type {id}"))?;
        let put = |schedule: &mut Value| {
            let types = schedule.get_mut("day_types").and_then(Value::as_object_mut);
            types.and_then(|types| types.insert(id.to_string(), body));
        };
        let put = apply(api, note, put);
        put.map_err(|problem| within(problem, &format!("day_types.{id}")))?;
        let status = if before.is_some() { StatusCode::OK } else { StatusCode::CREATED };
        let now = known(api, &id)?;
        tagged(status, &now, tag_of(&now))
    })
    .await
}

/// Deletes a day type that no day has.
#[utoipa::path(delete, path = "/api/schedule/day-types/{id}", tag = "schedule",
    params(("id" = String, Path), ("comment" = Option<String>, Query, description = "What for")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 400, description = "The comment is too long", body = Problem),
        (status = 404, description = "There is none", body = Problem),
        (status = 409, description = "conf.json is being edited by hand", body = Problem),
        (status = 412, description = "Somebody has changed it since", body = Problem),
        (status = 422, description = "A week or the calendar has it", body = Problem),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
pub async fn delete_day_type(id: Segment, edit: Edit) -> Answer {
    edit.alone(move |api, wanted, note| {
        let before = known(api, &id.0)?;
        wanted.check(Some(&tag_of(&before)), &format!("day type {}", id.0))?;
        apply(api, note, |schedule| {
            let types = schedule.get_mut("day_types").and_then(Value::as_object_mut);
            types.and_then(|types| types.shift_remove(&id.0));
        })?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}

fn known(api: &Api, id: &str) -> Result<Value, Problem> {
    let types = part(api, "day_types");
    let none = || Problem::not_found(format!("there is no day type {id}"));
    types.get(id).cloned().ok_or_else(none)
}
