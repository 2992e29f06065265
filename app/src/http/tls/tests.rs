//! What lies on disk, and what is served for it.

use std::{fs, os::unix::fs::PermissionsExt};

use super::{files::read, *};
use jiff::SignedDuration;
use tempfile::TempDir;

fn files(folder: &TempDir) -> CertificateFiles {
    let certs = folder.path().join("certs");
    CertificateFiles { chain: certs.join("cert.pem"), key: certs.join("key.pem") }
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

fn now() -> Timestamp {
    certificate::RELEASED + days(10)
}

/// A certificate of a school's own authority, valid from 1975 to `not_after`, and its key.
fn schools_own(not_after: Timestamp) -> (String, String) {
    let mut params = rcgen::CertificateParams::new(vec!["bell.school.example".into()]).unwrap();
    let valid = not_after.duration_since(Timestamp::UNIX_EPOCH).unsigned_abs();
    params.not_after = rcgen::date_time_ymd(1970, 1, 1) + valid;
    let key = rcgen::KeyPair::generate().unwrap();
    (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
}

fn put(files: &CertificateFiles, chain: Option<&str>, key: Option<&str>) {
    for (path, text) in [(&files.chain, chain), (&files.key, key)] {
        match text {
            Some(text) => issue::write(path, text, 0o600).unwrap(),
            None => drop(fs::remove_file(path)),
        }
    }
}

fn bytes(files: &CertificateFiles) -> [Option<Vec<u8>>; 2] {
    [read("", &files.chain).unwrap(), read("", &files.key).unwrap()]
}

#[test]
fn a_missing_certificate_is_made_once_and_its_key_is_private() {
    let folder = TempDir::new().unwrap();
    let files = files(&folder);
    let made = Tls::open(&files, now()).unwrap().served();
    assert_eq!(made.trouble, None);
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&files.chain), mode(&files.key)), (0o644, 0o600));
    let again = Tls::open(&files, now()).unwrap().served();
    assert_eq!(again.certificate.fingerprint, made.certificate.fingerprint);
    assert_eq!(made.certificate.fingerprint.to_string().len(), 95);
    let der = made.certificate.key.end_entity_cert().unwrap().clone();
    for name in ["localhost", "127.0.0.1"] {
        let name = rustls::pki_types::ServerName::try_from(name).unwrap();
        let end_entity = rustls::server::ParsedCertificate::try_from(&der).unwrap();
        rustls::client::verify_server_name(&end_entity, &name).unwrap();
    }
}

#[test]
fn one_of_ours_is_renewed_in_time_with_the_same_key() {
    let folder = TempDir::new().unwrap();
    let files = files(&folder);
    let tls = Tls::open(&files, now()).unwrap();
    let (first, [_, key]) = (tls.served(), bytes(&files));
    for (at, renewed) in [
        (Timestamp::UNIX_EPOCH, false), // a clock that was never set
        (now() + days(793), false),
        (now() + days(795), true),
        (now() + days(3000), true),
        (now(), true), // that clock ran ahead: what it made is not valid yet
    ] {
        let before = tls.served();
        tls.refresh(&files, at).unwrap();
        let after = tls.served();
        let changed = before.certificate.fingerprint != after.certificate.fingerprint;
        assert_eq!(changed, renewed, "{at}");
        assert_eq!(after.trouble, None, "{at}");
    }
    assert_eq!(bytes(&files)[1], key);
    let Certificate { not_before, not_after, .. } = first.certificate;
    assert_eq!(not_after.duration_since(not_before), days(825), "what Apple accepts");
}

#[test]
fn a_certificate_made_by_a_clock_that_was_never_set_is_valid_today() {
    let folder = TempDir::new().unwrap();
    let made = Tls::open(&files(&folder), Timestamp::UNIX_EPOCH).unwrap().served();
    assert!(!made.certificate.is_due(now()));
    assert_eq!(made.certificate.complaint(now()), None);
}

#[test]
fn a_schools_own_certificate_is_used_as_it_is() {
    for (ends, said) in
        [(days(400), None), (days(20), Some("expires on")), (days(-20), Some("has expired on"))]
    {
        let folder = TempDir::new().unwrap();
        let files = files(&folder);
        let (chain, key) = schools_own(now() + ends);
        put(&files, Some(&chain), Some(&key));
        let before = bytes(&files);
        let served = Tls::open(&files, now()).unwrap().served();
        assert!(!served.temporary && !served.certificate.ours);
        match said {
            None => assert_eq!(served.trouble, None),
            Some(words) => assert!(served.trouble.as_ref().unwrap().contains(words)),
        }
        assert_eq!(bytes(&files), before);
    }
}

#[test]
fn what_cannot_be_used_stays_as_it_is_and_is_told() {
    let (chain, key) = schools_own(now() + days(400));
    let (_, other) = schools_own(now() + days(400));
    let cut = &chain[..chain.len() / 2];
    let rows = [
        (Some(chain.as_str()), Some(other.as_str()), "not that of the certificate"),
        (Some(cut), Some(&key), "the certificate cannot be read"),
        (Some(""), Some(&key), "no certificate in it"),
        (Some(&chain), Some("hello"), "the key cannot be read"),
        (Some(&chain), None, "server.tls_key: there is no such file"),
        (None, Some(&key), "server.tls_cert: there is no such file"),
    ];
    for (chain, key, words) in rows {
        let folder = TempDir::new().unwrap();
        let files = files(&folder);
        put(&files, chain, key);
        let before = bytes(&files);
        let tls = Tls::open(&files, now()).unwrap();
        let first = tls.served();
        assert!(first.temporary, "{words}");
        assert!(first.trouble.as_ref().unwrap().contains(words), "{:?}", first.trouble);
        assert_eq!(bytes(&files), before, "{words}");

        tls.refresh(&files, now()).unwrap();
        let fingerprint = tls.served().certificate.fingerprint;
        assert_eq!(fingerprint, first.certificate.fingerprint, "the temporary one stays");

        let (chain, key) = schools_own(now() + days(400));
        put(&files, Some(&chain), Some(&key));
        tls.refresh(&files, now()).unwrap();
        assert!(!tls.served().temporary, "mended without a restart");
    }
}

#[test]
fn one_of_ours_without_its_key_is_made_anew() {
    let folder = TempDir::new().unwrap();
    let files = files(&folder);
    let first = Tls::open(&files, now()).unwrap().served();
    fs::remove_file(&files.key).unwrap();
    let second = Tls::open(&files, now()).unwrap().served();
    assert!(!second.temporary && second.trouble.is_none());
    assert_ne!(second.certificate.fingerprint, first.certificate.fingerprint);
}

#[test]
fn a_directory_in_the_way_or_a_folder_that_cannot_be_made_is_told() {
    let folder = TempDir::new().unwrap();
    let files = files(&folder);
    fs::create_dir_all(&files.key).unwrap();
    let trouble = Tls::open(&files, now()).unwrap().served().trouble.clone().unwrap();
    assert!(trouble.contains("server.tls_key cannot be read: not a file"), "{trouble}");

    let folder = TempDir::new().unwrap();
    let files = self::files(&folder);
    fs::write(folder.path().join("certs"), "a file").unwrap();
    let trouble = Tls::open(&files, now()).unwrap().served().trouble.clone().unwrap();
    assert!(trouble.contains("cannot be"), "{trouble}");
}

#[test]
fn a_key_that_everybody_can_read_is_told() {
    let folder = TempDir::new().unwrap();
    let files = files(&folder);
    let (chain, key) = schools_own(now() + days(400));
    put(&files, Some(&chain), Some(&key));
    fs::set_permissions(&files.key, fs::Permissions::from_mode(0o644)).unwrap();
    let served = Tls::open(&files, now()).unwrap().served();
    assert!(!served.temporary);
    assert!(served.trouble.as_ref().unwrap().contains("chmod o-r"));
}
