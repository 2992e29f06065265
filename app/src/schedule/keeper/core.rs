//! The state machine itself.
//!

use std::{
    collections::{HashMap, HashSet},
    mem,
    sync::Arc,
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};

use super::{Armed, Decision, Due, Missed, Past, Reading, Timetable, lapse::Lapse};
use crate::schedule::BellId;

/// So long before its moment a bell is armed: a slow card has it by then, and an SD card is slow for
/// seconds at times. Longer, and more bells would be doubtful after a power cut.
const ARM_AHEAD: SignedDuration = SignedDuration::from_secs(5);

/// The clock is looked at so often at least: one that is set is noticed within this.
const PACE: Duration = Duration::from_millis(1500);

/// More missed bells than this at once are summed up: a clock wrong by a year misses thousands.
const ONE_BY_ONE: usize = 32;

/// No further back are bells looked for: three years, as a clock that is wrong by one may be set
/// twice, and a power cut may take the note of the first time.
const FAR: SignedDuration = SignedDuration::from_hours(24 * 1100);

type Tables = Option<Arc<dyn Timetable + Send + Sync>>;

/// The keeper of the hours.
pub struct Keeper {
    tables: Tables,
    until: Option<Timestamp>,
    started: HashSet<BellId>,
    /// From before the machine started, until a clock that is to be trusted comes to their moment:
    /// it may have been set back.
    armed_before: HashMap<BellId, Armed>,
    told: HashSet<BellId>,
    /// What is armed and yet to ring.
    armed: HashSet<BellId>,
    /// The first bell after a moment, once it was looked for.
    next: Option<(Timestamp, Option<Due>)>,
    last: Option<Reading>,
    lapse: Lapse,
    /// Other tables, and until when they were in force: since the last reading to be trusted.
    replaced: Vec<(Tables, Duration)>,
}

/// What a person wants to know of the keeper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// Up to when each bell is accounted for.
    pub until: Option<Timestamp>,
    /// What rings next; `None` too where the clock is not to be trusted.
    pub next: Option<Due>,
}

impl Keeper {
    /// Goes on from what is known, by these tables; `None`: there are none.
    pub fn new(past: Past, tables: Tables) -> Self {
        let Past { until, started, mut armed, told } = past;
        armed.retain(|_, armed| !armed.same_boot);
        Self {
            tables,
            until,
            started,
            armed_before: armed,
            told,
            armed: HashSet::new(),
            next: None,
            last: None,
            lapse: Lapse::default(),
            replaced: Vec::new(),
        }
    }

    /// Puts other tables in force. The bells up to now are still decided by the old ones.
    pub fn publish(&mut self, tables: Tables, now: Reading) -> Vec<Decision> {
        let mut decisions = self.account(now);
        let replaced = mem::replace(&mut self.tables, tables);
        self.next = None;
        let before = mem::take(&mut self.armed);
        if now.trust.is_trusted() {
            self.arm(now.wall, &mut decisions);
        } else {
            self.replaced.push((replaced, now.monotonic));
        }
        // Else a power cut would leave it in doubt whether they rang.
        let mut off: Vec<_> = before.difference(&self.armed).cloned().collect();
        off.sort();
        decisions.extend(off.into_iter().map(Decision::Disarm));
        decisions
    }

    /// Decides what is due by a reading of the clocks.
    pub fn wake(&mut self, now: Reading) -> Vec<Decision> {
        let mut decisions = self.account(now);
        if now.trust.is_trusted() {
            self.arm(now.wall, &mut decisions);
        }
        decisions
    }

    /// When the next reading is wanted, on the clock that is never set.
    pub fn wants(&mut self) -> Duration {
        let Some(now) = self.last else { return Duration::ZERO };
        let mut wait = PACE;
        if now.trust.is_trusted()
            && let Some(at) = self.next(now.wall).map(|due| due.at)
        {
            let left = at.duration_since(now.wall);
            // What is nearer is armed by now.
            let ahead = if left > ARM_AHEAD { ARM_AHEAD } else { SignedDuration::ZERO };
            wait = wait.min(Duration::try_from(left - ahead).unwrap_or_default());
        }
        now.monotonic + wait
    }

    /// What a person wants to know.
    pub fn state(&mut self) -> State {
        let trusted = self.last.filter(|last| last.trust.is_trusted());
        let next = trusted.and_then(|last| self.next(last.wall).cloned());
        State { until: self.until, next }
    }

    /// Accounts for each bell up to a reading.
    fn account(&mut self, now: Reading) -> Vec<Decision> {
        let set = self.lapse.read(self.last.replace(now), now);
        let mut decisions: Vec<_> = set.map(|by| Decision::ClockSet { by }).into_iter().collect();
        if !now.trust.is_trusted() {
            return decisions;
        }
        let lapse = mem::take(&mut self.lapse);
        let replaced = mem::take(&mut self.replaced);
        self.recall(now.wall, &mut decisions);
        // At the very first start, nothing was ever due.
        let until = self.until.replace(now.wall).unwrap_or(now.wall);
        if until < now.wall {
            let far = now.wall.saturating_sub(FAR).unwrap_or(Timestamp::MIN);
            let replaced = replaced.into_iter().map(|(tables, until)| (tables, now.showed(until)));
            let due = self.due(until.max(far), now.wall, replaced);
            self.decide(due, now.wall, |at| lapse.why(at, now), &mut decisions);
        }
        self.told = HashSet::new();
        decisions
    }

    /// Which of the bells that were armed when the power failed may have rung, once it is past their
    /// moment.
    fn recall(&mut self, now: Timestamp, decisions: &mut Vec<Decision>) {
        let armed = self.armed_before.extract_if(|_, armed| armed.due.at <= now);
        let mut lost: Vec<Due> = armed
            .map(|(_, armed)| armed.due)
            .filter(|due| self.started.insert(due.id.clone()))
            .collect();
        lost.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
        decisions.extend(lost.into_iter().map(|due| Decision::Missed(due, Missed::PowerCut)));
    }

    /// What was due by the tables that were in force then, and has not started.
    fn due(
        &self,
        mut after: Timestamp,
        now: Timestamp,
        replaced: impl Iterator<Item = (Tables, Timestamp)>,
    ) -> Vec<Due> {
        let mut all = Vec::new();
        for (tables, until) in replaced.chain([(self.tables.clone(), now)]) {
            if let Some(tables) = tables.filter(|_| after < until) {
                let due = tables.due_between(after, until);
                let fresh = due.iter().filter(|bell| !self.started.contains(&bell.id));
                all.extend(fresh.map(Due::from));
            }
            after = after.max(until);
        }
        all
    }

    fn decide(
        &mut self,
        due: Vec<Due>,
        now: Timestamp,
        why: impl Fn(Timestamp) -> Missed,
        decisions: &mut Vec<Decision>,
    ) {
        let newest = due.iter().rev().find(|due| due.may_ring(now)).map(|due| due.at);
        let (mut missed, mut arm, mut ring) = (Vec::new(), Vec::new(), Vec::new());
        for due in due {
            let armed = self.armed.remove(&due.id);
            if Some(due.at) == newest && due.may_ring(now) {
                self.started.insert(due.id.clone());
                // What was not armed in time is armed now: it, too, rings once only.
                if !armed {
                    arm.push(Decision::Arm(due.clone()));
                }
                ring.push(Decision::Ring(due));
            } else if !self.told.contains(&due.id) {
                let superseded = due.may_ring(now);
                let why = if superseded { Missed::Superseded } else { why(due.at) };
                missed.push((due, why));
            }
        }
        let one_by_one = missed.split_off(missed.len().saturating_sub(ONE_BY_ONE));
        if let [(first, _), .., (last, why)] = &missed[..] {
            let (count, why) = (missed.len(), *why);
            let (first, last) = (first.clone(), last.clone());
            decisions.push(Decision::MissedMany { count, first, last, why });
        } else {
            decisions.extend(missed.into_iter().map(|(due, why)| Decision::Missed(due, why)));
        }
        decisions.extend(one_by_one.into_iter().map(|(due, why)| Decision::Missed(due, why)));
        decisions.extend(arm);
        decisions.extend(ring);
    }

    fn arm(&mut self, now: Timestamp, decisions: &mut Vec<Decision>) {
        let ahead = now.saturating_add(ARM_AHEAD).unwrap_or(Timestamp::MAX);
        if self.next(now).is_none_or(|due| due.at > ahead) {
            return;
        }
        let Some(tables) = &self.tables else { return };
        for bell in tables.due_between(now, ahead) {
            let doubtful =
                self.started.contains(&bell.id) || self.armed_before.contains_key(&bell.id);
            if !doubtful && self.armed.insert(bell.id.clone()) {
                decisions.push(Decision::Arm(Due::from(&bell)));
            }
        }
    }

    /// The first bell after a moment. It is looked for only where that moment has left the span
    /// that is known to have none.
    fn next(&mut self, now: Timestamp) -> Option<&Due> {
        let tables = self.tables.as_ref()?;
        let known = self.next.as_ref().is_some_and(|(from, next)| {
            let day_after = from.saturating_add(SignedDuration::from_hours(24)).unwrap_or(*from);
            *from <= now && now < next.as_ref().map_or(day_after, |due| due.at)
        });
        if !known {
            self.next = Some((now, tables.next_after(now).as_ref().map(Due::from)));
        }
        self.next.as_ref()?.1.as_ref()
    }
}
