//! What the machine itself lost while a time was measured.
//!

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Sums up the moments at which nothing on this machine moved, from its beginning on: a virtual
/// machine whose host is busy stands still for a second at times.
pub struct Standstill(Arc<AtomicU64>);

/// Whoever sleeps for so long sleeps hardly longer where the machine moves.
const NAP: Duration = Duration::from_millis(20);

impl Standstill {
    pub fn watch() -> Self {
        let lost = Arc::new(AtomicU64::new(0));
        let watched = Arc::downgrade(&lost);
        thread::spawn(move || {
            while let Some(lost) = watched.upgrade() {
                let before = Instant::now();
                thread::sleep(NAP);
                let late = before.elapsed().saturating_sub(2 * NAP);
                lost.fetch_add(late.as_millis() as u64, Ordering::Relaxed);
            }
        });
        Self(lost)
    }

    /// So long in all.
    pub fn lost(&self) -> Duration {
        // The nap in which the machine last stood still is over.
        thread::sleep(3 * NAP);
        Duration::from_millis(self.0.load(Ordering::Relaxed))
    }
}
