//! The program `beffroi`: arguments in, exit code out.

use std::{io::IsTerminal as _, process::ExitCode};

use beffroi::cli::{self, Arguments};
use clap::Parser as _;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

/// Lines of the log that wait to be written. Beyond them new ones are lost: a pipe that nobody
/// reads must not hold the thread that rings.
const LOG_LINES: usize = 4096;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let log = log(arguments.log_level());
    let result = cli::main(arguments);
    drop(log); // what it still holds comes before the last word
    match result {
        Ok(code) => code,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

/// On one line, with its causes, whatever `RUST_LOG` says.
#[expect(clippy::print_stderr, reason = "the last word of a command that failed")]
fn complain(error: &anyhow::Error) {
    eprintln!("beffroi: {error:#}");
}

/// To standard error; `RUST_LOG` chooses beyond `level`, and journald stamps the time by itself.
fn log(level: &str) -> WorkerGuard {
    let (writer, guard) = NonBlockingBuilder::default()
        .lossy(true)
        .buffered_lines_limit(LOG_LINES)
        .thread_name("log")
        .finish(std::io::stderr());
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    if std::env::var_os("JOURNAL_STREAM").is_some() {
        log.without_time().init();
    } else {
        log.init();
    }
    guard
}
