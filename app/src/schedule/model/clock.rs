//! Times of day as people write them.
//!

use jiff::civil::Time;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

/// A part of a day, by the clock on the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Span {
    /// Its first moment.
    #[serde(serialize_with = "as_written")]
    #[schema(value_type = String, example = "08:00")]
    pub from: Time,
    /// The first moment after it; `null`: the day's end.
    #[serde(serialize_with = "as_written_or_null")]
    #[schema(value_type = Option<String>, example = "12:00")]
    pub to: Option<Time>,
}

impl Span {
    /// Whether `time` is in it.
    pub fn contains(self, time: Time) -> bool {
        self.from <= time && self.to.is_none_or(|to| time < to)
    }
}

/// Reads `08:25`, `8:25` or `08:25:30`.
pub fn parse_time(text: &str) -> Option<Time> {
    let mut parts = text.split(':');
    let mut part = |digits: std::ops::RangeInclusive<usize>| {
        let part = parts.next()?;
        let right = digits.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        right.then(|| part.parse::<i8>().ok())?
    };
    let (hour, minute) = (part(1..=2)?, part(2..=2)?);
    let second = if text.matches(':').count() == 2 { part(2..=2)? } else { 0 };
    let whole = text.matches(':').count() <= 2;
    whole.then(|| Time::new(hour, minute, second, 0).ok())?
}

/// `08:25`, or `08:25:30` where there are seconds.
pub fn written_time(time: Time) -> String {
    time.strftime(if time.second() == 0 { "%H:%M" } else { "%H:%M:%S" }).to_string()
}

/// For serde: as [`written_time`].
pub(in crate::schedule) fn as_written<S: Serializer>(
    time: &Time,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&written_time(*time))
}

fn as_written_or_null<S: Serializer>(
    time: &Option<Time>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => as_written(time, serializer),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_people_write_it_and_nothing_else_is() {
        for (text, read) in [
            ("08:25", Some("08:25")),
            ("8:25", Some("08:25")),
            ("08:25:30", Some("08:25:30")),
            ("08:25:00", Some("08:25")),
            ("00:00", Some("00:00")),
            ("23:59:59", Some("23:59:59")),
            ("24:00", None),
            ("08:60", None),
            ("08:25:60", None),
            ("8:5", None),
            ("8h25", None),
            ("08:25:30:10", None),
            ("+8:25", None),
            ("008:25", None),
            ("08:25:", None),
            ("08", None),
            ("", None),
        ] {
            assert_eq!(parse_time(text).map(written_time).as_deref(), read, "{text}");
        }
    }
}
