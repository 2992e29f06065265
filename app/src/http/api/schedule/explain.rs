//! `GET /api/schedule/explain`: why it rings at a moment, or not.
//!

use jiff::{Timestamp, civil::DateTime};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Answer, Api, Arc, Filter, Problem, Query, Routes, StatusCode, blocking, get_or_head, in_force,
    json, other_methods, with,
};
use crate::schedule::{Explanation, PRECEDENCE, Words};

/// Why it rings at a moment, or not, for people and for programs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Explained {
    /// For programs.
    #[serde(flatten)]
    explanation: Explanation,
    /// For people: what happens, and then the chain of rules, a sentence each.
    words: Vec<Words>,
    /// Which rule beats which.
    precedence: Words,
}

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let path = warp::path!("schedule" / "explain");
    let get = path.and(get_or_head()).and(with(api)).and(warp::query()).then(get);
    get.or(path.and(other_methods("GET, HEAD"))).unify().boxed()
}

/// Why it rings in the minute of a moment, or not: the chain of rules.
#[utoipa::path(get, path = "/api/schedule/explain", tag = "schedule",
    params(("at" = Option<String>, Query,
        description = "A time of the school (2026-11-09T08:25) or a moment (2026-11-09T07:25:00Z); now where none is given")),
    responses(
        (status = 200, description = "Why", body = Explained),
        (status = 400, description = "The parameter is wrong", body = Problem),
    ))]
pub async fn get(api: Arc<Api>, query: Query) -> Answer {
    blocking("explaining", move || {
        let tables = in_force(&api);
        let at = match query.get("at").filter(|at| !at.is_empty()) {
            None => Timestamp::now(),
            Some(text) => {
                let zone = tables.schedule().time_zone.rules();
                let civil = || zone.to_timestamp(text.parse::<DateTime>().ok()?).ok();
                // A moment is tried first: a time is read out of one, too.
                text.parse().ok().or_else(civil).ok_or_else(|| wrong(text))?
            }
        };
        let explanation = tables.explain(at);
        let words = explanation.words();
        let precedence = Words::new(PRECEDENCE.en, PRECEDENCE.fr);
        json(StatusCode::OK, &Explained { explanation, words, precedence })
    })
    .await
}

fn wrong(text: &str) -> Problem {
    let expected = "a time (2026-11-09T08:25) or a moment (2026-11-09T07:25:00Z)";
    Problem::bad_request(format!("at: found {text:?}, expected {expected}"))
}
