//! The Papillon API at the root of the server: one table, one way through it.
//!
//! Parameters come from query, form and JSON alike, so that no route is told apart by more than
//! its address and method. Every answer, errors too, may be read by any web page: the token is the secret.

mod caller;
mod counts;
mod files;
mod login;
mod parameters;
mod reply;
mod table;

use std::{net::SocketAddr, sync::Arc, time::Instant};

use headers::HeaderMap;
use hyper::{Method, StatusCode};
use ipnet::IpNet;
use serde_json::json;
use warp::{
    Filter, Rejection, Reply,
    filters::{BoxedFilter, path::FullPath},
    reply::Response,
};

use super::body::{self, Body};
use crate::gateway::{Base, Gateway};
use caller::Caller;
pub use counts::Counts;
use parameters::Parameters;
use reply::Asked;
use table::{ROUTES, Route, Target};

/// The most that a request's body may hold: a long message is a tenth of it.
const BODY_BYTES: u64 = 256 * 1024;

/// What the routes work with.
#[derive(Clone)]
pub struct Papillon {
    /// The gateway.
    pub gateway: Gateway,
    /// Networks of proxies that are believed.
    pub trusted_proxies: Arc<[IpNet]>,
    /// What is counted.
    pub counts: Counts,
}

/// One request, as far as it is understood before its route is known.
struct Request {
    method: Method,
    path: String,
    query: String,
    caller: Caller,
    base: Base,
    body: Body,
}

/// Every address that is not the box's own. `secure`: the connections have TLS.
pub fn beside_the_box(papillon: &Papillon) -> BoxedFilter<(Response,)> {
    let others = warp::path::full().and_then(|path: FullPath| async move {
        let first = path.as_str().trim_start_matches('/').split('/').next().unwrap_or_default();
        match first {
            "" | "api" | "metrics" | "ui" => Err(warp::reject()),
            _ => Ok(()),
        }
    });
    others.untuple_one().and(everything(papillon, true)).boxed()
}

/// Every address of a server that has nothing but the gateway, in plain HTTP.
pub fn alone(papillon: &Papillon) -> BoxedFilter<(Response,)> {
    everything(papillon, false).boxed()
}

fn everything(
    papillon: &Papillon,
    secure: bool,
) -> impl Filter<Extract = (Response,), Error = Rejection> + Clone + use<> {
    let papillon = papillon.clone();
    let trusted = papillon.trusted_proxies.clone();
    let query = warp::query::raw().or(warp::any().map(String::new)).unify();
    // One that contradicts itself is none.
    let host = warp::host::optional().or(warp::any().map(|| None)).unify();
    let request = warp::method()
        .and(warp::path::full())
        .and(query)
        .and(warp::header::headers_cloned())
        .and(host)
        .and(warp::ext::get::<SocketAddr>())
        .and(body::raw(BODY_BYTES));
    request
        .map(move |method, path: FullPath, query, headers: HeaderMap, host, peer, body| {
            let caller = Caller::of(peer, secure, &headers, &trusted);
            let host: Option<warp::host::Authority> = host;
            let base = caller.base(&headers, host.as_ref().map(|host| host.as_str()));
            let path = path.as_str().to_owned();
            Request { method, path, query, caller, base, body }
        })
        .then(move |request| papillon.clone().answer(request))
}

impl Papillon {
    async fn answer(self, request: Request) -> Response {
        let started = Instant::now();
        let (path, name) = known(&request.path);
        let response = match (&request.method, path) {
            (&Method::OPTIONS, _) => reply::preflight(),
            (_, None) => {
                let body = json!({"error": "there is nothing at this address"});
                reply::value(StatusCode::NOT_FOUND, &body)
            }
            (method, Some(route)) => match route.answers(method) {
                false => reply::method_not_allowed(route.allowed()),
                true => Box::pin(self.routed(route.target, request)).await,
            },
        };
        self.counts.count(name, response.status(), started.elapsed());
        reply::shared(response)
    }

    async fn routed(&self, target: Target, request: Request) -> Response {
        let asked = match target {
            Target::Login => Asked::Login,
            _ => Asked::Read,
        };
        if let Err(refusal) = self.gateway.limits().admit(request.caller.network) {
            return reply::refused(asked, &refusal.into());
        }
        let Request { query, caller, base, mut body, .. } = request;
        let media_type = body.media_type();
        let content = match body.whole().await {
            Ok(content) => content,
            Err(problem) => return problem.into_response(),
        };
        let mut parameters = match Parameters::read(Some(&query), &media_type, &content) {
            Ok(parameters) => parameters,
            Err(malformed) => {
                let body = json!({"errors": {"body": malformed.to_string()}});
                return reply::value(StatusCode::BAD_REQUEST, &body);
            }
        };
        match target {
            Target::Infos => reply::infos(&self.gateway.infos()),
            Target::Login => login::log_in(&self.gateway, &parameters, caller.network).await,
            Target::File => files::file(&self.gateway, &mut parameters).await,
            Target::Calendar => files::calendar(&self.gateway, &mut parameters).await,
            Target::Question(understand) => {
                let (token, question) = (parameters.required("token"), understand(&mut parameters));
                if let Some(errors) = parameters.errors() {
                    return reply::value(StatusCode::BAD_REQUEST, &errors);
                }
                let Some((token, question)) = token.zip(question) else {
                    return reply::refused(Asked::Read, &crate::gateway::Refusal::Internal);
                };
                let asked = if question.writes() { Asked::Write } else { Asked::Read };
                match self.gateway.ask(&token, question, &base).await {
                    Ok(passed) => reply::passed(passed),
                    Err(refusal) => reply::refused(asked, &refusal),
                }
            }
        }
    }
}

/// The route at an address, and its name in the counts: strangers have none of their own.
fn known(path: &str) -> (Option<&'static Route>, &'static str) {
    let path = path.strip_suffix('/').unwrap_or(path);
    let route = ROUTES.iter().find(|route| route.path == path);
    (route, route.map_or("other", |route| route.path))
}

impl Route {
    fn answers(&self, method: &Method) -> bool {
        *method == self.method || (*method == Method::HEAD && self.method == Method::GET)
    }

    fn allowed(&self) -> &'static str {
        if self.method == Method::GET { "GET, HEAD, OPTIONS" } else { "POST, OPTIONS" }
    }
}

#[cfg(test)]
mod tests;
