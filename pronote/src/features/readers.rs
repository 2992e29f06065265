//! Every reader at once, for property tests and fuzz targets.
//!

use serde_json::{Map, Value, json};

use super::*;
use crate::{
    account::Account, client::View, login::SecurityNeeds, protocol::tree::Tree, school::School,
};

/// Feeds one answer to every reader, under the name that each begins with too.
pub fn read_all(value: &Value) {
    let view = View::example();
    let tops = [
        "ListeCours",
        "ListeTravauxAFaire",
        "ListeCahierDeTextes",
        "listeDevoirs",
        "listeServices",
        "listeEvaluations",
        "listeAbsences",
        "listeMessagerie",
        "listeMessages",
        "listeQuestions",
        "listeRessourcesPourCommunication",
        "ListeJours",
        "liste",
        "ListeServices",
    ];
    let mut wrapped: Map<_, _> =
        tops.map(|name| (name.to_owned(), json!([value, value]))).into_iter().collect();
    wrapped.insert("listeModesAff".to_owned(), json!([{"G": 0, "listeActualites": [value]}]));
    wrapped.insert("General".to_owned(), value.clone());
    wrapped.insert("ressource".to_owned(), value.clone());
    wrapped.insert("listeOnglets".to_owned(), value.clone());
    for value in [value.clone(), Value::Object(wrapped)] {
        let length = value.to_string().len().max(40);
        let tree = Tree::from(value);
        let node = Node::new(&tree);
        let mut size = 0;
        size += timetable::read(node, &view).len();
        size += homework::read(node, &view).len();
        size += lesson_contents::read(node, &view).len();
        size += marks::read(node, &view).marks.len();
        size += evaluations::read(node, &view).len();
        size += attendance_read::read(node, &view).absences.len();
        size += news::read(node, &view).len();
        size += news::detail(node, &view).questions.len();
        size += discussions::read(node, &view).len();
        size += discussion_read::read(node, &view).messages.len();
        size += recipients::read(node, 3, &view).len();
        size += menus::read(node).len();
        size += staff::read(node).len();
        size += report_card::read(node).subjects.len();
        size += account_security::read(node).devices.len();
        size += personal::read(node).address.len();
        size += usize::from(personal::calendar(node, &view).is_some());
        let school = School::read(node);
        size += school.starts.len() + school.week_frequencies.len();
        let account = Account::read(node, node);
        size +=
            account.pupils.iter().map(|pupil| pupil.public_periods(&school).len()).sum::<usize>();
        size += discovery::read(node).spaces.len();
        size += usize::from(SecurityNeeds::read(node).is_some());
        // Each thing that was read stands somewhere in the answer.
        assert!(size <= 40 * length, "{size} things out of {length} bytes");
    }
}
