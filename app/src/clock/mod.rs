//! The clock on the wall, and whether it is to be believed.
//!
//! A machine without a hardware clock goes on from where it stood when the power went: that it
//! shows a time which has not been yet proves nothing. So it must have been set since it started,
//! by a time server or from a hardware clock; the kernel's own word for this is asked through the
//! system's tools, as the service is not allowed to ask it itself.

mod ask;
mod evidence;

use std::{
    fs, io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use rustix::time::{ClockId, clock_gettime};

use crate::schedule::keeper::{Clock, Reading};
pub use evidence::{Evidence, judge};

/// The clocks of this machine. Clones share what is known of them.
#[derive(Debug, Clone)]
pub struct SystemClock(Arc<Mutex<Evidence>>);

impl SystemClock {
    /// The clocks, with what is known of them beforehand: at once what the system's files say, and
    /// from a thread of its own, again and again, what its tools do.
    pub fn start(known: Evidence) -> io::Result<Self> {
        let evidence = Evidence {
            synchronised: known.synchronised || ask::synchronised_by_systemd(),
            hardware_clock: known.hardware_clock || ask::set_from_hardware(),
            ..known
        };
        let clock = Self(Arc::new(Mutex::new(evidence)));
        let asked = Arc::downgrade(&clock.0);
        std::thread::Builder::new().name("clock".into()).spawn(move || ask::go_on(&asked))?;
        Ok(clock)
    }

    /// From now on, the configuration says that the clock is right, or does not.
    pub fn believe(&self, always: bool) {
        self.lock().always = always;
    }

    fn lock(&self) -> MutexGuard<'_, Evidence> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for SystemClock {
    fn read(&self) -> Reading {
        let evidence = *self.lock();
        let (monotonic, wall) = both();
        Reading { monotonic, wall, trust: judge(wall, &evidence) }
    }

    fn offset(&self) -> Option<SignedDuration> {
        self.lock().offset
    }
}

/// Names this start of the machine; empty where the kernel does not say.
pub fn boot_id() -> Arc<str> {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id");
    id.map_or_else(|_| "".into(), |id| id.trim().into())
}

/// Both clocks at the same moment: were we put aside in between, they are read once more.
fn both() -> (Duration, Timestamp) {
    let since_boot = || Duration::try_from(clock_gettime(ClockId::Boottime)).unwrap_or_default();
    let mut before = since_boot();
    loop {
        let wall = Timestamp::now();
        let after = since_boot();
        if after.saturating_sub(before) < Duration::from_millis(20) {
            return (after, wall);
        }
        before = after;
    }
}
