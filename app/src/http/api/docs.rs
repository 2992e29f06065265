//! `/api/openapi.json` and `/api/docs`: what there is, from the code itself.
//!
//! Generated from the code.

mod plain;

use std::sync::LazyLock;

use headers::{HeaderMap, HeaderValue};
use hyper::{StatusCode, header::CONTENT_SECURITY_POLICY};
use serde_json::Value;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        Content, Ref, RefOr, ResponseBuilder, Responses,
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};
use warp::{Filter, Reply};

use super::{
    Answer, Routes, backup, certificate, config, events, gateway, get_or_head, health, journal,
    json, lines, metrics, other_methods, play, playback, reload, restore, schedule, session,
    sounds, triggers,
};
use crate::http::page;

/// The routes of this resource.
pub fn routes() -> Routes {
    let (data, page) = (warp::path!("openapi.json"), warp::path!("docs"));
    let openapi = data.and(get_or_head()).map(openapi);
    let headers = warp::header::headers_cloned();
    let docs = page.and(get_or_head()).and(headers).map(|headers| docs(&headers));
    let other = data.or(page).unify().and(other_methods("GET, HEAD"));
    openapi.or(docs).unify().or(other).unify().boxed()
}

/// The description. Every path stands here once, and a test holds it against the routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Beffroi",
        description = "The school-bell box: ring, stop, and what rings when.",
    ),
    paths(
        health::get, config::get, play::ring, play::stop,
        triggers::list, triggers::get, triggers::put, triggers::patch, triggers::delete,
        sounds::list, sounds::get, sounds::put, sounds::delete,
        sounds::rename::patch, sounds::audition::play,
        schedule::whole::get, schedule::whole::put, schedule::draft::post_diff,
        schedule::day_types::day_types, schedule::day_types::day_type,
        schedule::day_types::put_day_type, schedule::day_types::delete_day_type,
        schedule::weeks::get_weeks, schedule::weeks::put_weeks,
        schedule::calendar::get_calendar, schedule::calendar::put_calendar,
        schedule::changes::list, schedule::changes::add, schedule::changes::take_back,
        schedule::preview::get, schedule::explain::get,
        schedule::school::get, schedule::school::put_school, schedule::school::list,
        schedule::official::get, schedule::official::put_upload, schedule::official::forget,
        schedule::subscription::get, schedule::subscription::put, schedule::subscription::delete,
        schedule::subscription::refresh,
        schedule::versions::list, schedule::versions::get, schedule::versions::restore_one,
        schedule::feed::get, schedule::feed::make, schedule::feed::revoke, schedule::feed::calendar,
        schedule::import::post_file, schedule::proposal::get, schedule::proposal::post_question,
        journal::get, journal::csv, events::get, lines::get, gateway::get,
        certificate::get, certificate::put, certificate::delete, certificate::pem, reload::post,
        backup::get, restore::post,
        session::get, session::sign_in_now, session::sign_out, session::claim_now, session::password,
        openapi, docs, metrics::get,
    ),
    components(schemas(events::LineNews, playback::PlaybackNews)),
    modifiers(&Finish),
    security(("basic" = [])),
    tags(
        (name = "ring", description = "Ring now, be silent now"),
        (name = "triggers", description = "When this line, or this caller, ring that"),
        (name = "schedule", description = "What rings by itself, on which day, and why"),
        (name = "sounds", description = "The files in the sound folder"),
        (name = "journal", description = "What rang, and what happens"),
        (name = "session", description = "Signing in, for browsers; programs use HTTP Basic"),
        (name = "box", description = "The box itself"),
    ),
)]
struct Description;

/// What nobody has to be signed in for.
const PUBLIC: [&str; 4] = ["/api/health", "/api/session", "/api/claim", "/api/feed/{secret}"];

/// What the macros do not know.
struct Finish;

/// The description as it is served.
static DESCRIPTION: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(Description::openapi()).unwrap_or_default());

/// The plain page.
static PAGE: LazyLock<String> = LazyLock::new(|| plain::render(&DESCRIPTION));

/// This description (OpenAPI 3.1).
#[utoipa::path(get, path = "/api/openapi.json", tag = "box",
    responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
fn openapi() -> Answer {
    json(StatusCode::OK, &*DESCRIPTION)
}

/// A page that shows this description: the viewer that `make web` builds in, else a plain one.
#[utoipa::path(get, path = "/api/docs", tag = "box",
    responses((status = 200, description = "A page", body = String, content_type = "text/html")))]
fn docs(headers: &HeaderMap) -> Answer {
    page::docs(headers).map_or_else(plain, Ok)
}

fn plain() -> Answer {
    let mut response = warp::reply::html(PAGE.as_str()).into_response();
    // Nothing from elsewhere and no script; the one style sheet is in the page.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
    let policy = HeaderValue::from_static(policy);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

impl Modify for Finish {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        description.info.version = env!("CARGO_PKG_VERSION").into();
        let components = description.components.get_or_insert_default();
        let basic = SecurityScheme::Http(Http::new(HttpAuthScheme::Basic));
        components.add_security_scheme("basic", basic);
        for (path, item) in &mut description.paths.paths {
            let name = path.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
            // By default these are the handlers' names, of which several are `get`.
            for (method, operation) in [
                ("get", &mut item.get),
                ("post", &mut item.post),
                ("put", &mut item.put),
                ("patch", &mut item.patch),
                ("delete", &mut item.delete),
            ] {
                if let Some(operation) = operation {
                    operation.operation_id = Some(format!("{method}{name}"));
                    finish_answers(&mut operation.responses, !PUBLIC.contains(&path.as_str()));
                }
            }
        }
    }
}

/// Problems have a media type of their own, and almost everything can be answered by 401.
fn finish_answers(answers: &mut Responses, private: bool) {
    if private {
        let problem = Content::new(Some(RefOr::Ref(Ref::from_schema_name("Problem"))));
        let words = "The user name or the password is missing or wrong";
        let answer = ResponseBuilder::new().description(words).content("", problem).build();
        answers.responses.insert("401".into(), answer.into());
    }
    for (status, answer) in &mut answers.responses {
        if let (true, RefOr::T(answer)) =
            (status.starts_with('4') | status.starts_with('5'), answer)
        {
            let content = std::mem::take(&mut answer.content).into_values();
            answer.content = content.map(|one| ("application/problem+json".into(), one)).collect();
        }
    }
}
