//! The year: A/B weeks and closed days.
//!

use std::collections::BTreeMap;

use jiff::{ToSpan as _, civil::Date};
use pronote_client::School;
use serde_json::{Map, Value, json};

use super::day::HalfDays;

/// The longest year that is looked at, against dates that cannot be.
const MOST_DAYS: i32 = 400;

/// The weeks: one kind, or PRONOTE's `Q1` and `Q2`, each week's as PRONOTE has it. Their days are
/// the same until somebody makes them differ: PRONOTE has one grid for all.
pub fn weeks(
    school: &School,
    week: &BTreeMap<&'static str, Option<&'static str>>,
    notes: &mut Vec<String>,
) -> Value {
    let template = |name: &str| json!({ "name": name, "days": week });
    let kinds = &school.week_frequencies;
    let mut assigned = Map::new();
    let mut twice = false;
    for kind in kinds {
        for monday in kind.weeks.iter().filter_map(|week| school.monday(*week)) {
            twice |= assigned.insert(monday.to_string(), kind.name.as_str().into()).is_some();
        }
    }
    if kinds.len() < 2 || twice || assigned.is_empty() {
        if twice {
            notes.push(
                "PRONOTE has weeks of two kinds at once: one kind of week is proposed".into(),
            );
        }
        return json!({ "templates": [template("Semaine")] });
    }
    notes.push(format!(
        "the weeks {} of PRONOTE are proposed with the same days: change those that ring otherwise",
        kinds.iter().map(|kind| kind.name.as_str()).collect::<Vec<_>>().join(", ")
    ));
    let templates: Vec<_> = kinds.iter().map(|kind| template(&kind.name)).collect();
    json!({ "templates": templates, "turn": { "rule": "assigned" }, "assigned": assigned })
}

/// The closed days that the school calendar does not have, as silent entries; and where the two
/// disagree.
pub fn closed(
    school: &School,
    half_days: &HalfDays,
    is_off: impl Fn(Date) -> bool,
    notes: &mut Vec<String>,
) -> Value {
    let open = |day: &Date| {
        usize::try_from(day.weekday().to_monday_zero_offset())
            .is_ok_and(|day| half_days.of(day).is_some())
    };
    let mut entries = Vec::new();
    for holiday in &school.holidays {
        let name = holiday.name.as_deref().unwrap_or("Fermé");
        if holiday.end < holiday.start || (holiday.end - holiday.start).get_days() > MOST_DAYS {
            notes.push(format!(
                "{name}: from {} to {} in PRONOTE, left out",
                holiday.start, holiday.end
            ));
            continue;
        }
        if days(holiday.start, holiday.end).any(|day| open(&day) && !is_off(day)) {
            entries.push(json!({
                "from": holiday.start,
                "to": holiday.end,
                "label": name,
                "day": "silent",
            }));
        }
    }
    if let (Some(first), Some(last)) = (school.first_day, school.last_day)
        && (0..MOST_DAYS).contains(&(last - first).get_days())
    {
        // Without any holidays PRONOTE does not say when there is school.
        let doubtful = |day: &Date| open(day) && is_off(*day) && !school.is_holiday(*day);
        let doubtful: Vec<_> = days(first, last).filter(doubtful).collect();
        if school.holidays.is_empty() {
            notes.push("PRONOTE does not tell its closed days".into());
        } else if let Some(day) = doubtful.first() {
            notes.push(match doubtful.len().saturating_sub(1) {
                0 => format!(
                    "off in the school calendar, open in PRONOTE: {day}; no bell rings on it"
                ),
                more => format!(
                    "off in the school calendar, open in PRONOTE: {day} and {more} more days; no \
                     bell rings on them"
                ),
            });
        }
    }
    Value::Array(entries)
}

fn days(first: Date, last: Date) -> impl Iterator<Item = Date> {
    first.series(1.day()).take_while(move |day| *day <= last)
}
