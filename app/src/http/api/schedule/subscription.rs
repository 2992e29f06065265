//! `/api/schedule/official/subscription`: a fresh school calendar each week.
//!
//! Nobody waits for the network but who asks for it here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use warp::Reply as _;

use super::{
    Answer, Api, Arc, Filter, Problem, Routes, StatusCode, Value, blocking, body, change,
    get_or_head, other_methods, refusal, tag_of, tagged,
    wanted::{Wanted, wanted},
    with,
};
use crate::{
    almanac::{Outcome, Subscription},
    calendar::Place,
};

/// Where a fresh calendar is fetched from.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct CalendarAddress {
    /// The https address of an official file.
    #[schema(
        example = "https://fr.ftp.opendatasoft.com/openscol/fr-en-calendrier-scolaire/Zone-B.ics"
    )]
    url: String,
    /// The code of the place of an iCalendar file that names none.
    #[schema(value_type = Option<String>, example = "zone-b")]
    place: Option<String>,
}

/// Where it is fetched from, and what came of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubscriptionState {
    /// From where; `null`: from nowhere.
    address: Option<CalendarAddress>,
    /// The last time that it was asked; `null`: never yet.
    last: Option<LastAsked>,
    /// When it is asked next by itself.
    #[schema(value_type = Option<String>, format = DateTime)]
    next: Option<Timestamp>,
    /// Whether it is being asked at this moment.
    asking: bool,
}

/// The last time that it was asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct LastAsked {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// What came of it.
    #[serde(flatten)]
    outcome: Outcome,
}

/// The routes of these resources.
pub fn routes(api: &Arc<Api>) -> Routes {
    let path = warp::path!("schedule" / "official" / "subscription");
    let now = warp::path!("schedule" / "official" / "refresh");
    let get = path.and(get_or_head()).and(with(api)).then(get);
    let put = path.and(warp::put()).and(with(api)).and(wanted()).and(body::json()).then(put);
    let delete = path.and(warp::delete()).and(with(api)).and(wanted()).then(delete);
    let refresh = now.and(warp::post()).and(with(api)).then(refresh);
    let other = path.and(other_methods("GET, HEAD, PUT, DELETE"));
    let other = other.or(now.and(other_methods("POST"))).unify();
    get.or(put).unify().or(delete).unify().or(refresh).unify().or(other).unify().boxed()
}

/// Where a fresh school calendar is fetched from, and what came of it.
#[utoipa::path(get, path = "/api/schedule/official/subscription", tag = "schedule",
    responses((status = 200, description = "From where; its `ETag` is for `If-Match`", body = SubscriptionState)))]
pub async fn get(api: Arc<Api>) -> Answer {
    blocking("reading the school calendar", move || shown(&api)).await
}

/// Sets the address that is asked for a fresh school calendar: at once, and then once a week. The
/// answer does not wait for it.
#[utoipa::path(put, path = "/api/schedule/official/subscription", tag = "schedule", request_body = CalendarAddress,
    responses(
        (status = 200, description = "As it is now", body = SubscriptionState),
        (status = 400, description = "The body is not JSON", body = Problem),
        (status = 409, description = "conf.json is being edited by hand", body = Problem),
        (status = 412, description = "Somebody has changed it since", body = Problem),
        (status = 413, description = "The body is too large", body = Problem),
        (status = 415, description = "The body says that it is not JSON", body = Problem),
        (status = 422, description = "The box does not go to that address; `field` names it", body = Problem),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
pub async fn put(api: Arc<Api>, wanted: Wanted, body: Result<Value, Problem>) -> Answer {
    let wrong = |error| Problem::field("", format!("it names no address: {error}"));
    let CalendarAddress { url, place } = serde_json::from_value(body?).map_err(wrong)?;
    let address = Subscription::address(url.trim());
    let url = address.ok_or_else(|| {
        Problem::field("url", "the https address of an official file is expected")
    })?;
    let place = place.filter(|code| !code.is_empty()).map(|code| {
        let unknown = || Problem::field("place", format!("there is no place {code:?}"));
        Place::of_code(&code).ok_or_else(unknown)
    });
    let to = Subscription { url, place: place.transpose()? };
    let permitted = api.services.almanac.permits(&to.url);
    permitted.map_err(|why| Problem::field("url", why))?;
    subscribe(api, wanted, Some(to)).await
}

/// Fetches a fresh school calendar from nowhere any more. What was fetched goes on counting.
#[utoipa::path(delete, path = "/api/schedule/official/subscription", tag = "schedule",
    responses(
        (status = 204, description = "Nothing is fetched"),
        (status = 409, description = "conf.json is being edited by hand", body = Problem),
        (status = 412, description = "Somebody has changed it since", body = Problem),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
pub async fn delete(api: Arc<Api>, wanted: Wanted) -> Answer {
    subscribe(api, wanted, None).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Asks for a fresh school calendar now, at most once a minute, and waits for what comes of it: up
/// to 60 s.
#[utoipa::path(post, path = "/api/schedule/official/refresh", tag = "schedule",
    responses(
        (status = 200, description = "It was asked: `last` says what came of it", body = SubscriptionState),
        (status = 409, description = "No address is set", body = Problem),
        (status = 429, description = "It was asked less than a minute ago", body = Problem),
    ))]
pub async fn refresh(api: Arc<Api>) -> Answer {
    let from = api.services.store.conf().school_calendar.clone();
    let from = from.ok_or_else(|| {
        let detail = "no address is set from which a school calendar could be fetched";
        Problem::new(StatusCode::CONFLICT, detail)
    })?;
    let asked = api.services.almanac.refresh(from, Timestamp::now()).await;
    asked.map_err(|soon| Problem::too_many(soon.to_string(), soon.seconds))?;
    blocking("reading the school calendar", move || shown(&api)).await
}

async fn subscribe(api: Arc<Api>, wanted: Wanted, to: Option<Subscription>) -> Answer {
    change(api, move |api| {
        wanted.check(Some(&tag_of(&address_json(api))), "subscription")?;
        api.services.store.subscribe(to.as_ref()).map_err(refusal)?;
        shown(api)
    })
    .await
}

/// Reads the disk.
fn shown(api: &Api) -> Answer {
    let almanac = &api.services.almanac;
    let from = api.services.store.conf().school_calendar.clone();
    let last = from.as_ref().and_then(|from| almanac.checked(&from.url));
    let state = SubscriptionState {
        address: from.as_ref().map(address),
        last: last.map(|last| LastAsked { at: last.at, outcome: last.outcome }),
        next: from.as_ref().map(|from| almanac.next(&from.url, Timestamp::now())),
        asking: almanac.is_asking(),
    };
    tagged(StatusCode::OK, &state, tag_of(&address_json(api)))
}

fn address(from: &Subscription) -> CalendarAddress {
    CalendarAddress {
        url: from.url.to_string(),
        place: from.place.map(|place| place.code().into()),
    }
}

/// What its tag is of: that it was asked meanwhile is no change of anybody's.
fn address_json(api: &Api) -> Value {
    let from = api.services.store.conf().school_calendar.clone();
    from.map_or(Value::Null, |from| serde_json::to_value(address(&from)).unwrap_or_default())
}
