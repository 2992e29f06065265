//! Several gateways on one Redis.
//!

use std::{
    collections::HashMap,
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use redis::Commands as _;

use super::*;

/// Takes a session and makes a call, then dies in the middle of the next: no thread of it goes on.
fn die_in_the_middle(school: &School, redis: &Redis, token: &Token) {
    thread::scope(|scope| {
        scope.spawn(|| {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                let sessions = school.open(on(redis), TTL).await;
                let visit = sessions.visit(token, soon()).await.unwrap();
                visit.client().staff().await.unwrap();
                std::mem::forget((visit, sessions));
            });
            runtime.shutdown_background();
        });
    });
}

#[tokio::test]
async fn two_gateways_take_turns_on_the_same_sessions() {
    let (school, redis) = (School::new(), Redis::start());
    let gateways = [school.open(on(&redis), TTL).await, school.open(on(&redis), TTL).await];
    let mut tokens = Vec::new();
    for index in 0..20 {
        tokens.push(school.token(&gateways[index % 2]).await);
    }
    school.simulator.control().forget_calls();
    let calls = tokens.iter().map(|token| {
        let (gateways, token) = (gateways.clone(), token.clone());
        tokio::spawn(async move {
            for round in 0..6 {
                let mut visit = gateways[round % 2].visit(&token, soon()).await.unwrap();
                let before = (round > 0).then(|| (round - 1).to_string());
                assert_eq!(visit.period(), before.as_deref());
                visit.client().staff().await.unwrap();
                visit.choose_period(Some(round.to_string()));
                visit.leave().await.unwrap();
            }
        })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap();
    }
    assert_eq!(school.logins(), 0, "the order of numbers was kept");
    assert_eq!(gateways[0].live().await, Some(20));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_visit_at_a_time_is_in_a_session_in_all_gateways() {
    static INSIDE: AtomicU32 = AtomicU32::new(0);
    static VISITS: AtomicU32 = AtomicU32::new(0);
    let (school, redis) = (School::new(), Redis::start());
    let gateways = [school.open(on(&redis), TTL).await, school.open(on(&redis), TTL).await];
    let token = school.token(&gateways[0]).await;
    let visits = (0..50).map(|index| {
        let (gateway, token) = (gateways[index % 2].clone(), token.clone());
        tokio::spawn(async move {
            for _ in 0..4 {
                let mut visit = gateway.visit(&token, soon()).await.unwrap();
                assert_eq!(INSIDE.fetch_add(1, Ordering::SeqCst), 0);
                let count: u32 = visit.period().unwrap_or("0").parse().unwrap();
                assert_eq!(count, VISITS.fetch_add(1, Ordering::SeqCst), "nothing saved is lost");
                visit.choose_period(Some((count + 1).to_string()));
                INSIDE.fetch_sub(1, Ordering::SeqCst);
                visit.leave().await.unwrap();
            }
        })
    });
    for visit in visits.collect::<Vec<_>>() {
        visit.await.unwrap();
    }
    assert_eq!(VISITS.load(Ordering::SeqCst), 200);
}

#[tokio::test]
async fn a_gateway_that_dies_in_the_middle_of_a_call_costs_seconds_and_no_error() {
    let (school, redis) = (School::new(), Redis::start());
    let other = school.open(on(&redis), TTL).await;
    let token = school.token(&other).await;
    die_in_the_middle(&school, &redis, &token);
    assert_eq!(other.visit(&token, Instant::now()).await.unwrap_err(), SessionError::Busy);
    school.simulator.control().forget_calls();
    let before = Instant::now();
    call(&other, &token).await.unwrap();
    assert!(before.elapsed() < Duration::from_secs(8), "{:?}", before.elapsed());
    assert_eq!(school.logins(), 1, "it logged in before the first call");
    call(&other, &token).await.unwrap();
    assert_eq!(school.logins(), 1, "and once");
}

#[tokio::test]
async fn a_token_that_logs_in_once_is_stored_before_the_gateway_can_die() {
    let (school, redis) = (School::new(), Redis::start());
    let other = school.open(on(&redis), TTL).await;
    let maker = school.log_in(&other, &School::credentials()).await;
    let code = maker.make_qr_code("1234").await.unwrap();
    let credentials = Credentials::QrCode { code, pin: "1234".into() };
    let client = school.log_in(&other, &credentials).await;
    let token = other.create(client).await.unwrap();
    for _ in 0..2 {
        // The one that dies uses up the token, and leaves the next one.
        school.simulator.control().end_sessions();
        die_in_the_middle(&school, &redis, &token);
        school.simulator.control().forget_calls();
        call(&other, &token).await.unwrap();
        assert_eq!(school.logins(), 1);
    }
}

#[tokio::test]
async fn a_holder_that_was_overtaken_saves_nothing() {
    let (school, redis) = (School::new(), Redis::start());
    let gateways = [school.open(on(&redis), TTL).await, school.open(on(&redis), TTL).await];
    let token = school.token(&gateways[0]).await;
    let mut late = gateways[0].visit(&token, soon()).await.unwrap();
    late.choose_period(Some("late".to_owned()));
    // As if it had not been able to say for too long that it is there.
    let lock = format!("beffroi:lock:{}", token.id().to_text());
    let _: () = redis.connection().del(lock).unwrap();
    let mut visit = gateways[1].visit(&token, soon()).await.unwrap();
    assert_eq!(late.leave().await, Err(SessionError::Overtaken));
    visit.choose_period(Some("right".to_owned()));
    visit.leave().await.unwrap();
    for gateway in &gateways {
        let visit = gateway.visit(&token, soon()).await.unwrap();
        assert_eq!(visit.period(), Some("right"));
        visit.client().keep_alive().await.unwrap();
        visit.leave().await.unwrap();
    }
}

#[tokio::test]
async fn a_visit_longer_than_its_lease_keeps_the_session() {
    let (school, redis) = (School::new(), Redis::start());
    let gateways = [school.open(on(&redis), TTL).await, school.open(on(&redis), TTL).await];
    let token = school.token(&gateways[0]).await;
    let visit = gateways[0].visit(&token, soon()).await.unwrap();
    let later = Instant::now() + super::super::shared::LEASE + Duration::from_secs(1);
    assert_eq!(gateways[1].visit(&token, later).await.unwrap_err(), SessionError::Busy);
    visit.leave().await.unwrap();
    call(&gateways[1], &token).await.unwrap();
}

#[tokio::test]
async fn what_is_stored_says_nothing_and_opens_in_its_own_place_only() {
    let (school, redis) = (School::new(), Redis::start());
    let sessions = school.open(on(&redis), TTL).await;
    let (first, second) = (school.token(&sessions).await, school.token(&sessions).await);
    call(&sessions, &first).await.unwrap();
    let visit = sessions.visit(&second, soon()).await.unwrap();
    let name = visit.client().name().unwrap();
    visit.leave().await.unwrap();
    let mut connection = redis.connection();
    let key = |token: &Token| format!("beffroi:session:{}", token.id().to_text());
    let mut content = Vec::new();
    for name in connection.keys::<_, Vec<String>>("*").unwrap() {
        assert!(name.starts_with("beffroi:"), "{name}");
        content.extend_from_slice(name.as_bytes());
    }
    let fields: HashMap<String, Vec<u8>> = connection.hgetall(key(&first)).unwrap();
    content.extend(fields.values().flatten());
    let token = first.to_text();
    for secret in ["demonstration", "pronotevs", "127.0.0.1", &name, &*token] {
        let found = content.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "{secret}");
    }
    let value: Vec<u8> = connection.hget(key(&second), "value").unwrap();
    let _: () = connection.hset(key(&first), "value", value).unwrap();
    let other = school.open(on(&redis), TTL).await;
    assert_eq!(other.visit(&first, soon()).await.unwrap_err(), SessionError::NotFound);
    call(&other, &second).await.unwrap();
}
