//! The engine: one event in, a few actions out.

use super::*;
use crate::engine::{FaultKind, Source, Trigger};

const LENGTH: Duration = Duration::from_secs(5);

fn at(millis: u64) -> Instant {
    Instant::from_millis(millis)
}

fn api() -> Cause {
    Cause::Api { user: "office".into() }
}

fn contact() -> Cause {
    Cause::Line { line: "GPIO23".parse().unwrap() }
}

fn trigger(source: Source) -> Trigger {
    let cue =
        Cue { sound: "bell.mp3".parse().unwrap(), start: Duration::ZERO, end: None, volume: 1.0 };
    Trigger { name: "Entrance".into(), source, cue }
}

fn core() -> Core {
    let mut core = Core::new(PlaybackId(7));
    let triggers = [
        ("DOOR".parse().unwrap(), trigger(Source::Line("GPIO23".parse().unwrap()))),
        ("OFFICE".parse().unwrap(), trigger(Source::Api)),
    ];
    core.handle(Event::Configure(Arc::new(Bells { triggers: triggers.into() })), at(0));
    core
}

fn line(core: &mut Core, state: State, now: u64) -> Actions {
    core.handle(Event::Line { cause: contact(), state, momentary: false }, at(now))
}

fn ring(core: &mut Core, trigger: &str, now: u64) -> Option<PlaybackId> {
    let event = Event::Ring { trigger: trigger.parse().unwrap(), cause: api() };
    core.handle(event, at(now)).iter().find_map(|action| match action {
        Action::Play { playback, .. } => Some(*playback),
        _ => None,
    })
}

fn start(core: &mut Core, playback: PlaybackId, now: u64) -> Actions {
    core.handle(Event::Started { playback, length: LENGTH }, at(now))
}

fn outcomes(actions: &Actions) -> Vec<(u64, Outcome, Duration)> {
    let records = actions.iter().filter_map(|action| match action {
        Action::Record { playback, outcome, length } => {
            Some((playback.id.0, outcome.clone(), *length))
        }
        _ => None,
    });
    records.collect()
}

#[test]
fn a_contact_rings_when_it_closes_and_not_when_it_opens() {
    let mut core = core();
    let actions = line(&mut core, State::Active, 10);
    assert!(matches!(actions[1], Action::Play { playback: PlaybackId(7), .. }));
    let started = start(&mut core, PlaybackId(7), 10);
    assert_eq!(outcomes(&started), [(7, Outcome::Playing, LENGTH)]);
    assert_eq!(core.status().playing.as_ref().unwrap().playback.cause, contact());
    assert_eq!(line(&mut core, State::Inactive, 60).len(), 1, "only the line's change");
    let ended = core.handle(Event::Ended { playback: PlaybackId(7) }, at(5010));
    assert_eq!(outcomes(&ended), [(7, Outcome::Played, LENGTH)]);
    assert_eq!(core.status().playing, None);
}

#[test]
fn a_new_ring_replaces_the_playing_one() {
    let mut core = core();
    let first = ring(&mut core, "DOOR", 0).unwrap();
    start(&mut core, first, 0);
    let second = ring(&mut core, "OFFICE", 1000).unwrap();
    let actions = start(&mut core, second, 1000);
    assert_eq!(actions[0], Action::Silence { playback: first });
    let second_played = Duration::from_secs(1);
    let expected = [(7, Outcome::Replaced, second_played), (8, Outcome::Playing, LENGTH)];
    assert_eq!(outcomes(&actions), expected);
    let late = core.handle(Event::Ended { playback: first }, at(1001));
    assert!(late.is_empty(), "the end of a replaced playback is no news");
}

#[test]
fn a_ring_that_fails_silences_nothing() {
    let mut core = core();
    let first = ring(&mut core, "DOOR", 0).unwrap();
    start(&mut core, first, 0);
    let second = ring(&mut core, "OFFICE", 1).unwrap();
    let fault = Fault { kind: FaultKind::Sound, reason: "no such file".into() };
    let actions = core.handle(Event::Failed { playback: second, fault }, at(1));
    let failed = Outcome::Failed { reason: "no such file".into() };
    assert_eq!(outcomes(&actions), [(8, failed, Duration::ZERO)]);
    assert_eq!(actions.len(), 1);
    assert_eq!(core.status().playing.as_ref().unwrap().playback.id, first);
}

#[test]
fn stop_silences_what_plays_and_says_who() {
    let mut core = core();
    assert!(core.handle(Event::Stop { cause: Cause::Cli }, at(0)).is_empty());
    let playback = ring(&mut core, "DOOR", 0).unwrap();
    start(&mut core, playback, 0);
    let actions = core.handle(Event::Stop { cause: Cause::Cli }, at(250));
    assert_eq!(actions[0], Action::Silence { playback });
    let stopped = Outcome::Stopped { by: Cause::Cli };
    assert_eq!(outcomes(&actions), [(7, stopped, Duration::from_millis(250))]);
}

#[test]
fn an_audition_needs_no_trigger_and_takes_its_turn_among_the_rings() {
    let mut core = core();
    let first = ring(&mut core, "DOOR", 0).unwrap();
    start(&mut core, first, 0);
    let start_at = Duration::from_secs(2);
    let cue = Cue { sound: "new.wav".parse().unwrap(), start: start_at, end: None, volume: 0.5 };
    let asked = core.handle(Event::Audition { cue: cue.clone(), cause: api() }, at(1));
    assert_eq!(asked[..], [Action::Play { playback: PlaybackId(8), cue: cue.clone() }]);
    let actions = start(&mut core, PlaybackId(8), 1);
    assert_eq!(actions[0], Action::Silence { playback: first });
    let playing = &core.status().playing.as_ref().unwrap().playback;
    assert_eq!(
        (&playing.trigger, &*playing.name, &playing.sound),
        (&None, "new.wav", &Some(cue.sound))
    );
    assert_eq!(ring(&mut core, "DOOR", 2), Some(PlaybackId(9)));
}

#[test]
fn a_missed_bell_is_written_down_and_leaves_what_plays_alone() {
    let mut core = core();
    let playing = ring(&mut core, "DOOR", 0).unwrap();
    start(&mut core, playing, 0);
    let cause = Cause::Schedule { bell: "today's".into(), label: "".into() };
    let (trigger, reason) = ("OFFICE".parse().unwrap(), "the box was off".to_owned());
    let outcome = Outcome::Missed { reason: reason.clone() };
    let actions = core.handle(Event::Missed { trigger, cause, reason }, at(10));
    assert_eq!(outcomes(&actions), [(8, outcome, Duration::ZERO)]);
    assert_eq!(core.status().playing.as_ref().unwrap().playback.id, playing);
    assert_eq!(ring(&mut core, "DOOR", 20), Some(PlaybackId(9)));
}

#[test]
fn a_missed_bell_is_written_down_though_its_trigger_does_not_exist() {
    let cause = Cause::Schedule { bell: "today's".into(), label: "".into() };
    let (trigger, reason) = ("GONE".parse().unwrap(), "the box was off".to_owned());
    let outcome = Outcome::Missed { reason: reason.clone() };
    let actions = core().handle(Event::Missed { trigger, cause, reason }, at(0));
    assert_eq!(outcomes(&actions), [(7, outcome, Duration::ZERO)]);
    let [Action::Record { playback, .. }] = &actions[..] else { panic!("{actions:?}") };
    assert_eq!((&*playback.name, &playback.sound), ("GONE", &None));
}

#[test]
fn an_unknown_trigger_asks_for_nothing() {
    assert_eq!(ring(&mut core(), "NOWHERE", 0), None);
}

#[test]
fn a_press_that_was_seen_whole_rings_and_leaves_the_line_inactive() {
    let mut core = core();
    let cause = Cause::Serial { line: "GPIO23".parse().unwrap() };
    let event = Event::Line { cause, state: State::Active, momentary: true };
    assert!(matches!(core.handle(event, at(0))[1], Action::Play { .. }));
    assert!(core.status().lines.values().all(|line| line.state == State::Inactive));
    assert_eq!(core.deadline(), None);
}

#[test]
fn a_stuck_contact_rings_once_and_is_reported_once() {
    let mut core = core();
    line(&mut core, State::Active, 0);
    start(&mut core, PlaybackId(7), 0);
    core.handle(Event::Ended { playback: PlaybackId(7) }, at(5000));
    assert_eq!(core.deadline(), Some(at(0) + STUCK_AFTER));
    assert!(core.wake(at(29_999), 0).is_empty());
    assert!(matches!(core.wake(at(30_000), 0)[..], [Action::Warn(_)]));
    assert_eq!((core.wake(at(90_000), 0).len(), core.deadline()), (0, None));
    assert!(core.status().lines.values().all(|line| line.stuck));
    line(&mut core, State::Inactive, 91_000);
    assert!(core.status().lines.values().all(|line| !line.stuck));
}

#[test]
fn a_contact_closed_at_start_rings_nothing_but_is_reported() {
    let mut core = core();
    let closed = Event::LineAtStart { cause: contact(), state: State::Active };
    assert!(core.handle(closed, at(0)).is_empty());
    assert!(matches!(core.wake(at(30_000), 0)[..], [Action::Warn(_)]));
}

#[test]
fn a_card_that_takes_no_samples_is_opened_anew() {
    for taken in [0, 48_000] {
        let mut core = core();
        let playback = ring(&mut core, "DOOR", 0).unwrap();
        start(&mut core, playback, 0);
        let mut looks = 0;
        let mut look = |core: &mut Core| {
            looks += 1;
            let due = core.deadline().unwrap();
            assert!(core.wake(due - Duration::from_millis(1), taken).is_empty(), "not due yet");
            (due, core.wake(due, taken))
        };
        if taken > 0 {
            assert!(look(&mut core).1.is_empty(), "it has taken some");
        }
        assert!(look(&mut core).1.is_empty());
        assert!(look(&mut core).1.is_empty());
        let (when, actions) = look(&mut core);
        assert_eq!(actions[0], Action::Silence { playback });
        let reason = "the sound card takes no samples".to_owned();
        assert_eq!(outcomes(&actions), [(7, Outcome::Failed { reason }, when.since(at(0)))]);
        assert_eq!(actions[2], Action::ReopenOutput);
        assert_eq!((core.deadline(), core.wake(at(60_000), taken).len()), (None, 0));
    }
}

#[test]
fn a_ring_goes_on_however_late_it_is_while_the_card_takes_it() {
    let mut core = core();
    let playback = ring(&mut core, "DOOR", 0).unwrap();
    start(&mut core, playback, 0);
    for second in 1..100 {
        assert!(core.wake(at(1000 * second), 10 * (second / 3)).is_empty(), "{second}");
    }
    // The machine stood still for an hour, the card with it: that is one look in vain.
    assert!(core.wake(at(3_700_000), 330).is_empty());
    assert!(core.wake(at(3_700_001), 330).is_empty());
    let actions = core.handle(Event::Ended { playback }, at(3_700_100));
    assert_eq!(outcomes(&actions), [(7, Outcome::Played, LENGTH)]);
}

#[test]
fn a_card_lost_while_playing_is_recorded_with_the_reason() {
    let mut core = core();
    let playback = ring(&mut core, "DOOR", 0).unwrap();
    start(&mut core, playback, 0);
    let fault = Fault { kind: FaultKind::Output, reason: "unplugged".into() };
    let actions = core.handle(Event::Failed { playback, fault }, at(100));
    let failed = Outcome::Failed { reason: "unplugged".into() };
    assert_eq!(outcomes(&actions), [(7, failed, Duration::from_millis(100))]);
}
