//! The accept loop: connections, bounded in number and in patience.
//!
//! warp's own server has no TLS and knows no limits; its filters are served here over hyper.

mod body;
mod connection;
mod guests;
mod plain;

use std::{sync::Arc, time::Duration};

use prometheus_client::metrics::{counter::Counter, gauge::Gauge};
use tokio::{net::TcpListener, sync::watch, task::JoinSet, time};
use tracing::{error, warn};
use warp::{filters::BoxedFilter, reply::Response};

pub use body::Stalled;
pub use connection::Door;
use connection::Shared;
use guests::Guests;

/// How long the stop waits for answers under way.
const STOP: Duration = Duration::from_millis(1000);

/// How much a server takes on.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Handshakes under way.
    pub handshakes: usize,
    /// Connections beyond their handshake.
    pub connections: usize,
    /// Of these, those of one peer.
    pub connections_per_peer: usize,
    /// How long we wait for a handshake, a request's head, the next part of a body, or room to write.
    pub patience: Duration,
    /// How long a connection may stand without a request.
    pub idle: Duration,
}

/// What a server counts.
#[derive(Debug, Clone, Default)]
pub struct Traffic {
    /// Connections beyond their handshake, now.
    pub connections: Gauge,
    /// Connections that found all seats busy.
    pub connections_refused: Counter,
    /// Handshakes that took too long or gave way to a newcomer's.
    pub handshakes_dropped: Counter,
}

/// Why a server cannot listen.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {host} port {port}: {reason}")]
pub struct BindError {
    host: String,
    port: u16,
    reason: String,
}

impl Limits {
    /// What a school needs, and what a Raspberry Pi bears.
    pub const STANDARD: Self = Self {
        handshakes: 64,
        connections: 256,
        connections_per_peer: 64,
        patience: Duration::from_secs(10),
        idle: Duration::from_secs(60),
    };

    /// What a gateway for thousands of pupils needs, behind a proxy or not.
    pub const GATEWAY: Self = Self { connections: 1024, ..Self::STANDARD };
}

/// Listens on a host (a name, an address, `0.0.0.0` or `::` for all) and port (0 for any that is free).
pub async fn bind(host: &str, port: u16) -> Result<TcpListener, BindError> {
    use std::io::ErrorKind;
    TcpListener::bind((host, port)).await.map_err(|e| {
        let reason = match e.kind() {
            ErrorKind::AddrInUse => "another program already does".into(),
            ErrorKind::PermissionDenied => "ports below 1024 need a privilege".into(),
            ErrorKind::AddrNotAvailable => "no interface of this machine has that address".into(),
            _ => e.to_string(),
        };
        BindError { host: host.into(), port, reason }
    })
}

/// Serves until `shutdown`, then lets answers under way end for a moment.
pub async fn serve(
    listener: TcpListener,
    door: Door,
    filter: BoxedFilter<(Response,)>,
    limits: Limits,
    traffic: Traffic,
    shutdown: impl Future<Output = ()>,
) {
    let (close, closing) = watch::channel(false);
    let guests = Guests::new(limits);
    let shared = Arc::new(Shared { door, filter, limits, traffic, closing });
    let mut connections = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    let mut failing = false;
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, address)) => {
                    failing = false;
                    let (place, evicted) = guests.admit(address.into());
                    if evicted {
                        shared.traffic.handshakes_dropped.inc();
                    }
                    connections.spawn(connection::attend(shared.clone(), stream, address, place));
                }
                Err(error) => {
                    // Out of file descriptors or memory, mostly: that passes, and we must still be here.
                    if !std::mem::replace(&mut failing, true) {
                        warn!("a connection cannot be accepted: {error}");
                    }
                    time::sleep(Duration::from_millis(100)).await;
                }
            },
            Some(ended) = connections.join_next() => report(ended),
            () = &mut shutdown => break,
        }
    }
    drop(listener);
    close.send_replace(true);
    let ended = async { while connections.join_next().await.is_some() {} };
    if time::timeout(STOP, ended).await.is_err() {
        connections.shutdown().await;
    }
}

fn report(ended: Result<(), tokio::task::JoinError>) {
    if let Err(panic) = ended {
        error!("a request was not answered, its handler failed: {panic}");
    }
}

#[cfg(test)]
mod tests;
