//! The commands of the program, as typed.

use std::{
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    process::{Command, Stdio},
};

use serde_json::json;

use crate::harness::{DataFolder, PASSWORD, Service};

fn beffroi(arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_beffroi")).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn init_writes_once_and_what_it_writes_runs() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("new");
    let data = data.to_str().unwrap();
    let init = beffroi(&["init", "--data", data]);
    assert!(init.status.success(), "{}", text(&init.stderr));
    let said = text(&init.stdout);
    assert!(said.contains("admin"), "{said}");
    let conf = home.path().join("new/conf.json");
    assert_eq!(conf.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let before = std::fs::read(&conf).unwrap();
    let password = said.split_whitespace().skip_while(|word| *word != "password").nth(1).unwrap();
    assert!(!text(&before).contains(password), "in clear");

    let again = beffroi(&["init", "--data", data]);
    assert_eq!(again.status.code(), Some(1));
    assert_eq!(std::fs::read(&conf).unwrap(), before);
}

#[test]
fn wrong_usage_is_2_and_a_failure_is_1_on_one_line() {
    assert_eq!(beffroi(&["rung"]).status.code(), Some(2));
    assert_eq!(beffroi(&["press", "not a line"]).status.code(), Some(2));
    let empty = tempfile::tempdir().unwrap();
    let file = empty.path().join("no-folder");
    std::fs::write(&file, "").unwrap();
    for (data, arguments) in [
        (file.as_path(), &["run"][..]), // on an empty folder it begins, unclaimed
        (empty.path(), &["check"]),
        (empty.path(), &["stop"]),
        (empty.path(), &["ring", "GPIO23"]),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_beffroi"));
        let output = command.arg("--data").arg(data).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let complaint = text(&output.stderr);
        assert_eq!(complaint.lines().count(), 1, "{arguments:?}: {complaint}");
        assert!(complaint.contains("beffroi"), "{complaint}");
    }
}

#[test]
fn the_local_commands_ring_and_stop_and_move_lines() {
    let service = Service::start(DataFolder::new(&json!({ "audio": { "device": "null" } })));
    assert!(service.tell(&["ring", "GPIO23"]).contains("rings for 1.0 s"));
    assert_eq!(service.tell(&["stop"]), "stopped\n");
    assert_eq!(service.newest_ring()["cause"], json!({ "kind": "cli" }));
    assert_eq!(service.tell(&["press", "gpio23"]), "GPIO23 is active\n");
    service.until("the contact rang", |service| {
        (service.newest_ring()["cause"]["line"] == "GPIO23").then_some(())
    });
    assert_eq!(service.tell(&["release", "GPIO23"]), "GPIO23 is inactive\n");
    for wrong in [["ring", "NOWHERE"], ["press", "GPIO99"]] {
        let output = service.folder.run(&wrong);
        assert_eq!(output.status.code(), Some(1), "{wrong:?}");
        assert!(text(&output.stderr).contains(wrong[1]), "{}", text(&output.stderr));
    }
    let second = service.folder.run(&["run", "--board", "mock"]);
    assert_eq!(second.status.code(), Some(1));
    assert!(text(&second.stderr).contains("already"), "{}", text(&second.stderr));
}

#[test]
fn passwd_takes_effect_in_the_running_service() {
    let service = Service::start(DataFolder::new(&json!({ "audio": { "device": "null" } })));
    assert!(service.get("/api/triggers", true).contains("GPIO23"));
    let mut passwd = service.folder.command(&["passwd"]);
    let mut child = passwd.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"another one\n").unwrap();
    assert!(child.wait().unwrap().success());
    assert!(service.get("/api/triggers", true).contains("401"), "the old password still opens");
    let conf = std::fs::read_to_string(service.folder.conf()).unwrap();
    assert!(conf.contains("$argon2id$") && !conf.contains("another one"), "{conf}");
    assert!(!conf.contains(PASSWORD));
}

#[test]
fn check_says_each_problem_as_a_sentence() {
    let right = DataFolder::new(&json!({ "audio": { "device": "null" } }));
    let output = right.run(&["check"]);
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));

    let wrong = DataFolder::new(&json!({
        "audio": { "device": "file:/nowhere/at/all.wav" },
        "triggers": {
            "LATE": { "type": "api", "music_file": "tone.wav", "start_seconds": 5 },
            "GONE": { "type": "api", "music_file": "gone.mp3" },
            "BACK": { "type": "api", "music_file": "tone.wav", "start_seconds": 2, "end_seconds": 1 },
            "TWIN": { "type": "GPIO23", "music_file": "tone.wav" },
        },
    }));
    let output = wrong.run(&["check"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    for words in
        ["LATE", "GONE", "gone.mp3", "triggers.BACK.end_seconds", "TWIN", "/nowhere/at/all.wav"]
    {
        assert!(said.contains(words), "nothing about {words}:\n{said}");
    }
}

#[test]
fn completions_are_made_for_each_shell() {
    for shell in ["bash", "zsh", "fish"] {
        let output = beffroi(&["completions", shell]);
        assert!(output.status.success() && text(&output.stdout).contains("beffroi"), "{shell}");
    }
}

#[test]
fn every_command_that_help_shows_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    let output = beffroi(&["man", folder.path().to_str().unwrap()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let help = text(&beffroi(&["--help"]).stdout);
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands = commands.map_while(|line| line.split_whitespace().next());
    let mut wanted: Vec<String> = commands
        .filter(|command| *command != "help")
        .map(|command| format!("beffroi-{command}.1"))
        .collect();
    assert!(wanted.len() > 5, "{help}");
    wanted.push("beffroi.1".to_owned());
    wanted.sort();
    let files = std::fs::read_dir(folder.path()).unwrap();
    let mut found: Vec<_> =
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    found.sort();
    assert_eq!(found, wanted);
}

#[test]
fn the_example_configuration_has_no_problem() {
    let folder = tempfile::tempdir().unwrap();
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/conf.example.json");
    let conf = folder.path().join("conf.json");
    std::fs::copy(example, &conf).unwrap();
    std::fs::set_permissions(&conf, std::fs::Permissions::from_mode(0o600)).unwrap();
    let (_, problems) = beffroi::store::inspect(folder.path()).unwrap();
    assert_eq!(problems, []);
}
