//! A fake OZE: a Keycloak form, then an API that tells where PRONOTE is.

use serde_json::json;

use super::{super::http::Reply, Trouble, html, people::Person, visit::Visit};

const COOKIE: &str = "ozeSession";

/// Answers for OZE and for its API.
pub fn answer(visit: &Visit<'_>) -> Option<Reply> {
    match visit.route() {
        ("GET", "/") => Some(login(visit, "")),
        ("POST", "/auth/realms/oze/login-actions/authenticate") => Some(check(visit)),
        ("GET", "/v1/users/me") => Some(Reply::json(&json!({
            "login": "x", "currentProfil": { "codeProfil": "ELEVE", "uai": "0780001A" },
        }))),
        ("GET", "/v1/ozapps") if visit.parameter("ctx_etab").as_deref() == Some("0780001A") => {
            Some(Reply::json(&json!([{ "code": "mail" }, { "code": "pronote" }])))
        }
        ("GET", "/v1/config/Pronote") => {
            Some(Reply::json(&json!({ "autorisationId": "auth-42", "projet": "OZE" })))
        }
        ("GET", "/cas/proxySSO/auth-42") => {
            let is_asked_well = visit.parameter("uai").as_deref() == Some("0780001A")
                && visit.parameter("fonction").as_deref() == Some("ELV");
            let person = visit.who(COOKIE).filter(|_| is_asked_well)?;
            let value = visit.portals.state().sign_in(person);
            Some(visit.set_cookie(html::home("OZE"), "casOze", &value, "/cas"))
        }
        ("GET", "/cas/login") => {
            let service = visit.parameter("service").unwrap_or_default();
            Some(match visit.who("casOze") {
                Some(person) => visit.hand_over(person, &service),
                None => login(visit, ""),
            })
        }
        _ => None,
    }
}

fn login(visit: &Visit<'_>, error: &str) -> Reply {
    let action = match visit.portals.options.trouble {
        Trouble::Phishing => "https://phish.example/get".into(),
        _ => html::entities(
            &visit.here("/auth/realms/oze/login-actions/authenticate?session_code=a&tab_id=b"),
        ),
    };
    let kind =
        if visit.portals.options.trouble == Trouble::Changed { "hidden" } else { "password" };
    html::page(
        "Connexion",
        &format!(
            "<form id=kc-form-login action=\"{action}\" method=post>{error}<input id=username name=username autocomplete=off><input name=password type={kind}><input type=hidden name=credentialId><input name=login type=submit value='Se connecter'></form>"
        ),
    )
}

fn check(visit: &Visit<'_>) -> Reply {
    let user = visit.field("username");
    let name =
        user.split_once('@').filter(|(_, domain)| *domain == visit.host || *domain == "127.0.0.1");
    let is_asked_well = visit.parameter("tab_id").as_deref() == Some("b");
    let person = name.and_then(|(name, _)| Person::find(name, visit.field("password")));
    match person.filter(|_| is_asked_well) {
        Some(person) => visit.welcome(person, COOKIE, "", html::home("OZE")),
        None => login(visit, "<span class=auth_form>Identifiants incorrects</span>"),
    }
}
