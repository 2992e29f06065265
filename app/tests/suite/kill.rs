//! kill -9 amid configuration writes: always the old file or the new one.

use std::{
    fs::File,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant, SystemTime},
};

use serde_json::json;

use crate::harness::{DataFolder, PASSWORD, Service, json_of};

/// Writes that are cut by a kill, as many as the box is promised to survive.
const ROUNDS: u64 = 200;

fn put(service: &Service, number: u64) -> std::process::Child {
    let body = json!({
        "name": format!("round {number} {}", "x".repeat(150)),
        "type": "GPIO23",
        "music_file": "tone.wav",
        "volume": 0.5,
    });
    let mut curl = Command::new("curl");
    curl.args(["-sk", "--max-time", "20", "-X", "PUT", "-u", &format!("admin:{PASSWORD}")]);
    curl.args(["-H", "Content-Type: application/json", "-d", &body.to_string()]);
    curl.arg(format!("{}/api/triggers/GPIO23", service.url));
    curl.stdout(Stdio::piped()).spawn().unwrap()
}

/// The number of the write that is on disk.
fn number(folder: &DataFolder) -> Option<u64> {
    let conf = folder.conf_json();
    let name = conf["triggers"]["GPIO23"]["name"].as_str()?;
    name.strip_prefix("round ")?.split(' ').next()?.parse().ok()
}

#[test]
fn a_configuration_is_the_old_or_the_new_one_whenever_the_box_is_killed() {
    let mut folder = DataFolder::new(&json!({ "audio": { "device": "null" } }));
    let (mut old, mut new) = (0, 0);
    for round in 0..ROUNDS {
        let service = Service::start(folder);
        // One write that is answered, hence on disk; it also has the password verified beforehand.
        let answered = 2 * round;
        let asked = Instant::now();
        let output = put(&service, answered).wait_with_output().unwrap();
        let took = asked.elapsed();
        let trigger = json_of(&String::from_utf8(output.stdout).unwrap());
        assert!(trigger["name"].as_str().unwrap().starts_with(&format!("round {answered} ")));
        assert_eq!(number(&service.folder), Some(answered), "answered, but not on disk");

        let cut = answered + 1;
        let mut last = put(&service, cut);
        // Somewhere between curl's start and the answer, as long as that takes on this machine
        // today: another moment in each round.
        thread::sleep(took.mul_f64((round * 7919 % 1000) as f64 / 1000.0));
        folder = service.kill();
        last.wait().unwrap();
        match number(&folder) {
            Some(found) if found == cut => new += 1,
            Some(found) if found == answered => old += 1,
            found => panic!("round {round}: {found:?} on disk, neither {answered} nor {cut}"),
        }
    }
    // A draft of the last minute could be another command's; older ones are swept at the start.
    for draft in leftovers(&folder) {
        assert!(draft.starts_with(".conf.json-"), "{draft}");
        let draft = File::options().append(true).open(folder.path().join(draft)).unwrap();
        draft.set_modified(SystemTime::now() - Duration::from_secs(120)).unwrap();
    }
    let service = Service::start(folder);
    assert_eq!(leftovers(&service.folder), [""; 0], "a start clears what a kill left");
    println!("{ROUNDS} writes killed: {old} left the old file, {new} the new one");
    assert!(old > 0 && new > 0, "the kills missed the writes: {old} old, {new} new");
}

/// What lies in the folder and is none of ours.
fn leftovers(folder: &DataFolder) -> Vec<String> {
    let known = [
        "conf.json",
        "conf.json.last-good",
        "musiques",
        "certs",
        "journal",
        "beffroi.sock",
        "gateway.key",
    ];
    let names = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    names
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| !known.contains(&name.as_str()))
        .collect()
}
