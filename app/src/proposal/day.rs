//! The day: which half of it is open when, and when its bells would ring.
//!

use std::collections::BTreeMap;

use jiff::civil::Time;
use pronote_client::School;
use serde_json::{Value, json};

/// The days of the week, as conf.json names them.
pub const WEEK: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

const FULL: &str = "journee";
const MORNING: &str = "matin";
const AFTERNOON: &str = "apres-midi";

/// Which day type each day of the week has.
pub struct HalfDays([Option<&'static str>; 7]);

impl HalfDays {
    /// The day type of a day of the week, Monday is 0.
    pub fn of(&self, day: usize) -> Option<&'static str> {
        self.0.get(day).copied().flatten()
    }
}

/// The open half-days; Monday to Friday where the school does not say.
pub fn half_days(school: &School, notes: &mut Vec<String>) -> HalfDays {
    let (mut mornings, mut afternoons) =
        (school.open_mornings.clone(), school.open_afternoons.clone());
    if mornings.is_empty() && afternoons.is_empty() {
        notes.push(
            "PRONOTE does not say which half-days are open: Monday to Friday are taken".into(),
        );
        mornings = (0..5).collect();
        afternoons.clone_from(&mornings);
    }
    let mut days = [None; 7];
    for (day, slot) in (0..).zip(&mut days) {
        *slot = match (mornings.contains(&day), afternoons.contains(&day)) {
            (true, true) => Some(FULL),
            (true, false) => Some(MORNING),
            (false, true) => Some(AFTERNOON),
            (false, false) => None,
        };
    }
    HalfDays(days)
}

/// The day types that the week needs, with their bells.
pub fn types(
    school: &School,
    half_days: &HalfDays,
    trigger: &str,
    notes: &mut Vec<String>,
) -> BTreeMap<&'static str, Value> {
    let slots = usize::try_from(school.slots_per_day).unwrap_or(usize::MAX);
    let count = slots.min(school.starts.len()).min(school.ends.len());
    if count == 0 || school.starts.iter().take(count).all(Option::is_none) {
        notes.push("PRONOTE does not tell the hours of the day: no bells are proposed".into());
        return BTreeMap::new();
    }
    let noon = noon(school, count, notes);
    let kinds = [
        (FULL, "Journée", "#2e7d32", 0..count),
        (MORNING, "Matin", "#1565c0", 0..noon),
        (AFTERNOON, "Après-midi", "#ef6c00", noon..count),
    ];
    let mut types = BTreeMap::new();
    for (id, name, colour, slots) in kinds {
        if !half_days.0.contains(&Some(id)) {
            continue;
        }
        let bells: Vec<_> = bells(school, slots)
            .into_iter()
            .map(|(time, label)| {
                json!({ "time": time.strftime("%H:%M").to_string(), "trigger": trigger, "label": label })
            })
            .collect();
        types.insert(id, json!({ "name": name, "colour": colour, "bells": bells }));
    }
    if school
        .staff_ends
        .iter()
        .zip(&school.ends)
        .any(|(staff, end)| staff.is_some() && staff != end)
    {
        notes.push(
            "the staff's hours end otherwise than the pupils' in PRONOTE: the pupils' are taken"
                .into(),
        );
    }
    types
}

/// The slot that the afternoon begins at.
fn noon(school: &School, count: usize, notes: &mut Vec<String>) -> usize {
    let said = school.afternoon.and_then(|slot| usize::try_from(slot).ok());
    if let Some(slot) = said.filter(|slot| (1..count).contains(slot)) {
        return slot;
    }
    notes.push("PRONOTE does not say when the afternoon begins: 12:30 is taken".into());
    let late = |time: &Option<Time>| time.is_some_and(|time| time >= Time::constant(12, 30, 0, 0));
    school.starts.iter().take(count).position(late).unwrap_or(count)
}

/// The bells of some slots of a day: where a lesson may begin, around what lies between two slots,
/// and at the end. A time has one bell.
fn bells(school: &School, slots: std::ops::Range<usize>) -> BTreeMap<Time, String> {
    let mut bells = BTreeMap::new();
    let at = |times: &[Option<Time>], slot: usize| times.get(slot).copied().flatten();
    let shown = |slot: usize| {
        school.shown_starts.is_empty()
            || u32::try_from(slot).is_ok_and(|slot| school.shown_starts.contains(&slot))
    };
    let (first, last) = (slots.start, slots.end.saturating_sub(1));
    for slot in slots {
        let Some(start) = at(&school.starts, slot) else { continue };
        let before = slot.checked_sub(1).filter(|_| slot > first);
        let before = before.and_then(|before| at(&school.ends, before));
        let name = || {
            let here = |pause: &&pronote_client::Break| usize::try_from(pause.slot) == Ok(slot);
            school.breaks.iter().find(here).map_or("Récréation", |pause| pause.name.as_str())
        };
        match before {
            Some(end) if end < start => {
                bells.insert(end, name().to_owned());
                bells.insert(start, "Reprise des cours".to_owned());
            }
            _ if slot == first => {
                bells.insert(start, "Début des cours".to_owned());
            }
            _ if shown(slot) => {
                bells.entry(start).or_insert_with(|| "Changement de cours".to_owned());
            }
            _ => {}
        }
    }
    if let Some(end) = at(&school.ends, last) {
        bells.insert(end, "Fin des cours".to_owned());
    }
    bells
}
