//! Certificates as schools send them, right and wrong.
//!

use jiff::SignedDuration;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tokio_rustls::rustls::crypto::ring;

use super::*;
use crate::http::tls::certificate::RELEASED;

/// A school's certificate, that of its authority, and the key.
struct Home {
    leaf: String,
    authority: String,
    key: String,
}

fn home() -> Home {
    let mut of_authority = CertificateParams::default();
    of_authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    of_authority.distinguished_name.push(DnType::CommonName, "School authority");
    let authority_key = KeyPair::generate().unwrap();
    let authority = of_authority.self_signed(&authority_key).unwrap().pem();
    let issuer = Issuer::new(of_authority, authority_key);
    let mut params = CertificateParams::new(vec!["bell.school.example".into()]).unwrap();
    let day_zero = rcgen::date_time_ymd(1970, 1, 1);
    let at = |at: Timestamp| day_zero + at.duration_since(Timestamp::UNIX_EPOCH).unsigned_abs();
    (params.not_before, params.not_after) = (at(now() - days(5)), at(now() + days(5)));
    params.distinguished_name.push(DnType::CommonName, "bell");
    let key = KeyPair::generate().unwrap();
    let leaf = params.signed_by(&key, &issuer).unwrap().pem();
    Home { leaf, authority, key: key.serialize_pem() }
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

fn now() -> Timestamp {
    RELEASED + days(100)
}

fn judge(certificate: &str, key: &str, now: Timestamp) -> Result<Offer, Unfit> {
    Offer::judge(Texts { certificate, key }, now, &ring::default_provider())
}

#[track_caller]
fn unfit_for(certificate: &str, key: &str, now: Timestamp) -> Unfit {
    judge(certificate, key, now).err().expect("it is wrong")
}

#[test]
fn a_chain_in_any_order_is_put_right_and_told() {
    let Home { leaf, authority, key } = home();
    let stranger = home().leaf.replace('\n', "\r\n");
    for (given, chain, remarks) in [
        (format!("{leaf}{authority}"), 2, vec![]),
        (format!("{authority}\n{leaf}{authority}"), 2, vec!["another order"]),
        (leaf.clone(), 1, vec!["no certificate of its issuer, School authority"]),
        (format!("{leaf}{stranger}{authority}"), 2, vec!["another order", "left out"]),
    ] {
        let offer = judge(&given, &key, now()).ok().unwrap();
        assert_eq!(offer.certificate.key.cert.len(), chain);
        assert!(offer.chain_pem.starts_with(&leaf.replace("\r\n", "\n")), "{}", offer.chain_pem);
        assert_eq!(offer.certificate.names, ["bell.school.example"]);
        assert_eq!(offer.certificate.issuer, "School authority");
        for told in &remarks {
            assert!(offer.remarks.iter().any(|one| one.contains(told)), "{:?}", offer.remarks);
        }
        assert_eq!(offer.remarks.is_empty(), remarks.is_empty(), "{:?}", offer.remarks);
    }
    let both = judge(&format!("{key}{leaf}{authority}"), "", now());
    assert!(both.is_ok_and(|offer| !offer.chain_pem.contains("KEY") && offer.key_pem == key));
}

#[test]
fn a_file_that_cannot_be_used_is_told_for_what_it_is() {
    let Home { leaf, key, .. } = home();
    let der = |start: &[u8]| String::from_utf8_lossy(&[start, &[0xff; 300]].concat()).into_owned();
    let labelled = |label| format!("-----BEGIN {label}-----\nMIIB\n-----END {label}-----\n");
    for (certificate, key, field, said) in [
        ("", "", "certificate", "nothing in it"),
        ("hello", "", "certificate", "-----BEGIN CERTIFICATE-----"),
        (&labelled("CERTIFICATE REQUEST"), &key, "certificate", "CSR"),
        (&labelled("PKCS7"), &key, "certificate", "pkcs7"),
        (&key, &key, "certificate", "this is a key"),
        (&der(&[0x30, 0x82, 4, 1, 0x30, 0x82]), &key, "certificate", "openssl x509 -inform der"),
        (&der(&[0x30, 0x82, 9, 9, 2, 1, 3]), &key, "certificate", "PKCS#12"),
        (&labelled("CERTIFICATE"), &key, "certificate", "cannot be read"),
        (
            "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n",
            &key,
            "certificate",
            "damaged",
        ),
        (&leaf, "", "key", "the key is wanted too"),
        (&leaf, "hello", "key", "-----BEGIN PRIVATE KEY-----"),
        (&leaf, &leaf, "key", "this is a certificate"),
        (&leaf, &labelled("PUBLIC KEY"), "key", "the private one"),
        (&leaf, &labelled("ENCRYPTED PRIVATE KEY"), "key", "passphrase"),
        (
            &leaf,
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0\n\nMIIB\n-----END RSA PRIVATE KEY-----\n",
            "key",
            "passphrase",
        ),
        (&leaf, &der(&[0x30, 0x82, 4, 1, 2, 1, 0]), "key", "openssl pkey -inform der"),
        (&leaf, &labelled("PRIVATE KEY"), "key", "P-256"),
        (&leaf, &home().key, "key", "the key of another certificate"),
    ] {
        let unfit = unfit_for(certificate, key, now());
        assert_eq!(unfit.field, field, "{}", unfit.message);
        assert!(unfit.message.contains(said), "{said}: {}", unfit.message);
    }
}

#[test]
fn dates_are_judged_only_by_a_clock_that_was_set() {
    let Home { leaf, authority, key } = home();
    let chain = leaf + &authority;
    let remarks = |now| judge(&chain, &key, now).ok().unwrap().remarks;
    assert!(remarks(now()).is_empty());
    assert!(remarks(now() - days(6))[0].contains("valid only from"));
    assert!(remarks(Timestamp::UNIX_EPOCH)[0].contains("the clock of this box says 1970-01-01"));
    let over = unfit_for(&chain, &key, now() + days(6));
    assert!(over.field == "certificate" && over.message.contains("expired"), "{}", over.message);
}

#[test]
fn our_own_is_not_taken_for_a_schools() {
    let made = issue::issue(now(), None).unwrap();
    let unfit = unfit_for(&made.chain, &made.key, now());
    assert!(unfit.message.contains("made for itself"), "{}", unfit.message);
}
