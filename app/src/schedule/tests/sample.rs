//! Pieces of schedules.
//!

use jiff::civil::Date;

use crate::schedule::{
    DayOff, DayOffKind, DaysOff, Words,
    model::{
        Change, ChangeKind, DayType, DayTypeId, Entry, EntryDay, Rota, Schedule, Span, Turn,
        WeekTemplate, Weeks, WrittenBell, parse_time,
    },
};

/// Days off written down: from, to, label.
#[derive(Debug, Clone, Default)]
pub struct Off(pub Vec<(Date, Date, &'static str)>);

impl DaysOff for Off {
    fn day_off(&self, date: Date) -> Option<DayOff> {
        let (.., label) = self.0.iter().find(|(from, to, _)| (*from..=*to).contains(&date))?;
        Some(DayOff { label: Words::new(*label, *label), kind: DayOffKind::SchoolHoliday })
    }

    fn known_until(&self) -> Option<Date> {
        None
    }
}

pub fn bell(time: &str, trigger: &str) -> WrittenBell {
    WrittenBell {
        time: parse_time(time).unwrap(),
        trigger: trigger.parse().unwrap(),
        label: "".into(),
        late_seconds: 60,
    }
}

pub fn id(id: &str) -> DayTypeId {
    id.parse().unwrap()
}

pub fn day_type(name: &str, bells: Vec<WrittenBell>) -> (DayTypeId, DayType) {
    (id(name), DayType { name: name.into(), bells: bells.into(), ..DayType::default() })
}

pub fn span(from: &str, to: &str) -> Span {
    Span { from: parse_time(from).unwrap(), to: parse_time(to) }
}

pub fn entry(from: &str, to: &str, label: &str, day: EntryDay) -> Entry {
    let (from, to) = (from.parse().unwrap(), to.parse().unwrap());
    Entry { from, to, label: label.into(), day, silent_hours: vec![] }
}

pub fn change(date: &str, kind: ChangeKind) -> Change {
    Change { date: date.parse().unwrap(), kind }
}

/// Normal days on Mondays to Fridays: 08:00, 10:00, 12:00; a short one that rings at 09:00.
pub fn school() -> Schedule {
    let normal = ["08:00", "10:00", "12:00"].map(|time| bell(time, "BELL"));
    let mut days: [Option<DayTypeId>; 7] = Default::default();
    days[..5].fill(Some(id("normal")));
    Schedule {
        day_types: [
            day_type("normal", normal.to_vec()),
            day_type("short", vec![bell("09:00", "BELL")]),
        ]
        .into(),
        rota: Rota::Weeks(Weeks {
            templates: vec![WeekTemplate { name: "".into(), days }],
            turn: Turn::Assigned,
            assigned: Default::default(),
        }),
        ..Schedule::default()
    }
}
