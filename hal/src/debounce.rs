//! From a chattering contact to one change.
//!
//! Edges wake us, a settled level decides: a change counts once the line has rested for the settle
//! time, and then the line itself is asked. A lost edge can delay a change, never hide one.

use core::time::Duration;

use crate::{Instant, Signal, State};

/// One line's debouncer. Time is an argument.
#[derive(Debug, Clone)]
pub struct Debouncer {
    settle: Duration,
    settled: State,
    /// The last edge that has not settled yet: what it led to, and when it will have settled.
    pending: Option<(State, Instant)>,
    pulse_until: Option<Instant>,
}

/// What an edge did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing that counts yet; see [`Debouncer::deadline`].
    Unsettled,
    /// The line had settled on this state at this moment.
    Changed(State, Instant),
    /// A whole press.
    Pressed(Instant),
}

impl Debouncer {
    /// A debouncer for a line that rests at `settled` now. With a settle time of zero each edge counts at once.
    pub const fn new(settle: Duration, settled: State) -> Self {
        Self { settle, settled, pending: None, pulse_until: None }
    }

    /// The state that counts.
    pub const fn settled(&self) -> State {
        self.settled
    }

    /// When [`Debouncer::settle`] wants to be called, if nothing else happens before.
    pub const fn deadline(&self) -> Option<Instant> {
        match self.pending {
            Some((_, at)) => Some(at),
            None => None,
        }
    }

    /// Takes an edge in.
    ///
    /// Where we come late and the line had settled *before* this edge, that settled state counts:
    /// a press is not lost because the processor was busy while it lasted.
    pub fn edge(&mut self, signal: Signal, at: Instant) -> Outcome {
        let state = match signal {
            Signal::Rising => State::Active,
            Signal::Falling => State::Inactive,
            Signal::Pulse => return self.pulse(at),
        };
        let overdue = self.pending.filter(|(_, deadline)| *deadline <= at);
        self.pending = Some((state, at + self.settle));
        match overdue {
            Some((before, deadline)) => self.rest(before, deadline),
            None if self.settle.is_zero() => {
                self.pending = None;
                self.rest(state, at)
            }
            None => Outcome::Unsettled,
        }
    }

    /// Settles, at or after the deadline, on the state that the line itself shows.
    pub fn settle(&mut self, sampled: State, now: Instant) -> Outcome {
        match self.pending {
            Some((_, deadline)) if deadline <= now => {
                self.pending = None;
                self.rest(sampled, deadline)
            }
            _ => Outcome::Unsettled,
        }
    }

    fn rest(&mut self, state: State, at: Instant) -> Outcome {
        if state == self.settled {
            return Outcome::Unsettled;
        }
        self.settled = state;
        Outcome::Changed(state, at)
    }

    /// A press that was seen whole needs no settling; those that follow within the settle time are its bounces.
    fn pulse(&mut self, at: Instant) -> Outcome {
        let bounce = self.pulse_until.is_some_and(|until| at < until);
        self.pulse_until = Some(at + self.settle);
        if bounce { Outcome::Unsettled } else { Outcome::Pressed(at) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Signal::{Falling, Pulse, Rising};
    use State::{Active, Inactive};

    const SETTLE: Duration = Duration::from_millis(30);

    fn ms(at: u64) -> Instant {
        Instant::from_millis(at)
    }

    fn at_rest() -> Debouncer {
        Debouncer::new(SETTLE, Inactive)
    }

    #[test]
    fn a_bouncing_press_is_one_change() {
        let mut line = at_rest();
        for at in 0..10 {
            let signal = if at % 2 == 0 { Rising } else { Falling };
            assert_eq!(line.edge(signal, ms(at)), Outcome::Unsettled);
        }
        assert_eq!(line.deadline(), Some(ms(39)));
        assert_eq!(line.settle(Active, ms(38)), Outcome::Unsettled, "too early");
        assert_eq!(line.settle(Active, ms(39)), Outcome::Changed(Active, ms(39)));
        assert_eq!(line.deadline(), None);
    }

    #[test]
    fn the_sampled_state_decides_when_the_last_edge_was_lost() {
        let mut line = at_rest();
        line.edge(Rising, ms(0));
        line.edge(Falling, ms(1)); // and a rising edge that nobody saw
        assert_eq!(line.settle(Active, ms(31)), Outcome::Changed(Active, ms(31)));
    }

    #[test]
    fn a_glitch_shorter_than_the_settle_time_is_nothing() {
        let mut line = at_rest();
        line.edge(Rising, ms(0));
        line.edge(Falling, ms(5));
        assert_eq!(line.settle(Inactive, ms(40)), Outcome::Unsettled);
    }

    #[test]
    fn a_press_that_ended_before_we_looked_still_counts() {
        let mut line = at_rest();
        assert_eq!(line.edge(Rising, ms(0)), Outcome::Unsettled);
        assert_eq!(line.edge(Falling, ms(100)), Outcome::Changed(Active, ms(30)));
        assert_eq!(line.settle(Inactive, ms(130)), Outcome::Changed(Inactive, ms(130)));
    }

    #[test]
    fn without_a_settle_time_each_edge_counts() {
        let mut line = Debouncer::new(Duration::ZERO, Inactive);
        assert_eq!(line.edge(Rising, ms(0)), Outcome::Changed(Active, ms(0)));
        assert_eq!(line.edge(Rising, ms(1)), Outcome::Unsettled);
        assert_eq!(line.edge(Falling, ms(1)), Outcome::Changed(Inactive, ms(1)));
        assert_eq!(line.deadline(), None);
    }

    #[test]
    fn a_pulse_counts_at_once_and_its_bounces_do_not() {
        let mut line = at_rest();
        assert_eq!(line.edge(Pulse, ms(0)), Outcome::Pressed(ms(0)));
        assert_eq!(line.edge(Pulse, ms(10)), Outcome::Unsettled);
        assert_eq!(line.edge(Pulse, ms(39)), Outcome::Unsettled, "still bouncing");
        assert_eq!(line.edge(Pulse, ms(69)), Outcome::Pressed(ms(69)));
    }
}
