//! `PagePresence`: absences, delays, punishments, observations, in one list.
//!

use super::{file, put, subject};
use crate::simulator::call::{Answer, Call, Outcome, Trouble};
use crate::simulator::ids::Kind;
use crate::simulator::json::{Json, day, element, list, moment, object, read_day, set};
use crate::simulator::school::attendance::{Incident, Sort, incidents};
use jiff::ToSpan;

static MOTIVES: [&str; 5] = [
    "MALADIE AVEC CERTIFICAT",
    "Rendez-vous médical",
    "Panne de réveil < 8h",
    "Bavardage répété & insolence",
    "Oubli de matériel 🎒",
];

pub(crate) fn page(call: &mut Call<'_>) -> Outcome {
    let period = call.period("periode")?;
    let calendar = &call.server.calendar;
    let wanted = usize::try_from(period)
        .ok()
        .and_then(|index| calendar.periods.get(index))
        .ok_or(Trouble::Impossible)?;
    let from = read_day(call.get("DateDebut")).unwrap_or(wanted.from);
    let to = read_day(call.get("DateFin")).unwrap_or(wanted.to);
    let found: Vec<Json> = incidents(calendar, call.pupil, from, to)
        .iter()
        .map(|incident| incident_json(call, incident))
        .collect();
    Ok(Answer::from(object!({
        "listeAbsences": list(found),
        "autorisations": object!({ "absences": true, "retards": true, "punitions": true, "observations": true }),
        "Matieres": list([subject(call, 0), subject(call, 1)]),
        "listeRecapitulatifs": list([]),
        "nbMaxJoursDeclarationAbsence": 30,
    })))
}

fn incident_json(call: &Call<'_>, incident: &Incident) -> Json {
    match incident.sort {
        Sort::Absence => absence(call, incident),
        Sort::Delay => delay(call, incident),
        Sort::Punishment => punishment(call, incident),
        Sort::Observation => observation(call, incident),
        Sort::Measure => measure(call, incident),
    }
}

fn absence(call: &Call<'_>, incident: &Incident) -> Json {
    let is_known = incident.variant % 4 != 2;
    let is_open = incident.variant == 25;
    object!({
        "N": call.id(Kind::Absence, incident.number),
        "G": 13,
        "P": incident.variant,
        "dateDebut": moment(incident.date.at(8, 0, 0, 0)),
        "dateFin": moment(incident.date.saturating_add((i32::try_from(incident.variant).expect("small") % 3).days()).at(17, 50, 0, 0)),
        "justifie": is_known,
        "NbrHeures": format!("{}h{}0", 2 + incident.variant, incident.variant % 2 * 3),
        "NbrJours": incident.variant % 3,
        "listeMotifs": list(motives(call, incident, is_known)),
        "ouverte": is_open,
        "aJustifierParParents": !is_known,
        "reglee": is_known,
        "estMotifNonEncoreConnu": !is_known,
        "avecSaisie": false,
    })
}

fn delay(call: &Call<'_>, incident: &Incident) -> Json {
    let is_justified = incident.variant.is_multiple_of(2);
    let mut out = object!({
        "N": call.id(Kind::Absence, incident.number),
        "G": 14,
        "date": moment(incident.date.at(8, 0, 0, 0)),
        "duree": 5 + incident.variant,
        "justifie": is_justified,
        "listeMotifs": list(motives(call, incident, true)),
        "aJustifierParParents": !is_justified,
        "reglee": is_justified,
        "estMotifNonEncoreConnu": false,
    });
    if is_justified {
        put(&mut out, "justification", "Le bus n'est pas passé — <grève>");
    }
    out
}

fn punishment(call: &Call<'_>, incident: &Incident) -> Json {
    let is_scheduled = incident.variant % 4 == 3;
    let is_outside = incident.variant.is_multiple_of(2);
    let mut out = object!({
        "N": call.id(Kind::Absence, incident.number),
        "G": 41,
        "dateDemande": day(incident.date),
        "horsCours": is_outside,
        "estUneExclusion": incident.variant == 6,
        "nature": element(object!({
            "L": if is_scheduled { "Retenue" } else { "Devoir supplémentaire" },
            "N": call.id(Kind::Motive, 90),
            "G": 1,
            "estProgrammable": is_scheduled,
            "estAvecARParent": true,
        })),
        "listeMotifs": list(motives(call, incident, true)),
        "demandeur": element(object!({ "L": "Mme BRUINE M.", "N": call.id(Kind::Teacher, 6), "G": 3 })),
        "circonstances": "A lancé une gomme : « c'était pas moi » & a ri.",
        "documentsCirconstances": list([file(call, 0)]),
        "travailAFaire": "Recopier l'article 4 <règlement>",
        "documentsTAF": list([file(call, 1), file(call, 2)]),
        "estProgrammable": is_scheduled,
    });
    if !is_outside {
        put(&mut out, "placeDemande", 4);
    }
    if is_scheduled {
        put(&mut out, "duree", 60);
        put(
            &mut out,
            "programmation",
            list([
                object!({
                    "N": call.id(Kind::Absence, incident.number | 0x8000_0000),
                    "date": day(incident.date.saturating_add(2.days())),
                    "placeExecution": 12,
                    "duree": 60,
                }),
                object!({
                    "N": call.id(Kind::Absence, incident.number | 0x4000_0000),
                    "date": day(incident.date.saturating_add(9.days())),
                    "duree": 30,
                }),
            ]),
        );
    }
    out
}

fn observation(call: &Call<'_>, incident: &Incident) -> Json {
    let about =
        if incident.variant.is_multiple_of(4) { subject(call, 1) } else { object!({ "N": "0" }) };
    object!({
        "N": call.id(Kind::Absence, incident.number),
        "G": 46,
        "L": "Carnet",
        "date": moment(incident.date.at(11, 10, 0, 0)),
        "genreObservation": incident.variant % 4,
        "estLue": incident.variant.is_multiple_of(4),
        "avecARObservation": true,
        "rubrique": element(object!({ "L": "Encouragements", "N": call.id(Kind::Motive, 91) })),
        "matiere": element(about),
        "demandeur": element(object!({ "L": "M. NIMBUS O.", "N": call.id(Kind::Teacher, 3), "G": 3 })),
        "commentaire": "Très bel effort ! 🌟 <continuer>",
        "listeMotifs": list([]),
    })
}

fn measure(call: &Call<'_>, incident: &Incident) -> Json {
    object!({
        "N": call.id(Kind::Absence, incident.number),
        "G": call.generation().kind(71),
        "nature": element(object!({ "L": "Mesure conservatoire", "N": call.id(Kind::Motive, 92) })),
        "commentaire": "Accès interdit à la cantine",
        "listeMotifs": list(motives(call, incident, true)),
        "estUneExclusion": true,
        "circonstances": "",
        "documentsCirconstances": list([]),
        "decideur": element(object!({ "L": "Mme AVERSE P.", "N": call.id(Kind::Staff, 0) })),
        "demandeur": element(object!({ "L": "M. SATIN D.", "N": call.id(Kind::Staff, 1) })),
        "dateDemande": day(incident.date),
        "dateDebut": day(incident.date),
        "dateFin": day(incident.date.saturating_add(3.days())),
        "interditAcces": set("[0,2]"),
    })
}

fn motives(call: &Call<'_>, incident: &Incident, is_known: bool) -> Vec<Json> {
    let count = if is_known { 1 + incident.variant % 2 } else { 0 };
    (0..count)
        .map(|rank| {
            let index = (incident.variant + rank) % 5;
            object!({
                "L": *crate::simulator::school::people::row(&MOTIVES, index),
                "N": call.id(Kind::Motive, index),
            })
        })
        .collect()
}
