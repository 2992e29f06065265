//! Every way to write an address, and whether it is permitted.
//!

use super::*;

/// Hosts that a careless administrator has allowed, addresses among them.
const ALLOWED: &str = "*.index-education.net pronote.lycee.fr lycée.fr localhost 127.0.0.1 ::1 :: \
    10.0.0.5 100.64.0.1 192.168.1.9 fd00::9 169.254.169.254 fd00:ec2::254 fe80::1 0.0.0.0 \
    255.255.255.255 62.210.16.6 ::ffff:127.0.0.1 ::ffff:169.254.169.254 ::ffff:62.210.16.6 \
    2002:7f00:1:: 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe";

#[test]
fn every_url_is_permitted_or_refused_for_its_reason() {
    // The reason with allow_private_hosts off, and on; "" where it is permitted.
    let rows = [
        ("https://0123456a.index-education.net/pronote/", "", ""),
        ("https://0123456A.INDEX-EDUCATION.NET/pronote/", "", ""),
        ("https://0123456a.index%2deducation.net/pronote/", "", ""),
        ("https://0123456a。index-education。net/", "", ""),
        ("https://pronote.lycee.fr:8443/pronote/", "", ""),
        ("https://pronote.lycee.fr:444/", "", ""),
        ("https://lycée.fr/", "", ""),
        ("https://LYCÉE.fr/", "", ""),
        ("https://xn--lyce-dpa.fr/", "", ""),
        ("https://educonnect.education.gouv.fr/idp", "", ""),
        ("https://cas.agora06.fr/login?service=x", "", ""),
        ("https://api-enc.hauts-de-seine.fr/v1/users/me", "", ""),
        ("https://62.210.16.6/", "", ""),
        ("https://[::ffff:62.210.16.6]/", "", ""),
        // By name; where it leads is for the resolver.
        ("https://localhost/", "", ""),
        // Another scheme.
        ("http://0123456a.index-education.net/", "scheme", ""),
        ("http://127.0.0.1/", "scheme", ""),
        ("file:///etc/passwd", "scheme", "scheme"),
        ("file://localhost/etc/passwd", "scheme", "scheme"),
        ("ftp://pronote.lycee.fr/", "scheme", "scheme"),
        ("gopher://127.0.0.1:6379/_FLUSHALL", "scheme", "scheme"),
        ("ws://pronote.lycee.fr/", "scheme", "scheme"),
        ("data:text/html,x", "scheme", "scheme"),
        ("javascript:alert(1)", "scheme", "scheme"),
        // Nobody allowed it.
        ("https://example.org/", "host", "host"),
        ("https://index-education.net/", "host", "host"),
        ("https://evilindex-education.net/", "host", "host"),
        ("https://index-education.net.example.org/", "host", "host"),
        ("https://example.org/.index-education.net", "host", "host"),
        ("https://example.org?.index-education.net", "host", "host"),
        ("https://example.org#.index-education.net", "host", "host"),
        ("https://example.org\\.index-education.net/", "host", "host"),
        ("https://x.pronote.lycee.fr/", "host", "host"),
        ("https://lycee.fr/", "host", "host"),
        ("https://xn--lycee-xxx.fr/", "host", "host"),
        ("https://127.0.0.2/", "host", "host"),
        ("https://10.0.0.6/", "host", "host"),
        ("https://127.0.0.1.nip.io/", "host", "host"),
        ("https://metadata.google.internal/", "host", "host"),
        ("https://[fd00::8]/", "host", "host"),
        ("https://[::2]/", "host", "host"),
        ("https://8.8.8.8/", "host", "host"),
        // A name for the school that is not the school's.
        ("https://pronote.lycee.fr@example.org/", "credentials", "credentials"),
        ("https://user@pronote.lycee.fr/", "credentials", "credentials"),
        ("https://user:password@pronote.lycee.fr/", "credentials", "credentials"),
        ("https://:password@pronote.lycee.fr/", "credentials", "credentials"),
        ("https://pronote.lycee.fr./", "name", "name"),
        ("https://0123456a.index-education.net./", "name", "name"),
        ("https://localhost./", "name", "name"),
        ("https://pronote.lycee.fr../", "name", "name"),
        // Other services.
        ("https://pronote.lycee.fr:22/", "port", "port"),
        ("https://pronote.lycee.fr:25/", "port", "port"),
        ("https://pronote.lycee.fr:0/", "port", "port"),
        ("https://pronote.lycee.fr:445/", "port", "port"),
        ("https://127.0.0.1:22/", "port", "port"),
        // This machine, however it is written.
        ("https://127.0.0.1/", "address", ""),
        ("https://127.0.0.1:8443/", "address", ""),
        ("https://127.0.0.1./", "address", ""),
        ("https://2130706433/", "address", ""),
        ("https://0x7f000001/", "address", ""),
        ("https://0x7F.0.0.0x1/", "address", ""),
        ("https://0x7f.1/", "address", ""),
        ("https://0177.0.0.1/", "address", ""),
        ("https://0177.0.0.01/", "address", ""),
        ("https://017700000001/", "address", ""),
        ("https://00000177.0x0.0.1/", "address", ""),
        ("https://127.1/", "address", ""),
        ("https://127.0.1/", "address", ""),
        ("https://%31%32%37.0.0.1/", "address", ""),
        ("https://①②⑦.⓪.⓪.①/", "address", ""),
        ("https://１２７．０．０．１/", "address", ""),
        ("https://127。0。0。1/", "address", ""),
        ("https://\t127.0.0.\n1/", "address", ""),
        ("https:127.0.0.1/", "address", ""),
        ("https:\\\\127.0.0.1\\", "address", ""),
        ("https:////127.0.0.1/", "address", ""),
        ("https://[::1]/", "address", ""),
        ("https://[0:0:0:0:0:0:0:1]/", "address", ""),
        ("https://[0::0001]/", "address", ""),
        ("https://[::0.0.0.1]/", "address", ""),
        ("https://[::ffff:127.0.0.1]/", "address", ""),
        ("https://[::ffff:7f00:1]/", "address", ""),
        ("https://[::FFFF:7F00:0001]/", "address", ""),
        ("https://[0:0:0:0:0:ffff:7f00:1]/", "address", ""),
        ("https://[64:ff9b::127.0.0.1]/", "address", ""),
        // A local network.
        ("https://10.0.0.5/", "address", ""),
        ("https://012.0.0.5/", "address", ""),
        ("https://167772165/", "address", ""),
        ("https://192.168.1.9/", "address", ""),
        ("https://0xc0a80109/", "address", ""),
        ("https://100.64.0.1/", "address", ""),
        ("https://[fd00::9]/", "address", ""),
        // Nobody's: not even then.
        ("https://169.254.169.254/latest/meta-data/", "address", "address"),
        ("https://2852039166/", "address", "address"),
        ("https://0xa9fea9fe/", "address", "address"),
        ("https://0251.0376.0251.0376/", "address", "address"),
        ("https://169.254.43518/", "address", "address"),
        ("https://[::ffff:a9fe:a9fe]/", "address", "address"),
        ("https://[::ffff:169.254.169.254]/", "address", "address"),
        ("https://[64:ff9b::a9fe:a9fe]/", "address", "address"),
        ("https://[fd00:ec2::254]/", "address", "address"),
        ("https://[fe80::1]/", "address", "address"),
        ("https://[2002:7f00:1::]/", "address", "address"),
        ("https://[::]/", "address", "address"),
        ("https://0.0.0.0/", "address", "address"),
        ("https://0/", "address", "address"),
        ("https://0x0/", "address", "address"),
        ("https://255.255.255.255/", "address", "address"),
        ("https://4294967295/", "address", "address"),
    ];
    let portals = Portals::built_in();
    let reaches = [false, true].map(|private| Reach::new(&settings(ALLOWED, private), portals));
    for (text, off, on) in rows {
        let url = Url::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        for (reach, wanted) in reaches.iter().zip([off, on]) {
            let found = reach.permits(&url);
            let word = found.as_ref().err().map_or("", Forbidden::word);
            assert_eq!(word, wanted, "{text} is {url}: {found:?}, {reach:?}");
        }
    }
    // What is no URL at all never comes to us.
    for text in [
        "https://[fe80::1%25eth0]/",
        "https://[fe80::1%eth0]/",
        "https://[::1/",
        "https://256.0.0.1/",
        "https://1.2.3.4.5/",
        "https://0x100000000/",
        "https://127.0.0.1:65536/",
        "https://a b.fr/",
        "https://",
        "//pronote.lycee.fr/",
    ] {
        assert!(Url::parse(text).is_err(), "{text}");
    }
}
