//! What is refused, with which status and which words.
//!

use super::*;

#[tokio::test]
async fn a_missing_or_wrong_parameter_is_400_and_named() {
    let world = World::new("2026.2.6").await;
    let missing = |name: &str| json!(format!("Required parameter '{name}' not supplied"));
    let date = "expected a date such as 2026-09-01";
    for (method, path, errors) in [
        ("GET", "/user", json!({"token": missing("token")})),
        (
            "GET",
            "/timetable",
            json!({"token": missing("token"), "dateString": missing("dateString")}),
        ),
        ("GET", "/timetable?token=x&dateString=10/12/2026", json!({"dateString": date})),
        (
            "GET",
            "/menu?token=x&dateFrom=2026-13-01",
            json!({"dateFrom": date, "dateTo": missing("dateTo")}),
        ),
        (
            "POST",
            "/discussion/reply?token=x&content=",
            json!({"discussionId": missing("discussionId"), "content": missing("content")}),
        ),
        (
            "POST",
            "/discussion/create?token=x&subject=a&content=b",
            json!({"recipients": missing("recipients")}),
        ),
        ("POST", "/changePeriod?token=x", json!({"periodName": missing("periodName")})),
    ] {
        answered(world.ask(method, path)).await.is(400, &json!({"errors": errors}));
    }
}

#[tokio::test]
async fn a_token_that_is_none_is_498() {
    let world =
        World::with("2026.2.6", |settings| settings.token_ttl = Duration::from_millis(300)).await;
    for token in ["x", "AAAAAAAAAAAAAAAAAAAAAA", "../../etc/passwd", "é", "AAAAAAAAAAAAAAAAAAAAAAA"]
    {
        world.get("/user", token).await.is(498, &json!("notfound"));
    }
    let token = world.token().await;
    while world.gateway.live().await != Some(0) {
        tokio::task::yield_now().await;
    }
    world.get("/user", &token).await.is(498, &json!("expired"));
}

#[tokio::test]
async fn strange_methods_paths_and_bodies_are_refused_in_the_same_manner() {
    let world = World::new("2026.2.6").await;
    for (method, path, status) in [
        ("POST", "/user", 405),
        ("GET", "/generatetoken", 405),
        ("DELETE", "/news", 405),
        ("GET", "/", 404),
        ("GET", "/api/health", 404),
        ("GET", "/users", 404),
        ("GET", "/user/x", 404),
        ("GET", "/%75ser", 404),
        ("OPTIONS", "/user", 204),
        ("OPTIONS", "/anything/at/all", 204),
    ] {
        let answer = answered(world.ask(method, path)).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text);
        answer.is_shared();
        match status {
            405 => assert!(answer.headers["allow"].to_str().unwrap().contains("OPTIONS")),
            204 => assert_eq!(answer.headers["access-control-max-age"], "1728000"),
            _ => {}
        }
    }
    for (media_type, body, status) in [
        ("application/json", "{".to_owned(), 400),
        ("application/json", "[]".to_owned(), 400),
        ("application/json", "[".repeat(200_000), 400),
        ("text/xml", "<a/>".to_owned(), 400),
        ("application/x-www-form-urlencoded", "a=b&".repeat(30_000), 400),
        ("application/json", " ".repeat(300_000), 413),
    ] {
        let request =
            world.ask("POST", "/generatetoken").header("content-type", media_type).body(body);
        let answer = answered(request).await;
        assert_eq!(answer.status, status, "{media_type}: {}", answer.text);
        answer.is_shared();
    }
    let head = answered(world.ask("HEAD", "/infos")).await;
    assert_eq!((head.status.as_u16(), head.text.as_str()), (200, ""));
}

#[tokio::test]
async fn what_pronote_denies_is_said_and_poisons_nothing() {
    let world = World::new("2026.2.6").await;
    let token = world.token().await;
    let plan = |plan: &str| world.simulator.control().plan(plan.parse().unwrap());
    plan("21@PageMenus*1");
    let menu = "/menu?dateFrom=2026-12-07&dateTo=2026-12-13";
    let answer = world.get(menu, &token).await;
    assert_eq!(answer.status, 502, "{}", answer.text);
    assert!(answer.json()["error"].as_str().unwrap().contains("PRONOTE"), "{}", answer.text);
    let answer = world.get(menu, &token).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    // A write that fails is "error", as its app expects.
    let homework =
        world.get("/homework?dateFrom=2026-12-03&dateTo=2026-12-17", &token).await.json();
    plan("21@SaisieTAFFaitEleve*1");
    let parameters = [
        ("token", token.as_str()),
        ("dateFrom", "2026-12-03"),
        ("dateTo", "2026-12-17"),
        ("homeworkId", homework[0]["id"].as_str().unwrap()),
    ];
    world.asked("POST", "/homework/changeState", &parameters).await.is(500, &json!("error"));
}

#[tokio::test]
async fn a_school_that_wants_to_be_left_alone_is() {
    let world = World::new("2026.2.6").await;
    let token = world.token().await;
    world.simulator.control().plan("25@PageMenus*1".parse().unwrap());
    let menu = "/menu?dateFrom=2026-12-07&dateTo=2026-12-13";
    world.get(menu, &token).await;
    let asked = world.simulator.control().answered();
    for _ in 0..5 {
        let answer = world.get("/grades", &token).await;
        assert_eq!(answer.status, 498, "{}", answer.text);
        let seconds: u64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!(seconds > 60, "{seconds}");
        assert!(answer.json()["error"].as_str().unwrap().contains("PRONOTE"), "{}", answer.text);
    }
    let login = world.log_in(json!({})).await;
    assert_eq!(login.status, 498);
    assert_eq!(login.json()["token"], false);
    assert_eq!(world.simulator.control().answered(), asked, "nothing more was asked of the school");
}

#[tokio::test]
async fn one_address_asks_so_much_and_no_more() {
    let world = World::with("2026.2.6", |settings| {
        settings.limits.requests_per_minute_per_address = 10;
        settings.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await;
    let ask = async |from: &str| {
        answered(world.ask("GET", "/infos").header("x-forwarded-for", from)).await
    };
    let mut statuses = Vec::new();
    for _ in 0..15 {
        statuses.push(ask("198.51.100.1").await.status.as_u16());
    }
    assert_eq!(statuses[..10], [200; 10]);
    assert_eq!(statuses[14], 429);
    let refused = ask("198.51.100.1").await;
    assert!(refused.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() <= 61);
    refused.is_shared();
    assert_eq!(ask("198.51.100.2").await.status, 200, "nobody else is held back");
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_not_waited_for_and_leaves_the_session_whole() {
    let world =
        World::with("2026.2.6", |settings| settings.limits.request_deadline_seconds = 1).await;
    let token = world.token().await;
    world.simulator.control().plan("slow-3000@PageMenus*1".parse().unwrap());
    let menu = "/menu?dateFrom=2026-12-07&dateTo=2026-12-13";
    let answer = world.get(menu, &token).await;
    assert!(matches!(answer.status.as_u16(), 504 | 502), "{}: {}", answer.status, answer.text);
    answer.is_shared();
    assert_eq!(world.get(menu, &token).await.status, 200);
}
