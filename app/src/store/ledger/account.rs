//! What the lines of a ledger say together, and the same in fewer lines.
//!

#[cfg(test)]
mod tests;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use super::line::Line;
use crate::{
    engine::Outcome,
    schedule::{
        BellId,
        keeper::{Armed, Decision, Due, Missed, Past},
    },
};

/// What a ledger says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Account {
    /// For the keeper.
    pub past: Past,
    /// Bells that began to ring and are not known to have ended, with what they were for: they
    /// were cut short, if they were heard at all.
    pub cut: Vec<(BellId, Arc<str>)>,
    /// Whether the clock was compared with a time server since the machine started.
    pub synchronised: bool,
    /// Lines that cannot be understood.
    pub garbage: u64,
    /// What has started, in the order in which it did.
    order: Vec<BellId>,
    /// As they were armed, with the start of the machine: those of [`Self::cut`].
    open: HashMap<BellId, (Due, Arc<str>)>,
}

/// A ledger that says the same in fewer lines, with at most so many bells that have started. What
/// comes after the last [`Line::Known`] stays as it is: of that, each line still counts.
pub(super) fn in_short(text: &[u8], at_most: usize, boot: &Arc<str>) -> Vec<u8> {
    let known = |line: &&[u8]| matches!(serde_json::from_slice(line), Ok(Line::Known { .. }));
    let rest: usize = text
        .split_inclusive(|byte| *byte == b'\n')
        .rev()
        .take_while(|line| !known(line))
        .map(<[u8]>::len)
        .sum();
    let (head, rest) = text.split_at(text.len() - rest);
    let mut short = Account::read(head, boot).lines(at_most, boot);
    short.extend(rest);
    short
}

impl Account {
    /// Reads lines, of which any may be torn. `boot` is this start of the machine.
    pub fn read(text: &[u8], boot: &str) -> Self {
        let mut account = Self::default();
        let mut open = HashSet::new();
        let mut armed: HashMap<BellId, (Due, Arc<str>)> = HashMap::new();
        for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let Ok(line) = serde_json::from_slice(line) else {
                account.garbage += 1;
                continue;
            };
            let past = &mut account.past;
            match line {
                Line::Armed { bell, due, label, late_seconds, boot: then } => {
                    let late = Duration::from_secs(late_seconds);
                    let due = Due { id: bell.clone(), at: due, label, late };
                    let same_boot = *then == *boot;
                    armed.insert(bell.clone(), (due.clone(), then));
                    if !past.started.contains(&bell) {
                        past.armed.insert(bell, Armed { due, same_boot });
                    }
                }
                Line::Disarmed { bell } => drop(past.armed.remove(&bell)),
                Line::Ringing { bell } => {
                    account.start(&bell);
                    open.insert(bell);
                }
                Line::Ended { bell, outcome } => {
                    account.start(&bell);
                    if outcome != Outcome::Playing {
                        open.remove(&bell);
                    }
                }
                Line::Missed { bell, why: Missed::PowerCut } => account.start(&bell),
                Line::Missed { bell, .. } => {
                    past.armed.remove(&bell);
                    past.told.insert(bell);
                }
                // The newest of a reading are written down one by one, after it.
                Line::MissedMany { until, .. } => past.until = Some(until),
                Line::ClockSet { .. } => {}
                Line::Known { until, boot: then, synchronised } => {
                    past.until = Some(until);
                    past.told = HashSet::new();
                    past.armed.retain(|_, armed| armed.due.at > until);
                    account.synchronised = synchronised && *then == *boot;
                }
            }
        }
        armed.retain(|id, _| open.contains(id));
        let cut = account.order.iter().filter(|id| open.contains(*id));
        let label = |id| armed.get(id).map(|(due, _)| Arc::clone(&due.label)).unwrap_or_default();
        account.cut = cut.map(|id| (id.clone(), label(id))).collect();
        account.open = armed;
        account
    }

    /// The same in fewer lines, with at most so many bells that have started.
    fn lines(&self, at_most: usize, boot: &Arc<str>) -> Vec<u8> {
        let mut text = Vec::new();
        let first = self.order.len().saturating_sub(at_most);
        let cut: HashSet<_> = self.cut.iter().map(|(id, _)| id).collect();
        for bell in self.order.iter().skip(first) {
            if let Some((due, then)) = self.open.get(bell) {
                Line::of(&Decision::Arm(due.clone()), then).write(&mut text);
            }
            match cut.contains(bell) {
                true => Line::Ringing { bell: bell.clone() },
                false => Line::Ended { bell: bell.clone(), outcome: Outcome::Played },
            }
            .write(&mut text);
        }
        if let Some(until) = self.past.until {
            let synchronised = self.synchronised;
            Line::Known { until, boot: Arc::clone(boot), synchronised }.write(&mut text);
        }
        for Armed { due, same_boot } in self.past.armed.values() {
            let boot = if *same_boot { Arc::clone(boot) } else { "".into() };
            Line::of(&Decision::Arm(due.clone()), &boot).write(&mut text);
        }
        text
    }

    fn start(&mut self, bell: &BellId) {
        self.past.armed.remove(bell);
        if self.past.started.insert(bell.clone()) {
            self.order.push(bell.clone());
        }
    }
}
