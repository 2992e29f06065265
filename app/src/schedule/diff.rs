//! What is otherwise in one schedule than in another.
//!

use std::{collections::BTreeSet, sync::Arc};

use jiff::civil::{Date, Weekday};

use super::model::{
    Change, DayType, Entry, Rota, Schedule, WEEKDAYS, WeekTemplate, Weeks, WrittenBell,
};

/// One thing that is otherwise.
#[derive(Debug, Clone, PartialEq)]
pub enum Difference {
    /// Another zone: its name.
    Zone(String),
    /// The school's place, as far as days off go.
    School,
    /// One more day type: its name, and how many bells it has.
    DayTypeAdded(Arc<str>, usize),
    /// One day type less: its name.
    DayTypeRemoved(Arc<str>),
    /// Another name of a day type: the old one and the new one.
    DayTypeRenamed(Arc<str>, Arc<str>),
    /// Another colour: the day type's name.
    DayTypeColour(Arc<str>),
    /// One more bell: the day type's name, and the bell.
    BellAdded(Arc<str>, WrittenBell),
    /// One bell less.
    BellRemoved(Arc<str>, WrittenBell),
    /// Another time, label or lateness of a bell: as it was, and as it is.
    BellChanged(Arc<str>, WrittenBell, WrittenBell),
    /// Weeks instead of a cycle, or another cycle.
    Rota,
    /// Weeks take turns otherwise.
    Turn,
    /// One more kind of week: its name.
    WeekAdded(Arc<str>),
    /// One kind of week less.
    WeekRemoved(Arc<str>),
    /// Another day type of a day of a week: the week's name, the day, and the new day type's name.
    WeekDay(Arc<str>, Weekday, Option<Arc<str>>),
    /// The kind of a week set by hand: its Monday, and the kind; `None`: no longer.
    Assigned(Date, Option<Arc<str>>),
    /// One more entry of the calendar.
    EntryAdded(Entry),
    /// One entry less.
    EntryRemoved(Entry),
    /// The calendar's entries are in another order.
    EntriesMoved,
    /// One more change of a day.
    ChangeAdded(Change),
    /// A change of a day taken back.
    ChangeRemoved(Change),
    /// The changes are in another order.
    ChangesMoved,
}

/// What is otherwise in `new` than in `old`; empty only where both ring the same.
pub fn diff(old: &Schedule, new: &Schedule) -> Vec<Difference> {
    let mut found = Vec::new();
    if old.time_zone != new.time_zone {
        found.push(Difference::Zone(new.time_zone.to_string()));
    }
    if old.school != new.school {
        found.push(Difference::School);
    }
    let ids: BTreeSet<_> = old.day_types.keys().chain(new.day_types.keys()).collect();
    for id in ids {
        match (old.day_types.get(id), new.day_types.get(id)) {
            (Some(old), Some(new)) => day_type(old, new, &mut found),
            (Some(old), None) => found.push(Difference::DayTypeRemoved(Arc::clone(&old.name))),
            (None, Some(DayType { name, bells, .. })) => {
                found.push(Difference::DayTypeAdded(Arc::clone(name), bells.len()));
            }
            (None, None) => {}
        }
    }
    match (&old.rota, &new.rota) {
        (Rota::Weeks(old), Rota::Weeks(weeks)) => self::weeks(old, weeks, new, &mut found),
        (old, new) if old != new => found.push(Difference::Rota),
        _ => {}
    }
    let entries = [Difference::EntryAdded, Difference::EntryRemoved];
    list(&old.calendar, &new.calendar, entries, Difference::EntriesMoved, &mut found);
    let changes = [Difference::ChangeAdded, Difference::ChangeRemoved];
    list(&old.changes, &new.changes, changes, Difference::ChangesMoved, &mut found);
    found
}

fn day_type(old: &DayType, new: &DayType, found: &mut Vec<Difference>) {
    let name = &new.name;
    if old.name != *name {
        found.push(Difference::DayTypeRenamed(Arc::clone(&old.name), Arc::clone(name)));
    }
    if old.colour != new.colour {
        found.push(Difference::DayTypeColour(Arc::clone(name)));
    }
    let (mut removed, mut added) = unshared(&old.bells, &new.bells);
    // The same trigger at the same time, or with the same label: it is one bell that was changed.
    let same_time = |was: &WrittenBell, is: &WrittenBell| was.time == is.time;
    let same_label = |was: &WrittenBell, is: &WrittenBell| was.label == is.label;
    for same in [same_time, same_label] {
        removed.retain(|was| {
            let is = added.iter().position(|is| is.trigger == was.trigger && same(was, is));
            let Some(place) = is else { return true };
            let is = added.remove(place);
            found.push(Difference::BellChanged(Arc::clone(name), was.clone(), is));
            false
        });
    }
    found.extend(removed.into_iter().map(|bell| Difference::BellRemoved(Arc::clone(name), bell)));
    found.extend(added.into_iter().map(|bell| Difference::BellAdded(Arc::clone(name), bell)));
}

fn weeks(old: &Weeks, new: &Weeks, schedule: &Schedule, found: &mut Vec<Difference>) {
    let named = |weeks: &Weeks, name: &str| -> Option<WeekTemplate> {
        weeks.templates.iter().find(|week| &*week.name == name).cloned()
    };
    for week in old.templates.iter().filter(|week| named(new, &week.name).is_none()) {
        found.push(Difference::WeekRemoved(Arc::clone(&week.name)));
    }
    for week in &new.templates {
        let was = named(old, &week.name);
        if was.is_none() {
            found.push(Difference::WeekAdded(Arc::clone(&week.name)));
        }
        for (weekday, _) in WEEKDAYS {
            let is = week.day(weekday);
            if was.as_ref().and_then(|was| was.day(weekday)) != is {
                let name = is.map(|id| {
                    let known = schedule.day_types.get(id);
                    known.map_or_else(|| Arc::from(&**id), |day_type| Arc::clone(&day_type.name))
                });
                found.push(Difference::WeekDay(Arc::clone(&week.name), weekday, name));
            }
        }
    }
    let order =
        |weeks: &Weeks| weeks.templates.iter().map(|week| week.name.clone()).collect::<Vec<_>>();
    let same_weeks = order(old).iter().collect::<BTreeSet<_>>() == order(new).iter().collect();
    if old.turn != new.turn || (same_weeks && order(old) != order(new)) {
        found.push(Difference::Turn);
    }
    let mondays: BTreeSet<_> = old.assigned.keys().chain(new.assigned.keys()).collect();
    for monday in mondays {
        let (was, is) = (old.assigned.get(monday), new.assigned.get(monday));
        if was != is {
            found.push(Difference::Assigned(*monday, is.cloned()));
        }
    }
}

/// What is only in one of two lists: elements of the first, and of the second.
fn unshared<T: Clone + PartialEq>(old: &[T], new: &[T]) -> (Vec<T>, Vec<T>) {
    let mut removed = old.to_vec();
    let mut added = new.to_vec();
    removed.retain(|element| match added.iter().position(|other| other == element) {
        Some(place) => {
            added.remove(place);
            false
        }
        None => true,
    });
    (removed, added)
}

fn list<T: Clone + PartialEq>(
    old: &[T],
    new: &[T],
    is: [fn(T) -> Difference; 2],
    moved: Difference,
    found: &mut Vec<Difference>,
) {
    let (removed, added) = unshared(old, new);
    if removed.is_empty() && added.is_empty() && old != new {
        found.push(moved);
    }
    let [is_added, is_removed] = is;
    found.extend(removed.into_iter().map(is_removed));
    found.extend(added.into_iter().map(is_added));
}
