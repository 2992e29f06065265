//! What may be written on the command line.

use std::path::PathBuf;

use beffroi_hal::LineId;
use clap::{Parser, Subcommand};

use super::{demo::DemoOptions, selftest::SelftestOptions, simulate::SimulateOptions};
use crate::{engine::TriggerId, run::RunOptions};

/// The school-bell box: a contact, a browser or an API call rings a sound.
#[derive(Debug, Parser)]
#[command(name = "beffroi", version, about)]
pub struct Arguments {
    /// The folder that holds conf.json, the sounds, the certificate and the journal.
    #[arg(long, env = "BEFFROI_DATA", default_value = "data", global = true, value_name = "DIR")]
    pub data: PathBuf,
    /// What to do; the service, where nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Runs the service (the default).
    Run(RunOptions),
    /// Writes conf.json with a random admin password, shown once; refuses to overwrite.
    Init,
    /// Validates the configuration, the sounds, the board and the sound card.
    Check,
    /// Writes the configuration and the sounds into one file, without password and keys.
    Backup {
        /// The file, which must not exist; its usual ending is .tar.gz.
        file: PathBuf,
    },
    /// Puts what a backup holds in force. The password and the certificate stay this box's own.
    Restore {
        /// The backup.
        file: PathBuf,
    },
    /// Shows the whole product on this computer: the box on a mock board, and a simulated PRONOTE.
    Demo(DemoOptions),
    /// Rings a trigger of the running service.
    Ring {
        /// The trigger's id.
        trigger: TriggerId,
    },
    /// Silences the running service.
    Stop,
    /// Makes a line of the running service's mock board active.
    Press {
        /// The line's name.
        line: LineId,
    },
    /// Makes a line of the running service's mock board inactive.
    Release {
        /// The line's name.
        line: LineId,
    },
    /// Tries the box: contacts moved by a wire, or on the mock board, and a tone.
    Selftest(SelftestOptions),
    /// Lists every bell of the tables from one date to another, each with its reason.
    Simulate(SimulateOptions),
    /// Sets the admin password from standard input.
    Passwd,
    /// What the service starts for itself, to try a sound file where nothing else can fall.
    #[command(hide = true)]
    Rehearse,
    /// Prints the completions of a shell.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    /// Writes the manual pages, for a package.
    #[command(hide = true)]
    Man {
        /// The folder, which exists.
        folder: PathBuf,
    },
}

impl Arguments {
    /// What is logged where `RUST_LOG` says nothing: a service tells what it does, a command answers.
    pub fn log_level(&self) -> &'static str {
        match self.command {
            None | Some(Command::Run(_) | Command::Demo(_)) => "info",
            Some(_) => "warn",
        }
    }
}

impl Default for Command {
    fn default() -> Self {
        Self::Run(RunOptions::default())
    }
}
