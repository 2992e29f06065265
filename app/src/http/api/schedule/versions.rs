//! `/api/schedule/versions`: what the tables were, and back to it.
//!

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Answer, Api, Arc, Filter, Problem, Routes, StatusCode, blocking,
    edit::{Edit, apply, edit},
    get_or_head, json, other_methods, whole, with,
};
use crate::{
    schedule::Schedule,
    store::{Version, VersionText, tables_digest},
};

/// A version, and whether it is what is in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedVersion {
    #[serde(flatten)]
    version: Version,
    /// Whether its tables are those in force, changes of single days aside.
    in_force: bool,
}

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let all = warp::path!("schedule" / "versions");
    let one = warp::path!("schedule" / "versions" / u64);
    let back = warp::path!("schedule" / "versions" / u64 / "restore");
    let list = all.and(get_or_head()).and(with(api)).then(list);
    let get = one.and(get_or_head()).and(with(api)).then(get);
    let restore = back.and(warp::post()).and(edit(api)).then(restore_one);
    let other = all.or(one.map(drop).untuple_one()).unify().and(other_methods("GET, HEAD"));
    let other_back = back.map(drop).untuple_one().and(other_methods("POST"));
    let known = list.or(get).unify().or(restore).unify();
    known.or(other).unify().or(other_back).unify().boxed()
}

/// The versions, newest first: the last 200.
#[utoipa::path(get, path = "/api/schedule/versions", tag = "schedule",
    responses((status = 200, description = "The versions", body = Vec<ListedVersion>)))]
pub async fn list(api: Arc<Api>) -> Answer {
    blocking("listing versions", move || {
        let now = tables_digest(&api.services.store.schedule_json());
        let versions = api.services.store.schedule_versions().into_iter();
        let shown = |version: Version| ListedVersion { in_force: version.digest == now, version };
        json(StatusCode::OK, &versions.map(shown).collect::<Vec<_>>())
    })
    .await
}

/// One version, with its tables.
#[utoipa::path(get, path = "/api/schedule/versions/{number}", tag = "schedule", params(("number" = u64, Path)),
    responses(
        (status = 200, description = "The version", body = VersionText),
        (status = 404, description = "There is none", body = Problem),
    ))]
pub async fn get(number: u64, api: Arc<Api>) -> Answer {
    blocking("reading a version", move || json(StatusCode::OK, &known(&api, number)?)).await
}

/// Puts a version in force again; the changes of single days stay as they are. What was in force is
/// a version too: this can be undone.
#[utoipa::path(post, path = "/api/schedule/versions/{number}/restore", tag = "schedule",
    params(("number" = u64, Path), ("comment" = Option<String>, Query, description = "What for")),
    responses(
        (status = 200, description = "The tables in force now", body = Schedule),
        (status = 400, description = "The comment is too long", body = Problem),
        (status = 404, description = "There is none", body = Problem),
        (status = 409, description = "conf.json is being edited by hand", body = Problem),
        (status = 412, description = "Somebody has changed the tables since", body = Problem),
        (status = 422, description = "It is not right any more", body = Problem),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
pub async fn restore_one(number: u64, edit: Edit) -> Answer {
    edit.alone(move |api, wanted, note| {
        whole::as_wanted(wanted, api)?;
        let mut old = known(api, number)?.schedule;
        apply(api, note, |schedule| {
            // What was changed for single days goes on counting.
            if let (Some(old), Some(changes)) = (old.as_object_mut(), schedule.get("changes")) {
                old.insert("changes".into(), changes.clone());
            }
            *schedule = old;
        })?;
        whole::shown(api)
    })
    .await
}

fn known(api: &Api, number: u64) -> Result<VersionText, Problem> {
    let none = || Problem::not_found(format!("there is no version {number}"));
    api.services.store.schedule_version(number).ok_or_else(none)
}
