//! Sets of whole numbers: `[1,3..5]`.
//!

use std::{fmt, ops::RangeInclusive};

/// A set of numbers, kept as ranges: a stranger's `[0..4000000000]` costs eight bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Domain(Vec<(u32, u32)>);

impl Domain {
    /// A set of one range.
    pub fn of_range(range: RangeInclusive<u32>) -> Self {
        Self(vec![(*range.start(), *range.end())])
    }

    /// A set of single numbers.
    pub fn of_numbers(numbers: impl IntoIterator<Item = u32>) -> Self {
        Self(numbers.into_iter().map(|number| (number, number)).collect())
    }

    /// Reads `[1,3..5]`, `1,3`, `[]`; what is no number is left out.
    pub fn read(text: &str) -> Self {
        let inner = text.trim().trim_start_matches('[').trim_end_matches(']');
        let range = |part: &str| {
            let (first, last) = part.split_once("..").unwrap_or((part, part));
            Some((first.trim().parse().ok()?, last.trim().parse().ok()?))
        };
        Self(inner.split(',').filter_map(range).filter(|(first, last)| first <= last).collect())
    }

    /// Whether a number is in the set.
    pub fn contains(&self, number: u32) -> bool {
        self.0.iter().any(|(first, last)| (*first..=*last).contains(&number))
    }

    /// Whether the set has no number.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Its numbers; a stranger's set may have billions, so take what is needed.
    pub fn numbers(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().flat_map(|(first, last)| *first..=*last)
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (place, (first, last)) in self.0.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            if first == last {
                write!(f, "{comma}{first}")?;
            } else {
                write!(f, "{comma}{first}..{last}")?;
            }
        }
        f.write_str("]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_read_and_written() {
        for (text, numbers, written) in [
            ("[1,3..5]", vec![1, 3, 4, 5], "[1,3..5]"),
            ("2", vec![2], "[2]"),
            ("[]", vec![], "[]"),
            ("[a,4,6..2,7.. 8]", vec![4, 7, 8], "[4,7..8]"),
        ] {
            let set = Domain::read(text);
            assert_eq!(set.numbers().collect::<Vec<_>>(), numbers, "{text}");
            assert_eq!(set.to_string(), written);
        }
        assert!(Domain::read("[0..4294967295]").contains(4_000_000_000));
        assert!(Domain::read("").is_empty());
    }
}
