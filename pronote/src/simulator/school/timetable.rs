//! Lessons: a weekly grid, and what goes wrong with it.
//!
//! A lesson's number is made of class, week and rank in the week, so an id leads back to it without a table.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

use super::calendar::{Calendar, end, start_of};
use super::mishaps::{extras, upset};
use super::people::{SUBJECTS, row};
use super::scatter;

/// One line of the grid: day, first place, places, subject, fortnight (0 both), group.
type Slot = (i32, u32, u32, u32, i32, Option<&'static str>);

const GRID: [Slot; 26] = [
    (0, 0, 2, 0, 0, None),
    (0, 2, 2, 1, 0, None),
    (0, 4, 2, 2, 0, None),
    (0, 6, 2, 3, 0, Some("3ANG1.GR2")),
    (0, 12, 2, 5, 1, None),
    (0, 12, 2, 6, 2, None),
    (0, 14, 2, 4, 0, Some("<ESP> & GR.1")),
    (1, 0, 2, 1, 0, None),
    (1, 2, 4, 7, 0, None),
    (1, 6, 2, 0, 0, None),
    (1, 12, 4, 5, 2, Some("3A gr. labo")),
    (1, 16, 2, 9, 0, Some("3LATIN")),
    (2, 0, 2, 3, 0, Some("3ANG1.GR2")),
    (2, 2, 2, 2, 0, None),
    (2, 4, 2, 1, 0, None),
    (2, 6, 2, 8, 1, None),
    (3, 1, 1, 0, 0, None),
    (3, 2, 2, 6, 0, None),
    (3, 4, 2, 4, 0, Some("<ESP> & GR.1")),
    (3, 12, 2, 1, 0, None),
    (3, 14, 2, 2, 1, None),
    (4, 0, 2, 0, 0, None),
    (4, 2, 2, 3, 0, Some("3ANG1.GR2")),
    (4, 4, 2, 1, 0, None),
    (4, 12, 2, 8, 2, None),
    (4, 14, 3, 9, 0, Some("3LATIN")),
];

/// What kind of entry of the timetable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    Lesson,
    Council,
    Detention,
    Outing,
}

#[derive(Clone, Debug)]
pub(crate) struct Lesson {
    /// Class, week and rank.
    pub number: u32,
    pub entry: Entry,
    pub date: Date,
    pub place: u32,
    pub length: u32,
    pub subject: Option<u32>,
    pub teachers: Vec<u32>,
    pub rooms: Vec<u32>,
    pub group: Option<&'static str>,
    /// `P`: at the same time the highest is the one that takes place.
    pub rank: u32,
    /// `G` of the lesson: 0 normal, 1 council, 2 replacement, 3 historical, 4 substitute.
    pub kind: u32,
    pub status: Option<&'static str>,
    pub is_cancelled: bool,
    pub is_exempted: bool,
    pub is_test: bool,
    pub memo: Option<&'static str>,
    pub meeting: Option<&'static str>,
    /// Last day, for an outing of several.
    pub until: Option<DateTime>,
}

impl Lesson {
    pub(crate) fn start(&self) -> DateTime {
        start_of(self.date, self.place)
    }

    pub(crate) fn end(&self) -> DateTime {
        self.until.unwrap_or_else(|| self.date.to_datetime(end(self.place + self.length - 1)))
    }

    /// Whether the teacher wrote down what was done.
    pub(crate) fn has_contents(&self) -> bool {
        self.entry == Entry::Lesson
            && !self.is_cancelled
            && (week_of(self.number) == 1 || !scatter(self.number ^ 0xC0).is_multiple_of(4))
    }

    /// Whether there is homework to be done for this lesson.
    pub(crate) fn has_homework(&self) -> bool {
        self.entry == Entry::Lesson
            && !self.is_cancelled
            && scatter(self.number ^ 0xDE).is_multiple_of(3)
    }
}

/// The number of a lesson.
pub(crate) fn number(class: u32, week: i32, rank: u32) -> u32 {
    let week = u32::try_from(week.clamp(0, 99)).expect("clamped");
    class << 16 | week << 8 | rank
}

pub(crate) fn class_of(number: u32) -> u32 {
    number >> 16
}

pub(crate) fn week_of(number: u32) -> i32 {
    i32::try_from(number >> 8 & 0xFF).expect("8 bits")
}

/// The lesson of a number.
pub(crate) fn find(calendar: &Calendar, number: u32) -> Option<Lesson> {
    week(calendar, class_of(number), week_of(number))
        .into_iter()
        .find(|lesson| lesson.number == number)
}

/// All entries of a week, by time and then by rank.
pub(crate) fn week(calendar: &Calendar, class: u32, week: i32) -> Vec<Lesson> {
    if !(1..=calendar.last_week()).contains(&week) {
        return Vec::new();
    }
    let monday = calendar.monday(week);
    let fortnight = 1 + (week + 1) % 2;
    let mut out = Vec::with_capacity(GRID.len() + 6);
    for (line, (day, place, length, subject, only, group)) in (0..).zip(GRID) {
        let date = monday.saturating_add(day.days());
        if (only != 0 && only != fortnight) || !calendar.is_open(date) {
            continue;
        }
        let subject = (subject + class) % 10;
        let lesson = Lesson {
            number: number(class, week, line),
            entry: Entry::Lesson,
            date,
            place,
            length,
            subject: Some(subject),
            teachers: vec![teacher_of(subject)],
            rooms: vec![subject % 8],
            group,
            rank: 10,
            kind: 0,
            status: None,
            is_cancelled: false,
            is_exempted: false,
            is_test: false,
            memo: None,
            meeting: None,
            until: None,
        };
        // The first week is as the grid says: nothing has had the time to go wrong.
        if week == 1 { out.push(lesson) } else { upset(lesson, &mut out) }
    }
    extras(calendar, class, week, &mut out);
    out.sort_by_key(|lesson| (lesson.date, lesson.place, lesson.rank));
    out
}

/// Who teaches a subject.
pub(crate) fn teacher_of(subject: u32) -> u32 {
    u32::try_from(row(&SUBJECTS, subject).teacher).expect("ten teachers")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_year_holds_every_nasty_kind_of_lesson() {
        let calendar = Calendar::of(date(2026, 11, 21));
        let year: Vec<_> =
            (1..=calendar.last_week()).flat_map(|number| week(&calendar, 0, number)).collect();
        let has = |what: fn(&Lesson) -> bool| year.iter().any(what);
        assert!(has(|lesson| lesson.is_cancelled));
        assert!(has(|lesson| lesson.status == Some("Cours déplacé") && !lesson.is_cancelled));
        assert!(has(|lesson| lesson.kind == 4));
        assert!(has(|lesson| lesson.teachers.is_empty() && lesson.rooms.is_empty()));
        assert!(has(|lesson| lesson.subject.is_none() && lesson.entry == Entry::Lesson));
        assert!(has(|lesson| lesson.is_test) && has(|lesson| lesson.is_exempted));
        assert!(has(|lesson| lesson.memo.is_some()) && has(|lesson| lesson.meeting.is_some()));
        for entry in [Entry::Council, Entry::Detention, Entry::Outing] {
            assert!(year.iter().any(|lesson| lesson.entry == entry), "{entry:?}");
        }
        assert!(year.windows(2).any(|pair| match pair {
            [a, b] => a.start() == b.start() && !a.is_cancelled && !b.is_cancelled,
            _ => false,
        }));
    }

    #[test]
    fn a_number_leads_back_to_its_lesson() {
        let calendar = Calendar::of(date(2026, 11, 21));
        for class in 0..3 {
            for lesson in (1..20).flat_map(|number| week(&calendar, class, number)) {
                assert_eq!(
                    find(&calendar, lesson.number).map(|found| found.start()),
                    Some(lesson.start())
                );
            }
        }
    }
}
