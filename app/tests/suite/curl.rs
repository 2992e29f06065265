//! The curl commands of pySonnerie's README, word for word, run by a shell.

use std::process::Command;

use serde_json::json;

use crate::harness::{DataFolder, Service, json_of};

/// As its author wrote them.
const COMMANDS: [&str; 4] = [
    "curl -k -u admin:change-me https://127.0.0.1:8443/api/triggers",
    r#"curl -k -u admin:change-me \
  -H "Content-Type: application/json" \
  -X PUT https://127.0.0.1:8443/api/triggers/GPIO23 \
  -d '{
    "name": "Bouton entree",
    "type": "GPIO23",
    "music_file": "bell.mp3",
    "start_seconds": 0,
    "end_seconds": null
  }'"#,
    r"curl -k -u admin:change-me \
  https://127.0.0.1:8443/api/play/GPIO23",
    "curl -k -u admin:change-me https://127.0.0.1:8443/api/stop",
];

#[test]
fn the_curl_commands_of_the_seed_work_as_written() {
    let folder = DataFolder::new(&json!({}));
    let bell = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/musiques/bell.mp3");
    std::fs::copy(bell, folder.path().join("musiques/bell.mp3")).unwrap();
    let service = Service::start(folder);
    // The commands say port 8443; curl is told where that is today, so that tests do not fight for it.
    let port = service.url.rsplit(':').next().unwrap();
    let home = tempfile::tempdir().unwrap();
    let redirect = format!("connect-to = 127.0.0.1:8443:127.0.0.1:{port}\nsilent\nmax-time = 20\n");
    std::fs::write(home.path().join(".curlrc"), redirect).unwrap();

    let [triggers, put, play, stop] = COMMANDS.map(|command| {
        let mut shell = Command::new("sh");
        let output = shell.args(["-c", command]).env("CURL_HOME", home.path()).output().unwrap();
        assert!(output.status.success(), "{command}: {output:?}");
        json_of(&String::from_utf8(output.stdout).unwrap())
    });
    assert_eq!(triggers["GPIO23"]["music_file"], "tone.wav");
    assert_eq!(put["name"], "Bouton entree");
    assert_eq!(put["start_seconds"].as_f64(), Some(0.0));
    assert_eq!(play["playback"]["trigger"], "GPIO23");
    assert_eq!(stop, json!({ "stopped": 1 }));
    assert_eq!(service.folder.conf_json()["triggers"]["GPIO23"]["music_file"], "bell.mp3");
    assert_eq!(service.newest_ring()["outcome"], "stopped");
}
