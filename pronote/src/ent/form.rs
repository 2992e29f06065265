//! A form of a page: its fields, and what a browser would send of them.
//!
//! A portal's hidden fields are echoed as they are, known or not: each of them was added by
//! somebody, and clients with a fixed list of fields broke that day.

use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

/// A form, its action resolved against the page and its fields in the order of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Where it is sent; the page itself where the page says nothing, `None` where no URL.
    pub action: Option<Url>,
    /// Whether it is sent as POST.
    pub post: bool,
    /// Its `id`, or else its `name`.
    pub id: String,
    /// Its `class`, as written.
    pub class: String,
    /// Its controls, named or not.
    pub fields: Vec<Field>,
}

/// One control of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What it is.
    pub kind: FieldKind,
    /// Its `name`; nothing of a nameless control is sent.
    pub name: String,
    /// Its value, or that of the chosen option.
    pub value: String,
    /// Its `id`.
    pub id: String,
    /// What a person reads beside it.
    pub label: String,
    /// Radio buttons and check boxes: whether it is on.
    pub checked: bool,
    /// Whether the browser leaves it out.
    pub disabled: bool,
    /// What a `select` offers.
    pub options: Vec<Choice>,
}

/// The kinds of controls that differ for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Not seen by a person.
    Hidden,
    /// Text of any sort: also e-mail, telephone, number, `textarea`.
    Text,
    /// A password.
    Password,
    /// One of several of the same name.
    Radio,
    /// On or off.
    Checkbox,
    /// A list of options.
    Select,
    /// A button that sends the form.
    Submit,
    /// A control that sends nothing: plain buttons, resets, files.
    Inert,
}

/// One of several things to choose from, as a page offers them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What a person reads.
    pub label: String,
    /// What the page would send, or the address of the link.
    pub value: String,
}

/// What a form sends: names and values, wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Filled {
    /// Where to.
    pub action: Url,
    /// POST, or else GET.
    pub post: bool,
    pairs: Vec<(String, Zeroizing<String>)>,
}

impl Form {
    /// What a browser sends when a person presses Enter: all that is on and has a name, and the
    /// first button. `None` where the form leads nowhere.
    pub(super) fn fill(&self) -> Option<Filled> {
        let mut pairs = Vec::new();
        let mut pressed = false;
        for field in self.fields.iter().filter(|f| !f.disabled && !f.name.is_empty()) {
            let sent = match field.kind {
                FieldKind::Hidden | FieldKind::Text | FieldKind::Password | FieldKind::Select => {
                    true
                }
                FieldKind::Radio | FieldKind::Checkbox => field.checked,
                FieldKind::Submit => !field.turns_back() && !std::mem::replace(&mut pressed, true),
                FieldKind::Inert => false,
            };
            if sent {
                pairs.push((field.name.clone(), Zeroizing::new(field.value.clone())));
            }
        }
        Some(Filled { action: self.action.clone()?, post: self.post, pairs })
    }

    /// What the page's own script sends (`form.submit()`): the same without any button.
    pub(super) fn fill_by_script(&self) -> Option<Filled> {
        let mut filled = self.fill()?;
        for button in self.fields.iter().filter(|f| f.kind == FieldKind::Submit) {
            if !self.fields.iter().any(|f| f.name == button.name && f.kind != FieldKind::Submit) {
                filled.pairs.retain(|(name, _)| *name != button.name);
            }
        }
        Some(filled)
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.name == name)
    }

    /// Whether there is a field whose name passes `test`.
    pub fn has(&self, test: impl Fn(&str) -> bool) -> bool {
        self.fields.iter().any(|f| test(&f.name))
    }

    /// Whether a person finds anything to fill or to choose in it.
    pub fn asks_something(&self) -> bool {
        self.fields
            .iter()
            .any(|f| !matches!(f.kind, FieldKind::Hidden | FieldKind::Submit | FieldKind::Inert))
    }
}

impl Field {
    /// Whether this button leaves the form instead of sending it.
    pub fn turns_back(&self) -> bool {
        const BACK: [&str; 7] =
            ["cancel", "annul", "reset", "reject", "donotcache", "forgot", "oubli"];
        let name = self.name.to_lowercase();
        self.kind == FieldKind::Submit && BACK.iter().any(|word| name.contains(word))
    }
}

impl Filled {
    /// A form made by ourselves, for pages whose form only a script builds.
    pub fn post_to(action: Url) -> Self {
        Self { action, post: true, pairs: Vec::new() }
    }

    /// Overwrites every field of this name, or adds it.
    pub fn set(&mut self, name: &str, value: &str) {
        let mut found = false;
        for (_, old) in self.pairs.iter_mut().filter(|(n, _)| n == name) {
            *old = Zeroizing::new(value.to_owned());
            found = true;
        }
        if !found {
            self.pairs.push((name.to_owned(), Zeroizing::new(value.to_owned())));
        }
    }

    /// Overwrites every field whose name passes `test`.
    pub fn set_where(&mut self, test: impl Fn(&str) -> bool, value: &str) {
        for (_, old) in self.pairs.iter_mut().filter(|(name, _)| test(name)) {
            *old = Zeroizing::new(value.to_owned());
        }
    }

    /// Takes a field out.
    pub fn remove(&mut self, name: &str) {
        self.pairs.retain(|(n, _)| n != name);
    }

    /// Whether there is a field of this name.
    pub fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(n, _)| n == name)
    }

    /// The fields as `application/x-www-form-urlencoded`, in UTF-8.
    pub fn encoded(&self) -> Zeroizing<String> {
        // Sized first, so that no half-grown copy of a password is left behind in memory.
        let size = self.pairs.iter().map(|(n, v)| 3 * (n.len() + v.len()) + 2).sum();
        let mut encoder = form_urlencoded::Serializer::new(String::with_capacity(size));
        for (name, value) in &self.pairs {
            encoder.append_pair(name, value.as_str());
        }
        Zeroizing::new(encoder.finish())
    }
}

impl std::fmt::Debug for Filled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.pairs.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Filled")
            .field("host", &self.action.host_str())
            .field("post", &self.post)
            .field("names", &names)
            .finish()
    }
}
