//! Proposals from schools made up, and from the simulator over loopback.
//!

use jiff::{
    Timestamp,
    civil::{date, time},
};
use pronote_client::{
    Address, Break, Holiday, WeekFrequency,
    simulator::{Simulator, SimulatorOptions},
};
use tempfile::TempDir;

use super::*;
use crate::{gateway::Gateway, store::conf};

/// Four slots of an hour, a break of a quarter after the second, lunch after that.
fn school() -> School {
    let hours = [(8, 9), (9, 10), (10, 11), (13, 14)];
    let minute = |slot: usize| if slot == 2 { 15 } else { 0 };
    School {
        slots_per_day: 4,
        starts: (0..4).map(|slot| Some(time(hours[slot].0, minute(slot), 0, 0))).collect(),
        ends: (0..4).map(|slot| Some(time(hours[slot].1, minute(slot), 0, 0))).collect(),
        breaks: vec![Break { name: "Récré".into(), slot: 2 }],
        afternoon: Some(3),
        open_mornings: vec![0, 1, 2, 3, 4],
        open_afternoons: vec![0, 1, 3, 4],
        first_monday: Some(date(2026, 8, 31)),
        first_day: Some(date(2026, 9, 1)),
        last_day: Some(date(2027, 7, 2)),
        ..School::default()
    }
}

fn bells(proposal: &Proposal, id: &str) -> Vec<String> {
    let bells = proposal.schedule["day_types"][id]["bells"].as_array().unwrap();
    let told = |bell: &Value| {
        assert_eq!(bell["trigger"], "bell");
        format!("{} {}", bell["time"].as_str().unwrap(), bell["label"].as_str().unwrap())
    };
    bells.iter().map(told).collect()
}

fn nothing_off(_: Date) -> bool {
    false
}

#[test]
fn bells_ring_where_lessons_begin_and_around_the_breaks() {
    let proposal = propose(&school(), "bell", nothing_off);
    assert_eq!(
        bells(&proposal, "journee"),
        [
            "08:00 Début des cours",
            "09:00 Changement de cours",
            "10:00 Récré",
            "10:15 Reprise des cours",
            "11:15 Récréation",
            "13:00 Reprise des cours",
            "14:00 Fin des cours",
        ]
    );
    assert_eq!(
        bells(&proposal, "matin"),
        [
            "08:00 Début des cours",
            "09:00 Changement de cours",
            "10:00 Récré",
            "10:15 Reprise des cours",
            "11:15 Fin des cours",
        ]
    );
    let week = &proposal.schedule["weeks"]["templates"][0]["days"];
    let days: Vec<_> = day::WEEK.iter().map(|day| week[*day].as_str().unwrap_or("-")).collect();
    assert_eq!(days, ["journee", "journee", "matin", "journee", "journee", "-", "-"]);
    assert_eq!(proposal.schedule["day_types"].get("apres-midi"), None, "no day needs it");
}

#[test]
fn a_start_that_the_timetable_does_not_show_has_no_bell() {
    let school = School { shown_starts: vec![0, 2, 3], ..school() };
    let bells = bells(&propose(&school, "bell", nothing_off), "matin");
    assert!(!bells.iter().any(|bell| bell.starts_with("09:00")), "{bells:?}");
}

/// What conf.json says against it: nothing.
fn problems(proposal: &Proposal) -> Vec<String> {
    let (schedule, mut problems) = (serde_json::to_value(&proposal.schedule).unwrap(), Vec::new());
    assert!(conf::read_schedule("schedule", &schedule, &mut problems).is_some(), "{problems:?}");
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn weeks_that_take_turns_are_named_week_by_week() {
    let kind = |name: &str, weeks: &[u32]| WeekFrequency { name: name.into(), weeks: weeks.into() };
    let frequencies = vec![kind("Q1", &[1, 3]), kind("Q2", &[2])];
    let proposal =
        propose(&School { week_frequencies: frequencies, ..school() }, "bell", nothing_off);
    assert_eq!(problems(&proposal), [] as [&str; 0]);
    let weeks = &proposal.schedule["weeks"];
    assert_eq!(weeks["templates"][1]["name"], "Q2");
    assert_eq!(
        weeks["assigned"],
        json!({"2026-08-31": "Q1", "2026-09-07": "Q2", "2026-09-14": "Q1"})
    );
    let both = vec![kind("Q1", &[1, 2]), kind("Q2", &[2])];
    let proposal = propose(&School { week_frequencies: both, ..school() }, "bell", nothing_off);
    assert_eq!(proposal.schedule["weeks"]["templates"].as_array().unwrap().len(), 1);
}

#[test]
fn only_closed_days_that_the_calendar_does_not_have_are_entries() {
    let holiday = |name: &str, start, end| Holiday { name: Some(name.into()), start, end };
    let holidays = vec![
        holiday("Toussaint", date(2026, 10, 17), date(2026, 11, 1)),
        holiday("Journée pédagogique", date(2026, 11, 23), date(2026, 11, 23)),
        holiday("Fermé le dimanche", date(2026, 11, 29), date(2026, 11, 29)),
        holiday("Faute", date(2026, 12, 2), date(2026, 12, 1)),
    ];
    let off = |day: Date| {
        (date(2026, 10, 18)..=date(2026, 11, 1)).contains(&day) || day == date(2026, 11, 11)
    };
    let proposal = propose(&School { holidays, ..school() }, "bell", off);
    assert_eq!(
        proposal.schedule["calendar"],
        json!([{"from": "2026-11-23", "to": "2026-11-23", "label": "Journée pédagogique", "day": "silent"}])
    );
    assert_eq!(
        proposal.notes,
        [
            "Faute: from 2026-12-02 to 2026-12-01 in PRONOTE, left out",
            "off in the school calendar, open in PRONOTE: 2026-11-11; no bell rings on it",
        ]
    );
}

#[test]
fn a_school_that_says_nothing_is_proposed_nothing() {
    let proposal = propose(&School::default(), "bell", nothing_off);
    assert!(proposal.schedule.is_empty(), "{:?}", proposal.schedule);
    assert_eq!(proposal.notes.len(), 2, "{:?}", proposal.notes);
}

async fn source(folder: &TempDir) -> SchoolSource {
    let settings = conf::Gateway {
        allowed_hosts: vec![conf::HostPattern::parse("127.0.0.1").unwrap()],
        allow_private_hosts: true,
        ..conf::Gateway::default()
    };
    SchoolSource::new(Gateway::open(&settings, folder.path()).await.unwrap(), folder.path())
}

#[tokio::test]
async fn a_school_is_asked_once_a_day_and_its_hours_become_bells() {
    let folder = TempDir::new().unwrap();
    let simulator = Simulator::start(SimulatorOptions::default()).unwrap();
    let address: Address = simulator.url().parse().unwrap();
    let now: Timestamp = "2026-11-22T06:00:00Z".parse().unwrap();
    let (school, asked) = source(&folder).await.ask(&address, now).await.unwrap();
    assert_eq!((asked.at, asked.again()), (now, now + jiff::SignedDuration::from_hours(24)));
    let proposal = propose(&school, "bell", nothing_off);
    let bells = bells(&proposal, "journee");
    assert_eq!(bells.first().map(String::as_str), Some("08:00 Début des cours"));
    assert!(bells.contains(&"10:00 Récréation du matin".to_owned()), "{bells:?}");
    assert!(bells.contains(&"10:10 Reprise des cours".to_owned()), "{bells:?}");
    assert_eq!(bells.last().map(String::as_str), Some("18:20 Fin des cours"));
    assert_eq!(problems(&proposal), [] as [&str; 0]);
    let weeks = &proposal.schedule["weeks"];
    assert_eq!(weeks["templates"][0]["days"]["wednesday"], "matin");
    assert_eq!(weeks["templates"][0]["name"], "Q1");
    assert!(!proposal.schedule["calendar"].as_array().unwrap().is_empty());
    // A new start within the day: the simulator is gone, and what it said is not.
    drop(simulator);
    let soon = now + jiff::SignedDuration::from_hours(23);
    let other: Address = "http://127.0.0.1:9/other".parse().unwrap();
    assert!(source(&folder).await.ask(&other, now).await.is_err());
    assert_eq!(source(&folder).await.ask(&address, soon).await.unwrap(), (school, asked));
    let later = now + jiff::SignedDuration::from_hours(24);
    let failed = source(&folder).await.ask(&address, later).await.unwrap_err();
    assert!(matches!(failed, SourceError::Refused(_)), "{failed}");
    let again = source(&folder).await;
    let last = again.last().unwrap();
    assert!(last.answer.is_err() && last.at == later);
    let again = again.ask(&address, later).await.unwrap_err().to_string();
    assert!(again.contains("it was asked a short while ago: try again in 60 min"), "{again}");
}

#[tokio::test]
async fn a_school_that_may_not_be_reached_is_not_asked() {
    let folder = TempDir::new().unwrap();
    let gateway = Gateway::open(&conf::Gateway::default(), folder.path()).await.unwrap();
    let source = SchoolSource::new(gateway, folder.path());
    let address: Address = "http://127.0.0.1:9/pronote".parse().unwrap();
    let said = source.ask(&address, Timestamp::UNIX_EPOCH).await.unwrap_err().to_string();
    assert!(said.contains("https"), "{said}");
}
