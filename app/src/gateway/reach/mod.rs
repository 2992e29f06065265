//! What the gateway may reach: allowed hosts, at public addresses.
//!
//! A client names the server that we ask for it. So each hop, redirects and portals included, is
//! judged twice: its URL before anything is sent ([`Reach::permits`]), and the addresses behind its
//! name when a connection is made. With `allow_private_hosts` plain HTTP and private addresses are
//! allowed too, for the hosts of the settings; link-local ones and those at which clouds tell their
//! secrets are not. No proxy of the environment is used: it would look up names by itself.

mod address;
mod forbidden;
mod resolver;
#[cfg(test)]
mod tests;

use std::{fmt, net::IpAddr, sync::Arc, time::Duration};

use prometheus_client::metrics::{counter::Counter, family::Family};
use pronote_client::{
    ent::Portals,
    http::{Limits, Manners, Transport, UnusableTransport},
};
use tokio_rustls::rustls;
use url::{Host, Url};

pub use address::Kind;
pub use forbidden::Forbidden;

use crate::store::conf::{Gateway, GatewayLimits, HostPattern};
use resolver::{LookUp, Resolver};

/// What was refused, by [`Forbidden::word`].
pub type Refusals = Family<[(&'static str, &'static str); 1], Counter>;

/// What the gateway may reach, and how. Cheap to clone.
#[derive(Clone)]
pub struct Reach {
    rule: Arc<Rule>,
    limits: GatewayLimits,
    look_up: LookUp,
}

/// The rule that every hop is held against.
struct Rule {
    /// Those that are allowed; `None`: any.
    hosts: Option<Vec<HostPattern>>,
    private: bool,
    refusals: Refusals,
}

impl Reach {
    /// By the settings and the table of portals in force.
    pub fn new(settings: &Gateway, portals: &Portals) -> Self {
        Self::looking_up(settings, portals, resolver::system())
    }

    fn looking_up(settings: &Gateway, portals: &Portals, look_up: LookUp) -> Self {
        let mut hosts = settings.allowed_hosts.clone();
        hosts.extend(portals.hosts().into_iter().filter_map(|host| HostPattern::parse(&host)));
        let private = settings.allow_private_hosts;
        let rule = Rule { hosts: Some(hosts), private, refusals: Refusals::default() };
        Self { rule: Arc::new(rule), limits: settings.limits, look_up }
    }

    /// Any host of the internet, for an address that an administrator has set; a local network's
    /// too, and over plain HTTP, where `private`.
    pub fn anywhere(private: bool) -> Self {
        let rule = Rule { hosts: None, private, refusals: Refusals::default() };
        let limits = GatewayLimits::default();
        Self { rule: Arc::new(rule), limits, look_up: resolver::system() }
    }

    /// Whether an address may be asked. The address behind a name is looked at when it is.
    pub fn permits(&self, url: &Url) -> Result<(), Forbidden> {
        self.rule.permits(url).map_err(|why| self.rule.refused(why))
    }

    /// The one transport of the gateway. It keeps the pace and the budget of failed logins of the
    /// settings, and ends a request or a login shortly before the caller's own deadline does, so
    /// that the caller is told why.
    pub fn transport(&self) -> Result<Transport, UnusableTransport> {
        let rule = self.rule.clone();
        let check = move |url: &Url| {
            rule.permits(url).map_err(|why| {
                tracing::warn!(host = url.host_str(), %why, "the gateway did not go there");
                rule.refused(why).to_string()
            })
        };
        let resolver = Arc::new(Resolver::new(self.rule.clone(), self.look_up.clone()));
        Transport::builder()
            .check_addresses(Arc::new(check))
            .manners(Manners {
                requests_per_second_per_host: self.limits.calls_per_second_per_school,
                failed_logins_per_hour: self.limits.failed_logins_per_hour,
            })
            .limits(within(self.limits.request_deadline_seconds))
            .customise(|client| client.no_proxy().dns_resolver(resolver))
            .build()
    }

    /// A client for other things than PRONOTE: it connects to addresses that may be reached, knows
    /// no proxy and follows no redirect. Each address is for [`Self::permits`] first.
    pub fn client(&self, builder: reqwest::ClientBuilder) -> reqwest::Result<reqwest::Client> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Another thread may have been faster: then there is one, which is all we want.
            drop(rustls::crypto::ring::default_provider().install_default());
        }
        let resolver = Arc::new(Resolver::new(self.rule.clone(), self.look_up.clone()));
        let builder = builder.no_proxy().redirect(reqwest::redirect::Policy::none());
        builder.dns_resolver(resolver).build()
    }

    /// How often an address was refused, by the reason.
    pub fn refusals(&self) -> Refusals {
        self.rule.refusals.clone()
    }
}

impl Rule {
    fn permits(&self, url: &Url) -> Result<(), Forbidden> {
        match url.scheme() {
            "https" => {}
            "http" if self.private => {}
            scheme => return Err(Forbidden::Scheme(scheme.to_owned())),
        }
        let name = url.host_str().unwrap_or_default();
        let host = || name.to_owned();
        // `a.fr.` is `a.fr` with a pace, a budget and cookies of its own.
        let (Some(parsed), false) = (url.host(), name.ends_with('.')) else {
            return Err(Forbidden::Name(host()));
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Forbidden::Credentials(host()));
        }
        let allowed = |hosts: &Vec<HostPattern>| hosts.iter().any(|host| host.matches(name));
        if !self.hosts.as_ref().is_none_or(allowed) {
            return Err(Forbidden::Host(host()));
        }
        match url.port_or_known_default() {
            Some(80 | 443 | 444 | 1024..) => {}
            port => {
                return Err(Forbidden::Port { host: host(), port: port.unwrap_or_default() });
            }
        }
        let address = match parsed {
            Host::Domain(_) => return Ok(()),
            Host::Ipv4(address) => IpAddr::from(address),
            Host::Ipv6(address) => IpAddr::from(address),
        };
        match Kind::of(address) {
            _ if self.admits(address) => Ok(()),
            Kind::Never => Err(Forbidden::Never(host())),
            Kind::Public | Kind::Private => Err(Forbidden::Private(host())),
        }
    }

    fn admits(&self, address: IpAddr) -> bool {
        match Kind::of(address) {
            Kind::Public => true,
            Kind::Private => self.private,
            Kind::Never => false,
        }
    }

    fn refused(&self, why: Forbidden) -> Forbidden {
        self.refusals.get_or_create(&[("reason", why.word())]).inc();
        why
    }
}

/// The client's limits within a deadline in seconds; 0 leaves the client's own.
fn within(deadline_seconds: u32) -> Limits {
    let limits = Limits::default();
    if deadline_seconds == 0 {
        return limits;
    }
    let total = Duration::from_secs(deadline_seconds.into()) * 9 / 10;
    Limits {
        connect: limits.connect.min(total / 2),
        hop: limits.hop.min(total),
        total,
        login: total,
        ..limits
    }
}

impl fmt::Debug for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hosts = self.rule.hosts.as_ref();
        let hosts = hosts.map(|all| all.iter().map(HostPattern::to_string).collect::<Vec<_>>());
        f.debug_struct("Reach").field("hosts", &hosts).field("private", &self.rule.private).finish()
    }
}
