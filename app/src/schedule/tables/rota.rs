//! What the week, or the cycle, says of a date.
//!

use std::sync::Arc;

use jiff::civil::Date;

use super::{
    Tables,
    turns::{monday, weeks_between},
};
use crate::schedule::{
    days_off::DaysOff,
    model::{Cycle, DayTypeId, Rota, Turn, WeekTemplate, Weeks},
    why::{NamedDay, Rule, Step},
};

impl<D: DaysOff> Tables<D> {
    /// What the week, or the cycle, makes of a date, and why.
    pub(super) fn by_rota(&self, date: Date, why: &mut Vec<Step>) -> Option<DayTypeId> {
        match &self.schedule.rota {
            Rota::Weeks(weeks) => {
                let week = self.week(weeks, date, why)?;
                let day_type = week.day(date.weekday());
                let rule = Rule::WeekDay {
                    week: (weeks.templates.len() > 1).then(|| Arc::clone(&week.name)),
                    date,
                    day_type: day_type.map(|id| self.named(id)),
                };
                why.push(rule.into());
                day_type.cloned()
            }
            Rota::Cycle(cycle) => self.by_cycle(cycle, date, why),
        }
    }

    /// A day type by what people call it.
    pub(super) fn named(&self, id: &DayTypeId) -> NamedDay {
        let known = self.schedule.day_types.get(id);
        NamedDay {
            id: id.clone(),
            name: known.map_or_else(|| Arc::from(&**id), |day_type| Arc::clone(&day_type.name)),
            colour: known.map(|day_type| day_type.colour).unwrap_or_default(),
        }
    }

    fn week<'a>(
        &self,
        weeks: &'a Weeks,
        date: Date,
        why: &mut Vec<Step>,
    ) -> Option<&'a WeekTemplate> {
        let monday = monday(date);
        if weeks.templates.len() < 2 {
            if weeks.templates.is_empty() {
                why.push(Rule::NoRota.into());
            }
            return weeks.templates.first();
        }
        let assigned = weeks.assigned.get(&monday);
        if let Some(week) = weeks.templates.iter().find(|week| Some(&week.name) == assigned) {
            why.push(Rule::WeekAssigned { monday, week: Arc::clone(&week.name) }.into());
            return Some(week);
        }
        let turn = match weeks.turn {
            Turn::Assigned => None,
            Turn::EveryWeek { anchor } => {
                Some((anchor, weeks_between(super::turns::monday(anchor), monday), false))
            }
            Turn::SchoolWeeks { anchor } => {
                Some((anchor, self.turns.weeks(anchor, date, &self.days_off), true))
            }
        };
        let week = turn.and_then(|(anchor, count, school_weeks)| {
            let week = weeks.templates.get(place(count, weeks.templates.len()))?;
            Some((week, anchor, school_weeks))
        });
        let Some((week, anchor, school_weeks)) = week else {
            why.push(Rule::NoWeek { monday }.into());
            return None;
        };
        let name = Arc::clone(&week.name);
        why.push(Rule::WeekTurn { monday, week: name, anchor, school_weeks }.into());
        Some(week)
    }

    fn by_cycle(&self, cycle: &Cycle, date: Date, why: &mut Vec<Step>) -> Option<DayTypeId> {
        if cycle.days.is_empty() {
            why.push(Rule::NoRota.into());
            return None;
        }
        if !cycle.open.contains(&date.weekday()) {
            why.push(Rule::CycleClosed { date }.into());
            return None;
        }
        // A day off has the number of the next open day, which beats it anyway.
        let count = self.turns.days(cycle.anchor, date, &self.days_off);
        let place = place(count, cycle.days.len());
        let day_type = cycle.days.get(place)?.as_ref();
        let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        let rule = Rule::CycleDay {
            number: number(place + 1),
            of: number(cycle.days.len()),
            anchor: cycle.anchor,
            day_type: day_type.map(|id| self.named(id)),
        };
        why.push(rule.into());
        day_type.cloned()
    }
}

/// Whose turn it is after so many turns.
fn place(count: i64, of: usize) -> usize {
    let of = i64::try_from(of).unwrap_or(i64::MAX);
    usize::try_from(count.rem_euclid(of)).unwrap_or_default()
}
