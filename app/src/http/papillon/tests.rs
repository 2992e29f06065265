//! The gateway over a real socket, before a simulated school.
//!

mod files;
mod hostile;
mod logins;
mod refusals;
mod routes;

use std::{net::SocketAddr, time::Duration};

use jiff::civil::{DateTime, date};
use pronote_client::{
    protocol::packing::Packing,
    simulator::{Simulator, SimulatorOptions},
};
use reqwest::{Client, Method, RequestBuilder, StatusCode, header::HeaderMap};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::*;
use crate::{
    http::{
        problem,
        server::{self, Door, Limits, Traffic},
        testing::BOUND,
    },
    store::conf::{self, HostPattern},
};

/// A day of lessons in the simulated year.
const NOW: DateTime = date(2026, 12, 10).at(10, 0, 0, 0);

/// Before the new envelope, with it, and since news came in parts.
const VERSIONS: [&str; 3] = ["2024.3.8", "2025.2.5", "2026.2.6"];

/// A gateway, and the school that it may reach.
struct World {
    simulator: Simulator,
    gateway: Gateway,
    address: SocketAddr,
    client: Client,
    _data: TempDir,
    _stop: oneshot::Sender<()>,
}

/// What came back.
struct Answered {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl World {
    async fn new(version: &str) -> Self {
        Self::with(version, |_| {}).await
    }

    async fn with(version: &str, change: impl FnOnce(&mut conf::Gateway)) -> Self {
        let options = SimulatorOptions {
            packing: Packing { encrypted: true, compressed: true },
            now: Some(NOW),
            ..SimulatorOptions::of(version.parse().unwrap())
        };
        Self::before(Simulator::start(options).unwrap(), change).await
    }

    async fn before(simulator: Simulator, change: impl FnOnce(&mut conf::Gateway)) -> Self {
        Self::among(simulator, None, change).await
    }

    /// With a table of portals of the box's own.
    async fn among(
        simulator: Simulator,
        portals: Option<&str>,
        change: impl FnOnce(&mut conf::Gateway),
    ) -> Self {
        let mut settings = conf::Gateway {
            allowed_hosts: vec![HostPattern::parse("127.0.0.1").unwrap()],
            allow_private_hosts: true,
            ..conf::Gateway::default()
        };
        settings.limits.calls_per_second_per_school = 0;
        change(&mut settings);
        let _data = TempDir::new().unwrap();
        if let Some(table) = portals {
            std::fs::write(_data.path().join("ent.tsv"), table).unwrap();
        }
        let gateway = Gateway::open(&settings, _data.path()).await.unwrap();
        let papillon = Papillon {
            gateway: gateway.clone(),
            trusted_proxies: settings.trusted_proxies.as_slice().into(),
            counts: Counts::default(),
        };
        let routes = alone(&papillon).recover(problem::recover).unify().boxed();
        let listener = server::bind("127.0.0.1", 0).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (_stop, stopped) = oneshot::channel::<()>();
        let shutdown = async { drop(stopped.await) };
        let limits = Limits { patience: Duration::from_secs(2), ..Limits::GATEWAY };
        let traffic = Traffic::default();
        tokio::spawn(server::serve(listener, Door::Plain, routes, limits, traffic, shutdown));
        let client =
            Client::builder().no_proxy().pool_max_idle_per_host(0).timeout(BOUND).build().unwrap();
        Self { simulator, gateway, address, client, _data, _stop }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn ask(&self, method: &str, path: &str) -> RequestBuilder {
        self.client.request(method.parse::<Method>().unwrap(), self.url(path))
    }

    /// The answer to a login of the pupil who has everything, changed by `change`.
    async fn log_in(&self, change: Value) -> Answered {
        let mut form = json!({
            "url": self.simulator.page("eleve"),
            "username": "demonstration",
            "password": "pronotevs",
        });
        for (key, value) in change.as_object().unwrap() {
            form[key] = value.clone();
        }
        answered(self.ask("POST", "/generatetoken").json(&form)).await
    }

    async fn token(&self) -> String {
        let answer = self.log_in(json!({})).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()["token"].as_str().unwrap().to_owned()
    }

    async fn get(&self, path: &str, token: &str) -> Answered {
        self.asked("GET", path, &[("token", token)]).await
    }

    /// With parameters in the query.
    async fn asked(&self, method: &str, path: &str, parameters: &[(&str, &str)]) -> Answered {
        let part = if path.contains('?') { '&' } else { '?' };
        answered(self.ask(method, &format!("{path}{part}{}", form(parameters)))).await
    }

    /// A request as it stands, and all that comes back until the other side ends it.
    async fn raw(&self, request: &[u8]) -> String {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let mut stream = tokio::net::TcpStream::connect(self.address).await.unwrap();
        let mut text = Vec::new();
        // It may be cut off in the middle of what it says.
        drop(stream.write_all(request).await);
        drop(tokio::time::timeout(BOUND, stream.read_to_end(&mut text)).await.unwrap());
        String::from_utf8_lossy(&text).into_owned()
    }
}

fn form(parameters: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}

async fn answered(request: RequestBuilder) -> Answered {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    Answered { status, headers, text: response.text().await.unwrap() }
}

impl Answered {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    #[track_caller]
    fn is(&self, status: u16, body: &Value) {
        assert_eq!((self.status.as_u16(), &self.json()), (status, body));
        self.is_shared();
    }

    /// Every answer may be read by any page, and kept by no cache.
    #[track_caller]
    fn is_shared(&self) {
        assert_eq!(self.headers["access-control-allow-origin"], "*", "{}", self.text);
        assert_eq!(self.headers["access-control-allow-methods"], "GET, POST, OPTIONS");
        let names =
            "Authorization,Keep-Alive,User-Agent,If-Modified-Since,Cache-Control,Content-Type";
        assert_eq!(self.headers["access-control-allow-headers"], names);
        assert_eq!(self.headers["access-control-expose-headers"], names);
        assert_eq!(self.headers["cache-control"], "private, no-store");
    }
}
