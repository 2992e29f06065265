//! `GET /metrics`: numbers for Prometheus, in its text format.

use std::sync::Arc;

use headers::HeaderValue;
use hyper::header::CONTENT_TYPE;
use prometheus_client::{
    encoding::text::encode,
    metrics::{counter::Counter, family::Family, gauge::Gauge, info::Info},
    registry::{Registry, Unit},
};
use warp::{Filter, Reply};

use super::{Answer, Api, Routes, get_or_head, other_methods, with};
use crate::{
    bell,
    http::{papillon::Papillon, problem::Problem},
};

/// The routes of this resource, below `/metrics`.
pub fn routes(api: &Arc<Api>) -> Routes {
    let get = warp::path::end().and(get_or_head()).and(with(api)).then(get);
    get.or(warp::path::end().and(other_methods("GET, HEAD"))).unify().boxed()
}

/// Numbers for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "box",
    responses((status = 200, description = "Prometheus text", body = String,
        content_type = "application/openmetrics-text")))]
async fn get(api: Arc<Api>) -> Answer {
    let sessions = match &api.papillon {
        Some(papillon) => papillon.gateway.live().await,
        None => None,
    };
    let mut text = String::new();
    let encoded = encode(&mut text, &registry(&api, sessions));
    encoded.map_err(|error| Problem::internal("writing the metrics", error))?;
    let mut response = text.into_response();
    let media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    Ok(response)
}

type Labels = Vec<(&'static str, String)>;

/// The counts live where things happen; this only names them.
fn registry(api: &Api, sessions: Option<u64>) -> Registry {
    let bell = api.services.bell.status().borrow().clone();
    let mut all = Registry::with_prefix("beffroi");
    let build = Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]);
    all.register("build", "The program", build);
    let uptime = gauge(api.started.elapsed().as_secs());
    all.register_with_unit("uptime", "Since the program started", Unit::Seconds, uptime);

    let counters = &bell.counters;
    let causes = [
        ("line", counters.by_line),
        ("serial", counters.by_serial),
        ("api", counters.by_api),
        ("cli", counters.by_cli),
        ("schedule", counters.by_schedule),
    ];
    all.register("rings", "Rings by their cause", counted("cause", causes));
    let outcomes = [
        ("played", counters.played),
        ("replaced", counters.replaced),
        ("stopped", counters.stopped),
        ("failed", counters.failed),
        ("missed", counters.missed),
    ];
    all.register("rings_ended", "Rings by how they ended", counted("outcome", outcomes));
    let playing = gauge(u64::from(bell.engine.playing.is_some()));
    all.register("playing", "Whether something plays", playing);

    all.register("audio_ready", "Whether a ring is heard", gauge(u64::from(bell.audio.ready)));
    let memory = gauge(bell.audio.memory_bytes);
    all.register_with_unit("sound_memory", "Sounds kept in memory", Unit::Bytes, memory);
    all.register("audio_underruns", "Times the sound card ran dry", counter(bell.audio.underruns));
    boards(&mut all, &bell);

    let frames = api.services.bell.serial();
    let kinds =
        [("known", frames.frames()), ("unknown", frames.unknown()), ("ignored", frames.ignored())];
    all.register("serial_frames", "Frames of the serial board", counted("kind", kinds));

    let traffic = &api.traffic;
    all.register("connections", "Connections now", traffic.connections.clone());
    let refused = traffic.connections_refused.clone();
    all.register("connections_refused", "Connections that found all seats busy", refused);
    let dropped = traffic.handshakes_dropped.clone();
    all.register("handshakes_dropped", "Handshakes that were too slow or too many", dropped);
    all.register("auth_failures", "Wrong credentials", api.auth_failures.clone());
    let journal = api.services.journal.status();
    all.register("journal_dropped", "Rings that could not be journalled", counter(journal.dropped));
    if let Some(papillon) = &api.papillon {
        papillon.counts.register(&mut all);
        gateway(&mut all, papillon);
    }
    if let Some(sessions) = sessions {
        all.register("gateway_sessions", "Sessions behind a token", gauge(sessions));
    }
    all
}

fn gateway(all: &mut Registry, papillon: &Papillon) {
    let limits = papillon.gateway.limits();
    let counted = limits.metrics().clone();
    all.register("gateway_logins", "Logins by their outcome", counted.logins);
    let limited = counted.rate_limited;
    all.register("gateway_rate_limited", "Requests too many from their address", limited);
    let held = counted.held_by_breaker;
    all.register("gateway_held", "Calls and logins that an open breaker held back", held);
    let opened = counted.breakers_opened;
    all.register("gateway_breakers_opened", "Breakers that opened, by their cause", opened);
    let open = Family::<Labels, Gauge>::default();
    for breaker in limits.open_breakers() {
        open.get_or_create(&vec![("host", breaker.host)]).set(1);
    }
    all.register("gateway_breaker_open", "Schools that are left alone for now", open);
    let refused = papillon.gateway.reach().refusals();
    all.register("gateway_unreachable", "Addresses that the gateway does not go to", refused);
}

fn boards(all: &mut Registry, bell: &bell::Status) {
    let ready = Family::<Labels, Gauge>::default();
    for board in &bell.boards {
        let labels = vec![("board", board.kind.to_string())];
        ready.get_or_create(&labels).set(i64::from(board.ready));
    }
    all.register("board_ready", "Whether a board is there", ready);
    let active = bell.engine.lines.values().filter(|line| line.state == beffroi_hal::State::Active);
    all.register("lines", "Lines that are watched", gauge(bell.engine.lines.len() as u64));
    all.register("lines_active", "Lines that are active", gauge(active.count() as u64));
    let stuck = bell.engine.lines.values().filter(|line| line.stuck).count();
    all.register("lines_stuck", "Contacts that stay closed", gauge(stuck as u64));
}

fn gauge(value: u64) -> Gauge {
    let gauge = Gauge::default();
    gauge.set(value.try_into().unwrap_or(i64::MAX));
    gauge
}

fn counter(value: u64) -> Counter {
    let counter = Counter::default();
    counter.inc_by(value);
    counter
}

fn counted<const N: usize>(label: &'static str, rows: [(&str, u64); N]) -> Family<Labels, Counter> {
    let family = Family::<Labels, Counter>::default();
    for (value, count) in rows {
        family.get_or_create(&vec![(label, value.to_owned())]).inc_by(count);
    }
    family
}
