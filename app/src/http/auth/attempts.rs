//! Wrong passwords, counted per peer: who guesses is slowed, and nobody else is.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::http::peer::Peer;

/// Wrong attempts in a row that cost nothing: people mistype.
const FREE: u32 = 5;

/// The longest that an answer is held back.
const SLOWEST: Duration = Duration::from_secs(16);

/// Attempts of one peer that may wait at once. A page that opens asks for a handful of things together.
const WAITING: usize = 16;

/// The same, of a peer that has used up its free attempts.
const WAITING_SLOWED: usize = 2;

/// Peers that are remembered; of more, those that have gone longest without an attempt are forgotten.
const PEERS: usize = 1024;

/// Who has tried and failed.
#[derive(Debug, Default)]
pub struct Attempts {
    table: Mutex<Table>,
}

/// An attempt under way.
#[derive(Debug)]
pub struct Attempt {
    attempts: Arc<Attempts>,
    peer: Peer,
}

#[derive(Debug, Default)]
struct Table {
    peers: BTreeMap<Peer, Record>,
    clock: u64,
}

#[derive(Debug, Default)]
struct Record {
    wrong: u32,
    waiting: usize,
    last: u64,
}

impl Attempts {
    /// Begins an attempt; `None` where this peer has too many under way.
    pub fn begin(self: &Arc<Self>, peer: Peer) -> Option<Attempt> {
        let mut table = self.table();
        table.clock += 1;
        let now = table.clock;
        if !table.peers.contains_key(&peer) {
            table.make_room();
        }
        let record = table.peers.entry(peer).or_default();
        let most = if record.wrong >= FREE { WAITING_SLOWED } else { WAITING };
        if record.waiting >= most {
            return None;
        }
        record.waiting += 1;
        record.last = now;
        Some(Attempt { attempts: self.clone(), peer })
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempt {
    /// It was right: all is forgotten.
    pub fn right(&self) {
        if let Some(record) = self.attempts.table().peers.get_mut(&self.peer) {
            record.wrong = 0;
        }
    }

    /// It was wrong: how long to hold the answer back.
    pub fn wrong(&self) -> Duration {
        let mut table = self.attempts.table();
        let record = table.peers.entry(self.peer).or_default();
        record.wrong = record.wrong.saturating_add(1);
        match record.wrong.checked_sub(FREE + 1) {
            None => Duration::ZERO,
            Some(beyond) => Duration::from_secs(1 << beyond.min(10)).min(SLOWEST),
        }
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        let mut table = self.attempts.table();
        if let Some(record) = table.peers.get_mut(&self.peer) {
            record.waiting = record.waiting.saturating_sub(1);
            if record.waiting == 0 && record.wrong == 0 {
                table.peers.remove(&self.peer);
            }
        }
    }
}

impl Table {
    fn make_room(&mut self) {
        if self.peers.len() < PEERS {
            return;
        }
        let at_rest = self.peers.iter().filter(|(_, record)| record.waiting == 0);
        let oldest = at_rest.min_by_key(|(_, record)| record.last).map(|(peer, _)| *peer);
        if let Some(oldest) = oldest {
            self.peers.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    fn peer(number: u32) -> Peer {
        IpAddr::from(number.to_be_bytes()).into()
    }

    #[test]
    fn the_sixth_wrong_attempt_in_a_row_is_slowed() {
        let attempts = Arc::new(Attempts::default());
        let wrong = |number| attempts.begin(peer(number)).unwrap().wrong().as_secs();
        let waits: Vec<_> = (0..12).map(|_| wrong(1)).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 16, 16]);
        assert_eq!(wrong(2), 0, "another peer is not");
        attempts.begin(peer(1)).unwrap().right();
        assert_eq!(wrong(1), 0, "and a right one clears it");
    }

    #[test]
    fn one_peer_has_a_few_attempts_under_way() {
        let attempts = Arc::new(Attempts::default());
        let waiting: Vec<_> = (0..20).map_while(|_| attempts.begin(peer(1))).collect();
        assert_eq!(waiting.len(), WAITING);
        assert!(attempts.begin(peer(2)).is_some());
        drop(waiting);
        assert!(attempts.table().peers.is_empty(), "nothing is kept of who did nothing wrong");
        for _ in 0..5 {
            attempts.begin(peer(1)).unwrap().wrong();
        }
        let slowed: Vec<_> = (0..20).map_while(|_| attempts.begin(peer(1))).collect();
        assert_eq!(slowed.len(), WAITING_SLOWED);
    }

    #[test]
    fn the_table_is_bounded_and_forgets_the_oldest() {
        let attempts = Arc::new(Attempts::default());
        let guesser = attempts.begin(peer(0)).unwrap();
        for number in 1..3000 {
            attempts.begin(peer(number)).unwrap().wrong();
        }
        let table = attempts.table();
        assert_eq!(table.peers.len(), PEERS);
        let known = |number| table.peers.contains_key(&peer(number));
        assert!(known(0) && known(2999) && !known(1), "who is waiting stays");
        drop(table);
        drop(guesser);
    }
}
