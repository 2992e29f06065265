//! `/api/schedule/weeks`: which day of a week, or of a cycle, is of which type.
//!

use serde_json::json;

use super::{
    Answer, Api, Arc, Filter, Problem, Routes, Value, body,
    edit::{Edit, edit},
    get_or_head, other_methods, shown, with,
};
use crate::schedule::model::Rota;

/// The keys of a schedule that say which day has which day type.
const ROTA: [&str; 2] = ["weeks", "cycle"];

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let path = warp::path!("schedule" / "weeks");
    let get = path.and(get_or_head()).and(with(api)).map(|api: Arc<Api>| get_weeks(&api));
    let put = path.and(warp::put()).and(edit(api)).and(body::json()).then(put_weeks);
    get.or(put).unify().or(path.and(other_methods("GET, HEAD, PUT"))).unify().boxed()
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
pub async fn put_weeks(edit: Edit, body: Result<Value, Problem>) -> Answer {
    let body = body?;
    let given = ROTA.into_iter().filter_map(|key| Some((key, body.get(key)?.clone())));
    let given: Vec<_> = given.collect();
    let [(key, value)] = given
        .try_into()
        .map_err(|_| Problem::field("", "one of the keys \"weeks\" and \"cycle\" is expected"))?;
    let put = move |schedule: &mut Value| {
        if let Some(schedule) = schedule.as_object_mut() {
            schedule.retain(|key, _| !ROTA.contains(&key.as_str()));
            schedule.insert(key.to_owned(), value);
        }
    };
    edit.of("kinds of weeks", rota, put).await
}

fn rota(api: &Api) -> Value {
    let schedule = api.services.store.schedule_json();
    let found = ROTA.into_iter().find_map(|key| Some((key, schedule.get(key)?)));
    found.map_or(Value::Null, |(key, value)| json!({ key: value }))
}
