//! `GET /api/lines`: where each contact rests.

use std::sync::Arc;

use beffroi_hal::State;
use hyper::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use warp::Filter;

use super::{Answer, Api, Routes, get_or_head, json, other_methods, with};
use crate::engine::Cause;

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let path = warp::path!("lines");
    let get = path.and(get_or_head()).and(with(api)).map(|api: Arc<Api>| get(&api));
    get.or(path.and(other_methods("GET, HEAD"))).unify().boxed()
}

/// Where a line rests.
#[derive(Debug, Serialize, ToSchema)]
struct Line {
    /// Which board watches it, and the line.
    #[serde(flatten)]
    source: Cause,
    /// `active` or `inactive`.
    #[schema(value_type = String)]
    state: State,
    /// Active for so long that the contact is probably stuck.
    stuck: bool,
}

/// Each line that is watched; `line` events tell what changes afterwards.
#[utoipa::path(get, path = "/api/lines", tag = "box",
    responses((status = 200, description = "Each line that is watched", body = Vec<Line>)))]
fn get(api: &Api) -> Answer {
    let status = api.services.bell.status().borrow().clone();
    let lines = status.engine.lines.iter().map(|(source, line)| Line {
        source: source.clone(),
        state: line.state,
        stuck: line.stuck,
    });
    json(StatusCode::OK, &lines.collect::<Vec<_>>())
}
