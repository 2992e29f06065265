//! Backups that are whole, damaged, and made to harm.
//!

use std::{fs, io::Write as _};

use flate2::{Compression, write::GzEncoder};
use serde_json::json;
use tar::{Builder, EntryType, Header};
use tempfile::TempDir;

use super::*;
use crate::{almanac::Shelf, store::Note};

/// What a hand, or an enemy, may put into an archive: kind, name, content.
type Item<'i> = (EntryType, &'i str, &'i [u8]);

const CONF_JSON: &[u8] = br#"{"triggers": {}}"#;
const FILE: EntryType = EntryType::Regular;

fn archive(items: &[Item<'_>]) -> Vec<u8> {
    let mut archive = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (kind, name, content) in items {
        let mut header = Header::new_gnu();
        // Straight into the header: the builder would refuse a hostile name.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(*kind);
        header.set_size(content.len() as u64);
        header.set_cksum();
        archive.append(&header, *content).unwrap();
    }
    archive.into_inner().unwrap().finish().unwrap()
}

fn folder() -> (TempDir, SoundFolder) {
    let home = TempDir::new().unwrap();
    let folder = SoundFolder::new(home.path().join("musiques"));
    folder.prepare().unwrap();
    (home, folder)
}

fn playable(mut file: fs::File, name: &SoundName) -> Result<(), String> {
    let mut text = String::new();
    std::io::Read::read_to_string(&mut file, &mut text).unwrap();
    if text == "broken" { Err(format!("{name} cannot be decoded")) } else { Ok(()) }
}

#[test]
fn what_a_backup_does_not_hold_is_left_out_and_told() {
    let (home, folder) = folder();
    let bytes = archive(&[
        (EntryType::Directory, "./musiques/", b""),
        (FILE, "./conf.json", CONF_JSON),
        (FILE, "musiques/bell.wav", b"sound"),
        (FILE, "musiques/b.wav", b"broken"),
        (FILE, "musiques/notes.txt", b"x"),
        (FILE, "musiques/deep/x.wav", b"x"),
        (FILE, "README", b"x"),
    ]);
    let contents = read(bytes.as_slice(), home.path(), &folder, playable).unwrap();
    assert_eq!(contents.sounds, ["bell.wav".parse().unwrap()]);
    let told = contents.left_out.join("\n");
    for name in ["musiques/b.wav: b.wav cannot", "notes.txt", "deep/x.wav", "README: a backup"] {
        assert!(told.contains(name), "{told}");
    }
    assert_eq!(contents.left_out.len(), 4, "{told}");
    assert_eq!(folder.list().unwrap(), [], "nothing counts before all of it does");
}

#[test]
fn what_no_beffroi_wrote_is_refused_whole_and_leaves_nothing() {
    let conf: Item<'_> = (FILE, "conf.json", CONF_JSON);
    let many: Vec<_> = (0..=MAX_FILES).map(|n| format!("f{n}")).collect();
    let many: Vec<Item<'_>> =
        many.iter().map(|name| (FILE, name.as_str(), b"".as_slice())).collect();
    for (items, said) in [
        (vec![], "no conf.json"),
        (vec![(FILE, "musiques/a.wav", b"x".as_slice())], "no conf.json"),
        (vec![(FILE, "conf.json", b"[]".as_slice())], "no configuration"),
        (vec![(FILE, "conf.json", b"{".as_slice())], "no configuration"),
        (vec![conf, (FILE, "../musiques/a.wav", b"x")], "leads out of the folder"),
        (vec![conf, (FILE, "musiques/../../a.wav", b"x")], "leads out of the folder"),
        (vec![conf, (FILE, "/etc/passwd", b"x")], "leads out of the folder"),
        (vec![conf, (FILE, "musiques\\a.wav", b"x")], "leads out of the folder"),
        (vec![conf, (EntryType::Symlink, "musiques/a.wav", b"")], "a link or a device"),
        (vec![conf, (EntryType::Link, "musiques/a.wav", b"")], "a link or a device"),
        (vec![conf, (EntryType::Fifo, "musiques/a.wav", b"")], "a link or a device"),
        (vec![conf, conf], "twice"),
        (vec![conf, (FILE, "./conf.json", b"{}")], "twice"),
        (many, "more than"),
    ] {
        let (home, folder) = folder();
        let refused = read(archive(&items).as_slice(), home.path(), &folder, playable)
            .unwrap_err()
            .to_string();
        assert!(refused.contains(said), "{said}: {refused}");
        assert_eq!(fs::read_dir(home.path().join("musiques")).unwrap().count(), 0, "{said}");
    }
}

#[test]
fn nothing_swells_without_bound() {
    let header = |kind, size| {
        let mut header = Header::new_gnu();
        header.as_old_mut().name[..1].copy_from_slice(b"x");
        header.set_entry_type(kind);
        header.set_size(size);
        header.set_cksum();
        header
    };
    for (kind, size, said) in [
        (FILE, MAX_BYTES + 1, "more than"),
        (EntryType::GNULongName, 1 << 30, "more of itself"),
        (EntryType::XHeader, 1 << 30, "more of itself"),
    ] {
        let mut bytes = GzEncoder::new(Vec::new(), Compression::fast());
        bytes.write_all(header(kind, size).as_bytes()).unwrap();
        bytes.write_all(&vec![0; 8 << 20]).unwrap();
        let (home, folder) = folder();
        let bytes = bytes.finish().unwrap();
        let refused =
            read(bytes.as_slice(), home.path(), &folder, playable).unwrap_err().to_string();
        assert!(refused.contains(said), "{refused}");
    }
    // Zeros for ever after its end.
    let mut bytes = GzEncoder::new(Vec::new(), Compression::fast());
    bytes.write_all(&vec![0; 8 << 20]).unwrap();
    let bytes = bytes.finish().unwrap();
    let (home, folder) = folder();
    assert!(read(bytes.as_slice(), home.path(), &folder, playable).is_err());
}

#[test]
fn a_backup_holds_no_secret_and_comes_back_as_it_was() {
    let (home, folder) = folder();
    let long = format!("{}.wav", "long name ".repeat(15));
    for name in ["bell.wav", "cloche d’été.wav", &long] {
        fs::write(folder.path().join(name), name).unwrap();
    }
    let conf = json!({
        "server": { "port": 9443, "tls_key": "secret.pem" },
        "auth": { "username": "admin", "password": "secret" },
        "gateway": { "store": "redis://:secret@host:6379/0", "enabled": true },
        "triggers": { "A": { "type": "api", "music_file": "bell.wav" } },
        "note": "kept",
    });
    fs::write(home.path().join("conf.json"), conf.to_string()).unwrap();
    let store = Store::open(home.path()).unwrap();
    let mut bytes = Vec::new();
    write(&store, &folder, &mut bytes).unwrap();
    let (other, empty) = self::folder();
    let contents = read(bytes.as_slice(), other.path(), &empty, playable).unwrap();
    assert!(contents.left_out.is_empty(), "{:?}", contents.left_out);
    assert_eq!(contents.sounds.len(), 3);
    let text = serde_json::to_string(&contents.document).unwrap();
    assert!(!text.contains("secret") && !text.contains("argon2"), "{text}");
    assert_eq!(contents.document["note"], "kept");
    contents.staging.keep().unwrap();
    empty.adopt_staged().unwrap();
    for sound in empty.list().unwrap() {
        assert_eq!(fs::read_to_string(empty.path().join(&*sound.name)).unwrap(), *sound.name);
    }
}

#[test]
fn versions_calendars_and_the_feed_come_back_and_damaged_ones_are_left_out() {
    let (home, folder) = folder();
    fs::write(home.path().join("conf.json"), CONF_JSON).unwrap();
    let store = Store::open(home.path()).unwrap();
    let secret = store.feed().renew().unwrap();
    let note = Note { by: "office".into(), at: Timestamp::UNIX_EPOCH, comment: "first".into() };
    store
        .change_schedule(&note, |schedule| {
            schedule["day_types"] = json!({ "normal": { "bells": [] } });
            Ok(())
        })
        .unwrap();
    let ics = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20281021\r\n\
               DTEND;VALUE=DATE:20281106\r\nSUMMARY:Vacances de la Toussaint - Zone A\r\n\
               END:VEVENT\r\nEND:VCALENDAR\r\n";
    Shelf::new(home.path()).upload("a.ics", ics.as_bytes(), None, Timestamp::UNIX_EPOCH).unwrap();
    let mut bytes = Vec::new();
    write(&store, &folder, &mut bytes).unwrap();
    assert!(!String::from_utf8_lossy(&bytes).contains(&secret));

    let (other, empty) = self::folder();
    fs::write(other.path().join("conf.json"), CONF_JSON).unwrap();
    let new = Store::open(other.path()).unwrap();
    let contents = read(bytes.as_slice(), other.path(), &empty, playable).unwrap();
    let report = restore(&new, &empty, contents, Timestamp::UNIX_EPOCH).unwrap();
    assert!(report.left_out.is_empty(), "{report:?}");
    assert_eq!(Shelf::new(other.path()).uploaded(), Shelf::new(home.path()).uploaded());
    assert!(new.feed().is(&secret), "who has subscribed stays so");
    let comments = |store: &Store| -> Vec<_> {
        store.schedule_versions().into_iter().map(|version| version.comment).collect()
    };
    assert_eq!(comments(&new), comments(&store));
    assert_eq!(new.schedule_json(), store.schedule_json());

    // Taken back once, the address of before stays worth nothing.
    assert!(new.feed().revoke().unwrap() && !new.feed().revoke().unwrap());
    let contents = read(bytes.as_slice(), other.path(), &empty, playable).unwrap();
    let report = restore(&new, &empty, contents, Timestamp::UNIX_EPOCH).unwrap();
    assert!(
        report.left_out.contains(&"schedule/feed: this box keeps its own".into()),
        "{report:?}"
    );
    assert!(!new.feed().exists() && !new.feed().is(&secret) && !new.feed().is(""));

    let damaged = archive(&[
        (FILE, "conf.json", CONF_JSON),
        (FILE, "schedule/version-000001.json", b"{"),
        (FILE, "schedule/version-1.json", b"{}"),
        (FILE, "schedule/feed", b"<script>"),
        (FILE, "calendar/fetched.json", b"[]"),
        (FILE, "calendar/checked.json", b"{}"),
    ]);
    let contents = read(damaged.as_slice(), other.path(), &empty, playable).unwrap();
    assert_eq!((contents.papers.len(), contents.left_out.len()), (0, 5), "{:?}", contents.left_out);
}
