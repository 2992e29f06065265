//! `DernieresNotes`: marks and averages of a term.
//!

use super::{put, put_some};
use crate::simulator::call::{Answer, Call, Outcome};
use crate::simulator::ids::Kind;
use crate::simulator::json::{Json, day, element, list, mark, object};
use crate::simulator::school::marks::{Mark, average, class_figures, marks, subjects, written};
use crate::simulator::school::people::{SUBJECTS, row};

pub(crate) fn page(call: &mut Call<'_>) -> Outcome {
    let period = call.period("Periode")?;
    let found = of_period(call, period);
    let is_bare = call.pupil().is_bare;
    let services = (0..subjects()).map(|number| service(call, &found, number, is_bare));
    let mut data = object!({
        "baremeMoyGenerale": mark("20"),
        "avecDetailDevoir": true,
        "avecDetailService": !is_bare,
        "listeServices": list(services),
        "listeDevoirs": list(found.iter().map(|mark| mark_json(call, mark, is_bare))),
    });
    if !is_bare && let Some(general) = average(&found, None) {
        put(&mut data, "moyGenerale", mark(written(general)));
        put(&mut data, "moyGeneraleClasse", mark(written(class_figures(period, 20).0)));
    }
    Ok(Answer::from(data))
}

/// The marks of a period: a term's, or those of all terms that lie in it.
pub(crate) fn of_period(call: &Call<'_>, period: u32) -> Vec<Mark> {
    let calendar = &call.server.calendar;
    let today = call.now.date();
    let Some(wanted) = usize::try_from(period).ok().and_then(|index| calendar.periods.get(index))
    else {
        return Vec::new();
    };
    let terms = if period < 3 { period..period + 1 } else { 0..3 };
    terms
        .flat_map(|term| marks(calendar, call.pupil, term, today))
        .filter(|mark| (wanted.from..=wanted.to).contains(&mark.date))
        .collect()
}

fn service(call: &Call<'_>, marks: &[Mark], number: u32, is_bare: bool) -> Json {
    let subject = row(&SUBJECTS, number);
    let (class, highest, lowest) = class_figures(number, 20);
    let mut out = object!({
        "L": subject.name,
        "N": call.id(Kind::Service, number),
        "G": 12,
        "ordre": number + 1,
        "couleur": subject.colour,
        "estServiceEnGroupe": number == 3,
    });
    if !is_bare {
        // A subject without a mark has an empty average, as schools show it.
        put(
            &mut out,
            "moyEleve",
            mark(average(marks, Some(number)).map(written).unwrap_or_default()),
        );
        put(&mut out, "baremeMoyEleve", mark("20"));
        put(&mut out, "baremeMoyEleveParDefaut", mark("20"));
        put(&mut out, "moyClasse", mark(written(class)));
        put(&mut out, "moyMin", mark(written(lowest)));
        put(&mut out, "moyMax", mark(written(highest)));
    }
    out
}

fn mark_json(call: &Call<'_>, found: &Mark, is_bare: bool) -> Json {
    let subject = row(&SUBJECTS, found.subject);
    let term =
        usize::try_from(found.term).ok().and_then(|term| call.server.calendar.periods.get(term));
    let mut out = object!({
        "N": call.id(Kind::Mark, found.number),
        "G": call.generation().kind(59),
        "note": mark(found.value.as_str()),
        "bareme": mark(found.scale.to_string()),
        "baremeParDefaut": mark("20"),
        "date": day(found.date),
        "service": element(object!({
            "L": subject.name,
            "N": call.id(Kind::Service, found.subject),
            "couleur": subject.colour,
        })),
        "periode": element(object!({
            "L": term.map(|term| term.name),
            "N": call.id(Kind::Period, found.term),
        })),
        "coefficient": found.coefficient,
        "commentaire": found.comment,
        "commentaireSurNote": found.note,
        "estBonus": found.is_bonus,
        "estFacultatif": found.is_optional,
        "estRamenerSur20": found.is_out_of_20,
        "estEnGroupe": found.is_in_group,
        "ListeThemes": list([]),
    });
    if found.has_statistics && !is_bare {
        let (class, highest, lowest) = class_figures(found.number, found.scale);
        put(&mut out, "moyenne", mark(written(class)));
        put(&mut out, "noteMax", mark(written(highest)));
        put(
            &mut out,
            "noteMin",
            mark(if found.number.is_multiple_of(9) { "|1".to_owned() } else { written(lowest) }),
        );
    }
    put_some(&mut out, "libelleSujet", found.paper);
    put_some(&mut out, "libelleCorrige", found.correction);
    out
}
