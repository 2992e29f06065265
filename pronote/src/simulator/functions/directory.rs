//! Who is who: the teaching team, and the pupils of a class.
//!

use super::{put, put_some};
use crate::simulator::call::{Answer, Call, Outcome};
use crate::simulator::ids::Kind;
use crate::simulator::json::{Json, day, element, list, object};
use crate::simulator::school::people::{PUPILS, Pupil, STAFF, SUBJECTS, TEACHERS, row};
use jiff::civil::date;

/// `PageEquipePedagogique`
pub(crate) fn staff(call: &mut Call<'_>) -> Outcome {
    let teachers = (0u32..).zip(TEACHERS).map(|(number, teacher)| {
        let subjects = (0u32..)
            .zip(SUBJECTS)
            .filter(|(_, subject)| u32::try_from(subject.teacher) == Ok(number))
            .map(|(index, subject)| {
                let mut taught = object!({
                    "L": subject.name,
                    "N": call.id(Kind::Subject, index),
                    "volumeHoraire": if index == 8 { "" } else { "4h30" },
                });
                let parent = (index == 4).then(|| {
                    element(object!({ "L": "LANGUES VIVANTES", "N": call.id(Kind::Subject, 99) }))
                });
                put_some(&mut taught, "servicePere", parent);
                taught
            });
        object!({
            "L": format!("{} {}", teacher.hint, teacher.name),
            "N": call.id(Kind::Teacher, number),
            "G": 3,
            "P": number,
            "matieres": list(subjects),
        })
    });
    let others = (0u32..).zip(STAFF).map(|(number, person)| {
        object!({
            "L": person.name,
            "N": call.id(Kind::Staff, number),
            "G": 34,
            "P": 100 + number,
            "matieres": list([object!({ "L": person.function, "N": call.id(Kind::Motive, 200 + number), "volumeHoraire": "" })]),
        })
    });
    Ok(Answer::from(object!({ "liste": list(teachers.chain(others).collect::<Vec<_>>()) })))
}

/// `ListeRessources`: the pupils of a class.
pub(crate) fn class(call: &mut Call<'_>) -> Outcome {
    let class = call.object(call.get("classe"), Kind::Class)?;
    call.object(call.get("periode"), Kind::Period)?;
    let pupils: Vec<Json> = (0u32..)
        .zip(&PUPILS)
        .filter(|(_, pupil)| u32::try_from(pupil.class) == Ok(class))
        .map(|(number, pupil)| entry(call, number, pupil))
        .collect();
    Ok(Answer::from(object!({ "listeRessources": list(pupils) })))
}

/// `FicheEleve`: identity and guardians of a pupil.
pub(crate) fn pupil(call: &mut Call<'_>) -> Outcome {
    let number = call.object(call.get("Eleve"), Kind::Pupil)?;
    let pupil = row(&PUPILS, number);
    let guardian = |rank: u32, link: &str| {
        let mut person =
            identity(pupil.last_name, if rank == 0 { "Fernande" } else { "Ferdinand" });
        put(&mut person, "N", call.id(Kind::Guardian, number << 2 | rank));
        put(&mut person, "lienParente", link);
        put(&mut person, "niveauResponsabilite", if rank == 0 { "LEGAL" } else { "EN CHARGE" });
        put(&mut person, "autoriseEmail", rank == 0);
        put(&mut person, "accepteInfosProf", true);
        put(&mut person, "contactUrgence", rank == 0);
        person
    };
    Ok(Answer::from(object!({
        "Identite": element(identity(pupil.last_name, pupil.first_name)),
        "Responsables": list([guardian(0, "MÈRE"), guardian(1, "PÈRE")]),
    })))
}

fn entry(call: &Call<'_>, number: u32, pupil: &Pupil) -> Json {
    let mut out = object!({
        "L": pupil.name(),
        "N": call.id(Kind::Pupil, number),
        "G": 4,
        "nom": pupil.last_name,
        "prenoms": pupil.first_name,
        "sexe": if pupil.sex == "F" { "Féminin" } else { "Masculin" },
        "neLe": day(date(2012, 2, 28)),
        "entree": day(call.server.calendar.first_monday),
        "listeProjets": list([object!({ "typeAmenagement": "PAP", "handicap": "dys & co" })]),
        "option1": "ANGLAIS LV1",
        "option2": "ESPAGNOL LV2",
    });
    if pupil.is_bare {
        put(&mut out, "listeProjets", list([]));
        put(&mut out, "option2", "");
    }
    out
}

fn identity(last_name: &str, first_name: &str) -> Json {
    object!({
        "nom": last_name,
        "prenom": first_name,
        "adresse1": "12 bis, rue de l'Écluse",
        "adresse2": "",
        "CP": "99001",
        "ville": "ŒILLETS-SUR-MER",
        "pays": "FRANCE",
        "telPort": "+33 6 00 00 00 01",
        "email": "quelqu.un@exemple.fr",
    })
}
