//! The keys `weeks` and `cycle`, of which there is one.
//!

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::{Date, Weekday};
use serde_json::Value;

use super::elements::{self, date, id};
use crate::{
    schedule::model::{Cycle, DayTypeId, Rota, Turn, WEEKDAYS, WeekTemplate, Weeks},
    store::{
        Problem,
        conf::fields::{self, Fields},
    },
};

const MONDAY: &str = "the date of a Monday, such as \"2026-08-31\"";

/// Reads which day type a day has where nothing else is said.
pub fn read(fields: &mut Fields<'_>) -> Option<Rota> {
    match (fields.raw("weeks"), fields.raw("cycle")) {
        (Some(_), Some(_)) => {
            fields.error("cycle", "there are weeks too: expected one of the two");
            None
        }
        (None, Some(value)) => fields.object("cycle", value, cycle).map(Rota::Cycle),
        (Some(value), None) => fields.object("weeks", value, weeks).map(Rota::Weeks),
        (None, None) => Some(Rota::default()),
    }
}

fn weeks(fields: &mut Fields<'_>) -> Option<Weeks> {
    let templates = fields.whole_list("templates", |path, value, problems| {
        fields::read(path, value, problems, template)
    })?;
    let turn = match fields.raw("turn") {
        Some(value) => fields.object("turn", value, turn)?,
        None => Turn::default(),
    };
    let names: Vec<_> = templates.iter().map(|week| Arc::clone(&week.name)).collect();
    for (place, name) in names.iter().enumerate() {
        if names.iter().take(place).any(|other| other == name) {
            fields.error("templates", format!("week {name:?} is there twice"));
        }
    }
    let mut assigned = BTreeMap::new();
    fields.entries("assigned", |path, monday, value, problems| {
        let parsed = self::monday(&Value::from(monday));
        let name = names.iter().find(|name| Some(&***name) == value.as_str());
        match (parsed, name) {
            (Some(monday), Some(name)) => drop(assigned.insert(monday, Arc::clone(name))),
            (None, _) => {
                problems.push(Problem::error(path, format!("found {monday:?}, expected {MONDAY}")));
            }
            (_, None) => {
                let found = fields::found(value);
                let message = format!("found {found}, expected the name of a week in templates");
                problems.push(Problem::error(path, message));
            }
        }
    });
    Some(Weeks { templates, turn, assigned })
}

fn template(fields: &mut Fields<'_>) -> Option<WeekTemplate> {
    let name = fields.optional("name", "a text of at most 40 bytes", |value| {
        elements::name(value).filter(|name| name.len() <= 40)
    });
    let days = match fields.raw("days") {
        Some(value) => fields.object("days", value, days)?,
        None => Default::default(),
    };
    Some(WeekTemplate { name: name.unwrap_or_default(), days })
}

fn days(fields: &mut Fields<'_>) -> Option<[Option<DayTypeId>; 7]> {
    Some(WEEKDAYS.map(|(_, name)| fields.optional(name, "a day type's id, or null", id)))
}

fn turn(fields: &mut Fields<'_>) -> Option<Turn> {
    let expected = "\"assigned\", \"every_week\" or \"school_weeks\"";
    match fields.required("rule", expected, Value::as_str)? {
        "assigned" => Some(Turn::Assigned),
        "every_week" => {
            Some(Turn::EveryWeek { anchor: fields.required("anchor", MONDAY, monday)? })
        }
        "school_weeks" => {
            Some(Turn::SchoolWeeks { anchor: fields.required("anchor", MONDAY, monday)? })
        }
        other => {
            fields.error("rule", format!("found {other:?}, expected {expected}"));
            None
        }
    }
}

fn cycle(fields: &mut Fields<'_>) -> Option<Cycle> {
    let anchor = fields.required("anchor", "a date such as \"2026-09-01\"", date);
    let open = fields.optional("open", "a list of days, \"monday\" … \"sunday\"", |value| {
        value.as_array()?.iter().map(|name| weekday(name.as_str()?)).collect::<Option<Vec<_>>>()
    });
    let expected = "a list of day types' ids, or null for a day without bells";
    let days = fields.required("days", expected, |value| {
        let day = |value: &Value| match value {
            Value::Null => Some(None),
            value => id(value).map(Some),
        };
        value.as_array()?.iter().map(day).collect::<Option<Vec<_>>>()
    });
    let open = open.unwrap_or_else(|| WEEKDAYS.iter().take(5).map(|(day, _)| *day).collect());
    Some(Cycle { anchor: anchor?, open, days: days? })
}

fn monday(value: &Value) -> Option<Date> {
    date(value).filter(|date| date.weekday() == Weekday::Monday)
}

fn weekday(name: &str) -> Option<Weekday> {
    WEEKDAYS.iter().find(|(_, known)| *known == name).map(|(weekday, _)| *weekday)
}
