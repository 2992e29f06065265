//! The bells of a date: those of its day type, as changes of the day leave them.
//!

use std::sync::Arc;

use jiff::{
    ToSpan,
    civil::{Date, Time},
};

use super::Tables;
use crate::schedule::{
    bell::{Bell, BellId, Silenced},
    days_off::DaysOff,
    model::{ChangeKind, DayType, DayTypeId, WrittenBell},
    moment::{Moment, moment},
    why::{EntryName, Rule, Step},
};

/// The last moment of a day at which a bell may be.
const LAST: Time = jiff::civil::time(23, 59, 59, 0);

/// A bell in the making.
struct Draft<'a> {
    written: &'a WrittenBell,
    day_type: Option<&'a DayTypeId>,
    /// Which change added it.
    added: Option<usize>,
    time: Time,
    own: Vec<Step>,
    silenced: bool,
}

impl<D: DaysOff> Tables<D> {
    /// The bells of a date that ring, and those that do not.
    pub(super) fn bells(
        &self,
        date: Date,
        day_type: Option<(&DayTypeId, &DayType)>,
        why: &Arc<[Step]>,
    ) -> (Vec<Bell>, Vec<Silenced>) {
        let mut drafts: Vec<Draft<'_>> = Vec::new();
        if let Some((id, DayType { bells, .. })) = day_type {
            drafts.extend(bells.iter().map(|bell| Draft::of(bell, Some(id), None)));
        }
        self.change(date, &mut drafts);
        self.silence(date, &mut drafts);
        let mut bells = Vec::with_capacity(drafts.len());
        let mut silenced = Vec::new();
        for mut draft in drafts {
            let at = match moment(self.schedule.time_zone.rules(), date, draft.time) {
                Moment::Once(at) => Some(at),
                Moment::First(at) => {
                    draft.own.push(Rule::ClockRepeats.into());
                    Some(at)
                }
                Moment::After(at, rings) => {
                    let written = draft.time;
                    draft.own.push(Rule::ClockSkips { written, rings }.into());
                    Some(at)
                }
                Moment::Never => {
                    draft.own.push(Rule::ClockSkipsDay.into());
                    None
                }
            };
            match at.filter(|_| !draft.silenced) {
                Some(at) => bells.push(draft.bell(date, at, why)),
                None => silenced.push(draft.silenced(why)),
            }
        }
        bells.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
        silenced.sort_by_key(|bell| bell.time);
        (once(bells), silenced)
    }

    /// The changes of the date, in the order in which they were made.
    fn change<'a>(&'a self, date: Date, drafts: &mut Vec<Draft<'a>>) {
        let mutes = || self.schedule.changes.iter().enumerate();
        for (place, change) in mutes().filter(|(_, change)| change.date == date) {
            match &change.kind {
                ChangeKind::Shift { from, minutes } => {
                    let later = drafts.iter_mut().filter(|draft| draft.time >= *from);
                    later.for_each(|draft| draft.shift(*from, *minutes));
                }
                ChangeKind::Bell(written) => drafts.push(Draft::of(written, None, Some(place))),
                ChangeKind::Cancel { time, trigger } => {
                    let meant = |draft: &&mut Draft<'_>| {
                        draft.written.time == *time && draft.written.trigger == *trigger
                    };
                    for draft in drafts.iter_mut().filter(meant) {
                        draft.silence(Rule::Cancelled);
                    }
                }
                // By the times that the bells have in the end.
                ChangeKind::Mute(_) => {}
            }
        }
        for (place, change) in mutes().filter(|(_, change)| change.date == date) {
            let ChangeKind::Mute(hours) = change.kind else { continue };
            let muted = |draft: &&mut Draft<'_>| {
                draft.added.is_none_or(|added| added < place) && hours.contains(draft.time)
            };
            drafts.iter_mut().filter(muted).for_each(|draft| draft.silence(Rule::Muted { hours }));
        }
    }

    /// The hours of silence of the calendar, which leave alone what was added by hand.
    fn silence(&self, date: Date, drafts: &mut [Draft<'_>]) {
        for entry in self.schedule.calendar.iter().filter(|entry| entry.covers(date)) {
            for hours in &entry.silent_hours {
                let meant =
                    |draft: &&mut Draft<'_>| draft.added.is_none() && hours.contains(draft.time);
                for draft in drafts.iter_mut().filter(meant) {
                    let entry = EntryName::of(entry);
                    draft.silence(Rule::SilentHours { entry, hours: *hours });
                }
            }
        }
    }
}

impl<'a> Draft<'a> {
    fn of(written: &'a WrittenBell, day_type: Option<&'a DayTypeId>, added: Option<usize>) -> Self {
        let own = added.map(|_| Rule::Added.into()).into_iter().collect();
        Self { written, day_type, added, time: written.time, own, silenced: false }
    }

    fn shift(&mut self, from: Time, minutes: i16) {
        let was = self.time;
        self.time = was.saturating_add(i64::from(minutes).minutes()).clamp(from, LAST.max(from));
        self.own.push(Rule::Shifted { minutes, from, was, is: self.time }.into());
    }

    /// The first rule that silences it is the one that is told.
    fn silence(&mut self, rule: Rule) {
        if !self.silenced {
            self.silenced = true;
            self.own.push(rule.into());
        }
    }

    fn bell(self, date: Date, at: jiff::Timestamp, day: &Arc<[Step]>) -> Bell {
        Bell {
            id: BellId { date, time: self.time, trigger: self.written.trigger.clone() },
            at,
            planned: self.written.time,
            label: Arc::clone(&self.written.label),
            late_seconds: self.written.late_seconds,
            day_type: self.day_type.cloned(),
            why: with(day, self.own),
        }
    }

    fn silenced(self, day: &Arc<[Step]>) -> Silenced {
        Silenced {
            time: self.time,
            planned: self.written.time,
            trigger: self.written.trigger.clone(),
            label: Arc::clone(&self.written.label),
            why: with(day, self.own),
        }
    }
}

/// The day's chain, shared where there is nothing to add.
fn with(day: &Arc<[Step]>, own: Vec<Step>) -> Arc<[Step]> {
    if own.is_empty() { Arc::clone(day) } else { day.iter().cloned().chain(own).collect() }
}

/// What rings the same at the same moment rings once.
fn once(bells: Vec<Bell>) -> Vec<Bell> {
    let mut kept: Vec<Bell> = Vec::with_capacity(bells.len());
    for bell in bells {
        let same = |other: &&mut Bell| other.at == bell.at && other.id.trigger == bell.id.trigger;
        let Some(other) = kept.iter_mut().rev().take_while(|other| other.at == bell.at).find(same)
        else {
            kept.push(bell);
            continue;
        };
        other.late_seconds = other.late_seconds.max(bell.late_seconds);
        if other.why.last().is_none_or(|step| step.rule != Rule::Once) {
            other.why = with(&other.why, vec![Rule::Once.into()]);
        }
    }
    kept
}
