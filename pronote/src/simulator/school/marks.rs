//! Marks, averages and evaluations.
//!
//! A mark's number is made of pupil, term, subject and rank.

use jiff::ToSpan;
use jiff::civil::Date;

use super::calendar::Calendar;
use super::people::SUBJECTS;
use super::scatter;

#[derive(Clone, Debug)]
pub(crate) struct Mark {
    pub number: u32,
    pub subject: u32,
    pub term: u32,
    pub date: Date,
    /// As it is sent: `14,5`, `|1`, or nothing at all.
    pub value: String,
    pub scale: u32,
    pub coefficient: f64,
    pub comment: &'static str,
    pub note: &'static str,
    pub is_bonus: bool,
    pub is_optional: bool,
    pub is_out_of_20: bool,
    pub is_in_group: bool,
    pub has_statistics: bool,
    pub paper: Option<&'static str>,
    pub correction: Option<&'static str>,
}

/// Words in the place of a mark; the last two are for programs that trust tables.
const WORDS: [&str; 10] = ["|1", "|2", "|3", "|4", "|5|20", "|6", "|7", "|8", "", "|9"];

const COMMENTS: [&str; 6] = [
    "Contrôle n°1 : « fractions » & décimaux",
    "",
    "Interro surprise 😱",
    "DM <à rendre>",
    "Exposé oral — l'île mystérieuse",
    "TP noté",
];

/// The marks of a pupil in a term (0 to 2), in order of date, as far as `today`.
pub(crate) fn marks(calendar: &Calendar, pupil: u32, term: u32, today: Date) -> Vec<Mark> {
    let Some(period) = usize::try_from(term).ok().and_then(|term| calendar.periods.get(term))
    else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for subject in 0..subjects() {
        for rank in 0..3 + scatter(subject) % 3 {
            let number = pupil << 12 | term << 10 | subject << 4 | rank;
            let seed = scatter(number);
            let days = i32::try_from(7 + rank * 16 + seed % 11).expect("small");
            let date = calendar.next_open(period.from.saturating_add(days.days()));
            if date <= today.max(period.from.saturating_add(40.days())) && date <= period.to {
                out.push(mark(number, subject, term, date, seed));
            }
        }
    }
    out.sort_by_key(|mark| mark.date);
    out
}

/// A pupil's average over 20 in a subject, or in all of them.
pub(crate) fn average(marks: &[Mark], subject: Option<u32>) -> Option<f64> {
    let (mut sum, mut weight) = (0.0, 0.0);
    for mark in marks {
        let counts = subject.is_none_or(|subject| subject == mark.subject)
            && !mark.is_bonus
            && !mark.is_optional;
        let value = match mark.value.as_str() {
            "|6" | "|7" => Some(0.0),
            text => text.replace(',', ".").parse::<f64>().ok(),
        };
        if let (true, Some(value)) = (counts, value) {
            sum += value * 20.0 / f64::from(mark.scale) * mark.coefficient;
            weight += mark.coefficient;
        }
    }
    (weight > 0.0).then(|| sum / weight)
}

/// `14,53`
pub(crate) fn written(value: f64) -> String {
    format!("{value:.2}").replace('.', ",")
}

pub(crate) fn subjects() -> u32 {
    u32::try_from(SUBJECTS.len()).expect("ten subjects")
}

/// What the class had, around the same seed: average, highest, lowest.
pub(crate) fn class_figures(seed: u32, scale: u32) -> (f64, f64, f64) {
    let share = |low: u32, span: u32, salt: u32| {
        f64::from(low + scatter(seed ^ salt) % span) / 100.0 * f64::from(scale)
    };
    (share(50, 20, 1), share(85, 16, 2), share(5, 30, 3))
}

fn mark(number: u32, subject: u32, term: u32, date: Date, seed: u32) -> Mark {
    let scale = if seed.is_multiple_of(5) { 10 } else { 20 };
    // The demonstration pupil is spared what pronotepy cannot read: words beyond the eighth.
    let words = if number >> 12 == 0 { 9 } else { 10 };
    let value = match seed % 13 {
        0 => (*super::pick(WORDS.get(..words).unwrap_or(&WORDS), seed)).to_owned(),
        1 => scale.to_string(),
        2 => "0".to_owned(),
        _ => written(f64::from(40 + seed / 7 % 57) / 100.0 * f64::from(scale)),
    };
    let comment = *super::pick(&COMMENTS, seed ^ 5);
    Mark {
        number,
        subject,
        term,
        date,
        value,
        scale,
        coefficient: *super::pick(&[1.0, 1.0, 2.0, 0.5, 3.0], seed ^ 9),
        comment,
        note: if seed.is_multiple_of(7) { "Bien, mais l'orthographe… <à revoir>" } else { "" },
        is_bonus: seed % 17 == 3,
        is_optional: seed % 19 == 4,
        is_out_of_20: scale == 10 && seed.is_multiple_of(2),
        is_in_group: subject == 3,
        has_statistics: !seed.is_multiple_of(6),
        paper: (seed % 8 == 2).then_some("sujet n°1 — énoncé.pdf"),
        correction: (seed % 8 == 2).then_some("corrigé & barème.pdf"),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_class_of_marks_holds_words_bonuses_and_gaps() {
        let today = date(2027, 6, 30);
        let calendar = Calendar::of(today);
        let all: Vec<_> = (0..12)
            .flat_map(|pupil| (0..3).flat_map(move |term| [(pupil, term)]))
            .flat_map(|(pupil, term)| marks(&calendar, pupil, term, today))
            .collect();
        for word in WORDS {
            assert!(all.iter().any(|mark| mark.value == word), "{word:?}");
        }
        assert!(all.iter().any(|mark| mark.is_bonus) && all.iter().any(|mark| mark.is_optional));
        assert!(all.iter().any(|mark| !mark.has_statistics && mark.paper.is_some()));
        let demonstration: Vec<_> = all.iter().filter(|mark| mark.number >> 12 == 0).collect();
        assert!(demonstration.iter().all(|mark| mark.value != "|9"));
    }

    #[test]
    fn an_average_weighs_and_scales() {
        let mark = |value: &str, scale, coefficient, is_bonus| Mark {
            value: value.into(),
            scale,
            coefficient,
            is_bonus,
            ..mark(1 << 12, 0, 0, date(2026, 9, 10), 1)
        };
        let marks =
            [mark("10", 20, 1.0, false), mark("9,5", 10, 3.0, false), mark("1", 20, 9.0, true)];
        assert_eq!(average(&marks, Some(0)).map(written).as_deref(), Some("16,75"));
        assert_eq!(average(&marks, Some(1)), None);
    }
}
