//! `/api/schedule/school` and `…/places`: where the school is.
//!

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use utoipa::ToSchema;

use super::{
    Answer, Api, Arc, Filter, Problem, Query, Routes, StatusCode, Value, blocking, body,
    edit::{Edit, edit},
    get_or_head, json as answer, other_methods, shown, with, within,
};
use crate::{
    almanac::Known,
    calendar::{Found, Place, Region, of_academy, of_department, of_postal_code, source_names},
    schedule::Words,
};

/// Where a school is.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct School {
    /// The code of the place whose school holidays it has; `null`: no day is off by itself.
    #[schema(example = "zone-b")]
    place: Option<String>,
    /// The code of the region whose public holidays it has; `null`: the place's.
    #[schema(example = "alsace-moselle")]
    region: Option<String>,
    /// The zone in which its hours are written: an IANA name. Absent in a PUT: it stays.
    #[schema(example = "Europe/Paris")]
    time_zone: Option<String>,
}

/// Where a school can be.
#[derive(Debug, Serialize, ToSchema)]
pub struct Places {
    /// The places, the mainland first.
    places: Vec<ShownPlace>,
    /// The regions with public holidays of their own.
    regions: Vec<ShownRegion>,
    /// Where it is that was asked for.
    found: Option<FoundPlace>,
}

/// A place, and until when its school holidays are known.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownPlace {
    /// Its code.
    #[schema(value_type = String, example = "zone-b")]
    place: Place,
    /// What people call it.
    name: Words,
    /// Whose public holidays it has.
    #[schema(value_type = String, example = "metropole")]
    region: Region,
    /// Its time zone.
    time_zone: &'static str,
    /// The last day that its school holidays are known for.
    #[schema(value_type = Option<String>, format = Date)]
    until: Option<Date>,
    /// Who says so.
    source: Option<Words>,
}

/// A region.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownRegion {
    /// Its code.
    #[schema(value_type = String, example = "alsace-moselle")]
    region: Region,
    /// What people call it.
    name: Words,
}

/// Where it is that was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundPlace {
    /// The academy.
    academy: &'static str,
    /// Its place.
    #[schema(value_type = String, example = "zone-b")]
    place: Place,
    /// Its region.
    #[schema(value_type = String, example = "metropole")]
    region: Region,
}

/// The routes of these resources.
pub fn routes(api: &Arc<Api>) -> Routes {
    let (school, places) = (warp::path!("schedule" / "school"), warp::path!("schedule" / "places"));
    let get = school.and(get_or_head()).and(with(api)).map(|api: Arc<Api>| get(&api));
    let put = school.and(warp::put()).and(edit(api)).and(body::json()).then(put_school);
    let list = places.and(get_or_head()).and(with(api)).and(warp::query()).then(list);
    let other = school.and(other_methods("GET, HEAD, PUT"));
    let other = other.or(places.and(other_methods("GET, HEAD"))).unify();
    get.or(put).unify().or(list).unify().or(other).unify().boxed()
}

/// Where the school is.
#[utoipa::path(get, path = "/api/schedule/school", tag = "schedule",
    responses((status = 200, description = "Where it is; its `ETag` is for `If-Match`", body = School)))]
pub fn get(api: &Api) -> Answer {
    shown(&school_of(api))
}

/// Says where the school is. Its school holidays and its public holidays follow from it, and ring
/// no more by themselves at once; a version of the tables is kept.
#[utoipa::path(put, path = "/api/schedule/school", tag = "schedule", request_body = School,
    params(("comment" = Option<String>, Query, description = "What for")),
    responses(
        (status = 200, description = "As it is now", body = School),
        (status = 400, description = "The body is not JSON, or the comment is too long", body = Problem),
        (status = 409, description = "conf.json is being edited by hand", body = Problem),
        (status = 412, description = "Somebody has changed it since", body = Problem),
        (status = 413, description = "The body is too large", body = Problem),
        (status = 415, description = "The body says that it is not JSON", body = Problem),
        (status = 422, description = "There is no such place, region or zone; `field` names it", body = Problem),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
pub async fn put_school(edit: Edit, body: Result<Value, Problem>) -> Answer {
    let wrong = |error| Problem::field("", format!("it does not say where a school is: {error}"));
    let school: School = serde_json::from_value(body?).map_err(wrong)?;
    let put = |schedule: &mut Value| {
        if let Some(zone) = school.time_zone {
            schedule["time_zone"] = zone.into();
        }
        // What nobody here knows of it stays.
        let mut section = schedule["school"].as_object().cloned().unwrap_or_default();
        for (key, value) in [("place", school.place), ("region", school.region)] {
            match value {
                Some(value) => section.insert(key.into(), value.into()),
                None => section.shift_remove(key),
            };
        }
        schedule["school"] = section.into();
    };
    let put = edit.of("place of the school", school_of, put).await;
    put.map_err(|problem| within(problem, "school"))
}

/// The places where a school can be, and until when the holidays of each are known.
#[utoipa::path(get, path = "/api/schedule/places", tag = "schedule",
    params(("of" = Option<String>, Query, description = "A postal code, a department or an academy: which place it is in")),
    responses((status = 200, description = "The places", body = Places)))]
pub async fn list(api: Arc<Api>, query: Query) -> Answer {
    blocking("reading the school calendar", move || {
        let known = api.services.shelf.known();
        let found = query.get("of").and_then(|of| {
            of_postal_code(of).or_else(|| of_department(of)).or_else(|| of_academy(of))
        });
        answer(
            StatusCode::OK,
            &Places {
                places: Place::ALL.into_iter().map(|place| ShownPlace::of(place, &known)).collect(),
                regions: Region::ALL.into_iter().map(ShownRegion::of).collect(),
                found: found.map(|Found { academy, place, region }| FoundPlace {
                    academy,
                    place,
                    region,
                }),
            },
        )
    })
    .await
}

impl ShownPlace {
    fn of(place: Place, known: &Known) -> Self {
        let last = known.holidays.last(place);
        let source = last.map(|(_, holidays)| source_names(&holidays.source));
        Self {
            place,
            name: named(place),
            region: place.region(),
            time_zone: place.time_zone(),
            until: last.map(|(until, _)| until),
            source: source.map(|(en, fr)| Words::new(en, fr)),
        }
    }
}

impl ShownRegion {
    fn of(region: Region) -> Self {
        Self { region, name: Words::new(region.english(), region.name()) }
    }
}

/// What people call a place.
pub fn named(place: Place) -> Words {
    Words::new(place.english(), place.name())
}

/// As it is written, right or wrong.
fn school_of(api: &Api) -> Value {
    let schedule = api.services.store.schedule_json();
    let empty = Map::new();
    let school = schedule.get("school").and_then(Value::as_object).unwrap_or(&empty);
    json!({
        "place": school.get("place"),
        "region": school.get("region"),
        "time_zone": schedule.get("time_zone"),
    })
}
