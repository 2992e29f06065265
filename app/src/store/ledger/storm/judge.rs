//! Whether what the keeper decides is what the school wants.
//!

use std::{
    collections::{HashMap, HashSet},
    mem,
};

use jiff::{SignedDuration, Timestamp};

use super::school::{School, Since};
use crate::schedule::{
    Bell, BellId,
    keeper::{Decision, Due, Missed, Reading},
};

impl School {
    /// Of what is due, each bell that has not started rings, or is told as missed for a true
    /// reason; and nothing else does.
    pub fn judge(&mut self, decisions: &[Decision], due: Vec<Bell>, now: Reading, boot: u64) {
        self.judge_power_cuts(decisions, now, boot);
        let due: HashMap<_, _> = due.into_iter().map(|bell| (bell.id.clone(), bell)).collect();
        let open = due.iter().filter(|(id, _)| !self.started.contains(*id)).collect();
        let rung = self.judge_decided(decisions, open, now);
        self.started.extend(rung);
        self.judge_arming(decisions, &due);
        if now.trust.is_trusted() {
            self.told.clear();
            self.since = Since::default();
        }
    }

    fn judge_power_cuts(&mut self, decisions: &[Decision], now: Reading, boot: u64) {
        for decision in decisions {
            let Decision::Missed(lost, Missed::PowerCut) = decision else { continue };
            let doubtful = self.armed.get(&lost.id).is_some_and(|armed| armed.boot < boot);
            assert!(doubtful, "{lost:?}: no power cut has made it doubtful");
            assert!(lost.at <= now.wall, "{lost:?} is yet to come");
            assert!(self.started.insert(lost.id.clone()), "{lost:?} has started");
        }
    }

    /// What rings.
    fn judge_decided(
        &self,
        decisions: &[Decision],
        mut open: HashMap<&BellId, &Bell>,
        now: Reading,
    ) -> HashSet<BellId> {
        let newest = open.values().filter(|bell| may_ring(bell, now)).map(|bell| bell.at).max();
        let rings = open.values().filter(|bell| Some(bell.at) == newest);
        let rings: HashSet<_> = rings.map(|bell| bell.id.clone()).collect();
        let mut rung = HashSet::new();
        let mut many = None;
        for decision in decisions {
            let it = match decision {
                Decision::Ring(it) => {
                    rung.insert(it.id.clone());
                    it
                }
                Decision::Missed(_, Missed::PowerCut) => continue,
                Decision::Missed(it, why) => {
                    self.judge_reason(*why, it, newest, now);
                    it
                }
                Decision::MissedMany { count, first, last, why } => {
                    self.judge_reason(*why, last, newest, now);
                    many = Some((*count, &first.id, &last.id));
                    continue;
                }
                _ => continue,
            };
            let bell = open.remove(&it.id);
            let same = bell.is_some_and(|bell| it.at == bell.at && it.late == bell.late());
            assert!(same, "{it:?} was not due, or had started, or is decided twice");
        }
        assert_eq!(rung, rings, "what rings is the newest that is not too late");
        open.retain(|id, _| !self.told.contains(*id));
        if let Some((count, first, last)) = many {
            assert!(
                open.contains_key(first) && open.contains_key(last),
                "{first}, {last}: not due"
            );
            let before = open.len();
            open.retain(|id, _| *id < first || last < *id);
            assert_eq!(count, before - open.len(), "missed from {first} to {last}");
        }
        assert!(open.is_empty(), "due, and nothing says what became of them: {open:?}");
        rung
    }

    /// Nothing is armed that no table has, and nothing stays so.
    fn judge_arming(&mut self, decisions: &[Decision], due: &HashMap<BellId, Bell>) {
        let (mut off, mut armed) = (HashSet::new(), HashSet::new());
        for decision in decisions {
            match decision {
                Decision::Arm(it) => {
                    let wanted = due.contains_key(&it.id) || self.has(&it.id);
                    assert!(wanted, "{it:?} is armed, and no table has it");
                    armed.insert(&it.id);
                }
                Decision::Disarm(id) => assert!(off.insert(id.clone()), "{id} is disarmed twice"),
                _ => {}
            }
        }
        let mut leaving = mem::take(&mut self.leaving);
        leaving.retain(|id| !due.contains_key(id) && !armed.contains(id));
        assert_eq!(off, leaving, "what was armed, and is not any more");
        for id in due.keys().chain(&off) {
            if let Some(armed) = self.armed.get_mut(id) {
                armed.live = false;
            }
        }
    }

    fn judge_reason(&self, why: Missed, missed: &Due, newest: Option<Timestamp>, now: Reading) {
        let is_true = match why {
            Missed::Off => self.since.off,
            Missed::ClockSetForward => self.since.leapt,
            Missed::ClockNotTrusted => self.since.doubted,
            Missed::Superseded => newest.is_some_and(|at| at > missed.at),
            Missed::Busy => !self.since.off,
            Missed::PowerCut => false,
        };
        assert!(is_true, "at {now:?}, it is not true of {missed:?} that {}", why.words());
    }
}

fn may_ring(bell: &Bell, now: Reading) -> bool {
    now.wall.duration_since(bell.at) <= SignedDuration::from_secs(bell.late_seconds.max(1).into())
}
