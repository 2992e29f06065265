//! `PageEmploiDuTemps`: the lessons of a week or of some days.
//!

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::Value;

use super::{put, put_some};
use crate::simulator::call::{Answer, Call, Outcome, Trouble};
use crate::simulator::ids::Kind;
use crate::simulator::json::{Json, domain, element, list, moment, object, read_day};
use crate::simulator::school::calendar::PLACES_A_DAY;
use crate::simulator::school::people::{ROOMS, SUBJECTS, TEACHERS, row};
use crate::simulator::school::timetable::{Entry, Lesson, find, week};

/// The longest stretch of days that is answered in one call.
const DAYS: i32 = 62;

pub(crate) fn page(call: &mut Call<'_>) -> Outcome {
    let resource =
        [call.get("ressource"), call.get("Ressource")].into_iter().find(|value| value.is_object());
    if let Some(resource) = resource {
        let id = resource.get("N").and_then(Value::as_str).ok_or(Trouble::Impossible)?;
        match call.session.ids.read(id).ok_or(Trouble::Stale)? {
            (Kind::Pupil, pupil) if call.account().pupils.contains(&pupil) => call.pupil = pupil,
            (Kind::Guardian | Kind::Teacher | Kind::Staff, _) => {}
            _ => return Err(Trouble::Refused),
        }
    }
    let lessons = lessons(call)?;
    let wants_outings = call.get("avecCoursSortiePeda").as_bool() != Some(false);
    let cancelled_too = !call.pupil().is_bare;
    let shown = lessons
        .iter()
        .filter(|lesson| wants_outings || lesson.entry != Entry::Outing)
        .filter(|lesson| cancelled_too || !lesson.is_cancelled)
        .map(|lesson| lesson_json(call, lesson));
    let presence = list((0..5).map(
        |number| object!({ "jourCycle": number, "numeroSemaine": call.get("numeroSemaine") }),
    ));
    let mut data = object!({
        "avecCoursAnnule": cancelled_too,
        "ParametreExportiCal": "66683d2b30313030",
        "ListeCours": Json::array(shown),
    });
    if !call.pupil().is_bare {
        put(&mut data, "absences", object!({ "joursCycle": presence, "listeAbsences": list([]) }));
        put(&mut data, "recreations", list([object!({ "L": "Récréation du matin", "place": 4 })]));
        put(&mut data, "debutDemiPensionHebdo", 8);
        put(&mut data, "finDemiPensionHebdo", 11);
        put(&mut data, "premierePlaceHebdoDuJour", 0);
        put(&mut data, "prefsGrille", object!({ "genreRessource": 4 }));
    }
    Ok(Answer::from(data))
}

/// `PageEmploiDuTemps_DomainePresence`: the weeks that are published.
pub(crate) fn weeks(call: &mut Call<'_>) -> Outcome {
    let last = call.server.calendar.last_week();
    Ok(Answer::from(object!({ "Domaine": domain(format!("[1..{last}]")) })))
}

/// `FicheCours`: one lesson.
pub(crate) fn card(call: &mut Call<'_>) -> Outcome {
    let cours = if call.get("cours").is_object() { call.get("cours") } else { call.get("Cours") };
    let number = call.object(cours, Kind::Lesson)?;
    let lesson = find(&call.server.calendar, number).ok_or(Trouble::Impossible)?;
    Ok(Answer::from(object!({ "listeCours": Json::array([lesson_json(call, &lesson)]) })))
}

fn lessons(call: &Call<'_>) -> Result<Vec<Lesson>, Trouble> {
    let calendar = &call.server.calendar;
    let class = call.class();
    let either = |a: &str, b: &str| {
        Some(call.get(a))
            .filter(|v| !v.is_null())
            .or(Some(call.get(b)))
            .filter(|v| !v.is_null())
            .cloned()
    };
    if let Some(number) = either("numeroSemaine", "NumeroSemaine") {
        let number = number
            .as_i64()
            .and_then(|number| i32::try_from(number).ok())
            .ok_or(Trouble::Impossible)?;
        return Ok(week(calendar, class, number));
    }
    let from: Date =
        either("dateDebut", "DateDebut").as_ref().and_then(read_day).ok_or(Trouble::Impossible)?;
    // Without an end the whole week is meant.
    let to = either("dateFin", "DateFin").as_ref().and_then(read_day);
    let to = to.unwrap_or_else(|| calendar.monday(calendar.week(from)).saturating_add(6.days()));
    let to = to.min(from.saturating_add(DAYS.days()));
    Ok((calendar.week(from)..=calendar.week(to))
        .flat_map(|number| week(calendar, class, number))
        .filter(|lesson| (from..=to).contains(&lesson.date))
        .collect())
}

fn lesson_json(call: &Call<'_>, lesson: &Lesson) -> Json {
    let weekday = u32::try_from(lesson.date.weekday().to_monday_zero_offset()).expect("0 to 6");
    let mut out = object!({
        "N": call.id(Kind::Lesson, lesson.number),
        "G": lesson.kind,
        "P": lesson.rank,
        "place": weekday * PLACES_A_DAY + lesson.place,
        "duree": lesson.length,
        "DateDuCours": moment(lesson.start()),
        "numeroSemaine": call.server.calendar.week(lesson.date),
        "ListeContenus": list(contents(call, lesson)),
        "AvecTafPublie": lesson.has_homework(),
    });
    // Half of the lessons say when they end; the others leave it to be worked out.
    if lesson.until.is_some() || lesson.number.is_multiple_of(2) {
        put(&mut out, "DateDuCoursFin", moment(lesson.end()));
    }
    put_some(&mut out, "CouleurFond", lesson.subject.map(|number| row(&SUBJECTS, number).colour));
    put_some(&mut out, "Statut", lesson.status);
    put_some(&mut out, "memo", lesson.memo);
    if lesson.is_cancelled {
        put(&mut out, "estAnnule", true);
    }
    if lesson.is_exempted {
        put(&mut out, "dispenseEleve", true);
    }
    if let Some(url) = lesson.meeting {
        put(
            &mut out,
            "listeVisios",
            list([object!({ "L": "Visio", "url": url, "libelleLien": "Rejoindre" })]),
        );
    }
    if lesson.has_contents() || lesson.is_test {
        put(&mut out, "AvecCdT", true);
        let mut book = object!({ "N": call.id(Kind::Content, lesson.number) });
        if lesson.is_test {
            put(&mut book, "estDevoir", true);
        }
        put(&mut out, "cahierDeTextes", element(book));
    }
    match lesson.entry {
        Entry::Detention => put(&mut out, "estRetenue", true),
        Entry::Outing => {
            put(&mut out, "estSortiePedagogique", true);
            put(&mut out, "motif", "Classe de mer <Œstland> ⛵");
            put(
                &mut out,
                "accompagnateurs",
                Json::array(["Mme BRUINE M.".into(), "M. CHARDON T.".into()]),
            );
            put(&mut out, "strGenreRess", "Classe");
            put(&mut out, "strRess", "3A");
        }
        Entry::Lesson | Entry::Council => {}
    }
    out
}

fn contents(call: &Call<'_>, lesson: &Lesson) -> Vec<Json> {
    let mut out = Vec::new();
    if let Some(number) = lesson.subject {
        let mut subject = object!({ "L": row(&SUBJECTS, number).name, "N": call.id(Kind::Subject, number), "G": 16 });
        if lesson.group.is_some() {
            put(&mut subject, "estServiceGroupe", true);
        }
        out.push(subject);
    }
    match lesson.entry {
        Entry::Detention => {
            out.push(object!({ "L": "Retenue de 14h10 à 16h10", "estHoraire": true }));
            out.push(object!({ "L": "M. SATIN D.", "G": 34, "N": call.id(Kind::Staff, 1) }));
            out.push(object!({ "L": "Permanence", "G": 17, "N": call.id(Kind::Room, 7) }));
        }
        Entry::Council => out.push(object!({ "L": "Conseil de classe", "G": 1 })),
        Entry::Outing => out.push(object!({ "L": "Sortie pédagogique" })),
        Entry::Lesson => {}
    }
    // Teachers mostly come without an id.
    out.extend(
        lesson.teachers.iter().map(|number| object!({ "L": row(&TEACHERS, *number).name, "G": 3 })),
    );
    if let Some(group) = lesson.group {
        out.push(object!({ "L": group, "N": call.id(Kind::Group, 0), "G": 2 }));
    }
    out.extend(lesson.rooms.iter().map(
        |number| object!({ "L": *row(&ROOMS, *number), "N": call.id(Kind::Room, *number), "G": 17 }),
    ));
    out
}
