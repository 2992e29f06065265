//! The box: its keeper, its ledger, its clocks, and what it rang.
//!

use std::{collections::HashMap, mem, sync::Arc, time::Duration};

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
    school::{Armed, School},
};
use crate::schedule::{
    BellId,
    keeper::{Decision, Distrust, Due, Keeper, Reading, Timetable, Trust},
};

/// A box through one sequence. Times are in nanoseconds.
pub struct World {
    pub dice: Dice,
    /// Those of conf.json.
    tables: Option<Daily>,
    pub monotonic: i64,
    pub wall: i64,
    pub trusted: bool,
    boot: u64,
    pub disk: Disk,
    /// Whether it is written down that the box is alive, by a clock that is to be trusted.
    alive: bool,
    /// Whether it is to be, as other tables were published.
    news: bool,
    /// When what was armed is safe.
    armed: HashMap<BellId, i64>,
    pub keeper: Keeper,
    pub school: School,
    pub rang: HashMap<BellId, Timestamp>,
    pub counts: Counts,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let tables = Daily::any(&mut dice);
        let second = 20_700 * DAY + 8 * 3600 - 20 + dice.below(60);
        let keeper = Keeper::new(Account::default().past, asked(Some(tables)));
        Self {
            dice,
            tables: Some(tables),
            monotonic: 1_000_000_000,
            wall: second * 1_000_000_000,
            trusted: true,
            boot: 1,
            disk: Disk::default(),
            alive: false,
            news: false,
            armed: HashMap::new(),
            keeper,
            school: School::new(tables),
            rang: HashMap::new(),
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

    /// One wake, as the thread does it; cut off somewhere within where `fatal`.
    pub fn wake(&mut self, fatal: bool) {
        let now = self.reading();
        let due = self.school.come_to(now);
        let decisions = self.keeper.wake(now);
        self.school.judge(&decisions, due, now, self.boot);
        self.carry_out(&decisions, now, fatal);
    }

    /// Other tables: conf.json has them first, and then the keeper, unless the program ends before.
    pub fn publish(&mut self, fatal: bool) {
        self.tables = Daily::after(self.tables, &mut self.dice);
        self.counts.published += 1;
        if fatal && self.dice.one_in(4) {
            return;
        }
        let now = self.reading();
        let due = self.school.come_to(now);
        self.school.publish(self.tables, now);
        let decisions = self.keeper.publish(asked(self.tables), now);
        self.school.judge(&decisions, due, now, self.boot);
        self.news = true;
        self.carry_out(&decisions, now, fatal);
    }

    fn carry_out(&mut self, decisions: &[Decision], now: Reading, fatal: bool) {
        let boot = self.boot_id();
        for decision in decisions {
            if fatal && self.dice.one_in(3) {
                return;
            }
            if let Decision::Ring(due) = decision {
                let armed = self.armed.remove(&due.id).unwrap_or_default();
                self.pass((armed - self.monotonic).clamp(0, 900_000_000));
            }
            let safe =
                self.disk.write(&[Line::of(decision, &boot)], self.monotonic, &mut self.dice);
            match decision {
                Decision::Arm(due) => {
                    self.armed.insert(due.id.clone(), safe);
                    let armed = Armed { boot: self.boot, live: true, off: None };
                    self.school.armed.insert(due.id.clone(), armed);
                }
                Decision::Disarm(id) => {
                    self.armed.remove(id);
                    self.school.armed.get_mut(id).unwrap().off = Some(safe);
                }
                Decision::Ring(due) => self.school.armed.get_mut(&due.id).unwrap().live = false,
                _ => {}
            }
            if fatal && self.dice.one_in(3) {
                return;
            }
            if let Decision::Ring(due) = decision {
                self.ring(due, now);
            }
        }
        if fatal && self.dice.one_in(2) {
            return;
        }
        let news = mem::take(&mut self.news) || !decisions.is_empty() || !self.alive;
        if self.trusted && news {
            let until = now.wall;
            let known = Line::Known { until, boot, synchronised: true };
            self.disk.write(&[known], self.monotonic, &mut self.dice);
        }
        self.alive = self.trusted;
        if !fatal {
            let length = self.disk.length();
            let due = self.school.due.values_mut();
            due.filter(|it| **it == i64::MAX).for_each(|it| *it = length);
            if self.dice.one_in(10) {
                self.disk.shorten(&self.boot_id(), self.monotonic, &mut self.dice);
                self.counts.shortened += 1;
            }
        }
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

    pub fn restart(&mut self, power: bool) {
        if power {
            self.disk.cut(self.monotonic, &mut self.dice);
            self.school.forget(self.monotonic);
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
        self.news = false;
        self.school.begin(self.tables, &account);
        let left = self.disk.length();
        self.school.due.retain(|_, length| *length <= left);
        // The same to whoever reads it, at whatever moment it was written anew.
        let short = account::in_short(&self.disk.text, 1_000_000, &boot);
        let short = Account::read(&short, &boot);
        assert_eq!((&short.past, &short.cut), (&account.past, &account.cut));
        self.keeper = Keeper::new(account.past, asked(self.tables));
    }
}

/// As the keeper asks them.
fn asked(tables: Option<Daily>) -> Option<Arc<dyn Timetable + Send + Sync>> {
    tables.map(|tables| Arc::new(tables) as _)
}
