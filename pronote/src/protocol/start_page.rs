//! The page that a session starts from: `Start ({h: 3622780, a: 3})`.
//!

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{
    generation::{Flags, Generation},
    packing::Packing,
    rsa::PublicKey,
    version::Version,
};

/// What a start page says.
#[derive(Clone, PartialEq, Eq)]
pub struct StartPage {
    /// The version in the page's text.
    pub version: Option<Version>,
    /// `h`: the session's number.
    pub session: u32,
    /// `a`: the space's number.
    pub space: u32,
    /// `d`: a demonstration server, which keeps no tokens.
    pub demo: bool,
    /// `g`: how the user came.
    pub access: Option<u32>,
    /// `e` and `f`: who the portal says it is.
    pub portal: Option<PortalUser>,
    /// What to encrypt and to compress.
    pub packing: Packing,
    /// The key that the seed of the vector is hidden with, on plain-http sites.
    pub key: Option<PublicKey>,
    /// Names before 2025, by the shape of the page; decides where no version is told.
    pub looks_old: bool,
}

/// A user that a portal has signed in: a name and a secret for one login.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct PortalUser {
    /// `e`
    pub name: String,
    /// `f`
    pub secret: String,
}

/// Why a page is no start page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAStartPage {
    /// PRONOTE has suspended the address that asks.
    #[error("PRONOTE has suspended this address for a while")]
    Suspended,
    /// The site is closed.
    #[error("the PRONOTE site is closed")]
    Closed,
    /// The site is busy.
    #[error("the PRONOTE site is busy")]
    Busy,
    /// It thinks that the client is too old a browser.
    #[error("PRONOTE takes us for too old a browser")]
    Browser,
    /// Another page: wrong address, a portal, a maintenance page.
    #[error("expected a PRONOTE start page, found another (wrong address, or a portal's page)")]
    Other,
}

impl StartPage {
    /// Reads a page.
    pub fn read(html: &str) -> Result<Self, NotAStartPage> {
        let start = Fields::find(html).ok_or_else(|| diagnose(html))?;
        let session = start.number("h").ok_or_else(|| diagnose(html))?;
        let version = Version::find(html);
        // `h` has been a bare number since 2025; and the new flags exist since then.
        let looks_old = start.is_quoted("h") || start.has("sCrA") || start.has("sCoA");
        let flags = match version {
            Some(version) => Generation::of(version).flags,
            None if looks_old => Flags::Skipped,
            None => Flags::Asked,
        };
        let packing = match flags {
            Flags::Skipped => {
                Packing { encrypted: !start.flag("sCrA"), compressed: !start.flag("sCoA") }
            }
            Flags::Asked => Packing { encrypted: start.flag("CrA"), compressed: start.flag("CoA") },
        };
        let portal = match (start.text("e"), start.text("f")) {
            (Some(name), Some(secret)) => Some(PortalUser { name, secret }),
            _ => None,
        };
        Ok(Self {
            version,
            session,
            space: start.number("a").unwrap_or_default(),
            demo: start.flag("d"),
            access: start.number("g"),
            portal,
            packing,
            key: start.key()?,
            looks_old,
        })
    }

    /// The generation that the server speaks.
    pub fn generation(&self) -> &'static Generation {
        match self.version {
            Some(version) => Generation::of(version),
            None if self.looks_old => Generation::of(Version::new(2024, 3, 9)),
            None => Generation::newest(),
        }
    }
}

impl NotAStartPage {
    /// What a page that is no start page says.
    pub fn of_page(html: &str) -> Self {
        diagnose(html)
    }
}

impl fmt::Debug for StartPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartPage")
            .field("version", &self.version)
            .field("space", &self.space)
            .field("demo", &self.demo)
            .field("packing", &self.packing)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for PortalUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PortalUser(***)")
    }
}

/// The parameters of `Start`: bare or quoted keys, bare or quoted values.
struct Fields<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Fields<'a> {
    fn find(html: &'a str) -> Option<Self> {
        html.match_indices("Start").find_map(|(at, word)| {
            let rest = html.get(at + word.len()..)?.trim_start();
            let rest = rest.strip_prefix('(')?.trim_start().strip_prefix('{')?;
            // To the next brace of either kind: to the next closing one, a page of openings
            // would be searched to its end for each.
            let (inside, after) = rest.split_at_checked(rest.find(['{', '}'])?)?;
            let after = after.strip_prefix('}')?;
            after.trim_start().starts_with(')').then(|| Self::split(inside))
        })
    }

    fn split(inside: &'a str) -> Self {
        let pairs = inside.split(',').filter_map(|pair| pair.split_once(':'));
        Self(pairs.map(|(key, value)| (bare(key), value.trim())).collect())
    }

    fn raw(&self, key: &str) -> Option<&'a str> {
        self.0.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
    }

    fn has(&self, key: &str) -> bool {
        self.raw(key).is_some()
    }

    fn is_quoted(&self, key: &str) -> bool {
        self.raw(key).is_some_and(|value| value.starts_with(['"', '\'', '&']))
    }

    fn text(&self, key: &str) -> Option<String> {
        self.raw(key).map(bare).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    fn number(&self, key: &str) -> Option<u32> {
        self.raw(key).and_then(|value| bare(value).parse().ok())
    }

    fn flag(&self, key: &str) -> bool {
        self.raw(key).is_some_and(|value| matches!(bare(value), "true" | "1"))
    }

    fn key(&self) -> Result<Option<PublicKey>, NotAStartPage> {
        match (self.raw("MR"), self.raw("ER")) {
            (Some(modulus), Some(exponent)) => PublicKey::of_hex(bare(modulus), bare(exponent))
                .map(Some)
                .map_err(|_| NotAStartPage::Other),
            _ if self.flag("http") => Ok(Some(PublicKey::built_in())),
            _ => Ok(None),
        }
    }
}

fn bare(text: &str) -> &str {
    let text = text.trim();
    // In an attribute, quotes may be entities.
    let text = text.strip_prefix("&quot;").unwrap_or(text);
    let text = text.strip_suffix("&quot;").unwrap_or(text);
    text.trim_matches(['"', '\'', ' '])
}

fn diagnose(html: &str) -> NotAStartPage {
    for (words, reason) in [
        ("IP est provisoirement suspendue", NotAStartPage::Suspended),
        ("site est momentanément indisponible", NotAStartPage::Busy),
        ("site n'est pas disponible", NotAStartPage::Closed),
        ("site n&#39;est pas disponible", NotAStartPage::Closed),
        ("site n&#039;est pas disponible", NotAStartPage::Closed),
        ("navigateur n'est pas compatible", NotAStartPage::Browser),
    ] {
        if html.contains(words) {
            return reason;
        }
    }
    NotAStartPage::Other
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = r#"<p>PRONOTE 2024.3.8</p><body id="id_body" onload="try { Start ({h:'2052117',a:3,d:true,sCoA:true}) } catch (e) {}">"#;
    const MIDDLE: &str = r#"<p>PRONOTE 2025.2.5</p><body id="id_body" onload="try { Start ({h:2052117,a:6,CrA:true,e:'x=y',f:'s:t'}) } catch (e) {}">"#;
    const NEW: &str = r#"<p>PRONOTE 2026.2.6</p><script>try{Start({"h":3622780,"d":true,"a":2});}catch(e){}</script>"#;

    #[test]
    fn a_page_that_starts_for_ever_is_soon_read() {
        // Each beginning searched to the end would take minutes.
        for end in ["", "}", "})"] {
            let page = "Start({".repeat(500_000) + end;
            assert_eq!(StartPage::read(&page).err(), Some(NotAStartPage::Other));
        }
    }

    #[test]
    fn each_generation_s_page_is_read() {
        for (html, session, space, encrypted, compressed, version) in [
            (OLD, 2_052_117, 3, true, false, "2024.3.8"),
            (MIDDLE, 2_052_117, 6, true, false, "2025.2.5"),
            (NEW, 3_622_780, 2, false, false, "2026.2.6"),
        ] {
            // "});" of the newest pages has its bracket before the semicolon; either is read.
            let page = StartPage::read(html).unwrap();
            assert_eq!((page.session, page.space), (session, space));
            assert_eq!(page.packing, Packing { encrypted, compressed });
            assert_eq!(page.version, Some(version.parse().unwrap()));
            assert_eq!(page.generation(), Generation::of(version.parse().unwrap()));
        }
        let portal = StartPage::read(MIDDLE).unwrap().portal.unwrap();
        assert_eq!((portal.name.as_str(), portal.secret.as_str()), ("x=y", "s:t"));
    }

    #[test]
    fn a_page_without_a_version_is_known_by_its_shape() {
        let old = StartPage::read("Start({h:'1',a:3})").unwrap();
        assert_eq!(old.generation().since, Version::new(2024, 3, 9));
        assert_eq!(old.packing, Packing { encrypted: true, compressed: true });
        let new = StartPage::read("Start({h:1,a:3})").unwrap();
        assert_eq!(new.generation(), Generation::newest());
        assert_eq!(new.packing, Packing::default());
    }

    #[test]
    fn other_pages_are_told_apart() {
        for (html, reason) in [
            ("Votre adresse IP est provisoirement suspendue.", NotAStartPage::Suspended),
            ("Le site n'est pas disponible", NotAStartPage::Closed),
            ("Le site est momentanément indisponible", NotAStartPage::Busy),
            ("<h1>EQUIPE ZIP</h1> Start the engine", NotAStartPage::Other),
            ("Start({a:3})", NotAStartPage::Other),
            ("Start({h:1", NotAStartPage::Other),
            ("", NotAStartPage::Other),
        ] {
            assert_eq!(StartPage::read(html), Err(reason), "{html}");
        }
    }

    #[test]
    fn a_plain_http_site_asks_for_rsa() {
        let page = StartPage::read("Start({h:1,http:true})").unwrap();
        assert_eq!(page.key, Some(PublicKey::built_in()));
    }

    #[test]
    fn a_portal_s_secret_is_never_printed() {
        let page = StartPage::read(MIDDLE).unwrap();
        assert!(!format!("{page:?} {:?}", page.portal).contains("s:t"));
    }
}
