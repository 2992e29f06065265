//! Versions of PRONOTE: `2026.2.6`.
//!

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A server's version; the first number is the school year it was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Version {
    /// The year: `2026`.
    pub year: u16,
    /// The second number.
    pub major: u16,
    /// The third number.
    pub minor: u16,
}

/// Why a text is no version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a version such as 2026.2.6")]
pub struct InvalidVersion;

impl Version {
    /// `year.major.minor`
    pub const fn new(year: u16, major: u16, minor: u16) -> Self {
        Self { year, major, minor }
    }

    /// The first version that a text names after the word PRONOTE.
    pub fn find(text: &str) -> Option<Self> {
        text.match_indices("PRONOTE").find_map(|(at, word)| {
            let rest = text.get(at + word.len()..)?.trim_start_matches(['\u{a0}', ' ']);
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            rest.get(..end)?.parse().ok()
        })
    }
}

impl FromStr for Version {
    type Err = InvalidVersion;

    /// Two numbers are enough, and a fourth is left out.
    fn from_str(text: &str) -> Result<Self, InvalidVersion> {
        let mut numbers = text.trim().trim_end_matches('.').split('.').map(str::parse);
        let (Some(Ok(year)), Some(Ok(major))) = (numbers.next(), numbers.next()) else {
            return Err(InvalidVersion);
        };
        let minor = numbers.next().unwrap_or(Ok(0)).map_err(|_| InvalidVersion)?;
        if (2000..3000).contains(&year) {
            Ok(Self { year, major, minor })
        } else {
            Err(InvalidVersion)
        }
    }
}

impl TryFrom<String> for Version {
    type Error = InvalidVersion;

    fn try_from(text: String) -> Result<Self, InvalidVersion> {
        text.parse()
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.to_string()
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.year, self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_a_page() {
        for (text, found) in [
            ("<p>PRONOTE 2026.2.6 - Espace Élèves</p>", Some(Version::new(2026, 2, 6))),
            ("PRONOTE et PRONOTE 2024.3.11.", Some(Version::new(2024, 3, 11))),
            ("PRONOTE 2025.1.3.7", Some(Version::new(2025, 1, 3))),
            ("PRONOTE\u{a0}2025.2", Some(Version::new(2025, 2, 0))),
            ("PRONOTE 12", None),
            ("PRONOTE 1.2.3", None),
            ("PRONOTE", None),
        ] {
            assert_eq!(Version::find(text), found, "{text}");
        }
    }

    #[test]
    fn versions_are_ordered_by_number() {
        assert!(Version::new(2024, 3, 11) > Version::new(2024, 3, 9));
        assert!(Version::new(2026, 1, 0) > Version::new(2025, 9, 9));
    }
}
