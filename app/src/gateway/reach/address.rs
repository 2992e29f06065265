//! Addresses: which are the internet's, which a school's own, which nobody's.
//!
//! After IANA's special-purpose registries (RFC 6890 and its successors, as of 2026) and what the
//! large clouds answer at fixed addresses. What is in no list of the internet's is nobody's.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What an address is to the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One of the internet's.
    Public,
    /// This machine's, a local network's or a provider's: reached with `allow_private_hosts` only.
    Private,
    /// No server of a school's: never reached. Link-local ones are among them, as a cloud tells
    /// its secrets there, and other addresses at which clouds do.
    Never,
}

impl Kind {
    /// The kind of an address. One that carries another is what the other one is.
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(v4) => of_v4(v4),
            IpAddr::V6(v6) => of_v6(v6),
        }
    }
}

/// Networks that are not the internet's: the first one that holds the address tells.
const V4: &[(Ipv4Addr, u32, Kind)] = &[
    (v4(0, 0, 0, 0), 8, Kind::Never),          // this network
    (v4(100, 100, 100, 200), 32, Kind::Never), // Alibaba's metadata
    (v4(168, 63, 129, 16), 32, Kind::Never),   // Azure's host agent
    (v4(10, 0, 0, 0), 8, Kind::Private),       // RFC 1918
    (v4(100, 64, 0, 0), 10, Kind::Private),    // shared by a provider's customers, RFC 6598
    (v4(127, 0, 0, 0), 8, Kind::Private),      // loopback
    (v4(172, 16, 0, 0), 12, Kind::Private),    // RFC 1918
    (v4(192, 168, 0, 0), 16, Kind::Private),   // RFC 1918
    (v4(169, 254, 0, 0), 16, Kind::Never),     // link-local, the clouds' metadata
    (v4(192, 0, 0, 0), 24, Kind::Never),       // protocols; Oracle's metadata
    (v4(192, 0, 2, 0), 24, Kind::Never),       // documentation
    (v4(192, 88, 99, 0), 24, Kind::Never),     // 6to4 relays
    (v4(198, 18, 0, 0), 15, Kind::Never),      // benchmarks
    (v4(198, 51, 100, 0), 24, Kind::Never),    // documentation
    (v4(203, 0, 113, 0), 24, Kind::Never),     // documentation
    (v4(224, 0, 0, 0), 3, Kind::Never),        // multicast, reserved, broadcast
];

/// As [`V4`]; what is in none is public within 2000::/3, and nobody's elsewhere.
const V6: &[(Ipv6Addr, u32, Kind)] = &[
    (v6([0, 0, 0, 0, 0, 0, 0, 1]), 128, Kind::Private), // loopback
    (v6([0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254]), 128, Kind::Never), // Amazon's metadata
    (v6([0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254]), 128, Kind::Never), // Google's metadata
    (v6([0xfc00, 0, 0, 0, 0, 0, 0, 0]), 7, Kind::Private), // unique local
    (v6([0x2001, 0, 0, 0, 0, 0, 0, 0]), 23, Kind::Never), // protocols: Teredo, benchmarks, ORCHID
    (v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0]), 32, Kind::Never), // documentation
    (v6([0x2002, 0, 0, 0, 0, 0, 0, 0]), 16, Kind::Never), // 6to4, given up by RFC 7526
    (v6([0x3fff, 0, 0, 0, 0, 0, 0, 0]), 20, Kind::Never), // documentation
    (v6([0x2000, 0, 0, 0, 0, 0, 0, 0]), 3, Kind::Public),
];

const fn v4(a: u8, b: u8, c: u8, d: u8) -> Ipv4Addr {
    Ipv4Addr::new(a, b, c, d)
}

const fn v6(groups: [u16; 8]) -> Ipv6Addr {
    let [a, b, c, d, e, f, g, h] = groups;
    Ipv6Addr::new(a, b, c, d, e, f, g, h)
}

fn of_v4(address: Ipv4Addr) -> Kind {
    let shares = |network: Ipv4Addr, length: u32| {
        (address.to_bits() ^ network.to_bits()).leading_zeros() >= length
    };
    let found = V4.iter().find(|(network, length, _)| shares(*network, *length));
    found.map_or(Kind::Public, |(_, _, kind)| *kind)
}

fn of_v6(address: Ipv6Addr) -> Kind {
    // ::ffff:a.b.c.d is how sockets write IPv4, 64:ff9b::a.b.c.d how a network without IPv4 reaches
    // it. Other forms that carry one (::a.b.c.d, 6to4, Teredo, 64:ff9b:1::/48) lead nowhere today.
    const MAPPED: u128 = 0xffff;
    const TRANSLATED: u128 = 0x64_ff9b << 64;
    let bits = address.to_bits();
    if bits >> 32 == MAPPED || bits >> 32 == TRANSLATED {
        return of_v4(last_four(address).into());
    }
    let shares =
        |network: Ipv6Addr, length: u32| (bits ^ network.to_bits()).leading_zeros() >= length;
    let found = V6.iter().find(|(network, length, _)| shares(*network, *length));
    found.map_or(Kind::Never, |(_, _, kind)| *kind)
}

fn last_four(address: Ipv6Addr) -> [u8; 4] {
    let [.., a, b, c, d] = address.octets();
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_what_the_registries_say() {
        let public = "1.1.1.1 9.255.255.255 11.0.0.0 62.210.16.6 100.63.255.255 100.128.0.0 \
            126.255.255.255 128.0.0.0 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 \
            192.0.1.0 192.0.3.0 192.88.98.255 192.88.100.0 192.167.255.255 192.169.0.0 \
            198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 \
            223.255.255.255 168.63.129.15 \
            2001:200:: 2001:4860:4860::8888 2003:: 2606:4700::1111 2a01:e0a::1 3ffe::1 3fff:1000:: \
            ::ffff:1.1.1.1 ::ffff:808:808 64:ff9b::1.1.1.1 64:ff9b::808:808";
        let private = "127.0.0.1 127.0.0.0 127.1.2.3 127.255.255.255 10.0.0.0 10.255.255.255 \
            172.16.0.0 172.31.255.255 192.168.0.0 192.168.255.255 100.64.0.0 100.127.255.255 \
            ::1 fc00:: fd00::1 fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff fd00:ec2::253 \
            ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.1.2.3 ::ffff:192.168.1.1 ::ffff:100.64.0.1 \
            64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::c0a8:101";
        let never = "0.0.0.0 0.0.0.1 0.255.255.255 169.254.0.0 169.254.169.254 169.254.170.2 \
            169.254.255.255 168.63.129.16 100.100.100.200 192.0.0.0 192.0.0.192 192.0.0.255 \
            192.0.2.1 192.88.99.1 198.18.0.0 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 \
            239.255.255.255 240.0.0.1 255.255.255.255 \
            :: ::2 ::ffff ::7f00:1 ::127.0.0.1 ::169.254.169.254 ::1.1.1.1 ::1:7f00:1 \
            ::ffff:0.0.0.0 ::ffff:169.254.169.254 ::ffff:a9fe:a9fe ::ffff:224.0.0.1 \
            ::ffff:255.255.255.255 ::ffff:0:127.0.0.1 ::ffff:0:1.1.1.1 \
            64:ff9b::169.254.169.254 64:ff9b::0.0.0.0 64:ff9b:0:0:1::1.1.1.1 64:ff9b:1::1.1.1.1 \
            64:ff9b:1::7f00:1 100::1 100:0:0:1::1 1::1 400::1 800::1 1000::1 1fff:: \
            2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:1::1 2001:2::1 2001:10::1 2001:20::1 \
            2001:1ff:: 2001:db8::1 2002:7f00:1:: 2002:a9fe:a9fe::1 2002:101:101::1 3fff::1 \
            3fff:fff:: 4000::1 5f00::1 8000::1 e000::1 fb00::1 fe00::1 fe80::1 fe80::a9fe:a9fe \
            fec0::1 febf::1 ff02::1 ff0e::1 fd00:ec2::254 fd20:ce::254";
        for (kind, addresses) in
            [(Kind::Public, public), (Kind::Private, private), (Kind::Never, never)]
        {
            for text in addresses.split_whitespace() {
                let address: IpAddr = text.parse().unwrap_or_else(|_| panic!("{text}"));
                assert_eq!(Kind::of(address), kind, "{text}");
            }
        }
    }

    #[test]
    fn the_names_that_the_standard_library_has_are_all_kept_out() {
        for high in 0..=u16::MAX {
            let [a, b] = high.to_be_bytes();
            for (c, d) in [(0, 0), (0, 1), (99, 7), (100, 200), (113, 9), (255, 255)] {
                let address = Ipv4Addr::new(a, b, c, d);
                let special = address.is_private()
                    || address.is_loopback()
                    || address.is_link_local()
                    || address.is_broadcast()
                    || address.is_documentation()
                    || address.is_multicast()
                    || address.is_unspecified();
                assert!(!special || Kind::of(address.into()) != Kind::Public, "{address}");
            }
            let address = Ipv6Addr::new(high, 0, 0, 0, 0, 0, 0, 1);
            let special = address.is_loopback()
                || address.is_multicast()
                || address.is_unique_local()
                || address.is_unicast_link_local();
            assert!(!special || Kind::of(address.into()) != Kind::Public, "{address}");
        }
    }
}
