//! What every file has, and what none has.

use std::path::Path;

use crate::{nothing_of, root, text, written_files};

const LINES_AT_MOST: usize = 400;
const SUBTITLE_AT_MOST: usize = 80;

#[test]
fn every_source_file_says_in_its_first_line_what_it_is_and_stays_short() {
    let sources = written_files();
    let sources =
        sources.iter().filter(|file| file.extension().is_some_and(|ending| ending == "rs"));
    nothing_of(&sources.flat_map(|file| untidy(file, &text(file).unwrap())).collect::<Vec<_>>());
}

#[test]
fn no_file_names_a_folder_of_somebodys_machine() {
    let files = written_files();
    let leaks = files.iter().filter(|file| text(file).is_some_and(|text| leaks(&text)));
    nothing_of(
        &leaks
            .map(|file| format!("{}: a path of somebody's machine", file.display()))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn no_button_of_the_page_loses_the_focus_by_being_disabled() {
    let files = written_files();
    let pages =
        files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "svelte"));
    let found = pages.flat_map(|file| {
        let text = text(file).unwrap_or_default();
        let tags = text.split("<button").skip(1).filter_map(|tag| tag.split("</button>").next());
        let disabled = tags.filter(|tag| tag.contains(" disabled")).count();
        (disabled > 0)
            .then(|| format!("{}: {disabled} of its buttons; say aria-disabled", file.display()))
    });
    nothing_of(&found.collect::<Vec<_>>());
}

#[test]
fn every_folder_has_what_it_should() {
    let wanted = [
        "CHANGELOG.md",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "Makefile",
        "README.md",
        "deny.toml",
        ".ci/run",
        "app/benches/ring/ffplay.rs",
        "boards/src/mock/mod.rs",
        "boards/src/raspberry_pi/edges.rs",
        "boards/src/raspberry_pi/mod.rs",
        "boards/src/raspberry_pi/outputs.rs",
        "boards/src/serial/edges.rs",
        "boards/src/serial/mod.rs",
        "cross.toml",
        "data/conf.example.json",
        "data/default/beffroi",
        "data/musiques/README.md",
        "data/systemd/beffroi-init.service",
        "data/systemd/beffroi.service",
        "data/sysusers.d/beffroi.conf",
        "data/udev/60-beffroi.rules",
        "docs/on-a-pi.md",
        "docs/wiring.md",
        "packages/deb/changelog",
        "packages/oci/compose.yaml",
        "yocto/beffroi.yml",
    ];
    let missing = wanted.iter().filter(|file| !root().join(file).is_file());
    nothing_of(&missing.map(|file| format!("{file} is missing")).collect::<Vec<_>>());
    let hal = text(Path::new("hal/src/lib.rs")).unwrap();
    assert!(hal.contains("#![no_std]"), "hal/src/lib.rs: wanted #![no_std]");
}

#[test]
fn every_untidiness_is_found() {
    let long = format!("//! A room.\n{}", "\n".repeat(LINES_AT_MOST));
    let wide = format!("//! {}\n", "m".repeat(SUBTITLE_AT_MOST + 1));
    let cases = ["", "fn main() {}\n", "//!\n", "//! A room\n//! of two lines.\n", &long, &wide];
    for text in cases {
        assert!(!untidy(Path::new("room.rs"), text).is_empty(), "{text}");
    }
    nothing_of(&untidy(Path::new("room.rs"), "//! A room.\n//!\n//! Its rule.\n\nfn main() {}\n"));
    for (before, leaking) in [("(", true), ("in ", true), ("", true), ("tmp", false)] {
        // Put together here, so that this file does not find itself.
        for name in ["root", "work"] {
            assert_eq!(leaks(&format!("{before}/{name}/x")), leaking, "{before} {name}");
        }
    }
}

fn untidy(file: &Path, text: &str) -> Vec<String> {
    let mut findings = Vec::new();
    let mut lines = text.lines();
    let subtitle = lines.next().and_then(|line| line.strip_prefix("//! ")).unwrap_or_default();
    let length = subtitle.chars().count();
    if !(1..=SUBTITLE_AT_MOST).contains(&length) {
        findings.push(format!(
            "wanted a first line `//! ` and up to {SUBTITLE_AT_MOST} characters that say what it \
             is, found {length}"
        ));
    }
    if lines.next().is_some_and(|line| line.starts_with("//! ")) {
        findings.push("wanted the subtitle on one line and nothing on the second".to_owned());
    }
    let length = text.lines().count();
    if length > LINES_AT_MOST {
        findings.push(format!("{length} lines: look for the noun that wants its own file"));
    }
    findings.iter().map(|finding| format!("{}: {finding}", file.display())).collect()
}

/// Whether a path starts in a folder that only somebody's machine has.
fn leaks(text: &str) -> bool {
    let homes = ["root", "work"].map(|name| format!("/{name}/"));
    homes.iter().any(|home| {
        text.match_indices(home.as_str()).any(|(at, _)| {
            !text[..at].ends_with(|c: char| c.is_alphanumeric() || "._-}".contains(c))
        })
    })
}
