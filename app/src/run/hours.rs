//! The school's hours: the tables, the clock and the ledger, brought together.
//!

#[cfg(test)]
mod tests;

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError, mpsc::Sender},
    time::Duration,
};

use anyhow::Context as _;

use crate::{
    almanac::{Known, SchoolDays, Shelf},
    bell::{Bell, Handle, Tables, keep_hours},
    clock::{Evidence, SystemClock, boot_id},
    engine::{Cause, Outcome, Playback},
    schedule::{
        self, Schedule,
        keeper::Keeper,
        model::{Change, ChangeKind, DayType},
    },
    store::{Conf, Journal, Ledger, journal::Filter, ledger::Account},
};

/// The newest rings of the journal, among which is what was cut short when the program ended.
const RECENT: usize = 200;

/// What became of the bells, from before the program started and from now on.
pub struct Memory {
    /// For whoever learns how a bell ended.
    pub ledger: Ledger,
    account: Account,
}

impl Memory {
    /// Opens the ledger.
    pub fn open(data: &Path) -> anyhow::Result<Self> {
        let (ledger, account) =
            Ledger::open(data, boot_id()).context("starting the ledger of the tables' bells")?;
        Ok(Self { ledger, account })
    }

    /// Starts to keep the hours, by conf.json as it is and as it will be.
    pub fn keep(
        self,
        bell: &Bell,
        conf: &Conf,
        journal: &Journal,
        shelf: Shelf,
    ) -> anyhow::Result<Publisher> {
        let known = self.evidence(conf);
        let Account { past, cut, .. } = self.account;
        let in_force = InForce { schedule: Arc::clone(&conf.schedule), known: shelf.known() };
        let tables = in_force.tables();
        let clock = SystemClock::start(known).context("starting the clock's thread")?;
        own_up(&bell.handle, &self.ledger, journal, cut);
        let keeper = Keeper::new(past, tables.clone());
        let publish = keep_hours(bell, keeper, tables.is_some(), clock.clone(), self.ledger)
            .context("starting the keeper of the hours")?;
        Ok(Publisher { clock, shelf, publish, in_force: Mutex::new(in_force) })
    }

    /// What speaks for the clock beforehand.
    fn evidence(&self, conf: &Conf) -> Evidence {
        Evidence {
            known: self.account.past.until,
            synchronised: self.account.synchronised,
            always: conf.clock.is_right,
            ..Evidence::default()
        }
    }
}

/// Gives the keeper of the hours other tables when the school has others, or other days off.
pub struct Publisher {
    clock: SystemClock,
    shelf: Shelf,
    publish: Sender<Tables>,
    in_force: Mutex<InForce>,
}

/// What the tables in force are made of.
#[derive(PartialEq)]
struct InForce {
    schedule: Arc<Schedule>,
    known: Arc<Known>,
}

impl Publisher {
    /// Follows a new configuration.
    pub fn follow(&self, conf: &Conf) {
        self.clock.believe(conf.clock.is_right);
        self.publish(|_| Arc::clone(&conf.schedule));
    }

    /// Follows other files of the school calendar.
    pub fn republish(&self) {
        self.publish(Arc::clone);
    }

    /// The program ends: no table rings any more, and of what is armed the ledger says so. Without
    /// this a bell that was armed when the machine was restarted would count as one of a power cut.
    pub async fn end(&self, bell: &Handle, at_most: Duration) {
        if self.publish.send(None).is_ok() && !bell.no_tables(at_most).await {
            tracing::warn!("the keeper of the hours is too slow to end: a bell may be in doubt");
        }
    }

    /// Both ways look at both: a restored backup brings files along with its configuration.
    fn publish(&self, schedule: impl FnOnce(&Arc<Schedule>) -> Arc<Schedule>) {
        let mut in_force = self.in_force.lock().unwrap_or_else(PoisonError::into_inner);
        let new = InForce { schedule: schedule(&in_force.schedule), known: self.shelf.known() };
        if *in_force == new {
            return;
        }
        *in_force = new;
        if self.publish.send(in_force.tables()).is_err() {
            tracing::error!("the keeper of the hours has ended: the new tables are not in force");
        }
    }
}

/// Tells the ledger how a bell of the tables ended.
pub fn ended(ledger: &Ledger, playback: &Playback, outcome: &Outcome) {
    let Cause::Schedule { bell, .. } = &playback.cause else { return };
    // That it plays, or was missed, the keeper has written down itself.
    if let Outcome::Playing | Outcome::Missed { .. } = outcome {
        return;
    }
    if let Ok(bell) = bell.parse() {
        ledger.ended(&bell, outcome);
    }
}

/// What the last run left half done: the journal knows it as cut off, or is told now.
fn own_up(
    bell: &Handle,
    ledger: &Ledger,
    journal: &Journal,
    cut: Vec<(schedule::BellId, Arc<str>)>,
) {
    if cut.is_empty() {
        return;
    }
    let recent = journal.read(RECENT, None, &Filter::default()).unwrap_or_default();
    for (id, label) in cut {
        let name = id.to_string();
        let told = |cause: &Cause| matches!(cause, Cause::Schedule { bell, .. } if *bell == name);
        if !recent.iter().any(|entry| told(&entry.cause)) && bell.cut_short(&id, &label).is_err() {
            tracing::error!(bell = %id, "cut short, and the engine has ended");
        }
        ledger.ended(&id, &Outcome::Interrupted);
    }
}

impl InForce {
    /// The tables, where there is any bell in them.
    fn tables(&self) -> Tables {
        let Schedule { day_types, changes, .. } = &*self.schedule;
        let typed = day_types.values().any(|DayType { bells, .. }| !bells.is_empty());
        let added = |Change { kind, .. }: &Change| matches!(kind, ChangeKind::Bell(_));
        if !typed && !changes.iter().any(added) {
            return None;
        }
        let (days_off, notes) = SchoolDays::known(&self.schedule.school, &self.known);
        for note in notes {
            tracing::warn!("{note}");
        }
        Some(Arc::new(schedule::Tables::new(Arc::clone(&self.schedule), days_off)) as _)
    }
}
