//! Some items of the simulated school, as routes answer them.
//!

use serde_json::{Value, json};

/// A route, a key and value that one of its items has, and what else that item has.
pub fn items() -> Vec<(&'static str, &'static str, &'static str, Value)> {
    vec![
        (
            "timetable",
            "start",
            "2026-12-10 08:30",
            json!({
                "num": 10, "subject.name": "FRANÇAIS", "subject.groups": false,
                "teachers": ["FOUGÈRE A.", "VELOURS & CIE É."],
                "rooms": ["101", "102", "Salle d'arts « Côté cour »"], "group_names": [],
                "memo": null, "virtual": [], "end": "2026-12-10 09:00",
                "background_color": "#E73A1F", "status": "Cours modifié", "is_cancelled": false,
                "is_test": false,
            }),
        ),
        (
            "homework",
            "date",
            "2026-12-10 00:00",
            json!({
                "subject.name": "HISTOIRE-GÉOGRAPHIE", "background_color": "#B08F4A",
                "description": "Rendre le DM : 2x² − 4x + 1 < 0 si x > 1 & x ≠ 3",
                "done": false, "files": [],
            }),
        ),
        (
            "homework",
            "date",
            "2026-12-09 00:00",
            json!({
                "files.0.name": "https://exemple.fr/vidéo?id=1&t=2",
                "files.0.url": "https://exemple.fr/vid%C3%A9o?id=1&t=2", "files.0.type": 0,
            }),
        ),
        (
            "evaluations",
            "name",
            "Oral",
            json!({
                "subject.name": "FRANÇAIS", "description": "En groupe & à l'oral",
                "teacher": "FOUGÈRE A.", "date": "2026-12-07 00:00",
                "paliers": ["Fin de cycle 4"], "coefficient": 2,
                "acquisitions.0.abbreviation": "A+",
                "acquisitions.0.level": "Très bonne maîtrise",
                "acquisitions.0.domain": "Méthodes et outils", "acquisitions.0.coefficient": 1,
            }),
        ),
        (
            "absences",
            "from",
            "2026-09-24 08:00",
            json!({"to": "2026-09-26 17:50", "justified": false, "hours": "4h00", "reasons": []}),
        ),
        (
            "delays",
            "date",
            "2026-09-15 08:00",
            json!({
                "duration": 6, "justified": false, "justification": null,
                "reasons": ["Rendez-vous médical", "Panne de réveil < 8h"],
            }),
        ),
        (
            "punishments",
            "date",
            "2026-10-05 10:10",
            json!({
                "schedulable": true, "schedule.0.start": "2026-10-07 14:10",
                "schedule.0.duration": 3600.0, "schedule.1.duration": 1800.0,
                "given_by": "Mme BRUINE M.", "exclusion": false, "during_lesson": true,
                "homework.documents.0.type": 1, "homework.documents.1.type": 0,
                "reason.text": ["Bavardage répété & insolence", "Oubli de matériel 🎒"],
                "reason.circumstances": "A lancé une gomme : « c'était pas moi » & a ri.",
                "reason.documents.0.name": "Fiche d'exercices n°3.pdf",
                "nature": "Retenue", "duration": 3600.0,
            }),
        ),
        ("punishments", "nature", "Devoir supplémentaire", json!({"duration": null})),
        (
            "news",
            "author",
            "Mme L'HERMINE-BROCARD Y.",
            json!({
                "title": "Voyage à Œstland : sondage", "date": "2026-09-20 09:05",
                "category": "Sorties & voyages", "read": true, "survey": true,
                "anonymous_survey": false, "attachments": [],
                "content":
                    "Votre enfant participera-t-il\u{a0}?\n\nDeux au plus\u{a0}:\n\nAllergies, régimes…",
                "html_content": "<div>Votre enfant participera-t-il&nbsp;?</div>\
                    <div>Deux au plus&nbsp;:</div><div>Allergies, régimes…</div>",
            }),
        ),
        (
            "discussions",
            "subject",
            "Sortie au musée 🖼️",
            json!({
                "creator": "Mme COQUELICOT S.", "unread": 1, "closed": false, "replyable": true,
                "messages.0.content":
                    "Bonjour,\nmerci de rendre l'autorisation signée avant vendredi.",
                "messages.0.author": "Mme COQUELICOT S.", "messages.0.seen": true,
                "messages.2.seen": false,
            }),
        ),
        (
            "discussions",
            "subject",
            "Conseil d'administration (clos)",
            json!({"closed": true, "replyable": false, "unread": 0}),
        ),
        (
            "recipients",
            "name",
            "M. GRAVIER N.",
            json!({
                "type": "teacher", "email": "n.gravier@exemple.fr",
                "functions": ["MATHÉMATIQUES"], "with_discussion": true,
            }),
        ),
        (
            "recipients",
            "name",
            "M. GIVRE H.",
            json!({"type": "staff", "functions": ["Gestionnaire"], "with_discussion": false}),
        ),
        (
            "menu",
            "date",
            "2026-12-11",
            json!({
                "name": "Menu « Saveurs d'automne » 🍂",
                "type": {"is_lunch": true, "is_dinner": false}, "side_meal": null,
                "main_meal.0.name": "Bœuf bourguignon",
                "main_meal.0.labels.0.name": "Produits locaux",
                "main_meal.0.labels.0.color": null, "cheese.0.name": "Comté",
                "dessert.0.name": "Crème brûlée",
            }),
        ),
    ]
}
