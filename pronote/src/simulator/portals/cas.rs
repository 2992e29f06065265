//! A fake Kosmos CAS: accounts of its own, and EduConnect for who has it.

use super::{
    super::http::Reply,
    Trouble, html,
    people::{Oddity, Person},
    visit::Visit,
};
use crate::ent::Portal;

const TICKET_COOKIE: &str = "TGC";
const SESSION_COOKIE: &str = "JSESSIONID";
const CONSUMER: &str = "/saml/SAMLAssertionConsumer";

/// Answers for a CAS.
pub fn answer(visit: &Visit<'_>, portal: &Portal) -> Option<Reply> {
    match visit.route() {
        ("POST", CONSUMER) => Some(consume(visit)),
        ("POST", _) if visit.has_field("password") => Some(check_password(visit)),
        ("GET", _) => Some(enter(visit, portal)),
        _ => None,
    }
}

/// What a ticket would be for; empty where the address says `service=` or nothing.
fn service(visit: &Visit<'_>) -> String {
    visit.parameter("service").unwrap_or_default()
}

fn enter(visit: &Visit<'_>, portal: &Portal) -> Reply {
    let service = service(visit);
    if let Some(person) = visit.who(TICKET_COOKIE) {
        return if service.is_empty() {
            html::home("Portail")
        } else {
            visit.hand_over(person, &service)
        };
    }
    let selection = visit.parameter("selection").unwrap_or_default();
    let is_bare_login = visit.path == "/login" && selection.is_empty() && !service.is_empty();
    if is_bare_login {
        return selector(visit, &service);
    }
    if selection.contains("EDU") || visit.path.contains("/discovery/") {
        visit.to_educonnect_by_form(CONSUMER, &format!("relay&{service}"))
    } else if portal.family.is_educonnect() && !selection.starts_with("ATS") {
        visit.to_educonnect_by_redirect(CONSUMER, &format!("relay&{service}"))
    } else {
        login(visit, &service, "")
    }
}

/// "Who are you?", as a form that is sent by GET.
fn selector(visit: &Visit<'_>, service: &str) -> Reply {
    let hidden = html::hidden(&[("service", service)]);
    let action = visit.local("/login");
    html::page(
        "Je sélectionne mon profil",
        &format!(
            "<form class='wayf' action='{action}'>{hidden}<input type=radio name=selection id=idp-ATS value=ATS_parent_eleve><label class=form__label for=idp-ATS>Élève ou parent (compte du portail)</label><input type=radio name=selection id=idp-EDU value=EDU_parent_eleve><label class=form__label for=idp-EDU>Élève ou parent avec ÉduConnect</label><input type=radio name=selection id=idp-AGENT value=AGENT><label class=form__label for=idp-AGENT>Personnel</label><input id=button-submit type=submit name=submit value=Valider></form>"
        ),
    )
}

fn login(visit: &Visit<'_>, service: &str, error: &str) -> Reply {
    let mut state = visit.portals.state();
    let (session, ticket) = (state.plain("J"), state.token("LT"));
    state.expected.insert(session.clone(), ticket.clone());
    drop(state);
    let hidden = html::hidden(&[("lt", &ticket), ("execution", "e1s1"), ("_eventId", "submit")]);
    let query = html::entities(&format!("?a=1&service={}", html::url_encoded(service)));
    let action = match visit.portals.options.trouble {
        Trouble::Phishing => "https://phish.example/get".to_owned(),
        _ => format!("login;jsessionid=x{query}"),
    };
    let password = match visit.portals.options.trouble {
        Trouble::Changed => "<div data-react=password></div>",
        _ => "<input class=cas__input type=password name=password id=password>",
    };
    let reply = html::page(
        "Connexion",
        &format!(
            "<form action=/langue><select name=locale><option value=fr selected>Français<option value=en>English</select></form><form class='cas__login-form' METHOD=POST action={action}>{error}<label>Identifiant <input class=cas__input name=username id=username></label>{password}{hidden}<input type=checkbox name=rememberMe value=true><input type=submit class=cas__button name=submit value='Se connecter'></form>"
        ),
    );
    visit.set_cookie(reply, SESSION_COOKIE, &session, "/")
}

fn check_password(visit: &Visit<'_>) -> Reply {
    let service = service(visit);
    let expected =
        visit.cookie(SESSION_COOKIE).and_then(|id| visit.portals.state().expected.remove(id));
    let is_ours = expected.as_deref() == Some(visit.field("lt"))
        && visit.field("execution") == "e1s1"
        && visit.field("_eventId") == "submit";
    if !is_ours {
        return login(visit, &service, "<p>Votre session a expiré.</p>");
    }
    match Person::find(visit.field("username"), visit.field("password")) {
        Some(person) => visit.welcome(person, TICKET_COOKIE, &service, html::home("Portail")),
        None => login(
            visit,
            &service,
            "<p class=cas__error>Identifiant ou mot de passe erron&eacute;.</p>",
        ),
    }
}

fn consume(visit: &Visit<'_>) -> Reply {
    let person = visit.portals.state().take_response(visit.field("SAMLResponse"));
    let Some((person, service)) = person.zip(visit.field("RelayState").strip_prefix("relay&"))
    else {
        return Reply::html(400, "<p>SAML</p>");
    };
    if person.oddity == Oddity::Stranger {
        return html::page("Portail", "<p>Aucun compte ne correspond dans le portail.</p>");
    }
    // Some of them part the way by a page that leads on.
    let home = Reply::html(
        200,
        format!("<meta http-equiv=\"Refresh\" content=\"0; URL={}\">", visit.local("/accueil")),
    );
    visit.welcome(person, TICKET_COOKIE, service, home)
}
