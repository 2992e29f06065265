//! What to do about a page.
//!
//! The password is given once, to a host that the table names. What looks like a refusal on a
//! portal's own page is believed when PRONOTE confirms it.

use url::Url;

use super::{
    error::{Failure, Hop, Need},
    form::{Choice, Filled, Form},
    kind::{PageKind, classify},
    login,
    page::Page,
    portal::Family,
    walk::{SentTo, Walk},
    ways::{self, Way},
    web::Web,
    words,
};

/// Expected after the login, and not found: the portal did not let us in.
pub const A_WAY: &str = "a way to PRONOTE";
/// The same, where it asks for the password again.
pub const A_WAY_WITHOUT_LOGIN: &str = "a way to PRONOTE without a second login";

/// Where the walk is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// At the portal, until it lets us in.
    Portal,
    /// On the way to PRONOTE.
    Pronote,
}

/// What to do about a page.
pub enum Step {
    /// Send this form.
    Send(Filled),
    /// Open this address.
    Open(Url),
    /// This stage is over.
    Settled,
}

impl<W: Web> Walk<'_, W> {
    /// What to do about `page`, which is of this kind.
    pub(super) fn decide(
        &mut self,
        page: &Page,
        kind: PageKind,
        stage: Stage,
    ) -> Result<Step, Failure> {
        let inside = self.sent_to.is_some() && stage == Stage::Portal;
        // A door that is broken or shut says nothing of the password.
        let is_open = page.status < 500 && !matches!(kind, PageKind::Maintenance);
        if inside && is_open && self.is_back_at_the_door(page) {
            return Err(if self.portal.family == Family::Edifice {
                Failure::WrongCredentials
            } else {
                Failure::UnknownAccount
            });
        }
        let form = |index| page.forms.get(index).ok_or(Failure::Changed("a form"));
        let nowhere = || Failure::Changed("a form with an address");
        let needs = |walk: &mut Self, need| walk.suspect(page, stage, Failure::PersonNeeded(need));
        match kind {
            PageKind::Start { granted: true } if page.url.host() == self.pronote.host() => {
                Ok(Step::Settled)
            }
            // Its secret would be for somebody else.
            PageKind::Start { granted: true } => Err(Failure::Changed("PRONOTE at its own host")),
            PageKind::Start { granted: false } if inside => Ok(Step::Settled),
            PageKind::Start { granted: false } => Err(Failure::NotDelegated),
            PageKind::PronoteShut(shut) => Err(Failure::PronoteShut(shut)),
            PageKind::AutoPost(index) => {
                form(index)?.fill_by_script().map(Step::Send).ok_or_else(nowhere)
            }
            PageKind::Storage(index) => {
                let mut filled = form(index)?.fill_by_script().ok_or_else(nowhere)?;
                // What a browser with an empty local storage answers.
                filled.set_where(|name| name.starts_with("shib_idp_ls_success"), "true");
                filled.set_where(|name| name == "shib_idp_ls_supported", "true");
                if !filled.has("_eventId_proceed") {
                    filled.set("_eventId_proceed", "");
                }
                Ok(Step::Send(filled))
            }
            PageKind::Login(index) => self.log_in(page, index, stage),
            PageKind::Jump(url) => Ok(Step::Open(url)),
            // The portal's first page offers things too.
            PageKind::Discovery(_) | PageKind::Choice(_)
                if inside && !self.is_at_the_provider(page) =>
            {
                Ok(Step::Settled)
            }
            PageKind::Discovery(ways) | PageKind::Choice(ways) => self.choose(page, &ways),
            PageKind::Captcha => needs(self, Need::Captcha),
            PageKind::SecondFactor => needs(self, Need::Code),
            PageKind::NewPassword => needs(self, Need::NewPassword),
            PageKind::Consent => needs(self, Need::Consent),
            PageKind::Wrong if self.sent_to.is_some() => {
                self.suspect(page, stage, Failure::WrongCredentials)
            }
            PageKind::Locked => self.suspect(page, stage, Failure::Locked),
            _ if inside && page.status < 400 && !self.is_at_the_provider(page) => Ok(Step::Settled),
            PageKind::UnknownService => Err(Failure::UnknownService),
            PageKind::Maintenance => Err(Failure::Maintenance),
            PageKind::Wrong | PageKind::Other => Err(match stage {
                Stage::Portal if inside => Failure::Changed("a way on from the login"),
                Stage::Portal => Failure::Changed("a login form"),
                Stage::Pronote => Failure::Changed(A_WAY),
            }),
        }
    }

    fn log_in(&mut self, page: &Page, index: usize, stage: Stage) -> Result<Step, Failure> {
        if let Some(sent_to) = &self.sent_to {
            let fields = page.forms.get(index).and_then(login::fields);
            let is_same = sent_to.host == page.host() && fields.as_ref() == Some(&sent_to.fields);
            return self.log_in_again(page, is_same, stage);
        }
        let changed = Failure::Changed("a login form with a user and a password");
        let form = login::choose(page, index, &self.credentials);
        let Some((form, fields)) = form.and_then(|form| Some((form, login::fields(form)?))) else {
            return Err(changed);
        };
        let filled = login::fill(form, &self.credentials).ok_or(changed)?;
        // Both: a trusted page may hold a form that goes elsewhere.
        let is_ours = |host: Option<&str>| host.is_some_and(|host| self.portal.trusts(host));
        if !is_ours(page.url.host_str()) || !is_ours(filled.action.host_str()) {
            return Err(Failure::StrangeForm);
        }
        self.sent_to = Some(SentTo { host: page.host().to_owned(), fields });
        self.passwords_sent += 1;
        Ok(Step::Send(filled))
    }

    /// A login form, though the password was sent: never a second time.
    fn log_in_again(&mut self, page: &Page, is_same: bool, stage: Stage) -> Result<Step, Failure> {
        if stage == Stage::Pronote {
            return Err(Failure::Changed(A_WAY_WITHOUT_LOGIN));
        }
        if !is_same {
            return self.suspect(page, stage, Failure::StrangeForm);
        }
        match page.status {
            _ if page.says(words::LOCKED) && !page.says(words::WRONG) => Err(Failure::Locked),
            _ if page.says(words::WRONG) => Err(Failure::WrongCredentials),
            400 | 403 | 404 | 405 | 500.. => Err(Failure::Changed("an answer to the login form")),
            _ => self.suspect(page, stage, Failure::FormAgain),
        }
    }

    /// A page that looks like a refusal. A portal's first page may speak of anything, and have
    /// forms for something else: there PRONOTE will tell.
    fn suspect(&mut self, page: &Page, stage: Stage, failure: Failure) -> Result<Step, Failure> {
        if self.sent_to.is_none() || stage == Stage::Pronote || self.is_at_the_provider(page) {
            return Err(failure);
        }
        let hop = Hop::new(page.host(), &classify(page), page.status);
        self.suspicion = Some((failure, hop));
        Ok(Step::Settled)
    }

    fn choose(&self, page: &Page, ways: &[Way]) -> Result<Step, Failure> {
        let entry = self.entry_url().ok_or(Failure::Changed("an address"))?;
        let Some(way) = ways::pick(ways, self.portal, &entry, &self.credentials) else {
            let choice = |way: &Way| Choice { label: way.label.clone(), value: way.value.clone() };
            return Err(Failure::ChoiceNeeded(ways.iter().map(choice).collect()));
        };
        let Some((index, name)) = &way.field else {
            let url = Url::parse(&way.value).map_err(|_| Failure::Changed("a link"))?;
            return Ok(Step::Open(url));
        };
        let filled = page.forms.get(*index).and_then(Form::fill);
        let mut filled = filled.ok_or(Failure::Changed("a form with an address"))?;
        filled.set(name, &way.value);
        Ok(Step::Send(filled))
    }

    /// Edifice shows its login page again, which has no form that a program could see.
    fn is_back_at_the_door(&self, page: &Page) -> bool {
        matches!(self.portal.family, Family::Edifice | Family::EdificeEduconnect)
            && page.host() == self.portal.host()
            && page.url.path().split('/').any(|part| part == "login")
    }

    /// EduConnect got the password and shows this page itself: that is not the portal's first.
    fn is_at_the_provider(&self, page: &Page) -> bool {
        self.portal.family.is_educonnect()
            && self.sent_to.as_ref().is_some_and(|sent_to| sent_to.host == page.host())
            && page.host() != self.portal.host()
    }
}
