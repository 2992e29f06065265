//! What many answers are made of: subjects, numbers, dates.
//!

use jiff::civil::{Date, DateTime};
use pronote_client::{features, protocol::mark::Mark};
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

/// A subject. What has none has a subject `"0"` without a name.
#[derive(Debug, Serialize)]
pub(super) struct Subject {
    id: String,
    name: String,
    groups: bool,
}

/// A number; in JSON an integer where it is one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number(pub(super) f64);

impl Subject {
    pub(super) fn of(subject: Option<&features::Subject>) -> Self {
        match subject {
            Some(subject) => Self {
                id: subject.key.to_string(),
                name: subject.name.clone(),
                groups: subject.is_group,
            },
            None => Self { id: "0".to_owned(), name: String::new(), groups: false },
        }
    }
}

impl Number {
    /// What stands for a number where there is none.
    pub(super) const NONE: Self = Self(-1.0);

    /// A mark's number: a word has none, and neither has an empty mark.
    pub(super) fn of(mark: Option<Mark>) -> Self {
        mark.and_then(Mark::number).map_or(Self::NONE, Self)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// Below it every integer has a float of its own.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        let Self(number) = *self;
        if number.fract() == 0.0 && number.abs() < EXACT {
            #[allow(clippy::cast_possible_truncation)] // checked right above
            return serializer.serialize_i64(number as i64);
        }
        serializer.serialize_f64(number)
    }
}

/// The rank of the word that stands in for a mark: 0 for a number, -1 for nothing, 9 for a word
/// that is not among the eight.
pub(super) fn rank(mark: Option<Mark>) -> i64 {
    match mark.map(Mark::code) {
        None => -1,
        Some(None) => 0,
        Some(Some(code @ 1..=8)) => code.into(),
        Some(Some(_)) => 9,
    }
}

/// `2026-09-07 08:00`
pub(super) fn stamp(moment: DateTime) -> String {
    format!("{} {:02}:{:02}", moment.date(), moment.hour(), moment.minute())
}

/// A day where a date with an hour is expected: at midnight.
pub(super) fn midnight(day: Date) -> String {
    stamp(day.at(0, 0, 0, 0))
}

/// A length in seconds.
pub(super) fn seconds(minutes: Option<u32>) -> Option<f64> {
    minutes.map(|minutes| f64::from(minutes) * 60.0)
}

/// A short sum of texts, for an id that is the same wherever it is made again.
pub(super) fn digest<const LENGTH: usize>(kind: &str, parts: &[&str]) -> [u8; LENGTH] {
    let mut sum = Sha256::new_with_prefix(kind);
    for part in parts {
        sum.update((part.len() as u64).to_le_bytes());
        sum.update(part);
    }
    let sum: [u8; 32] = sum.finalize().into();
    *sum.first_chunk().expect("no id is longer than the sum that it is cut from")
}

#[cfg(test)]
mod tests {
    use jiff::civil::datetime;

    use super::*;

    #[test]
    fn a_mark_is_a_number_or_the_rank_of_its_word() {
        for (text, value, significant) in [
            ("15,5", "15.5", 0),
            ("15,00", "15", 0),
            ("0", "0", 0),
            ("|1", "-1", 1),
            ("|2", "-1", 2),
            ("|3", "-1", 3),
            ("|4", "-1", 4),
            ("|5|20", "-1", 5),
            ("|6", "-1", 6),
            ("|7", "-1", 7),
            ("|8", "-1", 8),
            ("|9", "-1", 9),
            ("|0", "-1", 9),
            ("|4000", "-1", 9),
            ("", "-1", -1),
            ("bien", "-1", -1),
        ] {
            let mark = Mark::read(text);
            assert_eq!(serde_json::to_string(&Number::of(mark)).unwrap(), value, "{text}");
            assert_eq!(rank(mark), significant, "{text}");
        }
        assert_eq!(serde_json::to_string(&Number(1e300)).unwrap(), "1e+300");
    }

    #[test]
    fn dates_and_lengths_are_written_as_its_readers_split_them() {
        assert_eq!(stamp(datetime(2026, 9, 7, 8, 5, 59, 0)), "2026-09-07 08:05");
        assert_eq!(midnight(datetime(2026, 9, 7, 8, 5, 0, 0).date()), "2026-09-07 00:00");
        assert_eq!(serde_json::to_string(&seconds(Some(60))).unwrap(), "3600.0");
        assert_eq!(serde_json::to_string(&seconds(None)).unwrap(), "null");
    }

    #[test]
    fn a_sum_tells_its_parts_apart() {
        assert_ne!(digest::<9>("a", &["ab", "c"]), digest::<9>("a", &["a", "bc"]));
        assert_ne!(digest::<9>("a", &["b"]), digest::<9>("c", &["b"]));
    }
}
