//! Proof of life: the watchdog is fed while every thread of the bell moves.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

/// One thread's pulse.
#[derive(Debug, Clone, Default)]
pub struct Heartbeat(Arc<AtomicU64>);

impl Heartbeat {
    /// Says that the thread is alive and has just been through its loop.
    pub fn beat(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// The pulses of all threads that must move.
#[derive(Debug, Clone, Default)]
pub struct Heartbeats(Arc<Mutex<Vec<Watched>>>);

#[derive(Debug)]
struct Watched {
    thread: &'static str,
    heartbeat: Heartbeat,
    seen: u64,
}

impl Heartbeats {
    /// A pulse for one more thread.
    pub fn add(&self, thread: &'static str) -> Heartbeat {
        let heartbeat = Heartbeat::default();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(Watched { thread, heartbeat: heartbeat.clone(), seen: 0 });
        heartbeat
    }

    /// The threads that have not moved since the last call.
    pub fn silent(&self) -> Vec<&'static str> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let silent = all.iter_mut().filter_map(|Watched { thread, heartbeat, seen }| {
            let beats = heartbeat.0.load(Ordering::Relaxed);
            (std::mem::replace(seen, beats) == beats).then_some(*thread)
        });
        silent.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_stands_still_is_named() {
        let all = Heartbeats::default();
        let (edges, engine) = (all.add("edges"), all.add("engine"));
        edges.beat();
        engine.beat();
        assert!(all.silent().is_empty());
        edges.beat();
        assert_eq!(all.silent(), ["engine"]);
    }
}
