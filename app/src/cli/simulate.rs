//! `beffroi simulate`: every bell from one date to another, and why it rings.
//!

use std::{
    io::{self, Write},
    path::Path,
};

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use jiff::{Timestamp, civil::Date};

use crate::{
    almanac::{SchoolDays, Shelf},
    schedule::{Bell, Day, Schedule, Tables, Words, calendar, words},
    store,
};

/// What is simulated, and how it is told.
#[derive(Debug, Args)]
pub struct SimulateOptions {
    /// The first date, such as 2026-09-01.
    #[arg(long, value_name = "DATE")]
    from: Date,
    /// The last date.
    #[arg(long, value_name = "DATE")]
    to: Date,
    /// How the bells are written.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// The language of the reasons.
    #[arg(long, value_enum, default_value = "en")]
    language: Language,
}

/// How the bells are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line for each day and each bell.
    Text,
    /// Comma-separated values, a bell a line.
    Csv,
    /// A calendar file.
    Ical,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Language {
    En,
    Fr,
}

/// The most days: longer ones are a mistake in a date.
const DAYS_AT_MOST: i32 = 40 * 366;

/// Writes every bell from one date to another on standard output.
pub fn simulate(data: &Path, options: &SimulateOptions) -> anyhow::Result<()> {
    let SimulateOptions { from, to, .. } = *options;
    let days = from.until(to).map_or(i32::MAX, |span| span.get_days());
    if !(0..DAYS_AT_MOST).contains(&days) {
        bail!("--to {to}: expected a date from --from {from} on, at most 40 years later");
    }
    let (conf, problems) = store::inspect(data)?;
    for problem in problems.iter().filter(|problem| problem.path.starts_with("schedule")) {
        tracing::warn!("conf.json: {problem}");
    }
    let tables = Tables::new(conf.schedule.clone(), days_off(&conf.schedule, data));
    let mut out = io::BufWriter::new(io::stdout().lock());
    let written = write(&mut out, tables.days(from, to), options).and_then(|()| out.flush());
    match written {
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("writing the bells"),
    }
}

/// The days off of the school, as far as this box knows them.
fn days_off(schedule: &Schedule, data: &Path) -> SchoolDays {
    let (days, notes) = Shelf::new(data).days_of(&schedule.school);
    for note in notes {
        tracing::warn!("{note}");
    }
    days
}

fn write(
    out: &mut impl Write,
    days: impl Iterator<Item = Day>,
    options: &SimulateOptions,
) -> io::Result<()> {
    let french = options.language == Language::Fr;
    let said = |words: Words| if french { words.fr } else { words.en };
    match options.format {
        Format::Text => {
            for day in days {
                let date = said(words::date(day.date));
                writeln!(out, "{date}: {}", said(day.because_words()))?;
                for bell in &day.bells {
                    writeln!(
                        out,
                        "  {}  {}{}",
                        bell.id.time,
                        said(bell.words()),
                        own(bell, &day, said)
                    )?;
                }
                for silenced in &day.silenced {
                    let why =
                        silenced.why.last().map(|step| said(step.words())).unwrap_or_default();
                    writeln!(out, "  {}  ({}) — {why}", silenced.time, silenced.trigger)?;
                }
            }
            Ok(())
        }
        Format::Csv => {
            writeln!(out, "date,time,utc,trigger,label,day_type,reason")?;
            for bell in days.flat_map(|day| day.bells) {
                let day_type = bell.day_type.as_deref().unwrap_or_default();
                let (date, time, trigger) = (bell.id.date, bell.id.time, &bell.id.trigger);
                let (label, why) = (quoted(&bell.label), quoted(&said(bell.because())));
                writeln!(out, "{date},{time},{},{trigger},{label},{day_type},{why}", bell.at)?;
            }
            Ok(())
        }
        Format::Ical => out.write_all(calendar(days, Timestamp::now(), french).as_bytes()),
    }
}

/// What was done to a bell, beside what its day is.
fn own(bell: &Bell, day: &Day, said: impl Fn(Words) -> String) -> String {
    let own = bell.why.iter().skip(day.why.len());
    own.map(|step| format!(" — {}", said(step.words()))).collect()
}

/// A value of a CSV file (RFC 4180). What a spreadsheet would take for a formula is a text.
fn quoted(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@']);
    let text = text.replace('"', "\"\"");
    format!("\"{}{text}\"", if formula { "'" } else { "" })
}
