//! The browser before hosts that answer as they like.
//!

use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;
use crate::http::{Limits, Manners};

const QUIET: Manners = Manners { requests_per_second_per_host: 0, failed_logins_per_hour: 3 };

/// Answers each connection with the next text, and gives back what was asked.
async fn host(answers: Vec<String>) -> (Url, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let task = tokio::spawn(async move {
        let mut asked = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut buffer = vec![0; 4096];
            let length = stream.read(&mut buffer).await.unwrap();
            asked.push(String::from_utf8_lossy(&buffer[..length]).into_owned());
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
        asked
    });
    (url, task)
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    )
}

fn browser(limits: Limits) -> Browser {
    Browser::new(Transport::builder().limits(limits).manners(QUIET).build().unwrap())
}

#[tokio::test]
async fn redirects_are_followed_with_cookies() {
    let (url, task) = host(vec![
        answer("302 Found", "set-cookie: a=1\r\nlocation: /next?x=1\r\n", ""),
        answer("200 OK", "", "here"),
    ])
    .await;
    let browser = browser(Limits::default());
    let fields = [("user".to_owned(), "é&".to_owned())];
    let page = browser.post_form(url.clone(), &fields).await.unwrap();
    assert_eq!((page.text().as_ref(), page.url.path()), ("here", "/next"));
    let asked = task.await.unwrap();
    assert!(asked[0].starts_with("POST / ") && asked[0].ends_with("user=%C3%A9%26"));
    assert!(asked[1].starts_with("GET /next?x=1 ") && asked[1].contains("cookie: a=1"));
    let again = Browser::with_cookies_json(browser.transport().clone(), &browser.cookies_json());
    assert_eq!(again.cookie(&url, "a").as_deref(), Some("1"));
}

#[tokio::test]
async fn too_large_a_body_is_refused() {
    let (url, _task) = host(vec![answer("200 OK", "", &"x".repeat(100))]).await;
    let limits = Limits { body_bytes: 99, ..Limits::default() };
    let error = browser(limits).get(url).await.unwrap_err();
    assert_eq!(error.fault, HttpFault::TooLarge);
}

#[tokio::test]
async fn a_silent_host_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let limits = Limits { hop: Duration::from_millis(50), ..Limits::default() };
    let error = browser(limits).get(url).await.unwrap_err();
    assert_eq!(error.fault, HttpFault::TimedOut);
}

#[tokio::test]
async fn endless_redirects_end() {
    let (url, _task) = host(vec![answer("302 Found", "location: /\r\n", ""); 3]).await;
    let limits = Limits { redirects: 2, ..Limits::default() };
    let error = browser(limits).get(url).await.unwrap_err();
    assert_eq!(error.fault, HttpFault::TooManyRedirects);
}

#[tokio::test]
async fn the_check_sees_every_hop() {
    let (url, _task) =
        host(vec![answer("302 Found", "location: http://169.254.169.254/\r\n", "")]).await;
    let check: crate::http::AddressCheck = Arc::new(|url| match url.host_str() {
        Some("127.0.0.1") => Ok(()),
        _ => Err("not this one".to_owned()),
    });
    let transport = Transport::builder().manners(QUIET).check_addresses(check).build().unwrap();
    let error = Browser::new(transport).get(url).await.unwrap_err();
    assert_eq!(error.to_string(), "GET 169.254.169.254/: the address is not allowed: not this one");
}

#[tokio::test]
async fn an_unreachable_host_is_named_without_its_query() {
    let url = Url::parse("http://127.0.0.1:1/login?ticket=secret").unwrap();
    let error = browser(Limits::default()).get(url).await.unwrap_err().to_string();
    assert!(error.starts_with("GET 127.0.0.1:1/login: the host could not be reached"));
    assert!(!error.contains("secret"));
}

#[tokio::test]
async fn what_a_request_holds_is_not_carried_to_another_host() {
    for status in ["307 Temporary Redirect", "308 Permanent Redirect"] {
        let elsewhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        elsewhere.set_nonblocking(true).unwrap();
        let there = format!("location: http://{}/x\r\n", elsewhere.local_addr().unwrap());
        let (url, _task) = host(vec![answer(status, &there, "")]).await;
        let fields = [("password".to_owned(), "secret".to_owned())];
        let error = browser(Limits::default()).post_form(url, &fields).await.unwrap_err();
        let HttpFault::Forbidden(why) = &error.fault else { panic!("{error}") };
        assert!(why.contains("another host"), "{error}");
        assert!(elsewhere.accept().is_err(), "{status}: the other host was asked");
    }
}

#[tokio::test]
async fn a_request_is_repeated_at_its_own_host_and_asked_anew_elsewhere() {
    let (there, other) = host(vec![answer("200 OK", "", "there")]).await;
    let leave = format!("location: {there}\r\n");
    let (url, task) = host(vec![
        answer("308 Permanent Redirect", "location: /again\r\n", ""),
        answer("303 See Other", &leave, ""),
    ])
    .await;
    let fields = [("password".to_owned(), "secret".to_owned())];
    let page = browser(Limits::default()).post_form(url, &fields).await.unwrap();
    assert_eq!(page.text(), "there");
    let asked = task.await.unwrap();
    assert!(asked[1].starts_with("POST /again ") && asked[1].ends_with("password=secret"));
    let asked = other.await.unwrap();
    assert!(asked[0].starts_with("GET / ") && !asked[0].contains("secret"), "{asked:?}");
}
