//! A fake Edifice: its pages are scripts, its login takes two fields.

use super::{
    super::http::Reply,
    html,
    people::{Oddity, Person},
    visit::Visit,
};

const COOKIE: &str = "oneSessionId";

/// Answers for an Edifice platform.
pub fn answer(visit: &Visit<'_>) -> Option<Reply> {
    match visit.route() {
        ("POST", "/auth/login") => {
            let person = Person::find(visit.field("email"), visit.field("password"));
            Some(person.map_or_else(|| refuse(visit), |person| enter(visit, person)))
        }
        ("POST", "/auth/saml/acs") => {
            let person = visit.portals.state().take_response(visit.field("SAMLResponse"));
            let person = person.filter(|person| person.oddity != Oddity::Stranger);
            Some(person.map_or_else(|| refuse(visit), |person| enter(visit, person)))
        }
        ("GET", "/auth/saml/authn/student" | "/auth/saml/authn/relative") => {
            Some(visit.to_educonnect_by_redirect("/auth/saml/acs", ""))
        }
        ("GET", "/cas/login") => {
            let service = visit.parameter("service").unwrap_or_default();
            Some(match visit.who(COOKIE) {
                Some(person) => visit.hand_over(person, &service),
                None => Reply::redirect(&visit.here("/auth/login?callback=cas")),
            })
        }
        ("GET", "/auth/login" | "/timeline/timeline") => Some(application()),
        _ => None,
    }
}

fn enter(visit: &Visit<'_>, person: &'static Person) -> Reply {
    let home = Reply::redirect(&visit.local("/timeline/timeline"));
    visit.welcome(person, COOKIE, "", home)
}

fn refuse(visit: &Visit<'_>) -> Reply {
    Reply::redirect(&visit.local("/auth/login?error=auth.error.authenticationFailed"))
}

/// A page that a script draws.
fn application() -> Reply {
    html::page(
        "ENT",
        "<div id=root></div><script src=/assets/index.js></script><script>var route = location.pathname; if (!route) { location.href = '/' } else { go('location') }</script>",
    )
}
