//! A start tag and the control that it makes.
//!

use std::collections::BTreeMap;

use html5gum::StartTag;

use crate::ent::form::{Field, FieldKind};

/// A start tag with its names in lower case, as the tokenizer gives them.
pub struct Tag {
    /// Its name.
    pub name: String,
    attributes: BTreeMap<String, String>,
}

impl Tag {
    /// Reads the tokenizer's tag.
    pub fn of(tag: &StartTag<()>) -> Self {
        let attributes = tag.attributes.iter().map(|(name, value)| (lossy(name), lossy(value)));
        Self { name: lossy(&tag.name), attributes: attributes.collect() }
    }

    /// An attribute; empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    /// Whether the attribute is there at all.
    pub fn has(&self, name: &str) -> bool {
        self.attributes.contains_key(name)
    }

    /// The control of an `<input>`.
    pub fn input(&self) -> (Field, String) {
        let kind = match self.get("type").trim().to_ascii_lowercase().as_str() {
            "hidden" => FieldKind::Hidden,
            "password" => FieldKind::Password,
            "radio" => FieldKind::Radio,
            "checkbox" => FieldKind::Checkbox,
            "submit" | "image" => FieldKind::Submit,
            "button" | "reset" | "file" => FieldKind::Inert,
            _ => FieldKind::Text,
        };
        let switch = matches!(kind, FieldKind::Radio | FieldKind::Checkbox);
        self.control(kind, if switch { "on" } else { "" })
    }

    /// The control of a `<button>`.
    pub fn button(&self) -> (Field, String) {
        match self.get("type").trim().to_ascii_lowercase().as_str() {
            "button" | "reset" => self.control(FieldKind::Inert, ""),
            _ => self.control(FieldKind::Submit, ""),
        }
    }

    /// The control, and the id of the form that it names.
    pub fn control(&self, kind: FieldKind, default: &str) -> (Field, String) {
        let field = Field {
            kind,
            name: self.get("name").to_owned(),
            value: self.attributes.get("value").map_or(default, String::as_str).to_owned(),
            id: self.get("id").to_owned(),
            label: String::new(),
            checked: self.has("checked"),
            disabled: self.has("disabled"),
            options: Vec::new(),
        };
        (field, self.get("form").to_owned())
    }

    /// Whether it is the mark of a captcha.
    pub fn is_captcha(&self) -> bool {
        let class = self.get("class").to_ascii_lowercase();
        let known = ["g-recaptcha", "h-captcha", "cf-turnstile", "frc-captcha"];
        known.iter().any(|word| class.split_ascii_whitespace().any(|c| c == *word))
            || self.name == "altcha-widget"
            || (self.name == "input" && self.get("name").to_ascii_lowercase().contains("captcha"))
    }
}

/// Bytes of a page as text, whatever they are.
pub fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
