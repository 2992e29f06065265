//! A Redis that hangs, dies, comes back; tokens that expire there.
//!

use super::*;

fn unreachable(result: Result<(), SessionError>) {
    match result {
        Err(SessionError::Unreachable(why)) => {
            assert!(why.contains("Redis at 127.0.0.1") && !why.contains(PASSWORD), "{why}");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_redis_that_hangs_is_told_in_time_and_costs_no_login() {
    let (school, redis) = (School::new(), Redis::start());
    let sessions = school.open(on(&redis), TTL).await;
    let token = school.token(&sessions).await;
    call(&sessions, &token).await.unwrap();
    school.simulator.control().forget_calls();
    redis.hang();
    for _ in 0..2 {
        let before = Instant::now();
        unreachable(call(&sessions, &token).await);
        assert!(before.elapsed() < Duration::from_secs(10), "{:?}", before.elapsed());
    }
    assert_eq!(sessions.live().await, None);
    redis.go_on();
    call(&sessions, &token).await.unwrap();
    assert_eq!(school.logins(), 0, "nobody has used the session meanwhile, and we know it");
}

#[tokio::test]
async fn a_redis_that_is_restarted_is_found_again() {
    let (school, mut redis) = (School::new(), Redis::start());
    let sessions = school.open(on(&redis), TTL).await;
    let (token, visited) = (school.token(&sessions).await, school.token(&sessions).await);
    let visit = sessions.visit(&visited, soon()).await.unwrap();
    visit.client().keep_alive().await.unwrap();
    school.simulator.control().forget_calls();
    redis.stop();
    unreachable(call(&sessions, &token).await);
    unreachable(visit.leave().await);
    let late = school.open(on(&redis), TTL).await;
    unreachable(call(&late, &token).await);
    redis.start_again();
    for token in [&token, &visited] {
        call(&sessions, token).await.unwrap();
        call(&late, token).await.unwrap();
    }
    assert_eq!(school.logins(), 0, "what could not be saved was still known");
}

#[tokio::test]
async fn a_session_that_redis_lost_during_a_visit_is_saved_all_the_same() {
    let (school, redis) = (School::new(), Redis::start());
    let sessions = school.open(on(&redis), TTL).await;
    let token = school.token(&sessions).await;
    let visit = sessions.visit(&token, soon()).await.unwrap();
    redis::cmd("FLUSHALL").exec(&mut redis.connection()).unwrap();
    visit.leave().await.unwrap();
    call(&sessions, &token).await.unwrap();
}

#[tokio::test]
async fn a_token_expires_in_redis_by_itself() {
    let (school, redis) = (School::new(), Redis::start());
    let short = Duration::from_millis(400);
    let gateways = [school.open(on(&redis), short).await, school.open(on(&redis), TTL).await];
    let (token, other) = (school.token(&gateways[0]).await, school.token(&gateways[1]).await);
    let end = soon();
    while gateways[1].live().await != Some(1) {
        assert!(Instant::now() < end);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    for gateway in &gateways {
        assert_eq!(gateway.visit(&token, soon()).await.unwrap_err(), SessionError::Expired);
        let guess = gateway.visit(&Token::random().unwrap(), soon()).await;
        assert_eq!(guess.unwrap_err(), SessionError::NotFound);
        assert_eq!(gateway.live().await, Some(1), "the other lives");
    }
    assert_eq!([0, 1].map(|i| gateways[i].count()), [0, 1], "guesses leave nothing");
    call(&gateways[1], &other).await.unwrap();
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_without_being_repeated() {
    let school = School::new();
    let store = SessionStore::Redis(format!("redis://:{PASSWORD}@:no-port/x"));
    let settings = Gateway { store, ..Gateway::default() };
    let portals = Arc::new(Portals::built_in().clone());
    let opened = Sessions::open(&settings, school.data.path(), transport(), portals);
    let error = opened.await.unwrap_err().to_string();
    assert!(error.contains("gateway.store") && !error.contains(PASSWORD), "{error}");
}
