//! `POST /api/sounds/{file}/play`: heard on the box, without a trigger.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use warp::Filter;

use super::{known, unreadable};
use crate::{
    engine::Cause,
    http::{
        api::{
            Answer, Api, Routes, Segment, blocking, other_methods,
            play::{Accepted, accepted},
            triggers::{check_sound, wrong},
            with,
        },
        auth::User,
        body,
        problem::Problem,
    },
    store::TriggerBody,
};

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let path = warp::path!("sounds" / Segment / "play");
    let post = path.and(warp::post()).and(api.auth.user()).and(with(api)).and(body::json());
    let other = path.map(drop).untuple_one().and(other_methods("POST"));
    post.then(play).or(other).unify().boxed()
}

/// What of a sound is to be heard. All of it may be absent.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "for the description; a trigger's own reader reads it")]
pub struct Audition {
    /// Where in the file to begin, in seconds.
    #[schema(minimum = 0.0, maximum = 86400.0, default = 0.0)]
    start_seconds: Option<f64>,
    /// Where in the file to end, in seconds; `null` or past its end: at its end.
    #[schema(minimum = 0.0, maximum = 86400.0)]
    end_seconds: Option<f64>,
    /// 0.0 to 1.0, linear.
    #[schema(minimum = 0.0, maximum = 1.0, default = 1.0)]
    volume: Option<f64>,
}

/// Rings a sound that no trigger need have, as a trigger with these values would. What plays is
/// replaced; the journal has it with `trigger` null.
#[utoipa::path(post, path = "/api/sounds/{file}/play", tag = "sounds", params(("file" = String, Path)),
    request_body = Audition,
    responses(
        (status = 202, description = "It rings", body = Accepted),
        (status = 400, description = "The body is not JSON", body = Problem),
        (status = 404, description = "There is none", body = Problem),
        (status = 409, description = "It cannot be read", body = Problem),
        (status = 413, description = "The body is too large", body = Problem),
        (status = 415, description = "The body says that it is not JSON", body = Problem),
        (status = 422, description = "A field is wrong; `field` names it", body = Problem),
        (status = 503, description = "There is no sound output", body = Problem),
    ))]
pub async fn play(
    file: Segment,
    User(user): User,
    api: Arc<Api>,
    body: Result<Value, Problem>,
) -> Answer {
    let name = known(&file)?;
    let Value::Object(asked) = body? else {
        return Err(Problem::field("", "an object is expected, such as {\"volume\": 0.8}"));
    };
    let bell = api.services.bell.clone();
    let cue = blocking("looking at the sound", move || {
        drop(api.services.folder.open(&name).map_err(|error| unreadable(&error))?);
        let cue = TriggerBody::cue_to_try(&name, &asked).map_err(wrong)?;
        check_sound(&api, &cue).map_err(wrong)?;
        Ok(cue)
    });
    let cue = cue.await?;
    let none = || Problem::not_found(format!("there is no sound {}", file.0));
    accepted(bell.audition(cue, Cause::Api { user }), none).await
}
