//! `POST /api/reload`: conf.json was edited by hand; read it anew.

use std::sync::Arc;

use hyper::StatusCode;
use warp::{Filter, Reply};

use super::{Answer, Api, Routes, blocking, other_methods, with};
use crate::http::problem::Problem;

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let path = warp::path!("reload");
    let post = path.and(warp::post()).and(with(api)).then(post);
    post.or(path.and(other_methods("POST"))).unify().boxed()
}

/// Reads conf.json anew, as SIGHUP does. What is wrong in it is told by `/api/health`.
#[utoipa::path(post, path = "/api/reload", tag = "box",
    responses(
        (status = 204, description = "What it says is in force"),
        (status = 409, description = "It cannot be read; what was in force stays", body = Problem),
    ))]
async fn post(api: Arc<Api>) -> Answer {
    blocking("reading conf.json", move || match api.services.store.reload() {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(error) => Err(Problem::new(StatusCode::CONFLICT, error.to_string())),
    })
    .await
}
