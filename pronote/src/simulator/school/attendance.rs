//! Absences, delays, punishments, observations, measures.
//!
//! A handful for each pupil and term, on days with lessons.

use jiff::ToSpan;
use jiff::civil::Date;

use super::calendar::Calendar;
use super::scatter;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Absence,
    Delay,
    Punishment,
    Observation,
    Measure,
}

#[derive(Clone, Debug)]
pub(crate) struct Incident {
    pub number: u32,
    pub sort: Sort,
    pub date: Date,
    /// Which variant of its sort it is.
    pub variant: u32,
}

/// What happened to a pupil between two days.
pub(crate) fn incidents(calendar: &Calendar, pupil: u32, from: Date, to: Date) -> Vec<Incident> {
    let sorts = [
        Sort::Absence,
        Sort::Delay,
        Sort::Absence,
        Sort::Punishment,
        Sort::Observation,
        Sort::Absence,
        Sort::Punishment,
        Sort::Observation,
        Sort::Delay,
        Sort::Measure,
    ];
    (0..30)
        .zip(sorts.iter().cycle())
        .map(|(rank, sort)| {
            let days = i32::try_from(3 + rank * 10 + scatter(pupil ^ rank) % 4).expect("small");
            let date = calendar.next_open(calendar.first_monday.saturating_add(days.days()));
            Incident { number: pupil << 8 | rank, sort: *sort, date, variant: rank }
        })
        .filter(|incident| (from..=to).contains(&incident.date))
        .collect()
}
