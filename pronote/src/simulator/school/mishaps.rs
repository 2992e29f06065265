//! What goes wrong with a timetable, and what is in no grid.
//!

use jiff::ToSpan;

use super::calendar::Calendar;
use super::scatter;
use super::timetable::{Entry, Lesson, number, teacher_of};

/// One lesson, or what became of it.
pub(crate) fn upset(mut lesson: Lesson, out: &mut Vec<Lesson>) {
    let other = |lesson: &Lesson, shift| Lesson { number: lesson.number + shift, ..lesson.clone() };
    match scatter(lesson.number) % 29 {
        0 => {
            lesson.is_cancelled = true;
            lesson.status = Some("Prof. absent");
        }
        1 => {
            // Moved to the end of the same day: it shows twice.
            let mut moved = other(&lesson, 64);
            (moved.place, moved.length) = (18, 2);
            (moved.rank, moved.status) = (20, Some("Cours déplacé"));
            out.push(moved);
            lesson.is_cancelled = true;
            lesson.status = Some("Cours déplacé");
        }
        2 => {
            let mut substitute = other(&lesson, 64);
            (substitute.rank, substitute.kind) = (20, 4);
            substitute.status = Some("Remplacement");
            substitute.teachers = vec![(teacher_of(lesson.subject.unwrap_or(0)) + 1) % 10];
            substitute.rooms = vec![5];
            out.push(substitute);
            lesson.is_cancelled = true;
            lesson.status = Some("Prof./pers. absent");
        }
        3 => {
            lesson.status = Some("Changement de salle");
            lesson.rooms = vec![6];
        }
        4 => {
            lesson.status = Some("Cours modifié");
            lesson.teachers = vec![0, 5];
            lesson.rooms = vec![0, 1, 4];
        }
        5 => lesson.is_test = true,
        6 => lesson.memo = Some("Apporter la règle 📏 & le compas — <b>obligatoire</b> !\nMerci."),
        7 => lesson.meeting = Some("https://visio.example/salle?cours=1&clé=é"),
        8 => {
            lesson.is_exempted = true;
            lesson.status = Some("Dispensé");
        }
        9 => (lesson.teachers, lesson.rooms) = (vec![], vec![]),
        10 => {
            // Two groups at the same hour: neither hides the other.
            let mut twin = other(&lesson, 64);
            twin.group = Some("3A soutien 🧮");
            twin.subject = Some((lesson.subject.unwrap_or(0) + 1) % 10);
            out.push(twin);
        }
        11 => lesson.subject = None,
        12 => {
            lesson.kind = 3;
            lesson.status = Some("Cours maintenu");
        }
        _ => {}
    }
    out.push(lesson);
}

/// What is in no grid: detentions, an outing, the council of the class.
pub(crate) fn extras(calendar: &Calendar, class: u32, week: i32, out: &mut Vec<Lesson>) {
    let entry = |rank, entry, day: i32, place, length| Lesson {
        number: number(class, week, rank),
        entry,
        date: calendar.monday(week).saturating_add(day.days()),
        place,
        length,
        subject: None,
        teachers: vec![],
        rooms: vec![],
        group: None,
        rank: 30,
        kind: u32::from(entry == Entry::Council),
        status: None,
        is_cancelled: false,
        is_exempted: false,
        is_test: false,
        memo: None,
        meeting: None,
        until: None,
    };
    if week % 7 == 5 {
        out.push(entry(200, Entry::Detention, 2, 10, 4));
    }
    if week % 9 == 4 {
        // Two days, over the lessons of both.
        let mut outing = entry(201, Entry::Outing, 3, 0, 20);
        outing.until = Some(calendar.monday(week).saturating_add(4.days()).at(16, 20, 0, 0));
        out.push(outing);
    }
    if calendar.periods.iter().take(3).any(|term| calendar.week(term.to) == week + 1) {
        let mut council = entry(202, Entry::Council, 1, 18, 2);
        council.rooms = vec![5];
        out.push(council);
    }
    out.retain(|lesson| calendar.is_open(lesson.date));
}
