//! What a request asks of the journal.

use std::{collections::BTreeMap, str::FromStr};

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{
    engine::{Cause, Outcome},
    http::problem::Problem,
    store::journal::Filter,
};

/// The parameters of a request.
pub type Query = BTreeMap<String, String>;

/// Which rings it asks for. Days are those of `zone`.
///
/// # Errors
/// 400: a parameter is wrong.
pub fn filter(query: &Query, zone: &TimeZone) -> Result<Filter, Problem> {
    Ok(Filter {
        trigger: parameter(query, "trigger", "the id of a trigger")?,
        cause: one_of(query, "cause", &Cause::KINDS)?,
        outcome: one_of(query, "outcome", &Outcome::KINDS)?,
        from: moment(query, "from", zone, false)?,
        until: moment(query, "to", zone, true)?,
        search: query.get("search").filter(|text| !text.is_empty()).cloned(),
    })
}

/// A parameter that is given and not empty, as forms leave it.
///
/// # Errors
/// 400: it is not what is `expected`.
pub fn parameter<T: FromStr>(
    query: &Query,
    name: &str,
    expected: &str,
) -> Result<Option<T>, Problem> {
    let given = query.get(name).filter(|text| !text.is_empty());
    given.map(|text| text.parse().map_err(|_| wrong(name, text, expected))).transpose()
}

/// One of a few words.
///
/// # Errors
/// 400: it is none of them.
pub fn one_of(
    query: &Query,
    name: &str,
    known: &[&'static str],
) -> Result<Option<&'static str>, Problem> {
    let Some(text) = query.get(name).filter(|text| !text.is_empty()) else { return Ok(None) };
    let found = known.iter().copied().find(|known| known == text);
    let wrong = || wrong(name, text, &format!("one of {}", known.join(", ")));
    found.map(Some).ok_or_else(wrong)
}

/// A moment, or a day, of which it is the beginning or the end.
fn moment(
    query: &Query,
    name: &str,
    zone: &TimeZone,
    end: bool,
) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = query.get(name).filter(|text| !text.is_empty()) else { return Ok(None) };
    let day = || {
        let day: Date = text.parse().ok()?;
        let day = if end { day.tomorrow().ok()? } else { day };
        Some(day.to_zoned(zone.clone()).ok()?.timestamp())
    };
    // A moment is tried first: a day is read out of one, too.
    let found = text.parse::<Timestamp>().ok().or_else(day);
    let wrong = || wrong(name, text, "a day (2026-09-01) or a moment (2026-09-01T08:00:00Z)");
    found.map(Some).ok_or_else(wrong)
}

fn wrong(name: &str, text: &str, expected: &str) -> Problem {
    Problem::bad_request(format!("{name}: found {text:?}, expected {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &[(&str, &str)]) -> Result<Filter, Problem> {
        let query = query.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect();
        filter(&query, &TimeZone::get("Europe/Paris").unwrap())
    }

    #[test]
    fn a_day_is_the_whole_day_where_the_box_stands() {
        let found = asked(&[("from", "2026-10-25"), ("to", "2026-10-25")]).unwrap();
        // The day on which the clocks go back has 25 hours.
        assert_eq!(found.from.unwrap().to_string(), "2026-10-24T22:00:00Z");
        assert_eq!(found.until.unwrap().to_string(), "2026-10-25T23:00:00Z");
        let found = asked(&[("from", "2026-09-01T08:00:00+02:00"), ("to", "")]).unwrap();
        assert_eq!(found.from.unwrap().to_string(), "2026-09-01T06:00:00Z");
        assert_eq!(found.until, None);
    }

    #[test]
    fn what_is_wrong_is_said_and_an_empty_field_asks_for_nothing() {
        assert_eq!(
            asked(&[("trigger", ""), ("cause", ""), ("search", "")]).unwrap(),
            Filter::default()
        );
        for wrong in [
            ("trigger", "a b"),
            ("cause", "ghost"),
            ("outcome", "Played"),
            ("from", "yesterday"),
            ("to", "2026-02-30"),
        ] {
            assert!(asked(&[wrong]).is_err(), "{wrong:?}");
        }
    }
}
