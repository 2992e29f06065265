//! The wire's typed values, as a server writes and reads them.
//!
//! `{"_T": 24, "V": …}` and its sisters. Dates are local school time.

mod text;

use jiff::civil::{Date, DateTime};
use serde_json::Value;

pub(crate) use text::{Fields, Json, Write, object};

/// A list of elements (`_T` 24).
pub(crate) fn list(items: impl IntoIterator<Item = Json>) -> Json {
    typed(24, Json::array(items))
}

/// One element (`_T` 24).
pub(crate) fn element(item: Json) -> Json {
    typed(24, item)
}

/// A day (`_T` 7): `04/09/2026`.
pub(crate) fn day(date: Date) -> Json {
    typed(7, format!("{:02}/{:02}/{}", date.day(), date.month(), date.year()))
}

/// A moment (`_T` 7): `04/09/2026 08:00:00`.
pub(crate) fn moment(at: DateTime) -> Json {
    let (date, time) = (at.date(), at.time());
    let (day, month, year) = (date.day(), date.month(), date.year());
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    typed(7, format!("{day:02}/{month:02}/{year} {hour:02}:{minute:02}:{second:02}"))
}

/// A domain of integers (`_T` 8): `[1,3..5]`.
pub(crate) fn domain(text: impl Write) -> Json {
    typed(8, text)
}

/// Days of the week (`_T` 11): `[1..5]`.
pub(crate) fn days(text: impl Write) -> Json {
    typed(11, text)
}

/// A mark (`_T` 10): `14,5`, `|1`.
pub(crate) fn mark(text: impl Write) -> Json {
    typed(10, text)
}

/// HTML (`_T` 21).
pub(crate) fn html(text: impl Write) -> Json {
    typed(21, text)
}

/// A raw text, mostly an address (`_T` 23).
pub(crate) fn raw(text: impl Write) -> Json {
    typed(23, text)
}

/// A file beside the secured part (`_T` 25), by its rank.
pub(crate) fn attached(rank: u32) -> Json {
    typed(25, rank)
}

/// A set of numbers (`_T` 26): `[0..3]`.
pub(crate) fn set(text: impl Write) -> Json {
    typed(26, text)
}

/// The integers of a domain or set, at most `limit` of them: `[1,3..5]` is 1, 3, 4, 5.
pub(crate) fn integers(text: &str, limit: usize) -> Vec<i32> {
    let inner = text.trim().trim_start_matches('[').trim_end_matches(']');
    let mut out = Vec::new();
    for part in inner.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (from, to) = part.split_once("..").unwrap_or((part, part));
        let (Ok(from), Ok(to)) = (from.trim().parse::<i32>(), to.trim().parse::<i32>()) else {
            continue;
        };
        out.extend((from..=to).take(limit.saturating_sub(out.len())));
    }
    out
}

/// The day of a date that a client sent: `4/9/2026 0:0:0`, padded or not.
pub(crate) fn read_day(value: &Value) -> Option<Date> {
    let text = value.get("V").unwrap_or(value).as_str()?;
    let mut parts = text.split_whitespace().next()?.split('/');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// The text of a value that may be plain or typed.
pub(crate) fn text(value: &Value) -> Option<&str> {
    value.get("V").unwrap_or(value).as_str()
}

fn typed(kind: u8, value: impl Write) -> Json {
    let mut fields = Fields::new();
    fields.add("\"_T\":", kind);
    fields.add("\"V\":", value);
    fields.end()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn domains_are_read_and_bounded() {
        for (text, limit, expected) in [
            ("[1,3..5]", 99, vec![1, 3, 4, 5]),
            ("[]", 99, vec![]),
            ("[7]", 99, vec![7]),
            ("[1..2000000000]", 3, vec![1, 2, 3]),
            ("[a,2]", 99, vec![2]),
        ] {
            assert_eq!(integers(text, limit), expected, "{text}");
        }
    }

    #[test]
    fn dates_need_no_padding() {
        let expected = jiff::civil::date(2026, 9, 4);
        for text in ["4/9/2026 0:0:0", "04/09/2026", "04/09/2026 08:00:00"] {
            assert_eq!(read_day(&json!({ "_T": 7, "V": text })), Some(expected), "{text}");
        }
        assert_eq!(read_day(&json!("31/02/2026")), None);
    }
}
