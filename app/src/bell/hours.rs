//! The keeping of the hours, as the rest of the program has it.
//!

mod thread;

use std::{
    collections::HashMap,
    io,
    sync::{
        Arc,
        mpsc::{self, Sender},
    },
    time::Duration,
};

use jiff::SignedDuration;

use self::thread::HoursThread;
use super::{Bell, Handle, Message, handle::Refusal};
use crate::{
    engine::Cause,
    schedule::{
        BellId,
        keeper::{Clock, Due, Keeper, Missed, Scribe, Timetable, Trust},
    },
};

/// Tables, as the keeper asks them; `None`: there are none.
pub type Tables = Option<Arc<dyn Timetable + Send + Sync>>;

/// The keeping of the hours as others see it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hours {
    /// Whether there are tables to ring by.
    pub tables: bool,
    /// Whether the clock is to be believed; `None` until it was looked at.
    pub trust: Option<Trust>,
    /// How far the clock is from the time server's, where the system knows: positive where ours is
    /// behind.
    pub offset: Option<SignedDuration>,
    /// What rings next by the tables.
    pub next: Option<Due>,
    /// What the last bell of the tables suffered from, in words, where it could not even be tried.
    pub trouble: Option<String>,
    /// Why what becomes of bells cannot be written down, in words.
    pub ledger: Option<String>,
}

/// Keeps the hours from a thread of its own, for ever. Send other tables to have them in force at
/// once.
pub fn keep_hours(
    bell: &Bell,
    keeper: Keeper,
    tables: bool,
    clock: impl Clock + 'static,
    scribe: impl Scribe + 'static,
) -> io::Result<Sender<Tables>> {
    let (publish, published) = mpsc::channel();
    let thread = HoursThread {
        keeper,
        clock,
        scribe,
        published,
        messages: bell.handle.messages.clone(),
        hours: bell.handle.hours.clone(),
        now: Hours { tables, ..Hours::default() },
        alive: None,
        armed: HashMap::new(),
        heartbeat: bell.heartbeats.add("hours"),
    };
    bell.watch.spawn("hours", || thread.run())?;
    Ok(publish)
}

impl Handle {
    /// The keeping of the hours now.
    pub fn hours(&self) -> Arc<Hours> {
        Arc::clone(&self.hours.borrow())
    }

    /// Waits until there are no tables to ring by; false where that takes longer.
    pub async fn no_tables(&self, at_most: Duration) -> bool {
        let mut hours = self.hours.subscribe();
        let gone = hours.wait_for(|hours| !hours.tables);
        tokio::time::timeout(at_most, gone).await.is_ok()
    }

    /// Writes down that a bell of the tables, of which that is all that is known, was cut short
    /// when the program ended: it may not have been heard.
    pub fn cut_short(&self, bell: &BellId, label: &str) -> Result<(), Refusal> {
        let cause = Cause::Schedule { bell: bell.to_string(), label: label.into() };
        let reason = Missed::PowerCut.words().to_owned();
        let message = Message::Missed(bell.trigger.clone(), cause, reason);
        self.messages.send(message).map_err(|_| Refusal::Busy)
    }
}
