//! Homework (tab 88) and what was done in lessons (tab 89).
//!

use jiff::ToSpan;
use serde_json::Value;

use super::{file, nothing, put, subject};
use crate::protocol::tab;
use crate::simulator::call::{Answer, Call, Outcome, Trouble};
use crate::simulator::ids::Kind;
use crate::simulator::json::{Json, day, element, html, integers, list, moment, object};
use crate::simulator::school::people::{SUBJECTS, TEACHERS, row};
use crate::simulator::school::texts::{CONTENTS, HOMEWORK, THEMES};
use crate::simulator::school::timetable::{Lesson, find, week};
use crate::simulator::school::{pick, scatter};

/// The most weeks in one call: more than a year has.
const WEEKS: usize = 60;

/// Homework to be done in some weeks.
pub(crate) fn page(call: &mut Call<'_>) -> Outcome {
    let found: Vec<Json> = lessons(call)
        .iter()
        .filter(|lesson| lesson.has_homework())
        .map(|lesson| homework(call, lesson))
        .collect();
    Ok(Answer::from(object!({ "ListeTravauxAFaire": list(found) })))
}

/// What was done in the lessons of some weeks.
pub(crate) fn contents(call: &mut Call<'_>) -> Outcome {
    let found: Vec<Json> = lessons(call)
        .iter()
        .filter(|lesson| lesson.has_contents())
        .map(|lesson| content_of(call, lesson))
        .collect();
    Ok(Answer::from(
        object!({ "ListeCahierDeTextes": list(found), "ListeRessourcesPedagogiques": list([]) }),
    ))
}

/// `donneesContenusCDT`: one lesson, or what is to be done for it.
pub(crate) fn content(call: &mut Call<'_>) -> Outcome {
    let number = call.object(call.get("cahierDeTextes"), Kind::Content)?;
    let lesson = find(&call.server.calendar, number).ok_or(Trouble::Impossible)?;
    let mut content = content_of(call, &lesson);
    if call.get("pourTAF").as_bool() == Some(true) {
        let next = next_of(call, &lesson).filter(Lesson::has_homework);
        let given = next.iter().map(|next| homework(call, next));
        put(&mut content, "ListeTravailAFaire", list(given));
    }
    Ok(Answer::from(object!({ "ListeCahierDeTextes": list([content]) })))
}

/// `SaisieTAFFaitEleve`: done, or not after all.
pub(crate) fn done(call: &mut Call<'_>) -> Outcome {
    if call.account().space != crate::protocol::space::Space::Pupil {
        return Err(Trouble::Refused);
    }
    let items = call.get("listeTAF").as_array().ok_or(Trouble::Impossible)?;
    let mut changes = Vec::new();
    for item in items.iter().take(100) {
        let number = call.object(item, Kind::Homework)?;
        let is_done = item.get("TAFFait").and_then(Value::as_bool).ok_or(Trouble::Impossible)?;
        changes.push(((call.pupil, number), is_done));
    }
    for (key, is_done) in changes {
        if is_done {
            call.state.done.insert(key)
        } else {
            call.state.done.remove(&key)
        };
    }
    Ok(Answer::from(nothing()))
}

/// `SaisieTAFARendreEleve`: hands a file in that was sent before, or takes it back.
pub(crate) fn hand_in(call: &mut Call<'_>) -> Outcome {
    let items = call.get("listeFichiers").as_array().ok_or(Trouble::Impossible)?.clone();
    for item in items.iter().take(10) {
        let number = call.object(item.get("TAF").unwrap_or(&Value::Null), Kind::Homework)?;
        let key = (call.pupil, number);
        match item.get("E").and_then(Value::as_u64) {
            Some(1) => {
                let id = item.get("idFichier").and_then(Value::as_str).unwrap_or_default();
                let name = call.session.uploads.remove(id).ok_or(Trouble::Impossible)?;
                call.state.handed_in.insert(key, name);
            }
            Some(3) => drop(call.state.handed_in.remove(&key)),
            _ => return Err(Trouble::Impossible),
        }
    }
    Ok(Answer::from(nothing()))
}

fn lessons(call: &Call<'_>) -> Vec<Lesson> {
    let mut weeks = integers(call.text("domaine"), WEEKS);
    weeks.sort_unstable();
    weeks.dedup();
    let class = call.class();
    weeks.into_iter().flat_map(|number| week(&call.server.calendar, class, number)).collect()
}

/// The same subject's lesson in the week after.
fn next_of(call: &Call<'_>, lesson: &Lesson) -> Option<Lesson> {
    let calendar = &call.server.calendar;
    week(calendar, call.class(), calendar.week(lesson.date) + 1)
        .into_iter()
        .find(|next| next.subject == lesson.subject)
}

fn homework(call: &Call<'_>, lesson: &Lesson) -> Json {
    let number = lesson.number;
    let seed = scatter(number ^ 0xAF);
    let subject_number = lesson.subject.unwrap_or(0);
    let given = call.server.calendar.first_monday.max(lesson.date.saturating_sub(7.days()));
    let is_done = call.state.done.contains(&(call.pupil, number));
    let files = (0..seed % 4).map(|rank| file(call, seed / 8 + rank));
    let themes = (0..seed % 3).map(|rank| theme(call, rank, subject_number));
    let mut out = object!({
        "N": call.id(Kind::Homework, number),
        "descriptif": html(*pick(&HOMEWORK, number)),
        "PourLe": day(lesson.date),
        "DonneLe": day(given),
        "TAFFait": is_done,
        "Matiere": element(subject(call, subject_number)),
        "CouleurFond": row(&SUBJECTS, subject_number).colour,
        "nomPublic": lesson.group.unwrap_or("3A"),
        "ListePieceJointe": list(files),
        "ListeThemes": list(themes),
        "libelleCBTheme": "Thèmes",
        "niveauDifficulte": seed % 4,
        "duree": (seed % 5) * 15,
        "cours": element(object!({ "N": call.id(Kind::Lesson, number) })),
        "cahierDeTextes": element(object!({ "N": call.id(Kind::Content, number) })),
        "avecMiseEnForme": true,
    });
    let way = seed / 3 % 5;
    if way != 0 {
        put(&mut out, "avecRendu", true);
        put(&mut out, "genreRendu", way);
        put(&mut out, "peuRendre", way == 2);
    }
    if let Some(name) = call.state.handed_in.get(&(call.pupil, number)) {
        let id = call.id(Kind::Homework, number);
        put(&mut out, "documentRendu", element(object!({ "L": name.as_str(), "N": id, "G": 1 })));
    }
    if call.tab == tab::CONTENTS {
        put(&mut out, "ordre", 0);
    }
    out
}

fn content_of(call: &Call<'_>, lesson: &Lesson) -> Json {
    let number = lesson.number;
    let seed = scatter(number ^ 0xC7);
    let subject_number = lesson.subject.unwrap_or(0);
    let parts = (0..1 + seed % 2).map(|rank| {
        let (title, text) = *pick(&CONTENTS, seed ^ rank);
        let mut part = object!({
            "N": call.id(Kind::ContentPart, number << 2 | rank),
            "descriptif": html(text),
            "categorie": element(object!({ "L": if rank == 0 { "Cours" } else { "" }, "G": rank })),
            "parcoursEducatif": -1,
            "ListePieceJointe": list((0..seed % 3).map(|file_rank| file(call, seed / 5 + file_rank))),
            "ListeThemes": list([theme(call, seed % 3, subject_number)]),
        });
        if !title.is_empty() {
            put(&mut part, "L", title);
        }
        part
    });
    let teachers = lesson.teachers.iter().map(|teacher| object!({ "L": row(&TEACHERS, *teacher).name, "N": call.id(Kind::Teacher, *teacher) }));
    let groups =
        lesson.group.iter().map(|group| object!({ "L": *group, "N": call.id(Kind::Group, 0) }));
    let mut out = object!({
        "N": call.id(Kind::Content, number),
        "cours": element(object!({ "N": call.id(Kind::Lesson, number) })),
        "verrouille": false,
        "listeGroupes": list(groups),
        "Matiere": element(subject(call, subject_number)),
        "CouleurFond": row(&SUBJECTS, subject_number).colour,
        "listeProfesseurs": list(teachers),
        "Date": moment(lesson.start()),
        "DateFin": moment(lesson.end()),
        "listeContenus": list(parts),
        "listeElementsProgrammeCDT": list([]),
    });
    if let Some(next) = next_of(call, lesson).filter(Lesson::has_homework) {
        put(&mut out, "dateTAF", day(next.date));
    }
    out
}

fn theme(call: &Call<'_>, rank: u32, subject_number: u32) -> Json {
    object!({
        "L": *row(&THEMES, rank),
        "N": call.id(Kind::Theme, rank),
        "Matiere": element(subject(call, subject_number)),
    })
}
