//! Which period is looked at: the one of today, or the one that was chosen.
//!

use jiff::civil::Date;
use pronote_client::{Period, PeriodKind};

use super::Asker;

/// Periods of one kind that are asked about at most; a year has three terms.
const ACTIVE_AT_MOST: usize = 12;

/// Chooses a period by its exact name: the name of the period that is selected now. What is no
/// period selects the current one again; an account without periods has an empty name.
pub fn change_period(asker: Asker<'_>, name: &str) -> String {
    let chosen = Asker { period: Some(name), ..asker };
    chosen.period().map(|period| period.name).unwrap_or_default()
}

impl Asker<'_> {
    /// The period that answers are about: the chosen one, or the current one.
    pub(super) fn period(&self) -> Option<Period> {
        let periods = self.client.periods();
        selected(&periods, self.period, self.today).cloned()
    }

    /// The periods of the same kind as the current one.
    pub(super) fn active_periods(&self) -> Vec<Period> {
        let mut periods = self.client.periods();
        let kind = current(&periods, self.today).map(|period| kind(period).to_owned());
        periods.retain(|period| Some(self::kind(period)) == kind.as_deref());
        periods.truncate(ACTIVE_AT_MOST);
        periods
    }
}

pub(super) fn selected<'p>(
    periods: &'p [Period],
    chosen: Option<&str>,
    today: Date,
) -> Option<&'p Period> {
    let chosen = periods.iter().find(|period| Some(&*period.name) == chosen);
    chosen.or_else(|| current(periods, today))
}

/// Of the periods of the same kind as PRONOTE's own choice, the one of today; else that choice.
fn current(periods: &[Period], today: Date) -> Option<&Period> {
    let default = periods.iter().find(|period| period.is_default);
    let default = default.or_else(|| likely(periods, today))?;
    let mut active = periods.iter().filter(|period| kind(period) == kind(default));
    Some(active.find(|period| contains(period, today)).unwrap_or(default))
}

// Where PRONOTE does not choose: terms before semesters before the year, and between two of them
// the one that is over, as it has something to show.
fn likely(periods: &[Period], today: Date) -> Option<&Period> {
    let kinds = [PeriodKind::Term, PeriodKind::Semester, PeriodKind::Year];
    let of_kind = kinds.into_iter().find_map(|kind| {
        let mut begun = periods.iter().rev().filter(|period| period.kind == kind);
        begun.find(|period| period.start.is_some_and(|start| start <= today))
    });
    of_kind.or_else(|| periods.first())
}

fn contains(period: &Period, day: Date) -> bool {
    period.start.is_some_and(|start| start <= day) && period.end.is_some_and(|end| day <= end)
}

/// The first word of its name: `Trimestre`, `Semestre`, `Année`.
fn kind(period: &Period) -> &str {
    period.name.split_whitespace().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use pronote_client::Key;

    use super::*;

    type Days = (i8, i8);

    /// A period from one month and day to another, from September on.
    fn period(name: &str, from: Days, to: Days, kind: PeriodKind, is_default: bool) -> Period {
        let day = |(month, day): Days| date(if month > 8 { 2026 } else { 2027 }, month, day);
        let (start, end) = (Some(day(from)), Some(day(to)));
        Period { key: Key::default(), name: name.to_owned(), start, end, kind, is_default }
    }

    fn year(default: &str) -> Vec<Period> {
        use PeriodKind::{Semester, Term, Year};
        [
            ("Trimestre 1", (9, 1), (11, 30), Term),
            ("Trimestre 2", (12, 7), (3, 8), Term),
            ("Trimestre 3", (3, 9), (7, 3), Term),
            ("Semestre 1", (9, 1), (1, 24), Semester),
            ("Semestre 2", (1, 25), (7, 3), Semester),
            ("Année continue", (9, 1), (7, 3), Year),
            ("Bac blanc", (2, 1), (2, 12), PeriodKind::Other(9)),
        ]
        .map(|(name, from, to, kind)| period(name, from, to, kind, name == default))
        .into()
    }

    #[test]
    fn the_period_of_today_is_of_the_kind_of_pronote_s_choice() {
        for (default, today, chosen, selected_name) in [
            ("Trimestre 1", date(2026, 9, 10), None, "Trimestre 1"),
            ("Trimestre 1", date(2027, 1, 10), None, "Trimestre 2"),
            ("Trimestre 1", date(2026, 11, 30), None, "Trimestre 1"),
            ("Trimestre 1", date(2026, 12, 3), None, "Trimestre 1"),
            ("Trimestre 3", date(2026, 12, 3), None, "Trimestre 3"),
            ("Trimestre 3", date(2026, 7, 3), None, "Trimestre 3"),
            ("Semestre 2", date(2026, 12, 3), None, "Semestre 1"),
            ("Année continue", date(2026, 12, 3), None, "Année continue"),
            ("Bac blanc", date(2026, 12, 3), None, "Bac blanc"),
            ("", date(2027, 1, 10), None, "Trimestre 2"),
            ("", date(2026, 12, 3), None, "Trimestre 1"),
            ("", date(2026, 8, 20), None, "Trimestre 1"),
            ("Trimestre 1", date(2026, 9, 10), Some("Bac blanc"), "Bac blanc"),
            ("Trimestre 1", date(2026, 9, 10), Some("Semestre 2"), "Semestre 2"),
            ("Trimestre 1", date(2026, 9, 10), Some("Trimestre"), "Trimestre 1"),
        ] {
            let periods = year(default);
            let found = selected(&periods, chosen, today).map(|period| &*period.name);
            assert_eq!(found, Some(selected_name), "{default} {today} {chosen:?}");
        }
        assert_eq!(selected(&[], Some("Trimestre 1"), date(2026, 9, 10)), None);
    }

    #[test]
    fn periods_without_days_are_periods_too() {
        let mut periods = year("Trimestre 2");
        for period in &mut periods {
            (period.start, period.end, period.kind) = (None, None, PeriodKind::Unknown);
        }
        let name = |periods: &[Period]| {
            current(periods, date(2026, 9, 10)).map(|period| period.name.clone())
        };
        assert_eq!(name(&periods).as_deref(), Some("Trimestre 2"));
        periods.iter_mut().for_each(|period| period.is_default = false);
        assert_eq!(name(&periods).as_deref(), Some("Trimestre 1"));
    }
}
