//! The bell API: one file a resource, its routes on top and its handlers below.

mod backup;
mod certificate;
mod config;
mod docs;
mod events;
mod gateway;
mod health;
mod journal;
mod lines;
mod metrics;
mod play;
mod playback;
mod reload;
mod restore;
mod schedule;
mod session;
mod sounds;
mod triggers;
mod wanted;

use std::{
    convert::Infallible,
    str::FromStr,
    sync::{Arc, Mutex},
    time::Instant,
};

use hyper::{Method, StatusCode};
use prometheus_client::metrics::counter::Counter;
use serde::Serialize;
use tokio::{
    sync::{Semaphore, watch},
    task::spawn_blocking,
};
use warp::{Filter, Rejection, Reply, filters::BoxedFilter, reply::Response};

use super::{
    Services,
    auth::Auth,
    guard,
    papillon::Papillon,
    problem::{self, Problem},
    server::Traffic,
    tls::Tls,
};
use crate::store::ChangeError;

/// What a handler answers.
type Answer = Result<Response, Problem>;

/// A resource's routes.
type Routes = BoxedFilter<(Answer,)>;

/// What the handlers work with.
pub struct Api {
    services: Services,
    tls: Tls,
    auth: Auth,
    traffic: Traffic,
    papillon: Option<Papillon>,
    auth_failures: Counter,
    started: Instant,
    /// Held while triggers or sounds change, so that no trigger is left without its sound in between.
    changing: Mutex<()>,
    uploads: Semaphore,
    listeners: Arc<Semaphore>,
    /// Becomes true when the server stops: who listens to events must be let go.
    closing: watch::Receiver<bool>,
}

impl Api {
    /// The API of a box. `closing` becomes true when its server stops.
    pub fn new(
        services: Services,
        tls: Tls,
        traffic: Traffic,
        papillon: Option<Papillon>,
        closing: watch::Receiver<bool>,
    ) -> Result<Arc<Self>, getrandom::Error> {
        let (store, auth_failures) = (services.store.clone(), Counter::default());
        let auth = Auth::new(move || store.conf().auth.clone(), auth_failures.clone())?;
        Ok(Arc::new(Self {
            services,
            tls,
            auth,
            traffic,
            papillon,
            auth_failures,
            started: Instant::now(),
            changing: Mutex::default(),
            uploads: Semaphore::new(sounds::UPLOADS),
            listeners: Arc::new(Semaphore::new(events::LISTENERS)),
            closing,
        }))
    }
}

impl Api {
    /// The code by which a new box gets its first password; `None` where it has one.
    pub fn claim_code(&self) -> Option<String> {
        self.auth.claim_code()
    }
}

/// All routes under `/api`, and `/metrics`. Any other address is left to others.
pub fn routes(api: &Arc<Api>) -> BoxedFilter<(Response,)> {
    let private = allowed(api).and(signed_in(api));
    let public = health::routes(api).or(session::public_routes(api)).unify();
    let public = public.or(schedule::public_routes(api)).unify();
    let bell = warp::path("api").and(whole(public.or(private).unify().boxed()));
    let metrics = allowed(api).and(metrics::routes(api)).boxed();
    let metrics = warp::path("metrics").and(whole(metrics));
    bell.or(metrics).unify().boxed()
}

fn signed_in(api: &Arc<Api>) -> Routes {
    let routes = triggers::routes(api).or(play::routes(api)).unify();
    let routes = routes.or(sounds::routes(api)).unify().or(config::routes(api)).unify();
    let routes = routes.or(journal::routes(api)).unify().or(events::routes(api)).unify();
    let routes = routes.or(session::routes(api)).unify().or(lines::routes(api)).unify();
    let routes = routes.or(gateway::routes(api)).unify().or(certificate::routes(api)).unify();
    let routes = routes.boxed().or(reload::routes(api)).unify();
    let routes = routes.or(backup::routes(api)).unify().or(restore::routes(api)).unify();
    let routes = routes.or(schedule::routes(api)).unify();
    routes.or(docs::routes()).unify().boxed()
}

/// What no route takes is answered here too, and every answer is hardened.
fn whole(routes: Routes) -> BoxedFilter<(Response,)> {
    let answered = routes.map(Reply::into_response).recover(problem::recover).unify();
    answered.map(guard::harden).boxed()
}

/// Whether this caller may be here at all.
fn allowed(api: &Arc<Api>) -> impl Filter<Extract = (), Error = Rejection> + Clone + use<> {
    guard::unsafe_methods().and(api.auth.user().map(drop).untuple_one())
}

// ---- what the resources have in common

/// A part of an address, percent-decoded.
struct Segment(String);

impl FromStr for Segment {
    type Err = std::str::Utf8Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = percent_encoding::percent_decode_str(text).decode_utf8()?;
        Ok(Self(text.into_owned()))
    }
}

/// Gives a handler the API.
fn with(api: &Arc<Api>) -> impl Filter<Extract = (Arc<Api>,), Error = Infallible> + Clone + use<> {
    let api = api.clone();
    warp::any().map(move || api.clone())
}

/// GET, and HEAD where nothing is done but reading.
fn get_or_head() -> impl Filter<Extract = (), Error = Rejection> + Copy {
    warp::get().or(warp::head()).unify()
}

/// Does what waits for a disk, or takes long, where that holds nobody up.
async fn blocking<T: Send + 'static>(
    doing: &'static str,
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    spawn_blocking(work).await.unwrap_or_else(|panic| Err(Problem::internal(doing, panic)))
}

/// Why the configuration was not changed.
fn refused(error: ChangeError) -> Problem {
    match error {
        ChangeError::Field(error) => Problem::field(&error.field, error.message),
        ChangeError::HandEdit(_) => Problem::new(StatusCode::CONFLICT, error.to_string()),
        ChangeError::Disk(_) => Problem::new(StatusCode::INSUFFICIENT_STORAGE, error.to_string()),
        ChangeError::NoSuchTrigger => Problem::not_found(error.to_string()),
    }
}

fn json(status: StatusCode, body: &impl Serialize) -> Answer {
    Ok(warp::reply::with_status(warp::reply::json(body), status).into_response())
}

/// The last of a path's routes: what none of them does.
fn other_methods(
    allowed: &'static str,
) -> impl Filter<Extract = (Answer,), Error = Rejection> + Copy {
    warp::method().and_then(move |method: Method| async move {
        // One of them has refused it, and says why.
        let tried = allowed.split(", ").any(|known| known == method.as_str());
        if tried { Err(warp::reject()) } else { Ok(Err(Problem::method_not_allowed(allowed))) }
    })
}

#[cfg(test)]
mod tests;
