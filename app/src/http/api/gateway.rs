//! `GET /api/gateway`: how the gateway to PRONOTE fares. Nothing of a pupil.

use std::sync::Arc;

use hyper::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use warp::Filter;

use super::{Answer, Api, Routes, get_or_head, json, other_methods, with};

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let path = warp::path!("gateway");
    let get = path.and(get_or_head()).and(with(api)).then(get);
    get.or(path.and(other_methods("GET, HEAD"))).unify().boxed()
}

/// How the gateway fares.
#[derive(Debug, Serialize, ToSchema)]
struct GatewayHealth {
    /// Whether the configuration asks for one.
    enabled: bool,
    /// Whether it runs; the log says why not.
    ready: bool,
    /// How many sessions live; `null` where the store of sessions does not answer.
    sessions: Option<u64>,
    /// The PRONOTE servers that are left alone for now.
    breakers: Vec<Breaker>,
}

/// A PRONOTE server that is left alone for now.
#[derive(Debug, Serialize, ToSchema)]
struct Breaker {
    /// Its host.
    #[schema(example = "0123456a.index-education.net")]
    host: String,
    /// Until when: RFC 3339, UTC.
    #[schema(format = DateTime)]
    until: String,
    /// `logins`: it counted too many failed logins; `suspended`: it has suspended our address.
    #[schema(example = "suspended")]
    cause: &'static str,
}

/// How the gateway fares.
#[utoipa::path(get, path = "/api/gateway", tag = "box",
    responses((status = 200, description = "How the gateway fares", body = GatewayHealth)))]
async fn get(api: Arc<Api>) -> Answer {
    let enabled = api.services.store.conf().gateway.enabled;
    let Some(gateway) = &api.services.gateway else {
        let none = GatewayHealth { enabled, ready: false, sessions: None, breakers: Vec::new() };
        return json(StatusCode::OK, &none);
    };
    let breakers = gateway.limits().open_breakers().into_iter().map(|breaker| Breaker {
        host: breaker.host,
        until: format!("{:.0}", breaker.until),
        cause: breaker.cause.word(),
    });
    let (sessions, breakers) = (gateway.live().await, breakers.collect());
    json(StatusCode::OK, &GatewayHealth { enabled, ready: true, sessions, breakers })
}
