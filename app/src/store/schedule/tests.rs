//! Changes of the tables, and their versions.

use std::fs;

use jiff::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;

fn store(schedule: &Value) -> (TempDir, Store) {
    let data = TempDir::new().unwrap();
    let conf = json!({ "triggers": {}, "schedule": schedule });
    fs::write(data.path().join("conf.json"), conf.to_string()).unwrap();
    let store = Store::open(data.path()).unwrap();
    (data, store)
}

fn note(comment: &str) -> Note {
    Note { by: "admin".into(), at: Timestamp::UNIX_EPOCH, comment: comment.into() }
}

fn named(name: &str) -> impl FnOnce(&mut Value) -> Result<(), ChangeError> {
    let day_type = json!({ "name": name, "bells": [] });
    move |schedule| {
        schedule["day_types"]["normal"] = day_type;
        Ok(())
    }
}

#[test]
fn what_was_written_by_hand_is_a_version_before_it_is_replaced() {
    let (_data, store) = store(&json!({ "day_types": { "normal": { "name": "By hand" } } }));
    store.change_schedule(&note("first"), named("One")).unwrap();
    store.change_schedule(&note("same"), named("One")).unwrap();
    let versions = store.schedule_versions();
    let told: Vec<_> = versions.iter().map(|v| (v.number, v.by.as_deref(), &*v.comment)).collect();
    assert_eq!(told, [(2, Some("admin"), "first"), (1, None, "")], "what changes nothing is none");
    let name = |number| {
        store.schedule_version(number).unwrap().schedule["day_types"]["normal"]["name"].clone()
    };
    assert_eq!((name(1), name(2)), (json!("By hand"), json!("One")));
    assert_eq!(store.schedule_json()["day_types"]["normal"]["name"], "One");
}

#[test]
fn what_is_newly_wrong_is_refused_and_what_was_wrong_stands_in_nobodys_way() {
    let wrong = json!({ "time": "25:00", "trigger": "A" });
    let (_data, store) = store(&json!({ "day_types": { "x": { "bells": [wrong] } } }));
    store.change_schedule(&note(""), named("One")).unwrap();
    let again = |schedule: &mut Value| {
        schedule["day_types"]["normal"]["bells"] = json!([{ "time": "8h25", "trigger": "A" }]);
        Ok(())
    };
    let Err(ChangeError::Field(error)) = store.change_schedule(&note(""), again) else { panic!() };
    assert_eq!(error.field, "day_types.normal.bells[0].time");
    assert_eq!(store.schedule_versions().len(), 2, "a refused change is no version");
    assert_eq!(store.schedule_json()["day_types"]["x"]["bells"], json!([wrong]), "it is not lost");
}

#[test]
fn the_oldest_version_too_many_goes_and_a_broken_one_is_none() {
    let (data, store) = store(&json!({}));
    for place in 0..205 {
        store.change_schedule(&note(""), named(&format!("Day {place}"))).unwrap();
    }
    let versions = store.schedule_versions();
    assert_eq!((versions.len(), versions[0].number), (200, 206));
    fs::write(data.path().join("schedule/version-000206.json"), "{").unwrap();
    assert_eq!(store.schedule_versions()[0].number, 205);
    store.change_schedule(&note(""), named("Other")).unwrap();
    assert_eq!(store.schedule_versions()[0].number, 208, "what was in force is kept again");
}

#[test]
fn a_feed_is_known_by_its_newest_secret_only() {
    let (data, store) = store(&json!({}));
    let feed = store.feed();
    assert!(!feed.exists() && !feed.is("") && !feed.revoke().unwrap());
    let first = feed.renew().unwrap();
    assert!(feed.is(&first) && !feed.is("") && !feed.is(&first[1..]));
    let second = feed.renew().unwrap();
    assert!(feed.is(&second) && !feed.is(&first));
    let kept = fs::read_to_string(data.path().join("schedule/feed")).unwrap();
    assert!(!kept.contains(&second));
    assert!(feed.revoke().unwrap() && !feed.is(&second));
}
