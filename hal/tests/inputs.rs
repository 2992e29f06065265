//! Debounced inputs over contacts that bounce, as a scripted world.

#![expect(clippy::unwrap_used, reason = "the helpers here are tests too, which clippy cannot see")]

use std::{convert::Infallible, time::Duration};

use State::{Active, Inactive};
use beffroi_hal::{
    Bias, Edge, EdgeSource, Inputs, Instant, LineConfig, LineIndex, Polarity, Signal, State,
};

const SETTLE_MS: u64 = 30;

/// Contacts that move at given times, seen or unseen, and the clock of whoever waits for them.
struct World {
    now: Instant,
    /// When, which line, where to; whether there is an edge of it.
    moves: Vec<(u64, LineIndex, State, bool)>,
    read: usize,
}

impl World {
    fn new(moves: impl IntoIterator<Item = (u64, LineIndex, State)>) -> Self {
        let mut moves: Vec<_> =
            moves.into_iter().map(|(at, line, to)| (at, line, to, true)).collect();
        moves.sort_by_key(|(at, ..)| *at);
        Self { now: ms(0), moves, read: 0 }
    }

    /// Loses the edges between these times, the contacts move all the same.
    fn deaf(mut self, from_ms: u64, to_ms: u64) -> Self {
        for (at, _, _, seen) in &mut self.moves {
            *seen &= !(from_ms..to_ms).contains(at);
        }
        self
    }

    /// The changes until `until_ms`: line, state, time. The reader is away while `busy_ms` lasts.
    fn changes_while_busy(
        mut self,
        busy_ms: std::ops::Range<u64>,
        until_ms: u64,
    ) -> Vec<(String, State, u64)> {
        let lines = ["A", "B"].map(|id| LineConfig {
            id: id.parse().unwrap(),
            offset: 0,
            bias: Bias::PullUp,
            active: Polarity::Low,
            debounce: Duration::from_millis(SETTLE_MS),
        });
        let mut inputs = Inputs::start(&lines, &mut self).unwrap();
        let mut changes = Vec::new();
        while self.now < ms(until_ms) {
            if (ms(busy_ms.start)..ms(busy_ms.end)).contains(&self.now) {
                self.now = ms(busy_ms.end);
            }
            let (now, left) = (self.now, ms(until_ms).since(self.now));
            if let Some(change) = inputs.poll(&mut self, now, left).unwrap() {
                let at = u64::try_from(change.at.since_epoch().as_millis()).unwrap();
                changes.push((change.line.to_string(), change.state, at));
            }
        }
        let settled: Vec<_> = inputs.states().map(|(_, state)| state).collect();
        assert_eq!(settled, [self.state(0).unwrap(), self.state(1).unwrap()], "none is left stuck");
        changes
    }

    fn changes(self, until_ms: u64) -> Vec<(String, State, u64)> {
        self.changes_while_busy(0..0, until_ms)
    }
}

impl EdgeSource for World {
    type Error = Infallible;

    fn next_edge(&mut self, timeout: Duration) -> Result<Option<Edge>, Infallible> {
        let until = self.now + timeout;
        while let Some(&(at, line, to, seen)) = self.moves.get(self.read) {
            if ms(at) > until {
                break;
            }
            self.read += 1;
            if seen {
                self.now = self.now.max(ms(at));
                let signal = if to == Active { Signal::Rising } else { Signal::Falling };
                return Ok(Some(Edge { line, signal, at: ms(at) }));
            }
        }
        self.now = until;
        Ok(None)
    }

    fn state(&mut self, line: LineIndex) -> Result<State, Infallible> {
        let by_now = self.moves.iter().take_while(|(at, ..)| ms(*at) <= self.now);
        Ok(by_now.filter(|(_, of, ..)| *of == line).last().map_or(Inactive, |(_, _, to, _)| *to))
    }
}

fn ms(at: u64) -> Instant {
    Instant::from_millis(at)
}

/// A contact that chatters for 10 ms and rests on `to`.
fn bouncing(
    line: LineIndex,
    from_ms: u64,
    to: State,
) -> impl Iterator<Item = (u64, LineIndex, State)> {
    let other = if to == Active { Inactive } else { Active };
    (0..=10).map(move |n| (from_ms + n, line, if n % 2 == 0 { to } else { other }))
}

fn press(line: LineIndex, from_ms: u64) -> impl Iterator<Item = (u64, LineIndex, State)> {
    bouncing(line, from_ms, Active).chain(bouncing(line, from_ms + 200, Inactive))
}

fn expect(changes: &[(String, State, u64)], expected: &[(&str, State, u64)]) {
    let found: Vec<_> = changes.iter().map(|(line, to, at)| (line.as_str(), *to, *at)).collect();
    assert_eq!(found, expected);
}

#[test]
fn ten_milliseconds_of_chatter_are_one_press() {
    let world = World::new(press(0, 100));
    expect(&world.changes(1_000), &[("A", Active, 140), ("A", Inactive, 340)]);
}

#[test]
fn two_lines_at_once_are_two_presses() {
    let world = World::new(press(0, 100).chain(press(1, 103)));
    expect(
        &world.changes(1_000),
        &[("A", Active, 140), ("B", Active, 143), ("A", Inactive, 340), ("B", Inactive, 343)],
    );
}

#[test]
fn a_line_that_never_rests_does_not_hide_another() {
    let hum = (1..=100).map(|n| (n * 10, 1, if n % 2 == 1 { Active } else { Inactive }));
    let world = World::new(hum.chain(press(0, 100)));
    expect(&world.changes(1_010), &[("A", Active, 140), ("A", Inactive, 340)]);
}

#[test]
fn a_contact_held_at_the_start_is_no_change_until_it_is_let_go() {
    let world = World::new([(0, 0, Active)].into_iter().chain(bouncing(0, 500, Inactive)));
    expect(&world.changes(1_000), &[("A", Inactive, 540)]);
}

#[test]
fn a_lost_edge_delays_nothing_and_hides_nothing() {
    // The press is heard at its first two edges only: the second one says that it is over.
    let world = World::new(press(0, 100)).deaf(102, 200);
    expect(&world.changes(1_000), &[("A", Active, 131), ("A", Inactive, 340)]);
    // Of the release the last edge is lost; what was heard last is that the contact is closed again.
    let world = World::new(press(0, 100)).deaf(310, 311);
    expect(&world.changes(1_000), &[("A", Active, 140), ("A", Inactive, 339)]);
}

#[test]
fn a_late_reader_misses_no_press() {
    // Busy from before the first press until after the second one is over.
    let world = World::new(press(0, 100).chain(press(0, 500)).chain(press(1, 150)));
    let changes = world.changes_while_busy(50..900, 1_500);
    for line in ["A", "B"] {
        let of_line: Vec<_> = changes.iter().filter(|(id, ..)| id == line).collect();
        let states: Vec<_> = of_line.iter().map(|(_, to, _)| *to).collect();
        let presses = if line == "A" { 2 } else { 1 };
        assert_eq!(states, [Active, Inactive].repeat(presses), "{line}");
        assert!(of_line.is_sorted_by_key(|(_, _, at)| *at), "{line}");
    }
    // Away only for the moment at which the press would have settled.
    let changes = World::new(press(0, 100)).changes_while_busy(105..180, 1_000);
    expect(&changes, &[("A", Active, 140), ("A", Inactive, 340)]);
}
