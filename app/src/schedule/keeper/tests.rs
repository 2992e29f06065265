//! The keeper, moved by hand.
//!

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp, civil::time};

use super::*;

/// 2027-01-04T08:00:00Z, a Monday.
const EIGHT: i64 = 1_799_049_600;

/// Bells at seconds after eight, each with how late it may ring.
struct Bells(Vec<(i64, u16)>);

impl Timetable for Bells {
    fn due_between(&self, after: Timestamp, until: Timestamp) -> Vec<Bell> {
        let bells = self.0.iter().map(|(seconds, late)| bell(*seconds, *late));
        bells.filter(|bell| after < bell.at && bell.at <= until).collect()
    }

    fn next_after(&self, at: Timestamp) -> Option<Bell> {
        self.due_between(at, Timestamp::MAX).into_iter().next()
    }
}

fn bell(seconds: i64, late_seconds: u16) -> Bell {
    let at = moment(seconds as f64);
    let civil = at.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    Bell {
        id: BellId { date: civil.date(), time: civil.time(), trigger: "BELL".parse().unwrap() },
        at,
        planned: time(8, 0, 0, 0),
        label: "".into(),
        late_seconds,
        day_type: None,
        why: Arc::new([]),
    }
}

fn moment(seconds: f64) -> Timestamp {
    Timestamp::from_second(EIGHT).unwrap() + SignedDuration::from_secs_f64(seconds)
}

/// The clocks: seconds since the machine started, and seconds after eight.
fn at(monotonic: f64, wall: f64) -> Reading {
    let monotonic = Duration::from_secs_f64(monotonic);
    Reading { monotonic, wall: moment(wall), trust: Trust::Synchronised }
}

fn doubted(monotonic: f64, wall: f64) -> Reading {
    Reading { trust: Trust::Not(Distrust::NeverSet), ..at(monotonic, wall) }
}

fn tables(bells: &[(i64, u16)]) -> Option<Arc<dyn Timetable + Send + Sync>> {
    Some(Arc::new(Bells(bells.to_vec())))
}

fn keeper(past: Past, bells: &[(i64, u16)]) -> Keeper {
    Keeper::new(past, tables(bells))
}

/// In short: `ring 60`, `missed 60 off`, by seconds after eight.
fn said(decisions: &[Decision]) -> Vec<String> {
    let seconds = |due: &Due| due.at.as_second() - EIGHT;
    let say = |decision: &Decision| match decision {
        Decision::ClockSet { by } => format!("set {}", by.as_secs_f64()),
        Decision::Arm(due) => format!("arm {}", seconds(due)),
        Decision::Disarm(id) => format!("disarm {}", id.time.strftime("%M:%S")),
        Decision::Ring(due) => format!("ring {}", seconds(due)),
        Decision::Missed(due, why) => format!("missed {} {}", seconds(due), why.name()),
        Decision::MissedMany { count, first, last, why } => {
            format!("missed {count} {}-{} {}", seconds(first), seconds(last), why.name())
        }
    };
    decisions.iter().map(say).collect()
}

fn known(until: f64) -> Past {
    Past { until: Some(moment(until)), ..Past::default() }
}

#[test]
fn a_bell_is_armed_five_seconds_before_and_rings_at_its_moment() {
    let mut keeper = keeper(Past::default(), &[(0, 60), (60, 0), (62, 0)]);
    assert!(keeper.wake(at(1.0, 30.0)).is_empty(), "at the first start nothing was ever due");
    assert_eq!(keeper.wants(), Duration::from_millis(2500), "the clock is looked at meanwhile");
    assert!(keeper.wake(at(25.5, 54.5)).is_empty());
    assert_eq!(keeper.wants(), Duration::from_secs(26));
    assert_eq!(said(&keeper.wake(at(26.0, 55.0))), ["arm 60"]);
    assert_eq!(keeper.wants(), Duration::from_millis(27_500));
    assert_eq!(said(&keeper.wake(at(28.0, 57.0))), ["arm 62"], "each as long before");
    assert!(keeper.wake(at(30.5, 59.5)).is_empty());
    assert_eq!(keeper.wants(), Duration::from_secs(31));
    assert!(keeper.wake(at(30.9995, 59.9995)).is_empty(), "not a moment too early");
    assert_eq!(said(&keeper.wake(at(31.0, 60.0))), ["ring 60"]);
    assert!(keeper.wake(at(31.5, 60.5)).is_empty());
    assert_eq!(said(&keeper.wake(at(33.0, 62.0))), ["ring 62"]);
    assert_eq!(keeper.state().next, None);
}

#[test]
fn after_an_outage_the_newest_rings_if_it_is_not_too_late_and_the_rest_is_missed() {
    let bells = [(0, 60), (100, 60), (190, 60), (200, 60), (300, 60)];
    for (wall, expected) in [
        (
            201.0,
            &["missed 0 off", "missed 100 off", "missed 190 superseded", "arm 200", "ring 200"][..],
        ),
        (299.5, &["missed 0 off", "missed 100 off", "missed 190 off", "missed 200 off", "arm 300"]),
        (2.0, &["arm 0", "ring 0"]),
        (-10.0, &[]),
    ] {
        let mut keeper = keeper(known(-60.0), &bells);
        assert_eq!(said(&keeper.wake(at(5.0, wall))), expected, "{wall}");
    }
}

#[test]
fn a_clock_that_is_set_fires_no_burst_and_skips_nothing_silently() {
    let mut keeper = keeper(Past::default(), &[(100, 60), (200, 60), (300, 60), (400, 60)]);
    keeper.wake(at(1.0, 90.0));
    // Over two bells, to a moment at which the third is just late.
    let set = keeper.wake(at(2.0, 310.0));
    let missed = "clock_set_forward";
    assert_eq!(
        said(&set),
        [
            "set 219",
            &format!("missed 100 {missed}"),
            &format!("missed 200 {missed}"),
            "arm 300",
            "ring 300"
        ]
    );
    // And back: the third has rung, the others are yet to come.
    assert_eq!(said(&keeper.wake(at(3.0, 91.0))), ["set -220"]);
    assert_eq!(keeper.state().next.unwrap().at, moment(100.0));
    let mut all = Vec::new();
    for tenth in 0..4000 {
        let passed = f64::from(tenth) / 10.0;
        all.extend(said(&keeper.wake(at(3.0 + passed, 91.0 + passed))));
    }
    assert_eq!(all, ["arm 100", "ring 100", "arm 200", "ring 200", "arm 400", "ring 400"]);
}

#[test]
fn a_bell_that_was_armed_and_leapt_over_is_armed_again_once_its_moment_comes() {
    let mut keeper = keeper(Past::default(), &[(100, 60)]);
    assert_eq!(said(&keeper.wake(at(1.0, 96.0))), ["arm 100"]);
    let leapt = said(&keeper.wake(at(2.0, 300.0)));
    assert_eq!(leapt, ["set 203", "missed 100 clock_set_forward"]);
    assert_eq!(said(&keeper.wake(at(3.0, 97.0))), ["set -204", "arm 100"]);
    assert_eq!(said(&keeper.wake(at(6.0, 100.0))), ["ring 100"]);
}

#[test]
fn by_a_clock_that_is_not_to_be_trusted_nothing_rings() {
    let mut keeper = keeper(known(0.0), &[(100, 60), (200, 60)]);
    assert!(keeper.wake(doubted(1.0, 99.5)).is_empty());
    assert_eq!(keeper.state(), State { until: Some(moment(0.0)), next: None });
    assert!(keeper.wake(doubted(2.0, 100.5)).is_empty());
    assert!(keeper.wake(doubted(103.0, 201.5)).is_empty());
    let found = said(&keeper.wake(at(104.0, 202.5)));
    assert_eq!(found, ["missed 100 clock_not_trusted", "arm 200", "ring 200"]);
}

#[test]
fn a_box_that_was_asleep_says_so() {
    let mut keeper = keeper(Past::default(), &[(100, 60)]);
    keeper.wake(at(1.0, 50.0));
    assert_eq!(said(&keeper.wake(at(200.0, 249.0))), ["missed 100 busy"]);
}

#[test]
fn what_was_about_to_ring_when_the_power_went_does_not_ring_again() {
    for (same_boot, wall, expected) in [
        // kill -9: had it rung, that would be written down.
        (true, 101.0, &["arm 100", "ring 100"][..]),
        (true, 161.0, &["missed 100 off"]),
        // A power cut: who knows?
        (false, 101.0, &["missed 100 power_cut"]),
        (false, 100.0, &["missed 100 power_cut"]),
        // Back before its moment, by a clock that was set back: still nobody knows.
        (false, 99.5, &[]),
    ] {
        let due = Due::from(&bell(100, 60));
        let armed = [(due.id.clone(), Armed { due, same_boot })].into();
        let mut keeper = keeper(Past { armed, ..known(99.0) }, &[(100, 60)]);
        assert_eq!(said(&keeper.wake(at(5.0, wall))), expected, "{same_boot} {wall}");
        if wall < 100.0 {
            let come = said(&keeper.wake(at(5.7, 100.2)));
            assert_eq!(come, ["missed 100 power_cut"]);
            assert!(keeper.wake(at(6.0, 100.5)).is_empty());
        }
    }
    let started = [bell(100, 60).id].into();
    let mut keeper = keeper(Past { started, ..known(99.0) }, &[(100, 60)]);
    assert!(keeper.wake(at(5.0, 101.0)).is_empty());
}

#[test]
fn what_was_told_as_missed_is_not_told_again() {
    let told = [bell(100, 60).id].into();
    let mut keeper = keeper(Past { told, ..known(0.0) }, &[(100, 60), (200, 60)]);
    assert_eq!(said(&keeper.wake(at(5.0, 400.0))), ["missed 200 off"]);
    // But it is where the clock came to it a second time.
    assert_eq!(said(&keeper.wake(at(6.0, 51.0))), ["set -350"]);
    let again = ["set 399", "missed 100 clock_set_forward", "missed 200 clock_set_forward"];
    assert_eq!(said(&keeper.wake(at(7.0, 451.0))), again);
}

#[test]
fn new_tables_are_in_force_from_the_moment_they_are_published() {
    let mut keeper = keeper(Past::default(), &[(100, 60)]);
    assert_eq!(said(&keeper.wake(at(1.0, 98.5))), ["arm 100"]);
    let published = keeper.publish(tables(&[(90, 60), (99, 60), (101, 60)]), at(2.0, 99.5));
    assert_eq!(said(&published), ["arm 101", "disarm 01:40"]);
    assert_eq!(said(&keeper.wake(at(2.0, 99.5))), [""; 0], "what they have before is not due");
    assert_eq!(said(&keeper.wake(at(3.5, 101.0))), ["ring 101"]);
    assert!(keeper.publish(None, at(4.0, 101.5)).is_empty());
    assert!(keeper.wake(at(9.0, 106.5)).is_empty());
}

#[test]
fn new_tables_may_have_an_earlier_bell_or_another_at_a_moment_that_is_armed() {
    let mut keeper = keeper(Past::default(), &[(200, 60)]);
    keeper.wake(at(1.0, 50.0));
    keeper.publish(tables(&[(100, 60)]), at(2.0, 51.0));
    assert_eq!(keeper.state().next.unwrap().at, moment(100.0));
    assert_eq!(said(&keeper.wake(at(50.5, 99.5))), ["arm 100"]);
    assert_eq!(said(&keeper.publish(tables(&[(100, 60)]), at(50.6, 99.6))), ["arm 100"]);
}

#[test]
fn of_the_bells_that_are_armed_those_that_new_tables_lack_are_not_any_more() {
    let mut keeper = keeper(Past::default(), &[(100, 60), (101, 60)]);
    assert_eq!(said(&keeper.wake(at(1.0, 96.0))), ["arm 100", "arm 101"]);
    let published = keeper.publish(tables(&[(101, 60), (102, 60)]), at(2.0, 97.0));
    assert_eq!(said(&published), ["arm 101", "arm 102", "disarm 01:40"]);
    // Which moment it is is not known: they are armed anew once it is.
    let published = keeper.publish(tables(&[(102, 60)]), doubted(3.0, 98.0));
    assert_eq!(said(&published), ["disarm 01:41", "disarm 01:42"]);
    assert_eq!(said(&keeper.wake(at(4.0, 99.0))), ["arm 102"]);
    // What comes near at this very reading is not armed by tables that it puts out of force.
    assert_eq!(
        said(&keeper.publish(tables(&[(106, 60)]), at(7.5, 102.5))),
        ["ring 102", "arm 106"]
    );
    assert_eq!(said(&keeper.publish(tables(&[(300, 60)]), at(8.0, 103.0))), ["disarm 01:46"]);
    assert_eq!(said(&keeper.publish(None, at(201.0, 296.0))), [""; 0]);
}

#[test]
fn the_box_was_off_is_said_of_the_time_before_it_began_alone() {
    // A clock that goes on from where it stood when the power went, until a time server is reached.
    let mut keeper =
        keeper(known(0.0), &[(100, 60), (1000, 60), (1990, 0), (3000, 60), (4000, 60)]);
    keeper.wake(doubted(1.0, 10.0));
    let came = said(&keeper.wake(at(31.0, 2000.0)));
    let expected =
        ["set 1960", "missed 100 off", "missed 1000 off", "missed 1990 clock_not_trusted"];
    assert_eq!(came, expected);
    // And one that is set forward while it is doubted, in a box that is on all the time.
    keeper.wake(doubted(41.0, 3990.0));
    let came = said(&keeper.wake(at(61.0, 4010.0)));
    assert_eq!(came, ["missed 3000 clock_set_forward", "arm 4000", "ring 4000"]);
}

#[test]
fn tables_published_by_a_doubtful_clock_are_in_force_from_then_on_too() {
    let mut keeper = keeper(known(0.0), &[(30, 60), (100, 60), (400, 60)]);
    keeper.wake(doubted(1.0, 98.0));
    keeper.publish(tables(&[(60, 60), (99, 60)]), doubted(2.0, 98.5));
    keeper.publish(tables(&[(60, 60), (101, 60), (500, 60)]), doubted(3.0, 99.5));
    // Each bell by the tables of its moment.
    let decided = ["missed 30 off", "missed 99 superseded", "arm 101", "ring 101"];
    assert_eq!(said(&keeper.wake(at(5.0, 101.5))), decided);
    assert!(keeper.wake(at(6.0, 102.5)).is_empty(), "once");
    let set = said(&keeper.wake(at(7.0, 1003.5)));
    assert_eq!(set, ["set 900", "missed 500 clock_set_forward"], "the first are gone for good");
}

#[test]
fn within_a_second_is_on_time_where_a_bell_may_not_be_late() {
    for (wall, expected) in [(101.0, &["arm 100", "ring 100"][..]), (101.1, &["missed 100 off"])] {
        let mut keeper = keeper(known(0.0), &[(100, 0)]);
        assert_eq!(said(&keeper.wake(at(5.0, wall))), expected, "{wall}");
    }
}

#[test]
fn tables_that_look_no_further_than_a_day_are_asked_again() {
    /// As the real ones, which look no further than a few years.
    struct Near(Bells);

    impl Timetable for Near {
        fn due_between(&self, after: Timestamp, until: Timestamp) -> Vec<Bell> {
            self.0.due_between(after, until)
        }

        fn next_after(&self, at: Timestamp) -> Option<Bell> {
            self.0.next_after(at).filter(|bell| bell.at.duration_since(at).as_hours() < 24)
        }
    }

    const DAY: f64 = 86_400.0;
    let mut keeper = Keeper::new(known(0.0), Some(Arc::new(Near(Bells(vec![(172_800, 60)])))));
    for days in [0.5, 1.0, 1.6] {
        keeper.wake(at(DAY * days, DAY * days));
    }
    assert_eq!(keeper.state().next.unwrap().at, moment(2.0 * DAY));
}

#[test]
fn thousands_of_missed_bells_are_summed_up() {
    let bells: Vec<_> = (0..1000).map(|place| (place * 600, 60)).collect();
    let mut keeper = keeper(Past::default(), &bells);
    keeper.wake(at(1.0, -10.0));
    let decisions = said(&keeper.wake(at(2.0, 1_000_000.0)));
    assert_eq!(decisions[1], "missed 968 0-580200 clock_set_forward");
    assert_eq!(decisions.len(), 2 + 32);
}

#[test]
fn what_was_due_more_than_three_years_ago_is_not_looked_for() {
    const YEAR: i64 = 365 * 86_400;
    let bells = [(-4 * YEAR, 60), (-2 * YEAR, 60), (-YEAR, 60)];
    let mut keeper = keeper(known(-5.0 * YEAR as f64), &bells);
    let found = said(&keeper.wake(at(1.0, 0.0)));
    assert_eq!(found, [format!("missed {} off", -2 * YEAR), format!("missed {} off", -YEAR)]);
}
