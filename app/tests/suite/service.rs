//! From a contact to a recorded sound, over the real program.

use serde_json::json;

use crate::harness::{DataFolder, Service, json_of, loud_frames};

#[test]
fn a_press_is_heard_trimmed_as_configured() {
    let service = Service::start(DataFolder::new(&json!({
        "triggers": { "GPIO23": { "start_seconds": 0.25, "end_seconds": 0.75 } },
    })));
    service.tell(&["press", "GPIO23"]);
    let ring = service.until("the ring", |service| {
        let ring = json_of(&service.get("/api/journal?limit=1", true));
        (ring[0]["outcome"] == "played").then(|| ring[0].clone())
    });
    assert_eq!(ring["trigger"], "GPIO23");
    assert_eq!(ring["cause"], json!({ "kind": "line", "line": "GPIO23" }));
    assert_eq!(ring["seconds"].as_f64(), Some(0.5));
    let loud = service.until("the sound on disk", |service| {
        let loud = loud_frames(&service.heard());
        (loud >= 23_900).then_some(loud)
    });
    assert!(loud <= 24_100, "half a second at 48 kHz is 24000 frames, not {loud}");
}

#[test]
fn a_new_ring_replaces_the_playing_one_and_stop_silences() {
    let service = Service::start(DataFolder::new(&json!({
        "audio": { "device": "null" },
        "triggers": { "OFFICE": { "type": "api", "music_file": "tone.wav", "volume": 0.5 } },
    })));
    service.tell(&["ring", "GPIO23"]);
    service.tell(&["ring", "OFFICE"]);
    assert_eq!(json_of(&service.get("/api/stop", true)), json!({ "stopped": 1 }));
    service.newest_ring();
    let journal = json_of(&service.get("/api/journal", true));
    let outcomes: Vec<_> =
        journal.as_array().unwrap().iter().map(|ring| &ring["outcome"]).collect();
    assert_eq!(outcomes, ["stopped", "replaced"]);
}

#[test]
fn a_hand_edit_counts_after_sighup_and_is_never_overwritten() {
    let folder = DataFolder::new(&json!({ "audio": { "device": "null" }, "motto": "keep me" }));
    let service = Service::start(folder);
    let mut conf = service.folder.conf_json();
    conf["triggers"]["YARD"] = json!({ "type": "api", "music_file": "tone.wav" });
    std::fs::write(service.folder.conf(), conf.to_string()).unwrap();
    service.signal(rustix::process::Signal::HUP);
    service.until("the edit counts", |service| {
        service.get("/api/triggers", true).contains("YARD").then_some(())
    });
    assert_eq!(service.folder.conf_json()["motto"], "keep me");
}

#[test]
fn sigterm_ends_within_two_seconds_and_the_journal_is_whole() {
    let mut service = Service::start(DataFolder::new(&json!({ "audio": { "device": "null" } })));
    service.tell(&["ring", "GPIO23"]);
    let (took, code) = service.terminate();
    assert_eq!(code, Some(0));
    assert!(took.as_secs_f64() < 2.0, "{took:?}");
    let journal = service.folder.path().join("journal/rings.jsonl");
    let journal = std::fs::read_to_string(journal).unwrap();
    assert!(journal.ends_with('\n') && journal.contains("GPIO23"), "{journal:?}");
}

#[test]
fn a_killed_box_goes_on_counting_its_rings() {
    let folder = DataFolder::new(&json!({ "audio": { "device": "null" } }));
    let service = Service::start(folder);
    service.tell(&["ring", "GPIO23"]);
    let first = json_of(&service.get("/api/journal", true))[0]["id"].as_u64().unwrap();
    let service = Service::start(service.kill());
    service.tell(&["ring", "GPIO23"]);
    let journal = json_of(&service.get("/api/journal", true));
    assert_eq!(journal[0]["id"].as_u64(), Some(first + 1));
    assert_eq!(journal[1]["outcome"], "interrupted");
}

#[test]
fn a_log_that_nobody_reads_holds_up_no_ring() {
    let folder = DataFolder::new(&json!({ "audio": { "device": "null" } }));
    // A pipe that is full before the program says its first word.
    let script = format!(
        "mkfifo {folder}/log && exec 3<>{folder}/log && head -c 65536 /dev/zero >&3 &&
        exec {program} --data {folder} run --board mock 2>&3",
        folder = folder.path().display(),
        program = env!("CARGO_BIN_EXE_beffroi"),
    );
    let service = Service::spawn_by_shell(folder, &script);
    service
        .until("a service", |service| service.folder.run(&["stop"]).status.success().then_some(()));
    for _ in 0..20 {
        service.tell(&["ring", "GPIO23"]);
    }
}
