//! The box: its keeper, its ledger, its clocks, and what it rang.
//!

use std::{collections::HashMap, sync::Arc, time::Duration};

use jiff::Timestamp;

use super::{
    super::{
        account::{self, Account},
        line::Line,
    },
    Counts,
    daily::{DAY, Daily},
    dice::Dice,
    disk::Disk,
};
use crate::schedule::{
    BellId,
    keeper::{Decision, Distrust, Due, Keeper, Reading, Timetable, Trust},
};

/// A box through one sequence. Times are in nanoseconds.
pub struct World {
    pub dice: Dice,
    tables: Daily,
    pub monotonic: i64,
    pub wall: i64,
    pub trusted: bool,
    boot: u64,
    pub disk: Disk,
    /// Whether it is written down that the box is alive, by a clock that is to be trusted.
    alive: bool,
    /// When what was armed is safe.
    armed: HashMap<BellId, i64>,
    pub keeper: Keeper,
    pub rang: HashMap<BellId, Timestamp>,
    /// Up to when a clock that was to be trusted has come, and what it has come over.
    pub until: Option<Timestamp>,
    /// With the length of the ledger once it says so.
    pub due: HashMap<BellId, i64>,
    pub counts: Counts,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let tables = Daily { every: 15 + dice.below(60), late: dice.one_of(&[0, 5, 60, 600]) };
        let second = 20_700 * DAY + 8 * 3600 - 20 + dice.below(60);
        let keeper = Keeper::new(Account::default().past, Some(Arc::new(tables.clone())));
        Self {
            dice,
            tables,
            monotonic: 1_000_000_000,
            wall: second * 1_000_000_000,
            trusted: true,
            boot: 1,
            disk: Disk::default(),
            alive: false,
            armed: HashMap::new(),
            keeper,
            rang: HashMap::new(),
            until: None,
            due: HashMap::new(),
            counts: Counts { sequences: 1, ..Counts::default() },
        }
    }

    fn reading(&self) -> Reading {
        Reading {
            monotonic: Duration::from_nanos(self.monotonic as u64),
            wall: Timestamp::from_nanosecond(self.wall.into()).unwrap(),
            trust: match self.trusted {
                true => Trust::Synchronised,
                false => Trust::Not(Distrust::NeverSet),
            },
        }
    }

    pub fn pass(&mut self, nanos: i64) {
        self.monotonic += nanos;
        self.wall += nanos;
    }

    pub fn boot_id(&self) -> Arc<str> {
        self.boot.to_string().into()
    }

    /// One wake, as the thread does it; cut off somewhere within where `fatal`. Whether it was.
    pub fn wake(&mut self, fatal: bool) -> bool {
        let now = self.reading();
        self.expect(now);
        let decisions = self.keeper.wake(now);
        let boot = self.boot_id();
        for decision in &decisions {
            if fatal && self.dice.one_in(3) {
                return true;
            }
            if let Decision::Ring(due) = decision {
                let armed = self.armed.remove(&due.id).unwrap_or_default();
                self.pass((armed - self.monotonic).clamp(0, 900_000_000));
            }
            let safe =
                self.disk.write(&[Line::of(decision, &boot)], self.monotonic, &mut self.dice);
            if let Decision::Arm(due) = decision {
                self.armed.insert(due.id.clone(), safe);
            }
            if fatal && self.dice.one_in(3) {
                return true;
            }
            if let Decision::Ring(due) = decision {
                self.ring(due, now);
            }
        }
        if fatal && self.dice.one_in(2) {
            return true;
        }
        if self.trusted && (!decisions.is_empty() || !self.alive) {
            let until = now.wall;
            let known = Line::Known { until, boot, synchronised: true };
            self.disk.write(&[known], self.monotonic, &mut self.dice);
        }
        self.alive = self.trusted;
        if !fatal {
            let length = self.disk.length();
            self.due.values_mut().filter(|it| **it == i64::MAX).for_each(|it| *it = length);
            if self.dice.one_in(10) {
                self.disk.shorten(&self.boot_id(), self.monotonic, &mut self.dice);
                self.counts.shortened += 1;
            }
        }
        fatal
    }

    fn ring(&mut self, due: &Due, now: Reading) {
        assert!(now.trust.is_trusted(), "{due:?} by a clock that is not to be trusted");
        let late = now.wall.duration_since(due.at);
        let may = due.late.max(Duration::from_secs(1));
        assert!(!late.is_negative() && late.unsigned_abs() <= may, "{due:?} is late by {late:?}");
        let before = self.rang.insert(due.id.clone(), now.wall);
        assert_eq!(before, None, "{due:?} rings twice");
        self.counts.rang += 1;
    }

    /// What must be accounted for, told without the keeper.
    fn expect(&mut self, now: Reading) {
        if !now.trust.is_trusted() {
            return;
        }
        let until = self.until.replace(now.wall).unwrap_or(now.wall);
        if until < now.wall {
            let due = self.tables.due_between(until, now.wall);
            for bell in due {
                self.due.entry(bell.id).or_insert(i64::MAX);
            }
        }
    }

    pub fn restart(&mut self, power: bool) {
        if power {
            self.disk.cut(self.monotonic, &mut self.dice);
            self.boot += 1;
            self.counts.cuts += 1;
        } else {
            self.disk.kill();
            self.counts.kills += 1;
        }
        let off = self.dice.one_of(&[50_000_000, 3_000_000_000, 40_000_000_000, 700_000_000_000]);
        self.pass(off);
        if power {
            self.monotonic = 1_000_000_000;
        }
        let boot = self.boot_id();
        let account = Account::read(&self.disk.text, &boot);
        self.alive = false;
        self.armed.clear();
        // A reading whose decisions were cut off counts as never taken: the clock may be set back
        // before there is another. Its bells are due once a clock comes over them again.
        self.until = account.past.until;
        let left = self.disk.length();
        self.due.retain(|_, length| *length <= left);
        // The same to whoever reads it, at whatever moment it was written anew.
        let short = account::in_short(&self.disk.text, 1_000_000, &boot);
        let short = Account::read(&short, &boot);
        assert_eq!((&short.past, &short.cut), (&account.past, &account.cut));
        self.keeper = Keeper::new(account.past, Some(Arc::new(self.tables.clone())));
    }
}
