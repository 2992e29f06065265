//! The tables: what each date is, and which bells it has.
//!
//! The rule, shown to the user as [`PRECEDENCE`] says it, and followed from bottom to top.

mod changes;
mod day;
mod rota;
mod turns;

#[cfg(test)]
pub(super) use turns::monday;

use std::{sync::Arc, time::Duration};

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime},
};

use self::turns::Turns;
use super::{
    bell::{Bell, Day},
    days_off::DaysOff,
    model::Schedule,
    plan::Plan,
    words::Words,
};

/// A schedule, made ready to be asked.
#[derive(Debug, Clone)]
pub struct Tables<D> {
    schedule: Arc<Schedule>,
    days_off: D,
    turns: Turns,
}

/// The one sentence that says which rule beats which.
pub const PRECEDENCE: Words<&str> = Words {
    en: "A change of the day beats the calendar, the calendar beats the days off, and the days off beat the week; \
         in the calendar the shortest entry wins and, of two equally short ones, the last in the list, while hours of \
         silence hold whichever entry they come from.",
    fr: "Un changement du jour l’emporte sur le calendrier, le calendrier sur les jours sans classe, et les jours \
         sans classe sur la semaine ; dans le calendrier, l’entrée la plus courte l’emporte et, de deux aussi \
         courtes, la dernière de la liste, tandis que les heures de silence valent quelle que soit l’entrée dont \
         elles viennent.",
};

/// How far the nearest bell is looked for: two school years, as a box may be set up in July.
const FAR_DAYS: i64 = 800;

impl<D: DaysOff> Tables<D> {
    /// Makes a schedule ready. About a millisecond where weeks or days with school are counted.
    pub fn new(schedule: impl Into<Arc<Schedule>>, days_off: D) -> Self {
        let schedule = schedule.into();
        let turns = Turns::new(&schedule.rota, &days_off);
        Self { schedule, days_off, turns }
    }

    /// What is written down.
    pub fn schedule(&self) -> &Arc<Schedule> {
        &self.schedule
    }

    /// The days off.
    pub fn days_off(&self) -> &D {
        &self.days_off
    }

    /// What the clock on the wall shows.
    pub fn civil(&self, at: Timestamp) -> DateTime {
        self.schedule.time_zone.rules().to_datetime(at)
    }

    /// The days from one date to another, both included.
    pub fn days(&self, from: Date, to: Date) -> impl Iterator<Item = Day> {
        from.series(1.day()).take_while(move |date| *date <= to).map(|date| self.day(date))
    }

    /// The bells from one date to another, both included, to be looked up fast.
    pub fn plan(&self, from: Date, to: Date) -> Plan {
        Plan::new(from, to, self.days(from, to).flat_map(|day| day.bells).collect())
    }

    /// The bells that are due after a moment and not after another, whatever span this is: for
    /// short ones, day by day.
    pub fn due_between(&self, after: Timestamp, until: Timestamp) -> Vec<Bell> {
        let days = self.days(self.civil(after).date(), self.civil(until).date());
        // A clock set back over midnight has the day before once more.
        days.flat_map(|day| day.bells).filter(|bell| after < bell.at && bell.at <= until).collect()
    }

    /// The first bell after a moment; `None` where there is none in two years. Asked often, ask a
    /// [`Plan`].
    pub fn next_after(&self, at: Timestamp) -> Option<Bell> {
        let from = self.civil(at).date();
        let dates = from.series(1.day()).take(usize::try_from(FAR_DAYS).unwrap_or_default());
        let mut dates = dates.filter(|date| !self.is_plainly_off(*date));
        dates.find_map(|date| self.day(date).bells.into_iter().find(|bell| bell.at > at))
    }

    /// The last bell before a moment; `None` where there is none in two years.
    pub fn last_before(&self, at: Timestamp) -> Option<Bell> {
        let from = self.civil(at.saturating_add(Duration::from_secs(86_400)).unwrap_or(at)).date();
        let mut dates = from.series(-1.day()).take(usize::try_from(FAR_DAYS).unwrap_or_default());
        dates.find_map(|date| self.day(date).bells.into_iter().rev().find(|bell| bell.at < at))
    }
}
