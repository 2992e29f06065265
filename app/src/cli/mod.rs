//! The commands of the program.
//!
//! The only room that writes to standard output: what a command answers goes there, on one line
//! where it can; why it failed goes to standard error, and the exit code says which.

#![expect(clippy::print_stdout, reason = "this is where commands answer")]

mod arguments;
mod backup;
mod check;
mod demo;
mod selftest;
mod simulate;

use std::{
    io::{self, BufRead as _, Write as _},
    path::Path,
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use clap::CommandFactory as _;

pub use arguments::{Arguments, Command};

use crate::{
    player, run,
    socket::{self, Request},
    sounds::SoundFolder,
    store::{self, PORT, Store},
};

/// Does what the arguments ask; an error is a failure in words (exit code 1).
pub fn main(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let data = arguments.data;
    match arguments.command.unwrap_or_default() {
        Command::Run(options) => run::run(&data, &options)?,
        Command::Init => init(&data)?,
        Command::Check => check::check(&data)?,
        Command::Backup { file } => backup::backup(&data, &file)?,
        Command::Restore { file } => backup::restore(&data, &file)?,
        Command::Demo(options) => demo::demo(&options)?,
        Command::Ring { trigger } => ask(&data, &Request::Ring(trigger))?,
        Command::Stop => ask(&data, &Request::Stop)?,
        Command::Press { line } => ask(&data, &Request::Press(line))?,
        Command::Release { line } => ask(&data, &Request::Release(line))?,
        Command::Selftest(options) => selftest::selftest(&data, options)?,
        Command::Simulate(options) => simulate::simulate(&data, &options)?,
        Command::Passwd => passwd(&data)?,
        Command::Rehearse => return Ok(player::rehearse()),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "beffroi", &mut script);
            io::stdout().write_all(&script).context("writing the completions")?;
        }
        Command::Man { folder } => clap_mangen::generate_to(Arguments::command(), &folder)
            .with_context(|| format!("writing the manual pages into {}", folder.display()))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn init(data: &Path) -> anyhow::Result<()> {
    let password = store::init(data, PORT)?;
    let folder = SoundFolder::new(data.join("musiques"));
    folder
        .ship()
        .with_context(|| format!("writing the sounds into {}", folder.path().display()))?;
    println!("{} is written.", data.join("conf.json").display());
    println!("User admin, password {password}");
    println!("The password is shown this once; `beffroi passwd` sets another.");
    Ok(())
}

fn passwd(data: &Path) -> anyhow::Result<()> {
    let mut password = String::new();
    io::stdin().lock().read_line(&mut password).context("reading the password")?;
    let password = password.trim_end_matches(['\n', '\r']);
    if password.is_empty() {
        bail!("no password on standard input: nothing was changed");
    }
    Store::open(data)?.set_password(password)?;
    if socket::is_served(data) {
        return ask(data, &Request::Reload);
    }
    println!("the password is set");
    Ok(())
}

fn ask(data: &Path, request: &Request) -> anyhow::Result<()> {
    let answer = socket::ask(data, request).with_context(|| {
        format!("no answer from a service on {}: does `beffroi run` run?", data.display())
    })?;
    match answer {
        Ok(words) => {
            println!("{words}");
            Ok(())
        }
        Err(words) => bail!(words),
    }
}
