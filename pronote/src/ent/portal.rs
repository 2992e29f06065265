//! A portal: where its login begins, and who may be given the password.

use url::Url;

use super::credentials::Profile;

/// The ministry's identity provider, to which most portals hand over.
pub const EDUCONNECT: &str = "educonnect.education.gouv.fr";

/// One portal of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portal {
    /// The name by which programs know it; pronotepy's and papillon's where they have one.
    pub id: String,
    /// What a person reads.
    pub name: String,
    /// How its login goes.
    pub family: Family,
    /// Where it begins. `{pronote}` stands for the PRONOTE page, `{relation}` for `student` or
    /// `relative`.
    pub(super) entry: String,
    /// Hosts whose login form is filled; empty for the default of the family.
    pub(super) hosts: Vec<String>,
    /// Where the portal's local accounts sign in, beside those of EduConnect.
    pub(super) local: Option<Url>,
    /// The portal's own host, where `entry` is somebody else's.
    pub(super) home: Option<String>,
    /// Where the portal's API answers, for the families that have one.
    pub(super) api: Option<Url>,
    /// The host under which papillon lists it; `None` where it does not.
    pub listed: Option<String>,
}

/// How a portal signs its people in. Most differ by their first request only: what follows is
/// told from the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// Kosmos or Skolengo CAS with accounts of its own.
    Cas,
    /// The same, which hands over to EduConnect.
    CasEduconnect,
    /// Edifice (Open ENT NG): user and password are posted, for its form is made by a script.
    Edifice,
    /// The same by EduConnect.
    EdificeEduconnect,
    /// Shibboleth discovery, then EduConnect.
    Wayf,
    /// INDEX ÉDUCATION's own bridge to EduConnect.
    Hub,
    /// OZE: a Keycloak form, then its API tells where PRONOTE is.
    Oze,
    /// One HTML form.
    Form,
    /// Toutatice: EduConnect, then a dialogue of its own.
    Toutatice,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 9] = [
        Self::Cas,
        Self::CasEduconnect,
        Self::Edifice,
        Self::EdificeEduconnect,
        Self::Wayf,
        Self::Hub,
        Self::Oze,
        Self::Form,
        Self::Toutatice,
    ];

    /// Its word in the table.
    pub fn word(self) -> &'static str {
        match self {
            Self::Cas => "cas",
            Self::CasEduconnect => "cas-educonnect",
            Self::Edifice => "edifice",
            Self::EdificeEduconnect => "edifice-educonnect",
            Self::Wayf => "wayf",
            Self::Hub => "hub",
            Self::Oze => "oze",
            Self::Form => "form",
            Self::Toutatice => "toutatice",
        }
    }

    /// Whether the account is one of EduConnect.
    pub fn is_educonnect(self) -> bool {
        match self {
            Self::CasEduconnect
            | Self::EdificeEduconnect
            | Self::Wayf
            | Self::Hub
            | Self::Toutatice => true,
            Self::Cas | Self::Edifice | Self::Oze | Self::Form => false,
        }
    }
}

impl Portal {
    /// The first address of a login.
    pub(super) fn entry(&self, pronote: &Url, profile: Profile) -> Option<Url> {
        let relation = if profile == Profile::Guardian { "relative" } else { "student" };
        let encoded: String =
            url::form_urlencoded::byte_serialize(pronote.as_str().as_bytes()).collect();
        let entry = self.entry.replace("{pronote}", &encoded).replace("{relation}", relation);
        Url::parse(&entry).ok()
    }

    /// The host of the portal itself.
    pub fn host(&self) -> &str {
        let entry = || {
            let (_, rest) = self.entry.split_once("://")?;
            rest.split(['/', '?', ':']).next()
        };
        self.home.as_deref().or_else(entry).unwrap_or_default()
    }

    /// The hosts at which a user of this portal may be asked for the password.
    pub fn password_hosts(&self) -> Vec<&str> {
        match (self.hosts.as_slice(), self.family.is_educonnect()) {
            ([], true) => vec![EDUCONNECT],
            ([], false) => vec![self.host()],
            (hosts, _) => hosts.iter().map(String::as_str).collect(),
        }
    }

    /// Every host that the table names for it, and that of its API; a login may pass by others.
    pub fn hosts(&self) -> Vec<String> {
        let entry = self.entry.split_once("://").map_or("", |(_, rest)| rest);
        let entry = entry.split(['/', '?', ':']).next().unwrap_or_default();
        let mut hosts = vec![entry, self.host(), EDUCONNECT];
        hosts.extend(self.password_hosts());
        hosts.extend(self.listed.as_deref());
        hosts.extend(self.local.as_ref().and_then(Url::host_str));
        let api = self.api().filter(|_| self.family == Family::Oze);
        let api = api.as_ref().and_then(Url::host_str);
        hosts.into_iter().chain(api).map(str::to_owned).collect()
    }

    /// Whether the portal's form on `host` is the one to fill.
    pub(super) fn trusts(&self, host: &str) -> bool {
        // A portal that hands over to the ministry may do so from one day to the next.
        host == EDUCONNECT
            || self.password_hosts().iter().any(|known| match known.strip_prefix("*.") {
                Some(parent) => host.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.')),
                None => known.eq_ignore_ascii_case(host),
            })
    }

    /// The base of the portal's API: `https://api-HOST/` where the table says nothing.
    pub(super) fn api(&self) -> Option<Url> {
        self.api.clone().or_else(|| Url::parse(&format!("https://api-{}/", self.host())).ok())
    }

    /// Whether `text` stands in its first address.
    #[cfg(feature = "simulator")]
    pub(crate) fn begins_with(&self, text: &str) -> bool {
        self.entry.contains(text)
    }

    /// The same portal on another server: `at` tells where a host is found now, and all of them
    /// have the name `host`.
    #[cfg(feature = "simulator")]
    pub(crate) fn moved(&self, at: &impl Fn(&str) -> String, host: &str) -> Self {
        let moved = |url: &str| {
            let (_, rest) = url.split_once("://")?;
            let (old, path) = rest.split_once('/').unwrap_or((rest, ""));
            Some(format!("{}/{path}", at(old)))
        };
        let moved_url = |url: Option<Url>| Url::parse(&moved(url?.as_str())?).ok();
        Self {
            entry: moved(&self.entry).unwrap_or_default(),
            hosts: vec![host.to_owned()],
            local: moved_url(self.local.clone()),
            home: Some(host.to_owned()),
            api: moved_url(self.api()),
            ..self.clone()
        }
    }

    /// The same portal with its local accounts, where it has both kinds.
    pub fn with_local_accounts(&self) -> Option<Self> {
        let local = self.local.clone()?;
        Some(Self {
            family: Family::Edifice,
            hosts: vec![local.host_str()?.to_owned()],
            entry: local.into(),
            local: None,
            ..self.clone()
        })
    }
}
