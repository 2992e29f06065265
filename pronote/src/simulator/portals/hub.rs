//! The fake bridge of INDEX ÉDUCATION: a CAS that asks EduConnect.

use super::{super::http::Reply, Trouble, html, visit::Visit};

const COOKIE: &str = "HUBEDU";

/// Answers for the bridge.
pub fn answer(visit: &Visit<'_>) -> Option<Reply> {
    match visit.route() {
        ("GET", "/EduConnect/cas/login") => {
            let service = visit.parameter("service").unwrap_or_default();
            Some(enter(visit, &service))
        }
        ("POST", "/EduConnect/saml/acs") => {
            let person = visit.portals.state().take_response(visit.field("SAMLResponse"))?;
            let home = html::home("Hub");
            Some(visit.welcome(person, COOKIE, visit.field("RelayState"), home))
        }
        _ => None,
    }
}

fn enter(visit: &Visit<'_>, service: &str) -> Reply {
    if service.is_empty() {
        return html::page("Erreur", "<p>L'url du service est vide.</p>");
    }
    if visit.portals.options.trouble == Trouble::UnknownService {
        return html::page(
            "Erreur",
            &format!("<p>{} n'est pas une url de confiance.</p>", html::entities(service)),
        );
    }
    match visit.who(COOKIE) {
        Some(person) => visit.hand_over(person, service),
        None => visit.to_educonnect_by_form("/EduConnect/saml/acs", service),
    }
}
