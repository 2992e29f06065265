//! Pages: each generation's start page, what stands in for it, the discovery.
//!
//! No page may hold the capitals I and P side by side: pronotepy takes that for a suspended address.

use serde_json::{Value, json};

use super::fault::Page;
use super::http::Reply;
use super::options::SimulatorOptions;
use super::rsa::KeyPair;
use super::school::people::SCHOOL;
use crate::protocol::generation::{Flags, Generation, Start};
use crate::protocol::space::Space;

/// What the call of `Start` says.
pub(crate) struct StartCall<'a> {
    pub session: u32,
    pub space_number: u32,
    /// `e` and `f` of a user that a portal signed in.
    pub portal_user: Option<(&'a str, &'a str)>,
}

/// The start page.
pub(crate) fn start(options: &SimulatorOptions, call: &StartCall<'_>) -> Reply {
    let generation = Generation::of(options.version);
    let arguments = match generation.start {
        Start::Script => fields(options, generation, call, "\"", "\""),
        Start::OnLoad => fields(options, generation, call, "", ""),
        Start::OnLoadQuoted => fields(options, generation, call, "", "'"),
    };
    let version = options.version;
    let footer =
        format!("<div class=\"footer\"><span>PRONOTE {version} - &copy; 2026</span></div>");
    let head = format!(
        "<!DOCTYPE html>\n<html lang=\"fr\"><head><meta charset=\"utf-8\"><title>{SCHOOL} - PRONOTE</title>"
    );
    // Nothing between Start(…) and catch: Pawnote looks for the very characters.
    let body = match generation.start {
        Start::Script => format!(
            "{head}<script>window.onload=function(){{try{{Start({{{arguments}}});}}catch(e){{messageErreur(e)}}}};</script></head>\n<body id=\"id_body\">{footer}</body></html>\n"
        ),
        Start::OnLoad | Start::OnLoadQuoted => format!(
            "{head}</head>\n<body id=\"id_body\" role=\"application\" onload=\"try {{ Start ({{{arguments}}}) }} catch (e) {{ messageErreur (e) }}\">{footer}</body></html>\n"
        ),
    };
    Reply::html(200, body).with("cache-control", "no-store")
}

/// A page that is not the one that was asked for.
pub(crate) fn stand_in(page: Page) -> Reply {
    let (status, text) = match page {
        Page::Suspended => (200, "Votre adresse IP est provisoirement suspendue."),
        Page::Closed => (200, "Le site n'est pas disponible."),
        Page::Busy => {
            (200, "Le site est momentanément indisponible. Veuillez réessayer plus tard.")
        }
        Page::Incompatible => (200, "Votre navigateur n'est pas compatible avec cette version."),
        Page::Foreign => (
            200,
            "Bienvenue sur le portail de l'équipe <form action=\"/login\"><input name=\"user\"></form>",
        ),
    };
    Reply::html(
        status,
        format!(
            "<!DOCTYPE html>\n<html lang=\"fr\"><head><meta charset=\"utf-8\"><title>PRONOTE</title></head><body><p>{text}</p></body></html>\n"
        ),
    )
}

/// `infoMobileApp.json`
pub(crate) fn discovery(options: &SimulatorOptions, date: &str, gate: Option<&str>) -> Value {
    let space = |name: &str, space: Space| json!({ "nom": name, "URL": space.page(crate::protocol::space::Site::Mobile) });
    let version = options.version;
    json!({
        "nomEtab": SCHOOL,
        "version": [version.year, version.major, version.minor],
        "date": date,
        "espaces": [
            space("Espace Parents", Space::Parent),
            space("Espace Élèves", Space::Pupil),
            space("Espace Professeurs", Space::Teacher),
            space("Espace Vie scolaire", Space::SchoolLife),
        ],
        "CAS": match gate {
            Some(url) => json!({ "actif": true, "casURL": url, "jetonCAS": "6C0A8E1FD2B94A73" }),
            None => json!({ "actif": false }),
        },
    })
}

fn fields(
    options: &SimulatorOptions,
    generation: &Generation,
    call: &StartCall<'_>,
    key: &str,
    number: &str,
) -> String {
    let text = if key.is_empty() { "'" } else { "\"" };
    // Pupils' h was text until 2024, a number since; in a script it is a number too.
    let number = if generation.start == Start::Script { "" } else { number };
    let mut out = format!("{key}h{key}:{number}{}{number}", call.session);
    let mut add = |name: &str, value: &str| {
        out.push_str(&format!(",{key}{name}{key}:{value}"));
    };
    if options.is_demo {
        add("d", "true");
    }
    add("a", &call.space_number.to_string());
    if let Some((name, secret)) = call.portal_user {
        add("g", "1");
        add("e", &format!("{text}{name}{text}"));
        add("f", &format!("{text}{secret}{text}"));
    }
    match generation.flags {
        Flags::Asked => {
            if options.packing.encrypted {
                add("CrA", "true");
            }
            if options.packing.compressed {
                add("CoA", "true");
            }
        }
        Flags::Skipped => {
            if !options.packing.encrypted {
                add("sCrA", "true");
            }
            if !options.packing.compressed {
                add("sCoA", "true");
            }
            add("poll", "true");
        }
    }
    if options.has_rsa {
        let pair = KeyPair::ours();
        add("http", "true");
        add("MR", &format!("{text}{}{text}", pair.modulus_hex));
        add("ER", &format!("{text}{}{text}", pair.exponent_hex));
    }
    out
}
