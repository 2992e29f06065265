//! Jumping clocks, kills and power cuts: no bell twice, none unaccounted for.
//!
//! In virtual time: the keeper and the ledger's lines are the real ones, the disk is a text of
//! which a power cut takes any part that was not waited for. `BEFFROI_STORM` says how many
//! sequences (10,000 are promised), `BEFFROI_STORM_SEED` which.

mod daily;
mod dice;
mod disk;

use std::{
    collections::{HashMap, HashSet},
    env,
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;

use self::{
    daily::{DAY, Daily, WINDOW},
    dice::Dice,
    disk::Disk,
};
use super::{
    account::{self, Account},
    line::Line,
};
use crate::schedule::{
    BellId,
    keeper::{Decision, Distrust, Due, Keeper, Reading, Timetable, Trust},
};

/// A box through one sequence. Times are in nanoseconds.
struct World {
    dice: Dice,
    tables: Daily,
    monotonic: i64,
    wall: i64,
    trusted: bool,
    boot: u64,
    disk: Disk,
    /// Whether it is written down that the box is alive, by a clock that is to be trusted.
    alive: bool,
    /// When what was armed is safe.
    armed: HashMap<BellId, i64>,
    keeper: Keeper,
    rang: HashMap<BellId, Timestamp>,
    /// Up to when a clock that was to be trusted has come, and what it has come over.
    until: Option<Timestamp>,
    /// With the length of the ledger once it says so.
    due: HashMap<BellId, i64>,
    counts: Counts,
}

#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    sequences: u64,
    due: u64,
    rang: u64,
    kills: u64,
    cuts: u64,
    jumps: u64,
    shortened: u64,
}

impl World {
    fn new(seed: u64) -> Self {
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

    fn pass(&mut self, nanos: i64) {
        self.monotonic += nanos;
        self.wall += nanos;
    }

    fn boot_id(&self) -> Arc<str> {
        self.boot.to_string().into()
    }

    /// One wake, as the thread does it; cut off somewhere within where `fatal`. Whether it was.
    fn wake(&mut self, fatal: bool) -> bool {
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

    fn restart(&mut self, power: bool) {
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

    fn jump(&mut self) {
        self.counts.jumps += 1;
        let dice = &mut self.dice;
        let small = dice.one_of(&[2, 5, 60, 600, 3600]);
        let days = dice.one_of(&[0, 0, 0, 1, 7, 100, 365]);
        let mut seconds = days * DAY + dice.below(2 * small) - small;
        if dice.one_in(2) {
            seconds = -seconds;
        }
        let second = self.wall / 1_000_000_000 + seconds;
        let until = self.until.map_or(second, Timestamp::as_second);
        // A year is what is promised. Of a note that a power cut took, the keeper may go on from two years ago.
        if (second - until).abs() < 390 * DAY {
            self.wall += seconds * 1_000_000_000 + self.dice.below(1_000_000_000);
        }
    }

    fn run(&mut self) {
        // A box whose power fails in the very first second begins anew.
        self.wake(false);
        self.pass(900_000_000);
        for _ in 0..25 {
            // Undisturbed for a while, then something happens: often just at a bell.
            let wakes = self.dice.below(40);
            for _ in 0..wakes {
                self.step();
                self.wake(false);
            }
            match self.dice.below(6) {
                0 | 1 => {
                    self.step();
                    self.wake(true);
                    let power = self.dice.one_in(2);
                    self.restart(power);
                }
                2 | 3 => self.jump(),
                4 => self.trusted = !self.trusted,
                _ => {
                    let pause = self.dice.below(120_000_000_000);
                    self.pass(pause);
                }
            }
            // Back to where bells are.
            let of_day = (self.wall / 1_000_000_000).rem_euclid(DAY) - 8 * 3600;
            if !(-30..WINDOW + 30).contains(&of_day) {
                let ahead = (-20 - of_day).rem_euclid(DAY);
                self.pass(ahead * 1_000_000_000);
            }
        }
        self.trusted = true;
        self.wake(false);
        self.check();
    }

    fn step(&mut self) {
        let wants = self.keeper.wants();
        let left = i64::try_from(wants.as_nanos()).unwrap() - self.monotonic;
        let tardy = if self.dice.one_in(20) { 400_000_000 } else { 2_000_000 };
        let tardy = self.dice.below(tardy);
        self.pass(left.max(0) + tardy);
    }

    fn check(&mut self) {
        let mut told = HashSet::new();
        let mut spans = Vec::new();
        for line in self.disk.lines() {
            match serde_json::from_slice(line) {
                Ok(Line::Ringing { bell } | Line::Missed { bell, .. }) => drop(told.insert(bell)),
                Ok(Line::MissedMany { first, last, .. }) => spans.push((first, last)),
                _ => {}
            }
        }
        let within = |id: &BellId| spans.iter().any(|(first, last)| first <= id && id <= last);
        for id in self.due.keys() {
            assert!(told.contains(id) || within(id), "{id} is not accounted for");
        }
        // Of a bell in whose second the power failed, it is said that it was armed, until a clock
        // comes to its moment that may have been set back since.
        let armed = Account::read(&self.disk.text, &self.boot_id()).past.armed;
        let doubtful = |id: &BellId| armed.get(id).is_some_and(|armed| !armed.same_boot);
        for (id, at) in &self.rang {
            assert!(told.contains(id) || doubtful(id), "{id} rang at {at} and nothing says so");
        }
        self.counts.due += self.due.len() as u64;
    }
}

#[test]
fn no_bell_rings_twice_and_none_is_unaccounted_for_whatever_happens() {
    let number =
        |name: &str, default: u64| env::var(name).map_or(default, |text| text.parse().unwrap());
    let sequences = number("BEFFROI_STORM", 300);
    let first = number("BEFFROI_STORM_SEED", 1);
    let mut all = Counts::default();
    for seed in first..first + sequences {
        let told = Told(seed);
        let mut world = World::new(seed);
        world.run();
        std::mem::forget(told);
        let Counts { due, rang, kills, cuts, jumps, .. } = world.counts;
        all.sequences += 1;
        (all.due, all.rang) = (all.due + due, all.rang + rang);
        (all.kills, all.cuts, all.jumps) = (all.kills + kills, all.cuts + cuts, all.jumps + jumps);
        all.shortened += world.counts.shortened;
    }
    println!("{all:?}");
    assert!(sequences < 100 || all.rang > 3 * sequences && all.cuts > sequences, "{all:?}");
}

/// Names the sequence that failed.
struct Told(u64);

impl Drop for Told {
    fn drop(&mut self) {
        println!("the sequence of BEFFROI_STORM=1 BEFFROI_STORM_SEED={}", self.0);
    }
}
