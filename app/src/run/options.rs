//! How the service runs, where that differs from conf.json.

use std::ffi::OsString;

use clap::{Args, ValueEnum};

use crate::player::Device;

/// How the service runs, where that differs from conf.json.
#[derive(Debug, Clone, Default, Args)]
pub struct RunOptions {
    /// The board, instead of board.kind.
    #[arg(long, value_enum, value_name = "KIND")]
    pub board: Option<BoardChoice>,
    /// The sound output, instead of audio.device: default, null, file:PATH.wav or an ALSA name.
    #[arg(long, value_name = "DEVICE")]
    pub audio: Option<Device>,
}

/// The boards, by the names of conf.json.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BoardChoice {
    /// A Raspberry Pi where there is one, and the serial board where it is enabled; else the mock.
    Auto,
    /// The pin header of a Raspberry Pi, and the serial board where it is enabled.
    RaspberryPi,
    /// The serial board alone.
    Serial,
    /// Lines that `beffroi press` moves.
    Mock,
}

/// How the player starts a rehearsal: this very program, whatever has become of its file since.
pub fn rehearsal() -> Vec<OsString> {
    vec!["/proc/self/exe".into(), "rehearse".into()]
}
