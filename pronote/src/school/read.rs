//! Reading what a school says, which any of it may leave out.
//!

use super::{Break, Holiday, PeriodKind, School, SchoolPeriod, WeekFrequency};
use crate::protocol::{domain::Domain, value::Node};

/// A stranger's list of weeks or slots is cut here; a school year has 62 weeks at most.
const MAX_WEEKS: usize = 64;
const MAX_SLOTS: usize = 288;
const WEEKDAYS: u32 = 7;

impl School {
    /// Reads the answer of `FonctionParametres`.
    pub(crate) fn read(answer: Node<'_>) -> Self {
        let general = answer.field("General");
        let hours = |name| {
            let hours = general.field(name).list().take(MAX_SLOTS);
            hours.map(|hour| hour.field("L").time()).collect::<Vec<_>>()
        };
        let starts = hours("ListeHeures");
        // An hour that is not shown is marked as not active.
        let shown = (0..).zip(general.field("ListeHeures").list().take(MAX_SLOTS));
        let shown = shown.filter(|(_, hour)| hour.field("A").flag() != Some(false));
        let half_days: Vec<_> =
            general.field("DemiJourneesOuvrees").list().take(2).map(weekdays).collect();
        let [open_mornings, open_afternoons] =
            <[Vec<u32>; 2]>::try_from(half_days).unwrap_or_else(|_| {
                // `JoursOuvres` counts from 1 where it counts Monday to Friday.
                let days = general.field("JoursOuvres").domain();
                let days: Vec<_> = days.numbers().take(MAX_WEEKS).collect();
                let first = u32::from(!days.contains(&0));
                let days = days.into_iter().filter_map(|day| day.checked_sub(first));
                let days: Vec<_> = days.filter(|day| *day < WEEKDAYS).collect();
                [days.clone(), days]
            });
        let place = |name| general.field(name).natural();
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
            staff_ends: hours("ListeHeuresFinPourVS"),
            shown_starts: shown.map(|(slot, _)| slot).collect(),
            afternoon: place("PlaceDemiJourneeAbsence"),
            lunch: place("debutDemiPension").zip(place("finDemiPension")),
            lunch_days: weekdays(general.field("JoursDemiPension")),
            open_mornings,
            open_afternoons,
            cycle_days: place("joursOuvresParCycle").filter(|days| *days > 0),
            breaks: general.field("recreations").list().filter_map(pause).collect(),
            holidays: general.field("listeJoursFeries").list().filter_map(holiday).collect(),
            periods: general.field("ListePeriodes").list().filter_map(period).collect(),
            week_frequencies: frequencies(general),
        }
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

/// A set of days of the week, Monday is 0.
fn weekdays(node: Node<'_>) -> Vec<u32> {
    node.domain().numbers().take(MAX_WEEKS).filter(|day| *day < WEEKDAYS).collect()
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
    use crate::protocol::version::Version;

    #[test]
    fn a_school_s_settings_are_read() {
        let answer = json!({"General": {
            "versionPN": "2026.2.6",
            "NomEtablissement": "Collège",
            "PremierLundi": {"_T": 7, "V": "31/08/2026"},
            "PlacesParJour": 4,
            "PlaceDemiJourneeAbsence": 2,
            "debutDemiPension": 1,
            "finDemiPension": 3,
            "joursOuvresParCycle": 10,
            "JoursDemiPension": {"_T": 26, "V": "[0,1,3,4]"},
            "DemiJourneesOuvrees": [{"_T": 26, "V": "[0..5]"}, {"_T": 26, "V": "[0,1,3,4,9]"}],
            "ListeHeuresFinPourVS": {"_T": 24, "V": [{"L": "08h25"}]},
            "ListeHeures": {"_T": 24, "V": [{"L": "08h00"}, {"L": "08h30", "A": false}, {"L": "09h00"}, {"L": "?"}]},
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
        assert_eq!(school.shown_starts, [0, 2, 3]);
        assert_eq!(school.staff_ends, [Some(time(8, 25, 0, 0))]);
        assert_eq!((school.afternoon, school.lunch), (Some(2), Some((1, 3))));
        assert_eq!(school.lunch_days, [0, 1, 3, 4]);
        assert_eq!(school.open_mornings, [0, 1, 2, 3, 4, 5]);
        assert_eq!(school.open_afternoons, [0, 1, 3, 4]);
        assert_eq!(school.cycle_days, Some(10));
        let kinds: Vec<_> = school.periods.iter().map(|period| period.kind).collect();
        assert_eq!(kinds, [PeriodKind::Term, PeriodKind::Year]);
        assert_eq!(school.week_frequencies[0].weeks, [1, 3]);
        assert_eq!(school.week_frequencies[1].weeks.len(), MAX_WEEKS);
    }

    #[test]
    fn open_days_are_told_in_one_of_two_ways() {
        for (days, wanted) in [("[1..5]", vec![0, 1, 2, 3, 4]), ("[0..5]", vec![0, 1, 2, 3, 4, 5])]
        {
            let answer = json!({"General": {"JoursOuvres": {"_T": 11, "V": days}}});
            let school = School::read(Node::new(&answer.into()));
            assert_eq!((&school.open_mornings, &school.open_afternoons), (&wanted, &wanted));
        }
    }

    #[test]
    fn nothing_at_all_is_a_school_too() {
        let school = School::read(Node::NOTHING);
        assert_eq!((school.slots_per_day, school.week(date(2026, 9, 1))), (20, None));
    }
}
