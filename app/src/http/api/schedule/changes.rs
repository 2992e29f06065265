//! `/api/schedule/changes`: what is otherwise on single days, today above all.
//!

use data_encoding::HEXLOWER;
use jiff::{Timestamp, ToSpan, civil::Date};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;
use warp::Reply as _;

use super::{
    super::{Segment, json as answer},
    Answer, Api, Arc, Filter, Problem, Query, Routes, StatusCode, Value, author, body, change,
    get_or_head, note, other_methods, refusal, tag_of, tagged, with,
};
use crate::{
    schedule::{Words, model::Change},
    store::{ChangeError, FieldError},
};

/// Changes of days that are so long past are forgotten when a new one is made.
const KEPT_DAYS: i64 = 31;

/// A change of a day, and how it is called.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamedChange {
    /// What takes it back. Two changes that say the same have the same.
    id: String,
    /// What it changes.
    #[serde(flatten)]
    change: Change,
    /// The same in words.
    words: Words,
}

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let all = warp::path!("schedule" / "changes");
    let one = warp::path!("schedule" / "changes" / Segment);
    let list = all.and(get_or_head()).and(with(api)).map(|api: Arc<Api>| list(&api));
    let add = all.and(warp::post()).and(with(api)).and(author(api)).and(body::json()).then(add);
    let take_back = one.and(warp::delete()).and(with(api)).and(author(api)).then(take_back);
    let other = all.and(other_methods("GET, HEAD, POST"));
    let other_one = one.map(drop).untuple_one().and(other_methods("DELETE"));
    let known = list.or(add).unify().or(take_back).unify();
    known.or(other).unify().or(other_one).unify().boxed()
}

/// The changes of single days, in the order in which they were made.
#[utoipa::path(get, path = "/api/schedule/changes", tag = "schedule",
    responses((status = 200, description = "The changes", body = Vec<NamedChange>)))]
pub fn list(api: &Api) -> Answer {
    let schedule = &api.services.store.conf().schedule;
    let changes: Vec<_> = schedule.changes.iter().map(named).collect();
    let json = api.services.store.schedule_json();
    tagged(StatusCode::OK, &changes, tag_of(json.get("changes").unwrap_or(&Value::Null)))
}

/// Changes a day: shifts its bells, silences hours, adds a bell or cancels one.
#[utoipa::path(post, path = "/api/schedule/changes", tag = "schedule", request_body = Change,
    responses(
        (status = 201, description = "Changed", body = NamedChange),
        (status = 400, description = "The body is not JSON", body = Problem),
        (status = 409, description = "conf.json is being edited by hand", body = Problem),
        (status = 413, description = "The body is too large", body = Problem),
        (status = 415, description = "The body says that it is not JSON", body = Problem),
        (status = 422, description = "A field is wrong; `field` names it", body = Problem),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
pub async fn add(api: Arc<Api>, by: String, body: Result<Value, Problem>) -> Answer {
    let (body, note) = (body?, note(by, &Query::new())?);
    change(api, move |api| {
        let store = &api.services.store;
        let today = super::in_force(api).civil(Timestamp::now()).date();
        let oldest = today.saturating_sub(KEPT_DAYS.days());
        let add = |schedule: &mut Value| {
            let changes = list_of(schedule);
            changes.retain(|change| date(change).is_none_or(|date| date >= oldest));
            changes.push(body);
            Ok(())
        };
        // The new one is the last of the list, wherever that is.
        store.change_schedule(&note, add).map_err(|error| refusal(at_the_body(error)))?;
        let lost = || Problem::internal("showing the change", "it is not in force");
        answer(
            StatusCode::CREATED,
            &store.conf().schedule.changes.last().map(named).ok_or_else(lost)?,
        )
    })
    .await
}

/// Takes a change of a day back.
#[utoipa::path(delete, path = "/api/schedule/changes/{id}", tag = "schedule", params(("id" = String, Path)),
    responses(
        (status = 204, description = "Taken back"),
        (status = 404, description = "There is none", body = Problem),
        (status = 409, description = "conf.json is being edited by hand", body = Problem),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
pub async fn take_back(id: Segment, api: Arc<Api>, by: String) -> Answer {
    let note = note(by, &Query::new())?;
    change(api, move |api| {
        let store = &api.services.store;
        let take = |schedule: &mut Value| {
            let changes = list_of(schedule);
            let place = changes.iter().rposition(|change| id_of(change) == id.0);
            Ok(place.map(|place| changes.remove(place)))
        };
        let taken = store.change_schedule(&note, take).map_err(refusal)?;
        let none = || Problem::not_found("there is no such change: it was taken back already");
        taken.ok_or_else(none)?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}

fn named(change: &Change) -> NamedChange {
    let id = id_of(&serde_json::to_value(change).unwrap_or_default());
    NamedChange { id, change: change.clone(), words: change.words() }
}

/// Of what it says.
fn id_of(change: &Value) -> String {
    let mut digest = HEXLOWER.encode(&Sha256::digest(change.to_string()));
    digest.truncate(16);
    digest
}

fn list_of(schedule: &mut Value) -> &mut Vec<Value> {
    if !schedule["changes"].is_array() {
        schedule["changes"] = json!([]);
    }
    schedule["changes"].as_array_mut().expect("it was made a list just now")
}

fn date(change: &Value) -> Option<Date> {
    change.get("date")?.as_str()?.parse().ok()
}

/// `changes[3].from` is `from` of what was sent.
fn at_the_body(error: ChangeError) -> ChangeError {
    let ChangeError::Field(FieldError { field, message }) = error else { return error };
    let below = field.strip_prefix("changes[").and_then(|rest| rest.split_once(']'));
    let field = below.map_or(field.clone(), |(_, below)| below.trim_start_matches('.').to_owned());
    ChangeError::Field(FieldError { field, message })
}
