//! Whatever is written down: each bell once, none lost, none on a silent day.
//!
//! `BEFFROI_SEQUENCES` is how many random tables are tried, over 20 years each; where it is not set,
//! a dozen are, over a year each.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, date, time},
};
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};

use super::sample::{Off, bell, id};
use crate::schedule::{
    Schedule, Tables,
    model::{
        Change, ChangeKind, Cycle, DayType, Entry, EntryDay, Rota, Span, Turn, WEEKDAYS,
        WeekTemplate, Weeks, WrittenBell, Zone,
    },
};

/// Where French schools are; and three zones that do what none of theirs does today.
const ZONES: [&str; 15] = [
    "Europe/Paris",
    "Indian/Reunion",
    "America/Guadeloupe",
    "America/Martinique",
    "America/Cayenne",
    "Indian/Mayotte",
    "Pacific/Noumea",
    "Pacific/Tahiti",
    "America/Miquelon",
    "Pacific/Wallis",
    "America/St_Barthelemy",
    "America/Marigot",
    "America/Asuncion",
    "Australia/Lord_Howe",
    "Pacific/Apia",
];

const TYPES: [&str; 3] = ["x", "y", "z"];

/// In 20 years.
fn some_date() -> impl Strategy<Value = Date> {
    (0..7305_i64).prop_map(|days| date(2008, 1, 1).saturating_add(days.days()))
}

fn some_time() -> impl Strategy<Value = jiff::civil::Time> {
    // Often where clocks are changed.
    let odd = (0_i8..4, select(vec![0_i8, 30, 59])).prop_map(|(h, m)| time(h, m, 0, 0));
    let any = (0_i8..24, 0_i8..60, select(vec![0_i8, 30])).prop_map(|(h, m, s)| time(h, m, s, 0));
    prop_oneof![odd, any]
}

fn some_bell() -> impl Strategy<Value = WrittenBell> {
    (some_time(), select(vec!["A", "B"]))
        .prop_map(|(time, trigger)| WrittenBell { time, ..bell("00:00", trigger) })
}

fn some_day() -> impl Strategy<Value = Option<crate::schedule::model::DayTypeId>> {
    proptest::option::of(select(TYPES.to_vec()).prop_map(id))
}

fn some_span() -> impl Strategy<Value = Span> {
    (some_time(), proptest::option::of(some_time())).prop_map(|(from, to)| Span { from, to })
}

fn some_rota() -> impl Strategy<Value = Rota> {
    let week = vec(some_day(), 7).prop_map(|days| days.try_into().unwrap());
    let turn = (some_date(), 0..3).prop_map(|(day, turn)| {
        let anchor = crate::schedule::tables::monday(day);
        match turn {
            0 => Turn::Assigned,
            1 => Turn::EveryWeek { anchor },
            _ => Turn::SchoolWeeks { anchor },
        }
    });
    let weeks = (vec(week, 0..4), turn).prop_map(|(weeks, turn)| {
        let named =
            |(place, days): (usize, _)| WeekTemplate { name: place.to_string().into(), days };
        let templates = weeks.into_iter().enumerate().map(named).collect();
        Rota::Weeks(Weeks { templates, turn, assigned: BTreeMap::new() })
    });
    let cycle =
        (some_date(), vec(some_day(), 0..9), 1..8_usize).prop_map(|(anchor, days, open)| {
            let open = WEEKDAYS.iter().take(open).map(|(day, _)| *day).collect();
            Rota::Cycle(Cycle { anchor, open, days })
        });
    prop_oneof![3 => weeks, 1 => cycle]
}

fn some_entry() -> impl Strategy<Value = Entry> {
    let day = some_day().prop_map(|day| match day {
        Some(day_type) => EntryDay::Typed { day_type },
        None => EntryDay::Silent,
    });
    let day = prop_oneof![1 => Just(EntryDay::Usual), 3 => day];
    (some_date(), 0..60_i64, day, vec(some_span(), 0..2)).prop_map(|(from, days, day, hours)| {
        Entry {
            from,
            to: from.saturating_add(days.days()),
            label: "".into(),
            day,
            silent_hours: hours,
        }
    })
}

fn some_change() -> impl Strategy<Value = Change> {
    let kind = prop_oneof![
        (some_time(), -60_i16..60).prop_map(|(from, minutes)| ChangeKind::Shift { from, minutes }),
        some_span().prop_map(ChangeKind::Mute),
        some_bell().prop_map(ChangeKind::Bell),
        some_bell()
            .prop_map(|WrittenBell { time, trigger, .. }| ChangeKind::Cancel { time, trigger }),
    ];
    (some_date(), kind).prop_map(|(date, kind)| Change { date, kind })
}

fn some_tables() -> impl Strategy<Value = Tables<Off>> {
    let day_types = vec(vec(some_bell(), 0..8), TYPES.len());
    let off = vec((some_date(), 0..60_i64), 0..60);
    let parts = (
        select(ZONES.to_vec()),
        day_types,
        some_rota(),
        vec(some_entry(), 0..20),
        vec(some_change(), 0..200),
        off,
    );
    parts.prop_map(|(zone, bells, rota, calendar, changes, off)| {
        let typed = |(name, bells): (&&str, Vec<_>)| {
            (id(name), DayType { name: (*name).into(), bells: bells.into(), ..DayType::default() })
        };
        let schedule = Schedule {
            time_zone: Zone::named(zone).unwrap(),
            day_types: TYPES.iter().zip(bells).map(typed).collect(),
            rota,
            calendar: calendar.into(),
            changes: changes.into(),
            ..Schedule::default()
        };
        let off = off.into_iter().map(|(day, days)| (day, day.saturating_add(days.days()), "off"));
        Tables::new(schedule, Off(off.collect()))
    })
}

fn asked_for() -> Option<u32> {
    std::env::var("BEFFROI_SEQUENCES").ok().and_then(|count| count.parse().ok())
}

#[test]
fn around_each_change_of_each_zone_each_bell_comes_once_and_on_its_day() {
    let (from, to): (Timestamp, Timestamp) =
        ("2008-01-01T00:00:00Z".parse().unwrap(), "2028-01-01T00:00:00Z".parse().unwrap());
    let mut changes = 0;
    for name in ZONES {
        let mut schedule = super::sample::school();
        schedule.time_zone = Zone::named(name).unwrap();
        let normal = schedule.day_types.get_mut(&id("normal")).unwrap();
        let times = (0..96).map(|quarter| time(quarter / 4, quarter % 4 * 15, 0, 0));
        let bells = times.map(|time| WrittenBell { time, ..bell("00:00", "BELL") });
        normal.bells = bells.collect::<Vec<_>>().into();
        let Rota::Weeks(weeks) = &mut schedule.rota else { panic!("a school has weeks") };
        weeks.templates[0].days.fill(Some(id("normal")));
        let zone = schedule.time_zone.rules().clone();
        let tables = Tables::new(schedule, Off::default());
        for change in zone.following(from).take_while(|change| change.timestamp() < to) {
            changes += 1;
            let day = zone.to_datetime(change.timestamp()).date();
            let plan = tables.plan(day.saturating_sub(2.days()), day.saturating_add(2.days()));
            let mut moments: Vec<_> = plan.bells().iter().map(|bell| bell.at).collect();
            moments.dedup();
            assert_eq!(moments.len(), plan.bells().len(), "{name} {day}");
            // What the clock shows in these days, a quarter of an hour at a time.
            let (first, last) = (moments[0], moments[moments.len() - 1]);
            let mut shown = BTreeSet::new();
            let mut at = first;
            while at <= last {
                shown.insert(zone.to_datetime(at));
                at = at.checked_add(SignedDuration::from_mins(15)).unwrap();
            }
            let rung: BTreeSet<_> =
                plan.bells().iter().map(|bell| zone.to_datetime(bell.at)).collect();
            assert_eq!(rung, shown, "{name} {day}: every quarter that the clock shows rings once");
            assert_eq!(rung.len(), plan.bells().len(), "{name} {day}");
        }
    }
    assert!(changes > 100, "{changes}");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: asked_for().unwrap_or(12), failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn each_bell_comes_once_and_none_on_a_silent_day(
        tables in some_tables(),
        cuts in vec(any::<Index>(), 0..100),
        year in 2008_i16..2027,
    ) {
        let years = if asked_for().is_some() { (2008, 2028) } else { (year, year + 1) };
        let (from, to) = (date(years.0, 1, 1), date(years.1, 1, 1));
        let plan = tables.plan(from, to);
        let zone = tables.schedule().time_zone.rules();
        // Windows over all of it, cut anywhere, and often at a bell.
        let start = zone.to_timestamp(from.saturating_sub(2.days()).into()).unwrap();
        let end = zone.to_timestamp(to.saturating_add(2.days()).into()).unwrap();
        let seconds = usize::try_from(end.duration_since(start).as_secs()).unwrap();
        let mut edges = BTreeSet::from([start, end]);
        for cut in &cuts {
            let after = SignedDuration::from_secs(cut.index(seconds).try_into().unwrap());
            edges.insert(start.checked_add(after).unwrap());
            if !plan.bells().is_empty() {
                edges.insert(plan.bells()[cut.index(plan.bells().len())].at);
            }
        }
        let edges: Vec<_> = edges.into_iter().collect();
        let due: Vec<_> = edges
            .windows(2)
            .flat_map(|window| plan.due_between(window[0], window[1]))
            .map(|bell| &bell.id)
            .collect();
        let unique: BTreeSet<_> = due.iter().collect();
        prop_assert_eq!(unique.len(), due.len(), "no bell twice");
        let mut expected = Vec::new();
        for day in tables.days(from, to) {
            let by_hand = tables.schedule().changes.iter().any(|change| {
                change.date == day.date && matches!(change.kind, ChangeKind::Bell(_))
            });
            if day.day_type.is_none() && !by_hand {
                prop_assert!(day.bells.is_empty(), "{} is silent", day.date);
            }
            if day.because().is_some_and(|step| matches!(
                step.rule,
                crate::schedule::Rule::DayOff { .. } | crate::schedule::Rule::Entry { day_type: None, .. }
            )) {
                prop_assert!(day.day_type.is_none(), "{} is off", day.date);
            }
            for bell in &day.bells {
                prop_assert_eq!(zone.to_datetime(bell.at).date(), day.date, "no bell leaves its day");
            }
            expected.extend(day.bells.into_iter().map(|bell| bell.id));
        }
        prop_assert_eq!(due.into_iter().cloned().collect::<BTreeSet<_>>(), expected.into_iter().collect());
        let moments: BTreeSet<_> =
            plan.bells().iter().map(|bell| (bell.at, bell.id.trigger.clone())).collect();
        prop_assert_eq!(moments.len(), plan.bells().len(), "nothing rings twice at one moment");
        // The next one is the next one, by the plan and by the tables.
        for cut in cuts.iter().take(3) {
            let at = edges[cut.index(edges.len())];
            let next = plan.bells().iter().find(|bell| bell.at > at);
            prop_assert_eq!(plan.next_after(at), next);
            let near = next.filter(|bell| bell.at.duration_since(at) < SignedDuration::from_hours(9600));
            let inside = |at: Timestamp| (from..=to).contains(&zone.to_datetime(at).date());
            if let Some(near) = near.filter(|_| inside(at)) {
                prop_assert_eq!(tables.next_after(at), Some(near.clone()));
            }
            let before = at.saturating_sub(SignedDuration::from_hours(40)).unwrap();
            if inside(at) && inside(before) {
                let window = tables.due_between(before, at);
                prop_assert_eq!(&window[..], plan.due_between(before, at));
            }
        }
    }
}
