//! What the engine decides: one event in, a few actions out.

use std::{sync::Arc, time::Duration};

use beffroi_hal::{Instant, State};

use super::{
    Action, Actions, Bells, Cause, Event, Fault, LineStatus, Outcome, Playback, PlaybackId,
    Playing, Status, TriggerId,
};

/// A contact that has been closed for so long is stuck: nobody holds a button for half a minute.
pub const STUCK_AFTER: Duration = Duration::from_secs(30);

/// A playback that is not over so long after its end has no sound card that takes its samples.
pub const STALLED_AFTER: Duration = Duration::from_secs(2);

/// The engine.
#[derive(Debug)]
pub struct Core {
    bells: Arc<Bells>,
    status: Status,
    /// Asked of the player, not answered yet.
    asked: Option<Playback>,
    next: PlaybackId,
}

impl Core {
    /// An engine without triggers, whose first playback gets the number `next`.
    pub fn new(next: PlaybackId) -> Self {
        Self { bells: Arc::default(), status: Status::default(), asked: None, next }
    }

    /// What it knows now.
    pub const fn status(&self) -> &Status {
        &self.status
    }

    /// The triggers in force.
    pub const fn bells(&self) -> &Arc<Bells> {
        &self.bells
    }

    /// Takes one event in.
    ///
    /// [`Event::Ring`] of an unknown trigger, and an answer about a playback that is over, ask for nothing.
    pub fn handle(&mut self, event: Event, now: Instant) -> Actions {
        let mut actions = Actions::new();
        match event {
            Event::Configure(bells) => self.bells = bells,
            Event::Line { cause, state, momentary } => {
                self.line(cause, state, momentary, now, &mut actions);
            }
            Event::LineAtStart { cause, state } => {
                self.status.lines.insert(cause, LineStatus { state, since: now, stuck: false });
            }
            Event::LinesLost(lines) => {
                for line in lines {
                    self.status.lines.remove(&line);
                }
            }
            Event::Ring { trigger, cause } => self.ring(trigger, cause, &mut actions),
            Event::Stop { cause } => {
                self.silence(Outcome::Stopped { by: cause }, now, &mut actions);
            }
            Event::Started { playback, length } => {
                self.started(playback, length, now, &mut actions);
            }
            Event::Failed { playback, fault } => self.failed(playback, fault, now, &mut actions),
            Event::Ended { playback } if self.is_playing(playback) => {
                self.over(Outcome::Played, now, &mut actions);
            }
            Event::Ended { .. } => {}
        }
        actions
    }

    /// When [`Core::wake`] wants to be called, if no event comes before.
    pub fn deadline(&self) -> Option<Instant> {
        let stuck = self.status.lines.values().filter_map(LineStatus::stuck_at);
        stuck.chain(self.status.playing.iter().map(Playing::stalled_at)).min()
    }

    /// Does what is due at `now`.
    pub fn wake(&mut self, now: Instant) -> Actions {
        let mut actions = Actions::new();
        if self.status.playing.as_ref().is_some_and(|playing| playing.stalled_at() <= now) {
            let reason = "the sound card takes no samples".to_owned();
            self.silence(Outcome::Failed { reason }, now, &mut actions);
            push(&mut actions, Action::ReopenOutput);
        }
        // One line a call: the deadline of the next one is due at once, and actions stay bounded.
        let stuck = self
            .status
            .lines
            .iter_mut()
            .find(|(_, status)| status.stuck_at().is_some_and(|at| at <= now));
        if let Some((Cause::Line { line } | Cause::Serial { line }, status)) = stuck {
            status.stuck = true;
            let seconds = STUCK_AFTER.as_secs();
            let words = format!("line {line} has been active for {seconds} s: contact stuck?");
            push(&mut actions, Action::Warn(words));
        }
        actions
    }

    fn line(
        &mut self,
        cause: Cause,
        state: State,
        momentary: bool,
        now: Instant,
        actions: &mut Actions,
    ) {
        let (Cause::Line { line } | Cause::Serial { line }) = &cause else { return };
        let rests = if momentary { State::Inactive } else { state };
        let status = LineStatus { state: rests, since: now, stuck: false };
        self.status.lines.insert(cause.clone(), status);
        push(actions, Action::LineChanged { cause: cause.clone(), state, momentary });
        if state == State::Active
            && let Some((trigger, _)) = self.bells.fired_by(line)
        {
            self.ring(trigger.clone(), cause, actions);
        }
    }

    fn ring(&mut self, id: TriggerId, cause: Cause, actions: &mut Actions) {
        let Some(trigger) = self.bells.triggers.get(&id) else { return };
        let playback = self.next;
        self.next = PlaybackId(playback.0 + 1);
        let cue = trigger.cue.clone();
        let name = trigger.name.clone();
        push(actions, Action::Play { playback, cue: cue.clone() });
        self.asked = Some(Playback { id: playback, trigger: id, name, cue, cause });
    }

    /// The new ring sounds before the old one is silenced: a ring that fails silences nothing.
    fn started(&mut self, id: PlaybackId, length: Duration, now: Instant, actions: &mut Actions) {
        let Some(playback) = self.asked.take_if(|asked| asked.id == id) else { return };
        self.silence(Outcome::Replaced, now, actions);
        let record =
            Action::Record { playback: playback.clone(), outcome: Outcome::Playing, length };
        push(actions, record);
        self.status.playing = Some(Playing { playback, since: now, length });
    }

    fn failed(&mut self, id: PlaybackId, fault: Fault, now: Instant, actions: &mut Actions) {
        let outcome = Outcome::Failed { reason: fault.reason };
        if let Some(playback) = self.asked.take_if(|asked| asked.id == id) {
            push(actions, Action::Record { playback, outcome, length: Duration::ZERO });
        } else if self.is_playing(id) {
            self.over(outcome, now, actions);
        }
    }

    fn silence(&mut self, outcome: Outcome, now: Instant, actions: &mut Actions) {
        if let Some(playing) = &self.status.playing {
            push(actions, Action::Silence { playback: playing.playback.id });
            self.over(outcome, now, actions);
        }
    }

    fn over(&mut self, outcome: Outcome, now: Instant, actions: &mut Actions) {
        if let Some(Playing { playback, since, length }) = self.status.playing.take() {
            // What ran to its end was heard whole, though a clock of the output's may be the faster one.
            let length = match outcome {
                Outcome::Played => length,
                _ => now.since(since).min(length),
            };
            push(actions, Action::Record { playback, outcome, length });
        }
    }

    fn is_playing(&self, id: PlaybackId) -> bool {
        self.status.playing.as_ref().is_some_and(|playing| playing.playback.id == id)
    }
}

impl LineStatus {
    fn stuck_at(&self) -> Option<Instant> {
        (self.state == State::Active && !self.stuck).then(|| self.since + STUCK_AFTER)
    }
}

impl Playing {
    fn stalled_at(&self) -> Instant {
        self.since + self.length + STALLED_AFTER
    }
}

fn push(actions: &mut Actions, action: Action) {
    let full = actions.push(action).is_err();
    debug_assert!(!full, "no event asks for more than a replacement");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Cue, FaultKind, Source, Trigger};

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
        let cue = Cue {
            sound: "bell.mp3".parse().unwrap(),
            start: Duration::ZERO,
            end: None,
            volume: 1.0,
        };
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
        assert!(core.wake(at(29_999)).is_empty());
        assert!(matches!(core.wake(at(30_000))[..], [Action::Warn(_)]));
        assert_eq!((core.wake(at(90_000)).len(), core.deadline()), (0, None));
        assert!(core.status().lines.values().all(|line| line.stuck));
        line(&mut core, State::Inactive, 91_000);
        assert!(core.status().lines.values().all(|line| !line.stuck));
    }

    #[test]
    fn a_contact_closed_at_start_rings_nothing_but_is_reported() {
        let mut core = core();
        let closed = Event::LineAtStart { cause: contact(), state: State::Active };
        assert!(core.handle(closed, at(0)).is_empty());
        assert!(matches!(core.wake(at(30_000))[..], [Action::Warn(_)]));
    }

    #[test]
    fn a_card_that_takes_no_samples_is_opened_anew() {
        let mut core = core();
        let playback = ring(&mut core, "DOOR", 0).unwrap();
        start(&mut core, playback, 0);
        assert!(core.wake(at(6999)).is_empty());
        let actions = core.wake(at(7000));
        assert_eq!(actions[0], Action::Silence { playback });
        assert!(matches!(outcomes(&actions)[..], [(7, Outcome::Failed { .. }, LENGTH)]));
        assert_eq!(actions[2], Action::ReopenOutput);
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
}
