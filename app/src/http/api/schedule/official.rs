//! `/api/schedule/official`: the files of the school calendar that count.
//!

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use utoipa::ToSchema;
use warp::Reply as _;

use super::{
    super::journal::asked::one_of, Answer, Api, Arc, Filter, Problem, Query, Routes, StatusCode,
    blocking, get_or_head, json, other_methods, school::named, with,
};
use crate::{
    almanac::{KnownFile, ShelfError, Way},
    calendar::{Form, MAX_BYTES, Place, Read, SHIPPED_ON, SOURCES, Site},
    http::body::{self, Body},
    schedule::Words,
};

/// The files that count.
#[derive(Debug, Serialize, ToSchema)]
pub struct Official {
    /// What ships with the program.
    shipped: Shipped,
    /// The files over it, the newest last.
    files: Vec<ShownFile>,
    /// What there is to say of them, a sentence each.
    notes: Vec<String>,
}

/// What ships with the program.
#[derive(Debug, Serialize, ToSchema)]
pub struct Shipped {
    /// The day on which it was put together.
    #[schema(value_type = String, format = Date)]
    at: Date,
    /// From what.
    sources: Vec<Words>,
}

/// A file that counts.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownFile {
    /// How it came: `uploaded` or `fetched`.
    way: &'static str,
    /// Its name.
    name: String,
    /// When it came.
    #[schema(value_type = String, format = DateTime)]
    received: Timestamp,
    /// Which form it has: `csv`, `json` or `ics`.
    #[schema(value_type = String, example = "ics")]
    form: Form,
    /// The places that it is of.
    places: Vec<FileReach>,
}

/// Until when a file knows the holidays of a place.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileReach {
    /// The place's code.
    #[schema(value_type = String, example = "zone-b")]
    place: Place,
    /// What people call it.
    name: Words,
    /// The last day.
    #[schema(value_type = Option<String>, format = Date)]
    until: Option<Date>,
}

/// What was read of a file that was uploaded.
#[derive(Debug, Serialize, ToSchema)]
pub struct Uploaded {
    /// Which form it has: `csv`, `json` or `ics`.
    #[schema(value_type = String, example = "ics")]
    form: Form,
    /// What it has of each place.
    places: Vec<ReadPlace>,
    /// What was left out of it or put right, a sentence each.
    notes: Vec<String>,
}

/// What a file has of a place.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadPlace {
    /// The place's code.
    #[schema(value_type = String, example = "zone-b")]
    place: Place,
    /// What people call it.
    name: Words,
    /// How many holidays and single days.
    count: usize,
    /// The day that the first ones begin on.
    #[schema(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// The last day that they are known for.
    #[schema(value_type = Option<String>, format = Date)]
    until: Option<Date>,
}

/// The routes of these resources.
pub fn routes(api: &Arc<Api>) -> Routes {
    let all = warp::path!("schedule" / "official");
    let upload = warp::path!("schedule" / "official" / "upload");
    let get = all.and(get_or_head()).and(with(api)).then(get);
    let put = upload.and(warp::put()).and(with(api)).and(warp::query());
    let put = put.and(body::raw(MAX_BYTES as u64)).then(put_upload);
    let forget = upload.and(warp::delete()).and(with(api)).then(forget);
    let other = all.and(other_methods("GET, HEAD"));
    let other = other.or(upload.and(other_methods("PUT, DELETE"))).unify();
    get.or(put).unify().or(forget).unify().or(other).unify().boxed()
}

/// The files of the school calendar that count: what ships, over it what was uploaded and fetched.
#[utoipa::path(get, path = "/api/schedule/official", tag = "schedule",
    responses((status = 200, description = "The files", body = Official)))]
pub async fn get(api: Arc<Api>) -> Answer {
    blocking("reading the school calendar", move || {
        let known = api.services.shelf.known();
        let sources = SOURCES.map(|(_, en, fr)| Words::new(en, fr)).into();
        json(
            StatusCode::OK,
            &Official {
                shipped: Shipped { at: SHIPPED_ON, sources },
                files: known.files.iter().map(ShownFile::of).collect(),
                notes: known.notes.clone(),
            },
        )
    })
    .await
}

/// Takes an official file (iCalendar, CSV or JSON of the ministry) in the place of the one that was
/// uploaded before. The body is the file itself, at most 4 MiB; its holidays count at once. One
/// that cannot be read is refused, and changes nothing.
#[utoipa::path(put, path = "/api/schedule/official/upload", tag = "schedule",
    params(
        ("name" = Option<String>, Query, description = "Its name, by which days say where they are from"),
        ("place" = Option<String>, Query, description = "The code of the place of an iCalendar file that names none"),
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "What was read", body = Uploaded),
        (status = 400, description = "A parameter is wrong", body = Problem),
        (status = 408, description = "Nothing more came for 10 s", body = Problem),
        (status = 413, description = "It is too large", body = Problem),
        (status = 415, description = "It is compressed", body = Problem),
        (status = 422, description = "It is no official file that can be read", body = Problem),
        (status = 503, description = "Other uploads are under way", body = Problem),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
pub async fn put_upload(api: Arc<Api>, query: Query, mut body: Body) -> Answer {
    let place = one_of(&query, "place", &Place::ALL.map(Place::code))?.and_then(Place::of_code);
    let busy = |_| Problem::unavailable("other uploads are under way: try again in a moment");
    let _room = api.uploads.try_acquire().map_err(busy)?;
    let bytes = body.whole().await?;
    let api = api.clone();
    blocking("reading an official file", move || {
        let name = query.get("name").map_or("", String::as_str);
        let read = api.services.shelf.upload(name, &bytes, place, Timestamp::now());
        let read = read.map_err(|error| match error {
            ShelfError::Unreadable(why) => Problem::field("file", why),
            ShelfError::Disk(error) => Problem::of_disk("the official file", &error),
        })?;
        let site = Site::read(&api.services.store.conf().schedule.school);
        json(StatusCode::OK, &Uploaded::of(read, site.ok().flatten()))
    })
    .await
}

/// Forgets the file that was uploaded: what was known before it counts again.
#[utoipa::path(delete, path = "/api/schedule/official/upload", tag = "schedule",
    responses(
        (status = 204, description = "Forgotten"),
        (status = 404, description = "There is none", body = Problem),
        (status = 507, description = "The disk is read-only", body = Problem),
    ))]
pub async fn forget(api: Arc<Api>) -> Answer {
    blocking("deleting an official file", move || {
        let forgotten = api.services.shelf.forget_upload();
        match forgotten.map_err(|error| Problem::of_disk("the official file", &error))? {
            true => Ok(StatusCode::NO_CONTENT.into_response()),
            false => Err(Problem::not_found("no official file was uploaded")),
        }
    })
    .await
}

impl ShownFile {
    fn of(file: &KnownFile) -> Self {
        let reach = |&(place, until): &_| FileReach { place, name: named(place), until };
        Self {
            way: match file.way {
                Way::Uploaded => "uploaded",
                Way::Fetched => "fetched",
            },
            name: file.name.clone(),
            received: file.received,
            form: file.form,
            places: file.places.iter().map(reach).collect(),
        }
    }
}

impl Uploaded {
    fn of(Read { holidays, mut notes, form }: Read, site: Option<Site>) -> Self {
        // The wrong file of sixteen looks like the right one.
        if let Some(Site { place, .. }) = site
            && holidays.of(place).is_empty()
        {
            notes.push(format!("it has nothing of {}, where this school is", place.name()));
        }
        let of = |place: Place| ReadPlace {
            place,
            name: named(place),
            count: holidays.of(place).len(),
            from: holidays.of(place).first().map(|first| first.leave),
            until: holidays.valid_until(place),
        };
        Self { form, places: holidays.places().map(of).collect(), notes }
    }
}
