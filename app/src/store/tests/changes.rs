//! What the API changes, and what it does not.

use std::fs;

use super::*;
use crate::store::{ChangeError, Placed, full_disk};

fn refused(error: &ChangeError) -> (&str, &str) {
    match error {
        ChangeError::Field(FieldError { field, message }) => (field, message),
        other => panic!("{other}"),
    }
}

#[test]
fn triggers_come_change_and_go() {
    let folder = folder(&small());
    let store = Store::open(folder.path()).unwrap();
    let mut watch = store.watch();
    let b = id("B");
    assert_eq!(store.put_trigger(&b, &api("b.wav"), fine).unwrap(), Placed::Created);
    assert!(watch.has_changed().unwrap());
    assert_eq!(watch.borrow_and_update().bells, store.conf().bells);
    let filled = json!({
        "name": "B", "type": "api", "music_file": "b.wav",
        "start_seconds": 0.0, "end_seconds": null, "volume": 1.0,
    });
    assert_eq!(store.trigger_json(&b).unwrap(), filled);
    assert_eq!(store.triggers_json()["B"], filled);

    let patch = json!({"volume": 0.8, "end_seconds": 3, "colour": {"r": 1, "g": null}});
    store.patch_trigger(&b, &patch, fine).unwrap();
    let shown = store.trigger_json(&b).unwrap();
    assert_eq!((&shown["volume"], &shown["end_seconds"]), (&json!(0.8), &json!(3.0)));
    assert_eq!(shown["colour"], json!({"r": 1}));
    assert!(told(&store).contains("triggers.B.colour: unknown key"), "{}", told(&store));
    store.patch_trigger(&b, &json!({"end_seconds": null, "colour": null}), fine).unwrap();
    assert_eq!(told(&store), "");

    assert_eq!(store.put_trigger(&b, &api("c.wav"), fine).unwrap(), Placed::Replaced);
    assert_eq!(store.trigger_json(&b).unwrap()["volume"], 1.0);
    assert!(store.delete_trigger(&b).unwrap());
    assert!(!store.delete_trigger(&b).unwrap());
    assert!(store.trigger_json(&b).is_none());
    assert!(matches!(store.patch_trigger(&b, &patch, fine), Err(ChangeError::NoSuchTrigger)));
    assert_eq!(ringing(&Store::open(folder.path()).unwrap()), ["A"]);
}

#[test]
fn a_renamed_sound_takes_all_its_triggers_with_it() {
    let mut conf = small();
    conf["triggers"]["B"] = json!({"type": "api", "music_file": "a.wav", "colour": 1});
    conf["triggers"]["C"] = api("c.wav");
    conf["triggers"]["WRONG"] = json!({"type": "api", "music_file": "a.wav", "volume": 7});
    let folder = folder(&conf);
    let store = Store::open(folder.path()).unwrap();
    let sound = |name: &str| name.parse().unwrap();
    assert!(store.plays(&sound("a.wav")) && !store.plays(&sound("new.wav")));
    store.rename_sound(&sound("a.wav"), &sound("new.wav")).unwrap();
    assert!(!store.plays(&sound("a.wav")) && store.plays(&sound("new.wav")));
    let written: Value = serde_json::from_str(&text(folder.path())).unwrap();
    let of = |id: &str| written["triggers"][id]["music_file"].clone();
    assert_eq!(
        [of("A"), of("B"), of("C"), of("WRONG")],
        ["new.wav", "new.wav", "c.wav", "new.wav"]
    );
    assert_eq!(written["triggers"]["B"]["colour"], 1);
    let before = fs::metadata(folder.path().join("conf.json")).unwrap().modified().unwrap();
    store.rename_sound(&sound("nobody.wav"), &sound("else.wav")).unwrap();
    let after = fs::metadata(folder.path().join("conf.json")).unwrap().modified().unwrap();
    assert_eq!(before, after, "nothing to write");
}

#[test]
fn a_wrong_change_names_its_field_and_changes_nothing() {
    let mut conf = small();
    conf["triggers"]["Z"] = json!({"type": "GPIO26", "music_file": "z.wav"});
    conf["board"] = json!({"lines": {"DOOR": {"offset": 9}}});
    let folder = folder(&conf);
    let store = Store::open(folder.path()).unwrap();
    let before = text(folder.path());
    let with = |key: &str, value: Value| {
        let mut body = api("a.wav");
        body[key] = value;
        body
    };
    for (body, field, message) in [
        (with("volume", json!(2)), "volume", "found 2, expected a number 0.0–1.0"),
        (with("music_file", json!("x")), "music_file", "\"x\" does not end in"),
        (with("type", json!("gpio26")), "type", "line GPIO26 fires trigger A already"),
        (with("type", json!("GPIO9")), "type", "GPIO9 has offset 9, which is that of DOOR"),
        (json!([]), "", "found a list, expected an object"),
        (json!({}), "type", "missing"),
    ] {
        let error = store.put_trigger(&id("A"), &body, fine).unwrap_err();
        let (found, said) = refused(&error);
        assert_eq!(found, field, "{body}");
        assert!(said.contains(message), "{said}");
    }
    let loud =
        |_: &Trigger| Err(FieldError { field: "start_seconds".into(), message: "late".into() });
    let error = store.put_trigger(&id("B"), &api("b.wav"), loud).unwrap_err();
    assert_eq!(refused(&error), ("start_seconds", "late"));
    assert_eq!(refused(&store.set_password("").unwrap_err()).0, "password");
    assert_eq!(text(folder.path()), before);
    assert_eq!(ringing(&store), ["A", "Z"]);
}

#[test]
fn a_hand_edit_is_taken_in_and_the_change_goes_on_top() {
    let folder = folder(&small());
    let store = Store::open(folder.path()).unwrap();
    let mut edited = small();
    edited["triggers"]["HAND"] = api("hand.wav");
    edited["auth"]["password"] = "in clear".into();
    write(folder.path(), &edited);
    store.put_trigger(&id("B"), &api("b.wav"), fine).unwrap();
    assert_eq!(ringing(&store), ["A", "B", "HAND"]);
    assert!(!text(folder.path()).contains("in clear"));
    assert!(store.conf().auth.password_hash.as_ref().unwrap().verify("in clear"));

    // Half-way through an edit: it stays as its owner left it, and so does what is in force.
    fs::write(folder.path().join("conf.json"), "{\n  \"triggers\": {").unwrap();
    let error = store.delete_trigger(&id("B")).unwrap_err();
    assert!(matches!(&error, ChangeError::HandEdit(_)));
    assert!(error.to_string().contains("line 2 column 15"), "{error}");
    assert_eq!(text(folder.path()), "{\n  \"triggers\": {");
    assert_eq!(ringing(&store), ["A", "B", "HAND"]);

    // An edit at the last moment, while the new file is on its way.
    write(folder.path(), &small());
    let sneak = |_: &Trigger| {
        write(folder.path(), &edited);
        Ok(())
    };
    let error = store.put_trigger(&id("B"), &api("b.wav"), sneak).unwrap_err();
    assert!(matches!(error, ChangeError::HandEdit(_)), "{error}");
    assert!(text(folder.path()).contains("HAND"));
}

#[test]
fn a_wrong_trigger_in_the_file_can_be_mended_by_a_patch() {
    let mut conf = small();
    conf["triggers"]["BAD"] = json!({"type": "api", "music_file": "b.wav", "volume": 80});
    let folder = folder(&conf);
    let store = Store::open(folder.path()).unwrap();
    assert!(store.trigger_json(&id("BAD")).is_none());
    store.patch_trigger(&id("BAD"), &json!({"volume": 0.8}), fine).unwrap();
    assert_eq!(ringing(&store), ["A", "BAD"]);
}

#[test]
fn on_a_full_disk_a_change_is_refused_and_changes_nothing() {
    full_disk::scene(
        "store::tests::changes::on_a_full_disk_a_change_is_refused_and_changes_nothing",
        |disk| {
            write(&disk.folder, &small());
            let store = Store::open(&disk.folder).unwrap();
            let before = text(&disk.folder);
            disk.fill();
            let error = store.put_trigger(&id("B"), &api("b.wav"), fine).unwrap_err();
            assert!(matches!(error, ChangeError::Disk(_)), "{error}");
            assert!(error.to_string().contains("nothing was changed"), "{error}");
            println!("{error}");
            assert_eq!(text(&disk.folder), before);
            assert_eq!(ringing(&store), ["A"]);
            assert!(store.set_password("new").is_err());

            // Nor does a box that starts on a full disk lose anything.
            fs::OpenOptions::new()
                .write(true)
                .open(disk.folder.join("conf.json"))
                .unwrap()
                .set_len(20)
                .unwrap();
            let restarted = Store::open(&disk.folder).unwrap();
            assert_eq!(ringing(&restarted), ["A"]);
            assert!(told(&restarted).contains("could not be replaced"), "{}", told(&restarted));

            disk.free();
            let restarted = Store::open(&disk.folder).unwrap();
            restarted.put_trigger(&id("B"), &api("b.wav"), fine).unwrap();
            assert_eq!(ringing(&Store::open(&disk.folder).unwrap()), ["A", "B"]);
        },
    );
}

#[test]
fn what_could_not_be_read_again_is_not_written() {
    let folder = folder(&small());
    let store = Store::open(folder.path()).unwrap();
    let deep = (0..126).fold(json!(1), |inner, _| json!([inner]));
    for (value, expected) in [(deep, "recursion limit"), (json!("x".repeat(5 << 20)), "larger")] {
        let error = store.patch_trigger(&id("A"), &json!({ "note": value }), fine).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
    store.reload().unwrap();
    assert_eq!(ringing(&store), ["A"]);
}
