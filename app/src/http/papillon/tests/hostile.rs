//! Callers who mean no good: what they try, and what they get.
//!

use super::*;

/// Where nobody's login may lead: this machine, its network, a cloud's secrets, other protocols.
const FORBIDDEN: [&str; 40] = [
    "http://127.0.0.1/pronote",
    "https://127.0.0.1/pronote",
    "https://127.1/pronote",
    "https://2130706433/pronote",
    "https://0x7f000001/pronote",
    "https://0177.0.0.1/pronote",
    "https://0/pronote",
    "https://0.0.0.0/pronote",
    "https://localhost/pronote",
    "https://localhost./pronote",
    "https://LOCALHOST:8443/api/health",
    "https://[::1]/pronote",
    "https://[::]/pronote",
    "https://[::ffff:127.0.0.1]/pronote",
    "https://[::ffff:7f00:1]/pronote",
    "https://[64:ff9b::7f00:1]/pronote",
    "https://[fe80::1]/pronote",
    "https://[fd00:ec2::254]/latest/meta-data",
    "https://169.254.169.254/latest/meta-data",
    "http://169.254.169.254/latest/meta-data",
    "https://[::ffff:a9fe:a9fe]/latest/meta-data",
    "https://10.0.0.1/pronote",
    "https://172.16.0.1/pronote",
    "https://192.168.1.1/pronote",
    "https://100.64.0.1/pronote",
    "https://198.18.0.1/pronote",
    "https://224.0.0.1/pronote",
    "https://255.255.255.255/pronote",
    "https://example.org/pronote",
    "https://index-education.net/pronote",
    "https://evilindex-education.net/pronote",
    "https://0123456a.index-education.net.evil.example/pronote",
    "https://0123456a.index-education.net@evil.example/pronote",
    "https://evil.example#0123456a.index-education.net/pronote",
    "https://evil.example?0123456a.index-education.net/pronote",
    "https://evil.example\\@0123456a.index-education.net/pronote",
    "http://0123456a.index-education.net/pronote",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_INFO",
    "javascript:alert(1)",
];

#[tokio::test]
async fn a_login_leads_nowhere_but_to_the_schools_of_the_settings() {
    let world = World::with("2026.2.6", |settings| {
        settings.allowed_hosts = conf::Gateway::default().allowed_hosts;
        settings.allow_private_hosts = false;
        settings.limits.requests_per_minute_per_address = 0;
    })
    .await;
    let own = world.simulator.page("eleve");
    for url in FORBIDDEN.into_iter().chain([own.as_str()]) {
        for body in [
            json!({"url": url, "username": "a", "password": "b"}),
            json!({"url": url, "username": "a", "password": "b", "ent": "ac_reims"}),
            json!({"url": url, "qrToken": "AB", "login": "CD", "checkCode": "1234", "method": "qrcode"}),
        ] {
            let answer = answered(world.ask("POST", "/generatetoken").json(&body)).await;
            assert_eq!(answer.status, 498, "{url}: {}", answer.text);
            let error = answer.json()["error"].as_str().unwrap().to_owned();
            let says_why = [
                "not among",
                "private",
                "no school",
                "web address",
                "https",
                "name of a host",
                "page such as",
            ];
            assert!(says_why.iter().any(|words| error.contains(words)), "{url}: {error}");
        }
    }
    assert_eq!(world.simulator.control().answered(), 0, "the school on loopback was never asked");
}

#[tokio::test]
async fn requests_that_are_too_long_or_too_slow_are_ended() {
    let world = World::new("2026.2.6").await;
    let long = format!("GET /user?token={} HTTP/1.1\r\nhost: a\r\n\r\n", "x".repeat(200_000));
    let many = format!("GET /user HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(20_000));
    let head = "POST /generatetoken HTTP/1.1\r\nhost: a\r\n";
    let slow = format!("{head}content-length: 100\r\n\r\nurl=");
    let huge = format!("{head}content-length: 999999999999\r\nconnection: close\r\n\r\nurl=");
    let chunked =
        format!("{head}transfer-encoding: chunked\r\n\r\nfffffff\r\n{}", "x".repeat(400_000));
    for (request, statuses) in [
        (long, &["431", "414"][..]),
        (many, &["431", "400"]),
        (slow, &["408"]),
        (huge, &["413"]),
        (chunked, &["413"]),
        ("GET /user HTTP/1.1\r\nhost: a\r\n".to_owned(), &[]), // a head that never ends
        ("\0\0\0\0 / HTTP/9\r\n\r\n".to_owned(), &["400"]),
        (
            format!("{head}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
            &["400"],
        ),
        (
            "GET http://evil.example/ HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".to_owned(),
            &["404"],
        ),
        (
            "GET /user HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n".to_owned(),
            &["400"],
        ),
        (
            "CONNECT evil.example:443 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".to_owned(),
            &["404", "405", "400"],
        ),
        (
            "GET /../../etc/passwd HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".to_owned(),
            &["404"],
        ),
        (
            "GET /file?key=%00%ff HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".to_owned(),
            &["404"],
        ),
    ] {
        let answer = world.raw(request.as_bytes()).await;
        let start: String = request.chars().take(60).collect();
        let status = answer.split(' ').nth(1).unwrap_or_default();
        assert!(
            statuses.contains(&status) || answer.is_empty() && statuses.is_empty(),
            "{start:?}: {answer}"
        );
    }
    assert_eq!(answered(world.ask("GET", "/infos")).await.status, 200);
}

#[tokio::test]
async fn a_guessed_token_or_address_opens_nothing() {
    let world = World::with("2026.2.6", |settings| {
        settings.attachments = conf::Attachments::Proxied;
        settings.limits.requests_per_minute_per_address = 50;
    })
    .await;
    let token = world.token().await;
    let news = world.get("/news", &token).await.json();
    let file =
        news.as_array().unwrap().iter().flat_map(|item| item["attachments"].as_array().unwrap());
    let url = file
        .filter_map(|file| file["url"].as_str())
        .find(|url| url.contains("/file?"))
        .unwrap()
        .to_owned();
    let mut bent = url.clone().into_bytes();
    let last = bent.last_mut().unwrap();
    *last = if *last == b'A' { b'B' } else { b'A' };
    for address in [
        String::from_utf8(bent).unwrap(),
        world.url("/file?key=AAAA"),
        world.url("/file"),
        url.replace("/file?", "/calendar.ics?"),
    ] {
        let answer = answered(world.client.get(&address)).await;
        assert!(matches!(answer.status.as_u16(), 400 | 404), "{address}: {}", answer.status);
    }
    assert_eq!(answered(world.client.get(&url)).await.status, 200);
    let mut refused = 0;
    for guess in 0..100 {
        let answer = world.get("/user", &format!("AAAAAAAAAAAAAAAAAAAA{guess:02}")).await;
        assert!(matches!(answer.status.as_u16(), 498 | 429), "{}", answer.text);
        refused += u32::from(answer.status == 429);
    }
    assert!(refused > 40, "guessing is slow: {refused}");
}
