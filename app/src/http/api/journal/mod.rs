//! `/api/journal` and `/api/journal.csv`: what rang, when and why.

pub mod asked;
mod sheet;

use std::{ops::RangeInclusive, sync::Arc};

use bytes::Bytes;
use futures_util::{TryStreamExt as _, stream};
use headers::HeaderValue;
use hyper::{
    StatusCode,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE},
};
use jiff::{Timestamp, tz::TimeZone};
use warp::{Filter, Reply};

use super::{Answer, Api, Routes, blocking, get_or_head, json, other_methods, with};
use crate::{
    engine::PlaybackId,
    http::problem::Problem,
    store::journal::{self, JournalEntry},
};
use asked::{Query, filter, one_of, parameter};
use sheet::{LANGUAGES, Sheet};

const LIMIT: RangeInclusive<usize> = 1..=500;
const USUAL_LIMIT: usize = 50;

/// Rings that are written into a sheet at once: some 20 KiB.
const PART: usize = 200;

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let (list, sheet) = (warp::path!("journal"), warp::path!("journal.csv"));
    let get_list = list.and(get_or_head()).and(with(api)).and(warp::query()).then(get);
    let get_sheet = sheet.and(get_or_head()).and(with(api)).and(warp::query()).then(csv);
    let other = list.or(sheet).unify().and(other_methods("GET, HEAD"));
    get_list.or(get_sheet).unify().or(other).unify().boxed()
}

/// What rang, newest first. Of several conditions all must hold; the next page has the same ones
/// and `before`.
#[utoipa::path(get, path = "/api/journal", tag = "journal",
    params(
        ("limit" = Option<usize>, Query, description = "At most so many", minimum = 1, maximum = 500),
        ("before" = Option<u64>, Query, description = "Only those before the playback of this number"),
        ("trigger" = Option<String>, Query, description = "Only those of this trigger"),
        ("cause" = Option<String>, Query, description = "Only those for this cause: line, serial, api, cli, schedule"),
        ("outcome" = Option<String>, Query,
            description = "Only those that ended so: playing, played, replaced, stopped, failed, missed, interrupted"),
        ("from" = Option<String>, Query, description = "Not before this day (of the box) or moment (RFC 3339)"),
        ("to" = Option<String>, Query, description = "Up to the end of this day, or before this moment"),
        ("search" = Option<String>, Query,
            description = "Only those with this text in the name of the trigger, sound, line or user"),
    ),
    responses(
        (status = 200, description = "What rang, newest first", body = Vec<JournalEntry>),
        (status = 400, description = "A parameter is wrong", body = Problem),
    ))]
async fn get(api: Arc<Api>, query: Query) -> Answer {
    let number = "a whole number";
    let limit = parameter(&query, "limit", number)?.unwrap_or(USUAL_LIMIT);
    if !LIMIT.contains(&limit) {
        let (least, most) = LIMIT.into_inner();
        return Err(Problem::bad_request(format!("limit: {limit} is not {least} to {most}")));
    }
    let before = parameter(&query, "before", number)?.map(PlaybackId);
    let filter = filter(&query, &TimeZone::system())?;
    json(StatusCode::OK, &read(api, limit, before, filter).await?)
}

/// All that rang and meets the conditions, newest first, as a file for a spreadsheet: in English
/// with commas, in French with semicolons and decimal commas. Texts that would be formulas are none.
#[utoipa::path(get, path = "/api/journal.csv", tag = "journal",
    params(
        ("language" = Option<String>, Query, description = "en or fr"),
        ("trigger" = Option<String>, Query, description = "As for the journal"),
        ("cause" = Option<String>, Query, description = "As for the journal"),
        ("outcome" = Option<String>, Query, description = "As for the journal"),
        ("from" = Option<String>, Query, description = "As for the journal"),
        ("to" = Option<String>, Query, description = "As for the journal"),
        ("search" = Option<String>, Query, description = "As for the journal"),
    ),
    responses(
        (status = 200, description = "RFC 4180, UTF-8 with its mark", body = String, content_type = "text/csv"),
        (status = 400, description = "A parameter is wrong", body = Problem),
    ))]
async fn csv(api: Arc<Api>, query: Query) -> Answer {
    let zone = TimeZone::system();
    let language = one_of(&query, "language", &LANGUAGES)?.unwrap_or("en");
    let filter = filter(&query, &zone)?;
    let day = Timestamp::now().to_zoned(zone.clone()).date();
    let entries = read(api, usize::MAX, None, filter).await?;
    let sheet = Sheet::new(language, zone);
    let head = sheet.head();
    // A part is written when the one before it is on its way.
    let mut left = entries.into_iter();
    let rows = std::iter::from_fn(move || {
        let part: Vec<_> = left.by_ref().take(PART).collect();
        (!part.is_empty()).then(|| sheet.rows(&part))
    });
    let parts = stream::iter(std::iter::once(head).chain(rows));
    let mut response = warp::reply::stream(parts.map_ok(Bytes::from)).into_response();
    let headers = response.headers_mut();
    let media_type = "text/csv; charset=utf-8; header=present";
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    let name = format!("attachment; filename=\"beffroi-{day}.csv\"");
    if let Ok(name) = HeaderValue::try_from(name) {
        headers.insert(CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

async fn read(
    api: Arc<Api>,
    limit: usize,
    before: Option<PlaybackId>,
    filter: journal::Filter,
) -> Result<Vec<JournalEntry>, Problem> {
    blocking("reading the journal", move || {
        let entries = api.services.journal.read(limit, before, &filter);
        entries.map_err(|error| Problem::internal("reading the journal", error))
    })
    .await
}
