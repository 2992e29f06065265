//! What a date is: the week, then the days off, then the calendar.
//!

use std::{cmp::Reverse, sync::Arc};

use jiff::civil::Date;

use super::Tables;
use crate::schedule::{
    bell::Day,
    days_off::DaysOff,
    model::{DayTypeId, Entry, EntryDay, Schedule},
    why::{EntryName, Rule, Step},
};

impl<D: DaysOff> Tables<D> {
    /// What a date is, and its bells.
    pub fn day(&self, date: Date) -> Day {
        let mut why = Vec::new();
        let mut day_type = self.by_rota(date, &mut why);
        if let Some(off) = self.days_off.day_off(date) {
            set_aside(&mut why);
            why.push(Rule::DayOff { off }.into());
            day_type = None;
        }
        for entry in self.deciding(date) {
            set_aside(&mut why);
            day_type = match &entry.day {
                EntryDay::Typed { day_type } => Some(day_type.clone()),
                EntryDay::Usual | EntryDay::Silent => None,
            };
            let named = day_type.as_ref().map(|id| self.named(id));
            why.push(Rule::Entry { entry: EntryName::of(entry), day_type: named }.into());
        }
        let known = day_type.as_ref().and_then(|id| self.schedule.day_types.get_key_value(id));
        if let (Some(day_type), None) = (&day_type, known) {
            why.push(Rule::UnknownDayType { day_type: day_type.clone() }.into());
        }
        let why: Arc<[Step]> = why.into();
        let (bells, silenced) = self.bells(date, known, &why);
        Day { date, day_type: known.map(|(id, _)| self.named(id)), why, bells, silenced }
    }

    /// Whether it is a day off, and nobody has written anything else down: it has no bells, and
    /// this is found out much faster than by looking for them.
    pub(super) fn is_plainly_off(&self, date: Date) -> bool {
        let Schedule { calendar, changes, .. } = &*self.schedule;
        self.days_off.is_off(date)
            && !calendar.iter().any(|entry| entry.covers(date))
            && !changes.iter().any(|change| change.date == date)
    }

    /// The entries that say what a date is, from the weakest to the strongest.
    fn deciding(&self, date: Date) -> Vec<&Entry> {
        let entries = self.schedule.calendar.iter().filter(|entry| entry.covers(date));
        let mut deciding: Vec<_> = entries.filter(|entry| entry.day != EntryDay::Usual).collect();
        // Stable: of two that are equally long, the last in the list stays last.
        deciding.sort_by_key(|entry| Reverse(entry.days()));
        deciding
    }
}

/// What came before does not hold any more.
fn set_aside(why: &mut [Step]) {
    why.iter_mut().for_each(|step| step.holds = false);
}

impl EntryName {
    /// The name of an entry.
    pub fn of(entry: &Entry) -> Self {
        Self { label: Arc::clone(&entry.label), from: entry.from, to: entry.to }
    }
}

impl Day {
    /// The rule that decided: the last that holds.
    pub fn because(&self) -> Option<&Step> {
        self.why.iter().rev().find(|step| step.holds)
    }

    /// Which day type it has, by its id.
    pub fn day_type_id(&self) -> Option<&DayTypeId> {
        self.day_type.as_ref().map(|day_type| &day_type.id)
    }
}
