//! `PageBulletins`, the report card, and `GenerationPDF`, any page as a PDF.
//!

use super::marks::of_period;
use super::subject;
use crate::protocol::tab;
use crate::simulator::call::{Answer, Call, Outcome};
use crate::simulator::ids::Kind;
use crate::simulator::json::{Json, element, list, mark, object, raw};
use crate::simulator::school::marks::{average, class_figures, subjects, written};
use crate::simulator::school::people::{SUBJECTS, TEACHERS, row};

pub(crate) fn page(call: &mut Call<'_>) -> Outcome {
    let period = call.period("periode")?;
    let index = usize::try_from(period).unwrap_or(usize::MAX);
    let is_published =
        call.server.calendar.periods.get(index).is_some_and(|wanted| wanted.to < call.now.date());
    if !is_published || call.pupil().is_bare {
        return Ok(Answer::from(object!({ "Message": "Le bulletin n'est pas encore publié." })));
    }
    let marks = of_period(call, period);
    let services: Vec<Json> = (0..subjects())
        .map(|number| service(call, number, average(&marks, Some(number))))
        .collect();
    let remarks = [
        "Trimestre sérieux, mais des « bavardages ». 🙂",
        "Félicitations du conseil & encouragements",
    ];
    Ok(Answer::from(object!({
        "ListeServices": list(services),
        "ObjetListeAppreciations": element(object!({
            "ListeAppreciations": list((0..).zip(remarks).map(|(rank, text)| object!({
                "L": text,
                "N": call.id(Kind::Motive, 100 + rank),
                "Intitule": if rank == 0 { "Appréciation globale" } else { "Mention" },
            }))),
        })),
        "graphe": "iVBORw0KGgo=\\n",
    })))
}

/// The address of a PDF, good as long as the session.
pub(crate) fn pdf(call: &mut Call<'_>) -> Outcome {
    let name = if call.tab == tab::REPORT { "Bulletin" } else { "EmploiDuTemps" };
    let url = format!(
        "UrlUnique/{name}_{}.pdf?S={}&ID={}",
        call.session.calls, call.session.number, call.session.expected
    );
    Ok(Answer::from(object!({ "url": raw(url) })))
}

fn service(call: &Call<'_>, number: u32, own: Option<f64>) -> Json {
    let subject_row = row(&SUBJECTS, number);
    let (class, highest, lowest) = class_figures(number, 20);
    let teacher = u32::try_from(subject_row.teacher).expect("ten teachers");
    object!({
        "L": subject_row.name,
        "N": call.id(Kind::Service, number),
        "couleur": subject_row.colour,
        "Matiere": element(subject(call, number)),
        "SurMatiere": element(object!({ "L": if number < 5 { "LETTRES & LANGUES" } else { "SCIENCES" }, "N": call.id(Kind::Subject, 90) })),
        "MoyenneEleve": mark(own.map(written).unwrap_or_default()),
        "MoyenneClasse": mark(written(class)),
        "MoyenneInf": mark(written(lowest)),
        "MoyenneSup": mark(written(highest)),
        "Coefficient": mark(subject_row.coefficient),
        "ListeAppreciations": list([object!({ "L": "Ensemble satisfaisant : « continuez » !", "N": call.id(Kind::Motive, 110 + number) })]),
        "ListeProfesseurs": list([object!({ "L": row(&TEACHERS, teacher).name, "N": call.id(Kind::Teacher, teacher) })]),
    })
}
