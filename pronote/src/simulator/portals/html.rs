//! The HTML of the fake portals, with the habits of the real ones.

use super::super::http::Reply;

/// Said by a portal that is closed.
pub const DOWN: &str = "<h1>Service momentan&eacute;ment indisponible</h1><p>Une op&eacute;ration de maintenance est en cours.</p>";
/// Said by a CAS of a service that it does not know.
pub const NOT_ALLOWED: &str =
    "<h2>L'application n'est pas autoris&eacute;e &agrave; utiliser CAS</h2>";

/// A page with status 200, whatever it says.
pub fn page(title: &str, body: &str) -> Reply {
    Reply::html(
        200,
        format!(
            "<!DOCTYPE html>\n<html lang=fr><head><meta charset=utf-8><title>{title}</title><noscript><meta http-equiv=refresh content='0;url=/nojs'></noscript><style>form {{ margin: 0 }}</style></head>\n<body>{body}</body></html>\n"
        ),
    )
}

/// A page of megabytes.
pub fn huge() -> Reply {
    Reply::html(200, "<p>Bienvenue</p>".repeat(600_000))
}

/// A form that a script sends, as Shibboleth writes it: even the slashes are entities.
pub fn self_posting(action: &str, fields: &[(&str, &str)]) -> Reply {
    let mut form = format!("<FORM METHOD=post ACTION=\"{}\"><DIV>", all_entities(action));
    for (name, value) in fields {
        form += &format!("<INPUT TYPE=\"hidden\" NAME={name} VALUE=\"{}\"/>", entities(value));
    }
    form.push_str("</DIV><noscript><div><input type=submit name=nojs value=Continuer></div></noscript></FORM>");
    Reply::html(
        200,
        format!(
            "<html><head><title>Redirection</title></head><body onload=\"document.forms[0].submit()\">{form}</body></html>"
        ),
    )
}

/// A portal's first page, once one is in: it speaks of everything, and has a form of its own.
pub fn home(name: &str) -> Reply {
    page(
        name,
        "<h1>Bonjour</h1><form action=/recherche><input name=q placeholder=Rechercher><select name=lang><option>fr<option>en</select><button>OK</button></form><form class=cookies><p>Cookies et conditions d'utilisation</p><button name=c>J'accepte</button></form><form action=/profil method=post><input type=password name=ancien><input type=password name=nouveau></form><form id=out method=post action=/deconnexion><input type=hidden name=csrf value=1></form><script>function out(){document.getElementById('out').submit()}</script><form action=/webmail method=post><input name=login><input type=password name=motdepasse></form><a href='/login?selection=EDU'>Changer de profil</a><p>Samedi, maintenance du serveur. En cas de mot de passe incorrect, voir la vie scolaire. Votre compte est bloqué ? Choisissez votre établissement.</p><a href='/sg.do?PROC=PAGE_ACCUEIL'>Accueil</a><script>function go(){location.href='/deconnexion'}</script>",
    )
}

/// Hidden fields, their values in entities.
pub fn hidden(fields: &[(&str, &str)]) -> String {
    let mut html = String::new();
    for (name, value) in fields {
        html += &format!("<input type='hidden' name='{name}' value='{}'>", entities(value));
    }
    html
}

/// Text for an attribute in any quotes.
pub fn entities(text: &str) -> String {
    let mut html = String::new();
    for c in text.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' | '.' => html.push(c),
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '"' => html.push_str("&quot;"),
            'é' => html.push_str("&eacute;"),
            c => html += &format!("&#{};", u32::from(c)),
        }
    }
    html
}

/// An address as Shibboleth writes it.
pub fn all_entities(text: &str) -> String {
    text.replace('&', "&amp;").replace(':', "&#x3a;").replace('/', "&#x2f;")
}

/// A value for a query.
pub fn url_encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
