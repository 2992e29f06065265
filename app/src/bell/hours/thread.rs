//! The keeper's thread: reads the clocks, writes decisions down, and rings.
//!
//! It waits on nothing but the clock, new tables and the engine: the disk is the ledger's.

#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    slice,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, SyncSender},
    },
    thread,
    time::Duration,
};

use jiff::SignedDuration;
use tokio::sync::{oneshot, watch};

use super::{Hours, Tables};
use crate::{
    bell::{Heartbeat, Message},
    engine::{Cause, FaultKind, Outcome},
    schedule::{
        BellId,
        keeper::{Clock, Decision, Due, Keeper, Reading, Scribe, Trust},
    },
};

/// So often it is written down that the box is alive, where nothing else is.
const ALIVE: Duration = Duration::from_secs(3600);

/// A bell waits for a slow disk for so long at most: rather twice than not at all.
const SLOW_DISK: Duration = Duration::from_millis(900);

/// So long before the next bell at least, the ledger may be written anew in short.
const REST: SignedDuration = SignedDuration::from_mins(1);

/// The thread, with all that it has.
pub(super) struct HoursThread<C, S> {
    pub(super) keeper: Keeper,
    pub(super) clock: C,
    pub(super) scribe: S,
    pub(super) published: Receiver<Tables>,
    pub(super) messages: SyncSender<Message>,
    pub(super) hours: watch::Sender<Arc<Hours>>,
    pub(super) now: Hours,
    /// When it was last written down that the box is alive.
    pub(super) alive: Option<Duration>,
    /// What is armed and yet to ring, with what was written then.
    pub(super) armed: HashMap<BellId, u64>,
    pub(super) heartbeat: Heartbeat,
}

/// The engine has ended, and so must we.
struct EngineGone;

impl<C: Clock, S: Scribe> HoursThread<C, S> {
    /// Goes on until the engine ends.
    pub(super) fn run(mut self) {
        let mut news = None;
        while let Ok(()) = self.once(news) {
            self.heartbeat.beat();
            let now = self.clock.read().monotonic;
            news = match self.published.recv_timeout(self.keeper.wants().saturating_sub(now)) {
                Ok(tables) => Some(tables),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => {
                    // Nobody has tables for us any more; those in force still ring.
                    thread::sleep(self.keeper.wants().saturating_sub(now));
                    None
                }
            };
        }
    }

    /// One reading of the clocks, and what it asks for.
    fn once(&mut self, news: Option<Tables>) -> Result<(), EngineGone> {
        let now = self.clock.read();
        let publishes = news.is_some();
        let decisions = match news {
            Some(tables) => {
                self.now.tables = tables.is_some();
                self.keeper.publish(tables, now)
            }
            None => self.keeper.wake(now),
        };
        self.carry_out(&decisions, now)?;
        self.say_alive(publishes || !decisions.is_empty(), now);
        self.tell(now);
        if self.now.next.as_ref().is_none_or(|due| due.at.duration_since(now.wall) > REST) {
            self.scribe.rest();
        }
        Ok(())
    }

    fn carry_out(&mut self, decisions: &[Decision], now: Reading) -> Result<(), EngineGone> {
        for decisions in
            decisions.chunk_by(|one, next| rings(one).is_some() == rings(next).is_some())
        {
            if decisions.first().and_then(rings).is_some() {
                self.ring_all(decisions, now)?;
                continue;
            }
            let written = self.scribe.write(decisions, None);
            for decision in decisions {
                match decision {
                    Decision::Arm(due) => drop(self.armed.insert(due.id.clone(), written)),
                    Decision::Disarm(id) => drop(self.armed.remove(id)),
                    Decision::Missed(due, _) => drop(self.armed.remove(&due.id)),
                    _ => {}
                }
            }
        }
        // Last, as the engine may be busy: none of it is heard.
        decisions.iter().try_for_each(|decision| self.say(decision))
    }

    fn ring_all(&mut self, decisions: &[Decision], now: Reading) -> Result<(), EngineGone> {
        // They were armed seconds ago, and the disk has it since: there is nothing to wait for but
        // after an outage, or where the disk is slower than that.
        let armed = decisions.iter().filter_map(rings).filter_map(|due| self.armed.remove(&due.id));
        let armed = armed.max().unwrap_or_default();
        self.scribe.settle(armed, SLOW_DISK);
        for decision in decisions {
            self.scribe.write(slice::from_ref(decision), None);
            rings(decision).map_or(Ok(()), |due| self.ring(due, now))?;
        }
        Ok(())
    }

    fn ring(&mut self, due: &Due, now: Reading) -> Result<(), EngineGone> {
        let (reply, verdict) = oneshot::channel();
        let trigger = due.id.trigger.clone();
        self.send(Message::Ring(trigger, cause(due), reply))?;
        let late = now.wall.duration_since(due.at);
        self.now.trouble = match verdict.blocking_recv() {
            Ok(Err(fault)) if fault.kind == FaultKind::NoTrigger => {
                // The engine writes down only what it has tried to ring.
                let outcome = Outcome::Failed { reason: fault.reason.clone() };
                self.scribe.ended(&due.id, &outcome);
                let missed = (due.id.trigger.clone(), cause(due), fault.reason.clone());
                self.send(Message::Missed(missed.0, missed.1, missed.2))?;
                Some(format!("the tables' bell {name} did not ring: {fault}", name = due.id))
            }
            Ok(Ok(_) | Err(_)) => None,
            Err(_) => return Err(EngineGone),
        };
        match &self.now.trouble {
            None => {
                tracing::info!(bell = %due.id, label = %due.label, ?late, "rings by the tables")
            }
            Some(words) => tracing::error!("{words}"),
        }
        Ok(())
    }

    /// For the log, and for the journal what a person would look for there.
    fn say(&self, decision: &Decision) -> Result<(), EngineGone> {
        let (due, reason) = match decision {
            Decision::ClockSet { by } => {
                tracing::warn!(?by, "the clock was set");
                return Ok(());
            }
            Decision::Arm(_) | Decision::Disarm(_) | Decision::Ring(_) => return Ok(()),
            Decision::Missed(due, why) => (due, why.words().to_owned()),
            Decision::MissedMany { count, first, last, why } => {
                let (from, to) = (&first.id, &last.id);
                (
                    last,
                    format!("{why} (so for {count} bells, from {from} to {to})", why = why.words()),
                )
            }
        };
        tracing::warn!(bell = %due.id, label = %due.label, "missed: {reason}");
        self.send(Message::Missed(due.id.trigger.clone(), cause(due), reason))
    }

    fn say_alive(&mut self, news: bool, now: Reading) {
        // A clock that is trusted anew may have been set back meanwhile.
        let news = news || self.now.trust != Some(now.trust);
        let due = self.alive.is_none_or(|alive| now.monotonic >= alive + ALIVE);
        if now.trust.is_trusted() && (news || due) {
            self.scribe.write(&[], Some((now.wall, now.trust)));
            self.alive = Some(now.monotonic);
        }
    }

    fn tell(&mut self, now: Reading) {
        if self.now.trust != Some(now.trust) {
            match now.trust {
                Trust::Not(why) if self.now.tables => tracing::error!("no table rings: {why}"),
                trust => tracing::info!("{trust}"),
            }
        }
        self.now.trust = Some(now.trust);
        self.now.offset = self.clock.offset();
        self.now.ledger = self.scribe.trouble();
        self.now.next = self.keeper.state().next;
        if **self.hours.borrow() != self.now {
            self.hours.send_replace(Arc::new(self.now.clone()));
        }
    }

    fn send(&self, message: Message) -> Result<(), EngineGone> {
        self.messages.send(message).map_err(|_| EngineGone)
    }
}

const fn rings(decision: &Decision) -> Option<&Due> {
    match decision {
        Decision::Ring(due) => Some(due),
        _ => None,
    }
}

fn cause(due: &Due) -> Cause {
    Cause::Schedule { bell: due.id.to_string(), label: due.label.to_string() }
}
