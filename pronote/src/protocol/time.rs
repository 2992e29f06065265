//! Dates and hours as PRONOTE writes them: local time of the school, no zone.
//!

use jiff::civil::{Date, DateTime, Time};

/// Reads `07/09/2026`, `07/09/2026 08:00:00`, `7/9/2026 8:0`, `07/09/26 08h00`.
pub fn date_time(text: &str) -> Option<DateTime> {
    let mut words = text.split_ascii_whitespace();
    let mut numbers = words.next()?.splitn(3, '/');
    let day = numbers.next()?.parse().ok()?;
    let month = numbers.next()?.parse().ok()?;
    let year: i16 = numbers.next()?.parse().ok()?;
    let year = if (0..100).contains(&year) { year + 2000 } else { year };
    let date = Date::new(year, month, day).ok()?;
    let time = words.next().map_or(Some(Time::midnight()), time)?;
    Some(date.to_datetime(time))
}

/// Reads the day only.
pub fn date(text: &str) -> Option<Date> {
    date_time(text).map(DateTime::date)
}

/// Reads `08h00`, `8:00`, `08:00:00`.
pub fn time(text: &str) -> Option<Time> {
    let mut numbers = text.trim().split([':', 'h', 'H']).map(str::trim);
    let hour = numbers.next()?.parse().ok()?;
    let mut number = || match numbers.next() {
        None | Some("") => Some(0),
        Some(text) => text.parse().ok(),
    };
    Time::new(hour, number()?, number()?, 0).ok()
}

/// Reads a length, `2h00`, in minutes.
pub fn minutes(text: &str) -> Option<u32> {
    let (hours, minutes) = text.trim().split_once(['h', 'H', ':'])?;
    let minutes = if minutes.is_empty() { 0 } else { minutes.parse().ok()? };
    hours.trim().parse::<u32>().ok()?.checked_mul(60)?.checked_add(minutes)
}

/// Writes `7/9/2026 8:0:0`, as the official client does.
pub fn write(moment: DateTime) -> String {
    let (date, time) = (moment.date(), moment.time());
    format!(
        "{}/{}/{} {}:{}:{}",
        date.day(),
        date.month(),
        date.year(),
        time.hour(),
        time.minute(),
        time.second()
    )
}

/// Writes `07/09/2026 08:00:00`, as servers do.
pub fn write_padded(moment: DateTime) -> String {
    moment.strftime("%d/%m/%Y %H:%M:%S").to_string()
}

/// The week of a day, where the week of the school's first Monday is 1; `None` before it.
pub fn week(day: Date, first_monday: Date) -> Option<u32> {
    let days = first_monday.until(day).ok()?.get_days();
    u32::try_from(days.div_euclid(7) + 1).ok().filter(|week| *week > 0)
}

/// The Monday on or before a day.
pub fn monday(day: Date) -> Date {
    let past = jiff::Span::new().days(day.weekday().to_monday_zero_offset());
    day.saturating_sub(past)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date as d, datetime as dt, time as t};

    use super::*;

    #[test]
    fn dates_are_read_in_each_of_their_forms() {
        for (text, read) in [
            ("07/09/2026", Some(dt(2026, 9, 7, 0, 0, 0, 0))),
            ("07/09/2026 08:05:30", Some(dt(2026, 9, 7, 8, 5, 30, 0))),
            ("7/9/2026 8:5", Some(dt(2026, 9, 7, 8, 5, 0, 0))),
            ("07/09/26 14h05", Some(dt(2026, 9, 7, 14, 5, 0, 0))),
            ("31/02/2026", None),
            ("07/09", None),
            ("", None),
            ("07/09/2026 25:00:00", None),
            ("07/09/99999", None),
        ] {
            assert_eq!(date_time(text), read, "{text}");
        }
    }

    #[test]
    fn hours_and_lengths_are_read() {
        assert_eq!(time("08h00"), Some(t(8, 0, 0, 0)));
        assert_eq!(time("8h"), Some(t(8, 0, 0, 0)));
        assert_eq!(time("midi"), None);
        assert_eq!(minutes("4h30"), Some(270));
        assert_eq!(minutes("2h"), Some(120));
        assert_eq!(minutes("99999999h00"), None);
    }

    #[test]
    fn what_is_written_is_read() {
        let moment = dt(2026, 9, 7, 8, 0, 0, 0);
        assert_eq!(write(moment), "7/9/2026 8:0:0");
        assert_eq!(write_padded(moment), "07/09/2026 08:00:00");
        assert_eq!(date_time(&write(moment)), Some(moment));
        assert_eq!(date_time(&write_padded(moment)), Some(moment));
    }

    #[test]
    fn weeks_count_from_the_first_monday() {
        let first = d(2026, 8, 31);
        for (day, number) in [
            (d(2026, 8, 31), Some(1)),
            (d(2026, 9, 6), Some(1)),
            (d(2026, 9, 7), Some(2)),
            (d(2026, 8, 30), None),
            (d(2027, 7, 4), Some(44)),
        ] {
            assert_eq!(week(day, first), number, "{day}");
        }
        assert_eq!(monday(d(2026, 9, 6)), first);
        assert_eq!(monday(first), first);
    }
}
