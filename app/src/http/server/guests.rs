//! Who is connected, how many at most, and who must leave when one more comes.
//!
//! A newcomer is always let in to shake hands; what gives way is the oldest handshake of whoever
//! has the most of them under way. So ten thousand silent connections push out each other and not
//! the one person who wants in. Seats work the same way, but nobody with a request under way loses one.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Notify, watch};

use super::Limits;
use crate::http::peer::Peer;

/// Everybody who is connected.
#[derive(Debug)]
pub struct Guests {
    limits: Limits,
    book: Mutex<Book>,
}

/// One connection's place; it is free again when this is dropped.
#[derive(Debug)]
pub struct Place {
    guests: Arc<Guests>,
    number: u64,
    peer: Peer,
    leave: Arc<Notify>,
    requests: watch::Sender<usize>,
}

/// A request under way: its connection is not taken away meanwhile.
#[derive(Debug)]
pub struct Busy(watch::Sender<usize>);

/// Nobody can be asked to leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("all connections are busy")]
pub struct Full;

#[derive(Debug, Default)]
struct Book {
    next: u64,
    guests: BTreeMap<u64, Guest>, // by number: the oldest first
}

#[derive(Debug)]
struct Guest {
    peer: Peer,
    seated: bool,
    leave: Arc<Notify>,
    requests: watch::Sender<usize>,
}

impl Guests {
    /// Nobody yet.
    pub fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self { limits, book: Mutex::default() })
    }

    /// Takes a newcomer in, whose handshake is under way from now on; `true` where another's was ended for it.
    pub fn admit(self: &Arc<Self>, peer: Peer) -> (Place, bool) {
        let mut book = self.book();
        let arriving = |guest: &Guest| !guest.seated;
        let evicted = book.count(arriving) >= self.limits.handshakes && book.evict(arriving);
        let (leave, requests) = (Arc::new(Notify::new()), watch::Sender::new(0));
        let number = book.next;
        book.next += 1;
        let guest = Guest { peer, seated: false, leave: leave.clone(), requests: requests.clone() };
        book.guests.insert(number, guest);
        (Place { guests: self.clone(), number, peer, leave, requests }, evicted)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// The handshake is done: takes a seat, where need be that of somebody idle.
    pub fn sit(&self) -> Result<(), Full> {
        let Limits { connections, connections_per_peer, .. } = self.guests.limits;
        let mut book = self.guests.book();
        let same_peer = |guest: &Guest| guest.seated && guest.peer == self.peer;
        let idle = |guest: &Guest| guest.seated && *guest.requests.borrow() == 0;
        let room = if book.count(same_peer) >= connections_per_peer {
            book.evict(|guest| same_peer(guest) && idle(guest))
        } else if book.count(|guest| guest.seated) >= connections {
            book.evict(idle)
        } else {
            true
        };
        match book.guests.get_mut(&self.number) {
            Some(guest) if room => {
                guest.seated = true;
                Ok(())
            }
            _ => Err(Full),
        }
    }

    /// Ends when this place is taken away.
    pub async fn taken(&self) {
        self.leave.notified().await;
    }

    /// A request begins.
    pub fn begin(&self) -> Busy {
        self.requests.send_modify(|requests| *requests += 1);
        Busy(self.requests.clone())
    }

    /// How many requests are under way.
    pub fn requests(&self) -> watch::Receiver<usize> {
        self.requests.subscribe()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.guests.book().guests.remove(&self.number);
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.send_modify(|requests| *requests -= 1);
    }
}

impl Book {
    fn count(&self, which: impl Fn(&Guest) -> bool) -> usize {
        self.guests.values().filter(|guest| which(guest)).count()
    }

    /// Sends away the oldest guest of the peer that has the most of these.
    fn evict(&mut self, which: impl Fn(&Guest) -> bool) -> bool {
        let mut peers = BTreeMap::<Peer, (usize, Reverse<u64>)>::new();
        for (number, guest) in self.guests.iter().filter(|(_, guest)| which(guest)) {
            peers.entry(guest.peer).or_insert((0, Reverse(*number))).0 += 1;
        }
        let victim = peers.into_values().max().map(|(_, Reverse(oldest))| oldest);
        let guest = victim.and_then(|number| self.guests.remove(&number));
        guest.inspect(|guest| guest.leave.notify_one()).is_some()
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    const LIMITS: Limits =
        Limits { handshakes: 3, connections: 4, connections_per_peer: 3, ..Limits::STANDARD };

    fn peer(number: u8) -> Peer {
        IpAddr::from([192, 0, 2, number]).into()
    }

    fn here(place: &Place) -> bool {
        place.guests.book().guests.contains_key(&place.number)
    }

    fn seated(guests: &Arc<Guests>, number: u8) -> Place {
        let place = guests.admit(peer(number)).0;
        place.sit().unwrap();
        place
    }

    #[tokio::test]
    async fn a_crowd_of_handshakes_pushes_out_its_own_oldest() {
        let guests = Guests::new(LIMITS);
        let somebody = guests.admit(peer(1)).0;
        let crowd: Vec<_> = (0..100).map(|_| guests.admit(peer(2)).0).collect();
        assert!(here(&somebody));
        assert_eq!(crowd.iter().map(here).filter(|here| *here).count(), 2);
        assert!(crowd.iter().rev().take(2).all(here), "the newest stay");
        crowd[0].taken().await;
        assert_eq!(crowd[0].sit(), Err(Full), "who was sent away gets no seat");
        drop(crowd);
        assert_eq!(guests.book().guests.len(), 1);
    }

    #[test]
    fn a_seat_is_taken_only_from_the_idle() {
        let guests = Guests::new(LIMITS);
        let [busy, idle, other] = [1, 1, 2].map(|number| seated(&guests, number));
        let _request = busy.begin();
        let third = seated(&guests, 1);
        assert!([&busy, &idle, &other, &third].into_iter().all(here), "four seats");
        let fourth = seated(&guests, 1); // one too many of its peer
        assert!(!here(&idle) && here(&busy) && here(&other) && here(&third));
        let stranger = seated(&guests, 3); // one too many in all
        assert!(!here(&third) && here(&fourth) && here(&stranger), "of the peer that has most");
    }

    #[test]
    fn where_all_are_busy_the_newcomer_goes() {
        let guests = Guests::new(LIMITS);
        let places = [1, 1, 2, 3].map(|number| seated(&guests, number));
        let mut requests: Vec<_> = places.iter().map(Place::begin).collect();
        let newcomer = guests.admit(peer(4)).0;
        assert_eq!(newcomer.sit(), Err(Full));
        requests.pop();
        assert_eq!(newcomer.sit(), Ok(()));
    }
}
