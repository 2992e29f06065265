//! Absences, delays, punishments and observations.
//!

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Attachment,
    attendance_read::read,
    file_ref::{Place, locate},
};
use crate::{
    Client, Error, Key, Period,
    client::Feature,
    error::Unavailable,
    protocol::{tab, value},
};

const FEATURE: Feature =
    Feature { name: "attendance", function: "PagePresence", tab: tab::ATTENDANCE };

/// What the school noted about a pupil's presence and conduct in a period.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Attendance {
    /// Absences.
    pub absences: Vec<Absence>,
    /// Delays.
    pub delays: Vec<Delay>,
    /// Punishments.
    pub punishments: Vec<Punishment>,
    /// Observations.
    pub observations: Vec<Observation>,
    /// Precautionary measures.
    pub precautionary_measures: Vec<PrecautionaryMeasure>,
}

/// An absence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// Its name in every session.
    pub key: Key,
    /// From when.
    pub start: Option<DateTime>,
    /// Until when; nothing while it goes on.
    pub end: Option<DateTime>,
    /// Whether it is justified.
    pub is_justified: Option<bool>,
    /// Whether it still goes on.
    pub is_open: bool,
    /// Whether the school is done with it.
    pub is_settled: Option<bool>,
    /// PRONOTE's own text for the hours missed: `4h00`.
    pub hours: Option<String>,
    /// Days missed.
    pub days: Option<String>,
    /// Why.
    pub reasons: Vec<String>,
}

/// A delay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delay {
    /// Its name in every session.
    pub key: Key,
    /// When.
    pub date: Option<DateTime>,
    /// How many minutes.
    pub minutes: Option<u32>,
    /// Whether it is justified.
    pub is_justified: Option<bool>,
    /// The justification.
    pub justification: Option<String>,
    /// Why.
    pub reasons: Vec<String>,
}

/// A punishment or an exclusion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Punishment {
    /// Its name in every session.
    pub key: Key,
    /// When it was given; with the lesson's hour, where it was in one.
    pub date: Option<DateTime>,
    /// `Retenue`
    pub nature: Option<String>,
    /// Who gave it.
    pub given_by: Option<String>,
    /// Whether it is an exclusion.
    pub is_exclusion: bool,
    /// Whether it was given during a lesson.
    pub is_during_lesson: bool,
    /// Why.
    pub reasons: Vec<String>,
    /// What happened.
    pub circumstances: Option<String>,
    /// Files about what happened.
    pub circumstance_files: Vec<Attachment>,
    /// What is to be done.
    pub homework: Option<String>,
    /// Files about what is to be done.
    pub homework_files: Vec<Attachment>,
    /// How many minutes.
    pub minutes: Option<u32>,
    /// Whether it has a time and place.
    pub is_schedulable: bool,
    /// When it takes place.
    pub schedule: Vec<ScheduledPunishment>,
}

/// When a punishment takes place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledPunishment {
    /// Its name in every session.
    pub key: Key,
    /// From when; at midnight where no hour is given.
    pub start: DateTime,
    /// How many minutes.
    pub minutes: Option<u32>,
}

/// A remark in the log-book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// Its name in every session.
    pub key: Key,
    /// What it is.
    pub kind: ObservationKind,
    /// Its heading.
    pub name: Option<String>,
    /// The day.
    pub date: Option<DateTime>,
    /// The subject.
    pub subject: Option<String>,
    /// The remark.
    pub text: Option<String>,
    /// Who made it.
    pub given_by: Option<String>,
    /// Whether the parents have read it.
    pub is_read: bool,
    /// Whether the school wants to know that they have.
    pub wants_receipt: bool,
}

/// What an observation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObservationKind {
    /// An entry of the log-book.
    LogBook,
    /// A remark.
    Remark,
    /// Praise.
    Encouragement,
    /// Another kind, as PRONOTE numbers it.
    Other(i64),
}

/// A measure taken before a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrecautionaryMeasure {
    /// Its name in every session.
    pub key: Key,
    /// What it is.
    pub nature: Option<String>,
    /// From when.
    pub start: Option<DateTime>,
    /// Until when.
    pub end: Option<DateTime>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// Why.
    pub reasons: Vec<String>,
    /// A remark.
    pub comment: Option<String>,
    /// Files about it.
    pub files: Vec<Attachment>,
}

impl Client {
    /// What was noted in a period: one call for absences, delays, punishments and observations.
    ///
    /// ```no_run
    /// # async fn example(client: pronote_client::Client) -> Result<(), pronote_client::Error> {
    /// for period in &client.periods() {
    ///     let attendance = client.attendance(period).await?;
    ///     println!("{}: {} delays", period.name, attendance.delays.len());
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn attendance(&self, period: &Period) -> Result<Attendance, Error> {
        let (Some(start), Some(end)) = (period.start, period.end) else {
            return Err(Error::unavailable(FEATURE.name, Unavailable::NothingToShow));
        };
        self.attendance_between(period, start, end).await
    }

    /// The same for other days than the period's.
    pub async fn attendance_between(
        &self,
        period: &Period,
        from: Date,
        to: Date,
    ) -> Result<Attendance, Error> {
        let (first, last) = (from, to);
        let (from, to) = (from.at(0, 0, 0, 0), to.at(23, 59, 59, 0));
        let reply = self
            .call(FEATURE, |view| {
                let record = view.period(FEATURE.name, (self.pupil, FEATURE.tab), &period.name)?;
                Ok(json!({
                    "periode": {"N": record.id.value(), "L": record.name, "G": 2},
                    "DateDebut": value::date_time(from),
                    "DateFin": value::date_time(to),
                }))
            })
            .await?;
        let mut attendance = read(reply.node(), &reply.view);
        let place = |thing| Place::Attendance { period: period.key, from: first, to: last, thing };
        for found in &mut attendance.punishments {
            locate(&mut found.circumstance_files, self.pupil, place(found.key));
            // Both may have a file of one name.
            let work = Key::of("homework of", &[&found.key]);
            locate(&mut found.homework_files, self.pupil, place(work));
        }
        for found in &mut attendance.precautionary_measures {
            locate(&mut found.files, self.pupil, place(found.key));
        }
        Ok(attendance)
    }
}
