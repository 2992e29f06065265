//! Fake portals: for each family the chain from its door to PRONOTE.
//!
//! They are as awkward as the real ones: forms that only a script sends, entities in values,
//! fields that must come back as they went, cookies on sub-paths, errors with status 200. One
//! server plays all hosts, told apart by the `Host` header or by a path `/ent/HOST/…`.

mod cas;
mod edifice;
mod educonnect;
mod form;
mod html;
mod hub;
mod oze;
mod people;
mod state;
mod toutatice;
mod visit;
mod wayf;

use std::{
    sync::{Mutex, MutexGuard},
    time::Duration,
};

pub use people::{Oddity, PEOPLE, Person};

use self::{state::State, visit::Visit};
use super::{
    http::{Manner, Reply, Request},
    portal::Portals as Gate,
};
use crate::{
    ent::{EDUCONNECT, Family, Portal, Portals},
    protocol::space::Space,
};

/// The path under which the hosts are found on a server that has only one name.
const PREFIX: &str = "/ent/";

/// The portals of a table, played by one server; the school belongs to one of them.
pub struct FakePortals {
    table: Portals,
    school: Portal,
    options: PortalOptions,
    state: Mutex<State>,
}

/// How the fake portals behave.
#[derive(Debug, Clone, Copy, Default)]
pub struct PortalOptions {
    /// EduConnect as it was until 2025: one page, no `csrf_token`, nobody asks who one is.
    pub old_educonnect: bool,
    /// What goes wrong.
    pub trouble: Trouble,
}

/// What can be made to go wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing.
    #[default]
    None,
    /// The login form has become something else.
    Changed,
    /// The login form sends the password to another host.
    Phishing,
    /// The portal redirects to itself, for ever.
    Round,
    /// The portal is closed, and says so with status 200.
    Down,
    /// The portal answers with HTTP 500.
    Broken,
    /// The portal takes ten minutes for every answer.
    Silent,
    /// EduConnect answers with HTTP 500.
    NoEduconnect,
    /// The portal's CAS does not know this PRONOTE.
    UnknownService,
    /// The first page is megabytes long.
    Huge,
    /// The portal forgets who signed in.
    Forgetful,
}

impl FakePortals {
    /// The portals of the built-in table, for a school that belongs to `school`.
    pub fn new(school: &Portal, options: PortalOptions) -> Self {
        let table = Portals::built_in().clone();
        Self { table, school: school.clone(), options, state: Mutex::default() }
    }

    /// A table whose addresses lead to this server at `origin` (`http://127.0.0.1:4242`).
    pub fn table_at(&self, origin: &str) -> Portals {
        let host = origin.split_once("://").map_or(origin, |(_, rest)| rest);
        let host = host.split(':').next().unwrap_or_default();
        self.table.moved(|portal_host| format!("{origin}{PREFIX}{portal_host}"), host)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while it was held left a test failing already.
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn visit<'a>(&'a self, request: &'a Request) -> Option<Visit<'a>> {
        Visit::of(self, request)
    }

    /// The portal at whose host a visit is, of the family that its address asks for.
    fn portal_at(&self, host: &str) -> Option<&Portal> {
        let bare = host.strip_prefix("api-").unwrap_or(host);
        if self.school.host() == bare {
            return Some(&self.school);
        }
        self.table.iter().find(|portal| portal.host() == bare)
    }
}

impl Gate for FakePortals {
    fn answer(&self, request: &Request) -> Option<Reply> {
        let visit = self.visit(request)?;
        let broken = || Some(Reply::html(500, "<h1>Erreur interne</h1>"));
        if visit.host == EDUCONNECT {
            if self.options.trouble == Trouble::NoEduconnect {
                return broken();
            }
            return educonnect::answer(&visit);
        }
        let portal = self.portal_at(&visit.host)?;
        match self.options.trouble {
            Trouble::Down => return Some(html::page("Maintenance", html::DOWN)),
            Trouble::Round => return Some(Reply::redirect(&visit.again())),
            Trouble::Huge => return Some(html::huge()),
            Trouble::Broken => return broken(),
            Trouble::Silent => {
                let manner = Manner::After(Duration::from_secs(600));
                return Some(Reply { manner, ..Reply::html(200, "") });
            }
            _ => {}
        }
        match portal.family {
            Family::Cas | Family::CasEduconnect => cas::answer(&visit, portal),
            Family::Edifice | Family::EdificeEduconnect => edifice::answer(&visit),
            Family::Wayf => wayf::answer(&visit),
            Family::Hub => hub::answer(&visit),
            Family::Oze => oze::answer(&visit),
            Family::Form => form::answer(&visit),
            Family::Toutatice => toutatice::answer(&visit),
        }
    }

    fn gate(&self, request: &Request, _: Space, service: &str) -> Option<String> {
        let is_local = request.header("host").is_some_and(|host| host.starts_with("127."));
        let origin = if is_local { request.origin() + PREFIX } else { "https://".into() };
        let door = match self.school.family {
            Family::Cas | Family::CasEduconnect => "login",
            Family::Hub => "EduConnect/cas/login",
            _ => "cas/login",
        };
        Some(format!(
            "{origin}{}/{door}?service={}",
            self.school.host(),
            html::url_encoded(service)
        ))
    }

    fn redeem(&self, ticket: &str, service: &str) -> Option<String> {
        self.state().redeem(ticket, service).map(|person| person.pronote.to_owned())
    }
}
