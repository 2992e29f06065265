//! What a request says: query, form and JSON alike, for every route.
//!
//! Passwords and tokens are among it: it is overwritten when it goes.

use jiff::civil::Date;
use serde_json::{Map, Value, json};
use url::form_urlencoded;
use zeroize::Zeroize;

/// The parameters of one request, and what is wrong with those that were asked for.
#[derive(Default)]
pub struct Parameters {
    values: Vec<(String, String)>,
    errors: Map<String, Value>,
    has_body: bool,
}

/// Why a body cannot be understood. The client's own words are not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// It says that it is JSON.
    #[error("the body is not a JSON object")]
    Json,
    /// Neither a form nor JSON.
    #[error("a body is taken as application/x-www-form-urlencoded or application/json")]
    MediaType,
    /// Thousands of parameters.
    #[error("there are more than {MOST} parameters")]
    TooMany,
}

/// Nobody writes to so many at a time.
const MOST: usize = 2000;

impl Parameters {
    /// Reads a request's query and its body.
    pub fn read(query: Option<&str>, media_type: &str, body: &[u8]) -> Result<Self, Malformed> {
        let mut read = Self::default();
        read.form(query.unwrap_or_default().as_bytes());
        // Some programs send a form without saying so.
        let first = body.trim_ascii().first().copied();
        match (media_type, first) {
            (_, None) => {}
            ("application/x-www-form-urlencoded", _) => read.form(body),
            ("", Some(b'{')) => read.json(body)?,
            ("", _) => read.form(body),
            (json, _) if json.ends_with("/json") || json.ends_with("+json") => read.json(body)?,
            _ => return Err(Malformed::MediaType),
        }
        read.has_body = first.is_some();
        // hug takes an empty parameter for none.
        read.values.retain(|(_, value)| !value.is_empty());
        if read.values.len() > MOST { Err(Malformed::TooMany) } else { Ok(read) }
    }

    /// Whether there was a body.
    pub fn has_body(&self) -> bool {
        self.has_body
    }

    /// A parameter that may be missing.
    pub fn optional(&self, name: &str) -> Option<&str> {
        // The body's counts before the query's.
        self.values.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A parameter that must be there.
    pub fn required(&mut self, name: &'static str) -> Option<String> {
        let value = self.optional(name).map(str::to_owned);
        if value.is_none() {
            self.error(name, format!("Required parameter '{name}' not supplied"));
        }
        value
    }

    /// A day that must be there: `2026-09-01`; a time after it is passed over.
    pub fn date(&mut self, name: &'static str) -> Option<Date> {
        let text = self.required(name)?;
        let day = text.trim();
        let day =
            day.get(..10).filter(|_| matches!(day.as_bytes().get(10), Some(b'T' | b' ') | None));
        let date = day.and_then(|day| Date::strptime("%Y-%m-%d", day).ok());
        if date.is_none() {
            self.error(name, "expected a date such as 2026-09-01".to_owned());
        }
        date
    }

    /// Several values that must be there: a JSON list, a repeated key, or a JSON list in a form.
    pub fn list(&mut self, names: [&'static str; 2]) -> Option<Vec<String>> {
        for name in names {
            let mut values = self.values.iter().filter(|(key, _)| key == name);
            let Some((_, first)) = values.next() else { continue };
            let written = serde_json::from_str::<Vec<String>>(first).ok();
            let several = || {
                self.values.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone())
            };
            return Some(written.unwrap_or_else(|| several().collect()));
        }
        let [name, _] = names;
        self.required(name).map(|_| Vec::new())
    }

    /// Anything but a word for no means yes.
    pub fn flag(&self, name: &str, default: bool) -> bool {
        let no = |text: &str| matches!(text.to_ascii_lowercase().as_str(), "false" | "0" | "no");
        self.optional(name).map_or(default, |text| !no(text))
    }

    /// Says that a parameter is wrong.
    pub fn error(&mut self, name: &str, message: String) {
        self.errors.insert(name.to_owned(), message.into());
    }

    /// What was wrong with those that were asked for, as an answer.
    pub fn errors(&self) -> Option<Value> {
        (!self.errors.is_empty()).then(|| json!({ "errors": self.errors }))
    }

    fn form(&mut self, text: &[u8]) {
        let pairs = form_urlencoded::parse(text).take(MOST + 1);
        self.values.extend(pairs.map(|(key, value)| (key.into_owned(), value.into_owned())));
    }

    fn json(&mut self, text: &[u8]) -> Result<(), Malformed> {
        let object: Map<String, Value> =
            serde_json::from_slice(text).map_err(|_| Malformed::Json)?;
        for (key, value) in object {
            match value {
                Value::Null | Value::Object(_) => {}
                Value::Array(values) => {
                    let values = values.into_iter().filter_map(plain);
                    self.values.extend(values.map(|value| (key.clone(), value)));
                }
                value => self.values.extend(plain(value).map(|value| (key, value))),
            }
        }
        Ok(())
    }
}

impl Drop for Parameters {
    fn drop(&mut self) {
        for (_, value) in &mut self.values {
            value.zeroize();
        }
    }
}

fn plain(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "application/x-www-form-urlencoded";

    #[test]
    fn query_form_and_json_say_the_same() {
        for (query, media_type, body) in [
            (Some("token=a%20b&recipients=x&recipients=y"), "", ""),
            (None, FORM, "token=a+b&recipients=x&recipients=y"),
            (None, FORM, "token=a+b&recipients=%5B%22x%22%2C%22y%22%5D"),
            (None, "", "token=a+b&recipients=x&recipients=y"),
            (None, "application/json", r#"{"token": "a b", "recipients": ["x", "y"]}"#),
            (None, "", r#" {"token": "a b", "recipients": "[\"x\",\"y\"]"}"#),
            (Some("token=other"), "application/json", r#"{"token":"a b","recipients":["x","y"]}"#),
        ] {
            let mut read = Parameters::read(query, media_type, body.as_bytes()).unwrap();
            assert_eq!(read.optional("token"), Some("a b"), "{body}");
            let recipients = read.list(["recipients", "recipientId"]).unwrap();
            assert_eq!(recipients, ["x", "y"], "{body}");
            assert_eq!(read.errors(), None);
        }
        let mut one = Parameters::read(Some("recipientId=x"), "", b"").unwrap();
        assert_eq!(one.list(["recipients", "recipientId"]), Some(vec!["x".to_owned()]));
    }

    #[test]
    fn what_is_missing_or_wrong_is_told_all_at_once() {
        let mut read = Parameters::read(Some("token=&dateFrom=01/09/2026"), "", b"").unwrap();
        assert_eq!(
            (read.required("token"), read.date("dateFrom"), read.date("dateTo")),
            (None, None, None)
        );
        let wrong = json!({"errors": {
            "token": "Required parameter 'token' not supplied",
            "dateFrom": "expected a date such as 2026-09-01",
            "dateTo": "Required parameter 'dateTo' not supplied",
        }});
        assert_eq!(read.errors(), Some(wrong));
    }

    #[test]
    fn a_day_is_read_with_or_without_a_time() {
        for (text, day) in [
            ("2026-09-01", Some("2026-09-01")),
            ("2026-09-01T10:00:00.000Z", Some("2026-09-01")),
            ("2026-09-01+08:00", Some("2026-09-01")), // a + is a space
            ("2026-9-1", None),
            ("2026-02-30", None),
            ("2026-09-01x", None),
            ("demain-été", None),
        ] {
            let query = format!("day={text}");
            let mut read = Parameters::read(Some(&query), "", b"").unwrap();
            assert_eq!(read.date("day").map(|day| day.to_string()).as_deref(), day, "{text}");
        }
    }

    #[test]
    fn bodies_that_are_neither_are_refused() {
        for (media_type, body, wrong) in [
            ("application/json", "{", Malformed::Json),
            ("application/json", "[1]", Malformed::Json),
            ("text/xml", "<a/>", Malformed::MediaType),
            ("application/json", &"[".repeat(100_000), Malformed::Json),
            (FORM, &"a=b&".repeat(3000), Malformed::TooMany),
        ] {
            let read = Parameters::read(None, media_type, body.as_bytes());
            assert_eq!(read.err(), Some(wrong), "{media_type}");
        }
    }
}
