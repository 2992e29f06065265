//! `GET /api/journal`: what rang, when and why.

use std::{collections::BTreeMap, ops::RangeInclusive, str::FromStr, sync::Arc};

use hyper::StatusCode;
use warp::Filter;

use super::{Answer, Api, Routes, blocking, get_or_head, json, other_methods, with};
use crate::{engine::PlaybackId, http::problem::Problem, store::journal::JournalEntry};

const LIMIT: RangeInclusive<usize> = 1..=500;
const USUAL_LIMIT: usize = 50;

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let path = warp::path!("journal");
    let get = path.and(get_or_head()).and(with(api)).and(warp::query()).then(get);
    get.or(path.and(other_methods("GET, HEAD"))).unify().boxed()
}

/// What rang, newest first.
#[utoipa::path(get, path = "/api/journal", tag = "journal",
    params(
        ("limit" = Option<usize>, Query, description = "At most so many", minimum = 1, maximum = 500),
        ("before" = Option<u64>, Query, description = "Only those before the playback of this number"),
    ),
    responses(
        (status = 200, description = "What rang, newest first", body = Vec<JournalEntry>),
        (status = 400, description = "A parameter is wrong", body = Problem),
    ))]
async fn get(api: Arc<Api>, query: BTreeMap<String, String>) -> Answer {
    let limit = parameter(&query, "limit")?.unwrap_or(USUAL_LIMIT);
    if !LIMIT.contains(&limit) {
        let (least, most) = LIMIT.into_inner();
        return Err(Problem::bad_request(format!("limit: {limit} is not {least} to {most}")));
    }
    let before = parameter(&query, "before")?.map(PlaybackId);
    blocking("reading the journal", move || {
        let entries = api.services.journal.read(limit, before);
        let entries = entries.map_err(|error| Problem::internal("reading the journal", error))?;
        json(StatusCode::OK, &entries)
    })
    .await
}

fn parameter<T: FromStr>(
    query: &BTreeMap<String, String>,
    name: &str,
) -> Result<Option<T>, Problem> {
    let wrong = |text| Problem::bad_request(format!("{name}: {text:?} is no whole number"));
    query.get(name).map(|text| text.parse().map_err(|_| wrong(text))).transpose()
}
