//! The words by which pages are told apart, and how text is folded to find them.
//!
//! Phrases are written as [`fold`] leaves them: lower case, no accents, one space, straight
//! apostrophes. French first, English for the software that is seldom translated.

use super::page::MAX_TEXT;

/// The password was wrong.
pub const WRONG: &[&str] = &[
    "identifiant ou mot de passe incorrect",
    "identifiant ou mot de passe invalide",
    "identifiant ou mot de passe errone",
    "identifiants incorrects",
    "identifiants invalides",
    "identifiants errones",
    "identifiants saisis sont incorrects",
    "identifiant et/ou mot de passe",
    "identifiant inconnu",
    "mot de passe incorrect",
    "mot de passe invalide",
    "mot de passe errone",
    "mauvais identifiant",
    "mauvais mot de passe",
    "echec de l'authentification",
    "echec de la connexion",
    "erreur d'authentification",
    "authentification a echoue",
    "informations de connexion incorrectes",
    "n'avons pas pu vous authentifier",
    "auth_form",
    "invalid credentials",
    "invalid username or password",
    "incorrect username or password",
    "wrong username or password",
    "authentication failed",
];

/// The account is shut for a while or for good.
pub const LOCKED: &[&str] = &[
    "compte est bloque",
    "compte est temporairement bloque",
    "compte a ete bloque",
    "compte bloque",
    "compte est verrouille",
    "compte verrouille",
    "compte est desactive",
    "compte desactive",
    "trop de tentatives",
    "nombre maximum de tentatives",
    "nombre de tentatives",
    "account is locked",
    "account is disabled",
    "temporarily disabled",
    "too many attempts",
];

/// Terms to accept, where a button accepts them.
pub const CONSENT: &[&str] = &[
    "accepter les conditions",
    "accepte les conditions",
    "conditions generales d'utilisation",
    "conditions d'utilisation",
    "charte",
    "consentement",
    "terms of use",
    "information release",
];

/// A new password, or an account that was never used.
pub const ACTIVATION: &[&str] = &[
    "activer votre compte",
    "activation de votre compte",
    "mot de passe a expire",
    "mot de passe est expire",
    "changer votre mot de passe",
    "changer de mot de passe",
    "modifier votre mot de passe",
    "nouveau mot de passe",
    "choisir un mot de passe",
    "password has expired",
    "must change your password",
];

/// A second proof of identity.
pub const SECOND_FACTOR: &[&str] = &[
    "double authentification",
    "authentification a deux facteurs",
    "deuxieme facteur",
    "second facteur",
    "code de verification",
    "code de securite",
    "code a usage unique",
    "code recu par sms",
    "code recu par mail",
    "one-time code",
    "verification code",
    "two-factor",
];

/// The portal is closed for now.
pub const MAINTENANCE: &[&str] = &[
    "maintenance",
    "momentanement indisponible",
    "temporairement indisponible",
    "service indisponible",
    "actuellement indisponible",
    "temporarily unavailable",
    "service unavailable",
];

/// The portal does not know this PRONOTE.
pub const UNKNOWN_SERVICE: &[&str] = &[
    "pas autorisee a utiliser cas",
    "non autorisee a utiliser cas",
    "not authorized to use cas",
    "service non autorise",
    "service interdit",
    "n'est pas une url de confiance",
    "n'est pas de confiance",
    "is not a trusted url",
    "url du service est vide",
    "url de service vide",
];

/// PRONOTE itself is closed.
pub const PRONOTE_CLOSED: &[&str] = &["le site n'est pas disponible"];
/// PRONOTE itself is busy.
pub const PRONOTE_BUSY: &[&str] = &["le site est momentanement indisponible"];
/// PRONOTE refuses our address.
pub const PRONOTE_BANNED: &[&str] = &["votre adresse ip est provisoirement suspendue"];

/// A page that offers several things to go on with.
pub const CHOOSE: &[&str] = &[
    "choisissez",
    "choisir",
    "selectionnez",
    "selectionner",
    "plusieurs comptes",
    "plusieurs profils",
    "plusieurs etablissements",
    "select your",
    "choose",
];

/// Lower case, accents off, spaces one, at most [`MAX_TEXT`] bytes.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len().min(MAX_TEXT));
    for c in text.chars().flat_map(char::to_lowercase) {
        if folded.len() >= MAX_TEXT {
            break;
        }
        match c {
            'à' | 'â' | 'ä' => folded.push('a'),
            'é' | 'è' | 'ê' | 'ë' => folded.push('e'),
            'î' | 'ï' => folded.push('i'),
            'ô' | 'ö' => folded.push('o'),
            'ù' | 'û' | 'ü' => folded.push('u'),
            'ç' => folded.push('c'),
            '’' | '‘' | '`' => folded.push('\''),
            c if c.is_whitespace() => {
                if !folded.ends_with(' ') && !folded.is_empty() {
                    folded.push(' ');
                }
            }
            // An accent written as its own character.
            '\u{300}'..='\u{36f}' => {}
            c => folded.push(c),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// One space between words, none around them.
pub fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The address of a `<meta http-equiv=refresh content="0; URL='/next'">`.
pub fn refresh_target(content: &str) -> Option<String> {
    let (seconds, rest) = content.split_once([';', ','])?;
    // Later than this a page is there to be read: "you will be logged out".
    const SOON: f32 = 15.0;
    if seconds.trim().parse::<f32>().is_ok_and(|s| s > SOON) {
        return None;
    }
    let (name, target) = rest.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("url") {
        return None;
    }
    let target = target.trim().trim_matches(['"', '\'']);
    (!target.is_empty()).then(|| target.to_owned())
}

/// The text that a script gives to `location`, where it does so once and plainly.
pub fn location_of(script: &str) -> Option<String> {
    let mut found = None;
    for (at, _) in script.match_indices("location") {
        let rest = script.get(at + "location".len()..)?.trim_start();
        let rest = rest.strip_prefix(".href").unwrap_or(rest).trim_start();
        let quoted = ["=", ".replace(", ".assign("]
            .iter()
            .find_map(|way| rest.strip_prefix(way))
            .map(str::trim_start);
        let Some(quote) = quoted.and_then(|q| q.chars().next()).filter(|q| matches!(q, '"' | '\''))
        else {
            continue;
        };
        let target = quoted?.get(1..)?.split(quote).next()?;
        // A second one means a decision that only the script can take.
        if target.is_empty() || found.replace(target).is_some() {
            return None;
        }
    }
    found.map(|target| target.replace("\\/", "/").replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_folded_to_plain_lower_case() {
        for (text, folded) in [
            ("  Échec de\n l’authentification ", "echec de l'authentification"),
            ("MOT DE PASSE ERRONÉ", "mot de passe errone"),
            ("e\u{301}cole", "ecole"),
            ("", ""),
        ] {
            assert_eq!(fold(text), folded);
        }
    }

    #[test]
    fn phrases_are_written_as_folded() {
        let lists = [
            WRONG,
            LOCKED,
            CONSENT,
            ACTIVATION,
            SECOND_FACTOR,
            MAINTENANCE,
            UNKNOWN_SERVICE,
            PRONOTE_CLOSED,
            PRONOTE_BUSY,
            PRONOTE_BANNED,
            CHOOSE,
        ];
        for phrase in lists.into_iter().flatten() {
            assert_eq!(fold(phrase), *phrase);
        }
    }

    #[test]
    fn a_refresh_is_followed_only_where_it_leads_soon_somewhere() {
        for (content, target) in [
            ("0;url=/next", Some("/next")),
            ("0; URL='https://a/b?c=d'", Some("https://a/b?c=d")),
            ("1,url=x", Some("x")),
            ("1800;url=/logout", None),
            ("5", None),
            ("0;url=", None),
        ] {
            assert_eq!(refresh_target(content).as_deref(), target, "{content}");
        }
    }

    #[test]
    fn a_script_jumps_where_it_says_so_once() {
        for (script, target) in [
            ("window.location.replace(\"/a\")", Some("/a")),
            ("document.location = 'https:\\/\\/x\\/y'", Some("https://x/y")),
            ("location.href='/b';", Some("/b")),
            ("if (x) location='/a'; else location='/b';", None),
            ("var u = location.search;", None),
            ("location = next;", None),
        ] {
            assert_eq!(location_of(script).as_deref(), target, "{script}");
        }
    }
}
