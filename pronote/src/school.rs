//! What a school says about itself before anybody logs in.
//!

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use crate::protocol::{domain::Domain, time, value::Node, version::Version};

/// The general settings of a school.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct School {
    /// The server's version.
    pub version: Option<Version>,
    /// The school's name.
    pub name: Option<String>,
    /// The Monday that week 1 starts on.
    pub first_monday: Option<Date>,
    /// The first day of the school year.
    pub first_day: Option<Date>,
    /// The last day of the school year.
    pub last_day: Option<Date>,
    /// The next day of lessons.
    pub next_day: Option<Date>,
    /// Slots in a day; a lesson's place counts them.
    pub slots_per_day: u32,
    /// The hour that each slot of a day starts at.
    pub starts: Vec<Option<Time>>,
    /// The hour that each slot of a day ends at.
    pub ends: Vec<Option<Time>>,
    /// The breaks between lessons.
    pub breaks: Vec<Break>,
    /// Holidays.
    pub holidays: Vec<Holiday>,
    /// The periods of the school year, of every kind.
    pub periods: Vec<SchoolPeriod>,
    /// Which weeks are which: `Q1`, `Q2`.
    pub week_frequencies: Vec<WeekFrequency>,
}

/// A break between lessons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Break {
    /// Its name.
    pub name: String,
    /// The slot of the day that it is at.
    pub slot: u32,
}

/// Days without lessons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// Its name.
    pub name: Option<String>,
    /// The first day.
    pub start: Date,
    /// The last day.
    pub end: Date,
}

/// A period of the school year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchoolPeriod {
    /// Its name: `Trimestre 1`.
    pub name: String,
    /// Its first day.
    pub start: Option<Date>,
    /// Its last day.
    pub end: Option<Date>,
    /// The kind of period: a term, a semester, the year.
    pub kind: PeriodKind,
}

/// The kinds of periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodKind {
    /// A third of the year.
    Term,
    /// Half of the year.
    Semester,
    /// The whole year.
    Year,
    /// Another kind, as PRONOTE numbers it.
    Other(i64),
    /// PRONOTE does not say.
    Unknown,
}

/// The weeks that share a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekFrequency {
    /// `Q1`
    pub name: String,
    /// The numbers of its weeks, first Monday's is 1.
    pub weeks: Vec<u32>,
}

/// A stranger's list of weeks or slots is cut here; a school year has 62 weeks at most.
const MAX_WEEKS: usize = 64;
const MAX_SLOTS: usize = 288;

impl School {
    /// Reads the answer of `FonctionParametres`.
    pub(crate) fn read(answer: Node<'_>) -> Self {
        let general = answer.field("General");
        let hours = |name| {
            let hours = general.field(name).list().take(MAX_SLOTS);
            hours.map(|hour| hour.field("L").time()).collect::<Vec<_>>()
        };
        let starts = hours("ListeHeures");
        Self {
            version: general.either(&["versionPN", "version"]).str().and_then(|v| v.parse().ok()),
            name: general.either(&["NomEtablissement", "NomEtablissementConnexion"]).text(),
            first_monday: general.field("PremierLundi").date(),
            first_day: general.field("PremiereDate").date(),
            last_day: general.field("DerniereDate").date(),
            next_day: general.field("JourOuvre").date(),
            slots_per_day: general
                .field("PlacesParJour")
                .natural()
                .filter(|slots| *slots > 0)
                .or_else(|| {
                    u32::try_from(starts.len()).ok().filter(|slots| *slots > 1).map(|n| n - 1)
                })
                .unwrap_or(20),
            starts,
            ends: hours("ListeHeuresFin"),
            breaks: general.field("recreations").list().filter_map(pause).collect(),
            holidays: general.field("listeJoursFeries").list().filter_map(holiday).collect(),
            periods: general.field("ListePeriodes").list().filter_map(period).collect(),
            week_frequencies: frequencies(general),
        }
    }

    /// The week of a day, as PRONOTE counts.
    pub fn week(&self, day: Date) -> Option<u32> {
        time::week(day, self.first_monday?)
    }

    /// The Monday of a week.
    pub fn monday(&self, week: u32) -> Option<Date> {
        let days = i64::from(week.checked_sub(1)?) * 7;
        self.first_monday?.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
    }

    /// Whether a day is in the holidays.
    pub fn is_holiday(&self, day: Date) -> bool {
        self.holidays.iter().any(|holiday| (holiday.start..=holiday.end).contains(&day))
    }

    /// The hour that a place of the week starts at.
    pub(crate) fn start_of(&self, place: u32) -> Option<Time> {
        self.starts.get(usize::try_from(place % self.slots_per_day).ok()?).copied().flatten()
    }

    /// The hour that a place of the week ends at, so many slots later.
    pub(crate) fn end_of(&self, place: u32, slots: u32) -> Option<Time> {
        let last = (place % self.slots_per_day).checked_add(slots)?.checked_sub(1)?;
        self.ends.get(usize::try_from(last).ok()?).copied().flatten()
    }
}

impl PeriodKind {
    fn of_code(code: Option<i64>) -> Self {
        match code {
            Some(0..=2) => Self::Term,
            Some(3 | 4) => Self::Semester,
            Some(5) => Self::Year,
            Some(code) => Self::Other(code),
            None => Self::Unknown,
        }
    }
}

fn pause(node: Node<'_>) -> Option<Break> {
    Some(Break { name: node.label()?, slot: node.field("place").natural()? })
}

fn holiday(node: Node<'_>) -> Option<Holiday> {
    let start = node.field("dateDebut").date()?;
    Some(Holiday { name: node.label(), start, end: node.field("dateFin").date().unwrap_or(start) })
}

fn period(node: Node<'_>) -> Option<SchoolPeriod> {
    Some(SchoolPeriod {
        name: node.label()?,
        start: node.field("dateDebut").date(),
        end: node.field("dateFin").date(),
        kind: PeriodKind::of_code(node.field("periodeNotation").integer()),
    })
}

fn frequencies(general: Node<'_>) -> Vec<WeekFrequency> {
    let names = general.field("LibellesFrequences").list().map(|name| name.text());
    let weeks = general.field("DomainesFrequences").list().map(Node::domain);
    let named = names.zip(weeks).filter_map(|(name, weeks): (_, Domain)| Some((name?, weeks)));
    named
        .map(|(name, weeks)| WeekFrequency {
            name,
            weeks: weeks.numbers().take(MAX_WEEKS).collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_school_s_settings_are_read() {
        let answer = json!({"General": {
            "versionPN": "2026.2.6",
            "NomEtablissement": "Collège",
            "PremierLundi": {"_T": 7, "V": "31/08/2026"},
            "PlacesParJour": 4,
            "ListeHeures": {"_T": 24, "V": [{"L": "08h00"}, {"L": "08h30"}, {"L": "09h00"}, {"L": "?"}]},
            "ListeHeuresFin": {"_T": 24, "V": [{"L": "08h30"}, {"L": "09h00"}, {"L": "09h30"}, {"L": "10h00"}]},
            "listeJoursFeries": {"_T": 24, "V": [{"L": "Toussaint", "dateDebut": {"_T": 7, "V": "17/10/2026"}, "dateFin": {"_T": 7, "V": "01/11/2026"}}]},
            "ListePeriodes": [{"L": "Trimestre 1", "periodeNotation": 0}, {"L": "Année", "periodeNotation": 5}, {"N": 1}],
            "LibellesFrequences": ["", "Q1", "Q2", ""],
            "DomainesFrequences": [{"_T": 8, "V": "[]"}, {"_T": 8, "V": "[1,3]"}, {"_T": 8, "V": "[0..4294967295]"}]
        }});
        let school = School::read(Node::new(&answer.into()));
        assert_eq!(school.version, Some(Version::new(2026, 2, 6)));
        assert_eq!(school.week(date(2026, 9, 10)), Some(2));
        assert_eq!(school.monday(2), Some(date(2026, 9, 7)));
        assert!(school.is_holiday(date(2026, 11, 1)) && !school.is_holiday(date(2026, 11, 2)));
        assert_eq!(school.start_of(5), Some(time(8, 30, 0, 0)), "second slot of the second day");
        assert_eq!(school.end_of(5, 2), Some(time(9, 30, 0, 0)));
        assert_eq!(school.start_of(3), None, "an unreadable hour");
        assert_eq!(school.end_of(0, 0), None);
        let kinds: Vec<_> = school.periods.iter().map(|period| period.kind).collect();
        assert_eq!(kinds, [PeriodKind::Term, PeriodKind::Year]);
        assert_eq!(school.week_frequencies[0].weeks, [1, 3]);
        assert_eq!(school.week_frequencies[1].weeks.len(), MAX_WEEKS);
    }

    #[test]
    fn nothing_at_all_is_a_school_too() {
        let school = School::read(Node::NOTHING);
        assert_eq!((school.slots_per_day, school.week(date(2026, 9, 1))), (20, None));
    }
}
