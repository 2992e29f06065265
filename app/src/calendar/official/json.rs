//! The data set as JSON, of both generations of the API.
//!
//! Version 1 answers `{"records": [{"fields": {…}}]}`, version 2 `{"results": [{…}]}` or, for an
//! export, the list alone.

use serde_json::{Map, Value};

use super::{Row, Unreadable};

/// The lines of the file.
pub fn rows(text: &str) -> Result<Vec<Row>, Unreadable> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| Unreadable::new(format!("not JSON: {error}")))?;
    let list = match &value {
        Value::Array(list) => Some(list),
        whole => whole.get("results").or_else(|| whole.get("records")).and_then(Value::as_array),
    };
    let Some(list) = list else {
        return Err(Unreadable::new(
            "no list of records in the JSON: expected `results` or `records`",
        ));
    };
    let total = value.get("total_count").or_else(|| value.get("nhits")).and_then(Value::as_u64);
    let here = u64::try_from(list.len()).unwrap_or(u64::MAX);
    if let Some(total) = total.filter(|total| *total > here) {
        return Err(Unreadable::new(format!(
            "{here} of {total} lines: a page of an answer; take the export instead, it has them all"
        )));
    }
    Ok(list.iter().filter_map(fields).map(row).collect())
}

fn fields(record: &Value) -> Option<&Map<String, Value>> {
    let record = record.get("record").unwrap_or(record);
    record.get("fields").unwrap_or(record).as_object()
}

fn row(fields: &Map<String, Value>) -> Row {
    let field = |name: &str| match fields.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(list)) => {
            list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
        }
        _ => String::new(),
    };
    let zones = field("zones");
    Row {
        label: field("description"),
        population: field("population"),
        start: field("start_date"),
        end: field("end_date"),
        place: if zones.trim().is_empty() { field("location") } else { zones },
    }
}
