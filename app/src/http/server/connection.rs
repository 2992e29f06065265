//! One connection, from its first byte to its last.

use std::{convert::Infallible, io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use hyper::{
    Method, Request, Uri,
    body::{Body, Incoming},
    header::CONTENT_LENGTH,
    service::Service,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::watch,
    time::timeout,
};
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tracing::debug;
use warp::{filters::BoxedFilter, reply::Response};

use super::{
    Limits, Traffic,
    body::{Answer, Patient},
    guests::{Busy, Place},
    plain,
};

/// A stream over which a client that takes no bytes is an error after a while.
type Timed = std::pin::Pin<Box<TimeoutStream<TcpStream>>>;

/// How a connection begins.
#[derive(Clone)]
pub enum Door {
    /// With a handshake: HTTPS, HTTP/1.1 or 2.
    Tls(TlsAcceptor),
    /// At once: HTTP/1.1.
    Plain,
}

/// A connection that has begun.
enum Stream {
    Tls(Box<TlsStream<Timed>>),
    Plain(Timed),
}

/// What all connections of a server have in common.
pub struct Shared {
    /// How connections begin.
    pub door: Door,
    /// All routes.
    pub filter: BoxedFilter<(Response,)>,
    /// How much and how long.
    pub limits: Limits,
    /// What is counted.
    pub traffic: Traffic,
    /// Becomes true when the server stops.
    pub closing: watch::Receiver<bool>,
}

/// Serves one connection until it ends, is sent away, is idle for too long, or the server stops.
pub async fn attend(shared: Arc<Shared>, stream: TcpStream, address: SocketAddr, place: Place) {
    let mut closing = shared.closing.clone();
    let begun = tokio::select! {
        begun = timeout(shared.limits.patience, begin(&shared, stream)) => begun,
        () = place.taken() => return,
        _ = closing.wait_for(|closing| *closing) => return,
    };
    let stream = match begun {
        Ok(Ok(Some(stream))) => stream,
        Ok(Ok(None)) => return,
        Ok(Err(error)) => return debug!("{address}: handshake: {error}"),
        Err(_) => {
            shared.traffic.handshakes_dropped.inc();
            return debug!("{address}: no handshake in time");
        }
    };
    if let Err(full) = place.sit() {
        shared.traffic.connections_refused.inc();
        return debug!("{address}: {full}");
    }
    shared.traffic.connections.inc();
    let ended = match stream {
        Stream::Tls(stream) => {
            let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
            converse(&shared, stream, http2, address, &place, closing).await
        }
        Stream::Plain(stream) => converse(&shared, stream, false, address, &place, closing).await,
    };
    shared.traffic.connections.dec();
    if let Err(error) = ended {
        debug!("{address}: {error}");
    }
}

async fn begin(shared: &Shared, stream: TcpStream) -> io::Result<Option<Stream>> {
    stream.set_nodelay(true)?;
    let mut first = [0];
    if stream.peek(&mut first).await? == 0 {
        return Ok(None);
    }
    if matches!(shared.door, Door::Tls(_)) && first != [plain::TLS_HANDSHAKE] {
        return plain::answer(stream).await.map(|()| None);
    }
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(shared.limits.patience));
    let stream = Box::pin(stream);
    match &shared.door {
        Door::Tls(tls) => {
            let shaken = tls.accept(stream).await?;
            Ok(Some(Stream::Tls(Box::new(shaken))))
        }
        Door::Plain => Ok(Some(Stream::Plain(stream))),
    }
}

async fn converse(
    shared: &Shared,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    http2: bool,
    address: SocketAddr,
    place: &Place,
    mut closing: watch::Receiver<bool>,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let builder = protocol(http2, &shared.limits);
    let routes = TowerToHyperService::new(warp::service(shared.filter.clone()));
    let patience = shared.limits.patience;
    let service = hyper::service::service_fn(|request: Request<Incoming>| {
        let (busy, head) = (place.begin(), request.method() == Method::HEAD);
        let asked = format!("{address}: {} {}", request.method(), request.uri().path());
        let mut request = request.map(|body| Patient::new(body, patience));
        request.extensions_mut().insert(address);
        if request.method() == Method::CONNECT {
            // warp takes a path for granted, and here there is only a host.
            *request.uri_mut() = Uri::from_static("/");
        }
        let answer = routes.call(request);
        async move {
            let answer = answer.await?;
            debug!("{asked}: {}", answer.status().as_u16());
            Ok::<_, Infallible>(finish(answer, head, busy))
        }
    });
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        ended = connection.as_mut() => return ended,
        () = place.taken() => return Ok(()),
        _ = closing.wait_for(|closing| *closing) => {}
        () = idle(place.requests(), &shared.limits) => {}
    }
    connection.as_mut().graceful_shutdown();
    timeout(patience, connection).await.unwrap_or(Ok(()))
}

/// By what the handshake agreed on, not by the first bytes: those may never come, and nothing bounds that wait.
fn protocol(http2: bool, limits: &Limits) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.patience)
        .max_buf_size(64 * 1024);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(32)
        .max_header_list_size(16 * 1024)
        .initial_stream_window_size(256 * 1024)
        .initial_connection_window_size(1024 * 1024)
        .keep_alive_interval(limits.idle / 2)
        .keep_alive_timeout(limits.patience);
    if http2 { builder.http2_only() } else { builder.http1_only() }
}

fn finish<B: Body>(
    mut answer: hyper::Response<B>,
    head: bool,
    busy: Busy,
) -> hyper::Response<Answer<B>> {
    if head && let Some(length) = answer.body().size_hint().exact() {
        answer.headers_mut().entry(CONTENT_LENGTH).or_insert(length.into());
    }
    answer.map(|body| Answer::new(body, head, busy))
}

/// Ends when no request has been under way for a while; the first one is waited for less long.
async fn idle(mut requests: watch::Receiver<usize>, limits: &Limits) {
    let mut patience = limits.patience;
    loop {
        let wait = match *requests.borrow_and_update() {
            0 => patience,
            _ => Duration::MAX,
        };
        match timeout(wait, requests.changed()).await {
            Ok(Ok(())) => patience = limits.idle,
            Ok(Err(_)) | Err(_) => return,
        }
    }
}
