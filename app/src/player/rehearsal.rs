//! A rehearsal: a file is first read to its end in a process of its own.
//!
//! The decoders believe a file that says it needs 64 GB; where the memory cannot be had, Rust ends
//! the whole process, and no thread can catch that. So a file that is new is tried where nothing
//! else can fall.

use std::{
    collections::HashMap,
    ffi::OsString,
    fs::File,
    io::Seek,
    os::{fd::AsFd, unix::process::ExitStatusExt},
    process::{Command, ExitCode, Stdio},
    sync::{Mutex, PoisonError},
};

use rustix::process::{Resource, Rlimit};

use super::{entry::Stamp, inspect::read_whole};
use crate::engine::SoundName;

/// Tries files, and remembers how it went.
#[derive(Default)]
pub(super) struct Rehearsal {
    // The program and its arguments; empty: no rehearsals.
    command: Vec<OsString>,
    tried: Mutex<HashMap<Stamp, Result<(), String>>>,
}

// The name goes this way, not as an argument: the command line is the caller's.
const SOUND: &str = "BEFFROI_REHEARSE";

// Ten times what a sound needs while it is decoded.
const MEMORY_BYTES_AT_MOST: u64 = 512 * 1024 * 1024;

// A sound of hours on a slow machine takes minutes; a decoder that turns in circles takes forever.
const CPU_SECONDS_AT_MOST: u64 = 600;

// When there are more it forgets them all.
const REMEMBERED_AT_MOST: usize = 1024;

/// What the process of a rehearsal does: the caller's command line must lead here. Whatever it
/// finds, that it comes to its end is the answer.
pub fn rehearse() -> ExitCode {
    let Some(sound) = std::env::var(SOUND).ok().and_then(|name| name.parse::<SoundName>().ok())
    else {
        return ExitCode::from(2);
    };
    let limits = [
        (Resource::As, MEMORY_BYTES_AT_MOST),
        (Resource::Cpu, CPU_SECONDS_AT_MOST),
        (Resource::Core, 0),
    ];
    for (resource, most) in limits {
        let limit = Rlimit { current: Some(most), maximum: Some(most) };
        if rustix::process::setrlimit(resource, limit).is_err() {
            return ExitCode::FAILURE;
        }
    }
    // Standard input is the file itself, opened by the parent.
    match std::io::stdin().as_fd().try_clone_to_owned() {
        Ok(file) => {
            let _sentence = read_whole(File::from(file), &sound);
            ExitCode::SUCCESS
        }
        Err(_) => ExitCode::FAILURE,
    }
}

impl Rehearsal {
    pub(super) fn new(command: Vec<OsString>) -> Self {
        Self { command, tried: Mutex::default() }
    }

    /// Whether a file can be read without harm. Takes as long as reading it; leaves it at its
    /// beginning.
    ///
    /// # Errors
    /// It cannot: a sentence without its subject.
    pub(super) fn of(
        &self,
        file: &mut File,
        sound: &SoundName,
        stamp: Stamp,
    ) -> Result<(), String> {
        let Some((program, arguments)) = self.command.split_first() else { return Ok(()) };
        if let Some(known) = self.known(stamp) {
            return known;
        }
        let input = file.try_clone().map_err(|error| format!("cannot be read: {error}"))?;
        let mut command = Command::new(program);
        command.args(arguments).env(SOUND, &**sound);
        let ran = command.stdin(input).stdout(Stdio::null()).stderr(Stdio::null()).status();
        file.rewind().map_err(|error| format!("cannot be read: {error}"))?;
        let result = match ran.map(|status| (status.signal(), status.success())) {
            // Somebody ends the program, and this with it.
            Ok((Some(1 | 2 | 15), _)) => return Ok(()),
            Ok((Some(signal), _)) => {
                Err(format!("is so corrupt that it crashes (signal {signal})"))
            }
            Ok((None, true)) => Ok(()),
            Ok((None, false)) => {
                tracing::warn!("{sound} is not tried before it is read: no limits can be set");
                return Ok(());
            }
            // A box that cannot start a process still rings.
            Err(error) => {
                tracing::warn!("{sound} is not tried before it is read: {error}");
                return Ok(());
            }
        };
        let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        if tried.len() >= REMEMBERED_AT_MOST {
            tried.clear();
        }
        tried.insert(stamp, result.clone());
        result
    }

    /// How it went, if it was tried.
    pub(super) fn known(&self, stamp: Stamp) -> Option<Result<(), String>> {
        self.tried.lock().unwrap_or_else(PoisonError::into_inner).get(&stamp).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::player::tests::{cue, formats, name, scene_rehearsed};

    /// No test, but the process of a rehearsal: the next test starts it.
    #[test]
    #[ignore = "started by another test, in a process of its own"]
    fn child() {
        assert_eq!(rehearse(), ExitCode::SUCCESS);
    }

    #[test]
    fn a_file_that_would_end_the_process_is_a_fault() {
        let command = ["--exact", "--ignored", "player::rehearsal::tests::child"];
        let mut command: Vec<OsString> = command.map(OsString::from).into();
        command.insert(0, std::env::current_exe().unwrap().into());
        let mut scene = scene_rehearsed(command);
        let tone = formats::tone(&scene.path("tone.wav"), 1);
        let mut bytes = formats::encoded(&tone, "m4a");
        std::fs::write(scene.path("whole.m4a"), &bytes).unwrap();
        // The table of chunks, of 64 GB as it says.
        let table = bytes.windows(4).position(|tag| tag == b"stsc").unwrap();
        bytes[table + 8..table + 12].fill(255);
        std::fs::write(scene.path("evil.m4a"), bytes).unwrap();

        scene.prepare(&[cue("evil.m4a"), cue("whole.m4a"), cue("tone.wav")]);
        let sentence = "evil.m4a is so corrupt that it crashes (signal 6)";
        let faults: Vec<_> = scene.library.faults().into_values().collect();
        assert_eq!(faults, [sentence]);
        let inspected = scene.library.inspect(&name("evil.m4a"));
        assert_eq!(inspected.unwrap_err().reason, sentence);
        let upload = File::open(scene.path("evil.m4a")).unwrap();
        let uploaded = scene.library.inspect_file(upload, &name("new.m4a"));
        assert_eq!(uploaded.unwrap_err().reason, sentence.replace("evil", "new"));
        let rung = scene.player.play(crate::engine::PlaybackId(1), &cue("evil.m4a"));
        assert_eq!(rung.unwrap_err().reason, sentence);
        scene.play(2, &cue("whole.m4a"));
        assert!(scene.hear().len() > 100_000);
        assert_eq!(scene.library.inspect(&name("whole.m4a")).unwrap().channels, 2);
    }
}
