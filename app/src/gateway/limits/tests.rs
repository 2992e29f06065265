//! Budgets and breakers together, alone and on a Redis that several share.
//!

use std::{collections::BTreeMap, future::Future, net::Ipv4Addr, time::Duration};

use pronote_client::{
    Client, Credentials, LoginError, LoginOptions,
    ent::Portals,
    protocol::error::Refusal,
    simulator::{ACCOUNTS, Fault, Page, Simulator, SimulatorOptions},
};
use tokio::time::advance;

use super::{breaker::Breaker, *};
use crate::{
    gateway::{reach::Reach, testing::Redis},
    store::conf::{GatewayLimits, HostPattern},
};

const HOST: &str = "0123456a.index-education.net";
const KEY: [u8; 32] = [7; 32];
const CALLER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

type Outcome = Result<(), Error>;

fn settings(failed_logins_per_hour: u32, store: SessionStore) -> Gateway {
    let limits = GatewayLimits { failed_logins_per_hour, ..GatewayLimits::default() };
    Gateway { limits, store, ..Gateway::default() }
}

fn limits() -> Limits {
    Limits::open(&settings(3, SessionStore::Memory), KEY).unwrap()
}

fn on(redis: &Redis) -> Limits {
    Limits::open(&settings(3, SessionStore::Redis(redis.address())), KEY).unwrap()
}

fn attempt(username: &str) -> Attempt<'_> {
    Attempt { caller: CALLER, host: HOST, portal: None, username }
}

fn wrong() -> Outcome {
    Err(LoginError::WrongCredentials.into())
}

fn refused(code: i64) -> Outcome {
    Err(Error::Refused(Refusal::new(code, "")))
}

fn nothing() -> Outcome {
    Err(Error::SessionOver)
}

/// A login with its outcome, where it is permitted.
async fn login(limits: &Limits, attempt: Attempt<'_>, outcome: Outcome) -> Result<(), Wait> {
    limits.permit_login(attempt).await?.close(&outcome).await;
    Ok(())
}

fn reason(result: Result<impl Sized, Wait>) -> Option<WaitFor> {
    result.err().map(|wait| wait.reason)
}

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}

fn logins(limits: &Limits) -> BTreeMap<&'static str, u64> {
    let counts = &limits.metrics().logins;
    let count = |outcome| (outcome, counts.get_or_create(&[("outcome", outcome)]).get());
    ["ok", "refused", "held", "failed"].into_iter().map(count).collect()
}

#[tokio::test(start_paused = true)]
async fn an_account_fails_three_times_an_hour() {
    let limits = limits();
    for _ in 0..3 {
        login(&limits, attempt("one"), wrong()).await.unwrap();
        advance(minutes(10)).await;
    }
    let wait = login(&limits, attempt(" ONE"), wrong()).await.unwrap_err();
    assert_eq!(wait, Wait { time: minutes(30), reason: WaitFor::FailedLogins });
    assert_eq!(wait.to_string(), "too many failed logins of this account: try again in 1800 s");
    login(&limits, attempt("two"), Ok(())).await.unwrap();
    let elsewhere = Attempt { host: "b.index-education.net", ..attempt("one") };
    login(&limits, elsewhere, Ok(())).await.unwrap();
    advance(minutes(30)).await;
    login(&limits, attempt("one"), Ok(())).await.unwrap();
    for _ in 0..3 {
        login(&limits, attempt("one"), wrong()).await.expect("success has cleared the account");
    }
    let wanted = BTreeMap::from([("ok", 3), ("refused", 6), ("held", 1), ("failed", 0)]);
    assert_eq!(logins(&limits), wanted);
}

#[tokio::test(start_paused = true)]
async fn many_at_once_are_no_more_guesses_than_one_after_the_other() {
    let limits = limits();
    let mut permits = Vec::new();
    for _ in 0..3 {
        permits.push(limits.permit_login(attempt("one")).await.unwrap());
    }
    assert_eq!(reason(limits.permit_login(attempt("one")).await), Some(WaitFor::FailedLogins));
    permits.pop().unwrap().close(&nothing()).await;
    let another = limits.permit_login(attempt("one")).await.expect("the network is nobody's fault");
    another.close(&Ok::<_, Error>(())).await;
    drop(permits);
}

#[tokio::test(start_paused = true)]
async fn whoever_hangs_up_does_not_guess_for_free() {
    let limits = limits();
    for _ in 0..3 {
        drop(limits.permit_login(attempt("one")).await.unwrap());
    }
    assert_eq!(reason(limits.permit_login(attempt("one")).await), Some(WaitFor::FailedLogins));
    for pupil in 0..57 {
        drop(limits.permit_login(attempt(&pupil.to_string())).await.unwrap());
    }
    let held = limits.permit_login(attempt("another")).await;
    assert_eq!(reason(held), Some(WaitFor::FailedLoginsOfAddress));
}

#[tokio::test(start_paused = true)]
async fn an_address_fails_for_twenty_accounts() {
    let limits = limits();
    for pupil in 0..60 {
        let name = pupil.to_string();
        login(&limits, attempt(&format!("{name}, who knows it")), Ok(())).await.unwrap();
        login(&limits, attempt(&name), wrong()).await.unwrap();
    }
    let held = login(&limits, attempt("another"), Ok(())).await;
    assert_eq!(reason(held), Some(WaitFor::FailedLoginsOfAddress));
    let caller = Ipv4Addr::new(192, 0, 2, 2).into();
    login(&limits, Attempt { caller, ..attempt("another") }, Ok(())).await.unwrap();
    advance(minutes(60)).await;
    login(&limits, attempt("another"), Ok(())).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_account_of_educonnect_is_one_wherever_it_is_used() {
    let limits = limits();
    let portals = ["cas_agora06", "ent_hdf", "bordeaux"].map(|id| Portals::built_in().find(id));
    let at = |number: usize, portal| Attempt {
        host: ["a.index-education.net", "b.index-education.net", "c.fr"][number],
        portal,
        ..attempt("one")
    };
    for (number, portal) in portals.into_iter().enumerate() {
        login(&limits, at(number, portal), wrong()).await.unwrap();
    }
    let held = login(&limits, at(0, Portals::built_in().find("ent_var")), wrong()).await;
    assert_eq!(reason(held), Some(WaitFor::FailedLogins));
    login(&limits, at(0, Portals::built_in().find("ent77")), Ok(())).await.unwrap();
    login(&limits, at(0, None), Ok(())).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn zero_is_no_limit_and_a_ban_is_one_all_the_same() {
    let mut settings = settings(0, SessionStore::Memory);
    settings.limits.requests_per_minute_per_address = 0;
    let limits = Limits::open(&settings, KEY).unwrap();
    for _ in 0..100 {
        login(&limits, attempt("one"), wrong()).await.unwrap();
        limits.admit(CALLER).unwrap();
    }
    login(&limits, attempt("one"), refused(5)).await.unwrap();
    assert_eq!(reason(limits.permit_host(HOST).await), Some(WaitFor::Suspended));
}

#[tokio::test(start_paused = true)]
async fn a_host_that_shut_us_out_is_left_alone_and_then_tried_once() {
    let limits = limits();
    limits.permit_host(HOST).await.unwrap();
    limits.note(&HOST.to_uppercase(), &refused(25)).await;
    limits.note(HOST, &Ok(())).await;
    let wait = limits.permit_host(&format!("{HOST}.")).await.unwrap_err();
    assert_eq!(wait, Wait { time: minutes(5), reason: WaitFor::TooManyLogins });
    assert_eq!(reason(login(&limits, attempt("one"), Ok(())).await), Some(WaitFor::TooManyLogins));
    limits.permit_host("another.index-education.net").await.unwrap();
    let [open] = limits.open_breakers().try_into().unwrap();
    assert_eq!((open.host.as_str(), open.cause), (HOST, Cause::TooManyLogins));
    let left = open.until.duration_since(Timestamp::now()).as_secs();
    assert!((290..=300).contains(&left), "{left}");

    advance(minutes(5)).await;
    assert_eq!(limits.open_breakers(), []);
    let trial = limits.permit_login(attempt("one")).await.unwrap();
    assert_eq!(reason(limits.permit_host(HOST).await), Some(WaitFor::Trial));
    trial.close(&refused(5)).await;
    let wait = limits.permit_host(HOST).await.unwrap_err();
    assert_eq!(wait, Wait { time: minutes(120), reason: WaitFor::Suspended });

    advance(minutes(120)).await;
    limits.permit_host(HOST).await.unwrap();
    limits.note(HOST, &nothing()).await;
    limits.permit_host(HOST).await.expect("nobody knows how it went: another may try");
    limits.note(HOST, &wrong()).await;
    limits.permit_host(HOST).await.unwrap();
    limits.permit_host(HOST).await.expect("it spoke to us");
    let opened = &limits.metrics().breakers_opened;
    assert_eq!(opened.get_or_create(&[("cause", "logins")]).get(), 1);
    assert_eq!(limits.metrics().held_by_breaker.get(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_login_that_is_held_gives_the_trial_back() {
    let limits = limits();
    for _ in 0..3 {
        login(&limits, attempt("one"), wrong()).await.unwrap();
    }
    limits.note(HOST, &refused(25)).await;
    advance(minutes(5)).await;
    assert_eq!(reason(limits.permit_login(attempt("one")).await), Some(WaitFor::FailedLogins));
    limits.permit_host(HOST).await.expect("the held login has tried nothing");
}

#[tokio::test]
async fn a_ban_page_keeps_everybody_from_the_simulator() {
    let simulator = Simulator::start(SimulatorOptions::default()).unwrap();
    let settings = Gateway {
        allowed_hosts: HostPattern::parse("127.0.0.1").into_iter().collect(),
        allow_private_hosts: true,
        ..settings(3, SessionStore::Memory)
    };
    let transport = Reach::new(&settings, Portals::built_in()).transport().unwrap();
    let limits = Limits::open(&settings, KEY).unwrap();
    let address = simulator.page("eleve").parse().unwrap();
    let enter = async |username: &str, password: &str| {
        let attempt = Attempt { host: "127.0.0.1", ..attempt(username) };
        let permit = limits.permit_login(attempt).await?;
        let credentials =
            Credentials::Password { username: username.into(), password: password.into() };
        let options = LoginOptions::default();
        let result = Client::log_in(&transport, &address, &credentials, options).await;
        permit.close(&result).await;
        Ok::<_, Wait>(result)
    };
    let account = &ACCOUNTS[0];
    drop(enter(account.username, account.password).await.unwrap().unwrap());
    enter("nobody", "wrong").await.unwrap().unwrap_err();
    simulator.control().plan(Fault::Page(Page::Suspended).always());
    enter(account.username, account.password).await.unwrap().unwrap_err();
    let asked = simulator.control().answered();
    let held = enter(account.username, account.password).await.map(drop);
    assert_eq!(reason(held), Some(WaitFor::Suspended));
    assert_eq!(reason(limits.permit_host("127.0.0.1").await), Some(WaitFor::Suspended));
    assert_eq!(simulator.control().answered(), asked);
    let wanted = BTreeMap::from([("ok", 1), ("refused", 1), ("held", 1), ("failed", 1)]);
    assert_eq!(logins(&limits), wanted);
}

#[tokio::test]
async fn gateways_on_one_redis_share_failed_logins() {
    let redis = Redis::start();
    let (one, other) = (on(&redis), on(&redis));
    login(&one, attempt("one"), wrong()).await.unwrap();
    login(&other, attempt("one"), wrong()).await.unwrap();
    let third = one.permit_login(attempt("one")).await.unwrap();
    let held = login(&other, attempt("one"), wrong()).await.unwrap_err();
    assert_eq!(held.reason, WaitFor::FailedLogins);
    assert!((3590..=3600).contains(&held.seconds()), "{held}");
    third.close(&nothing()).await;
    let third = other.permit_login(attempt("one")).await.expect("the third was taken back");
    third.close(&Ok::<_, Error>(())).await;
    login(&other, attempt("one"), Ok(())).await.unwrap();
    for pupil in 0..58 {
        login([&one, &other][pupil % 2], attempt(&pupil.to_string()), wrong()).await.unwrap();
    }
    for limits in [&one, &other] {
        let held = login(limits, attempt("another"), wrong()).await;
        assert_eq!(reason(held), Some(WaitFor::FailedLoginsOfAddress));
    }
}

#[tokio::test]
async fn gateways_on_one_redis_share_breakers_and_try_once_together() {
    let redis = Redis::start();
    let (one, other) = (on(&redis), on(&redis));
    one.note(HOST, &refused(5)).await;
    other.0.look().await;
    let wait = other.permit_host(HOST).await.unwrap_err();
    assert_eq!(wait.reason, WaitFor::Suspended);
    assert!((3590..=3600).contains(&wait.seconds()), "{wait}");
    assert_eq!(other.open_breakers().len(), 1);
    one.0.look().await;
    assert_eq!(one.open_breakers().len(), 1, "one's own is still there");

    // As if the hold were over: the server's clock cannot be moved.
    let over = || Breaker::known_to_all(Cause::Suspended, Instant::now(), 0);
    let shared = other.0.shared.as_ref().unwrap();
    redis.command(&["DEL", "beffroi:breakers"]);
    assert!(shared.open_breaker(HOST, &over()).await);
    for limits in [&one, &other] {
        limits.0.breakers().merge(vec![]);
        limits.0.look().await;
    }
    one.permit_host(HOST).await.unwrap();
    assert_eq!(reason(other.permit_host(HOST).await), Some(WaitFor::Trial));
    one.note(HOST, &nothing()).await;
    other.permit_host(HOST).await.expect("one gave the trial back");
    assert_eq!(reason(one.permit_host(HOST).await), Some(WaitFor::Trial));
    other.note(HOST, &Ok(())).await;
    one.0.look().await;
    one.permit_host(HOST).await.unwrap();
    one.permit_host(HOST).await.expect("closed for both");

    // Shut out again, a hold is twice as long, whoever tries.
    assert!(shared.open_breaker(HOST, &over()).await);
    other.0.look().await;
    other.permit_host(HOST).await.unwrap();
    other.note(HOST, &refused(5)).await;
    one.0.look().await;
    let wait = one.permit_host(HOST).await.unwrap_err();
    assert!((7190..=7200).contains(&wait.seconds()), "{wait}");
}

#[tokio::test]
async fn redis_is_told_no_name_and_no_address() {
    let redis = Redis::start();
    let limits = on(&redis);
    login(&limits, attempt("somebody.known"), wrong()).await.unwrap();
    limits.note(HOST, &refused(25)).await;
    let keys = redis.command(&["KEYS", "*"]);
    assert_eq!(keys.len(), 3, "account, address, breakers: {keys:?}");
    let mut all = keys.clone();
    for key in &keys {
        assert!(key.starts_with("beffroi:"), "{key}");
        all.extend(match key.as_str() {
            "beffroi:breakers" => redis.command(&["HGETALL", key]),
            _ => {
                let left: i64 = redis.command(&["PTTL", key])[0].parse().unwrap();
                assert!((1..=3_600_000).contains(&left), "{key} goes by itself: {left}");
                redis.command(&["ZRANGE", key, "0", "-1"])
            }
        });
    }
    let told = all.join(" ").to_lowercase();
    assert!(!told.contains("known") && !told.contains("192.0.2"), "{told}");
}

#[tokio::test]
async fn a_redis_that_is_away_is_not_waited_for_and_told_when_it_is_back() {
    let mut redis = Redis::start();
    let (one, other) = (on(&redis), on(&redis));
    login(&one, attempt("one"), wrong()).await.unwrap();
    redis.stop();
    let start = Instant::now();
    for _ in 0..2 {
        login(&one, attempt("one"), wrong()).await.unwrap();
    }
    assert_eq!(reason(login(&one, attempt("one"), wrong()).await), Some(WaitFor::FailedLogins));
    one.note(HOST, &refused(5)).await;
    assert_eq!(reason(one.permit_host(HOST).await), Some(WaitFor::Suspended));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());

    redis.start_again();
    until(async || {
        other.0.look().await;
        !other.open_breakers().is_empty()
    })
    .await;
    assert_eq!(reason(other.permit_host(HOST).await), Some(WaitFor::Suspended));
    assert_eq!(redis.command(&["HKEYS", "beffroi:breakers"]), [HOST]);
}

#[tokio::test]
async fn the_stores_address_is_not_repeated() {
    let store = SessionStore::Redis("redis://user:secret@host:notaport/0".to_owned());
    let error = Limits::open(&settings(3, store), KEY).unwrap_err().to_string();
    assert!(error.starts_with("gateway.store: expected") && !error.contains("secret"), "{error}");
}

/// Waits for something that happens elsewhere, ten seconds at most.
async fn until<F: Future<Output = bool>>(mut happened: impl FnMut() -> F) {
    let mut looks = interval(Duration::from_millis(50));
    let wait = async {
        while !happened().await {
            looks.tick().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), wait).await.unwrap();
}
