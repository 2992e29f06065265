//! Edits of a schedule: each gives another schedule, or is refused.
//!

use jiff::civil::Date;

use super::model::{Change, DayType, DayTypeId, Entry, EntryDay, Rota, Schedule};

/// An edit. Places in lists are those of the schedule that is edited.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Puts a day type in the place of the one with this id, if any.
    PutDayType(DayTypeId, DayType),
    /// Takes a day type away; refused where something still means it.
    RemoveDayType(DayTypeId),
    /// Other weeks, or another cycle.
    SetRota(Rota),
    /// One more entry of the calendar, the last of the list.
    AddEntry(Entry),
    /// Another entry in the place of one.
    ReplaceEntry(usize, Entry),
    /// One entry less.
    RemoveEntry(usize),
    /// One more change of a day, made after the others: a shift, a mute, a bell more or less.
    AddChange(Change),
    /// Takes a change back.
    RemoveChange(usize),
    /// Forgets the changes of the dates before this one, which have rung.
    ForgetBefore(Date),
}

/// Why an edit was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no such day type.
    #[error("there is no day type {0}")]
    NoDayType(DayTypeId),
    /// A day type is in use.
    #[error("day type {0} is in use by {1}")]
    InUse(DayTypeId, String),
    /// There is nothing at that place of the list.
    #[error("there is no {list} number {place}: there are {length}")]
    NoPlace {
        /// Which list.
        list: &'static str,
        /// Which place, from 0 on.
        place: usize,
        /// How long it is.
        length: usize,
    },
}

impl Schedule {
    /// The schedule with an edit.
    pub fn with(&self, edit: Edit) -> Result<Self, Refused> {
        let mut new = self.clone();
        match edit {
            Edit::PutDayType(id, day_type) => drop(new.day_types.insert(id, day_type)),
            Edit::RemoveDayType(id) => {
                if let Some(user) = self.users(&id).into_iter().next() {
                    return Err(Refused::InUse(id, user));
                }
                new.day_types.remove(&id).ok_or(Refused::NoDayType(id))?;
            }
            Edit::SetRota(rota) => new.rota = rota,
            Edit::AddEntry(entry) => new.calendar.right.push(entry),
            Edit::ReplaceEntry(place, entry) => {
                *at("calendar entry", &mut new.calendar.right, place)? = entry;
            }
            Edit::RemoveEntry(place) => {
                at("calendar entry", &mut new.calendar.right, place)?;
                new.calendar.right.remove(place);
            }
            Edit::AddChange(change) => new.changes.right.push(change),
            Edit::RemoveChange(place) => {
                at("change", &mut new.changes.right, place)?;
                new.changes.right.remove(place);
            }
            Edit::ForgetBefore(date) => new.changes.right.retain(|change| change.date >= date),
        }
        Ok(new)
    }

    /// What means a day type, in words: weeks, the cycle, entries of the calendar.
    pub fn users(&self, id: &DayTypeId) -> Vec<String> {
        let mut users = Vec::new();
        match &self.rota {
            Rota::Weeks(weeks) => {
                let weeks = weeks.templates.iter();
                let using = weeks.filter(|week| week.days.iter().flatten().any(|used| used == id));
                users.extend(using.map(|week| format!("week {}", week.name).trim_end().to_owned()));
            }
            Rota::Cycle(cycle) => {
                let using = cycle.days.iter().flatten().any(|used| used == id);
                users.extend(using.then(|| "the cycle".to_owned()));
            }
        }
        for entry in &self.calendar {
            if matches!(&entry.day, EntryDay::Typed { day_type } if day_type == id) {
                users.push(format!("the calendar’s entry from {} to {}", entry.from, entry.to));
            }
        }
        users
    }
}

fn at<'a, T>(list: &'static str, of: &'a mut [T], place: usize) -> Result<&'a mut T, Refused> {
    let length = of.len();
    of.get_mut(place).ok_or(Refused::NoPlace { list, place, length })
}
