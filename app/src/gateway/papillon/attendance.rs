//! `/absences`, `/delays`: what the school noted about presence.
//!
//! PRONOTE has one page for absences, delays and punishments; each of their routes asks for it, once
//! for each period.

use std::collections::HashSet;

use pronote_client::{Key, features};
use serde::Serialize;

use super::{Asker, Failure, offered, parts::stamp};

/// An absence.
#[derive(Debug, Serialize)]
pub struct Absence {
    id: Key,
    from: Option<String>,
    to: Option<String>,
    justified: Option<bool>,
    hours: Option<String>,
    reasons: Vec<String>,
}

/// A delay.
#[derive(Debug, Serialize)]
pub struct Delay {
    id: Key,
    date: Option<String>,
    /// In minutes.
    duration: Option<u32>,
    justified: Option<bool>,
    justification: Option<String>,
    reasons: Vec<String>,
}

/// The absences of the active periods, or of the selected one. One call a period.
pub async fn absences(asker: Asker<'_>, all_periods: bool) -> Result<Vec<Absence>, Failure> {
    let absences =
        of_periods(asker, all_periods, |page| page.absences, |absence| absence.key).await?;
    let one = |absence: features::Absence| Absence {
        id: absence.key,
        from: absence.start.map(stamp),
        to: absence.end.map(stamp),
        justified: absence.is_justified,
        hours: absence.hours,
        reasons: absence.reasons,
    };
    Ok(absences.into_iter().map(one).collect())
}

/// The delays of the active periods, or of the selected one. One call a period.
pub async fn delays(asker: Asker<'_>, all_periods: bool) -> Result<Vec<Delay>, Failure> {
    let delays = of_periods(asker, all_periods, |page| page.delays, |delay| delay.key).await?;
    let one = |delay: features::Delay| Delay {
        id: delay.key,
        date: delay.date.map(stamp),
        duration: delay.minutes,
        justified: delay.is_justified,
        justification: delay.justification,
        reasons: delay.reasons,
    };
    Ok(delays.into_iter().map(one).collect())
}

/// Things of one kind from the pages of some periods; what is in two of them is listed once.
pub(super) async fn of_periods<T>(
    asker: Asker<'_>,
    all_periods: bool,
    of_page: fn(features::Attendance) -> Vec<T>,
    key: fn(&T) -> Key,
) -> Result<Vec<T>, Failure> {
    let periods = match all_periods {
        true => asker.active_periods(),
        false => asker.period().into_iter().collect(),
    };
    let mut pages = Vec::new();
    for period in &periods {
        pages.push(of_page(offered(asker.client.attendance(period).await)?));
    }
    Ok(once(pages, key))
}

fn once<T>(pages: Vec<Vec<T>>, key: fn(&T) -> Key) -> Vec<T> {
    let mut seen = HashSet::new();
    pages.into_iter().flatten().filter(|thing| seen.insert(key(thing))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_two_periods_is_listed_once() {
        let [a, b, c]: [Key; 3] = ["AAAAAAAAAAAAAAAA", "BBBBBBBBBBBBBBBB", "CCCCCCCCCCCCCCCC"]
            .map(|k| k.parse().unwrap());
        assert_eq!(once(vec![vec![a, b], vec![], vec![b, c]], |key| *key), [a, b, c]);
    }
}
