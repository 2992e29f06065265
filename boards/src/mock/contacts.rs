//! What a live mock board has for hardware, and the hand that moves it.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

use beffroi_hal::{
    Edge, LineConfig, LineId, LineIndex, MAX_LINES, OutputConfig, Polarity, Signal, State,
};
use embedded_hal::digital::PinState;

use super::{edges::LiveEdges, outputs};
use crate::{Board, BoardError, BoardInfo, BoardKind, clock};

/// The most edges that wait to be read. Past it the oldest goes: the later ones still wake the
/// reader, and the contact itself says where it rests.
const QUEUE: usize = 1024;

/// Moves the contacts of a live mock board and reads its lamps, from any thread.
#[derive(Debug, Clone, Default)]
pub struct MockHandle(Arc<Contacts>);

/// The mock board has no such line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the mock board has no line {line}; it has {}", list(.known))]
pub struct UnknownLine {
    /// The line that was asked for.
    pub line: LineId,
    /// Those there are.
    pub known: Vec<LineId>,
}

fn list(known: &[LineId]) -> String {
    let names: Vec<&str> = known.iter().map(|id| &**id).collect();
    if names.is_empty() { "none".into() } else { names.join(", ") }
}

impl MockHandle {
    /// Moves a contact. Where it rests already, nothing happens.
    pub fn set(&self, line: &LineId, state: State) -> Result<(), UnknownLine> {
        let mut wired = self.0.lock();
        let wired = &mut *wired;
        let contact = (0..).zip(&mut wired.lines).find(|(_, (id, _))| id == line);
        let Some((index, (_, resting))) = contact else {
            let known = wired.lines.iter().map(|(id, _)| id.clone()).collect();
            return Err(UnknownLine { line: line.clone(), known });
        };
        if *resting != state {
            *resting = state;
            let signal = match state {
                State::Active => Signal::Rising,
                State::Inactive => Signal::Falling,
            };
            wired.report(index, signal);
            self.0.changed.notify_all();
        }
        Ok(())
    }

    /// Each contact, and where it rests.
    pub fn lines(&self) -> Vec<(LineId, State)> {
        self.0.lock().lines.clone()
    }

    /// Each lamp, and whether it glows.
    pub fn outputs(&self) -> BTreeMap<LineId, State> {
        self.0.lock().outputs.iter().map(|(id, lamp)| (id.clone(), lamp.state())).collect()
    }

    /// Whether a lamp glows.
    pub fn output_state(&self, output: &LineId) -> Option<State> {
        self.0.lock().outputs.get(output).map(Lamp::state)
    }

    /// Takes the board away: it is lost, and cannot be opened until [`Self::restore`].
    pub fn lose(&self) {
        let mut wired = self.0.lock();
        wired.away = true;
        wired.life += 1;
        self.0.changed.notify_all();
    }

    /// Brings the board back: it can be opened anew.
    pub fn restore(&self) {
        self.0.lock().away = false;
    }

    /// Opens the board anew, with other lines if wanted; contacts stay where they are. A board
    /// that is still open is lost by it: contacts have one reader.
    pub fn open(
        &self,
        lines: &[LineConfig],
        outputs: &[OutputConfig],
    ) -> Result<Board, BoardError> {
        if self.0.lock().away {
            return Err(BoardError::NotFound { what: "the mock board".into() });
        }
        Ok(self.plug_in(lines, outputs))
    }

    pub(super) fn plug_in(&self, lines: &[LineConfig], outputs: &[OutputConfig]) -> Board {
        let life = self.0.lock().rewire(lines, outputs);
        self.0.changed.notify_all();
        Board {
            info: BoardInfo::new(BoardKind::Mock, "no hardware".into(), lines),
            edges: Box::new(LiveEdges::new(Arc::clone(&self.0), life)),
            outputs: outputs::pins(&self.0, life, outputs),
        }
    }
}

/// The contacts and lamps. Holding the lock is always brief.
#[derive(Debug, Default)]
pub(super) struct Contacts {
    wired: Mutex<Wired>,
    /// There is something to read, or nobody will ever write again.
    pub(super) changed: Condvar,
}

#[derive(Debug, Default)]
pub(super) struct Wired {
    pub(super) lines: Vec<(LineId, State)>,
    pub(super) outputs: BTreeMap<LineId, Lamp>,
    pub(super) queue: VecDeque<Edge>,
    /// Which opening is the present one.
    life: u64,
    away: bool,
}

#[derive(Debug)]
pub(super) struct Lamp {
    pub(super) level: PinState,
    active: Polarity,
}

impl Contacts {
    pub(super) fn lock(&self) -> MutexGuard<'_, Wired> {
        self.wired.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wired {
    /// Whether the board that was opened as `life` may go on.
    pub(super) fn check(&self, life: u64) -> Result<(), BoardError> {
        if self.life == life {
            return Ok(());
        }
        let why = if self.away { "it was taken away" } else { "it was opened anew" };
        Err(BoardError::Lost { what: "the mock board".into(), why: why.into() })
    }

    fn rewire(&mut self, lines: &[LineConfig], outputs: &[OutputConfig]) -> u64 {
        let before: BTreeMap<_, _> = self.lines.drain(..).collect();
        let lines = lines.iter().take(MAX_LINES).map(|line| line.id.clone());
        self.lines.extend(lines.map(|id| {
            let resting = before.get(&id).copied().unwrap_or_default();
            (id, resting)
        }));
        let lamps = outputs.iter().map(|output| (output.id.clone(), Lamp::at_rest(output.active)));
        self.outputs = lamps.collect();
        self.queue.clear();
        self.life += 1;
        self.life
    }

    fn report(&mut self, line: LineIndex, signal: Signal) {
        if self.queue.len() >= QUEUE {
            self.queue.pop_front();
        }
        self.queue.push_back(Edge { line, signal, at: clock::now() });
    }
}

impl Lamp {
    fn at_rest(active: Polarity) -> Self {
        Self { level: (active == Polarity::Low).into(), active }
    }

    fn state(&self) -> State {
        let glows = (self.level == PinState::High) == (self.active == Polarity::High);
        if glows { State::Active } else { State::Inactive }
    }
}
