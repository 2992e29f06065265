//! Sockets: HTTP/1.1 on loopback, one thread, bounded bodies.
//!

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;

use super::http::{Manner, Reply, Request};
use super::server::Server;

/// The largest body that is read: an upload, and what surrounds it.
const BODY_BYTES: usize = 8 << 20;

/// The most connections at a time; the next ones wait.
const CONNECTIONS: usize = 1024;

/// How long a client may take for the head of a request.
const HEAD: Duration = Duration::from_secs(30);

/// How long a client may take for the body of a request.
const BODY: Duration = Duration::from_secs(60);

/// How long the first half of a cut answer has to leave.
const FLUSH: Duration = Duration::from_millis(20);

/// The connection is to end here.
#[derive(Debug, thiserror::Error)]
#[error("the connection ends here, as planned")]
struct Ended;

type Body = UnsyncBoxBody<Bytes, Ended>;

/// Serves until `stop`.
pub(crate) async fn serve(
    listener: std::net::TcpListener,
    server: Arc<Server>,
    mut stop: oneshot::Receiver<()>,
) {
    let listener = match TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!(%error, "the simulator cannot listen");
            return;
        }
    };
    let connections = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let accepted = async {
            let permit = Arc::clone(&connections).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            _ = &mut stop => return,
            accepted = accepted => accepted,
        };
        match (permit, accepted) {
            (Ok(permit), Ok((stream, _))) => {
                let server = Arc::clone(&server);
                tokio::spawn(async move {
                    converse(stream, server).await;
                    drop(permit);
                });
            }
            // Out of descriptors, most often: they come back.
            _ => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

/// Binds a port.
pub(crate) fn bind(address: SocketAddr) -> io::Result<std::net::TcpListener> {
    let listener = std::net::TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

async fn converse(stream: TcpStream, server: Arc<Server>) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "the socket keeps its delay");
    }
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let server = Arc::clone(&server);
        async move { respond(&server, request).await }
    });
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended early");
    }
}

async fn respond(
    server: &Server,
    request: hyper::Request<Incoming>,
) -> Result<Response<Body>, Ended> {
    let (head, body) = request.into_parts();
    let body = match timeout(BODY, Limited::new(body, BODY_BYTES).collect()).await {
        Ok(Ok(collected)) => collected.to_bytes(),
        _ => return write(Reply::html(413, "<h1>413</h1>")).await,
    };
    let headers = head.headers.iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    let request = Request {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: headers.collect(),
        body,
    };
    let mut told = server.listen();
    let mut reply = server.answer(&request);
    if let Manner::Held(patience) = reply.manner {
        let pushed = async {
            while told.changed().await.is_ok() {
                let reply = server.answer(&request);
                if !matches!(reply.manner, Manner::Held(_)) {
                    return reply;
                }
            }
            std::future::pending().await
        };
        let heard = timeout(patience, pushed).await;
        reply = heard.unwrap_or_else(|_| server.answer_at_last(&request));
    }
    tracing::debug!(
        method = request.method,
        path = request.path,
        status = reply.status,
        "answered"
    );
    write(reply).await
}

/// Sends a reply in its manner.
async fn write(reply: Reply) -> Result<Response<Body>, Ended> {
    let manner = reply.manner;
    // A whole body tells its length by itself.
    let length = matches!(manner, Manner::Cut | Manner::Dripping(_)).then_some(reply.body.len());
    let body: Body = match manner {
        Manner::Dropped => return Err(Ended),
        Manner::Whole | Manner::Held(_) => whole(reply.body),
        Manner::After(delay) => {
            tokio::time::sleep(delay).await;
            whole(reply.body)
        }
        Manner::Dripping(pause) => {
            StreamBody::new(stream::unfold(reply.body, move |mut rest| async move {
                if rest.is_empty() {
                    return None;
                }
                tokio::time::sleep(pause).await;
                let byte = rest.split_to(1);
                Some((Ok(Frame::data(byte)), rest))
            }))
            .boxed_unsync()
        }
        Manner::Cut => {
            let half = Some(reply.body.slice(..reply.body.len() / 2));
            StreamBody::new(stream::unfold(half, |half| async move {
                match half {
                    Some(half) if !half.is_empty() => {
                        Some((Ok(Frame::data(half)), Some(Bytes::new())))
                    }
                    // What was sent is on its way before the connection goes.
                    Some(_) => {
                        tokio::time::sleep(FLUSH).await;
                        Some((Err(Ended), None))
                    }
                    None => None,
                }
            }))
            .boxed_unsync()
        }
    };
    let mut response = Response::builder()
        .status(StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    if let Some(length) = length {
        response = response.header("content-length", length);
    }
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(body).map_err(|_| Ended)
}

fn whole(body: Bytes) -> Body {
    Full::new(body).map_err(|never: Infallible| match never {}).boxed_unsync()
}
