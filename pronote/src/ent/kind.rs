//! What a page is, told from the page alone.
//!
//! Pure: a page in, its kind out. A form counts more than a word, for the words of a portal
//! change with every new coat of paint and its forms with every new server.

use url::Url;

use super::{
    form::{Field, FieldKind, Form},
    login,
    page::Page,
    ways::{self, Way},
    words,
};

/// The kinds of pages between a portal's door and PRONOTE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageKind {
    /// A PRONOTE start page; granted where it carries the identifier and the secret of a login
    /// made elsewhere.
    Start {
        /// Whether there is nothing left to ask.
        granted: bool,
    },
    /// PRONOTE says that it is closed, busy, or that our address is suspended.
    PronoteShut(Shut),
    /// A form that its page sends by itself: SAML's two, and others.
    AutoPost(usize),
    /// A login form with a user and a password.
    Login(usize),
    /// Shibboleth asks what the browser has stored, or to store something.
    Storage(usize),
    /// A page that only leads on.
    Jump(Url),
    /// Where do you come from: a choice of identity providers or of populations.
    Discovery(Vec<Way>),
    /// A choice among profiles, accounts, children or schools.
    Choice(Vec<Way>),
    /// A captcha stands in the way.
    Captcha,
    /// A code is asked for.
    SecondFactor,
    /// A new password, or the activation of the account, is asked for.
    NewPassword,
    /// Terms to accept.
    Consent,
    /// "Wrong user or password", without a form.
    Wrong,
    /// The account is shut.
    Locked,
    /// The portal does not know this PRONOTE.
    UnknownService,
    /// The portal is closed for now.
    Maintenance,
    /// Anything else, as the portal's own first page.
    Other,
}

/// What PRONOTE says of itself instead of a start page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shut {
    /// Closed by the school.
    Closed,
    /// Too busy.
    Busy,
    /// It refuses our address for a while.
    Banned,
}

impl PageKind {
    /// The kind in words, for a sentence: "a login form".
    pub fn words(&self) -> &'static str {
        match self {
            Self::Start { granted: true } => "a PRONOTE start page",
            Self::Start { granted: false } => "a PRONOTE start page that asks for its own password",
            Self::PronoteShut(Shut::Closed) => "PRONOTE, closed",
            Self::PronoteShut(Shut::Busy) => "PRONOTE, busy",
            Self::PronoteShut(Shut::Banned) => "PRONOTE, which suspended our address",
            Self::AutoPost(_) => "a form that sends itself",
            Self::Login(_) => "a login form",
            Self::Storage(_) => "a browser storage check",
            Self::Jump(_) => "a page that leads on",
            Self::Discovery(_) => "a choice of where one comes from",
            Self::Choice(_) => "a choice of profile or account",
            Self::Captcha => "a captcha",
            Self::SecondFactor => "a request for a code",
            Self::NewPassword => "a request for a new password",
            Self::Consent => "terms to accept",
            Self::Wrong => "a refusal of the password",
            Self::Locked => "an account that is shut",
            Self::UnknownService => "a refusal of this PRONOTE",
            Self::Maintenance => "a portal that is closed for now",
            Self::Other => "a page without a known form",
        }
    }
}

/// Tells what `page` is. Never panics, and takes time linear in the page.
pub fn classify(page: &Page) -> PageKind {
    if let Some(granted) = start_page(page) {
        return PageKind::Start { granted };
    }
    by_forms(page)
        .or_else(|| shut(page).map(PageKind::PronoteShut))
        .or_else(|| by_ways(page))
        .unwrap_or_else(|| by_words(page))
}

fn shut(page: &Page) -> Option<Shut> {
    let sayings = [
        (words::PRONOTE_BANNED, Shut::Banned),
        (words::PRONOTE_CLOSED, Shut::Closed),
        (words::PRONOTE_BUSY, Shut::Busy),
    ];
    sayings.into_iter().find(|(phrases, _)| page.says(phrases)).map(|(_, shut)| shut)
}

fn by_forms(page: &Page) -> Option<PageKind> {
    let position = |test: &dyn Fn(&Form) -> bool| page.forms.iter().position(test);
    let is_saml = |name: &str| matches!(name, "SAMLRequest" | "SAMLResponse" | "_saml_idp");
    if let Some(form) = position(&|f| f.has(is_saml)) {
        return Some(PageKind::AutoPost(form));
    }
    if let Some(form) = position(&login::is_login) {
        return Some(if page.captcha { PageKind::Captcha } else { PageKind::Login(form) });
    }
    if position(&|f| passwords(f) > 1).is_some() {
        return Some(PageKind::NewPassword);
    }
    if let Some(form) = position(&|f| f.has(|name| name.starts_with("shib_idp_ls_"))) {
        return Some(PageKind::Storage(form));
    }
    let says_consent = page.says(words::CONSENT);
    if position(&|f| asks_consent(says_consent, f)).is_some() {
        return Some(PageKind::Consent);
    }
    if page.captcha {
        return Some(PageKind::Captcha);
    }
    let says_code = page.says(words::SECOND_FACTOR);
    if position(&|f| asks_code(says_code, f)).is_some() {
        return Some(PageKind::SecondFactor);
    }
    is_relay(page).then_some(PageKind::AutoPost(0))
}

fn by_ways(page: &Page) -> Option<PageKind> {
    let target = page.refresh.clone().or_else(|| page.script_jump());
    if let Some(target) = target.filter(|target| *target != page.url) {
        return Some(PageKind::Jump(target));
    }
    let origins = ways::origins(page);
    if !origins.is_empty() {
        return Some(PageKind::Discovery(origins));
    }
    let choices = ways::choices(page);
    (choices.len() > 1).then_some(PageKind::Choice(choices))
}

fn by_words(page: &Page) -> PageKind {
    let by_words = [
        (words::UNKNOWN_SERVICE, PageKind::UnknownService),
        (words::LOCKED, PageKind::Locked),
        (words::WRONG, PageKind::Wrong),
        (words::MAINTENANCE, PageKind::Maintenance),
        (words::ACTIVATION, PageKind::NewPassword),
    ];
    let found = by_words.into_iter().find(|(phrases, _)| page.says(phrases)).map(|(_, kind)| kind);
    match found {
        None if matches!(page.status, 502..=504) => PageKind::Maintenance,
        found => found.unwrap_or(PageKind::Other),
    }
}

/// Whether `page` is a PRONOTE start page, and then whether it carries `e` and `f`.
fn start_page(page: &Page) -> Option<bool> {
    let compact = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let at = page.script.match_indices("Start").find_map(|(at, word)| {
        let rest = page.script.get(at + word.len()..)?.trim_start();
        let rest = rest.strip_prefix('(')?.trim_start();
        rest.strip_prefix('{')?.split('}').next()
    })?;
    let keys = compact(at);
    let has = |key: &str| {
        keys.split(',').any(|pair| {
            pair.split_once(':').is_some_and(|(name, value)| {
                name.trim_matches(['"', '\'']) == key && !value.trim_matches(['"', '\'']).is_empty()
            })
        })
    };
    (has("h") || has("a")).then(|| has("e") && has("f"))
}

fn passwords(form: &Form) -> usize {
    form.fields.iter().filter(|f| f.kind == FieldKind::Password && !f.disabled).count()
}

/// Terms to accept; a banner about cookies is no such thing.
fn asks_consent(says_consent: bool, form: &Form) -> bool {
    let accepts = |f: &Field| {
        let label = words::fold(if f.label.is_empty() { &f.value } else { &f.label });
        f.kind == FieldKind::Submit && label.contains("accept") && !label.contains("tout accepter")
    };
    form.has(|name| name.starts_with("_shib_idp_consent"))
        || form.has(|name| name == "_eventId_AttributeReleaseRejected")
        || (says_consent && form.fields.iter().any(accepts))
}

fn asks_code(says_code: bool, form: &Form) -> bool {
    let is_code = |field: &Field| {
        let name = field.name.to_lowercase();
        field.kind == FieldKind::Text
            && (["otp", "totp", "mfa", "2fa"].iter().any(|word| name.contains(word)) || says_code)
    };
    form.fields.iter().any(is_code)
}

/// A page that is nothing but one form of hidden fields is sent by its script. Other pages have
/// such forms too, to log out.
fn is_relay(page: &Page) -> bool {
    const SAYS_LITTLE: usize = 300;
    let [form] = page.forms.as_slice() else { return false };
    let is_hidden = form.has(|name| !name.is_empty()) && !form.asks_something();
    let leaves = form.action.as_ref().is_some_and(|action| {
        let path = action.path().to_lowercase();
        ["logout", "deconnexion", "disconnect"].iter().any(|word| path.contains(word))
    });
    let sends_itself = page.submits_itself() || (form.post && page.links.is_empty());
    is_hidden && !leaves && sends_itself && page.text.len() < SAYS_LITTLE
}
