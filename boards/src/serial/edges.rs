//! Serial inputs: what the board says, as edges.
//!
//! A level that is said again is no edge, so a board may repeat itself. Levels are debounced like
//! contacts; a board that has done so itself wants `debounce_ms` 0.

use std::{
    collections::VecDeque,
    io::{self, Read},
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use beffroi_hal::{
    Edge, EdgeSource, Instant, LineConfig, LineId, LineIndex, MAX_LINES, Signal, State,
};
use serialport::{SerialPort, TTYPort};

use super::{
    Counters, SerialConfig,
    frames::{Frame, Frames},
};
use crate::{BoardError, clock};

/// The shortest pause that ends a line: USB adapters and slow speeds pause for less.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);

/// The inputs of a serial board.
pub(super) struct Edges {
    port: TTYPort,
    what: String,
    lines: Vec<(LineId, State)>,
    counters: Arc<Counters>,
    frames: Frames,
    /// How long a line may pause.
    pause: Duration,
    /// Read and not yet looked at; more is read when it is empty.
    received: VecDeque<u8>,
    /// When `received` was read.
    received_at: Instant,
    gone: bool,
}

impl Edges {
    pub(super) fn new(
        port: TTYPort,
        config: &SerialConfig,
        lines: &[LineConfig],
        counters: Arc<Counters>,
    ) -> Self {
        let lines = lines.iter().take(MAX_LINES);
        Self {
            port,
            what: config.what(),
            // Nobody has said anything yet; a board that wants to be known says it at its start.
            lines: lines.map(|line| (line.id.clone(), State::Inactive)).collect(),
            counters,
            frames: Frames::default(),
            pause: config.timeout.max(SHORTEST_PAUSE),
            received: VecDeque::new(),
            received_at: clock::now(),
            gone: false,
        }
    }

    /// The first edge in what was received.
    fn take_edge(&mut self) -> Option<Edge> {
        while let Some(byte) = self.received.pop_front() {
            let Some(frame) = self.frames.push(byte) else { continue };
            if let Some((line, signal)) = self.understand(frame) {
                return Some(Edge { line, signal, at: self.received_at });
            }
        }
        None
    }

    fn understand(&mut self, frame: Frame) -> Option<(LineIndex, Signal)> {
        let (name, level) = match frame {
            Frame::Press(name) => (name, None),
            Frame::Level(name, state) => (name, Some(state)),
            Frame::Garbage => {
                self.counters.ignored.fetch_add(1, Relaxed);
                return None;
            }
        };
        let Some((line, (_, state))) = (0..).zip(&mut self.lines).find(|(_, (id, _))| *id == name)
        else {
            self.counters.count_unknown(name);
            return None;
        };
        self.counters.frames.fetch_add(1, Relaxed);
        let signal = match level {
            None => Signal::Pulse,
            Some(level) if level == *state => return None,
            Some(State::Active) => Signal::Rising,
            Some(State::Inactive) => Signal::Falling,
        };
        *state = level.unwrap_or(*state);
        Some((line, signal))
    }

    /// Waits for bytes, as long as asked. Whether there were any.
    fn receive(&mut self, wait: Duration) -> Result<bool, BoardError> {
        let mut bytes = [0; 256];
        let read = self.port.set_timeout(wait).map_err(io::Error::from);
        let count = match read.and_then(|()| self.port.read(&mut bytes)) {
            Ok(0) => return Err(self.lost(&"it was unplugged")), // a terminal that hung up
            Ok(count) => count,
            Err(error) => match error.kind() {
                io::ErrorKind::TimedOut | io::ErrorKind::Interrupted => return Ok(false),
                io::ErrorKind::BrokenPipe => return Err(self.lost(&"it was unplugged")),
                _ => return Err(self.lost(&error)),
            },
        };
        self.received_at = clock::now();
        self.received.extend(bytes.iter().take(count).copied());
        Ok(true)
    }

    /// Half a line that nobody ends must not spoil the next one: a board that was switched off in
    /// the middle of a word, or the noise of a plug.
    fn forget_half_a_line(&mut self) {
        let pause = clock::now().since(self.received_at);
        if self.frames.is_unfinished() && pause >= self.pause {
            self.frames.clear();
            self.counters.ignored.fetch_add(1, Relaxed);
        }
    }

    fn lost(&mut self, why: &impl ToString) -> BoardError {
        self.gone = true;
        BoardError::Lost { what: self.what.clone(), why: why.to_string() }
    }
}

impl EdgeSource for Edges {
    type Error = BoardError;

    fn next_edge(&mut self, timeout: Duration) -> Result<Option<Edge>, BoardError> {
        if self.gone {
            return Err(self.lost(&"it was unplugged"));
        }
        let until = clock::now() + timeout;
        loop {
            if let Some(edge) = self.take_edge() {
                return Ok(Some(edge));
            }
            let now = clock::now();
            let mut wait = until.since(now);
            if self.frames.is_unfinished() {
                wait = wait.min((self.received_at + self.pause).since(now));
            }
            if !self.receive(wait)? {
                self.forget_half_a_line();
            }
            // Also where bytes keep coming: a board that chatters must not keep us from settling.
            if clock::now() >= until {
                return Ok(self.take_edge());
            }
        }
    }

    fn state(&mut self, line: LineIndex) -> Result<State, BoardError> {
        Ok(self.lines.get(usize::from(line)).map_or(State::Inactive, |(_, state)| *state))
    }
}
