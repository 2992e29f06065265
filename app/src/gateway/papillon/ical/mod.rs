//! `/export/ical`: the school's calendar file, or one made from the timetable.
//!

mod event;

use std::ops::RangeInclusive;

use jiff::{Timestamp, ToSpan, civil::Date};
use pronote_client::{School, features::Lesson};

use self::event::Events;
use super::{Asker, Failure, offered, readable};
use crate::ical::Lines;

/// Weeks before and after this one: what an app looks back at, and holidays and a while after them.
const WEEKS: RangeInclusive<i64> = -2..=6;

/// The address of the school's calendar file, which needs no session; nothing where the school
/// has switched it off, and [`calendar`] is to be served. One call.
pub async fn calendar_url(asker: Asker<'_>) -> Result<Option<String>, Failure> {
    let url = readable(asker.client.calendar_url().await)?;
    Ok(url.map(String::from))
}

/// A calendar file of the lessons from two weeks ago to six weeks ahead, holidays left out. Lessons
/// that another stands in for are left out, and cancelled ones are there as cancelled. One call for
/// each week of lessons, nine at most.
pub async fn calendar(asker: Asker<'_>, now: Timestamp) -> Result<String, Failure> {
    let school = asker.client.school();
    let mut lessons = Vec::new();
    for (monday, sunday) in weeks(&school, asker.today) {
        let week = offered(asker.client.timetable(monday, sunday).await)?;
        lessons.extend(week.visible().cloned());
    }
    Ok(file(&lessons, now))
}

/// The weeks that have lessons, from Monday to Sunday.
fn weeks(school: &School, today: Date) -> Vec<(Date, Date)> {
    let monday = today.saturating_sub(i64::from(today.weekday().to_monday_zero_offset()).days());
    let weeks = WEEKS.map(|week| {
        let monday = monday.saturating_add(week.weeks());
        (monday, monday.saturating_add(6.days()))
    });
    let has_lessons = |(monday, sunday): &(Date, Date)| {
        let is_over = school.last_day.is_some_and(|last| *monday > last);
        let is_to_come = school.first_monday.is_some_and(|first| *sunday < first);
        let mut working_days = monday.series(1.day()).take(6);
        !is_over && !is_to_come && !working_days.all(|day| school.is_holiday(day))
    };
    weeks.filter(has_lessons).collect()
}

fn file(lessons: &[Lesson], now: Timestamp) -> String {
    let mut lines = Lines::default();
    for (name, value) in [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//Beffroi//Papillon gateway//FR"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        ("X-WR-CALNAME", "Emploi du temps"),
        ("X-WR-TIMEZONE", "Europe/Paris"),
        ("REFRESH-INTERVAL;VALUE=DURATION", "PT6H"),
        ("X-PUBLISHED-TTL", "PT6H"),
    ] {
        lines.value(name, value);
    }
    let mut events = Events::new(now);
    for lesson in lessons {
        events.add(lesson, &mut lines);
    }
    lines.value("END", "VCALENDAR");
    lines.into_file()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use pronote_client::Holiday;

    use super::*;

    #[test]
    fn a_file_without_lessons_is_a_file() {
        let file = file(&[], Timestamp::UNIX_EPOCH);
        assert!(file.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"));
        assert!(file.ends_with("\r\nEND:VCALENDAR\r\n") && !file.contains("VEVENT"));
    }

    #[test]
    fn no_week_of_holidays_is_asked_for() {
        let holiday = |start, end| Holiday { name: None, start, end };
        let school = School {
            first_monday: Some(date(2026, 8, 31)),
            last_day: Some(date(2027, 7, 2)),
            holidays: vec![
                holiday(date(2026, 10, 17), date(2026, 11, 1)),
                holiday(date(2026, 11, 11), date(2026, 11, 11)),
            ],
            ..School::default()
        };
        for (today, count) in [
            (date(2026, 10, 12), 7), // two weeks of holidays
            (date(2026, 12, 10), 9),
            (date(2026, 9, 1), 7),
            (date(2027, 7, 1), 3),
            (date(2026, 8, 1), 2),
            (date(2026, 1, 1), 0),
        ] {
            assert_eq!(weeks(&school, today).len(), count, "{today}");
        }
        assert_eq!(weeks(&School::default(), date(2026, 1, 1)).len(), 9);
    }
}
