//! Schedules as people write them, right and wrong.
//!

use serde_json::{Value, json};

use super::*;

fn read(value: &Value) -> (Option<Schedule>, Vec<String>) {
    let mut problems = Vec::new();
    let schedule = read_schedule("schedule", value, &mut problems);
    (schedule, problems.iter().map(ToString::to_string).collect())
}

fn right() -> Value {
    json!({
        "time_zone": "Indian/Reunion",
        "school": {"place": "la-reunion"},
        "day_types": {
            "normal": {"name": "Journée normale", "colour": "#2e7d32", "bells": [
                {"time": "08:25", "trigger": "A", "label": "Début", "late_seconds": 120},
                {"time": "08:30:30", "trigger": "B", "label": "", "late_seconds": 60},
            ]},
        },
        "weeks": {
            "templates": [
                {"name": "A", "days": {
                    "monday": "normal", "tuesday": null, "wednesday": null, "thursday": null,
                    "friday": null, "saturday": null, "sunday": null,
                }},
                {"name": "B", "days": {
                    "monday": null, "tuesday": "normal", "wednesday": null, "thursday": null,
                    "friday": null, "saturday": null, "sunday": null,
                }},
            ],
            "turn": {"rule": "school_weeks", "anchor": "2026-08-31"},
            "assigned": {"2026-11-09": "B"},
        },
        "calendar": [
            {"from": "2027-05-24", "to": "2027-05-28", "label": "Brevet", "day": "usual",
             "silent_hours": [{"from": "08:00", "to": "12:00"}]},
            {"from": "2027-06-01", "to": "2027-06-01", "label": "", "day": "typed",
             "day_type": "normal", "silent_hours": []},
        ],
        "changes": [
            {"date": "2026-11-09", "change": "shift", "from": "10:02", "minutes": -5},
            {"date": "2026-11-09", "change": "mute", "from": "10:00", "to": null},
            {"date": "2026-11-09", "change": "bell", "time": "11:00", "trigger": "A",
             "label": "", "late_seconds": 60},
            {"date": "2026-11-09", "change": "cancel", "time": "08:25", "trigger": "A"},
        ],
    })
}

#[test]
fn what_is_written_is_what_was_read() {
    let (schedule, told) = read(&right());
    assert_eq!(told, [""; 0]);
    assert_eq!(serde_json::to_value(schedule.unwrap()).unwrap(), right());
    let cycle = json!({"anchor": "2026-09-01", "open": ["monday", "friday"], "days": [null, "x"]});
    let (schedule, told) = read(&json!({"cycle": cycle}));
    assert_eq!(told, ["schedule.cycle.days: there is no day type x: nothing rings on these days"],);
    assert_eq!(serde_json::to_value(schedule.unwrap()).unwrap()["cycle"], cycle);
    assert_eq!(read(&json!({})), (Some(Schedule::default()), vec![]));
}

#[test]
fn a_wrong_value_is_told_with_its_path_and_spoils_as_little_as_can_be() {
    let bell = |bell: Value| json!({"day_types": {"x": {"bells": [bell]}}});
    let entry = |entry: Value| json!({"calendar": [entry]});
    let change = |change: Value| json!({"changes": [change]});
    for (value, whole, expected) in [
        (json!([]), false, ": found a list, expected an object"),
        (
            json!({"time_zone": "Europe/Lutece"}),
            false,
            ".time_zone: found \"Europe/Lutece\", expected an IANA time zone such as \"Europe/Paris\"",
        ),
        (
            json!({"weeks": {"turn": {"rule": "every_week", "anchor": "2026-09-01"}}}),
            false,
            ".weeks.turn.anchor: found \"2026-09-01\", expected the date of a Monday, such as \"2026-08-31\"",
        ),
        (
            json!({"weeks": {"templates": [{"days": {"monday": 1}}]}}),
            false,
            ".weeks.templates[0].days.monday: found 1, expected a day type's id, or null",
        ),
        (
            json!({"weeks": {"templates": [{"name": "A"}, {"name": "A"}]}}),
            false,
            ".weeks.templates: week \"A\" is there twice",
        ),
        (
            json!({"weeks": {"templates": [{"name": "A"}], "assigned": {"2026-11-09": "B"}}}),
            false,
            ".weeks.assigned.2026-11-09: found \"B\", expected the name of a week in templates",
        ),
        (
            json!({"weeks": {}, "cycle": {}}),
            false,
            ".cycle: there are weeks too: expected one of the two",
        ),
        (
            json!({"day_types": {"a b": {}}}),
            true,
            ".day_types.\"a b\": a day type's id is 1 to 64 of A-Z a-z 0-9 _ . -",
        ),
        (
            json!({"day_types": {"x": {"colour": "green"}}}),
            true,
            ".day_types.x.colour: found \"green\", expected a colour such as \"#2e7d32\"",
        ),
        (
            bell(json!({"time": "8h25", "trigger": "A"})),
            true,
            ".day_types.x.bells[0].time: found \"8h25\", expected a time such as \"08:25\"",
        ),
        (
            bell(json!({"time": "08:25"})),
            true,
            ".day_types.x.bells[0].trigger: missing, expected a trigger's id",
        ),
        (
            bell(json!({"time": "08:25", "trigger": "A", "late_seconds": 3601})),
            true,
            ".day_types.x.bells[0].late_seconds: found 3601, expected seconds, 0–3600",
        ),
        (
            entry(json!({"from": "2026-02-30"})),
            true,
            ".calendar[0].from: found \"2026-02-30\", expected a date such as \"2026-11-09\"",
        ),
        (
            entry(json!({"from": "2026-03-02", "to": "2026-03-01"})),
            true,
            ".calendar[0].to: 2026-03-01 is before from 2026-03-02",
        ),
        (
            entry(json!({"from": "2026-03-02", "day": "silent", "day_type": "x"})),
            true,
            ".calendar[0].day_type: day is \"silent\": expected no day type",
        ),
        (
            entry(json!({"from": "2026-03-02", "day": "typed"})),
            true,
            ".calendar[0].day_type: missing, expected a day type's id",
        ),
        (
            entry(
                json!({"from": "2026-03-02", "silent_hours": [{"from": "12:00", "to": "08:00"}]}),
            ),
            true,
            ".calendar[0].silent_hours[0].to: is not after from",
        ),
        (
            change(json!({"date": "2026-03-02", "change": "shift", "from": "08:00", "minutes": 0})),
            true,
            ".changes[0].minutes: found 0, expected minutes, -720 to 720 and not 0",
        ),
        (
            change(json!({"date": "2026-03-02", "change": "louder"})),
            true,
            ".changes[0].change: found \"louder\", expected \"shift\", \"mute\", \"bell\" or \"cancel\"",
        ),
    ] {
        let (schedule, told) = read(&value);
        let expected = format!("schedule{expected}");
        assert!(told.contains(&expected), "{expected}\n{told:#?}");
        assert_eq!(schedule.is_some(), whole, "{expected}");
    }
}

#[test]
fn a_wrong_bell_is_left_out_and_in_sight_and_the_others_ring() {
    let mut written = right();
    let wrong = json!({"time": "25:00", "trigger": "A"});
    written["day_types"]["normal"]["bells"].as_array_mut().unwrap().insert(0, wrong.clone());
    let (schedule, told) = read(&written);
    let schedule = schedule.unwrap();
    let normal = &schedule.day_types[&"normal".parse().unwrap()];
    assert_eq!(normal.bells.len(), 2);
    assert_eq!(normal.bells.left_out[0].written, wrong);
    assert_eq!([&*normal.bells.left_out[0].why], *told);
    let again = serde_json::to_value(&schedule).unwrap();
    assert_eq!(again["day_types"]["normal"]["bells"][2], wrong, "it is not lost");
}

#[test]
fn what_nobody_knows_stays_through_a_change() {
    let mut written = right();
    written["note"] = json!("mine");
    written["day_types"]["normal"]["room"] = json!(12);
    written["day_types"]["normal"]["bells"][1]["by"] = json!("us");
    written["calendar"][0]["by"] = json!("them");
    let (old, told) = read(&written);
    assert_eq!(told.len(), 4, "{told:?}");
    let old = old.unwrap();
    let mut new = old.clone();
    let normal = new.day_types.get_mut(&"normal".parse().unwrap()).unwrap();
    normal.bells.right.remove(0);
    normal.name = "Autre".into();
    new.calendar.right.remove(1);
    let mut expected = written.clone();
    expected["day_types"]["normal"]["name"] = json!("Autre");
    expected["day_types"]["normal"]["bells"].as_array_mut().unwrap().remove(0);
    expected["calendar"].as_array_mut().unwrap().remove(1);
    assert_eq!(rewritten(&written, &old, &new).unwrap(), expected);
    new.day_types.clear();
    let cleared = rewritten(&written, &old, &new).unwrap();
    assert_eq!(cleared["day_types"], json!({}), "what is gone is gone with what nobody knew of it");
}
