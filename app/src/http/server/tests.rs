//! The server over real TLS, with clients of every sort.

use std::{
    convert::Infallible,
    error::Error,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::{Buf, Bytes};
use futures_util::{Stream, StreamExt};
use jiff::{SignedDuration, Timestamp};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Notify,
    time::timeout,
};
use warp::{Filter, Reply, filters::BoxedFilter, reply::Response};

use super::*;
use crate::http::testing::{BOUND, Running};

const HASTY: Limits = Limits {
    handshakes: 8,
    patience: Duration::from_millis(700), // a handshake takes that long only on a very busy machine
    idle: Duration::from_millis(100),
    ..Limits::STANDARD
};

fn hello() -> BoxedFilter<(Response,)> {
    let hello = warp::ext::get::<SocketAddr>().map(|address: SocketAddr| {
        assert!(address.ip().is_loopback());
        "hello".into_response()
    });
    hello.boxed()
}

/// Everything the other side still sends; an abrupt end is an end.
async fn rest(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut bytes = Vec::new();
    drop(timeout(BOUND, stream.read_to_end(&mut bytes)).await.expect("the server ends it"));
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn both_versions_of_http_and_of_tls_are_served() {
    let server = Running::start(hello(), Limits::STANDARD).await;
    let versions = [reqwest::tls::Version::TLS_1_2, reqwest::tls::Version::TLS_1_3];
    for (version, http1) in versions.into_iter().flat_map(|v| [(v, true), (v, false)]) {
        let builder = server.client_builder().tls_version_min(version).tls_version_max(version);
        let builder = if http1 { builder.http1_only() } else { builder };
        let client = builder.build().unwrap();
        let get = client.get(server.url("/")).send().await.unwrap();
        assert_eq!(get.version() == reqwest::Version::HTTP_11, http1);
        assert_eq!(get.text().await.unwrap(), "hello");
        let head = client.head(server.url("/")).send().await.unwrap();
        assert_eq!(head.headers()["content-length"], "5");
        assert_eq!(head.text().await.unwrap(), "");
    }
    server.stop().await;
}

#[tokio::test]
async fn plain_http_is_told_to_use_https() {
    let server = Running::start(hello(), Limits::STANDARD).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: box\r\n\r\n").await.unwrap();
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.contains("https://"), "{answer}");
    server.stop().await;
}

#[tokio::test]
async fn hundreds_of_silent_connections_keep_nobody_out() {
    let limits = Limits { patience: BOUND, ..HASTY };
    let server = Running::start(hello(), limits).await;
    let mut silent = Vec::new();
    for _ in 0..300 {
        silent.push(TcpStream::connect(server.address).await.unwrap());
    }
    let answer = server.client().get(server.url("/")).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "hello");
    assert_eq!(rest(&mut silent[0]).await, "", "the oldest is closed");
    assert!(server.traffic.handshakes_dropped.get() >= 292);
    server.stop().await;
}

#[tokio::test]
async fn who_says_nothing_is_dropped() {
    let server = Running::start(hello(), HASTY).await;
    let no_handshake = async {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        assert_eq!(rest(&mut stream).await, "");
    };
    let after = async |protocol, said: &[u8]| {
        let mut stream = server.connect(protocol).await;
        stream.write_all(said).await.unwrap();
        rest(&mut stream).await
    };
    let (_, nothing, h2_nothing, half_a_head, whole) = tokio::join!(
        no_handshake,
        after("http/1.1", b""),
        after("h2", b""),
        after("http/1.1", b"GET / HTTP/1.1\r\nHo"),
        after("http/1.1", b"GET / HTTP/1.1\r\nHost: box\r\n\r\n"),
    );
    assert!(nothing.is_empty() && half_a_head.is_empty());
    assert!(!h2_nothing.contains("hello"));
    assert!(whole.ends_with("hello"), "answered, then closed: {whole}");
    server.stop().await;
}

#[tokio::test]
async fn a_body_that_never_comes_is_an_error() {
    async fn why(body: impl Stream<Item = Result<impl Buf, warp::Error>>) -> Response {
        let error = std::pin::pin!(body).next().await.unwrap().err().unwrap();
        let stalled = error.source().unwrap().downcast_ref::<Stalled>();
        stalled.unwrap().to_string().into_response()
    }
    let filter = warp::body::stream().then(why);
    let server = Running::start(filter.boxed(), HASTY).await;
    let mut stream = server.connect("http/1.1").await;
    let head = b"PUT / HTTP/1.1\r\nHost: box\r\nContent-Length: 5\r\n\r\n";
    stream.write_all(head).await.unwrap();
    assert!(rest(&mut stream).await.contains("nothing more of the body came"));
    server.stop().await;
}

/// Tells when the handler, or the body it made, is gone.
struct Gone(Arc<Notify>);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

#[tokio::test]
async fn who_takes_no_bytes_is_dropped() {
    let (gone, sign) = (Arc::new(Notify::new()), Bytes::from_static(&[0; 64 * 1024]));
    let notify = gone.clone();
    let filter = warp::any().map(move || {
        let (guard, sign) = (Gone(notify.clone()), sign.clone());
        let endless = futures_util::stream::repeat_with(move || {
            let _held = &guard;
            Ok::<_, Infallible>(sign.clone())
        });
        warp::reply::stream(endless).into_response()
    });
    let server = Running::start(filter.boxed(), HASTY).await;
    let mut stream = server.connect("http/1.1").await;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: box\r\n\r\n").await.unwrap();
    timeout(BOUND, gone.notified()).await.expect("its answer is given up");
    drop(stream);
    server.stop().await;
}

#[tokio::test]
async fn a_stop_waits_for_no_one_for_long() {
    let (entered, notify) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (inside, gone) = (entered.clone(), notify.clone());
    let filter = warp::any().then(move || {
        let guard = Gone(gone.clone());
        inside.notify_one();
        async move {
            let _held = guard;
            std::future::pending::<Response>().await
        }
    });
    let server = Running::start(filter.boxed(), Limits::STANDARD).await;
    let mut silent = TcpStream::connect(server.address).await.unwrap();
    let mut idle = server.connect("h2").await;
    let hanging = tokio::spawn(server.client().get(server.url("/")).send());
    timeout(BOUND, entered.notified()).await.unwrap();

    let begun = Instant::now();
    server.stop().await;
    timeout(BOUND, notify.notified()).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(2));
    assert!(hanging.await.unwrap().is_err());
    rest(&mut silent).await;
    rest(&mut idle).await;
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_without_a_restart() {
    let server = Running::start(hello(), Limits::STANDARD).await;
    let later = Timestamp::now() + SignedDuration::from_hours(24 * 800);
    server.tls.refresh(&server.files, later).unwrap();
    let shown = server.tls.served();
    let shown = shown.certificate.key.end_entity_cert().unwrap();
    // Its dates lie in the future, so what counts here is which one is shown, not that it is believed.
    let client = server.client_builder().tls_info(true).tls_danger_accept_invalid_certs(true);
    let answer = client.build().unwrap().get(server.url("/")).send().await.unwrap();
    let info = answer.extensions().get::<reqwest::tls::TlsInfo>().unwrap();
    assert_eq!(info.peer_certificate().unwrap(), &**shown);
    server.stop().await;
}

#[tokio::test]
async fn a_port_in_use_is_a_sentence() {
    let first = bind("127.0.0.1", 0).await.unwrap();
    let port = first.local_addr().unwrap().port();
    let error = bind("127.0.0.1", port).await.unwrap_err().to_string();
    let words = format!("cannot listen on 127.0.0.1 port {port}: another program already does");
    assert_eq!(error, words);
}
