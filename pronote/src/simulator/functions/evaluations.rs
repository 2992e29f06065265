//! `DernieresEvaluations`: what was mastered, and how well.
//!

use super::{put, subject};
use crate::simulator::call::{Answer, Call, Outcome};
use crate::simulator::ids::Kind;
use crate::simulator::json::{Json, day, element, list, object};
use crate::simulator::login::parameters::LEVELS;
use crate::simulator::school::people::{SUBJECTS, TEACHERS, row};
use crate::simulator::school::{pick, scatter};
use jiff::ToSpan;

const DOMAINS: [&str; 4] = [
    "Langages pour penser & communiquer",
    "Méthodes et outils",
    "Formation de la personne",
    "Systèmes naturels « et techniques »",
];

const ITEMS: [&str; 4] = [
    "Lire, écrire, compter < 100",
    "Écouter et interagir",
    "Raisonner 🧠",
    "S'exprimer à l'oral (Œuvre complète)",
];

const EVALUATIONS: u32 = 8;

pub(crate) fn page(call: &mut Call<'_>) -> Outcome {
    let period = call.period("periode")?;
    let calendar = &call.server.calendar;
    let mut found = Vec::new();
    if let Some(wanted) = usize::try_from(period).ok().and_then(|index| calendar.periods.get(index))
    {
        for rank in 0..EVALUATIONS {
            let days = i32::try_from(5 + rank * 9).expect("small");
            let date = calendar.next_open(wanted.from.saturating_add(days.days()));
            if date <= wanted.to {
                found.push(evaluation(call, period, rank, &day(date), wanted.name));
            }
        }
    }
    Ok(Answer::from(object!({ "listeEvaluations": list(found) })))
}

fn evaluation(call: &Call<'_>, period: u32, rank: u32, date: &Json, period_name: &str) -> Json {
    let number = call.pupil << 12 | period << 8 | rank;
    let seed = scatter(number);
    let subject_number = seed % 10;
    let teacher = u32::try_from(row(&SUBJECTS, subject_number).teacher).expect("ten teachers");
    let levels = (0..1 + seed % 4).map(|order| acquisition(call, number, order));
    let mut out = object!({
        "N": call.id(Kind::Evaluation, number),
        "L": *pick(&["Évaluation n°1", "Dictée « piégée »", "Carte mentale 🗺️", "Oral"], seed),
        "G": 0,
        "matiere": element(subject(call, subject_number)),
        "individu": element(object!({ "L": row(&TEACHERS, teacher).name, "N": call.id(Kind::Teacher, teacher) })),
        "date": date,
        "coefficient": 1 + seed % 3,
        "descriptif": *pick(&["", "Sur table, <sans document>", "En groupe & à l'oral"], seed),
        "periode": element(object!({ "L": period_name, "N": call.id(Kind::Period, period) })),
        "listePaliers": list([object!({ "L": "Fin de cycle 4", "N": call.id(Kind::Theme, 9) })]),
        "listeNiveauxDAcquisitions": list(levels),
    });
    if seed.is_multiple_of(2) {
        put(
            &mut out,
            "domaine",
            element(object!({ "L": *pick(&DOMAINS, seed), "N": call.id(Kind::Theme, 20) })),
        );
    }
    out
}

fn acquisition(call: &Call<'_>, evaluation: u32, order: u32) -> Json {
    let number = evaluation << 3 | order;
    let seed = scatter(number ^ 0xE7A1);
    let (level, short) = *pick(&LEVELS, seed);
    let mut out = object!({
        "N": call.id(Kind::Acquisition, number),
        "L": level,
        "G": 1 + seed % 7,
        "abbreviation": short,
        "coefficient": 1,
        // Out of order on purpose.
        "ordre": 10 - order,
        "domaine": element(object!({ "L": *pick(&DOMAINS, seed), "N": call.id(Kind::Theme, 30 + seed % 4) })),
        "pilier": element(object!({
            "L": *pick(&DOMAINS, seed ^ 1),
            "N": call.id(Kind::Theme, 40 + seed % 4),
            "strPrefixes": "D1.1, D2",
        })),
    });
    if !seed.is_multiple_of(3) {
        put(
            &mut out,
            "item",
            element(
                object!({ "L": *pick(&ITEMS, seed), "N": call.id(Kind::Theme, 50 + seed % 4) }),
            ),
        );
    }
    out
}
