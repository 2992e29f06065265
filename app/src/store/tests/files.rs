//! What is found on disk when the box starts or is told to look again.

use std::{
    fs::{self, File},
    os::unix::fs::{PermissionsExt as _, symlink},
    time::{Duration, SystemTime},
};

use rustix::fs::{CWD, FileType, Mode};

use super::*;
use crate::store::{StoreError, inspect};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn seed() -> Value {
    json!({
        "server": {"host": "0.0.0.0", "port": 8443, "tls_cert": "certs/cert.pem", "tls_key": "/etc/k.pem"},
        "auth": {"username": "admin", "password": "change-me"},
        "serial": {"enabled": false, "port": "/dev/ttyUSB0", "baudrate": 115_200, "timeout": 1.0},
        "triggers": {"GPIO23": {
            "name": "Bouton entree", "type": "GPIO23", "music_file": "bell.mp3",
            "start_seconds": 2.5, "end_seconds": 10.0, "volume": 0.8,
        }},
    })
}

#[test]
fn a_file_of_pysonnerie_loads_and_only_its_password_is_rewritten() {
    let folder = folder(&seed());
    let store = Store::open(folder.path()).unwrap();
    let conf = store.conf();
    assert_eq!(told(&store), "");
    assert_eq!(conf.server.tls_cert, folder.path().join("certs/cert.pem"));
    assert_eq!(conf.server.tls_key, Path::new("/etc/k.pem"));
    let hash = conf.auth.password_hash.clone().unwrap();
    assert!(hash.verify("change-me"));
    assert_eq!(store.trigger_json(&id("GPIO23")).unwrap(), seed()["triggers"]["GPIO23"]);

    let mut expected = seed();
    expected["auth"]["password"] = hash.expose().into();
    assert_eq!(text(folder.path()), serde_json::to_string_pretty(&expected).unwrap() + "\n");
    assert_eq!(mode(&folder.path().join("conf.json")), 0o600);
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        assert!(!fs::read_to_string(&path).unwrap().contains("change-me"), "{path:?}");
    }
    let shown = format!("{:?} {:?} {}", store, conf, store.masked());
    assert!(!shown.contains("$argon2") && !shown.contains("change-me"), "{shown}");
}

#[test]
fn what_nobody_knows_outlives_a_rewrite_in_its_place() {
    let mut conf = small();
    conf["zzz"] = json!({"deep": [1, {"b": null, "a": "é"}]});
    conf["aaa"] = json!(1.0);
    conf["triggers"]["A"]["colour"] = json!("red");
    let folder = folder(&conf);
    let store = Store::open(folder.path()).unwrap();
    store.put_trigger(&id("A"), &api("b.wav"), fine).unwrap();
    store.put_trigger(&id("B"), &api("b.wav"), fine).unwrap();
    conf["triggers"]["A"] = json!({"type": "api", "music_file": "b.wav", "colour": "red"});
    conf["triggers"]["B"] = api("b.wav");
    assert_eq!(text(folder.path()), serde_json::to_string_pretty(&conf).unwrap() + "\n");

    store.put_trigger(&id("C"), &api("c.wav"), fine).unwrap();
    store.delete_trigger(&id("A")).unwrap();
    let order = text(folder.path());
    assert!(order.find("\"B\"") < order.find("\"C\"") && !order.contains("\"A\""), "{order}");
}

#[test]
fn a_file_cut_at_any_byte_costs_nothing() {
    let folder = folder(&small());
    drop(Store::open(folder.path()).unwrap());
    let whole = serde_json::to_vec(&small()).unwrap();
    let path = folder.path().join("conf.json");
    for cut in 0..whole.len() {
        fs::write(&path, &whole[..cut]).unwrap();
        let store = Store::open(folder.path()).unwrap();
        assert_eq!(ringing(&store), ["A"], "cut at {cut}");
        assert!(store.conf().auth.password_hash.is_some());
        assert!(told(&store).contains("the last good copy is in force"), "{}", told(&store));
        let aside = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let aside: Vec<_> =
            aside.filter(|path| path.to_string_lossy().contains("broken")).collect();
        assert_eq!(aside.len(), 1);
        assert_eq!(fs::read(&aside[0]).unwrap(), &whole[..cut], "what was there is kept");
        assert_eq!(mode(&aside[0]), 0o600);
        fs::remove_file(&aside[0]).unwrap();
    }
}

#[test]
fn a_broken_file_is_told_until_the_next_good_change() {
    for (broken, expected) in [
        (&b"{\"a\": "[..], "is not valid JSON: EOF while parsing a value at line 1 column 6"),
        (b"\xff\xfe{}", "is not UTF-8 text (byte 0)"),
        (b"[1]", "holds a list, expected an object"),
        (b"", "is not valid JSON: EOF while parsing"),
        (&vec![b' '; (4 << 20) + 1], "is larger than 4 MiB"),
    ] {
        let folder = folder(&small());
        drop(Store::open(folder.path()).unwrap());
        fs::write(folder.path().join("conf.json"), broken).unwrap();
        let store = Store::open(folder.path()).unwrap();
        assert!(
            told(&store).starts_with(&format!("conf.json: conf.json {expected}")),
            "{}",
            told(&store)
        );
        store.put_trigger(&id("B"), &api("b.wav"), fine).unwrap();
        assert!(!told(&store).contains(expected), "{}", told(&store));
        assert!(told(&store).contains("moved aside"), "the copy is still there");
        assert_eq!(ringing(&Store::open(folder.path()).unwrap()), ["A", "B"]);
    }
}

#[test]
fn without_a_last_good_copy_the_box_starts_and_nobody_signs_in() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("conf.json"), "{").unwrap();
    for _ in 0..2 {
        let store = Store::open(folder.path()).unwrap();
        assert!(store.conf().auth.password_hash.is_none());
        assert!(told(&store).contains("claim code"), "{}", told(&store));
    }
    let store = Store::open(folder.path()).unwrap();
    store.set_password("a new one").unwrap();
    assert!(store.conf().auth.password_hash.as_ref().unwrap().verify("a new one"));
}

#[test]
fn a_file_that_cannot_be_got_at_is_left_alone() {
    type Make = fn(&Path);
    let made: [(&str, Make); 3] = [
        ("conf.json is a folder, expected a JSON file", |path| fs::create_dir(path).unwrap()),
        ("conf.json is no regular file, expected a JSON file", |path| {
            rustix::fs::mknodat(CWD, path, FileType::Fifo, Mode::RUSR, 0).unwrap();
        }),
        ("conf.json cannot be read: ", |path| symlink("conf.json", path).unwrap()),
    ];
    for (expected, make) in made {
        let folder = folder(&small());
        drop(Store::open(folder.path()).unwrap());
        let path = folder.path().join("conf.json");
        fs::remove_file(&path).unwrap();
        make(&path);
        let store = Store::open(folder.path()).unwrap();
        assert!(told(&store).contains(expected), "{}", told(&store));
        assert_eq!(ringing(&store), ["A"]);
        let refused = store.delete_trigger(&id("A")).unwrap_err().to_string();
        assert!(refused.contains("a hand edit is never overwritten"), "{refused}");
        assert!(path.symlink_metadata().is_ok(), "{expected}");
    }
}

#[test]
fn no_file_is_not_an_empty_one() {
    let folder = TempDir::new().unwrap();
    let error = Store::open(folder.path()).unwrap_err();
    assert!(matches!(error, StoreError::Missing(_)));
    assert!(error.to_string().contains("beffroi init"), "{error}");
}

#[test]
fn a_file_that_others_may_read_is_told_and_mended() {
    let folder = folder(&small());
    let path = folder.path().join("conf.json");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let store = Store::open(folder.path()).unwrap();
    assert!(told(&store).contains("others may read it (mode 0644)"), "{}", told(&store));
    store.delete_trigger(&id("A")).unwrap();
    assert_eq!(mode(&path), 0o600);
    assert_eq!(told(&store), "");
}

#[test]
fn a_reload_takes_what_is_readable_and_leaves_what_is_not() {
    let folder = folder(&small());
    let store = Store::open(folder.path()).unwrap();
    let mut conf = small();
    conf["triggers"]["B"] = api("b.wav");
    write(folder.path(), &conf);
    store.reload().unwrap();
    assert_eq!(ringing(&store), ["A", "B"]);

    fs::write(folder.path().join("conf.json"), "{\"triggers\": {},}").unwrap();
    let error = store.reload().unwrap_err();
    assert!(error.to_string().contains("line 1 column 17"), "{error}");
    assert_eq!(ringing(&store), ["A", "B"]);
    assert!(told(&store).contains("stays in force"), "{}", told(&store));
    assert_eq!(text(folder.path()), "{\"triggers\": {},}");

    write(folder.path(), &small());
    store.reload().unwrap();
    assert_eq!(ringing(&store), ["A"]);
    assert!(!told(&store).contains("stays in force"));
}

#[test]
fn a_wrong_section_is_the_last_good_one_after_a_restart_too() {
    let mut conf = small();
    conf["server"] = json!({"port": 9443});
    let folder = folder(&conf);
    drop(Store::open(folder.path()).unwrap());
    conf["server"] = json!({"port": "no"});
    conf["auth"] = json!({"password": 1});
    write(folder.path(), &conf);
    for _ in 0..2 {
        let store = Store::open(folder.path()).unwrap();
        assert_eq!(store.conf().server.port, 9443);
        assert!(store.conf().auth.password_hash.is_some());
        assert!(told(&store).contains("server.port: found \"no\""), "{}", told(&store));
    }
    assert!(text(folder.path()).contains("\"no\""), "it is its owner's to mend");
}

#[test]
fn a_check_touches_nothing() {
    let folder = folder(&seed());
    let before = text(folder.path());
    let (conf, _) = inspect(folder.path()).unwrap();
    assert!(conf.auth.password_hash.is_some());
    assert_eq!(text(folder.path()), before);
    fs::write(folder.path().join("conf.json"), "{").unwrap();
    assert!(matches!(inspect(folder.path()), Err(StoreError::Unreadable(_))));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_link_stays_a_link() {
    let folder = folder(&small());
    let elsewhere = TempDir::new().unwrap();
    let (link, target) = (folder.path().join("conf.json"), elsewhere.path().join("beffroi.json"));
    fs::copy(&link, &target).unwrap();
    fs::remove_file(&link).unwrap();
    symlink(&target, &link).unwrap();
    Store::open(folder.path()).unwrap().delete_trigger(&id("A")).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(!fs::read_to_string(&target).unwrap().contains("GPIO1"));
}

#[test]
fn what_a_killed_writer_left_is_swept_away() {
    let folder = folder(&small());
    let age = |name: &str, seconds| {
        let file = File::create(folder.path().join(name)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(seconds)).unwrap();
    };
    age(".conf.json-old", 120);
    age(".conf.json-new", 0);
    age(".other", 120);
    for within in ["schedule", "journal"] {
        fs::create_dir(folder.path().join(within)).unwrap();
        age(&format!("{within}/.conf.json-old"), 120);
        age(&format!("{within}/version-000001.json"), 120);
    }
    drop(Store::open(folder.path()).unwrap());
    let left = |name: &str| folder.path().join(name).exists();
    assert_eq!([".conf.json-old", ".conf.json-new", ".other"].map(left), [false, true, true]);
    for within in ["schedule", "journal"] {
        assert!(!left(&format!("{within}/.conf.json-old")));
        assert!(left(&format!("{within}/version-000001.json")));
    }
}
