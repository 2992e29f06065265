//! Whom one may write to, and who takes part in a discussion.
//!

use serde_json::Value;

use super::put;
use crate::simulator::account::Messages;
use crate::simulator::call::{Answer, Call, Outcome, Trouble};
use crate::simulator::ids::Kind;
use crate::simulator::json::{Json, element, list, object};
use crate::simulator::school::people::{STAFF, SUBJECTS, TEACHERS};

/// `ListeRessourcesPourCommunication`: teachers (3) or other staff (34).
pub(crate) fn page(call: &mut Call<'_>) -> Outcome {
    if call.account().messages == Messages::Off {
        return Err(Trouble::Expired);
    }
    let found: Vec<Json> = match call.get("onglet").get("G").and_then(Value::as_u64) {
        Some(3) => teachers(call),
        Some(34) => staff(call),
        _ => Vec::new(),
    };
    Ok(Answer::from(object!({ "listeRessourcesPourCommunication": list(found) })))
}

/// `SaisiePublicMessage`: those who got a message, or all of the discussion.
pub(crate) fn of_message(call: &mut Call<'_>) -> Outcome {
    let number = call.object(call.get("message"), Kind::Message)?;
    let mailbox = super::messages::mailbox(call)?;
    let discussion = mailbox
        .of_message(number)
        .and_then(|index| mailbox.discussions.get(index))
        .ok_or(Trouble::Impossible)?;
    let names = discussion.recipients.clone();
    let own = call.account().name();
    let people = (0u32..).zip(names).map(|(rank, name)| {
        let mut person = object!({ "L": name, "N": call.id(Kind::Teacher, rank), "G": 3 });
        if rank == 1 {
            put(&mut person, "refusMess", true);
        }
        person
    });
    let own = object!({ "L": format!("{own} - {}", call.pupil().name()), "N": call.id(Kind::Pupil, call.pupil), "G": 4 });
    Ok(Answer::from(object!({ "listeDest": list(people.chain([own]).collect::<Vec<_>>()) })))
}

fn teachers(call: &Call<'_>) -> Vec<Json> {
    (0u32..)
        .zip(TEACHERS)
        .map(|(number, teacher)| {
            let subjects = (0u32..)
                .zip(SUBJECTS)
                .filter(|(_, subject)| u32::try_from(subject.teacher) == Ok(number))
                .flat_map(|(index, subject)| {
                    let own = object!({ "L": subject.name, "N": call.id(Kind::Subject, index) });
                    let part = object!({
                        "L": "GRAMMAIRE",
                        "N": call.id(Kind::Subject, 80),
                        "estUneSousMatiere": true,
                        "libelleMatiere": subject.name,
                    });
                    if index == 0 { vec![own, part] } else { vec![own] }
                });
            let mut out = object!({
                "L": format!("{} {}", teacher.hint, teacher.name),
                "N": call.id(Kind::Teacher, number),
                "G": 3,
                "avecDiscussion": number != 7,
                "estPrincipal": number == 0,
                "listeRessources": list(subjects),
            });
            if number == 1 {
                put(&mut out, "email", "n.gravier@exemple.fr");
            }
            out
        })
        .collect()
}

fn staff(call: &Call<'_>) -> Vec<Json> {
    (0u32..)
        .zip(STAFF)
        .map(|(number, person)| {
            let mut out = object!({
                "L": person.name,
                "N": call.id(Kind::Staff, number),
                "G": 34,
                "avecDiscussion": person.can_discuss,
            });
            if number != 4 {
                let function =
                    object!({ "L": person.function, "N": call.id(Kind::Motive, 300 + number) });
                put(&mut out, "fonction", element(function));
            }
            out
        })
        .collect()
}
