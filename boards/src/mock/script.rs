//! Edges by a script, in virtual time.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use beffroi_hal::{Edge, EdgeSource, Instant, LineIndex, Signal, State};

use crate::BoardError;

/// The clock of a scripted board. It moves when somebody waits for an edge, or moves it.
#[derive(Debug, Clone, Default)]
pub struct VirtualClock(Arc<Mutex<Instant>>);

impl VirtualClock {
    /// The present moment of the scene.
    pub fn now(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets time pass without looking at the board: its reader was busy elsewhere.
    pub fn advance(&self, by: Duration) {
        self.advance_to(self.now() + by);
    }

    fn advance_to(&self, moment: Instant) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = moment.max(*now);
    }
}

/// Plays its script.
#[derive(Debug)]
pub(super) struct ScriptedEdges {
    script: Vec<Edge>,
    next: usize,
    clock: VirtualClock,
}

impl ScriptedEdges {
    pub(super) fn new(script: Vec<(Instant, LineIndex, Signal)>, clock: VirtualClock) -> Self {
        let edge = |(at, line, signal)| Edge { line, signal, at };
        let mut script: Vec<_> = script.into_iter().map(edge).collect();
        script.sort_by_key(|edge| edge.at);
        Self { script, next: 0, clock }
    }
}

impl EdgeSource for ScriptedEdges {
    type Error = BoardError;

    fn next_edge(&mut self, timeout: Duration) -> Result<Option<Edge>, BoardError> {
        let until = self.clock.now() + timeout;
        let edge = self.script.get(self.next).filter(|edge| edge.at <= until).copied();
        self.clock.advance_to(edge.map_or(until, |edge| edge.at));
        self.next += usize::from(edge.is_some());
        Ok(edge)
    }

    fn state(&mut self, line: LineIndex) -> Result<State, BoardError> {
        let now = self.clock.now();
        let by_now = self.script.iter().take_while(|edge| edge.at <= now);
        let led_to = by_now.filter(|edge| edge.line == line).filter_map(|edge| match edge.signal {
            Signal::Rising => Some(State::Active),
            Signal::Falling => Some(State::Inactive),
            Signal::Pulse => None,
        });
        Ok(led_to.last().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use beffroi_hal::{Bias, Inputs, LineConfig, Polarity};

    use super::*;
    use crate::mock::scripted;

    fn ms(at: u64) -> Instant {
        Instant::from_millis(at)
    }

    #[test]
    fn waiting_moves_the_clock_to_the_edge_or_to_the_timeout() {
        let script = vec![(ms(500), 0, Signal::Falling), (ms(100), 0, Signal::Rising)];
        let (mut board, clock) = scripted(&[], script);
        let mut wait =
            |timeout_ms| board.edges.next_edge(Duration::from_millis(timeout_ms)).unwrap();
        assert_eq!(wait(50), None);
        assert_eq!(clock.now(), ms(50));
        assert_eq!(wait(1_000).unwrap().at, ms(100));
        assert_eq!(clock.now(), ms(100));
        clock.advance(Duration::from_secs(1));
        assert_eq!(wait(0).unwrap().at, ms(500), "late");
        assert_eq!(clock.now(), ms(1_100));
        assert_eq!(wait(10), None);
        assert_eq!(clock.now(), ms(1_110));
    }

    #[test]
    fn an_hour_of_bouncing_presses_runs_in_no_time() {
        let line = LineConfig {
            id: "A".parse().unwrap(),
            offset: 0,
            bias: Bias::PullUp,
            active: Polarity::Low,
            debounce: Duration::from_millis(30),
        };
        let press = |minute: u64| {
            let chatter = (0..11).map(move |n| (ms(minute * 60_000 + n), n % 2 == 0));
            chatter.chain([(ms(minute * 60_000 + 400), false)])
        };
        let signal = |up| if up { Signal::Rising } else { Signal::Falling };
        let script = (1..=60).flat_map(press).map(|(at, up)| (at, 0, signal(up))).collect();

        let (mut board, clock) = scripted(std::slice::from_ref(&line), script);
        let mut inputs = Inputs::start(&[line], &mut *board.edges).unwrap();
        let mut presses = Vec::new();
        while clock.now() < ms(61 * 60_000) {
            let at_most = Duration::from_secs(5);
            let change = inputs.poll(&mut *board.edges, clock.now(), at_most).unwrap();
            presses.extend(change.filter(|change| change.state == State::Active));
        }
        assert_eq!(presses.len(), 60);
        assert_eq!(presses[0].at, ms(60_040), "settled 30 ms after the last bounce");
    }
}
