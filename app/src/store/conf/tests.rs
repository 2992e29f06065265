//! Bad configurations and what is said of them.

use std::path::Path;

use serde_json::{Value, json};

use super::{Document, Server, read};

fn document(value: impl Into<Value>) -> Document {
    value.into().as_object().unwrap().clone()
}

fn sentences(value: Value) -> Vec<String> {
    let reading = read(&document(value), &Document::new(), Path::new("/data"));
    reading.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn a_wrong_value_is_told_with_its_path_and_what_was_expected() {
    for (section, value, expected) in [
        ("server", json!({"port": "abc"}), "server.port: found \"abc\", expected a number 1–65535"),
        ("server", json!({"port": 70_000}), "server.port: found 70000, expected a number 1–65535"),
        ("server", json!({"port": 1.5}), "server.port: found 1.5, expected a number 1–65535"),
        (
            "server",
            json!({"host": "1.2.3"}),
            "server.host: found \"1.2.3\", expected an IP address or a host name",
        ),
        (
            "server",
            json!({"host": ["::"]}),
            "server.host: found a list, expected an IP address or a host name",
        ),
        (
            "server",
            json!({"tls_key": ""}),
            "server.tls_key: found \"\", expected the path of a PEM file",
        ),
        ("server", json!([]), "server: found a list, expected an object"),
        (
            "auth",
            json!({}),
            "auth.password: nobody has set one yet: open the box's page with the claim code that the program prints when it starts, or set one with `beffroi passwd`",
        ),
        (
            "auth",
            json!({"password": 12345}),
            "auth.password: found a number, expected a password or its hash; `beffroi passwd` sets one",
        ),
        (
            "auth",
            json!({"username": "a:b"}),
            "auth.username: found \"a:b\", expected a short name without \":\"",
        ),
        ("serial", json!({"enabled": 1}), "serial.enabled: found 1, expected true or false"),
        ("serial", json!({"timeout": -1}), "serial.timeout: found -1, expected seconds, 0–3600"),
        (
            "serial",
            json!({"baudrate": "9600"}),
            "serial.baudrate: found \"9600\", expected baud, 50–4000000",
        ),
        (
            "audio",
            json!({"device": {}}),
            "audio.device: found an object, expected \"default\", \"null\", \"file:PATH.wav\" or the name of a sound card",
        ),
        (
            "audio",
            json!({"buffer_frames": 32}),
            "audio.buffer_frames: found 32, expected frames, 64–8192",
        ),
        (
            "board",
            json!({"kind": "pi"}),
            "board.kind: found \"pi\", expected one of auto, raspberry-pi, serial, mock",
        ),
        (
            "board",
            json!({"lines": {"a b": {}}}),
            "board.lines.\"a b\": a line name is 1 to 32 of A-Z a-z 0-9 _ . -",
        ),
        (
            "board",
            json!({"lines": {"GPIO5": {"bias": "up"}}}),
            "board.lines.GPIO5.bias: found \"up\", expected one of \"pull-up\", \"pull-down\", \"disabled\", \"as-is\"",
        ),
        (
            "board",
            json!({"lines": {"GPIO5": {}, "DOOR": {"offset": 5}}}),
            "board.lines.DOOR: DOOR has offset 5, which is that of GPIO5 already",
        ),
        (
            "board",
            json!({"lines": {"GPIO5": {}, "gpio5": {}}}),
            "board.lines.gpio5: line GPIO5 is named twice",
        ),
        (
            "board",
            json!({"lines": {"GPIO5": {}}, "outputs": {"LAMP": {"offset": 5}}}),
            "board.outputs.LAMP: LAMP has offset 5, which is that of GPIO5 already",
        ),
        (
            "board",
            json!({"outputs": {"LAMP": {}}}),
            "board.outputs.LAMP.offset: missing, expected the line's number on its chip, such as 23",
        ),
        ("gateway", json!(true), "gateway: found true, expected an object"),
        (
            "gateway",
            json!({"listen": "8000"}),
            "gateway.listen: found \"8000\", expected null or \"HOST:PORT\"",
        ),
        (
            "gateway",
            json!({"store": "rediss://:secret@host"}),
            "gateway.store: expected \"memory\" or the address of a Redis, redis://HOST:PORT/0",
        ),
        (
            "gateway",
            json!({"allowed_hosts": ["*"]}),
            "gateway.allowed_hosts: found a list, expected a list of host names, \"*.\" in front for all below",
        ),
        (
            "gateway",
            json!({"limits": {"calls_per_second_per_school": -1}}),
            "gateway.limits.calls_per_second_per_school: found -1, expected a number, 0 for no limit",
        ),
        ("triggers", json!("x"), "triggers: found \"x\", expected an object"),
    ] {
        let told = sentences(json!({ section: value }));
        assert!(told.iter().any(|sentence| sentence == expected), "{expected}\n{told:#?}");
        assert!(!told.iter().any(|sentence| sentence.contains("12345")), "a secret is told");
    }
}

#[test]
fn a_wrong_trigger_is_left_out_and_told_and_the_others_ring() {
    let right = json!({"type": "GPIO4", "music_file": "bell.mp3"});
    for (change, expected) in [
        (
            json!({"start_seconds": 2.5, "end_seconds": 2}),
            "end_seconds: 2 is before start_seconds 2.5",
        ),
        (
            json!({"start_seconds": 2, "end_seconds": 2.0}),
            "end_seconds: 2 is start_seconds: nothing would ring",
        ),
        (json!({"start_seconds": -0.1}), "start_seconds: found -0.1, expected seconds, 0–86400"),
        (json!({"end_seconds": 1e300}), "end_seconds: found 1e+300, expected seconds, 0–86400"),
        (json!({"volume": 1.1}), "volume: found 1.1, expected a number 0.0–1.0"),
        (json!({"volume": "loud"}), "volume: found \"loud\", expected a number 0.0–1.0"),
        (json!({"name": 7}), "name: found 7, expected a text of at most 200 bytes"),
        (
            json!({"type": null}),
            "type: missing, expected the name of a line such as \"GPIO23\", or \"api\"",
        ),
        (
            json!({"type": "GPIO 4"}),
            "type: found \"GPIO 4\", expected the name of a line such as \"GPIO23\", or \"api\"",
        ),
        (
            json!({"type": "gpio9"}),
            "type: line GPIO9 fires trigger FIRST already, and a line fires one trigger",
        ),
        (json!({"type": "GPIO7"}), "type: GPIO7 has offset 7, which is that of DOOR already"),
        (
            json!({"music_file": "../../etc/passwd"}),
            "music_file: \"../../etc/passwd\" is not a bare file name: no '/', no '\\', no leading '.', at most 200 bytes",
        ),
        (
            json!({"music_file": "bell.exe"}),
            "music_file: \"bell.exe\" does not end in .mp3, .wav, .flac, .ogg or .m4a",
        ),
    ] {
        let mut wrong = right.clone();
        wrong.as_object_mut().unwrap().extend(document(change));
        let other = |line: &str| json!({"type": line, "music_file": "bell.mp3"});
        let conf = document(json!({
            "board": {"lines": {"DOOR": {"offset": 7}}},
            "triggers": {"FIRST": other("GPIO9"), "WRONG": wrong, "LAST": other("api")},
        }));
        let reading = read(&conf, &Document::new(), Path::new("/data"));
        let mut told = reading.problems.iter().filter(|p| p.path.starts_with("triggers"));
        assert_eq!(told.next().unwrap().to_string(), format!("triggers.WRONG.{expected}"));
        assert_eq!(told.next(), None);
        let ringing: Vec<_> = reading.conf.bells.triggers.keys().map(|id| &**id).collect();
        assert_eq!(ringing, ["FIRST", "LAST"], "{expected}");
    }
    let told = sentences(json!({"triggers": {"a b": right, "LIST": []}}));
    assert!(
        told.contains(&"triggers.\"a b\": a trigger id is 1 to 64 of A-Z a-z 0-9 _ . -".into())
    );
    assert!(told.contains(&"triggers.LIST: found a list, expected an object".into()));
}

#[test]
fn an_unknown_key_is_a_warning_that_names_it() {
    let conf = document(json!({
        "note": 1,
        "server": {"hots": "::"},
        "auth": {"password": "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA"},
        "board": {"lines": {"GPIO5": {"pull": "up"}}},
        "triggers": {"A": {"type": "api", "music_file": "a.wav", "loop": true}},
    }));
    let reading = read(&conf, &Document::new(), Path::new("/data"));
    assert!(reading.problems.iter().all(|problem| !problem.is_error()));
    let paths: Vec<_> = reading.problems.iter().map(|problem| &*problem.path).collect();
    assert_eq!(paths, ["note", "server.hots", "board.lines.GPIO5.pull", "triggers.A.loop"]);
    assert_eq!(reading.good, conf);
}

#[test]
fn a_wrong_section_gives_way_to_the_last_good_one_alone() {
    let last = document(json!({"server": {"port": 9443}, "audio": {"device": "hw:1"}}));
    let conf = document(json!({"server": {"port": -1}, "serial": {"enabled": true}}));
    let reading = read(&conf, &last, Path::new("/data"));
    assert_eq!(reading.conf.server.port, 9443);
    assert!(reading.conf.serial.enabled);
    assert_eq!(reading.conf.audio.device, "default", "absent is not wrong");
    assert_eq!(reading.good["server"], last["server"]);

    let had = document(json!({"auth": {"password": 1}}));
    let told = read(&conf, &had, Path::new("/data")).problems;
    let lost = "auth.password: missing, expected a password or its hash; `beffroi passwd` sets one";
    assert!(told.iter().any(|problem| problem.is_error() && problem.to_string() == lost));

    let reading = read(&conf, &Document::new(), Path::new("/data"));
    assert_eq!(reading.conf.server, Server::in_folder(Path::new("/data")));
    assert!(reading.conf.auth.password_hash.is_none());
    assert!(!reading.good.contains_key("server"));
}

#[test]
fn lines_are_known_by_their_section_or_their_trigger() {
    let conf = document(json!({
        "board": {
            "lines": {"DOOR": {"offset": 5, "bias": "disabled", "active": "high", "debounce_ms": 80}},
            "outputs": {"LAMP": {"offset": 24}, "GPIO25": {"active": "low"}},
        },
        "triggers": {
            "A": {"type": "door", "music_file": "a.wav"},
            "B": {"type": "GPIO23", "music_file": "a.wav"},
            "C": {"type": "GPIO_X", "music_file": "a.wav"},
        },
    }));
    let board = read(&conf, &Document::new(), Path::new("/data")).conf.board;
    let named = |lines: Vec<beffroi_hal::LineConfig>| -> Vec<_> {
        lines
            .iter()
            .map(|line| (line.id.to_string(), line.offset, line.debounce.as_millis()))
            .collect()
    };
    let (door, gpio) = (("DOOR".into(), 5, 80), ("GPIO23".into(), 23, 30));
    assert_eq!(named(board.chip_lines()), [door, gpio]);
    assert_eq!(board.all_lines().len(), 3, "GPIO_X is a line of a serial board");
    let outputs: Vec<_> = board.outputs.iter().map(|output| output.offset).collect();
    assert_eq!(outputs, [24, 25]);
}
