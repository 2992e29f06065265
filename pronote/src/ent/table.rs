//! The table of portals: text in, portals out.
//!
//! A line is a portal: id, name, family and first address, then `key=value` cells, parted by tabs.
//! Empty lines and lines that begin with `#` say nothing.

use std::{collections::BTreeSet, fmt, sync::OnceLock};

use url::Url;

use super::portal::{Family, Portal};

/// The portals that are known. [`Portals::built_in`] has the table that ships with the crate;
/// [`Portals::amended`] puts another over it, without a release.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Portals(Vec<Portal>);

/// What is wrong with a table, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("portal table, line {line}: {reason}")]
pub struct TableError {
    /// Counted from 1.
    pub line: usize,
    /// In words.
    pub reason: String,
}

impl Portals {
    /// The table of this release.
    pub fn built_in() -> &'static Self {
        static TABLE: OnceLock<Portals> = OnceLock::new();
        TABLE.get_or_init(|| {
            Self::parse(include_str!("../../data/ent.tsv"))
                .expect("a test reads the built-in table")
        })
    }

    /// Reads a whole table.
    pub fn parse(text: &str) -> Result<Self, TableError> {
        let mut portals: Vec<Portal> = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let error = |reason| TableError { line: index + 1, reason };
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let portal = parse_line(line).map_err(error)?;
            if portals.iter().any(|known| known.id == portal.id) {
                return Err(error(format!("`{}` stands twice in the table", portal.id)));
            }
            portals.push(portal);
        }
        Ok(Self(portals))
    }

    /// This table with the portals of `other` in place of those of the same id, and after them
    /// those that are new.
    #[must_use]
    pub fn amended(mut self, other: Self) -> Self {
        for portal in other.0 {
            match self.0.iter_mut().find(|known| known.id == portal.id) {
                Some(known) => *known = portal,
                None => self.0.push(portal),
            }
        }
        self
    }

    /// The portal of this id, in any case.
    pub fn find(&self, id: &str) -> Option<&Portal> {
        self.0.iter().find(|portal| portal.id.eq_ignore_ascii_case(id.trim()))
    }

    /// The portals at this host, those of EduConnect first: what a PRONOTE that redirects to
    /// `host` probably belongs to.
    pub fn at_host<'a>(&'a self, host: &str) -> Vec<&'a Portal> {
        let is_there = |portal: &&Portal| {
            portal.host().eq_ignore_ascii_case(host)
                || portal.listed.as_deref().is_some_and(|listed| listed.eq_ignore_ascii_case(host))
        };
        let mut portals: Vec<_> = self.0.iter().filter(is_there).collect();
        portals.sort_by_key(|portal| !portal.family.is_educonnect());
        portals
    }

    /// Every host that the table names: what a program that bounds where it goes must allow.
    pub fn hosts(&self) -> BTreeSet<String> {
        self.0.iter().flat_map(Portal::hosts).collect()
    }

    /// The same table on another server, for the simulator.
    #[cfg(feature = "simulator")]
    pub(crate) fn moved(&self, at: impl Fn(&str) -> String, host: &str) -> Self {
        Self(self.0.iter().map(|portal| portal.moved(&at, host)).collect())
    }

    /// All of them, in the order of the table.
    pub fn iter(&self) -> impl Iterator<Item = &Portal> {
        self.0.iter()
    }
}

impl FromIterator<Portal> for Portals {
    fn from_iter<I: IntoIterator<Item = Portal>>(portals: I) -> Self {
        Self(portals.into_iter().collect())
    }
}

/// The table again, as text.
impl fmt::Display for Portals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for portal in &self.0 {
            let family = portal.family.word();
            write!(f, "{}\t{}\t{family}\t{}", portal.id, portal.name, portal.entry)?;
            let url = |url: &Option<Url>| url.as_ref().map(Url::to_string);
            let cells = [
                ("home", portal.home.clone()),
                ("local", url(&portal.local)),
                ("api", url(&portal.api)),
                ("listed", portal.listed.clone()),
            ];
            let hosts = portal.hosts.iter().map(|host| ("host", Some(host.clone())));
            for (key, value) in hosts.chain(cells) {
                if let Some(value) = value {
                    write!(f, "\t{key}={value}")?;
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

fn parse_line(line: &str) -> Result<Portal, String> {
    let mut cells = line.split('\t').map(str::trim).filter(|cell| !cell.is_empty());
    let mut next = |what: &str| {
        cells.next().map(str::to_owned).ok_or_else(|| {
            format!("{what} is missing: id, name, family and address are parted by tabs")
        })
    };
    let id = next("the id")?;
    if !id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
        return Err(format!("the id `{id}` may hold letters, digits, `_` and `-` only"));
    }
    let name = next("the name")?;
    let family = parse_family(&next("the family")?)?;
    let entry = next("the address")?;
    let mut portal = Portal {
        id,
        name,
        family,
        entry,
        hosts: vec![],
        local: None,
        home: None,
        api: None,
        listed: None,
    };
    let sample = Url::parse("https://example.org/pronote/eleve.html").map_err(|e| e.to_string())?;
    portal
        .entry(&sample, super::Profile::Pupil)
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or_else(|| format!("the address `{}` is not an http or https URL", portal.entry))?;
    for cell in cells {
        let (key, value) = cell
            .split_once('=')
            .map(|(key, value)| (key.trim(), value.trim()))
            .ok_or_else(|| format!("`{cell}` is not `key=value`"))?;
        match key {
            "host" => portal.hosts.push(value.to_owned()),
            "home" => portal.home = Some(value.to_owned()),
            "listed" => portal.listed = Some(value.to_owned()),
            "local" => portal.local = Some(parse_url(key, value)?),
            "api" => portal.api = Some(parse_url(key, value)?),
            _ => return Err(format!("`{key}` is not one of host, home, listed, local, api")),
        }
    }
    Ok(portal)
}

fn parse_url(key: &str, value: &str) -> Result<Url, String> {
    Url::parse(value).map_err(|reason| format!("`{key}={value}` is not a URL: {reason}"))
}

fn parse_family(word: &str) -> Result<Family, String> {
    Family::ALL.into_iter().find(|family| family.word() == word).ok_or_else(|| {
        let known = Family::ALL.map(Family::word).join(", ");
        format!("the family `{word}` is not one of {known}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ent::{EDUCONNECT, Profile};

    #[test]
    fn the_built_in_table_is_read_and_knows_each_family() {
        let table = Portals::parse(include_str!("../../data/ent.tsv")).unwrap();
        for family in Family::ALL {
            assert!(table.iter().any(|portal| portal.family == family), "{family:?}");
        }
        let pronote =
            Url::parse("https://0780001a.index-education.net/pronote/eleve.html").unwrap();
        for portal in table.iter() {
            let entry = portal.entry(&pronote, Profile::Guardian).unwrap();
            assert!(!entry.as_str().contains(['{', '}']), "{entry}");
            assert!(portal.host().contains('.') && portal.host() != EDUCONNECT, "{}", portal.id);
            assert!(portal.listed.as_ref().is_none_or(|host| host.contains('.')));
        }
        assert_eq!(Portals::parse(&table.to_string()).as_ref(), Ok(&table));
    }

    #[test]
    fn papillons_names_are_all_there() {
        let names = "ac_clermont_ferrand ac_grenoble ac_lyon ac_orleans_tours ac_poitiers ac_reims \
            ac_rennes ac_reunion atrium_sud bordeaux cas_agora06 cas_arsene76 cas_arsene76_edu \
            cas_cybercolleges42 cas_cybercolleges42_edu cas_ent27 cas_kosmos \
            cas_seinesaintdenis_edu eclat_bfc ecollege_haute_garonne ecollege_haute_garonne_edu \
            enc_hauts_de_seine ent2d_bordeaux ent77 ent_94 ent_auvergnerhonealpe ent_creuse \
            ent_creuse_educonnect ent_ecollege78 ent_elyco ent_essonne ent_hdf ent_mayotte \
            ent_somme ent_var extranet_colleges_somme ile_de_france l_normandie \
            laclasse_educonnect laclasse_lyon lyceeconnecte_aquitaine lyceeconnecte_edu \
            monbureaunumerique neoconnect_guadeloupe occitanie_montpellier \
            occitanie_montpellier_educonnect occitanie_toulouse occitanie_toulouse_edu \
            ozecollege_yvelines paris_classe_numerique val_de_marne val_doise";
        for name in names.split_whitespace() {
            assert!(Portals::built_in().find(name).is_some(), "{name}");
        }
        assert_eq!(Portals::built_in().find(" CAS_Agora06 ").unwrap().id, "cas_agora06");
    }

    #[test]
    fn what_is_wrong_in_a_table_is_said_with_its_line() {
        for (text, wanted) in [
            ("# nothing\n\nx\tX", "line 3: the family is missing"),
            ("x y\tX\tcas\thttps://a.fr", "line 1: the id `x y` may hold letters"),
            ("x\tX\tkas\thttps://a.fr", "the family `kas` is not one of cas, cas-educonnect"),
            ("x\tX\tcas\tftp://a.fr", "`ftp://a.fr` is not an http or https URL"),
            ("x\tX\tcas\ta.fr", "`a.fr` is not an http or https URL"),
            ("x\tX\tcas\thttps://a.fr\thost", "`host` is not `key=value`"),
            ("x\tX\tcas\thttps://a.fr\tpassword=1", "`password` is not one of host, home"),
            ("x\tX\tcas\thttps://a.fr\tlocal=b", "`local=b` is not a URL"),
            ("x\tX\tcas\thttps://a.fr\nx\tY\tcas\thttps://b.fr", "line 2: `x` stands twice"),
        ] {
            let error = Portals::parse(text).unwrap_err().to_string();
            assert!(error.contains(wanted), "{error}");
        }
    }

    #[test]
    fn a_table_of_the_users_own_goes_over_the_built_in_one() {
        let own = "cas_agora06\tMoved\tcas-educonnect\thttps://new.agora06.fr/\thost=*.agora06.fr\nmine\tMine\tform\thttps://a.fr/";
        let table = Portals::built_in().clone().amended(Portals::parse(own).unwrap());
        let moved = table.find("cas_agora06").unwrap();
        assert_eq!((moved.name.as_str(), moved.host()), ("Moved", "new.agora06.fr"));
        assert!(moved.trusts("idp.agora06.fr") && !moved.trusts("agora06.fr"));
        assert!(!moved.trusts("notagora06.fr") && moved.trusts(EDUCONNECT));
        assert_eq!(table.iter().count(), Portals::built_in().iter().count() + 1);
        assert_eq!(table.at_host("a.fr").first().map(|portal| portal.id.as_str()), Some("mine"));
    }

    #[test]
    fn a_host_leads_to_its_portals_educonnect_first() {
        let at = |host| {
            let portals = Portals::built_in().at_host(host);
            portals.iter().map(|portal| portal.id.as_str()).collect::<Vec<_>>()
        };
        let hosts = Portals::built_in().hosts();
        for host in [
            "cas.agora06.fr",
            "enthdf.fr",
            "connexion.enthdf.fr",
            "hubeduconnect.index-education.net",
            "api-enc.hauts-de-seine.fr",
            "moncollege-ent.var.fr",
            EDUCONNECT,
        ] {
            assert!(hosts.contains(host), "{host}");
        }
        assert_eq!(at("cas.arsene76.fr"), ["cas_arsene76_edu", "cas_arsene76"]);
        assert_eq!(at("ENTHDF.fr"), ["ent_hdf", "ent_somme"]);
        assert!(at(EDUCONNECT).is_empty());
    }
}
