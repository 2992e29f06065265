//! A page: what a program can see of it, read in one pass over its tokens.
//!
//! No tree is built. A tree can be made to grow with the square of the page, and it loses the
//! fields of a form that sits badly in a table; a browser does not lose them, and neither do we.

mod reader;
mod tag;

use url::Url;

use super::{
    form::{Choice, Form},
    words,
};

/// What is kept of one page: more than any real portal has, and a bound for the others.
pub const MAX_FORMS: usize = 40;
/// Controls of all forms together.
pub const MAX_FIELDS: usize = 1000;
/// Links, of all kinds.
pub const MAX_LINKS: usize = 1000;
/// Bytes of visible text, and of scripts.
pub const MAX_TEXT: usize = 128 * 1024;
/// Bytes of an address that others are joined to: a longer one would be in each of them.
pub const MAX_BASE: usize = 8 * 1024;
/// Bytes of HTML: what comes after is not read.
pub const MAX_HTML: usize = 2 * 1024 * 1024;

/// One page, as far as signing in needs it.
#[derive(Debug, Clone)]
pub struct Page {
    /// Where it came from, after redirects.
    pub url: Url,
    /// Its HTTP status.
    pub status: u16,
    /// Its forms, in the order of the page.
    pub forms: Vec<Form>,
    /// Its links.
    pub links: Vec<Choice>,
    /// Where `<meta http-equiv=refresh>` sends to.
    pub refresh: Option<Url>,
    /// Title and visible text: lower case, no accents, one space between words.
    pub text: String,
    /// Its scripts and its `onload`, as written.
    pub script: String,
    /// Whether a captcha stands in it.
    pub captcha: bool,
    /// Whether it loads a script: then it is an application, and its own script not all of it.
    pub loads_script: bool,
}

impl Page {
    /// Reads `html`, whatever it holds.
    pub fn read(url: &Url, status: u16, html: &str) -> Self {
        let end = (0..=MAX_HTML.min(html.len())).rev().find(|at| html.is_char_boundary(*at));
        reader::read(url, status, html.get(..end.unwrap_or(0)).unwrap_or_default())
    }

    /// The host, for errors; `?` where the URL has none.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or("?")
    }

    /// Whether the text says one of `phrases` (which are folded already).
    pub fn says(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.text.contains(phrase))
    }

    /// Whether a script of this page sends a form by itself.
    pub fn submits_itself(&self) -> bool {
        let script = self.script.to_ascii_lowercase();
        script.contains(".submit()")
            || script.contains(".submit.call(")
            || script.contains(".click()")
    }

    /// Where the only script of an otherwise empty page goes, as
    /// `window.location.replace("/next")`.
    pub fn script_jump(&self) -> Option<Url> {
        // A page that shows something, or that decides something, jumps on a click or in some
        // case: only an empty page with a short script is a redirect.
        const SHOWS_NOTHING: usize = 400;
        const DECIDES_NOTHING: usize = 600;
        let decides = self.loads_script
            || self.script.len() > DECIDES_NOTHING
            || self.script.contains("if (")
            || self.script.contains("if(");
        let shows = self.text.len() > SHOWS_NOTHING || self.forms.iter().any(Form::asks_something);
        if shows || decides {
            return None;
        }
        words::location_of(&self.script).and_then(|target| self.url.join(&target).ok())
    }
}
