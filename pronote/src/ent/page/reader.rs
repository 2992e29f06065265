//! From tokens to a page: forms with their owners, links, labels, text.
//!
//! As a browser with scripts does, it passes over what stands in `<noscript>`.

use std::collections::BTreeMap;

use html5gum::{DefaultEmitter, Token, Tokenizer};
use url::Url;

use super::tag::{Tag, lossy};
use super::{MAX_BASE, MAX_FIELDS, MAX_FORMS, MAX_LINKS, MAX_TEXT, Page};
use crate::ent::{
    form::{Choice, Field, FieldKind, Form},
    words,
};

/// Reads one page.
pub fn read(url: &Url, status: u16, html: &str) -> Page {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut reader = Reader::new(url, status);
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => reader.start(&Tag::of(&tag)),
            Token::EndTag(tag) => reader.end(&lossy(&tag.name)),
            Token::String(text) => reader.text(&lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    reader.finish()
}

struct Reader {
    page: Page,
    base: Url,
    open_form: Option<usize>,
    /// Controls outside their form, with the id of the form that they name.
    strays: Vec<(String, Field)>,
    fields: usize,
    /// The element whose text is not text.
    raw: Option<String>,
    /// Where text goes besides the page: labels, options, links, buttons.
    open_label: Option<Label>,
    /// Labels that name their control by its id.
    labels: BTreeMap<String, String>,
    open_option: bool,
    open_link: bool,
    open_button: bool,
}

struct Label {
    of: String,
    text: String,
    /// How many controls there were when it began: one more, and it stands inside.
    before: usize,
}

impl Reader {
    fn new(url: &Url, status: u16) -> Self {
        let page = Page {
            url: url.clone(),
            status,
            forms: Vec::new(),
            links: Vec::new(),
            refresh: None,
            text: String::new(),
            script: String::new(),
            captcha: false,
            loads_script: false,
        };
        Self {
            page,
            base: url.clone(),
            open_form: None,
            strays: Vec::new(),
            fields: 0,
            raw: None,
            open_label: None,
            labels: BTreeMap::new(),
            open_option: false,
            open_link: false,
            open_button: false,
        }
    }

    fn start(&mut self, tag: &Tag) {
        self.page.captcha |= tag.is_captcha();
        self.page.loads_script |= tag.name == "script" && tag.has("src");
        match tag.name.as_str() {
            "base" => {
                let base = self.page.url.join(tag.get("href")).ok();
                if let Some(base) = base.filter(|base| base.as_str().len() <= MAX_BASE) {
                    self.base = base;
                }
            }
            "meta" if tag.get("http-equiv").eq_ignore_ascii_case("refresh") => {
                let target = words::refresh_target(tag.get("content"));
                self.page.refresh = target.and_then(|t| self.base.join(&t).ok());
            }
            "body" => self.script(tag.get("onload")),
            "form" => self.open_form(tag),
            "input" => self.field(tag.input()),
            "textarea" => self.field(tag.control(FieldKind::Text, "")),
            "button" => {
                self.field(tag.button());
                self.open_button = true;
            }
            "select" => self.field(tag.control(FieldKind::Select, "")),
            "option" => self.option(tag),
            "label" => {
                self.close_label();
                let of = tag.get("for").to_owned();
                self.open_label = Some(Label { of, text: String::new(), before: self.fields });
            }
            "a" => self.link(tag),
            "script" | "style" | "noscript" | "title" | "iframe" => {
                self.raw = Some(tag.name.clone());
            }
            _ => self.separate(),
        }
    }

    fn end(&mut self, name: &str) {
        if self.raw.as_deref() == Some(name) {
            self.raw = None;
        }
        match name {
            "form" => self.open_form = None,
            "label" => self.close_label(),
            "option" | "select" => self.open_option = false,
            "a" => self.open_link = false,
            "button" => self.open_button = false,
            _ => {}
        }
        self.separate();
    }

    fn text(&mut self, text: &str) {
        match self.raw.as_deref() {
            Some("script") => return self.script(text),
            Some("title") | None => {}
            Some(_) => return,
        }
        if self.page.text.len() < MAX_TEXT {
            self.page.text.push_str(text);
        }
        if let Some(label) = &mut self.open_label {
            push_capped(&mut label.text, text);
        }
        if self.open_link
            && let Some(link) = self.page.links.last_mut()
        {
            push_capped(&mut link.label, text);
        }
        let (option, button) = (self.open_option, self.open_button);
        let Some(field) = self.last_field() else { return };
        if option && let Some(choice) = field.options.last_mut() {
            push_capped(&mut choice.label, text);
        }
        if button && field.kind != FieldKind::Select {
            push_capped(&mut field.label, text);
        }
    }

    fn finish(mut self) -> Page {
        self.close_label();
        self.adopt_strays();
        self.name_fields();
        self.page.text = words::fold(&self.page.text);
        self.page
    }

    fn open_form(&mut self, tag: &Tag) {
        // A form inside a form does not exist for a browser.
        if self.open_form.is_some() || self.page.forms.len() >= MAX_FORMS {
            return;
        }
        let action = tag.get("action").trim();
        let action = if action.is_empty() {
            Some(self.page.url.clone())
        } else {
            self.base.join(action).ok()
        };
        let id = [tag.get("id"), tag.get("name")].into_iter().find(|id| !id.is_empty());
        self.open_form = Some(self.page.forms.len());
        self.page.forms.push(Form {
            action,
            post: tag.get("method").eq_ignore_ascii_case("post"),
            id: id.unwrap_or_default().to_owned(),
            class: tag.get("class").to_owned(),
            fields: Vec::new(),
        });
    }

    fn field(&mut self, (field, form): (Field, String)) {
        if self.fields >= MAX_FIELDS {
            return;
        }
        self.fields += 1;
        let open = self.open_form.filter(|_| form.is_empty());
        match open.and_then(|index| self.page.forms.get_mut(index)) {
            Some(form) => form.fields.push(field),
            None => self.strays.push((form, field)),
        }
    }

    fn last_field(&mut self) -> Option<&mut Field> {
        match self.open_form.and_then(|index| self.page.forms.get_mut(index)) {
            Some(form) => form.fields.last_mut(),
            None => self.strays.last_mut().map(|(_, field)| field),
        }
    }

    fn option(&mut self, tag: &Tag) {
        let room = self.fields < MAX_FIELDS;
        let Some(select) = self.last_field().filter(|f| f.kind == FieldKind::Select) else {
            return;
        };
        if !room || tag.has("disabled") {
            return;
        }
        let value = tag.get("value").to_owned();
        if select.options.is_empty() || tag.has("selected") {
            select.value.clone_from(&value);
        }
        select.options.push(Choice { label: String::new(), value });
        self.fields += 1;
        self.open_option = true;
    }

    fn link(&mut self, tag: &Tag) {
        self.separate();
        if self.page.links.len() >= MAX_LINKS || !tag.has("href") {
            return;
        }
        if let Ok(target) = self.base.join(tag.get("href").trim()) {
            self.open_link = true;
            self.page.links.push(Choice { label: String::new(), value: target.into() });
        }
    }

    fn close_label(&mut self) {
        let Some(label) = self.open_label.take() else { return };
        if !label.of.is_empty() {
            self.labels.entry(label.of).or_insert(label.text);
        } else if self.fields > label.before
            && let Some(field) = self.last_field()
        {
            field.label = label.text;
        }
    }

    fn adopt_strays(&mut self) {
        for (id, field) in std::mem::take(&mut self.strays) {
            if let Some(form) = self.page.forms.iter_mut().find(|f| !id.is_empty() && f.id == id) {
                form.fields.push(field);
            }
        }
    }

    fn name_fields(&mut self) {
        for field in self.page.forms.iter_mut().flat_map(|form| &mut form.fields) {
            if let Some(text) = self.labels.get(&field.id).filter(|_| !field.id.is_empty()) {
                field.label.clone_from(text);
            }
            field.label = words::spaced(&field.label);
            for choice in &mut field.options {
                choice.label = words::spaced(&choice.label);
            }
        }
        for link in &mut self.page.links {
            link.label = words::spaced(&link.label);
        }
    }

    fn script(&mut self, text: &str) {
        if self.page.script.len() < MAX_TEXT {
            self.page.script.push_str(text);
            self.page.script.push('\n');
        }
    }

    /// Two words in two elements are two words.
    fn separate(&mut self) {
        if !self.page.text.ends_with(' ') {
            self.page.text.push(' ');
        }
    }
}

/// A label is short; a page that never closes one is not to be copied into each of its controls.
fn push_capped(text: &mut String, more: &str) {
    const MAX_LABEL: usize = 200;
    let room = MAX_LABEL.saturating_sub(text.len());
    text.extend(more.chars().take(room));
}
