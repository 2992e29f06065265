//! The bell path on one thread: contacts moved by a hand, rings counted.
//!
//! The box's own board, debouncer, engine, player and sound card, on the box's own clock; only the
//! threads between them are missing, so that a step is over when it is over.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use beffroi_boards::{Board, BoardError, BoardKind, clock};
use beffroi_hal::{Inputs, Instant, LineConfig, LineId, State};

use super::{
    hand::Hand,
    scene::{Contact, Scene, Step},
};
use crate::{
    bell::{Carrier, Message},
    engine::{Bells, Cue, Outcome, Playback, PlaybackId, Source, Trigger, TriggerId},
    player::{Library, Player},
};

/// What the scenes are written for.
pub const DEBOUNCE: Duration = Duration::from_millis(30);

/// A ring that has not come by then does not come; and when it came, no other follows.
const LATEST: Duration = Duration::from_secs(2);
const AFTER: Duration = Duration::from_millis(100);
/// A hand that was kept from moving for as long plays another scene than the one that is written:
/// it plays again, so often.
const SLOW: Duration = Duration::from_millis(20);
const TRIES: usize = 20;
/// The player is looked after as often.
const TICK: Duration = Duration::from_millis(5);

/// Where scenes are played.
pub struct Stage {
    hand: Box<dyn Hand>,
    lines: Vec<LineConfig>,
    open: Option<(Board, Inputs)>,
    carrier: Carrier,
    rings: Rings,
    // When a contact last moved, where it must move again before it settles.
    hurried: Option<Instant>,
}

/// Why a scene did not go as it should.
enum Failure {
    /// The machine was too busy to play it.
    Slow,
    /// In words.
    Wrong(String),
}

/// What rang, or failed to.
type Rings = Arc<Mutex<Vec<(TriggerId, Outcome)>>>;

impl Stage {
    /// A stage for the contacts A and B, or A alone; each rings `cue`.
    ///
    /// # Errors
    /// The board is not there, a line is refused, or a contact does not follow the hand.
    pub fn set(
        mut hand: Box<dyn Hand>,
        lines: Vec<LineConfig>,
        cue: &Cue,
        (player, library): (Player, Library),
    ) -> Result<Self, String> {
        check_contacts(&mut *hand, &lines)?;
        let rings = Rings::default();
        let book = Arc::clone(&rings);
        let recorder = move |playback: &Playback, outcome: &Outcome, _: Duration| {
            let Some(trigger) = playback.trigger.clone() else { return };
            let entry = (trigger, outcome.clone());
            book.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
        };
        let mut carrier = Carrier::new(player, library, Box::new(recorder), PlaybackId(1));
        let bells = bells(&lines, cue)?;
        carrier.handle(Message::Configure(bells), clock::now());
        Ok(Self { hand, lines, open: None, carrier, rings, hurried: None })
    }

    /// How many contacts there are.
    pub fn contacts(&self) -> usize {
        self.lines.len()
    }

    /// Whether the hand can unplug the board.
    pub fn can_unplug(&mut self) -> bool {
        self.hand.plug(true).is_some()
    }

    /// Plays a scene.
    ///
    /// # Errors
    /// What went otherwise, in words.
    pub fn play(&mut self, scene: &Scene) -> Result<(), String> {
        for _ in 0..TRIES {
            let verdict = scene.steps.iter().try_for_each(|step| self.step(*step));
            // The next scene begins with open contacts and a closed board.
            self.go_on(DEBOUNCE * 2).ok();
            self.open = None;
            self.hurried = None;
            for line in &self.lines {
                self.hand.set(&line.id, State::Inactive)?;
            }
            self.hand.plug(true);
            self.take_rings();
            match verdict {
                Ok(()) => return Ok(()),
                Err(Failure::Wrong(reason)) => return Err(reason),
                Err(Failure::Slow) => {}
            }
        }
        Err(format!("this machine is too busy: a contact could not be moved within {SLOW:?}"))
    }

    fn step(&mut self, step: Step) -> Result<(), Failure> {
        match step {
            Step::Start => self.open_board()?,
            Step::Close(contact) => self.go_to(contact, State::Active)?,
            Step::Open(contact) => self.go_to(contact, State::Inactive)?,
            Step::Wait(time) => {
                self.hurried = (time < DEBOUNCE).then(clock::now);
                self.go_on(time).map_err(|error| error.to_string())?;
            }
            Step::Rings(contact, times) => self.expect_rings(contact, times)?,
            Step::Lose => {
                self.hand.plug(false).ok_or("the board cannot be unplugged")?;
                match self.go_on(LATEST) {
                    Err(BoardError::Lost { .. }) => {}
                    Err(other) => return Err(format!("not told as lost: {other}").into()),
                    Ok(()) => return Err("nobody noticed that the board went away".into()),
                }
            }
            Step::Restore => {
                self.hand.plug(true);
                self.open_board()?;
            }
        }
        Ok(())
    }

    fn go_to(&mut self, contact: Contact, state: State) -> Result<(), Failure> {
        self.hand.set(&self.line(contact)?, state)?;
        match self.hurried.take() {
            Some(since) if clock::now().since(since) > SLOW => Err(Failure::Slow),
            _ => Ok(()),
        }
    }

    fn open_board(&mut self) -> Result<(), String> {
        self.open = None;
        let mut board = self.hand.open(&self.lines).map_err(|error| error.to_string())?;
        let inputs = Inputs::start(&self.lines, &mut *board.edges);
        let inputs = inputs.map_err(|error| error.to_string())?;
        let opened = Message::BoardOpened {
            kind: board.info.kind,
            detail: board.info.detail.clone(),
            refused: Vec::new(),
            lines: inputs.states().map(|(line, state)| (line.clone(), state)).collect(),
            outputs: BTreeMap::new(),
        };
        self.carrier.handle(opened, clock::now());
        self.open = Some((board, inputs));
        Ok(())
    }

    /// The box goes on for so long; the board may get lost meanwhile.
    fn go_on(&mut self, time: Duration) -> Result<(), BoardError> {
        let end = clock::now() + time;
        loop {
            let now = clock::now();
            let left = end.since(now);
            if left.is_zero() {
                return Ok(());
            }
            match &mut self.open {
                Some((board, inputs)) => {
                    match inputs.poll(&mut *board.edges, now, left.min(TICK)) {
                        Ok(Some(change)) => {
                            let change = Message::Change(board.info.kind, change);
                            self.carrier.handle(change, clock::now());
                        }
                        Ok(None) => {}
                        Err(error) => {
                            self.open = None;
                            return Err(error);
                        }
                    }
                }
                None => std::thread::sleep(left.min(TICK)),
            }
            self.carrier.wake(clock::now());
        }
    }

    fn expect_rings(&mut self, contact: Contact, times: usize) -> Result<(), String> {
        let line = self.line(contact)?;
        let latest = clock::now() + LATEST;
        let count = |stage: &Self| stage.count(&line);
        while count(self)? < times && clock::now() < latest {
            self.go_on(TICK).map_err(|error| error.to_string())?;
        }
        self.go_on(AFTER).map_err(|error| error.to_string())?;
        let rang = count(self)?;
        let mut rings = self.rings.lock().unwrap_or_else(PoisonError::into_inner);
        rings.retain(|(trigger, _)| **trigger != *line);
        match rang == times {
            true => Ok(()),
            false => Err(format!("{line} rang {rang} times, not {times}")),
        }
    }

    fn count(&self, line: &LineId) -> Result<usize, String> {
        let rings = self.rings.lock().unwrap_or_else(PoisonError::into_inner);
        let mut of_line = rings.iter().filter(|(trigger, _)| **trigger == **line);
        if let Some((_, Outcome::Failed { reason })) =
            of_line.clone().find(|(_, outcome)| matches!(outcome, Outcome::Failed { .. }))
        {
            return Err(format!("{line} rang without a sound: {reason}"));
        }
        Ok(of_line.by_ref().filter(|(_, outcome)| *outcome == Outcome::Playing).count())
    }

    fn take_rings(&mut self) {
        self.rings.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn line(&self, contact: Contact) -> Result<LineId, String> {
        let place = match contact {
            Contact::A => 0,
            Contact::B => 1,
        };
        let line = self.lines.get(place).ok_or("this stage has one contact")?;
        Ok(line.id.clone())
    }
}

impl<E: Into<String>> From<E> for Failure {
    fn from(reason: E) -> Self {
        Self::Wrong(reason.into())
    }
}

/// Each contact is moved to and fro, and read.
fn check_contacts(hand: &mut dyn Hand, lines: &[LineConfig]) -> Result<(), String> {
    let mut board = hand.open(lines).map_err(|error| error.to_string())?;
    if let Some(refused) = board.info.refused.first() {
        return Err(refused.to_string());
    }
    for (index, line) in (0..).zip(lines) {
        for state in [State::Active, State::Inactive] {
            hand.set(&line.id, state)?;
            let until = clock::now() + DEBOUNCE;
            // A wire follows at once; what stands for one in a test, a moment later.
            while board.edges.state(index).map_err(|error| error.to_string())? != state {
                if clock::now() > until {
                    return Err(match board.info.kind {
                        BoardKind::RaspberryPi => format!("{} does not follow its wire", line.id),
                        _ => format!("{} does not move", line.id),
                    });
                }
                std::thread::sleep(Duration::from_millis(1));
            }
        }
    }
    Ok(())
}

fn bells(lines: &[LineConfig], cue: &Cue) -> Result<Arc<Bells>, String> {
    let trigger = |line: &LineConfig| {
        let id: TriggerId = line.id.parse().map_err(|_| format!("{} is no trigger", line.id))?;
        let source = Source::Line(line.id.clone());
        Ok((id, Trigger { name: line.id.to_string(), source, cue: cue.clone() }))
    };
    let triggers = lines.iter().map(trigger).collect::<Result<_, String>>()?;
    Ok(Arc::new(Bells { triggers }))
}
