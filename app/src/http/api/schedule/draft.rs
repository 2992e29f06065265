//! `POST /api/schedule/diff`: what a draft would change, in words and day by day.
//!

use jiff::{Timestamp, ToSpan, civil::Date};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Answer, Api, Arc, Filter, Problem, Routes, SCHEDULE_BYTES, StatusCode, Value, blocking, body,
    json, other_methods, tables, whole, with,
};
use crate::{
    schedule::{self, Day, NamedDay, Schedule, Words, diff, model::written_time},
    store::ChangeError,
};

/// So many days are compared: until the next holidays, and a bit.
const DAYS: i64 = 60;

/// What a draft would change.
#[derive(Debug, Serialize, ToSchema)]
pub struct Difference {
    /// A sentence for each thing that differs; none: they are the same.
    words: Vec<Words>,
    /// The days of the next 60 on which it would ring otherwise, in order.
    days: Vec<OtherDay>,
}

/// A day on which it would ring otherwise.
#[derive(Debug, Serialize, ToSchema)]
pub struct OtherDay {
    /// The date.
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// What it is now; `null`: a day without bells of its own.
    was: Option<NamedDay>,
    /// What it would be.
    is: Option<NamedDay>,
    /// The times at which it rings now and would not.
    gone: Vec<String>,
    /// The times at which it would ring and does not now.
    new: Vec<String>,
}

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let path = warp::path!("schedule" / "diff");
    let post = path.and(warp::post()).and(with(api)).and(body::json_up_to(SCHEDULE_BYTES));
    post.then(post_diff).or(path.and(other_methods("POST"))).unify().boxed()
}

/// What a draft would change. Nothing is changed.
#[utoipa::path(post, path = "/api/schedule/diff", tag = "schedule", request_body = Schedule,
    responses(
        (status = 200, description = "What differs from the tables in force", body = Difference),
        (status = 400, description = "The body is not JSON", body = Problem),
        (status = 413, description = "The body is too large", body = Problem),
        (status = 415, description = "The body says that it is not JSON", body = Problem),
        (status = 422, description = "Something in it is wrong; `field` says where", body = Problem),
    ))]
pub async fn post_diff(api: Arc<Api>, body: Result<Value, Problem>) -> Answer {
    let body = body?;
    blocking("comparing tables", move || {
        let store = &api.services.store;
        let old = Arc::clone(&store.conf().schedule);
        let draft = whole::with_changes(body, &store.schedule_json());
        let new = store.read_draft(&draft);
        let new = Arc::new(new.map_err(|error| super::refusal(ChangeError::Field(error)))?);
        let words = diff(&old, &new).iter().map(schedule::Difference::words).collect();
        let (old, new) = (tables(&api, old), tables(&api, new));
        let today = old.civil(Timestamp::now()).date();
        let until = today.saturating_add(DAYS.days());
        let days = old.days(today, until).zip(new.days(today, until));
        let days = days.filter_map(|(old, new)| other(&old, &new)).collect();
        json(StatusCode::OK, &Difference { words, days })
    })
    .await
}

fn other(old: &Day, new: &Day) -> Option<OtherDay> {
    let lost = |from: &Day, to: &Day| -> Vec<String> {
        let kept = |id: &_| to.bells.iter().any(|bell| bell.id == *id);
        let lost = from.bells.iter().filter(|bell| !kept(&bell.id));
        lost.map(|bell| written_time(bell.id.time)).collect()
    };
    let (gone, came) = (lost(old, new), lost(new, old));
    let same = gone.is_empty() && came.is_empty() && old.day_type_id() == new.day_type_id();
    let (was, is) = (old.day_type.clone(), new.day_type.clone());
    (!same).then_some(OtherDay { date: old.date, was, is, gone, new: came })
}
