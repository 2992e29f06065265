//! `/api/play/{id}` and `/api/stop`; GET too, so that a bookmark rings.
//!
//! GET too, so that a bookmark rings.

use std::{sync::Arc, time::Duration};

use hyper::StatusCode;
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;
use warp::{Filter, Rejection};

use super::{
    Answer, Api, Routes, Segment, json, other_methods,
    playback::PlaybackBody,
    triggers::{known, none},
    with,
};
use crate::{
    bell::{self, Refusal},
    engine::{Cause, FaultKind},
    http::{auth::User, guard, problem::Problem},
};

/// The engine answers in milliseconds, or something is very wrong.
const PATIENCE: Duration = Duration::from_secs(5);

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let play = warp::path!("play" / Segment);
    let silence = warp::path!("stop");
    let play_now = play.and(caller(api)).then(ring);
    let stop_now = silence.and(caller(api)).then(stop);
    let other_play = play.map(drop).untuple_one().and(other_methods("GET, POST"));
    let other_stop = silence.and(other_methods("GET, POST"));
    let acts = play_now.or(stop_now).unify();
    acts.or(other_play).unify().or(other_stop).unify().boxed()
}

/// A ring that was accepted.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Accepted {
    playback: PlaybackBody,
}

/// How many playbacks were silenced.
#[derive(Debug, Serialize, ToSchema)]
struct Stopped {
    stopped: usize,
}

/// What acts is refused to other sites even where it is a GET.
fn caller(
    api: &Arc<Api>,
) -> impl Filter<Extract = (User, Arc<Api>), Error = Rejection> + Clone + use<> {
    let acts = warp::get().or(warp::post()).unify();
    acts.and(guard::our_pages_only()).and(api.auth.user()).and(with(api))
}

/// Rings a trigger. What plays is replaced.
#[utoipa::path(method(get, post), path = "/api/play/{id}", tag = "ring", params(("id" = String, Path)),
    responses(
        (status = 202, description = "It rings", body = Accepted),
        (status = 403, description = "A page of another site asked for it", body = Problem),
        (status = 404, description = "There is no such trigger", body = Problem),
        (status = 409, description = "Its sound is missing or unreadable", body = Problem),
        (status = 503, description = "There is no sound output", body = Problem),
    ))]
async fn ring(id: Segment, User(user): User, api: Arc<Api>) -> Answer {
    let id = known(&id)?;
    accepted(api.services.bell.ring(id.clone(), Cause::Api { user }), || none(&id)).await
}

/// The answer to who asked for a ring; `none` is said of an unknown trigger.
pub(super) async fn accepted(
    asked: impl Future<Output = Result<bell::Accepted, Refusal>>,
    none: impl FnOnce() -> Problem,
) -> Answer {
    match timeout(PATIENCE, asked).await {
        Ok(Ok(accepted)) => {
            let playback = PlaybackBody::new(&accepted.playback, accepted.length);
            json(StatusCode::ACCEPTED, &Accepted { playback })
        }
        Ok(Err(Refusal::Fault(fault))) => Err(match fault.kind {
            FaultKind::NoTrigger => none(),
            FaultKind::Sound => Problem::new(StatusCode::CONFLICT, fault.reason),
            FaultKind::Output => Problem::unavailable(fault.reason),
        }),
        Ok(Err(busy @ Refusal::Busy)) => Err(Problem::unavailable(busy.to_string())),
        Err(_) => Err(Problem::unavailable("the bell does not answer")),
    }
}

/// Silences what plays.
#[utoipa::path(method(get, post), path = "/api/stop", tag = "ring",
    responses(
        (status = 200, description = "How many playbacks were silenced", body = Stopped),
        (status = 403, description = "A page of another site asked for it", body = Problem),
    ))]
async fn stop(User(user): User, api: Arc<Api>) -> Answer {
    match timeout(PATIENCE, api.services.bell.stop(Cause::Api { user })).await {
        Ok(Ok(stopped)) => json(StatusCode::OK, &Stopped { stopped }),
        Ok(Err(refusal)) => Err(Problem::unavailable(refusal.to_string())),
        Err(_) => Err(Problem::unavailable("the bell does not answer")),
    }
}
