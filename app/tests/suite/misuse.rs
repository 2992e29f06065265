//! What bad input gets: a clear sentence, and a contact that still rings.

use std::{
    fs,
    io::Read as _,
    net::{TcpListener, TcpStream},
    process::{Command, Stdio},
};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::{Value, json};

use crate::harness::{DataFolder, PASSWORD, Service, json_of};

fn quiet() -> DataFolder {
    DataFolder::new(&json!({ "audio": { "device": "null" } }))
}

/// The contact of the box still rings; seen in the log, which needs no network.
fn the_contact_still_rings(service: &Service) {
    service.tell(&["press", "GPIO23"]);
    service.wait_for_log("outcome=Playing");
    service.tell(&["release", "GPIO23"]);
}

fn curl(service: &Service, arguments: &[&str], route: &str) -> (u16, Value) {
    let mut curl = Command::new("curl");
    curl.args(["-sk", "--max-time", "60", "-u", &format!("admin:{PASSWORD}")]);
    curl.args(["-w", "\n%{http_code}"]).args(arguments).arg(format!("{}{route}", service.url));
    let output = curl.stdin(Stdio::null()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let (body, status) = text.rsplit_once('\n').unwrap();
    (status.parse().unwrap(), serde_json::from_str(body).unwrap_or_default())
}

#[test]
fn a_sound_that_is_none_is_told_and_the_others_ring() {
    let folder = quiet();
    let sounds = folder.path().join("musiques");
    fs::write(sounds.join("corrupt.mp3"), b"this is no music at all").unwrap();
    fs::write(sounds.join("empty.wav"), b"").unwrap();
    fs::create_dir(sounds.join("folder.mp3")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", sounds.join("link.mp3")).unwrap();
    assert!(Command::new("mkfifo").arg(sounds.join("fifo.mp3")).status().unwrap().success());
    let mut conf = folder.conf_json();
    let names = ["corrupt.mp3", "empty.wav", "folder.mp3", "link.mp3", "fifo.mp3", "missing.mp3"];
    for name in names {
        let id = name.split('.').next().unwrap();
        conf["triggers"][id] = json!({ "type": "api", "music_file": name });
    }
    conf["triggers"]["passwd"] = json!({ "type": "api", "music_file": "../../etc/passwd" });
    fs::write(folder.conf(), conf.to_string()).unwrap();

    let service = Service::start(folder);
    for name in names {
        let id = name.split('.').next().unwrap();
        let (status, problem) = service.until("the sound was looked at", |service| {
            Some(curl(service, &[], &format!("/api/play/{id}")))
                .filter(|(status, _)| *status != 202)
        });
        assert_eq!(status, 409, "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains(name), "{problem}");
        let reasons = service.health()["reasons"].to_string();
        assert!(reasons.contains(name), "{reasons}");
    }
    assert_eq!(curl(&service, &[], "/api/play/passwd").0, 404, "such a trigger is left out");
    assert!(service.health()["reasons"].to_string().contains("triggers.passwd.music_file"));
    the_contact_still_rings(&service);
}

#[test]
fn a_conf_json_cut_in_half_is_moved_aside_and_the_last_good_one_rings() {
    let service = Service::start(quiet());
    let folder = service.kill();
    let whole = fs::read(folder.conf()).unwrap();
    fs::write(folder.conf(), &whole[..whole.len() / 2]).unwrap();
    let service = Service::start(folder);
    the_contact_still_rings(&service);
    let health = service.health();
    assert_eq!(health["status"], "degraded");
    assert!(health["reasons"].to_string().contains("conf.json"), "{health}");
    let aside = fs::read_dir(service.folder.path())
        .unwrap()
        .any(|entry| entry.unwrap().file_name().to_string_lossy().starts_with("conf.json.broken-"));
    assert!(aside, "the cut file is nowhere");
}

#[test]
fn a_port_in_use_is_told_and_taken_when_it_is_free() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port();
    let folder =
        DataFolder::new(&json!({ "server": { "port": port }, "audio": { "device": "null" } }));
    let check = folder.run(&["check"]);
    assert!(String::from_utf8_lossy(&check.stdout).contains(&port.to_string()));
    let service = Service::spawn(folder, &["run", "--board", "mock"]);
    service.wait_for_log(&format!("{port}"));
    the_contact_still_rings(&service);
    drop(other);
    service.wait_for_log(&format!("https://127.0.0.1:{port}"));
}

#[test]
fn a_certificate_that_does_not_match_its_key_is_told_and_left_alone() {
    let service = Service::start(quiet());
    let folder = service.kill();
    let key = folder.path().join("certs/key.pem");
    let certificate = fs::read(folder.path().join("certs/cert.pem")).unwrap();
    let stranger = Service::start(quiet()).kill();
    fs::copy(stranger.path().join("certs/key.pem"), &key).unwrap();
    let wrong_key = fs::read(&key).unwrap();
    let service = Service::start(folder);
    let reasons = service.health()["reasons"].to_string();
    assert!(reasons.contains("key"), "{reasons}");
    assert_eq!(fs::read(service.folder.path().join("certs/cert.pem")).unwrap(), certificate);
    assert_eq!(fs::read(service.folder.path().join("certs/key.pem")).unwrap(), wrong_key);
    let check = service.folder.run(&["check"]);
    assert!(String::from_utf8_lossy(&check.stdout).contains("key"));
    the_contact_still_rings(&service);
}

#[test]
fn a_disk_that_is_full_refuses_the_change_and_loses_nothing() {
    // Once without a limit, for the certificate.
    let folder = Service::start(quiet()).kill();
    let before = fs::read(folder.conf()).unwrap();
    // Files of ours may not grow past 512 bytes from here on: what a full disk is to a writer.
    let script = format!(
        "trap '' XFSZ; ulimit -f 1; exec {} --data {} run --board mock",
        env!("CARGO_BIN_EXE_beffroi"),
        folder.path().display()
    );
    let service = Service::start_by_shell(folder, &script);
    let body = json!({ "type": "api", "music_file": "tone.wav", "name": "x".repeat(180) });
    let (status, problem) = curl(
        &service,
        &["-X", "PUT", "-H", "Content-Type: application/json", "-d", &body.to_string()],
        "/api/triggers/NEW",
    );
    assert!((500..600).contains(&status), "{status} {problem}");
    assert!(problem["detail"].as_str().unwrap().contains("conf.json"), "{problem}");
    assert_eq!(curl(&service, &[], "/api/triggers/NEW").0, 404, "in memory, but not on disk");
    assert_eq!(fs::read(service.folder.conf()).unwrap(), before);
    let tone = service.folder.path().join("musiques/tone.wav");
    let upload = ["-T", tone.to_str().unwrap()];
    let (status, problem) = curl(&service, &upload, "/api/sounds/new.wav");
    assert!((500..600).contains(&status), "{status} {problem}");
    the_contact_still_rings(&service);
}

#[test]
fn an_upload_of_10_gb_is_refused_early() {
    let service = Service::start(quiet());
    let (status, _) = curl(
        &service,
        &["--http1.1", "-X", "PUT", "-H", "Content-Length: 10737418240", "--data-binary", "x"],
        "/api/sounds/huge.wav",
    );
    assert_eq!(status, 413);
    // And where no length is told: the stream is cut where the limit is passed.
    let mut zeros = Command::new("head");
    let mut zeros = zeros.args(["-c", "10G", "/dev/zero"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut curl = Command::new("curl");
    curl.args(["-sk", "--max-time", "60", "-u", &format!("admin:{PASSWORD}"), "-T", "-"]);
    curl.args(["-w", "\n%{http_code}"]).arg(format!("{}/api/sounds/huge.wav", service.url));
    let output = curl.stdin(zeros.stdout.take().unwrap()).output().unwrap();
    zeros.kill().unwrap();
    zeros.wait().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.ends_with("413") || output.status.code() == Some(55), "{output:?}");
    let sounds: Vec<_> = fs::read_dir(service.folder.path().join("musiques")).unwrap().collect();
    assert_eq!(sounds.len(), 1, "{sounds:?}");
    the_contact_still_rings(&service);
}

#[test]
fn ten_thousand_half_open_connections_keep_nobody_out() {
    let service = Service::start(quiet());
    let most = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: most, maximum: most }).unwrap();
    let address = service.url.strip_prefix("https://").unwrap().to_owned();
    let held = usize::try_from(most.unwrap_or(u64::MAX)).unwrap_or(usize::MAX).saturating_sub(300);
    let mut half_open = std::collections::VecDeque::new();
    for _ in 0..10_000 {
        if half_open.len() == held {
            half_open.pop_front();
        }
        half_open.push_back(TcpStream::connect(&address).unwrap());
    }
    assert_eq!(json_of(&service.get("/api/health", false))["status"], "ok");
    the_contact_still_rings(&service);
    // The oldest were shown the door.
    let mut oldest = half_open.pop_front().unwrap();
    assert_eq!(oldest.read(&mut [0; 1]).unwrap_or(0), 0);
}

#[test]
fn a_sound_output_that_is_none_does_not_keep_the_box_from_starting() {
    let folder = DataFolder::new(&json!({ "audio": { "device": "file:heard.mp3" } }));
    let check = folder.run(&["check"]);
    assert!(String::from_utf8_lossy(&check.stdout).contains("audio.device"));
    let service = Service::spawn(folder, &["run", "--board", "mock"]);
    service.wait_for_log("audio.device");
    let service = service.listening();
    assert_eq!(service.health()["audio"]["device"], "default");
    let wrong = service.folder.run(&["run", "--audio", "file:heard.mp3"]);
    assert_eq!(wrong.status.code(), Some(2));
}
