//! A schedule written anew: what nobody knows stays where it stands.
//!

use serde_json::Value;

use crate::{schedule::Schedule, store::conf::Document};

/// The section for a new schedule, `None` only if it cannot be written as JSON. `written` is the
/// section as it stands in the file and `old` what was read from it: keys of it that were not read
/// stay, and so does each element of a list that has not changed.
pub fn rewritten(written: &Value, old: &Schedule, new: &Schedule) -> Option<Value> {
    let (old, mut new) = (serde_json::to_value(old).ok()?, serde_json::to_value(new).ok()?);
    keep(&mut new, written, &old);
    Some(new)
}

fn keep(new: &mut Value, written: &Value, old: &Value) {
    match (new, written, old) {
        (Value::Object(new), Value::Object(written), Value::Object(old)) => {
            for (key, value) in written {
                match (new.get_mut(key), old.get(key)) {
                    (Some(new), Some(old)) => keep(new, value, old),
                    (None, None) => drop(new.insert(key.clone(), value.clone())),
                    // It is gone, or it is not read under that name.
                    (None, Some(_)) | (Some(_), None) => {}
                }
            }
            order(new, written);
        }
        (Value::Array(new), Value::Array(written), Value::Array(old)) => {
            for element in new {
                // Elements that were left out are last in `old`, and as they are written.
                let right = written.iter().filter(|element| !old.contains(element));
                let same = |written: &&Value| covers(written, element);
                if let Some(same) = right.into_iter().find(same) {
                    *element = same.clone();
                }
            }
        }
        _ => {}
    }
}

/// Whether what is written says all that `element` does, and perhaps more.
fn covers(written: &Value, element: &Value) -> bool {
    match (written, element) {
        (Value::Object(written), Value::Object(element)) => element
            .iter()
            .all(|(key, value)| written.get(key).is_some_and(|written| covers(written, value))),
        (written, element) => written == element,
    }
}

/// The order of the keys is the owner's.
fn order(new: &mut Document, written: &Document) {
    let mut ordered = Document::new();
    for key in written.keys() {
        ordered.extend(new.shift_remove(key).map(|value| (key.clone(), value)));
    }
    ordered.append(new);
    *new = ordered;
}
