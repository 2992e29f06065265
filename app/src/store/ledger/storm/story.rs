//! What happens to the box, and what must be true of it afterwards.
//!

use std::collections::HashSet;

use jiff::Timestamp;

use super::{
    super::{account::Account, line::Line},
    daily::{DAY, WINDOW},
    world::World,
};
use crate::schedule::BellId;

impl World {
    pub fn run(&mut self) {
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
            match self.dice.below(8) {
                0 | 1 => {
                    self.step();
                    match self.dice.one_in(3) {
                        true => self.publish(true),
                        false => self.wake(true),
                    }
                    let power = self.dice.one_in(2);
                    self.restart(power);
                }
                2 | 3 => self.jump(),
                4 => self.trusted = !self.trusted,
                5 | 6 => self.publish_some(),
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

    /// Other tables, once or several times in a row: at what the keeper waits for, or any time.
    fn publish_some(&mut self) {
        for _ in 0..=self.dice.below(3) {
            if self.dice.one_in(2) {
                self.step();
            }
            let later = self.dice.one_of(&[1_000_000, 1_000_000_000, 5_000_000_000]);
            let later = self.dice.below(later);
            self.pass(later);
            self.publish(false);
        }
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
        let until = self.school.until.map_or(second, Timestamp::as_second);
        // A year is what is promised. Of a note that a power cut took, the keeper may go on from two years ago.
        if (second - until).abs() < 390 * DAY {
            let by = seconds * 1_000_000_000 + self.dice.below(1_000_000_000);
            self.wall += by;
            self.school.since.leapt |= by > 0;
        }
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
        for id in self.school.due.keys() {
            assert!(told.contains(id) || within(id), "{id} is not accounted for");
        }
        // Of a bell in whose second the power failed, it is said that it was armed, until a clock
        // comes to its moment that may have been set back since.
        let armed = Account::read(&self.disk.text, &self.boot_id()).past.armed;
        let doubtful = |id: &BellId| armed.get(id).is_some_and(|armed| !armed.same_boot);
        for (id, at) in &self.rang {
            assert!(told.contains(id) || doubtful(id), "{id} rang at {at} and nothing says so");
        }
        self.counts.due += self.school.due.len() as u64;
    }
}
