//! The fake Toutatice: its own identity provider stands behind EduConnect.

use super::{
    super::http::Reply,
    html,
    people::{Oddity, Person},
    visit::Visit,
};
use crate::ent::EDUCONNECT;

const COOKIE: &str = "TOUTATICE";
const SESSION_COOKIE: &str = "IDP_JSESSIONID";

/// Answers for Toutatice.
pub fn answer(visit: &Visit<'_>) -> Option<Reply> {
    match visit.route() {
        ("GET", "/portail/auth/MonEspace") => Some(provider(visit)),
        ("POST", "/wayf/Ctrl") => Some(control(visit)),
        ("POST", "/idp/Authn/SAML2/POST") => Some(consume(visit)),
        ("GET", "/idp/Authn/RemoteUser") => Some(converse(visit)),
        ("GET", "/cas/login") => {
            let service = visit.parameter("service").unwrap_or_default();
            Some(match visit.who(COOKIE) {
                Some(person) => visit.hand_over(person, &service),
                None => Reply::redirect(&visit.here("/portail/auth/MonEspace")),
            })
        }
        _ => None,
    }
}

fn provider(visit: &Visit<'_>) -> Reply {
    let hidden = html::hidden(&[
        ("entityID", "https://www.toutatice.fr/sp"),
        ("return", &visit.here("/Shibboleth.sso/Login")),
        ("_saml_idp", "aHR0cHM6Ly9lZHVjb25uZWN0"),
    ]);
    let action = visit.local("/wayf/Ctrl");
    html::page(
        "Toutatice",
        &format!(
            "<form method=post id=wayf action='{action}'>{hidden}<button type=submit>Élève ou parent</button></form>"
        ),
    )
}

fn control(visit: &Visit<'_>) -> Reply {
    if visit.field("entityID").is_empty() || visit.field("_saml_idp").is_empty() {
        return Reply::html(400, "<p>entityID</p>");
    }
    let session = visit.portals.state().plain("IDP");
    let reply = visit.to_educonnect_by_redirect("/idp/Authn/SAML2/POST", "toutatice");
    visit.set_cookie(reply, SESSION_COOKIE, &session, "/idp")
}

/// EduConnect's answer: kept for the session until the dialogue is over.
fn consume(visit: &Visit<'_>) -> Reply {
    let session = visit.cookie(SESSION_COOKIE).unwrap_or_default().to_owned();
    let mut state = visit.portals.state();
    let person = state.take_response(visit.field("SAMLResponse"));
    let Some(person) = person.filter(|_| visit.field("RelayState") == "toutatice") else {
        return Reply::html(400, "<p>SAML</p>");
    };
    let kept = state.sign_in(person);
    state.expected.insert(session, kept);
    html::page("Toutatice", "<div id=loader>Chargement</div>")
}

fn converse(visit: &Visit<'_>) -> Reply {
    let session = visit.parameter("sessionid").unwrap_or_default();
    let conversation = visit.parameter("conversation").unwrap_or_default();
    let who = {
        let state = visit.portals.state();
        let kept = state.expected.get(&session).map(String::as_str);
        state.who(kept).filter(|_| visit.cookie(SESSION_COOKIE) == Some(&*session))
    };
    match (who, visit.parameter("uidInSession")) {
        (None, _) => xml("<erreurTechnique>session</erreurTechnique>"),
        (Some(person), _) if person.oddity == Oddity::Stranger => {
            xml("<erreurFonctionnelle>compte</erreurFonctionnelle>")
        }
        (Some(_), None) if conversation == "e1s1" => {
            xml("<conversation>c-7</conversation><uidInSession type='x'>u-7</uidInSession>")
        }
        (Some(person), Some(uid)) if conversation == "c-7" && uid == "u-7" => enter(visit, person),
        _ => xml("<erreurTechnique>conversation</erreurTechnique>"),
    }
}

fn enter(visit: &Visit<'_>, person: &'static Person) -> Reply {
    debug_assert_ne!(visit.host, EDUCONNECT, "Toutatice plays at its own host");
    visit.welcome(person, COOKIE, "", html::home("Toutatice"))
}

fn xml(body: &str) -> Reply {
    let body = format!("<?xml version=\"1.0\"?><reponse>{body}</reponse>");
    Reply::new(200, "text/xml; charset=utf-8", body)
}
