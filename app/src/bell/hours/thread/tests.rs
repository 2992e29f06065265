//! One wake by hand: what is written down, and what is heard, in their order.
//!

use std::{
    sync::{Mutex, mpsc},
    thread::JoinHandle,
};

use jiff::{Timestamp, civil::time, tz::TimeZone};

use super::*;
use crate::{
    bell::handle::Accepted,
    engine::{Fault, Playback, PlaybackId},
    schedule::{
        Bell,
        keeper::{Distrust, Past, Timetable},
    },
};

/// 2027-01-04T08:00:00Z.
const EIGHT: i64 = 1_799_049_600;

/// The bells of a morning: at eight, and at nine.
struct Morning;

impl Timetable for Morning {
    fn due_between(&self, after: Timestamp, until: Timestamp) -> Vec<Bell> {
        let bells = [bell(0), bell(3600)].into_iter();
        bells.filter(|bell| after < bell.at && bell.at <= until).collect()
    }

    fn next_after(&self, at: Timestamp) -> Option<Bell> {
        self.due_between(at, Timestamp::MAX).into_iter().next()
    }
}

fn bell(second: i64) -> Bell {
    let at = Timestamp::from_second(EIGHT + second).unwrap();
    let civil = TimeZone::UTC.to_datetime(at);
    Bell {
        id: BellId { date: civil.date(), time: civil.time(), trigger: "BELL".parse().unwrap() },
        at,
        planned: time(8, 0, 0, 0),
        label: "Début".into(),
        late_seconds: 60,
        day_type: None,
        why: Arc::new([]),
    }
}

/// What happened, in order.
type Told = Arc<Mutex<Vec<String>>>;

struct Still(Arc<Mutex<Reading>>);

impl Clock for Still {
    fn read(&self) -> Reading {
        *self.0.lock().unwrap()
    }

    fn offset(&self) -> Option<SignedDuration> {
        None
    }
}

/// Notes what is written, on a disk that may be full.
struct Notes {
    told: Told,
    trouble: Option<String>,
}

impl Notes {
    fn note(&self, what: impl Into<String>) {
        self.told.lock().unwrap().push(what.into());
    }
}

impl Scribe for Notes {
    fn write(&mut self, decisions: &[Decision], known: Option<(Timestamp, Trust)>) -> u64 {
        for decision in decisions {
            self.note(match decision {
                Decision::Arm(_) => "armed",
                Decision::Disarm(_) => "disarmed",
                Decision::Ring(_) => "ringing",
                Decision::Missed(..) => "missed",
                Decision::MissedMany { .. } | Decision::ClockSet { .. } => "other",
            });
        }
        if known.is_some() {
            self.note("known");
        }
        7
    }

    fn settle(&mut self, written: u64, _: Duration) {
        self.note(format!("waits for {written}"));
    }

    fn trouble(&self) -> Option<String> {
        self.trouble.clone()
    }

    fn ended(&mut self, _: &BellId, outcome: &Outcome) {
        self.note(format!("ended: {outcome:?}"));
    }

    fn rest(&mut self) {
        self.note("rests");
    }
}

/// The thread's parts, with an engine that notes what it is asked for.
struct Scene {
    thread: HoursThread<Still, Notes>,
    clock: Arc<Mutex<Reading>>,
    told: Told,
    engine: JoinHandle<()>,
}

impl Scene {
    /// Of a box that was alive at so many seconds after eight; its engine knows of a trigger, or of
    /// none.
    fn new(known: f64, trigger: bool) -> Self {
        let told = Told::default();
        let (messages, inbox) = mpsc::sync_channel(8);
        let notes = || Notes { told: Arc::clone(&told), trouble: None };
        let of_engine = notes();
        let engine = thread::spawn(move || answer(&inbox, &of_engine, trigger));
        let clock = Arc::new(Mutex::new(reading(known, Trust::Synchronised)));
        let until = Some(reading(known, Trust::Synchronised).wall);
        let thread = HoursThread {
            keeper: Keeper::new(Past { until, ..Past::default() }, Some(Arc::new(Morning))),
            clock: Still(Arc::clone(&clock)),
            scribe: notes(),
            published: mpsc::channel().1,
            messages,
            hours: watch::Sender::default(),
            now: Hours { tables: true, ..Hours::default() },
            alive: None,
            armed: HashMap::new(),
            heartbeat: Heartbeat::default(),
        };
        Self { thread, clock, told, engine }
    }

    /// The clock comes to these seconds after eight, one after the other.
    fn at(self, seconds: &[f64]) -> Self {
        self.by(Trust::Synchronised, seconds)
    }

    fn by(mut self, trust: Trust, seconds: &[f64]) -> Self {
        for second in seconds {
            *self.clock.lock().unwrap() = reading(*second, trust);
            assert!(self.thread.once(None).is_ok());
        }
        self
    }

    /// What was written and asked for.
    fn end(self) -> Vec<String> {
        drop(self.thread);
        self.engine.join().unwrap();
        Arc::into_inner(self.told).unwrap().into_inner().unwrap()
    }
}

fn reading(second: f64, trust: Trust) -> Reading {
    let wall = Timestamp::from_second(EIGHT).unwrap() + SignedDuration::from_secs_f64(second);
    Reading { monotonic: Duration::from_secs_f64(100_000.0 + second), wall, trust }
}

fn answer(inbox: &Receiver<Message>, notes: &Notes, trigger: bool) {
    for message in inbox {
        match message {
            Message::Ring(id, cause, reply) => {
                notes.note("sounds");
                let playback = Playback {
                    id: PlaybackId(1),
                    trigger: Some(id),
                    name: String::new(),
                    sound: None,
                    cause,
                };
                let reason = "there is no trigger BELL".to_owned();
                let none = Fault { kind: FaultKind::NoTrigger, reason };
                let accepted = Accepted { playback, length: Duration::ZERO };
                reply.send(if trigger { Ok(accepted) } else { Err(none) }).unwrap();
            }
            Message::Missed(_, _, reason) => notes.note(format!("journal: {reason}")),
            _ => panic!("the keeper asks for nothing else"),
        }
    }
}

#[test]
fn a_bell_is_on_disk_before_it_sounds_and_accounted_for_afterwards() {
    let found = Scene::new(-10.0, true).at(&[-0.5, 0.0]).end();
    assert_eq!(found, ["armed", "known", "waits for 7", "ringing", "sounds", "known", "rests"]);
}

#[test]
fn after_an_outage_it_is_armed_and_waited_for_all_the_same() {
    let found = Scene::new(-10.0, true).at(&[20.0]).end();
    assert_eq!(found, ["armed", "waits for 7", "ringing", "sounds", "known", "rests"]);
}

#[test]
fn a_disk_that_takes_nothing_silences_no_bell() {
    let mut scene = Scene::new(-10.0, true);
    scene.thread.scribe.trouble = Some("the disk is full".into());
    let scene = scene.at(&[-0.5, 0.0]);
    let hours = Arc::clone(&scene.thread.hours.borrow());
    assert_eq!(hours.ledger.as_deref(), Some("the disk is full"), "it is said");
    assert!(scene.end().contains(&"sounds".to_owned()));
}

#[test]
fn a_missed_bell_is_in_ledger_and_journal() {
    let found = Scene::new(-10.0, true).at(&[500.0]).end();
    let said = |what: &str| found.iter().any(|one| one == what);
    assert!(said("missed") && said("journal: the box was off"), "{found:?}");
}

#[test]
fn a_bell_whose_trigger_does_not_exist_is_in_ledger_and_journal() {
    let found = Scene::new(-10.0, false).at(&[-0.5, 0.0]).end();
    let reason = "there is no trigger BELL";
    let ended = format!("ended: Failed {{ reason: {reason:?} }}");
    assert!(found.contains(&ended) && found.contains(&format!("journal: {reason}")), "{found:?}");
}

#[test]
fn that_the_box_is_alive_is_written_hourly_and_where_the_clock_is_believed_anew() {
    let known = |scene: Scene| scene.end().iter().filter(|told| *told == "known").count();
    let doubtful = Trust::Not(Distrust::NeverSet);
    let scene = || Scene::new(-20_000.0, true).at(&[-19_000.0]);
    for (scene, expected, why) in [
        (scene(), 1, "at the start"),
        (scene().at(&[-18_999.0, -15_401.0]), 1, "not more often than hourly"),
        (scene().at(&[-15_400.0, -15_399.0]), 2, "hourly"),
        (scene().by(doubtful, &[-18_990.0, -10_000.0]), 1, "not by a clock in doubt"),
        (scene().by(doubtful, &[-18_990.0]).at(&[-18_980.0, -18_970.0]), 2, "believed anew"),
        (scene().by(Trust::Always, &[-18_990.0]), 2, "believed for another reason"),
    ] {
        assert_eq!(known(scene), expected, "{why}");
    }
}

#[test]
fn new_tables_are_in_force_and_up_to_when_the_old_were_is_written() {
    let mut scene = Scene::new(-600.0, true).at(&[-500.0]);
    assert!(scene.thread.hours.borrow().next.is_some());
    assert!(scene.thread.once(Some(None)).is_ok());
    let hours = Arc::clone(&scene.thread.hours.borrow());
    assert!(!hours.tables && hours.next.is_none());
    assert_eq!(scene.end(), ["known", "rests", "known", "rests"]);
}

#[test]
fn the_ledger_rests_only_where_no_bell_is_near() {
    for (second, rests) in [(-59.0, false), (-61.0, true)] {
        let found = Scene::new(-600.0, true).at(&[second]).end();
        assert_eq!(found.contains(&"rests".to_owned()), rests, "{second}");
    }
}
