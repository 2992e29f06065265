//! Bells of the tables: how fast the next is found, and how late it is heard.
//!

use std::{
    num::NonZero,
    path::Path,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use beffroi::{
    almanac::{SchoolDays, Shelf},
    bell::keep_hours,
    clock::{Evidence, SystemClock, boot_id},
    gateway::Gateway,
    player::{self, AudioConfig},
    run::network_runtime,
    schedule::{Tables, keeper::Keeper},
    store::{Conf, Ledger, Store},
};
use jiff::{SignedDuration, Timestamp, ToSpan as _, Unit, civil::date};
use serde_json::{Value, json};

use super::{
    callers::Callers,
    ear::{self, Ear},
    scene::{Home, Scene},
};

/// Until the first bell: the callers have logged in by then.
const AHEAD: SignedDuration = SignedDuration::from_secs(3);

/// How long it takes to find the next bell: at moments of the weeks with school, and of the others.
pub fn searches() -> anyhow::Result<[Vec<Duration>; 2]> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/schedule/college.json");
    let college: Value = serde_json::from_slice(&std::fs::read(file)?)?;
    let home = Home::create(&json!({ "schedule": college }))?;
    let tables = tables(&Store::open(home.path())?.conf(), home.path());
    let mut took = [Vec::new(), Vec::new()];
    let zone = tables.schedule().time_zone.rules();
    let mut at = zone.to_timestamp(date(2026, 9, 1).into())?;
    let end = zone.to_timestamp(date(2027, 9, 1).into())?;
    while at < end {
        let begun = Instant::now();
        let next = tables.next_after(at).context("a bell")?;
        let [weeks, holidays] = &mut took;
        let far = next.at.duration_since(at) > SignedDuration::from_hours(4 * 24);
        if far { holidays } else { weeks }.push(begun.elapsed());
        at = at.checked_add(SignedDuration::from_mins(17))?;
    }
    Ok(took)
}

/// Bells a second apart: how late after its moment each is heard, on a sink that takes a block each
/// millisecond. With `calls`, two hundred people ask the gateway all the time.
pub fn rings(rings: u32, calls: bool) -> anyhow::Result<Vec<Duration>> {
    let first = Timestamp::now().round(Unit::Second)?.checked_add(AHEAD)?;
    // A zone where it is about noon: no bell beyond midnight.
    let hour = first.to_zoned(jiff::tz::TimeZone::UTC).hour();
    let zone = if (6..18).contains(&hour) { "Europe/Paris" } else { "Pacific/Noumea" };
    let civil = first.in_tz(zone)?.datetime();
    let bells: Vec<Value> = (0..i64::from(rings))
        .map(|ring| json!({ "time": (civil.time() + ring.seconds()).to_string(), "trigger": "TICK" }))
        .collect();
    let day = format!("{:?}", civil.weekday()).to_lowercase();
    let home = Home::create(&json!({
        "triggers": { "TICK": { "type": "api", "music_file": "tick.wav" } },
        "schedule": {
            "time_zone": zone,
            "day_types": { "ticks": { "name": "ticks", "bells": bells } },
            "weeks": { "templates": [{ "name": "A", "days": { day: "ticks" } }] },
        },
        "gateway": {
            "allowed_hosts": ["127.0.0.1"],
            "allow_private_hosts": true,
            "limits": {
                "failed_logins_per_hour": 0,
                "requests_per_minute_per_address": 0,
                "calls_per_second_per_school": 0,
            },
        },
    }))?;
    write_tick(&home.sounds().path().join("tick.wav"))?;
    let (ear, sounds) = (Arc::new(Ear::default()), home.sounds());
    let listener = Arc::clone(&ear);
    let (channels, rate) = (NonZero::new(2).context("2")?, NonZero::new(48_000).context("Hz")?);
    let mut scene = Scene::open(home, ear, move |wake| {
        let (player, library, pull) =
            player::offline(channels, rate, AudioConfig::default(), sounds, wake);
        thread::spawn(move || ear::pull_by_the_clock(pull, &listener));
        (player, library)
    })?;
    let conf = scene.store.conf();
    let runtime = network_runtime()?;
    let gateway = runtime.block_on(Gateway::open(&conf.gateway, scene.home.path()))?;
    let (_network, port) = runtime.block_on(scene.serve(Some(gateway)))?;
    let callers =
        calls.then(|| Callers::start(&format!("https://127.0.0.1:{port}"))).transpose()?;
    let late = hear(&mut scene, &conf, first, rings)?;
    if let Some(callers) = callers {
        print!("{}", callers.stop()?);
    }
    Ok(late)
}

fn hear(
    scene: &mut Scene,
    conf: &Conf,
    first: Timestamp,
    rings: u32,
) -> anyhow::Result<Vec<Duration>> {
    let data = scene.home.path();
    let (ledger, account) = Ledger::open(data, boot_id())?;
    let tables = Arc::new(tables(conf, data));
    let keeper = Keeper::new(account.past, Some(Arc::clone(&tables) as _));
    let clock = SystemClock::start(Evidence { always: true, ..Evidence::default() })?;
    std::mem::forget(keep_hours(&scene.bell, keeper, true, clock, ledger)?);
    let mut late = Vec::new();
    for ring in 0..i64::from(rings) {
        let due = first.checked_add(SignedDuration::from_secs(ring))?;
        let left = due.duration_since(Timestamp::now());
        if left < SignedDuration::from_millis(100) {
            continue; // the callers came later than this bell
        }
        thread::sleep(Duration::try_from(left)?.saturating_sub(Duration::from_millis(80)));
        let armed = scene.ear.arm();
        let due = armed + Duration::try_from(due.duration_since(Timestamp::now()))?;
        late.push(scene.ear.wait()?.saturating_sub(due));
    }
    Ok(late)
}

fn tables(conf: &Conf, data: &Path) -> Tables<SchoolDays> {
    let (days_off, _) = Shelf::new(data).days_of(&conf.schedule.school);
    Tables::new(Arc::clone(&conf.schedule), days_off)
}

/// A tenth of a second, loud from its first sample.
fn write_tick(path: &Path) -> anyhow::Result<()> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 48_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec)?;
    for place in 0..4_800 {
        writer.write_sample(if place / 48 % 2 == 0 { 8_000_i16 } else { -8_000 })?;
    }
    Ok(writer.finalize()?)
}
