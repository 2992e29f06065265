//! The section `schedule`: when it rings by itself.
//!
//! A wrong zone, week or cycle gives way to the last good section; a wrong bell, entry or change is
//! left out, and stays in the file and in sight.

mod elements;
mod rewrite;
mod rota;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::Value;

use super::fields::{self, Fields};
use crate::{
    calendar::Site,
    schedule::{
        Schedule,
        model::{Colour, DayType, DayTypeId, EntryDay, Rota, Zone},
    },
    store::Problem,
};

pub use rewrite::rewritten;

/// Reads a schedule as conf.json and the API write it; `None` where its zone, its weeks or its
/// cycle are wrong. What else is wrong is left out, and told.
pub fn read_schedule(path: &str, value: &Value, problems: &mut Vec<Problem>) -> Option<Schedule> {
    fields::read(path, value, problems, read)
}

/// Reads the section.
pub fn read(fields: &mut Fields<'_>) -> Option<Schedule> {
    let expected = "an IANA time zone such as \"Europe/Paris\"";
    let time_zone = fields
        .optional("time_zone", expected, |value| value.as_str().and_then(|z| Zone::named(z).ok()));
    let school = fields.optional("school", "an object", |value| value.as_object().cloned());
    let mut day_types = BTreeMap::new();
    let mut apart = Vec::new();
    if let Some(Err(unknown)) = school.as_ref().map(Site::read) {
        let path = format!("{}.school.{}", fields.path(), unknown.key);
        apart.push(Problem::error(path, unknown.message));
    }
    fields.entries("day_types", |path, id, value, _| {
        match id.parse::<DayTypeId>() {
            Ok(id) => day_types.extend(day_type(path, &id, value, &mut apart).map(|day| (id, day))),
            Err(error) => apart.push(Problem::error(path, error.to_string())),
        };
    });
    fields.forgive_all(apart);
    let rota = rota::read(fields);
    let schedule = Schedule {
        time_zone: time_zone.unwrap_or_default(),
        school: school.unwrap_or_default(),
        day_types,
        rota: rota?,
        calendar: fields.list("calendar", elements::entry),
        changes: fields.list("changes", elements::change),
    };
    let unknown = unknown_day_types(fields.path(), &schedule);
    fields.forgive_all(unknown);
    Some(schedule)
}

/// Whatever is wrong with a day type, its right bells ring; `None` where it is no object, or its
/// bells are no list.
fn day_type(
    path: &str,
    id: &DayTypeId,
    value: &Value,
    problems: &mut Vec<Problem>,
) -> Option<DayType> {
    fields::read(path, value, problems, |fields| {
        let name = fields.optional("name", elements::NAME, elements::name);
        let colour = fields.optional("colour", "a colour such as \"#2e7d32\"", |value| {
            value.as_str().and_then(Colour::parse)
        });
        fields.forgive();
        Some(DayType {
            name: name.filter(|name| !name.is_empty()).unwrap_or_else(|| (**id).into()),
            colour: colour.unwrap_or_default(),
            bells: fields.list("bells", elements::bell),
        })
    })
}

/// Day types that are meant and that there are not: their days are silent.
fn unknown_day_types(path: &str, schedule: &Schedule) -> Vec<Problem> {
    let mut meant: Vec<(String, &DayTypeId)> = Vec::new();
    match &schedule.rota {
        Rota::Weeks(weeks) => {
            for week in &weeks.templates {
                let days = week.days.iter().flatten();
                meant.extend(days.map(|id| (format!("{path}.weeks, week {}", week.name), id)));
            }
        }
        Rota::Cycle(cycle) => {
            let days = cycle.days.iter().flatten();
            meant.extend(days.map(|id| (format!("{path}.cycle.days"), id)));
        }
    }
    for entry in &schedule.calendar {
        if let EntryDay::Typed { day_type } = &entry.day {
            meant.push((format!("{path}.calendar, from {}", entry.from), day_type));
        }
    }
    let unknown = meant.into_iter().filter(|(_, id)| !schedule.day_types.contains_key(*id));
    let mut problems: Vec<_> = unknown
        .map(|(path, id)| {
            Problem::error(path, format!("there is no day type {id}: nothing rings on these days"))
        })
        .collect();
    problems.dedup();
    problems
}
