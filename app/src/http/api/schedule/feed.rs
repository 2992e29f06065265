//! `/api/schedule/feed` and `/api/feed/….ics`: the bells in anybody's calendar.
//!
//! Whoever has the address reads the feed without signing in: it is a secret, and can be taken back.

use headers::HeaderValue;
use hyper::header::CONTENT_TYPE;
use jiff::{Timestamp, ToSpan};
use serde::Serialize;
use utoipa::ToSchema;
use warp::Reply;

use super::{
    super::Segment, Answer, Api, Arc, Filter, Problem, Routes, StatusCode, blocking, get_or_head,
    in_force, json, other_methods, with,
};
use crate::schedule;

/// The days before today and after it that the feed has.
const DAYS: (i64, i64) = (7, 120);

/// Whether there is a feed.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedState {
    /// Whether somebody may read it who has its address.
    open: bool,
}

/// The address of a new feed.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewFeed {
    /// Told this once: the box keeps only what it takes to know it again.
    #[schema(example = "/api/feed/k5wzq….ics")]
    path: String,
}

/// The routes for who has signed in.
pub fn routes(api: &Arc<Api>) -> Routes {
    let path = warp::path!("schedule" / "feed");
    let get = path.and(get_or_head()).and(with(api)).map(|api: Arc<Api>| get(&api));
    let make = path.and(warp::post()).and(with(api)).then(make);
    let revoke = path.and(warp::delete()).and(with(api)).then(revoke);
    let other = path.and(other_methods("GET, HEAD, POST, DELETE"));
    get.or(make).unify().or(revoke).unify().or(other).unify().boxed()
}

/// The routes for whoever has the address.
pub fn public_routes(api: &Arc<Api>) -> Routes {
    let path = warp::path!("feed" / Segment);
    let get = path.and(get_or_head()).and(with(api)).then(calendar);
    get.or(path.map(drop).untuple_one().and(other_methods("GET, HEAD"))).unify().boxed()
}

/// Whether there is a feed of the bells.
#[utoipa::path(get, path = "/api/schedule/feed", tag = "schedule",
    responses((status = 200, description = "Whether there is", body = FeedState)))]
pub fn get(api: &Api) -> Answer {
    json(StatusCode::OK, &FeedState { open: api.services.store.feed().exists() })
}

/// Makes a secret address at which calendars read the bells; the one before is worth nothing then.
#[utoipa::path(post, path = "/api/schedule/feed", tag = "schedule",
    responses(
        (status = 201, description = "Its address, told this once", body = NewFeed),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
pub async fn make(api: Arc<Api>) -> Answer {
    blocking("making a feed", move || {
        let secret = api.services.store.feed().renew().map_err(|error| disk(&error))?;
        json(StatusCode::CREATED, &NewFeed { path: format!("/api/feed/{secret}.ics") })
    })
    .await
}

/// Takes the address back.
#[utoipa::path(delete, path = "/api/schedule/feed", tag = "schedule",
    responses(
        (status = 204, description = "Nobody reads it any more"),
        (status = 507, description = "The disk is read-only", body = Problem),
    ))]
pub async fn revoke(api: Arc<Api>) -> Answer {
    blocking("closing a feed", move || {
        api.services.store.feed().revoke().map_err(|error| disk(&error))?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}

/// The bells of last week and of the next four months, for calendars, in French: no sign-in but the address.
#[utoipa::path(get, path = "/api/feed/{secret}", tag = "schedule", security(()), params(("secret" = String, Path)),
    responses(
        (status = 200, description = "iCalendar (RFC 5545)", body = String, content_type = "text/calendar"),
        (status = 404, description = "There is no such feed", body = Problem),
    ))]
pub async fn calendar(secret: Segment, api: Arc<Api>) -> Answer {
    blocking("writing the feed", move || {
        let secret = secret.0.strip_suffix(".ics").unwrap_or_default();
        if !api.services.store.feed().is(secret) {
            let detail = "there is no such feed: its address was taken back, or it is not whole";
            return Err(Problem::not_found(detail));
        }
        let (tables, now) = (in_force(&api), Timestamp::now());
        let today = tables.civil(now).date();
        let (from, to) = (today.saturating_sub(DAYS.0.days()), today.saturating_add(DAYS.1.days()));
        let text = schedule::calendar(tables.days(from, to), now, true);
        let mut response = text.into_response();
        let media_type = HeaderValue::from_static("text/calendar; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, media_type);
        Ok(response)
    })
    .await
}

fn disk(error: &std::io::Error) -> Problem {
    let detail = format!("the feed's secret could not be written: {error}");
    Problem::new(StatusCode::INSUFFICIENT_STORAGE, detail)
}
