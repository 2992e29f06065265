//! Which bells are due by the tables of their moment, told without the keeper.
//!

use std::collections::{HashMap, HashSet};

use jiff::{Timestamp, tz::TimeZone};

use super::{super::account::Account, daily::Daily};
use crate::schedule::{
    Bell, BellId,
    keeper::{Reading, Timetable as _},
};

/// The tables of each moment, and what came of their bells. Times are in nanoseconds.
#[derive(Default)]
pub struct School {
    /// Since the last clock that was to be trusted, and from when on each was in force.
    tables: Vec<(i64, Option<Daily>)>,
    /// Up to when a clock that was to be trusted has come, and what it has come over.
    pub until: Option<Timestamp>,
    /// With the length of the ledger once it says so.
    pub due: HashMap<BellId, i64>,
    /// What must not ring any more.
    pub started: HashSet<BellId>,
    /// Known as missed from before the program started: not to be told again.
    pub told: HashSet<BellId>,
    pub armed: HashMap<BellId, Armed>,
    /// What was armed when other tables were published just now.
    pub leaving: HashSet<BellId>,
    pub since: Since,
}

/// A bell that was written down as about to ring.
pub struct Armed {
    /// In which start of the machine.
    pub boot: u64,
    /// It is yet to ring, and the program runs still.
    pub live: bool,
    /// From when on the disk has it that it is not to ring any more.
    pub off: Option<i64>,
}

/// What has happened since the last clock that was to be trusted.
#[derive(Default, Clone, Copy)]
pub struct Since {
    pub off: bool,
    pub leapt: bool,
    pub doubted: bool,
}

impl School {
    pub fn new(tables: Daily) -> Self {
        Self { tables: vec![(i64::MIN, Some(tables))], ..Self::default() }
    }

    /// The program has started, and knows no tables but those of conf.json.
    pub fn begin(&mut self, tables: Option<Daily>, account: &Account) {
        self.tables = vec![(i64::MIN, tables)];
        // A reading whose decisions were cut off counts as never taken: the clock may be set back
        // before there is another. Its bells are due once a clock comes over them again.
        self.until = account.past.until;
        self.started = account.past.started.clone();
        self.told = account.past.told.clone();
        self.armed.values_mut().for_each(|armed| armed.live = false);
        self.leaving.clear();
        self.since = Since { off: true, ..Since::default() };
    }

    /// The power has failed at a moment: what the disk did not have yet, nobody knows.
    pub fn forget(&mut self, now: i64) {
        self.armed.retain(|_, armed| armed.off.is_none_or(|off| off > now));
        self.armed.values_mut().for_each(|armed| armed.off = None);
    }

    /// Other tables are in force from now on.
    pub fn publish(&mut self, tables: Option<Daily>, now: Reading) {
        if now.trust.is_trusted() {
            self.tables.clear();
        }
        let from = if self.tables.is_empty() { i64::MIN } else { nanos(now) };
        self.tables.push((from, tables));
        let live = self.armed.iter().filter(|(_, armed)| armed.live);
        self.leaving = live.map(|(id, _)| id.clone()).collect();
    }

    /// Whether the newest tables have a bell.
    pub fn has(&self, id: &BellId) -> bool {
        let at = TimeZone::UTC.to_timestamp(id.date.to_datetime(id.time)).unwrap();
        let before = Timestamp::from_nanosecond(at.as_nanosecond() - 1).unwrap();
        let tables = self.tables.last().and_then(|(_, tables)| *tables);
        tables.is_some_and(|tables| tables.due_between(before, at).iter().any(|it| it.id == *id))
    }

    /// What a clock has come over, each bell by the tables that were in force at its moment.
    pub fn come_to(&mut self, now: Reading) -> Vec<Bell> {
        if !now.trust.is_trusted() {
            self.since.doubted = true;
            return Vec::new();
        }
        let until = self.until.replace(now.wall).unwrap_or(now.wall);
        let moment = |bell: &Bell| {
            let ago = now.wall.as_nanosecond() - bell.at.as_nanosecond();
            nanos(now) - i64::try_from(ago).unwrap()
        };
        let mut due = Vec::new();
        for (place, (from, tables)) in self.tables.iter().enumerate() {
            let to = self.tables.get(place + 1).map_or(i64::MAX, |(to, _)| *to);
            let bells = tables.iter().flat_map(|tables| tables.due_between(until, now.wall));
            due.extend(bells.filter(|bell| *from < moment(bell) && moment(bell) <= to));
        }
        let in_force = self.tables.last().and_then(|(_, tables)| *tables);
        self.tables = vec![(i64::MIN, in_force)];
        for bell in &due {
            self.due.entry(bell.id.clone()).or_insert(i64::MAX);
        }
        due
    }
}

fn nanos(now: Reading) -> i64 {
    i64::try_from(now.monotonic.as_nanos()).unwrap()
}
