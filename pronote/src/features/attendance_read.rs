//! Reading what PRONOTE notes of presence and conduct: a list of several kinds.
//!

use jiff::civil::{DateTime, Time};

use super::{
    Absence, Attendance, Delay, Observation, ObservationKind, PrecautionaryMeasure, Punishment,
    ScheduledPunishment, files::attachments,
};
use crate::{Key, client::View, key::part, protocol::value::Node};

/// Reads the answer of `PagePresence`.
pub(super) fn read(answer: Node<'_>, view: &View) -> Attendance {
    let mut attendance = Attendance::default();
    let mut twins = Twins::default();
    for node in answer.field("listeAbsences").list() {
        let kind = node.kind().map(|kind| view.generation.modern_kind(kind));
        match kind {
            Some(13) => attendance.absences.push(absence(node, &mut twins)),
            Some(14) => attendance.delays.push(delay(node, &mut twins)),
            Some(41) => attendance.punishments.push(punishment(node, view, &mut twins)),
            Some(45 | 46) => attendance.observations.push(observation(node, &mut twins)),
            Some(71) => {
                attendance.precautionary_measures.push(measure(node, view, &mut twins));
            }
            _ => {}
        }
    }
    attendance
}

/// Nothing is ever done to these things, so twins are simply numbered.
#[derive(Default)]
struct Twins(std::collections::HashMap<Key, u32>);

impl Twins {
    fn key(&mut self, kind: &str, parts: &[&dyn std::fmt::Display]) -> Key {
        let key = Key::of(kind, parts);
        let count = self.0.entry(key).or_default();
        *count += 1;
        if *count == 1 { key } else { Key::of("again", &[&key, &*count]) }
    }
}

fn absence(node: Node<'_>, twins: &mut Twins) -> Absence {
    let (start, end) = (node.field("dateDebut").date_time(), node.field("dateFin").date_time());
    Absence {
        key: twins.key("absence", &[&part(start.as_ref())]),
        start,
        end,
        is_justified: node.field("justifie").flag(),
        is_open: node.field("ouverte").is_true(),
        is_settled: node.field("reglee").flag(),
        hours: node.field("NbrHeures").text(),
        days: node.field("NbrJours").text(),
        reasons: node.field("listeMotifs").labels(),
    }
}

fn delay(node: Node<'_>, twins: &mut Twins) -> Delay {
    let date = node.field("date").date_time();
    Delay {
        key: twins.key("delay", &[&part(date.as_ref())]),
        date,
        minutes: node.field("duree").natural(),
        is_justified: node.field("justifie").flag(),
        justification: node.field("justification").plain(),
        reasons: node.field("listeMotifs").labels(),
    }
}

fn punishment(node: Node<'_>, view: &View, twins: &mut Twins) -> Punishment {
    let place = node.field("placeDemande").natural();
    let date = at_place(node.field("dateDemande").date_time(), place, view);
    let nature = node.field("nature").label();
    let given_by = node.field("demandeur").label();
    let key = twins.key(
        "punishment",
        &[&part(date.as_ref()), &part(nature.as_ref()), &part(given_by.as_ref())],
    );
    let schedule = node.field("programmation").list();
    let schedule = schedule.enumerate().filter_map(|(number, node)| {
        let place = node.field("placeExecution").natural();
        Some(ScheduledPunishment {
            key: Key::of("schedule", &[&key, &number]),
            start: at_place(node.field("date").date_time(), place, view)?,
            minutes: node.field("duree").natural(),
        })
    });
    Punishment {
        key,
        date,
        nature,
        given_by,
        is_exclusion: node.field("estUneExclusion").is_true(),
        is_during_lesson: node.field("horsCours").flag() == Some(false),
        reasons: node.field("listeMotifs").labels(),
        circumstances: node.field("circonstances").plain(),
        circumstance_files: attachments(node.field("documentsCirconstances"), view),
        homework: node.field("travailAFaire").plain(),
        homework_files: attachments(node.field("documentsTAF"), view),
        minutes: node.field("duree").natural(),
        is_schedulable: node.field("estProgrammable").is_true(),
        schedule: schedule.collect(),
    }
}

fn observation(node: Node<'_>, twins: &mut Twins) -> Observation {
    let date = node.field("date").date_time();
    let name = node.label().or_else(|| node.field("rubrique").label());
    let text = node.field("commentaire").plain();
    let key = twins
        .key("observation", &[&part(date.as_ref()), &part(name.as_ref()), &part(text.as_ref())]);
    Observation {
        key,
        kind: match node.field("genreObservation").integer() {
            Some(0) | None => ObservationKind::LogBook,
            Some(1) => ObservationKind::Remark,
            Some(2) => ObservationKind::Encouragement,
            Some(code) => ObservationKind::Other(code),
        },
        name,
        date,
        subject: node.field("matiere").label(),
        text,
        given_by: node.field("demandeur").label(),
        is_read: node.field("estLue").is_true(),
        wants_receipt: node.field("avecARObservation").is_true(),
    }
}

fn measure(node: Node<'_>, view: &View, twins: &mut Twins) -> PrecautionaryMeasure {
    let start = node.field("dateDebut").date_time();
    let nature = node.field("nature").label();
    PrecautionaryMeasure {
        key: twins.key("measure", &[&part(start.as_ref()), &part(nature.as_ref())]),
        nature,
        start,
        end: node.field("dateFin").date_time(),
        decided_by: node.field("decideur").label(),
        reasons: node.field("listeMotifs").labels(),
        comment: node.field("commentaire").plain(),
        files: attachments(node.field("documentsCirconstances"), view),
    }
}

// A day has its hour in a slot of the timetable.
fn at_place(date: Option<DateTime>, place: Option<u32>, view: &View) -> Option<DateTime> {
    let date = date?;
    match place.and_then(|place| view.school.start_of(place)) {
        Some(hour) if date.time() == Time::midnight() => Some(date.date().to_datetime(hour)),
        _ => Some(date),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::datetime;
    use serde_json::json;

    use super::*;

    #[test]
    fn each_kind_is_read() {
        let answer = json!({"listeAbsences": {"_T": 24, "V": [
            {"G": 13, "dateDebut": {"_T": 7, "V": "07/09/2026 08:00:00"}, "NbrHeures": "2h00", "justifie": true,
             "listeMotifs": {"_T": 24, "V": [{"L": "Maladie"}]}},
            {"G": 14, "date": {"_T": 7, "V": "08/09/2026 08:05:00"}, "duree": 5},
            {"G": 14, "date": {"_T": 7, "V": "08/09/2026 08:05:00"}, "duree": 5},
            {"G": 41, "dateDemande": {"_T": 7, "V": "09/09/2026"}, "placeDemande": 22, "horsCours": false,
             "nature": {"_T": 24, "V": {"L": "Retenue"}}, "duree": 60, "estProgrammable": true,
             "programmation": {"_T": 24, "V": [{"date": {"_T": 7, "V": "16/09/2026"}, "placeExecution": 3, "duree": 60}, {}]}},
            {"G": 46, "genreObservation": 2, "commentaire": "Bravo"},
            {"G": 71, "nature": {"_T": 24, "V": {"L": "Mesure"}}},
            {"G": 99}, {},
        ]}});
        let read = read(Node::new(&answer.into()), &View::example());
        assert_eq!(read.absences[0].reasons, ["Maladie"]);
        assert_eq!((read.delays.len(), read.delays[0].minutes), (2, Some(5)));
        assert_ne!(read.delays[0].key, read.delays[1].key);
        let punishment = &read.punishments[0];
        assert_eq!(punishment.date, Some(datetime(2026, 9, 9, 10, 0, 0, 0)), "third slot of a day");
        assert!(punishment.is_during_lesson && punishment.is_schedulable);
        assert_eq!(punishment.schedule.len(), 1);
        assert_eq!(punishment.schedule[0].start, datetime(2026, 9, 16, 11, 0, 0, 0));
        assert_eq!(read.observations[0].kind, ObservationKind::Encouragement);
        assert_eq!(read.precautionary_measures.len(), 1);
    }
}
