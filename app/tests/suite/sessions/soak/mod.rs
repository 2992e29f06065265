//! Two gateways on one Redis, one of them killed again and again.

mod asking;

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, RwLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use futures_util::{StreamExt as _, stream};
use pronote_client::simulator::Simulator;
use serde_json::Value;

use asking::Outcome;

use super::{Caller, WHO, account, folder, redis::Redis, school, start};
use crate::harness::Service;

const SESSIONS: usize = 200;
/// Calls under way at a time.
const WORKERS: usize = 32;
/// Two of one session may have to wait for a killed gateway's lease one after the other, and each
/// for a login; more is a session that is stuck.
const LONGEST: Duration = Duration::from_secs(25);

/// What is asked, beside who it is. Two depend on the period that is selected.
const ROUTES: [&str; 5] =
    ["user", "timetable?dateString=2026-12-10", "grades", "evaluations", "absences"];

struct Session {
    account: usize,
    token: String,
    /// Which periods may be selected: several after a call that was cut.
    periods: tokio::sync::Mutex<Vec<usize>>,
}

/// A gateway's place: where it listens, while it does.
#[derive(Default)]
struct Door {
    url: RwLock<Option<String>>,
    kills: AtomicU32,
}

#[derive(Default)]
struct Tally {
    took: Vec<Duration>,
    cut: usize,
    /// What the gateways have warned of.
    told: Vec<String>,
    /// What ought not to be, and how often.
    wrong: BTreeMap<String, usize>,
}

struct Soak {
    caller: Caller,
    doors: [Door; 2],
    sessions: Vec<Session>,
    periods: Vec<String>,
    /// By account, period and route.
    expected: BTreeMap<(usize, usize, usize), Value>,
    tally: Mutex<Tally>,
    random: Mutex<u64>,
}

#[test]
fn sessions_outlive_gateways_that_are_killed_again_and_again() {
    let length = std::env::var("BEFFROI_SOAK_SECONDS").ok().map(|text| text.parse().unwrap());
    let length = Duration::from_secs(length.unwrap_or(12));
    let (school, redis) = (school(), Redis::start());
    let folders = [folder(&redis.address()), folder(&redis.address())];
    let key = folders.each_ref().map(|folder| folder.path().join("gateway.key"));
    let [first, second] = folders;
    let (first, url) = start(first);
    // Gateways of one Redis have one key.
    std::fs::copy(&key[0], &key[1]).unwrap();
    let (second, other_url) = start(second);

    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let soak = runtime.block_on(Soak::begin([url, other_url], &school));
    let logins = school.control().sessions();
    let until = Instant::now() + length;
    let services = thread::scope(|scope| {
        let killer = scope.spawn(|| soak.kill([first, second], until));
        let looker = scope.spawn(|| soak.look_for_refusals(&school, until));
        runtime.block_on(async {
            stream::iter(0..WORKERS).for_each_concurrent(None, |_| soak.work(until)).await;
        });
        looker.join().unwrap();
        killer.join().unwrap()
    });
    // Nobody is lost, whichever gateway is asked, and whatever was cut is over.
    runtime.block_on(async {
        stream::iter(&soak.sessions)
            .for_each_concurrent(WORKERS, |session| async {
                for door in [0, 1] {
                    let mut periods = session.periods.lock().await;
                    soak.read(door, session, 2, &mut periods).await;
                }
            })
            .await;
    });
    soak.note_refusals(&school);
    services.iter().for_each(|service| soak.note_log(service));

    let mut tally = soak.tally.into_inner().unwrap();
    tally.took.sort_unstable();
    let calls = tally.took.len();
    let kills: u32 = soak.doors.iter().map(|door| door.kills.load(Ordering::SeqCst)).sum();
    let ms = |place: usize| tally.took[place.min(calls - 1)].as_millis();
    println!(
        "{calls} calls in {} s, {kills} kills: {} calls cut, {} logins again; \
         p50 {} ms, p99 {} ms, slowest {} ms; wrong: {:?}",
        length.as_secs(),
        tally.cut,
        school.control().sessions() - logins,
        ms(calls / 2),
        ms(calls * 99 / 100),
        ms(calls),
        tally.wrong,
    );
    tally.told.iter().for_each(|line| println!("{line}"));
    assert_eq!(tally.wrong, BTreeMap::new());
    assert!(kills >= 2, "{kills} kills prove nothing");
    assert!(*tally.took.last().unwrap() < LONGEST);
}

impl Soak {
    /// Logs everybody in, at either gateway, and learns what is right while nobody is killed.
    async fn begin(urls: [String; 2], school: &Simulator) -> Self {
        let caller = Caller::new();
        let logins = stream::iter(0..SESSIONS).map(|index| {
            let (caller, url) = (&caller, &urls[index / WHO.len() % 2]);
            async move {
                let token = caller.log_in(url, school, account(index)).await;
                let periods = tokio::sync::Mutex::default();
                Session { account: index % WHO.len(), token, periods }
            }
        });
        let mut sessions: Vec<_> = logins.buffered(8).collect().await;
        let user = caller.get(&format!("{}/user?token={}", urls[0], sessions[0].token)).await;
        let user = user.unwrap().1;
        let periods = user["periods"].as_array().unwrap().iter().take(3);
        let periods: Vec<_> =
            periods.map(|period| period["name"].as_str().unwrap().to_owned()).collect();
        // Nothing is selected yet: any may be.
        sessions.iter_mut().for_each(|session| *session.periods.get_mut() = vec![0, 1, 2]);
        let seed = std::process::id().into();
        println!("the seed is {seed}");
        let doors = urls.map(|url| Door { url: RwLock::new(Some(url)), ..Door::default() });
        let mut soak = Self {
            caller,
            doors,
            sessions,
            periods,
            expected: BTreeMap::new(),
            tally: Mutex::default(),
            random: Mutex::new(seed),
        };
        for account in 0..WHO.len() {
            let session = &soak.sessions[account];
            for period in 0..soak.periods.len() {
                soak.select(0, session, period, &mut session.periods.try_lock().unwrap()).await;
                for (route, name) in ROUTES.iter().enumerate() {
                    let Outcome::Answer(answer) = soak.ask(1, session, route).await else {
                        panic!("{name}: {:?}", soak.tally.lock().unwrap().wrong);
                    };
                    soak.expected.insert((account, period, route), answer);
                }
            }
        }
        let names =
            soak.expected.iter().filter(|((_, period, route), _)| (*period, *route) == (0, 0));
        let names: std::collections::BTreeSet<_> =
            names.map(|(_, user)| user["name"].as_str()).collect();
        assert_eq!(names.len(), WHO.len(), "accounts that can be told apart");
        for session in &soak.sessions {
            soak.select(0, session, 0, &mut session.periods.try_lock().unwrap()).await;
        }
        soak
    }

    /// Kills one gateway after the other and starts it again.
    fn kill(&self, services: [Service; 2], until: Instant) -> [Service; 2] {
        let mut services = services.map(Some);
        loop {
            // Some moment, which is another one each time.
            thread::sleep(Duration::from_millis(self.random(1500) as u64));
            if Instant::now() > until {
                return services.map(Option::unwrap);
            }
            let victim = self.random(2);
            let door = &self.doors[victim];
            // In this order: whoever still finds the address has counted the kills before.
            *door.url.write().unwrap() = None;
            door.kills.fetch_add(1, Ordering::SeqCst);
            let service = services[victim].take().unwrap();
            self.note_log(&service);
            let folder = service.kill();
            let (service, url) = start(folder);
            services[victim] = Some(service);
            *door.url.write().unwrap() = Some(url);
        }
    }

    /// No call has the wrong number, nor anything else that PRONOTE refuses.
    fn look_for_refusals(&self, school: &Simulator, until: Instant) {
        while Instant::now() < until {
            self.note_refusals(school);
            thread::sleep(Duration::from_millis(500));
        }
    }

    fn note_refusals(&self, school: &Simulator) {
        let calls = school.control().calls();
        for call in calls.into_iter().filter(|call| call.refused.is_some()) {
            self.wrong(format!("PRONOTE: {call:?}"));
        }
    }

    fn note_log(&self, service: &Service) {
        let lines = service
            .log()
            .into_iter()
            .filter(|line| line.contains(" WARN ") || line.contains(" ERROR "));
        self.tally.lock().unwrap().told.extend(lines);
    }

    fn wrong(&self, what: String) {
        *self.tally.lock().unwrap().wrong.entry(what).or_default() += 1;
    }

    /// A number below `end` (Numerical Recipes' generator is random enough for choices).
    fn random(&self, end: usize) -> usize {
        let mut state = self.random.lock().unwrap();
        *state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) as usize % end
    }
}
