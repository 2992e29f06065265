//! Carries out what the engine decides: plays, records, tells, lights the lamp.
//!
//! No thread and no clock here either, so that a test drives the whole bell path in virtual time.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use beffroi_boards::BoardKind;
use beffroi_hal::{Instant, LineId, State};
use tokio::sync::{broadcast, watch};

use super::{Accepted, BoardStatus, Message, Notice, Outputs, Status};
use crate::{
    engine::{
        Action, Actions, Bells, Cause, Core, Event, Fault, FaultKind, Outcome, Playback, PlaybackId,
    },
    player::{Ended, Library, Player},
};

/// Writes down how a playback stands, without waiting for a disk.
pub type Recorder = Box<dyn FnMut(&Playback, &Outcome, Duration) + Send>;

/// The engine and everything it moves.
pub struct Carrier {
    core: Core,
    player: Player,
    library: Library,
    recorder: Recorder,
    boards: BTreeMap<BoardKind, Opened>,
    status: watch::Sender<Arc<Status>>,
    notices: broadcast::Sender<Notice>,
    now: Status,
}

struct Opened {
    status: BoardStatus,
    inputs: Vec<Cause>,
    outputs: Outputs,
}

impl Carrier {
    /// A bell without triggers and boards. The first playback gets the number `next`.
    pub fn new(player: Player, library: Library, recorder: Recorder, next: PlaybackId) -> Self {
        Self {
            core: Core::new(next),
            player,
            library,
            recorder,
            boards: BTreeMap::new(),
            status: watch::Sender::default(),
            notices: broadcast::Sender::new(64),
            now: Status::default(),
        }
    }

    /// The snapshots that it publishes.
    pub fn status(&self) -> watch::Receiver<Arc<Status>> {
        self.status.subscribe()
    }

    /// The notices that it sends.
    pub fn notices(&self) -> broadcast::Sender<Notice> {
        self.notices.clone()
    }

    /// When [`Carrier::wake`] wants to be called, if no message comes before.
    pub fn deadline(&self) -> Option<Instant> {
        self.core.deadline()
    }

    /// Takes one message in.
    pub fn handle(&mut self, message: Message, now: Instant) {
        match message {
            Message::Configure(bells) => self.configure(bells, now),
            Message::Ring(trigger, cause, reply) => {
                let words = format!("there is no trigger {trigger}");
                let unknown = Fault { kind: FaultKind::NoTrigger, reason: words };
                let verdict = self.event(Event::Ring { trigger, cause }, now);
                self.publish(); // whoever has the answer sees it in the status too
                reply.send(verdict.unwrap_or(Err(unknown))).ok(); // the caller may have left
            }
            Message::Audition(cue, cause, reply) => {
                let verdict = self.event(Event::Audition { cue, cause }, now);
                self.publish();
                if let Some(verdict) = verdict {
                    reply.send(verdict).ok(); // the caller may have left
                }
            }
            Message::Missed(trigger, cause, reason) => {
                self.event(Event::Missed { trigger, cause, reason }, now);
            }
            Message::Stop(cause, reply) => {
                let before = self.core.status().playing.is_some();
                self.event(Event::Stop { cause }, now);
                self.publish();
                reply.send(usize::from(before)).ok(); // the caller may have left
            }
            Message::Change(kind, change) => {
                let cause = cause(kind, change.line);
                let (state, momentary) = (change.state, change.momentary);
                self.event(Event::Line { cause, state, momentary }, now);
            }
            Message::BoardOpened { kind, detail, refused, lines, outputs } => {
                self.close(kind, now);
                let status = BoardStatus { kind, ready: true, detail, refused };
                let mut inputs = Vec::with_capacity(lines.len());
                for (line, state) in lines {
                    let cause = cause(kind, line);
                    inputs.push(cause.clone());
                    self.event(Event::LineAtStart { cause, state }, now);
                }
                self.boards.insert(kind, Opened { status, inputs, outputs });
                self.light();
            }
            Message::BoardLost { kind, reason } => {
                self.close(kind, now);
                let status =
                    BoardStatus { kind, ready: false, detail: reason, refused: Vec::new() };
                let lost = Opened { status, inputs: Vec::new(), outputs: Outputs::default() };
                self.boards.insert(kind, lost);
            }
            Message::Player => self.hear(now),
        }
        self.publish();
    }

    /// Does what is due.
    pub fn wake(&mut self, now: Instant) {
        self.hear(now);
        let playing = self.core.status().playing.as_ref();
        let taken = playing.map_or(0, |playing| self.player.taken_frames(playing.playback.id));
        let actions = self.core.wake(now, taken);
        self.perform(actions, now);
        self.publish();
    }

    fn configure(&mut self, bells: Arc<Bells>, now: Instant) {
        self.library.prepare(bells.triggers.values().map(|trigger| trigger.cue.clone()).collect());
        self.event(Event::Configure(bells), now);
    }

    fn close(&mut self, kind: BoardKind, now: Instant) {
        if let Some(opened) = self.boards.remove(&kind) {
            self.event(Event::LinesLost(opened.inputs), now);
        }
    }

    /// Learns from the player what ended, and how the output stands.
    fn hear(&mut self, now: Instant) {
        while let Some(Ended { playback, fault }) = self.player.take_ended() {
            let event = match fault {
                None => Event::Ended { playback },
                Some(fault) => Event::Failed { playback, fault },
            };
            self.event(event, now);
        }
        self.now.audio = self.library.status();
    }

    fn event(&mut self, event: Event, now: Instant) -> Option<Result<Accepted, Fault>> {
        let actions = self.core.handle(event, now);
        self.perform(actions, now)
    }

    /// Does all of it; the verdict is the player's on the one ring that may be among it.
    fn perform(&mut self, actions: Actions, now: Instant) -> Option<Result<Accepted, Fault>> {
        let (mut verdict, mut changed) = (None, None);
        for action in actions {
            match action {
                Action::Play { playback, cue } => {
                    let (event, failure) = match self.player.play(playback, &cue) {
                        Ok(length) => (Event::Started { playback, length }, None),
                        Err(fault) => {
                            (Event::Failed { playback, fault: fault.clone() }, Some(Err(fault)))
                        }
                    };
                    let accepted = self.event(event, now);
                    verdict = failure.or(accepted);
                }
                Action::Silence { playback } => self.player.silence(playback),
                Action::ReopenOutput => self.player.reopen_output(),
                Action::Record { playback, outcome, length } => {
                    self.record(&playback, &outcome, length);
                    if outcome == Outcome::Playing {
                        verdict = Some(Ok(Accepted { playback, length }));
                    }
                }
                Action::LineChanged { cause, state, momentary } => {
                    changed = Some((cause.clone(), state, momentary));
                    self.tell(Notice::Line { cause, state, momentary });
                }
                Action::Warn(words) => tracing::warn!("{words}"),
            }
        }
        // Last: a log may block, and the sound is on its way by now.
        if let Some((cause, state, momentary)) = changed {
            tracing::info!(?cause, ?state, momentary, "line changed");
        }
        verdict
    }

    fn record(&mut self, playback: &Playback, outcome: &Outcome, length: Duration) {
        let Playback { id: PlaybackId(id), trigger, cause, sound, .. } = playback;
        let trigger = trigger.as_deref().unwrap_or("none");
        let sound = sound.as_deref().unwrap_or("none");
        tracing::info!(id, trigger, ?cause, sound, ?outcome, ?length, "ring");
        (self.recorder)(playback, outcome, length);
        let never_started = matches!(outcome, Outcome::Failed { .. }) && length.is_zero();
        self.now.counters.count(&playback.cause, outcome, never_started);
        let (playback, outcome) = (playback.clone(), outcome.clone());
        self.tell(Notice::Playback { playback, outcome, length });
        self.light();
    }

    fn tell(&self, notice: Notice) {
        self.notices.send(notice).ok(); // nobody may be listening
    }

    /// Outputs are active while something plays.
    fn light(&mut self) {
        let playing = self.core.status().playing.is_some();
        let state = if playing { State::Active } else { State::Inactive };
        for board in self.boards.values_mut() {
            for (line, output) in &mut board.outputs {
                if let Err(error) = output.set(state) {
                    tracing::warn!(%line, %error, "an output could not be set");
                }
            }
        }
    }

    fn publish(&mut self) {
        if self.now.engine != *self.core.status() {
            self.now.engine = self.core.status().clone();
        }
        self.now.boards = self.boards.values().map(|board| board.status.clone()).collect();
        if **self.status.borrow() != self.now {
            self.status.send_replace(Arc::new(self.now.clone()));
        }
    }
}

fn cause(board: BoardKind, line: LineId) -> Cause {
    match board {
        BoardKind::Serial => Cause::Serial { line },
        BoardKind::RaspberryPi | BoardKind::Mock => Cause::Line { line },
    }
}
