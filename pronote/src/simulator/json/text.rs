//! JSON as text from the start: a tree would cost more than the rest of a call.
//!

use serde_json::Value;

/// A value as JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Json(String);

/// What can be written as JSON.
pub(crate) trait Write {
    /// Appends the text of the value.
    fn write(self, out: &mut String);
}

/// An object out of its fields, in their order.
macro_rules! object {
    ({ $($key:literal : $value:expr),* $(,)? }) => {{
        let mut fields = $crate::simulator::json::Fields::new();
        $(fields.add(concat!("\"", $key, "\":"), $value);)*
        fields.end()
    }};
}
pub(crate) use object;

/// An object under construction.
pub(crate) struct Fields(String);

impl Fields {
    pub(crate) fn new() -> Self {
        let mut text = String::with_capacity(512);
        text.push('{');
        Self(text)
    }

    /// Adds a field; the key comes quoted and with its colon.
    pub(crate) fn add(&mut self, key: &str, value: impl Write) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push_str(key);
        value.write(&mut self.0);
    }

    pub(crate) fn end(mut self) -> Json {
        self.0.push('}');
        Json(self.0)
    }
}

impl Json {
    /// The text of a value.
    pub(crate) fn of(value: impl Write) -> Self {
        let mut out = String::new();
        value.write(&mut out);
        Self(out)
    }

    /// An object without fields.
    pub(crate) fn empty() -> Self {
        Self("{}".to_owned())
    }

    /// A plain array.
    pub(crate) fn array(items: impl IntoIterator<Item = Self>) -> Self {
        let mut out = String::with_capacity(4096);
        out.push('[');
        for item in items {
            if out.len() > 1 {
                out.push(',');
            }
            out.push_str(&item.0);
        }
        out.push(']');
        Self(out)
    }

    /// Adds a field to an object.
    pub(crate) fn put(&mut self, name: &str, value: impl Write) {
        debug_assert!(self.0.ends_with('}'), "fields belong to objects");
        self.0.pop();
        if self.0.len() > 1 {
            self.0.push(',');
        }
        name.write(&mut self.0);
        self.0.push(':');
        value.write(&mut self.0);
        self.0.push('}');
    }

    pub(crate) fn into_text(self) -> String {
        self.0
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::of(text)
    }
}

impl From<u32> for Json {
    fn from(number: u32) -> Self {
        Self::of(number)
    }
}

impl Write for Json {
    fn write(self, out: &mut String) {
        out.push_str(&self.0);
    }
}

impl Write for &Json {
    fn write(self, out: &mut String) {
        out.push_str(&self.0);
    }
}

impl Write for &Value {
    fn write(self, out: &mut String) {
        out.push_str(&self.to_string());
    }
}

impl Write for &str {
    fn write(self, out: &mut String) {
        let is_simple = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
        if self.bytes().all(is_simple) {
            out.extend(["\"", self, "\""]);
        } else {
            out.push_str(&Value::from(self).to_string());
        }
    }
}

impl Write for String {
    fn write(self, out: &mut String) {
        self.as_str().write(out);
    }
}

impl Write for bool {
    fn write(self, out: &mut String) {
        out.push_str(if self { "true" } else { "false" });
    }
}

impl<T: Write> Write for Option<T> {
    fn write(self, out: &mut String) {
        match self {
            Some(value) => value.write(out),
            None => out.push_str("null"),
        }
    }
}

/// Numbers, which print as JSON wants them.
macro_rules! write_numbers {
    ($($number:ty),*) => {$(
        impl Write for $number {
            fn write(self, out: &mut String) {
                out.push_str(&self.to_string());
            }
        }
    )*};
}
write_numbers!(u8, u32, i32, i64, u64, usize, f64);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::simulator::json::list;

    #[test]
    fn what_is_written_is_json() {
        let mut object = object!({
            "plain": "élève",
            "nasty": "\"a\\b\"\n\u{1}",
            "numbers": 1.5,
            "nothing": None::<bool>,
            "list": list([object!({ "N": 1u32 }), Json::empty()]),
        });
        object.put("late\"", true);
        let mut empty = Json::empty();
        empty.put("a", &json!([1]));
        let read: Value = serde_json::from_str(object.text()).unwrap();
        let expected = json!({
            "plain": "élève",
            "nasty": "\"a\\b\"\n\u{1}",
            "numbers": 1.5,
            "nothing": null,
            "list": { "_T": 24, "V": [{ "N": 1 }, {}] },
            "late\"": true,
        });
        assert_eq!(read, expected);
        assert_eq!(empty.text(), "{\"a\":[1]}");
    }
}
