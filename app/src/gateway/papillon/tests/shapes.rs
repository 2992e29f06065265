//! The keys of every answer, in their order, as the Papillon API has them.
//!

use serde_json::Value;

/// A route, where in its answer an object stands (lists are looked through), and its keys.
const SHAPES: &[(&str, &str, &str)] = &[
    ("user", "", "name class establishment phone profile_picture delegue periods"),
    ("user", "periods", "start end name id actual"),
    (
        "timetable",
        "",
        "id num subject teachers rooms group_names memo virtual start end background_color status \
         is_cancelled is_outing is_detention is_exempted is_test",
    ),
    ("timetable", "subject", "id name groups"),
    ("homework", "", "id subject description background_color done date files"),
    ("homework", "subject", "id name groups"),
    ("homework", "files", "id name url type"),
    ("grades", "", "grades averages overall_average"),
    ("grades", "grades", "id subject date description is_bonus is_optional is_out_of_20 grade"),
    ("grades", "grades.subject", "id name groups"),
    ("grades", "grades.grade", "value out_of coefficient average max min significant"),
    ("grades", "averages", "subject average class_average max min out_of significant"),
    ("grades", "averages.subject", "id name groups"),
    (
        "evaluations",
        "",
        "id subject name description teacher date paliers coefficient acquisitions",
    ),
    ("evaluations", "subject", "id name groups"),
    ("evaluations", "acquisitions", "id name coefficient abbreviation domain level"),
    ("absences", "", "id from to justified hours reasons"),
    ("delays", "", "id date duration justified justification reasons"),
    (
        "punishments",
        "",
        "id schedulable schedule date given_by exclusion during_lesson homework reason nature \
         duration",
    ),
    ("punishments", "schedule", "id start duration"),
    ("punishments", "homework", "text documents"),
    ("punishments", "homework.documents", "id name url type"),
    ("punishments", "reason", "text circumstances documents"),
    ("punishments", "reason.documents", "id name url type"),
    (
        "news",
        "",
        "id title date category read survey anonymous_survey author content attachments \
         html_content",
    ),
    ("news", "attachments", "id name url type"),
    ("discussions", "", "id subject creator date unread closed replyable messages"),
    ("discussions", "messages", "id content author date seen"),
    ("recipients", "", "id name type email functions with_discussion"),
    ("menu", "", "id name date type first_meal main_meal side_meal other_meal cheese dessert"),
    ("menu", "type", "is_lunch is_dinner"),
    ("menu", "main_meal", "name labels"),
    ("menu", "main_meal.labels", "id name color"),
];

/// Checks the keys and dates of an answer; tells where objects should have stood and did not.
pub fn check(route: &str, answer: &Value) -> Vec<&'static str> {
    check_dates(route, "", answer);
    let mut missing = Vec::new();
    for (_, path, keys) in SHAPES.iter().filter(|(of, ..)| *of == route) {
        let objects = objects(answer, path);
        for object in &objects {
            let found: Vec<_> = object.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(found, keys.split_whitespace().collect::<Vec<_>>(), "{route} {path}");
        }
        if objects.is_empty() {
            missing.push(*path);
        }
    }
    missing
}

fn objects<'v>(answer: &'v Value, path: &str) -> Vec<&'v Value> {
    let mut found = items(answer);
    for key in path.split('.').filter(|key| !key.is_empty()) {
        found = found.into_iter().flat_map(|object| items(&object[key])).collect();
    }
    found
}

fn items(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Null => Vec::new(),
        value => vec![value],
    }
}

fn check_dates(route: &str, key: &str, value: &Value) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, value)| check_dates(route, key, value));
        }
        Value::Array(items) => items.iter().for_each(|item| check_dates(route, key, item)),
        Value::String(text) => {
            assert_ne!(text, "None", "{route} {key}");
            let pattern = match (route, key) {
                ("user", "start" | "end") | ("menu", "date") => "dddd-dd-dd",
                (_, "start" | "end" | "date" | "from" | "to") => "dddd-dd-dd dd:dd",
                _ => return,
            };
            let digits = |c: char| if c.is_ascii_digit() { 'd' } else { c };
            assert_eq!(text.chars().map(digits).collect::<String>(), pattern, "{route} {key}");
        }
        _ => {}
    }
}
