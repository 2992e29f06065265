//! A board's debounced inputs: the generic user of every [`EdgeSource`].

use core::time::Duration;

use heapless::Vec;

use crate::{
    Debouncer, EdgeSource, Instant, LineConfig, LineId, LineIndex, State, debounce::Outcome,
};

/// The most lines that one board watches.
pub const MAX_LINES: usize = 64;

/// What a line did, after debouncing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which line.
    pub line: LineId,
    /// The state that it settled on; `Active` for a press that was seen whole.
    pub state: State,
    /// Whether it is already inactive again: a press that was seen whole.
    pub momentary: bool,
    /// When it had settled.
    pub at: Instant,
}

/// The debounced inputs of one board.
#[derive(Debug)]
pub struct Inputs {
    lines: Vec<(LineId, Debouncer), MAX_LINES>,
}

impl Inputs {
    /// Reads where each line rests. A line that is active already is no change: nothing rings because a box starts.
    ///
    /// `lines` is the list that the board was opened with, in the same order; those past [`MAX_LINES`] are not watched.
    pub fn start<S: EdgeSource + ?Sized>(
        lines: &[LineConfig],
        source: &mut S,
    ) -> Result<Self, S::Error> {
        let mut inputs = Self { lines: Vec::new() };
        for (index, config) in (0..).zip(lines.iter().take(MAX_LINES)) {
            let debouncer = Debouncer::new(config.debounce, source.state(index)?);
            let pushed = inputs.lines.push((config.id.clone(), debouncer));
            debug_assert!(pushed.is_ok(), "at most MAX_LINES are taken");
        }
        Ok(inputs)
    }

    /// Each line and the state that counts.
    pub fn states(&self) -> impl Iterator<Item = (&LineId, State)> {
        self.lines.iter().map(|(id, debouncer)| (id, debouncer.settled()))
    }

    /// The next change, or `None` when there was none for now: call again with the new time.
    ///
    /// Waits for an edge, for a line to settle, or for `at_most`, whichever comes first.
    pub fn poll<S: EdgeSource + ?Sized>(
        &mut self,
        source: &mut S,
        now: Instant,
        at_most: Duration,
    ) -> Result<Option<Change>, S::Error> {
        if let Some(index) = self.overdue(now) {
            // Edges that wait to be read are older than `now`: they go first, in the order of their time.
            return match source.next_edge(Duration::ZERO)? {
                Some(edge) => Ok(self.edge(edge)),
                None => {
                    let sampled = source.state(index)?;
                    Ok(self.settle(index, sampled, now))
                }
            };
        }
        let nearest = self.lines.iter().filter_map(|(_, line)| line.deadline()).min();
        let wait = nearest.map_or(at_most, |deadline| deadline.since(now).min(at_most));
        Ok(source.next_edge(wait)?.and_then(|edge| self.edge(edge)))
    }

    fn overdue(&self, now: Instant) -> Option<LineIndex> {
        (0..)
            .zip(&self.lines)
            .find(|(_, (_, line))| line.deadline().is_some_and(|deadline| deadline <= now))
            .map(|(index, _)| index)
    }

    fn edge(&mut self, edge: crate::Edge) -> Option<Change> {
        let (id, line) = self.lines.get_mut(usize::from(edge.line))?;
        change(id, line.edge(edge.signal, edge.at))
    }

    fn settle(&mut self, index: LineIndex, sampled: State, now: Instant) -> Option<Change> {
        let (id, line) = self.lines.get_mut(usize::from(index))?;
        change(id, line.settle(sampled, now))
    }
}

fn change(line: &LineId, outcome: Outcome) -> Option<Change> {
    let (state, momentary, at) = match outcome {
        Outcome::Unsettled => return None,
        Outcome::Changed(state, at) => (state, false, at),
        Outcome::Pressed(at) => (State::Active, true, at),
    };
    Some(Change { line: line.clone(), state, momentary, at })
}
