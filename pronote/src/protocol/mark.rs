//! Marks: a number with a decimal comma, or one of PRONOTE's words.
//!

use std::fmt;

use serde::{Deserialize, Serialize};

/// A mark, an average or a scale.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// `15,5`
    Number(f64),
    /// `|1`
    Absent,
    /// `|2`
    Exempt,
    /// `|3`
    NotMarked,
    /// `|4`
    Unfit,
    /// `|5`
    NotHandedIn,
    /// `|6`: absent, counted as zero.
    AbsentZero,
    /// `|7`: not handed in, counted as zero.
    NotHandedInZero,
    /// `|8`
    Congratulations,
    /// Any other word of PRONOTE's.
    Other(u32),
}

impl Mark {
    /// Reads `15,5`, `12.5`, `|1`, `|1|20`; nothing where the text is empty or unknown.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(word) = text.strip_prefix('|') {
            // A word may be followed by the scale.
            let code = word.split('|').next()?.trim().parse().ok()?;
            return Some(Self::of_code(code));
        }
        let number: f64 = text.replace(',', ".").parse().ok()?;
        number.is_finite().then_some(Self::Number(number))
    }

    /// The number, where it is one.
    pub fn number(self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The number of PRONOTE's word, where it is one: 1 is [`Mark::Absent`].
    pub fn code(self) -> Option<u32> {
        match self {
            Self::Number(_) => None,
            Self::Absent => Some(1),
            Self::Exempt => Some(2),
            Self::NotMarked => Some(3),
            Self::Unfit => Some(4),
            Self::NotHandedIn => Some(5),
            Self::AbsentZero => Some(6),
            Self::NotHandedInZero => Some(7),
            Self::Congratulations => Some(8),
            Self::Other(code) => Some(code),
        }
    }

    fn of_code(code: u32) -> Self {
        match code {
            1 => Self::Absent,
            2 => Self::Exempt,
            3 => Self::NotMarked,
            4 => Self::Unfit,
            5 => Self::NotHandedIn,
            6 => Self::AbsentZero,
            7 => Self::NotHandedInZero,
            8 => Self::Congratulations,
            code => Self::Other(code),
        }
    }
}

impl fmt::Display for Mark {
    /// As PRONOTE writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => f.write_str(&number.to_string().replace('.', ",")),
            word => write!(f, "|{}", word.code().unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_and_written() {
        for (text, mark, written) in [
            ("15,5", Some(Mark::Number(15.5)), "15,5"),
            ("12.25", Some(Mark::Number(12.25)), "12,25"),
            ("20", Some(Mark::Number(20.0)), "20"),
            ("|1", Some(Mark::Absent), "|1"),
            ("|8|20", Some(Mark::Congratulations), "|8"),
            ("|9", Some(Mark::Other(9)), "|9"),
            ("", None, ""),
            ("|", None, ""),
            ("NaN", None, ""),
            ("inf", None, ""),
            ("très bien", None, ""),
        ] {
            assert_eq!(Mark::read(text), mark, "{text}");
            assert_eq!(mark.map_or(String::new(), |mark| mark.to_string()), written);
        }
    }
}
