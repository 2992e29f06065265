//! One wake by hand: what is written down, and what is heard, in their order.
//!

use std::{sync::Mutex, thread};

use jiff::{Timestamp, civil::time, tz::TimeZone};

use super::*;
use crate::{
    bell::handle::Accepted,
    engine::{Fault, Playback, PlaybackId},
    schedule::{Bell, BellId, keeper::Past},
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

struct Notes(Told);

impl Notes {
    fn note(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }
}

impl Scribe for Notes {
    fn write(&mut self, decisions: &[Decision], known: Option<(Timestamp, Trust)>) -> u64 {
        for decision in decisions {
            self.note(match decision {
                Decision::Arm(_) => "armed",
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
        None
    }

    fn ended(&mut self, _: &BellId, outcome: &Outcome) {
        self.note(format!("ended: {outcome:?}"));
    }

    fn rest(&mut self) {
        self.note("rests");
    }
}

/// What is told while the clock comes to these seconds after eight, one after the other; the
/// engine knows of a trigger, or of none.
fn told(known: f64, seconds: &[f64], trigger: bool) -> Vec<String> {
    let told = Told::default();
    let (messages, inbox) = mpsc::sync_channel(8);
    let (_publish, published) = mpsc::channel();
    let notes = Notes(Arc::clone(&told));
    let engine = thread::spawn(move || {
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
    });
    let at = |second: f64| Reading {
        monotonic: Duration::from_secs_f64(100_000.0 + second),
        wall: Timestamp::from_second(EIGHT).unwrap() + SignedDuration::from_secs_f64(second),
        trust: Trust::Synchronised,
    };
    let clock = Arc::new(Mutex::new(at(known)));
    let until = Some(at(known).wall);
    let mut thread = HoursThread {
        keeper: Keeper::new(Past { until, ..Past::default() }, Some(Arc::new(Morning))),
        clock: Still(Arc::clone(&clock)),
        scribe: Notes(Arc::clone(&told)),
        published,
        messages,
        hours: watch::Sender::default(),
        now: Hours { tables: true, ..Hours::default() },
        alive: None,
        armed: HashMap::new(),
        heartbeat: Heartbeat::default(),
    };
    for second in seconds {
        *clock.lock().unwrap() = at(*second);
        assert!(thread.once(None).is_ok());
    }
    drop(thread);
    engine.join().unwrap();
    Arc::into_inner(told).unwrap().into_inner().unwrap()
}

#[test]
fn a_bell_is_on_disk_before_it_sounds_and_accounted_for_afterwards() {
    let found = told(-10.0, &[-0.5, 0.0], true);
    assert_eq!(found, ["armed", "known", "waits for 7", "ringing", "sounds", "known", "rests"]);
}

#[test]
fn after_an_outage_it_is_armed_and_waited_for_all_the_same() {
    let found = told(-10.0, &[20.0], true);
    assert_eq!(found, ["armed", "waits for 7", "ringing", "sounds", "known", "rests"]);
}

#[test]
fn a_missed_bell_is_in_ledger_and_journal() {
    let found = told(-10.0, &[500.0], true);
    let said = |what: &str| found.iter().any(|one| one == what);
    assert!(said("missed") && said("journal: the box was off"), "{found:?}");
}

#[test]
fn a_bell_whose_trigger_does_not_exist_is_in_ledger_and_journal() {
    let found = told(-10.0, &[-0.5, 0.0], false);
    let reason = "there is no trigger BELL";
    let ended = format!("ended: Failed {{ reason: {reason:?} }}");
    assert!(found.contains(&ended) && found.contains(&format!("journal: {reason}")), "{found:?}");
}

#[test]
fn the_ledger_rests_only_where_no_bell_is_near() {
    assert!(!told(-600.0, &[-59.0], true).contains(&"rests".to_owned()));
    assert!(told(-600.0, &[-61.0], true).contains(&"rests".to_owned()));
}
