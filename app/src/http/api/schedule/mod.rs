//! `/api/schedule`: the bell tables, what they make of each day, and why.
//!
//! Times are the school's, by the clock on its wall; moments are in UTC.

pub mod calendar;
pub mod changes;
pub mod day_types;
pub mod draft;
pub mod edit;
pub mod explain;
pub mod feed;
pub mod import;
pub mod official;
pub mod preview;
pub mod proposal;
pub mod school;
pub mod subscription;
pub mod versions;
pub mod weeks;
pub mod whole;

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError},
};

use headers::{ETag, HeaderMapExt};
use hyper::StatusCode;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use warp::{Filter, Rejection};

use super::{
    Answer, Api, Routes, blocking, get_or_head, json, other_methods, triggers, wanted, with,
};
use crate::{
    almanac::SchoolDays,
    http::{auth::User, body, problem::Problem},
    schedule::{Schedule, Tables},
    store::{ChangeError, Note},
};

pub use feed::public_routes;

/// The parameters of a request.
type Query = BTreeMap<String, String>;

/// The most that a schedule may hold; that of a big school takes 60 KiB.
const SCHEDULE_BYTES: u64 = 1024 * 1024;

/// The most letters of a comment on a change.
const COMMENT_LETTERS: usize = 500;

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let tables = whole::routes(api).or(draft::routes(api)).unify().boxed();
    let parts = day_types::routes(api).or(weeks::routes(api)).unify().or(calendar::routes(api));
    let tables = tables.or(parts.unify()).unify();
    let days =
        changes::routes(api).or(preview::routes(api)).unify().or(explain::routes(api)).unify();
    let kept = versions::routes(api).or(feed::routes(api)).unify();
    let sources = import::routes(api).or(proposal::routes(api)).unify();
    let kept = kept.boxed().or(sources.boxed()).unify();
    let school = school::routes(api).or(official::routes(api)).unify();
    let school = school.or(subscription::routes(api)).unify().boxed();
    let all = tables.boxed().or(days.boxed()).unify().or(kept.boxed()).unify();
    all.or(school).unify().boxed()
}

// ---- what the parts have in common

/// A schedule, with the days off that the box knows: as the keeper of the hours sees it.
fn tables(api: &Api, schedule: Arc<Schedule>) -> Tables<SchoolDays> {
    let (days_off, _) = api.services.shelf.days_of(&schedule.school);
    Tables::new(schedule, days_off)
}

/// Those in force.
fn in_force(api: &Api) -> Tables<SchoolDays> {
    tables(api, Arc::clone(&api.services.store.conf().schedule))
}

/// Who asks, for the versions.
fn author(api: &Arc<Api>) -> impl Filter<Extract = (String,), Error = Rejection> + Clone + use<> {
    api.auth.user().map(|User(name)| name)
}

/// Who changes it, and what for: the parameter `comment`.
fn note(by: String, query: &Query) -> Result<Note, Problem> {
    let comment = query.get("comment").cloned().unwrap_or_default();
    if comment.chars().count() > COMMENT_LETTERS {
        return Err(Problem::bad_request(format!("comment: at most {COMMENT_LETTERS} letters")));
    }
    Ok(Note { by, at: Timestamp::now(), comment })
}

/// Changes the tables, one at a time.
async fn change(api: Arc<Api>, work: impl FnOnce(&Api) -> Answer + Send + 'static) -> Answer {
    blocking("changing the tables", move || {
        let _alone = api.changing.lock().unwrap_or_else(PoisonError::into_inner);
        work(&api)
    })
    .await
}

fn refusal(error: ChangeError) -> Problem {
    triggers::refusal(error, None)
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

/// An answer with the tag of what it shows.
fn tagged(status: StatusCode, body: &impl Serialize, tag: ETag) -> Answer {
    let mut response = json(status, body)?;
    response.headers_mut().typed_insert(tag);
    Ok(response)
}

/// The tag of a digest in hexadecimal digits.
fn tag(digest: &str) -> ETag {
    format!("\"{digest}\"").parse().expect("hexadecimal digits in quotes")
}

/// A part of the schedule in force, every default filled in.
fn part(api: &Api, key: &str) -> Value {
    api.services.store.schedule_json().get(key).cloned().unwrap_or_default()
}

/// A part of a schedule, with its tag.
fn shown(part: &Value) -> Answer {
    tagged(StatusCode::OK, part, tag_of(part))
}

/// The tag of a part of a schedule.
fn tag_of(part: &Value) -> ETag {
    triggers::tag(part)
}
