//! A board's thread: opens it, turns edges into changes, opens it anew when lost.

use std::{
    io,
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender},
    time::Duration,
};

use beffroi_boards::{Backoff, Board, BoardError, BoardKind, Refused, clock};
use beffroi_hal::{Inputs, LineConfig, OutputConfig};

use super::{Bell, Heartbeat, Message};

/// How often the thread shows that it lives and looks for a new plan.
const IDLE: Duration = Duration::from_millis(1500);

/// A line that another program holds is asked for again this often: opening anew is the only way.
const HELD: Duration = Duration::from_secs(30);

/// What a board is asked to watch and to switch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BoardPlan {
    /// Inputs.
    pub lines: Vec<LineConfig>,
    /// Outputs.
    pub outputs: Vec<OutputConfig>,
}

/// Watches a board from a thread of its own, for ever. `open` is called with the plan in force.
///
/// Send a new plan to have the board opened anew with it; it takes effect within two seconds.
pub fn watch_board(
    bell: &Bell,
    kind: BoardKind,
    open: impl FnMut(&BoardPlan) -> Result<Board, BoardError> + Send + 'static,
    plan: BoardPlan,
) -> io::Result<Sender<BoardPlan>> {
    let (plans, next_plan) = mpsc::channel();
    let thread = EdgesThread {
        kind,
        open,
        plan,
        next_plan,
        messages: bell.handle.messages.clone(),
        heartbeat: bell.heartbeats.add("edges"),
        backoff: Backoff::default(),
    };
    bell.watch.spawn("edges", || thread.run())?;
    Ok(plans)
}

struct EdgesThread<F> {
    kind: BoardKind,
    open: F,
    plan: BoardPlan,
    next_plan: Receiver<BoardPlan>,
    messages: SyncSender<Message>,
    heartbeat: Heartbeat,
    backoff: Backoff,
}

/// The engine has ended, and so must we.
struct EngineGone;

impl<F: FnMut(&BoardPlan) -> Result<Board, BoardError>> EdgesThread<F> {
    fn run(mut self) {
        while let Ok(()) = self.one_life() {}
    }

    /// From opening the board to losing it, or to a new plan.
    fn one_life(&mut self) -> Result<(), EngineGone> {
        let kind = self.kind;
        let lost = match (self.open)(&self.plan) {
            Ok(board) => self.watch(board)?,
            Err(error) => Some(error),
        };
        if let Some(error) = lost {
            let reason = error.to_string();
            tracing::warn!(board = %kind, reason, "the board is not there; trying again");
            self.send(Message::BoardLost { kind, reason })?;
            self.wait()?;
        }
        Ok(())
    }

    /// Watches until the board is lost (the error), or is to be opened anew (`None`).
    fn watch(&mut self, mut board: Board) -> Result<Option<BoardError>, EngineGone> {
        let kind = self.kind;
        let source = &mut *board.edges;
        let mut inputs = match Inputs::start(&self.plan.lines, source) {
            Ok(inputs) => inputs,
            Err(error) => return Ok(Some(error)),
        };
        let lines = inputs.states().map(|(line, state)| (line.clone(), state)).collect();
        let (detail, outputs) = (board.info.detail.clone(), board.outputs);
        let refused: Vec<_> = board.info.refused.iter().map(ToString::to_string).collect();
        tracing::info!(board = %kind, detail, "the board is open");
        for words in &refused {
            tracing::warn!(board = %kind, "{words}");
        }
        self.send(Message::BoardOpened { kind, detail, refused, lines, outputs })?;
        self.backoff.reset();
        let held = |refused: &Refused| matches!(refused.error, BoardError::Busy { .. });
        let again = board.info.refused.iter().any(held).then(|| clock::now() + HELD);
        loop {
            match inputs.poll(source, clock::now(), IDLE) {
                Ok(Some(change)) => self.send(Message::Change(kind, change))?,
                Ok(None) => {}
                Err(error) => return Ok(Some(error)),
            }
            self.heartbeat.beat();
            if self.take_plan() || again.is_some_and(|again| again <= clock::now()) {
                return Ok(None);
            }
        }
    }

    /// Waits before the next try, alive and with an ear for a new plan.
    fn wait(&mut self) -> Result<(), EngineGone> {
        let mut left = self.backoff.failed();
        while !left.is_zero() {
            let slice = left.min(IDLE);
            self.heartbeat.beat();
            match self.next_plan.recv_timeout(slice) {
                Ok(plan) => {
                    self.plan = plan;
                    return Ok(());
                }
                Err(RecvTimeoutError::Timeout) => left -= slice,
                Err(RecvTimeoutError::Disconnected) => return Err(EngineGone),
            }
        }
        Ok(())
    }

    fn take_plan(&mut self) -> bool {
        let newest = self.next_plan.try_iter().last();
        let changed = newest.as_ref().is_some_and(|plan| *plan != self.plan);
        if let Some(plan) = newest {
            self.plan = plan;
        }
        changed
    }

    /// A change waits for the engine; it is never dropped.
    fn send(&self, message: Message) -> Result<(), EngineGone> {
        self.messages.send(message).map_err(|_| EngineGone)
    }
}
