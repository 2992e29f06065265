//! The section `gateway`: whom the gateway serves, and what it may reach.
//!

use std::{fmt, net::IpAddr, time::Duration};

use ipnet::IpNet;
use serde_json::Value;
use url::Host;

use super::fields::{self, Fields};
use crate::store::Problem;

/// The gateway to PRONOTE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gateway {
    /// Whether there is one.
    pub enabled: bool,
    /// Where it listens in plain HTTP, beside the service's own port: a host and a port.
    pub listen: Option<(String, u16)>,
    /// Where sessions are kept.
    pub store: SessionStore,
    /// How long a token lives without being used.
    pub token_ttl: Duration,
    /// Which PRONOTE hosts it may reach; those of the portals' table always.
    pub allowed_hosts: Vec<HostPattern>,
    /// Whether it may reach private addresses too, and hosts over plain HTTP.
    pub allow_private_hosts: bool,
    /// How files that belong to a PRONOTE session are given out.
    pub attachments: Attachments,
    /// Networks of reverse proxies whose word on the caller's address is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// How much of what.
    pub limits: GatewayLimits,
}

/// Where sessions are kept.
#[derive(Clone, PartialEq, Eq)]
pub enum SessionStore {
    /// In this process; written to the data folder when it ends.
    Memory,
    /// In Redis or Valkey, where several gateways share them. The address may hold a password.
    Redis(String),
}

/// How files that belong to a PRONOTE session are given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attachments {
    /// By PRONOTE's own address, which dies with the session.
    Direct,
    /// By an address of ours, from which the file is passed on.
    Proxied,
}

/// How much of what; 0 switches a limit off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GatewayLimits {
    /// Failed logins an hour, of an account and of a caller's address.
    pub failed_logins_per_hour: u32,
    /// Requests a minute of one address.
    pub requests_per_minute_per_address: u32,
    /// Calls a second to one PRONOTE host.
    pub calls_per_second_per_school: u32,
    /// Seconds that a request may take.
    pub request_deadline_seconds: u32,
}

/// A host name, or all names below one (`*.index-education.net`); lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPattern {
    name: String,
    below: bool,
}

impl HostPattern {
    /// Reads a pattern: `pronote.lycee.fr`, `*.index-education.net`, or an address.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let (name, below) = match text.strip_prefix("*.") {
            Some(name) => (name, true),
            None => (text.as_str(), false),
        };
        let label = |label: &str| {
            !label.is_empty()
                && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
        };
        // `*.fr` would be half a country; `*` everything.
        let name_of_host =
            name.split('.').all(label) && (!below || name.contains('.')) && name.len() <= 253;
        let address = name.parse::<IpAddr>().ok().filter(|_| !below);
        // As a URL writes it: `lycée.fr` is asked for as `xn--lyce-dpa.fr`.
        let host = match address {
            Some(IpAddr::V6(address)) => Host::Ipv6(address),
            Some(IpAddr::V4(address)) => Host::Ipv4(address),
            None if name_of_host => Host::parse(name).ok()?,
            None => return None,
        };
        let is_name = matches!(host, Host::Domain(_));
        let name = host.to_string().trim_matches(['[', ']']).to_owned();
        (is_name || !below).then_some(Self { name, below })
    }

    /// Whether a host (lower case, as a URL has it) is meant.
    pub fn matches(&self, host: &str) -> bool {
        let host = host.strip_suffix('.').unwrap_or(host);
        if !self.below {
            return host.trim_matches(['[', ']']) == self.name;
        }
        let front = host.strip_suffix(self.name.as_str()).and_then(|front| front.strip_suffix('.'));
        front.is_some_and(|front| !front.is_empty())
    }
}

/// Reads the section.
pub fn read(fields: &mut Fields<'_>) -> Option<Gateway> {
    let default = Gateway::default();
    let enabled = fields.optional("enabled", "true or false", Value::as_bool);
    let listen = fields.optional("listen", "null or \"HOST:PORT\"", |value| {
        let (host, port) = value.as_str()?.rsplit_once(':')?;
        let host = host.trim_matches(['[', ']']);
        Some((Some(host.to_owned()).filter(|host| !host.is_empty())?, port.parse().ok()?))
    });
    // The address is not repeated in a problem: it may hold a password.
    let store = fields.raw("store").map(|value| match value.as_str() {
        Some("memory") => Some(SessionStore::Memory),
        Some(address) if address.starts_with("redis://") => {
            Some(SessionStore::Redis(address.to_owned()))
        }
        _ => None,
    });
    if store == Some(None) {
        fields.error("store", "expected \"memory\" or the address of a Redis, redis://HOST:PORT/0");
    }
    let ttl = fields.optional("token_ttl_seconds", "seconds, 10–86400", fields::whole(10, 86_400));
    let hosts = "a list of host names, \"*.\" in front for all below";
    let allowed_hosts = fields.optional("allowed_hosts", hosts, |value| {
        value.as_array()?.iter().map(|host| HostPattern::parse(host.as_str()?)).collect()
    });
    let private = fields.optional("allow_private_hosts", "true or false", Value::as_bool);
    let attachments =
        fields.optional("attachments", "\"direct\" or \"proxied\"", |value| match value.as_str() {
            Some("direct") => Some(Attachments::Direct),
            Some("proxied") => Some(Attachments::Proxied),
            _ => None,
        });
    let networks = "a list of addresses and networks, such as 10.0.0.0/8";
    let trusted_proxies = fields.optional("trusted_proxies", networks, |value| {
        let network =
            |text: &str| text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
        value.as_array()?.iter().map(|text| network(text.as_str()?)).collect()
    });
    let limits = fields.raw("limits").and_then(|value| {
        let mut problems = Vec::new();
        let read = fields::read("gateway.limits", value, &mut problems, limits);
        for Problem { path, message, .. } in problems.iter().filter(|problem| problem.is_error()) {
            fields.error(path.trim_start_matches("gateway."), message.as_str());
        }
        read
    });
    Some(Gateway {
        enabled: enabled.unwrap_or(default.enabled),
        listen,
        store: store.flatten().unwrap_or(default.store),
        token_ttl: ttl.map_or(default.token_ttl, |seconds| Duration::from_secs(seconds.into())),
        allowed_hosts: allowed_hosts.unwrap_or(default.allowed_hosts),
        allow_private_hosts: private.unwrap_or(default.allow_private_hosts),
        attachments: attachments.unwrap_or(default.attachments),
        trusted_proxies: trusted_proxies.unwrap_or(default.trusted_proxies),
        limits: limits.unwrap_or(default.limits),
    })
}

fn limits(fields: &mut Fields<'_>) -> Option<GatewayLimits> {
    let default = GatewayLimits::default();
    let mut limit = |key, default| {
        fields
            .optional(key, "a number, 0 for no limit", fields::whole(0, 1_000_000))
            .unwrap_or(default)
    };
    Some(GatewayLimits {
        failed_logins_per_hour: limit("failed_logins_per_hour", default.failed_logins_per_hour),
        requests_per_minute_per_address: limit(
            "requests_per_minute_per_address",
            default.requests_per_minute_per_address,
        ),
        calls_per_second_per_school: limit(
            "calls_per_second_per_school",
            default.calls_per_second_per_school,
        ),
        request_deadline_seconds: limit(
            "request_deadline_seconds",
            default.request_deadline_seconds,
        ),
    })
}

impl Default for Gateway {
    fn default() -> Self {
        Self {
            enabled: true,
            listen: None,
            store: SessionStore::Memory,
            token_ttl: Duration::from_secs(300),
            allowed_hosts: HostPattern::parse("*.index-education.net").into_iter().collect(),
            allow_private_hosts: false,
            attachments: Attachments::Direct,
            trusted_proxies: Vec::new(),
            limits: GatewayLimits::default(),
        }
    }
}

impl Default for GatewayLimits {
    fn default() -> Self {
        Self {
            failed_logins_per_hour: 3,
            requests_per_minute_per_address: 300,
            calls_per_second_per_school: 20,
            request_deadline_seconds: 30,
        }
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, below } = self;
        if *below { write!(f, "*.{name}") } else { f.write_str(name) }
    }
}

// By hand: an address may hold a password.
impl fmt::Debug for SessionStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Memory => "Memory",
            Self::Redis(_) => "Redis",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_means_the_hosts_it_names_and_no_other() {
        for (pattern, host, meant) in [
            ("*.index-education.net", "0123456a.index-education.net", true),
            ("*.index-education.net", "a.b.index-education.net", true),
            ("*.index-education.net", "0123456a.index-education.net.", true),
            ("*.index-education.net", "index-education.net", false),
            ("*.index-education.net", "evilindex-education.net", false),
            ("*.index-education.net", ".index-education.net", false),
            ("*.index-education.net", "index-education.net.evil.fr", false),
            ("Pronote.Lycee.fr", "pronote.lycee.fr", true),
            ("pronote.lycee.fr", "x.pronote.lycee.fr", false),
            ("127.0.0.1", "127.0.0.1", true),
            ("::1", "[::1]", true),
            ("0:0:0:0:0:0:0:1", "[::1]", true),
            ("::ffff:127.0.0.1", "[::ffff:7f00:1]", true),
            ("Pronote.Lycée.fr", "pronote.xn--lyce-dpa.fr", true),
            ("*.lycée.fr", "pronote.xn--lyce-dpa.fr", true),
        ] {
            let parsed = HostPattern::parse(pattern).unwrap();
            assert_eq!(parsed.matches(host), meant, "{pattern} {host}");
        }
        for wrong in [
            "*",
            "*.fr",
            "a b.fr",
            "https://a.fr",
            "a.fr/",
            "a.*.fr",
            "",
            "a..fr",
            "a.fr:443",
            "*.0.1",
        ] {
            assert_eq!(HostPattern::parse(wrong), None, "{wrong}");
        }
    }
}
