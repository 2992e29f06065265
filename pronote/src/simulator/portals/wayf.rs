//! A fake Shibboleth service with its discovery page, as e-lyco has.

use super::{super::http::Reply, html, visit::Visit};

const COOKIE: &str = "_shibsession_64656661";

/// Answers for the service.
pub fn answer(visit: &Visit<'_>) -> Option<Reply> {
    match visit.route() {
        ("GET", "/discovery/WAYF") => Some(discover(visit)),
        ("GET", "/Shibboleth.sso/Login") => {
            Some(visit.to_educonnect_by_redirect("/Shibboleth.sso/SAML2/POST", "ss:mem:1"))
        }
        ("POST", "/Shibboleth.sso/SAML2/POST") => {
            let person = visit.portals.state().take_response(visit.field("SAMLResponse"));
            let Some(person) = person.filter(|_| visit.field("RelayState") == "ss:mem:1") else {
                return Some(Reply::html(500, "<p>opensaml::FatalProfileException</p>"));
            };
            let home = Reply::redirect(&visit.here("/accueil"));
            Some(visit.welcome(person, COOKIE, "", home))
        }
        ("GET", "/cas/login") => {
            let service = visit.parameter("service").unwrap_or_default();
            Some(match visit.who(COOKIE) {
                Some(person) => visit.hand_over(person, &service),
                None => Reply::redirect(&visit.here("/discovery/WAYF")),
            })
        }
        ("GET", "/accueil") => Some(html::home("e-lyco")),
        _ => None,
    }
}

/// With an origin that it knows it goes straight on, without it asks.
fn discover(visit: &Visit<'_>) -> Reply {
    let known = "https://educonnect.education.gouv.fr/idp";
    if visit.parameter("origin").as_deref() == Some(known) {
        let login = visit.here("/Shibboleth.sso/Login");
        return Reply::redirect(&format!("{login}?entityID={}", html::url_encoded(known)));
    }
    let action = visit.local("/Shibboleth.sso/Login");
    html::page(
        "D'où venez-vous ?",
        &format!(
            "<form action='{action}'><select name=user_idp><option value=''>Choisissez<option value='https://other.example/idp'>Agricole<option value='{known}'>ÉduConnect (élèves et parents)</select><input type=submit name=Select value=Sélection></form>"
        ),
    )
}
