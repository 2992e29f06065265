//! Who calls, and as whom they see us: through proxies that are believed.
//!

use std::net::{IpAddr, SocketAddr};

use headers::HeaderMap;
use hyper::header::{HOST, HeaderName};
use ipnet::IpNet;

use crate::{gateway::Base, http::peer::Peer};

/// Whoever is at the other end of a connection.
#[derive(Debug, Clone, Copy)]
pub struct Caller {
    /// Whose requests are counted together.
    pub network: IpAddr,
    /// Whether the connection comes from a proxy that is believed.
    proxied: bool,
    /// Whether the connection has TLS.
    secure: bool,
}

impl Caller {
    /// Whoever called: the connection's other end, or whom a believed proxy names.
    pub fn of(peer: SocketAddr, secure: bool, headers: &HeaderMap, trusted: &[IpNet]) -> Self {
        let believed = |address: IpAddr| {
            let address = address.to_canonical();
            trusted.iter().any(|network| network.contains(&address))
        };
        let proxied = believed(peer.ip());
        let mut address = peer.ip();
        if proxied {
            // From the right: what stands to the left of the first stranger is that stranger's word.
            let list = headers.get_all("x-forwarded-for").iter();
            let list = list.filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",");
            for entry in list.rsplit(',') {
                let Some(named) = read(entry) else { break };
                address = named;
                if !believed(named) {
                    break;
                }
            }
        }
        Self { network: Peer::from(address).network(), proxied, secure }
    }

    /// Where our own addresses begin, as the caller sees us.
    pub fn base(&self, headers: &HeaderMap, host: Option<&str>) -> Base {
        let header = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let forwarded = |name: &'static str| {
            let value = header(HeaderName::from_static(name)).filter(|_| self.proxied)?;
            value.split(',').next().map(str::trim)
        };
        let host = forwarded("x-forwarded-host").or(host).or(header(HOST));
        let secure = match forwarded("x-forwarded-proto") {
            Some(scheme) => scheme.eq_ignore_ascii_case("https"),
            None => self.secure,
        };
        Base::new(secure, host.unwrap_or_default())
    }
}

/// An address as proxies write it: with or without a port, brackets or blanks.
fn read(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim().trim_matches('"');
    let address = entry.parse().ok();
    address
        .or_else(|| entry.parse::<SocketAddr>().ok().map(|address| address.ip()))
        .or_else(|| entry.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_believed_proxy_says_who_calls() {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        for (peer, forwarded, who) in [
            ("203.0.113.5:1", "198.51.100.1", "203.0.113.5"),
            ("10.0.0.1:1", "198.51.100.1", "198.51.100.1"),
            ("10.0.0.1:1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
            ("10.0.0.1:1", "6.6.6.6, 198.51.100.1, 10.2.3.4", "198.51.100.1"),
            ("10.0.0.1:1", "198.51.100.1:4711", "198.51.100.1"),
            ("10.0.0.1:1", "[2001:db8:1:2:3::1]:80", "2001:db8:1:2::"),
            ("10.0.0.1:1", "6.6.6.6, unknown", "10.0.0.1"),
            ("10.0.0.1:1", "", "10.0.0.1"),
            ("[::ffff:10.0.0.1]:1", "198.51.100.1", "198.51.100.1"),
            ("[::1]:1", "198.51.100.1", "198.51.100.1"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", forwarded.parse().unwrap());
            let caller = Caller::of(peer.parse().unwrap(), false, &headers, &trusted);
            assert_eq!(caller.network, who.parse::<IpAddr>().unwrap(), "{peer} {forwarded}");
        }
    }

    #[test]
    fn our_addresses_are_those_that_the_caller_sees() {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        for (peer, secure, forwarded, base) in [
            ("203.0.113.5:1", true, true, "https://box:8443"),
            ("203.0.113.5:1", false, true, "http://box:8443"),
            ("10.0.0.1:1", false, true, "https://papillon.example"),
            ("10.0.0.1:1", false, false, "http://box:8443"),
        ] {
            let mut headers = HeaderMap::new();
            if forwarded {
                headers.insert("x-forwarded-proto", "https".parse().unwrap());
                headers.insert("x-forwarded-host", "papillon.example, inner".parse().unwrap());
            }
            let caller = Caller::of(peer.parse().unwrap(), secure, &headers, &trusted);
            assert_eq!(caller.base(&headers, Some("box:8443")).to_string(), base);
        }
    }
}
