//! The inputs of a live mock board.

use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

use beffroi_hal::{Edge, EdgeSource, LineIndex, State};

use super::contacts::Contacts;
use crate::BoardError;

/// The inputs of one opening of the board.
#[derive(Debug)]
pub(super) struct LiveEdges {
    contacts: Arc<Contacts>,
    life: u64,
}

impl LiveEdges {
    pub(super) const fn new(contacts: Arc<Contacts>, life: u64) -> Self {
        Self { contacts, life }
    }
}

impl EdgeSource for LiveEdges {
    type Error = BoardError;

    fn next_edge(&mut self, timeout: Duration) -> Result<Option<Edge>, BoardError> {
        let nothing = |wired: &mut super::contacts::Wired| {
            wired.check(self.life).is_ok() && wired.queue.is_empty()
        };
        let (mut wired, _) = self
            .contacts
            .changed
            .wait_timeout_while(self.contacts.lock(), timeout, nothing)
            .unwrap_or_else(PoisonError::into_inner);
        wired.check(self.life)?;
        Ok(wired.queue.pop_front())
    }

    fn state(&mut self, line: LineIndex) -> Result<State, BoardError> {
        let wired = self.contacts.lock();
        wired.check(self.life)?;
        Ok(wired.lines.get(usize::from(line)).map_or(State::Inactive, |(_, state)| *state))
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use beffroi_hal::{Bias, LineConfig, LineId, OutputConfig, Polarity, Signal};

    use super::*;
    use crate::mock::live;

    const LONG: Duration = Duration::from_secs(10);

    fn id(name: &str) -> LineId {
        name.parse().unwrap()
    }

    fn lines(names: &[&str]) -> Vec<LineConfig> {
        let line = |name: &&str| LineConfig {
            id: id(name),
            offset: 0,
            bias: Bias::PullUp,
            active: Polarity::Low,
            debounce: Duration::ZERO,
        };
        names.iter().map(line).collect()
    }

    #[test]
    fn a_moved_contact_wakes_who_waits() {
        let (mut board, hand) = live(&lines(&["A", "B"]), &[]);
        let mover = thread::spawn(move || hand.set(&id("B"), State::Active));
        let edge = board.edges.next_edge(LONG).unwrap().unwrap();
        assert_eq!((edge.line, edge.signal), (1, Signal::Rising));
        assert_eq!(mover.join().unwrap(), Ok(()));
        assert_eq!(board.edges.state(1), Ok(State::Active));
        assert_eq!(board.edges.state(0), Ok(State::Inactive));
    }

    #[test]
    fn a_contact_that_does_not_move_has_no_edge() {
        let (mut board, hand) = live(&lines(&["A"]), &[]);
        hand.set(&id("A"), State::Inactive).unwrap();
        assert_eq!(board.edges.next_edge(Duration::ZERO), Ok(None));
    }

    #[test]
    fn an_unknown_line_is_told_with_those_there_are() {
        let (_board, hand) = live(&lines(&["A", "B"]), &[]);
        let error = hand.set(&id("C"), State::Active).unwrap_err();
        assert_eq!(error.to_string(), "the mock board has no line C; it has A, B");
    }

    #[test]
    fn a_lost_board_is_lost_until_it_is_opened_anew() {
        let (mut board, hand) = live(&lines(&["A", "B"]), &[]);
        let loser = thread::spawn({
            let hand = hand.clone();
            move || hand.lose()
        });
        assert!(matches!(board.edges.next_edge(LONG), Err(BoardError::Lost { .. })));
        loser.join().unwrap();
        assert!(matches!(board.edges.state(0), Err(BoardError::Lost { .. })));
        assert!(matches!(hand.open(&lines(&["A"]), &[]), Err(BoardError::NotFound { .. })));
        hand.set(&id("B"), State::Active).unwrap();
        hand.restore();
        let mut again = hand.open(&lines(&["B", "C"]), &[]).unwrap();
        assert_eq!(again.edges.state(0), Ok(State::Active), "contacts stay where they are");
        assert_eq!(again.edges.next_edge(Duration::ZERO), Ok(None), "edges of another life");
        assert!(matches!(board.edges.next_edge(LONG), Err(BoardError::Lost { .. })));
    }

    #[test]
    fn a_lamp_glows_by_its_polarity_and_rests_at_first() {
        for active in [Polarity::High, Polarity::Low] {
            let lamp = OutputConfig { id: id("LAMP"), offset: 0, active };
            let (mut board, hand) = live(&[], &[lamp]);
            let glows = || hand.output_state(&id("LAMP")).unwrap();
            assert_eq!(glows(), State::Inactive, "{active:?}");
            let output = board.outputs.get_mut(&id("LAMP")).unwrap();
            for state in [State::Active, State::Inactive] {
                output.set(state).unwrap();
                assert_eq!(glows(), state, "{active:?}");
            }
            hand.lose();
            assert!(output.set(State::Active).is_err());
        }
    }

    #[test]
    fn when_nobody_reads_the_oldest_edges_go() {
        let (mut board, hand) = live(&lines(&["A"]), &[]);
        for _ in 0..2_000 {
            hand.set(&id("A"), State::Active).unwrap();
            hand.set(&id("A"), State::Inactive).unwrap();
        }
        hand.set(&id("A"), State::Active).unwrap();
        let mut last = None;
        let mut count = 0;
        while let Some(edge) = board.edges.next_edge(Duration::ZERO).unwrap() {
            last = Some(edge.signal);
            count += 1;
        }
        assert_eq!((count, last), (1024, Some(Signal::Rising)));
    }
}
