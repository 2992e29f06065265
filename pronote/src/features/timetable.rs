//! The timetable, and which of two lessons at one time is the one to see.
//!

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;

use super::{MAX_WEEKS, Subject, handle, keyed, subject};
use crate::{
    Client, Error, Key,
    client::{Feature, View},
    error::Unavailable,
    key::{Handle, part, tell_apart},
    protocol::{tab, value::Node},
    school::School,
};

const FEATURE: Feature =
    Feature { name: "the timetable", function: "PageEmploiDuTemps", tab: tab::TIMETABLE };

/// The lessons of some days, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Timetable {
    /// Every lesson, moved and cancelled ones too.
    pub lessons: Vec<Lesson>,
}

/// One lesson.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// Its name in every session.
    pub key: Key,
    /// When it starts.
    pub start: DateTime,
    /// When it ends, where PRONOTE says or the school's hours tell.
    pub end: Option<DateTime>,
    /// The subject.
    pub subject: Option<Subject>,
    /// The teachers, and others of the staff.
    pub teachers: Vec<String>,
    /// The rooms.
    pub rooms: Vec<String>,
    /// The groups, or parts of classes.
    pub groups: Vec<String>,
    /// What it is.
    pub kind: LessonKind,
    /// PRONOTE's rank among lessons at one time: the highest is the one to see.
    pub rank: i64,
    /// `Cours annulé`, `Prof. absent`
    pub status: Option<String>,
    /// It does not take place.
    pub is_cancelled: bool,
    /// It is a detention.
    pub is_detention: bool,
    /// It is an outing.
    pub is_outing: bool,
    /// The pupil is exempted from it.
    pub is_exempted: bool,
    /// A test is announced.
    pub is_test: bool,
    /// A note of the school's.
    pub memo: Option<String>,
    /// Why, for an outing or a detention.
    pub reason: Option<String>,
    /// Video conferences.
    pub video_links: Vec<Url>,
    /// `#RRGGBB`
    pub color: Option<String>,
    /// The lesson that stands in its place.
    pub replaced_by: Option<Key>,
    #[serde(skip)]
    pub(crate) handle: Option<Handle>,
}

/// What a lesson is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LessonKind {
    /// A lesson.
    Lesson,
    /// A class council.
    ClassCouncil,
    /// A replacement.
    Replacement,
    /// One of the past.
    Historical,
    /// A substitute.
    Substitute,
    /// Another kind, as PRONOTE numbers it.
    Other(i64),
}

keyed!(Lesson);

impl Client {
    /// The lessons from one day to another, both included; one call for each week.
    ///
    /// ```no_run
    /// # async fn example(client: pronote_client::Client) -> Result<(), pronote_client::Error> {
    /// use jiff::civil::date;
    ///
    /// let day = date(2026, 9, 7);
    /// for lesson in client.timetable(day, day).await?.visible() {
    ///     println!("{} {:?} {:?}", lesson.start, lesson.subject, lesson.rooms);
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn timetable(&self, from: Date, to: Date) -> Result<Timetable, Error> {
        let mut lessons = Vec::new();
        for week in weeks(&self.school(), from, to)? {
            let reply = self
                .call(FEATURE, |view| {
                    let nothing = Error::unavailable(FEATURE.name, Unavailable::NothingToShow);
                    let resource = view.pupil(self.pupil).ok_or(nothing)?.resource();
                    Ok(json!({
                        "ressource": resource,
                        "Ressource": resource,
                        "numeroSemaine": week,
                        "NumeroSemaine": week,
                        "avecAbsencesEleve": false,
                        "avecRetenuesEleve": true,
                        "avecConseilDeClasse": true,
                        "avecCoursSortiePeda": true,
                        "estEDTPermanence": false,
                        "avecAbsencesRessource": true,
                        "avecDisponibilites": true,
                        "avecInfosPrefsGrille": true,
                    }))
                })
                .await?;
            lessons.extend(read(reply.node(), &reply.view));
        }
        lessons.retain(|lesson| (from..=to).contains(&lesson.start.date()));
        Ok(Timetable::of(lessons))
    }
}

impl Timetable {
    fn of(mut lessons: Vec<Lesson>) -> Self {
        tell_apart(&mut lessons);
        lessons.sort_by_key(|lesson| (lesson.start, -lesson.rank));
        let replaced: Vec<_> = lessons.iter().map(|lesson| replacement(lesson, &lessons)).collect();
        for (lesson, by) in lessons.iter_mut().zip(replaced) {
            lesson.replaced_by = by;
        }
        Self { lessons }
    }

    /// The lessons that PRONOTE's own page shows: without those that another stands in for.
    pub fn visible(&self) -> impl Iterator<Item = &Lesson> {
        self.lessons.iter().filter(|lesson| lesson.replaced_by.is_none())
    }
}

/// The weeks from one day to another.
pub(crate) fn weeks(
    school: &School,
    from: Date,
    to: Date,
) -> Result<std::ops::RangeInclusive<u32>, Error> {
    if school.first_monday.is_none() {
        return Err(Error::unavailable("the school's calendar", Unavailable::Hidden));
    }
    if to < from {
        return Err(Error::Invalid(format!("expected a last day on or after {from}, found {to}")));
    }
    let last = school.week(to).unwrap_or(0);
    // What lies before the school year has no week, and no lessons.
    let first = school.week(from).unwrap_or(1);
    if last >= first && last - first > MAX_WEEKS {
        return Err(Error::Invalid(format!("expected at most {MAX_WEEKS} weeks, found more")));
    }
    Ok(first..=last)
}

// Lessons come in the hundreds at most; those of one day are a dozen.
fn replacement(lesson: &Lesson, all: &[Lesson]) -> Option<Key> {
    let stands_in = |other: &&Lesson| {
        if other.key == lesson.key {
            return false;
        }
        let overlaps = match (lesson.end, other.end) {
            (Some(end), Some(other_end)) => lesson.start < other_end && other.start < end,
            _ => lesson.start == other.start,
        };
        let hides_cancelled = lesson.is_cancelled && !other.is_cancelled && overlaps;
        let outranks = lesson.start == other.start
            && lesson.is_cancelled == other.is_cancelled
            && other.rank > lesson.rank;
        hides_cancelled || outranks
    };
    all.iter().find(stands_in).map(|other| other.key)
}

pub(super) fn read(answer: Node<'_>, view: &View) -> Vec<Lesson> {
    answer.field("ListeCours").list().filter_map(|node| lesson(node, view)).collect()
}

fn lesson(node: Node<'_>, view: &View) -> Option<Lesson> {
    let start = node.field("DateDuCours").date_time()?;
    let place = node.field("place").natural();
    let end = node.field("DateDuCoursFin").date_time().or_else(|| {
        let slots = node.field("duree").natural()?;
        Some(start.date().to_datetime(view.school.end_of(place?, slots)?))
    });
    // A day without hour has its hour in its place.
    let start = match place.and_then(|place| view.school.start_of(place)) {
        Some(hour) if start.time() == jiff::civil::Time::midnight() => {
            start.date().to_datetime(hour)
        }
        _ => start,
    };
    let contents = || node.field("ListeContenus").list();
    let labels = |kinds: &[i64]| -> Vec<String> {
        let of_kind =
            contents().filter(|content| content.kind().is_some_and(|k| kinds.contains(&k)));
        of_kind.filter_map(Node::label).collect()
    };
    let taught = contents().find(|content| content.kind() == Some(16)).and_then(subject);
    let (teachers, groups) = (labels(&[3, 34]), labels(&[2]));
    let times = contents().find(|content| content.field("estHoraire").is_true());
    let name = part(taught.as_ref().map(|subject| &subject.name));
    let key = Key::of(
        "lesson",
        &[&start, &part(end.as_ref()), &name, &teachers.join(","), &groups.join(",")],
    );
    let links = node.field("listeVisios").list().filter_map(|link| link.field("url").text());
    Some(Lesson {
        key,
        start,
        end,
        subject: taught,
        teachers,
        rooms: labels(&[17]),
        groups,
        kind: LessonKind::of_code(node.kind().unwrap_or(0)),
        rank: node.field("P").integer().unwrap_or(0),
        status: node.field("Statut").text(),
        is_cancelled: node.field("estAnnule").is_true(),
        is_detention: node.field("estRetenue").is_true(),
        is_outing: node.field("estSortiePedagogique").is_true(),
        is_exempted: node.field("dispenseEleve").is_there()
            && node.field("dispenseEleve").flag() != Some(false),
        is_test: node.field("cahierDeTextes").field("estDevoir").is_true(),
        memo: node.field("memo").plain(),
        reason: node.field("motif").plain().or_else(|| times.and_then(Node::label)),
        video_links: links.filter_map(|url| Url::parse(&url).ok()).collect(),
        color: node.field("CouleurFond").text(),
        replaced_by: None,
        handle: handle(node, view.epoch),
    })
}

impl LessonKind {
    fn of_code(code: i64) -> Self {
        match code {
            0 => Self::Lesson,
            1 => Self::ClassCouncil,
            2 => Self::Replacement,
            3 => Self::Historical,
            4 => Self::Substitute,
            code => Self::Other(code),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, datetime};
    use serde_json::Value;

    use super::*;

    fn course(place: u32, slots: u32, rank: i64, cancelled: bool, subject: &str) -> Value {
        let hour = place % 10 + 8;
        json!({
            "N": format!("{place}#{rank}"), "G": 0, "P": rank, "place": place, "duree": slots,
            "DateDuCours": {"_T": 7, "V": format!("07/09/2026 {hour:02}:00:00")},
            "estAnnule": cancelled,
            "ListeContenus": {"_T": 24, "V": [
                {"L": subject, "G": 16, "estServiceGroupe": true}, {"L": "M. DUPONT", "G": 3},
                {"L": "S12", "G": 17}, {"L": "3A GR1", "G": 2},
            ]},
        })
    }

    fn table(courses: &[Value]) -> Timetable {
        Timetable::of(read(Node::new(&json!({"ListeCours": courses}).into()), &View::example()))
    }

    fn seen(courses: &[Value]) -> Vec<String> {
        let table = table(courses);
        let names = table.visible().filter_map(|lesson| lesson.subject.clone());
        names.map(|subject| subject.name).collect()
    }

    #[test]
    fn a_lesson_is_read() {
        let table = table(&[course(1, 2, 5, false, "MATHS")]);
        let [lesson] = &table.lessons[..] else { panic!("one lesson") };
        assert_eq!(lesson.start, datetime(2026, 9, 7, 9, 0, 0, 0));
        assert_eq!(lesson.end, Some(datetime(2026, 9, 7, 11, 0, 0, 0)), "by the school's hours");
        assert_eq!((lesson.rooms.as_slice(), lesson.rank), (&["S12".to_owned()][..], 5));
        assert!(lesson.subject.as_ref().unwrap().is_group);
    }

    #[test]
    fn of_two_lessons_at_one_time_one_is_seen() {
        for (courses, names) in [
            (vec![course(1, 1, 1, true, "A"), course(1, 1, 2, false, "B")], vec!["B"]),
            (vec![course(1, 1, 3, true, "A"), course(1, 1, 2, false, "B")], vec!["B"]),
            (vec![course(1, 1, 1, false, "A"), course(1, 1, 2, false, "B")], vec!["B"]),
            (vec![course(1, 1, 1, true, "A"), course(1, 1, 2, true, "B")], vec!["B"]),
            (vec![course(0, 2, 1, true, "A"), course(1, 1, 0, false, "B")], vec!["B"]),
            (vec![course(0, 1, 1, true, "A"), course(1, 1, 0, false, "B")], vec!["A", "B"]),
            (vec![course(1, 1, 1, true, "A")], vec!["A"]),
        ] {
            assert_eq!(seen(&courses), names, "{courses:?}");
        }
    }

    #[test]
    fn a_lesson_without_anything_is_a_lesson() {
        let bare = json!({"DateDuCours": {"_T": 7, "V": "07/09/2026"}});
        let table = table(&[bare, json!({}), json!(null), json!([1])]);
        assert_eq!(table.lessons.len(), 1);
        assert_eq!((&table.lessons[0].subject, table.lessons[0].end), (&None, None));
    }

    #[test]
    fn weeks_are_those_of_the_school_year() {
        let school = &View::example().school;
        assert_eq!(weeks(school, date(2026, 9, 7), date(2026, 9, 14)).unwrap(), 2..=3);
        assert!(weeks(school, date(2026, 8, 1), date(2026, 8, 2)).unwrap().is_empty());
        assert!(weeks(school, date(2026, 9, 2), date(2026, 9, 1)).is_err());
        assert!(weeks(school, date(2026, 9, 2), date(2099, 9, 1)).is_err());
    }
}
