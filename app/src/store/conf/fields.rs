//! The keys of one JSON object, and what is wrong with them.
//!
//! Unlike serde's derive it goes on after the first wrong value, so that one look at the problems
//! is enough, and it says what was expected in our words.

use serde_json::{Map, Value};

use crate::{
    schedule::model::{LeftOut, Listed},
    store::Problem,
};

/// The keys of one object.
pub struct Fields<'a> {
    path: String,
    object: &'a Map<String, Value>,
    known: Vec<&'static str>,
    problems: Vec<Problem>,
    /// What is wrong within, and spoils nothing but itself.
    forgiven: Vec<Problem>,
}

/// Reads a whole object; `None` where anything in it is wrong. Unknown keys are only warnings.
pub fn read<T>(
    path: &str,
    value: &Value,
    problems: &mut Vec<Problem>,
    read: impl FnOnce(&mut Fields<'_>) -> Option<T>,
) -> Option<T> {
    let Value::Object(object) = value else {
        problems.push(Problem::error(path, format!("found {}, expected an object", found(value))));
        return None;
    };
    let mut fields = Fields {
        path: path.into(),
        object,
        known: Vec::new(),
        problems: Vec::new(),
        forgiven: Vec::new(),
    };
    let result = read(&mut fields);
    let wrong = fields.problems.iter().any(Problem::is_error);
    fields.name_strangers();
    problems.append(&mut fields.problems);
    problems.append(&mut fields.forgiven);
    result.filter(|_| !wrong)
}

impl<'a> Fields<'a> {
    /// The value of `key`; `None` where it is absent, `null` or wrong. Wrong is a problem that
    /// says what was `expected`.
    pub fn optional<T>(
        &mut self,
        key: &'static str,
        expected: &str,
        parse: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.raw(key)?;
        let parsed = parse(value);
        if parsed.is_none() {
            // A secret is not repeated, not even a wrong one.
            let found = if key == "password" { kind(value).into() } else { found(value) };
            self.error(key, format!("found {found}, expected {expected}"));
        }
        parsed
    }

    /// As [`Self::optional`], and absent is a problem too.
    pub fn required<T>(
        &mut self,
        key: &'static str,
        expected: &str,
        parse: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Option<T> {
        if self.raw(key).is_none() {
            self.error(key, format!("missing, expected {expected}"));
        }
        self.optional(key, expected, parse)
    }

    /// The value of `key` as it stands; `None` where it is absent or `null`.
    pub fn raw(&mut self, key: &'static str) -> Option<&'a Value> {
        self.known.push(key);
        self.object.get(key).filter(|value| !value.is_null())
    }

    /// Reads each entry of the object under `key`: `read` gets its path, its name and its value.
    pub fn entries(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(&str, &'a str, &'a Value, &mut Vec<Problem>),
    ) {
        let Some(entries) = self.optional(key, "an object", Value::as_object) else { return };
        for (name, value) in entries {
            let path = format!("{}.{key}.{}", self.path, quoted(name));
            read(&path, name, value, &mut self.problems);
        }
    }

    /// Reads each element of the list under `key`: `read` gets its path and its value. A wrong one
    /// is left out and told, and the rest is in force.
    pub fn list<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(&str, &'a Value, &mut Vec<Problem>) -> Option<T>,
    ) -> Listed<T> {
        let mut list = Listed::default();
        let elements = self.optional(key, "a list", Value::as_array);
        for (place, value) in elements.into_iter().flatten().enumerate() {
            let mut problems = Vec::new();
            match read(&format!("{}.{key}[{place}]", self.path), value, &mut problems) {
                Some(element) => list.right.push(element),
                None => {
                    let errors = problems.iter().filter(|problem| problem.is_error());
                    let why = errors.map(ToString::to_string).collect::<Vec<_>>().join("; ");
                    list.left_out.push(LeftOut { written: value.clone(), why });
                }
            }
            self.forgiven.append(&mut problems);
        }
        list
    }

    /// Reads a list of which each element is to be right; an absent one is empty.
    pub fn whole_list<T>(
        &mut self,
        key: &'static str,
        read: impl FnMut(&str, &'a Value, &mut Vec<Problem>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let before = self.forgiven.len();
        let list = self.list(key, read);
        self.problems.extend(self.forgiven.drain(before..));
        list.left_out.is_empty().then_some(list.right)
    }

    /// Reads the object that is the value of `key`.
    pub fn object<T>(
        &mut self,
        key: &str,
        value: &Value,
        parse: impl FnOnce(&mut Fields<'_>) -> Option<T>,
    ) -> Option<T> {
        read(&format!("{}.{key}", self.path), value, &mut self.problems, parse)
    }

    /// What is wrong elsewhere, and spoils nothing here.
    pub fn forgive_all(&mut self, problems: Vec<Problem>) {
        self.forgiven.extend(problems);
    }

    /// What was wrong so far spoils nothing but itself.
    pub fn forgive(&mut self) {
        self.forgiven.append(&mut self.problems);
    }

    /// Where the object is.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Says that the value of `key` is wrong.
    pub fn error(&mut self, key: &str, message: impl Into<String>) {
        self.problems.push(Problem::error(format!("{}.{key}", self.path), message));
    }

    /// Says what somebody should do about `key`.
    pub fn warning(&mut self, key: &str, message: impl Into<String>) {
        self.problems.push(Problem::warning(format!("{}.{key}", self.path), message));
    }

    fn name_strangers(&mut self) {
        for key in self.object.keys().filter(|key| !self.known.contains(&key.as_str())) {
            let path = format!("{}.{}", self.path, quoted(key));
            self.problems.push(Problem::warning(path, "unknown key, ignored (and kept)"));
        }
    }
}

/// A text.
pub fn text(value: &Value) -> Option<String> {
    value.as_str().map(Into::into)
}

/// A text that is not empty.
pub fn some_text(value: &Value) -> Option<String> {
    text(value).filter(|text| !text.is_empty())
}

/// A number from `least` to `most`.
pub fn number(least: f64, most: f64) -> impl Fn(&Value) -> Option<f64> {
    move |value| value.as_f64().filter(|number| (least..=most).contains(number))
}

/// A whole number from `least` to `most`.
pub fn whole(least: u32, most: u32) -> impl Fn(&Value) -> Option<u32> {
    move |value| {
        let number = u32::try_from(value.as_u64()?).ok()?;
        (least..=most).contains(&number).then_some(number)
    }
}

/// A key as it stands in a path: quoted where it would be misread.
pub fn quoted(key: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let short: String = key.chars().take(64).collect();
    if short.len() == key.len() && !key.is_empty() && key.chars().all(plain) {
        short
    } else {
        format!("{short:?}")
    }
}

/// A value as it stands in a sentence: short, and never a whole subtree.
pub fn found(value: &Value) -> String {
    match value {
        Value::String(text) if text.chars().count() > 60 => {
            format!("{:?}…", text.chars().take(60).collect::<String>())
        }
        Value::String(_) | Value::Number(_) | Value::Bool(_) => value.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => kind(value).into(),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(text) if text.is_empty() => "an empty text",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
