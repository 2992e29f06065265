//! The gateway of the real program, before a simulated school.

use std::process::{Command, Stdio};

use pronote_client::simulator::{Simulator, SimulatorOptions};
use serde_json::{Value, json};

use crate::harness::{DataFolder, Lines, Service, json_of};

/// A box whose gateway may reach loopback.
fn folder(more: &Value) -> DataFolder {
    let folder = DataFolder::new(&json!({
        "audio": { "device": "null" },
        "gateway": { "allowed_hosts": ["127.0.0.1"], "allow_private_hosts": true },
    }));
    let mut conf = folder.conf_json();
    for (key, value) in more.as_object().unwrap() {
        conf["gateway"][key] = value.clone();
    }
    std::fs::write(folder.conf(), conf.to_string()).unwrap();
    folder
}

fn curl(arguments: &[&str]) -> String {
    let mut curl = Command::new("curl");
    curl.args(["-sk", "--max-time", "30"]).args(arguments);
    let output = curl.output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn log_in(base: &str, school: &str, username: &str, password: &str, more: &[&str]) -> Value {
    let url = format!("{base}/generatetoken");
    let (school, username) = (format!("url={school}"), format!("username={username}"));
    let password = format!("password={password}");
    let form =
        ["--data-urlencode", &school, "--data-urlencode", &username, "--data-urlencode", &password];
    json_of(&curl(&[&[url.as_str()], &form[..], more].concat()))
}

fn token(base: &str, simulator: &Simulator) -> String {
    let answer = log_in(base, &simulator.page("eleve"), "demonstration", "pronotevs", &[]);
    answer["token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

#[test]
fn nothing_of_a_person_is_in_the_log_at_any_level() {
    let simulator = Simulator::start(SimulatorOptions::default()).unwrap();
    let folder = folder(&json!({}));
    let script = format!(
        "RUST_LOG=trace exec {} --data {} run --board mock",
        env!("CARGO_BIN_EXE_beffroi"),
        folder.path().display()
    );
    let mut service = Service::start_by_shell(folder, &script);
    let base = service.url.clone();
    let token = token(&base, &simulator);
    for route in ["user", "grades", "discussions", "news", "export/ical"] {
        curl(&["--fail", &format!("{base}/{route}?token={token}")]);
    }
    simulator.control().end_sessions();
    curl(&["--fail", &format!("{base}/grades?token={token}")]);
    let school = simulator.page("eleve");
    for ent in ["ent=", "ent=monbureaunumerique", "ent=nowhere"] {
        let refused = log_in(&base, &school, "somebody-else", "hunter2-hunter2", &["-d", ent]);
        assert_eq!(refused["token"], false, "{refused}");
    }
    curl(&[&format!("{base}/user?token=guessed-token-guessed1")]);
    curl(&[
        &format!("{base}/generatetoken"),
        "-H",
        "content-type: application/json",
        "-d",
        "{\"password\": \"hunter2-hunter2\", ",
    ]);
    let (took, code) = service.terminate();
    assert_eq!(code, Some(0), "{took:?}");
    let log = service.rest_of_log();
    assert!(log.contains("/grades") && log.contains("logging in again"), "{log}");
    let secrets = [
        &token,
        "pronotevs",
        "demonstration",
        "hunter2",
        "somebody-else",
        "guessed-token",
        "PARENT",
        "token=",
    ];
    for secret in secrets {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} is in the log");
    }
}

#[test]
fn the_demonstration_shows_the_whole_product() {
    let mut demo = Command::new(env!("CARGO_BIN_EXE_beffroi"))
        .args(["demo", "--port", "0", "--gateway-port", "0", "--audio", "null"])
        .env_remove("RUST_LOG")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let said = Lines::of(demo.stdout.take().unwrap());
    let log = Lines::of(demo.stderr.take().unwrap());
    let school = said
        .wait_for("A PRONOTE")
        .split_whitespace()
        .find(|word| word.starts_with("http"))
        .unwrap()
        .to_owned();
    let login = said.wait_for("log in");
    assert!(login.contains("/generatetoken"), "{login}");
    let line = log.wait_for("the gateway listens on http://");
    let base = line.split_whitespace().find(|word| word.starts_with("http://")).unwrap();
    let answer = log_in(base, &school, "demonstration", "pronotevs", &[]);
    let token = answer["token"].as_str().unwrap_or_else(|| panic!("{answer}"));
    let user = json_of(&curl(&[&format!("{base}/user?token={token}")]));
    assert!(user["name"].is_string(), "{user}");
    let pid = rustix::process::Pid::from_child(&demo);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    assert!(demo.wait().unwrap().success());
}
