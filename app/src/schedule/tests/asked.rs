//! Weeks, cycles, why, warnings, differences: asked as a user does.
//!

use std::time::Duration;

use jiff::{
    Timestamp,
    civil::{Date, date},
};

use super::sample::{Off, bell, change, entry, id, school};
use crate::schedule::{
    Answer, Edit, Facts, Rule, Schedule, Tables, Version, diff,
    model::{
        ChangeKind, Cycle, EntryDay, LeftOut, Rota, Turn, WEEKDAYS, WeekTemplate, Weeks, parse_time,
    },
};

fn two_weeks(turn: Turn) -> Schedule {
    let week = |name: &str, day_type: &str| {
        let mut days: [_; 7] = Default::default();
        days[0] = Some(id(day_type));
        WeekTemplate { name: name.into(), days }
    };
    let templates = vec![week("A", "normal"), week("B", "short")];
    let assigned = [(date(2026, 11, 16), "A".into())].into();
    Schedule { rota: Rota::Weeks(Weeks { templates, turn, assigned }), ..school() }
}

/// The day types of some Mondays, `-` where there is none.
fn types(tables: &Tables<Off>, dates: &[Date]) -> String {
    let name = |date: &Date| {
        tables.day(*date).day_type.map_or("-".to_owned(), |day_type| day_type.name.to_string())
    };
    dates.iter().map(name).collect::<Vec<_>>().join(" ")
}

#[test]
fn weeks_take_turns_and_what_was_set_by_hand_stays_alone() {
    let anchor = date(2026, 10, 5);
    let holidays = || Off(vec![(date(2026, 10, 17), date(2026, 11, 1), "Toussaint")]);
    let mondays = [
        date(2026, 9, 28),
        date(2026, 10, 5),
        date(2026, 10, 12),
        date(2026, 11, 2),
        date(2026, 11, 9),
        date(2026, 11, 16),
        date(2026, 11, 23),
    ];
    for (turn, expected) in [
        (Turn::Assigned, "- - - - - normal -"),
        // Four weeks lie between 5 October and 2 November, two of them holidays.
        (Turn::EveryWeek { anchor }, "short normal short normal short normal short"),
        (Turn::SchoolWeeks { anchor }, "short normal short normal short normal short"),
    ] {
        let tables = Tables::new(two_weeks(turn), holidays());
        assert_eq!(types(&tables, &mondays), expected, "{turn:?}");
    }
    // An odd number of weeks off tells the two rules apart.
    let holidays = || Off(vec![(date(2026, 10, 17), date(2026, 10, 25), "Short")]);
    for (turn, expected) in [
        (Turn::EveryWeek { anchor }, "normal short - short"),
        (Turn::SchoolWeeks { anchor }, "normal short - normal"),
    ] {
        let tables = Tables::new(two_weeks(turn), holidays());
        let dates = [anchor, date(2026, 10, 12), date(2026, 10, 19), date(2026, 10, 26)];
        assert_eq!(types(&tables, &dates), expected, "{turn:?}");
    }
    // Beyond the sums that are kept, on both sides: the same as one week further in.
    let tables = Tables::new(two_weeks(Turn::SchoolWeeks { anchor }), Off::default());
    for far in [date(2019, 1, 7), date(2060, 1, 5)] {
        let weeks = anchor.until(far).unwrap().get_days() / 7;
        let expected = if weeks % 2 == 0 { "normal" } else { "short" };
        assert_eq!(types(&tables, &[far]), expected, "{far}");
    }
}

#[test]
fn a_cycle_counts_open_days_only() {
    let cycle = Cycle {
        anchor: date(2026, 11, 5),
        open: WEEKDAYS.iter().take(5).map(|(day, _)| *day).collect(),
        days: vec![Some(id("normal")), Some(id("short")), None],
    };
    let schedule = Schedule { rota: Rota::Cycle(cycle), ..school() };
    let tables = Tables::new(schedule, Off(vec![(date(2026, 11, 11), date(2026, 11, 11), "")]));
    // Thursday 5, Friday 6, (weekend), Monday 9, Tuesday 10, (11), Thursday 12, Friday 13.
    let dates = [4, 5, 6, 7, 9, 10, 11, 12, 13].map(|day| date(2026, 11, day));
    assert_eq!(types(&tables, &dates), "- normal short - - normal - short -");
}

#[test]
fn a_moment_is_explained() {
    let mut schedule = two_weeks(Turn::EveryWeek { anchor: date(2026, 11, 9) });
    let cancel =
        ChangeKind::Cancel { time: parse_time("10:00").unwrap(), trigger: "BELL".parse().unwrap() };
    schedule.changes.right.push(change("2026-11-09", cancel));
    let tables = Tables::new(schedule, Off(vec![(date(2026, 11, 23), date(2026, 11, 23), "Fête")]));
    let explained = |at: &str| {
        let explanation = tables.explain(at.parse().unwrap());
        let words = explanation.words();
        assert!(words.iter().all(|words| !words.en.is_empty() && !words.fr.is_empty()));
        let french = words.into_iter().map(|words| words.fr).collect::<Vec<_>>().join("\n");
        (explanation, french)
    };
    let (why, words) = explained("2026-11-09T07:00:59Z");
    assert!(matches!(why.answer, Answer::Rings { .. }), "{words}");
    assert_eq!(
        words,
        "lundi 9 novembre 2026, 08:00 : BELL sonne\n\
         La semaine du lundi 9 novembre 2026 est une semaine A, en comptant les semaines depuis le \
         lundi 9 novembre 2026\n\
         Lundi de la semaine A est « normal »"
    );
    let (why, words) = explained("2026-11-09T09:00:30Z");
    assert!(matches!(why.answer, Answer::Silenced { .. }), "{words}");
    assert!(words.ends_with("Annulé ce jour-là"), "{words}");
    let (why, words) = explained("2026-11-09T07:30:00Z");
    let Answer::NoBell { before: Some(before), after: Some(after) } = why.answer else {
        panic!("{words}")
    };
    assert_eq!(before.id.to_string(), "2026-11-09T08:00:00/BELL");
    assert_eq!(after.id.to_string(), "2026-11-09T12:00:00/BELL");
    let (why, words) = explained("2026-11-23T07:00:00Z");
    assert!(matches!(why.answer, Answer::NoBell { .. }));
    assert!(words.contains("« normal » (écarté)\nJour sans classe : Fête"), "{words}");
}

#[test]
fn an_hour_that_comes_twice_rings_the_first_time() {
    let mut schedule = school();
    schedule.changes.right.push(change("2027-10-31", ChangeKind::Bell(bell("02:30", "BELL"))));
    let tables = Tables::new(schedule, Off::default());
    let first: Timestamp = "2027-10-31T00:30:00Z".parse().unwrap();
    assert!(matches!(tables.explain(first).answer, Answer::Rings { .. }));
    let second = tables.explain("2027-10-31T01:30:00Z".parse().unwrap());
    assert!(matches!(second.answer, Answer::NoBell { .. }));
    assert_eq!(second.day.last().map(|step| &step.rule), Some(&Rule::ClockRepeats));
}

#[test]
fn what_somebody_should_look_at_is_told_once() {
    let mut schedule = school();
    let normal = schedule.day_types.get_mut(&id("normal")).unwrap();
    normal.bells.right.push(bell("08:00:30", "BELL"));
    normal.bells.right.push(bell("11:58", "GONE"));
    let wrong = LeftOut { written: 1.into(), why: "found 1".into() };
    normal.bells.left_out.push(wrong);
    schedule.day_types.insert(id("empty"), Default::default());
    schedule.calendar.right.push(entry(
        "2026-11-12",
        "2026-11-13",
        "",
        EntryDay::Typed { day_type: id("typo") },
    ));
    let tables = Tables::new(schedule, Off::default());
    let facts = Facts {
        is_trigger: &|trigger| &**trigger == "BELL",
        length: &|trigger| Some(Duration::from_secs(if &**trigger == "GONE" { 180 } else { 20 })),
        notice_days: 60,
    };
    let found = tables.warnings(date(2026, 11, 9), date(2026, 12, 9), &facts);
    let words: Vec<_> = found.iter().map(|warning| warning.words().en).collect();
    assert_eq!(
        words,
        [
            "Day type empty has no bells",
            "Day type empty is used by no week and no calendar entry",
            "Day type normal: a bell is left out: found 1",
            "Day type short is used by no week and no calendar entry",
            "Two bells within a minute: 2026-11-09T08:00:00/BELL and 2026-11-09T08:00:30/BELL",
            "There is no trigger GONE: from Monday 9 November 2026 on its bells are silent",
            "Monday 9 November 2026, 11:58: GONE rings for 180 s, and the next bell comes after 120 s",
            "There is no day type typo: Thursday 12 November 2026 is silent",
        ]
    );
    let tables = Tables::new(two_weeks(Turn::Assigned), Off::default());
    let found = tables.warnings(date(2026, 11, 9), date(2026, 11, 22), &facts);
    let words: Vec<_> = found.iter().map(|warning| warning.words().en).collect();
    let week = "Nothing says of which kind the week of Monday 9 November 2026 is: it is silent";
    assert_eq!(words, [week]);
}

#[test]
fn an_edit_is_told_in_words_and_can_be_taken_back() {
    let old = school();
    let mut normal = old.day_types[&id("normal")].clone();
    normal.bells.right[0].time = parse_time("08:05").unwrap();
    normal.bells.right.remove(1);
    let shift = ChangeKind::Shift { from: parse_time("09:00").unwrap(), minutes: 5 };
    let new = old
        .with(Edit::PutDayType(id("normal"), normal))
        .and_then(|new| new.with(Edit::AddChange(change("2026-11-09", shift))))
        .and_then(|new| {
            new.with(Edit::AddEntry(entry("2026-11-09", "2026-11-09", "Fête", EntryDay::Silent)))
        })
        .unwrap();
    let version = Version::after(None, old.clone().into(), "admin".into(), Timestamp::UNIX_EPOCH);
    let next =
        Version::after(Some(&version), new.clone().into(), "office".into(), Timestamp::UNIX_EPOCH);
    assert_eq!(next.number, 2);
    let french: Vec<_> = next.what.iter().map(|words| words.fr.as_str()).collect();
    assert_eq!(
        french,
        [
            "« normal » : 08:00 BELL devient 08:05 BELL",
            "« normal » : une sonnerie de moins, 10:00 BELL",
            "Au calendrier, le lundi 9 novembre 2026 « Fête », sans sonnerie",
            "Changement le lundi 9 novembre 2026 : les sonneries à partir de 09:00 sont décalées \
             de +5 min",
        ]
    );
    assert_eq!(diff(&old, &old), []);
    let back = new.with(Edit::RemoveChange(0)).and_then(|new| new.with(Edit::RemoveEntry(0)));
    let normal = old.day_types[&id("normal")].clone();
    assert_eq!(back.unwrap().with(Edit::PutDayType(id("normal"), normal)).unwrap(), old);
    for (edit, expected) in [
        (Edit::RemoveDayType(id("normal")), "day type normal is in use by week"),
        (Edit::RemoveDayType(id("typo")), "there is no day type typo"),
        (Edit::RemoveChange(3), "there is no change number 3: there are 1"),
    ] {
        assert_eq!(new.with(edit).unwrap_err().to_string(), expected);
    }
}
