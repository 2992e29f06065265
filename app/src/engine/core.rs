//! What the engine decides: one event in, a few actions out.

use std::{sync::Arc, time::Duration};

use beffroi_hal::{Instant, State};

use super::{
    Action, Actions, Bells, Cause, Cue, Event, Fault, LineStatus, Outcome, Playback, PlaybackId,
    Playing, Status, TriggerId,
};

/// A contact that has been closed for so long is stuck: nobody holds a button for half a minute.
pub const STUCK_AFTER: Duration = Duration::from_secs(30);

/// So often it is looked whether the sound card takes what plays.
pub const LOOK: Duration = Duration::from_secs(1);

/// A card that has taken nothing between so many looks is dead. They are counted, as time alone says
/// nothing: a machine that stands still for a while stops the card's thread too.
pub const DEAD_LOOKS: u32 = 3;

/// The engine.
#[derive(Debug)]
pub struct Core {
    bells: Arc<Bells>,
    status: Status,
    /// Asked of the player, not answered yet.
    asked: Option<Playback>,
    flow: Flow,
    next: PlaybackId,
}

/// How what plays flows into the sound card.
#[derive(Debug, Default)]
struct Flow {
    taken_frames: u64,
    looks_in_vain: u32,
    look_at: Instant,
}

impl Core {
    /// An engine without triggers, whose first playback gets the number `next`.
    pub fn new(next: PlaybackId) -> Self {
        let (bells, status, flow) = (Arc::default(), Status::default(), Flow::default());
        Self { bells, status, asked: None, flow, next }
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
            Event::Audition { cue, cause } => {
                let name = cue.sound.to_string();
                self.ask(None, name, cue, cause, &mut actions);
            }
            Event::Missed { trigger, cause, reason } => {
                self.missed(&trigger, cause, reason, &mut actions);
            }
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
        stuck.chain(self.status.playing.iter().map(|_| self.flow.look_at)).min()
    }

    /// Does what is due at `now`. `taken_frames`: so much of what plays the sound card has taken so
    /// far.
    pub fn wake(&mut self, now: Instant, taken_frames: u64) -> Actions {
        let mut actions = Actions::new();
        if self.status.playing.is_some() && self.flow.has_ceased(now, taken_frames) {
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
        let (name, cue) = (trigger.name.clone(), trigger.cue.clone());
        self.ask(Some(id), name, cue, cause, actions);
    }

    fn ask(
        &mut self,
        trigger: Option<TriggerId>,
        name: String,
        cue: Cue,
        cause: Cause,
        actions: &mut Actions,
    ) {
        let id = self.next;
        self.next = PlaybackId(id.0 + 1);
        let sound = Some(cue.sound.clone());
        push(actions, Action::Play { playback: id, cue });
        self.asked = Some(Playback { id, trigger, name, sound, cause });
    }

    fn missed(&mut self, id: &TriggerId, cause: Cause, reason: String, actions: &mut Actions) {
        // The tables may name a trigger that there is not: then, above all, somebody must read of it.
        let trigger = self.bells.triggers.get(id);
        let name = trigger.map_or_else(|| id.to_string(), |trigger| trigger.name.clone());
        let sound = trigger.map(|trigger| trigger.cue.sound.clone());
        let playback = Playback { id: self.next, trigger: Some(id.clone()), name, sound, cause };
        self.next = PlaybackId(self.next.0 + 1);
        let outcome = Outcome::Missed { reason };
        push(actions, Action::Record { playback, outcome, length: Duration::ZERO });
    }

    /// The new ring sounds before the old one is silenced: a ring that fails silences nothing.
    fn started(&mut self, id: PlaybackId, length: Duration, now: Instant, actions: &mut Actions) {
        let Some(playback) = self.asked.take_if(|asked| asked.id == id) else { return };
        self.silence(Outcome::Replaced, now, actions);
        let record =
            Action::Record { playback: playback.clone(), outcome: Outcome::Playing, length };
        push(actions, record);
        self.flow = Flow { look_at: now + LOOK, ..Flow::default() };
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

impl Flow {
    fn has_ceased(&mut self, now: Instant, taken_frames: u64) -> bool {
        if now < self.look_at {
            return false;
        }
        let in_vain = taken_frames == self.taken_frames;
        let looks_in_vain = if in_vain { self.looks_in_vain + 1 } else { 0 };
        *self = Self { taken_frames, looks_in_vain, look_at: now + LOOK };
        looks_in_vain >= DEAD_LOOKS
    }
}

fn push(actions: &mut Actions, action: Action) {
    let full = actions.push(action).is_err();
    debug_assert!(!full, "no event asks for more than a replacement");
}

#[cfg(test)]
mod tests;
