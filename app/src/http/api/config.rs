//! `GET /api/config`: the configuration in force, without its secrets.

use std::sync::Arc;

use hyper::StatusCode;
use warp::Filter;

use super::{Answer, Api, Routes, get_or_head, json, other_methods, with};

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let path = warp::path!("config");
    let get = path.and(get_or_head()).and(with(api)).map(|api: Arc<Api>| get(&api));
    get.or(path.and(other_methods("GET, HEAD"))).unify().boxed()
}

/// The configuration in force: every default filled in, every secret replaced by `***`.
#[utoipa::path(get, path = "/api/config", tag = "box",
    responses((status = 200, description = "The configuration in force", body = Object)))]
fn get(api: &Api) -> Answer {
    json(StatusCode::OK, &api.services.store.masked())
}
