//! `/api/schedule/day-types`, `…/weeks` and `…/calendar`: the tables part by part.
//!

use hyper::StatusCode;
use serde_json::json;
use warp::Reply as _;

use super::{
    super::Segment,
    Answer, Api, Arc, Filter, Problem, Query, Routes, SCHEDULE_BYTES, Value, author, body, change,
    get_or_head, note, other_methods, refusal, tag_of, tagged,
    wanted::{Wanted, wanted},
    with,
};
use crate::schedule::model::{DayType, DayTypeId, Entry, Rota};

/// The keys of a schedule that say which day has which day type.
const ROTA: [&str; 2] = ["weeks", "cycle"];

/// The routes of these resources.
pub fn routes(api: &Arc<Api>) -> Routes {
    let types = warp::path!("schedule" / "day-types");
    let one = warp::path!("schedule" / "day-types" / Segment);
    let weeks = warp::path!("schedule" / "weeks");
    let calendar = warp::path!("schedule" / "calendar");
    let list = types.and(get_or_head()).and(with(api)).map(|api: Arc<Api>| day_types(&api));
    let get = one.and(get_or_head()).and(with(api));
    let get = get.map(|id: Segment, api: Arc<Api>| day_type(&id, &api));
    let changed = || with(api).and(author(api)).and(warp::query()).and(wanted());
    let put = one.and(warp::put()).and(changed()).and(body::json()).then(put_day_type);
    let delete = one.and(warp::delete()).and(changed()).then(delete_day_type);
    let get_weeks = weeks.and(get_or_head()).and(with(api)).map(|api: Arc<Api>| get_weeks(&api));
    let put_weeks = weeks.and(warp::put()).and(changed()).and(body::json()).then(put_weeks);
    let entries =
        calendar.and(get_or_head()).and(with(api)).map(|api: Arc<Api>| get_calendar(&api));
    let put_entries = calendar.and(warp::put()).and(changed());
    let put_entries = put_entries.and(body::json_up_to(SCHEDULE_BYTES)).then(put_calendar);
    let read = list.or(get).unify().or(get_weeks).unify().or(entries).unify().boxed();
    let write = put.or(delete).unify().or(put_weeks).unify().or(put_entries).unify().boxed();
    let other = weeks.or(calendar).unify().and(other_methods("GET, HEAD, PUT"));
    let other_one = one.map(drop).untuple_one().and(other_methods("GET, HEAD, PUT, DELETE"));
    let other = other.or(other_one).unify().or(types.and(other_methods("GET, HEAD"))).unify();
    read.or(write).unify().or(other).unify().boxed()
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
pub async fn put_day_type(
    id: Segment,
    api: Arc<Api>,
    by: String,
    query: Query,
    wanted: Wanted,
    body: Result<Value, Problem>,
) -> Answer {
    let id: DayTypeId = id.0.parse().map_err(|invalid| Problem::field("id", invalid))?;
    let (body, note) = (body?, note(by, &query)?);
    change(api, move |api| {
        let before = known(api, &id).ok();
        wanted.check(before.as_ref().map(tag_of).as_ref(), &format!("day type {id}"))?;
        let put = |schedule: &mut Value| {
            let types = schedule.get_mut("day_types").and_then(Value::as_object_mut);
            types.and_then(|types| types.insert(id.to_string(), body));
            Ok(())
        };
        let changed = api.services.store.change_schedule(&note, put);
        changed.map_err(|error| within(refusal(error), &format!("day_types.{id}")))?;
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
pub async fn delete_day_type(
    id: Segment,
    api: Arc<Api>,
    by: String,
    query: Query,
    wanted: Wanted,
) -> Answer {
    let note = note(by, &query)?;
    change(api, move |api| {
        let before = known(api, &id.0)?;
        wanted.check(Some(&tag_of(&before)), &format!("day type {}", id.0))?;
        let delete = |schedule: &mut Value| {
            let types = schedule.get_mut("day_types").and_then(Value::as_object_mut);
            types.and_then(|types| types.shift_remove(&id.0));
            Ok(())
        };
        api.services.store.change_schedule(&note, delete).map_err(refusal)?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}

/// Which day of the week, or of the cycle, has which day type.
#[utoipa::path(get, path = "/api/schedule/weeks", tag = "schedule",
    responses((status = 200, description = "One of the keys `weeks` and `cycle`; its `ETag` is for `If-Match`", body = Rota)))]
pub fn get_weeks(api: &Api) -> Answer {
    shown(&rota(api))
}

/// Sets which day of the week, or of the cycle, has which day type.
#[utoipa::path(put, path = "/api/schedule/weeks", tag = "schedule", request_body = Rota,
    params(("comment" = Option<String>, Query, description = "What for")),
    responses(
        (status = 200, description = "As it is now", body = Rota),
        (status = 400, description = "The body is not JSON, or the comment is too long", body = Problem),
        (status = 409, description = "conf.json is being edited by hand", body = Problem),
        (status = 412, description = "Somebody has changed it since", body = Problem),
        (status = 413, description = "The body is too large", body = Problem),
        (status = 415, description = "The body says that it is not JSON", body = Problem),
        (status = 422, description = "A field is wrong; `field` names it", body = Problem),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
pub async fn put_weeks(
    api: Arc<Api>,
    by: String,
    query: Query,
    wanted: Wanted,
    body: Result<Value, Problem>,
) -> Answer {
    let (body, note) = (body?, note(by, &query)?);
    let given = ROTA.into_iter().filter_map(|key| Some((key, body.get(key)?.clone())));
    let given: Vec<_> = given.collect();
    let [(key, value)] = given
        .try_into()
        .map_err(|_| Problem::field("", "one of the keys \"weeks\" and \"cycle\" is expected"))?;
    change(api, move |api| {
        wanted.check(Some(&tag_of(&rota(api))), "kinds of weeks")?;
        let put = |schedule: &mut Value| {
            if let Some(schedule) = schedule.as_object_mut() {
                schedule.retain(|key, _| !ROTA.contains(&key.as_str()));
                schedule.insert(key.to_owned(), value);
            }
            Ok(())
        };
        api.services.store.change_schedule(&note, put).map_err(refusal)?;
        shown(&rota(api))
    })
    .await
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
pub async fn put_calendar(
    api: Arc<Api>,
    by: String,
    query: Query,
    wanted: Wanted,
    body: Result<Value, Problem>,
) -> Answer {
    let (body, note) = (body?, note(by, &query)?);
    change(api, move |api| {
        wanted.check(Some(&tag_of(&part(api, "calendar"))), "school calendar")?;
        let put = |schedule: &mut Value| {
            schedule["calendar"] = body;
            Ok(())
        };
        api.services.store.change_schedule(&note, put).map_err(refusal)?;
        shown(&part(api, "calendar"))
    })
    .await
}

fn part(api: &Api, key: &str) -> Value {
    api.services.store.schedule_json().get(key).cloned().unwrap_or_default()
}

fn rota(api: &Api) -> Value {
    let schedule = api.services.store.schedule_json();
    let found = ROTA.into_iter().find_map(|key| Some((key, schedule.get(key)?)));
    found.map_or(Value::Null, |(key, value)| json!({ key: value }))
}

fn known(api: &Api, id: &str) -> Result<Value, Problem> {
    let types = part(api, "day_types");
    let none = || Problem::not_found(format!("there is no day type {id}"));
    types.get(id).cloned().ok_or_else(none)
}

fn shown(part: &Value) -> Answer {
    tagged(StatusCode::OK, part, tag_of(part))
}

/// A field's place, seen from a part of the schedule.
fn within(problem: Problem, part: &str) -> Problem {
    let below = problem.at().and_then(|field| field.strip_prefix(part));
    let below = below.map(|field| field.trim_start_matches('.').to_owned());
    match below {
        Some(field) => problem.beside(&field),
        None => problem,
    }
}
