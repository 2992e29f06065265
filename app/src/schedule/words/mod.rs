//! What this room says to people, in French and in English side by side.
//!

mod changes;
mod differences;
mod warnings;
mod why;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Span, written_time};

/// A sentence, or a part of one, in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Words<T = String> {
    /// In English.
    #[schema(value_type = String)]
    pub en: T,
    /// In French.
    #[schema(value_type = String)]
    pub fr: T,
}

impl Words {
    /// A sentence in English and in French.
    pub fn new(en: impl Into<String>, fr: impl Into<String>) -> Self {
        Self { en: en.into(), fr: fr.into() }
    }
}

/// `Monday 9 November 2026`, `lundi 9 novembre 2026`.
pub fn date(date: Date) -> Words {
    let month = usize::try_from(date.month()).ok().and_then(|month| MONTHS.get(month - 1));
    let Words { en, fr } = month.copied().unwrap_or_default();
    let Words { en: english, fr: french } = weekday(date.weekday());
    let (day, year) = (date.day(), date.year());
    let first = if day == 1 { "er" } else { "" };
    Words::new(format!("{english} {day} {en} {year}"), format!("{french} {day}{first} {fr} {year}"))
}

/// `Monday`, `lundi`.
pub fn weekday(weekday: Weekday) -> Words<&'static str> {
    match weekday {
        Weekday::Monday => Words { en: "Monday", fr: "lundi" },
        Weekday::Tuesday => Words { en: "Tuesday", fr: "mardi" },
        Weekday::Wednesday => Words { en: "Wednesday", fr: "mercredi" },
        Weekday::Thursday => Words { en: "Thursday", fr: "jeudi" },
        Weekday::Friday => Words { en: "Friday", fr: "vendredi" },
        Weekday::Saturday => Words { en: "Saturday", fr: "samedi" },
        Weekday::Sunday => Words { en: "Sunday", fr: "dimanche" },
    }
}

/// `on Monday 9 November 2026`, or `from … to …`.
fn dates(from: Date, to: Date) -> Words {
    let (first, last) = (date(from), date(to));
    if from == to {
        return Words::new(format!("on {}", first.en), format!("le {}", first.fr));
    }
    Words::new(
        format!("from {} to {}", first.en, last.en),
        format!("du {} au {}", first.fr, last.fr),
    )
}

/// `from 08:00 to 12:00`, `from 08:00 on`.
fn hours(Span { from, to }: Span) -> Words {
    let from = written_time(from);
    match to.map(written_time) {
        Some(to) => Words::new(format!("from {from} to {to}"), format!("de {from} à {to}")),
        None => Words::new(format!("from {from} on"), format!("à partir de {from}")),
    }
}

/// Something with a name, quoted; nothing where it has none.
fn quoted(name: &str) -> Words {
    if name.is_empty() {
        return Words::default();
    }
    Words::new(format!(" “{name}”"), format!(" « {name} »"))
}

/// A number of things.
fn counted(count: i64, one: Words<&str>, several: Words<&str>) -> Words {
    let of = |one: &str, several: &str, single: bool| {
        format!("{count} {}", if single { one } else { several })
    };
    // None is plural in English and singular in French.
    Words::new(of(one.en, several.en, count.abs() == 1), of(one.fr, several.fr, count.abs() <= 1))
}

const fn month(en: &'static str, fr: &'static str) -> Words<&'static str> {
    Words { en, fr }
}

const MONTHS: [Words<&str>; 12] = [
    month("January", "janvier"),
    month("February", "février"),
    month("March", "mars"),
    month("April", "avril"),
    month("May", "mai"),
    month("June", "juin"),
    month("July", "juillet"),
    month("August", "août"),
    month("September", "septembre"),
    month("October", "octobre"),
    month("November", "novembre"),
    month("December", "décembre"),
];

#[cfg(test)]
mod tests {
    use jiff::civil;

    use super::*;

    #[test]
    fn dates_are_written_as_each_language_does() {
        let words = dates(civil::date(2026, 9, 1), civil::date(2026, 12, 31));
        assert_eq!(words.en, "from Tuesday 1 September 2026 to Thursday 31 December 2026");
        assert_eq!(words.fr, "du mardi 1er septembre 2026 au jeudi 31 décembre 2026");
    }
}
