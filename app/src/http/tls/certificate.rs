//! A certificate with its key: read from PEM and judged.

use std::{fmt, net::IpAddr, sync::Arc};

use data_encoding::{BASE64, HEXLOWER};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use tokio_rustls::rustls::{
    self, InconsistentKeys,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};
use x509_parser::{
    certificate::X509Certificate, extensions::GeneralName, prelude::FromDer, x509::X509Name,
};

/// The organisation that our own certificates name: how we know them again.
pub const OUR_MARK: &str = "Beffroi self-signed";

/// No clock was ever right before this program was released: one that says so was never set (a
/// Raspberry Pi without a network starts in 1970).
pub const RELEASED: Timestamp = Timestamp::constant(1_793_491_200, 0); // 2026-11-01

/// How long before its end a certificate of ours is renewed and a school's own is complained about.
const NOTICE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A certificate that can be served.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// The chain and its key, which fit.
    pub key: Arc<CertifiedKey>,
    /// Whether it carries [`OUR_MARK`]; only then may it be overwritten.
    pub ours: bool,
    /// Of the first certificate of the chain.
    pub fingerprint: Fingerprint,
    /// From when it counts.
    pub not_before: Timestamp,
    /// Until when it counts.
    pub not_after: Timestamp,
    /// The host names and addresses that it is for.
    pub names: Vec<String>,
    /// Who has signed it, as a person would call them.
    pub issuer: String,
}

/// A SHA-256 fingerprint, shown as browsers show it: `AB:CD:…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

/// Why two PEM texts are not a certificate and its key.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// The certificate's text.
    #[error("server.tls_cert: the certificate cannot be read: {0}")]
    Certificate(String),
    /// The key's text.
    #[error("server.tls_key: the key cannot be read: {0} (one with a passphrase cannot be used)")]
    Key(String),
    /// Both are fine, each for itself.
    #[error("server.tls_key: the key is not that of the certificate in server.tls_cert")]
    Mismatch,
}

impl Certificate {
    /// Reads a chain and its key, both PEM.
    pub fn from_pem(chain: &[u8], key: &[u8], provider: &CryptoProvider) -> Result<Self, Unusable> {
        let chain = chain_from_pem(chain)?;
        let first = chain.first().ok_or_else(no_certificate)?;
        let facts = Facts::read(first)?;
        let fingerprint = Fingerprint(Sha256::digest(first).into());
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|e| Unusable::Key(e.to_string()))?;
        let key = CertifiedKey::from_der(chain, key, provider).map_err(|error| match error {
            rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => Unusable::Mismatch,
            rustls::Error::InvalidCertificate(e) => Unusable::Certificate(e.to_string()),
            other => Unusable::Key(other.to_string()),
        })?;
        let Facts { ours, not_before, not_after, names, issuer } = facts;
        let key = Arc::new(key);
        Ok(Self { key, ours, fingerprint, not_before, not_after, names, issuer })
    }

    /// Whether one of ours is to be made anew: soon over, or made by a clock that ran ahead.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.ours && clock_is_set(now) && (now + NOTICE > self.not_after || now < self.not_before)
    }

    /// What somebody should know about its dates, in words.
    pub fn complaint(&self, now: Timestamp) -> Option<String> {
        let day = |at: Timestamp| at.strftime("%Y-%m-%d").to_string();
        if !clock_is_set(now) {
            None
        } else if now < self.not_before {
            Some(format!(
                "server.tls_cert: the certificate is valid only from {} on",
                day(self.not_before)
            ))
        } else if now > self.not_after {
            Some(format!("server.tls_cert: the certificate has expired on {}", day(self.not_after)))
        } else if now + NOTICE > self.not_after {
            Some(format!("server.tls_cert: the certificate expires on {}", day(self.not_after)))
        } else {
            None
        }
    }
}

/// Whether a chain's first certificate is one that we made.
pub fn is_ours(chain: &[u8]) -> bool {
    let first = chain_from_pem(chain).ok().and_then(|chain| chain.into_iter().next());
    first.is_some_and(|first| Facts::read(&first).is_ok_and(|facts| facts.ours))
}

/// Whether what depends on the day can be judged.
pub fn clock_is_set(now: Timestamp) -> bool {
    now >= RELEASED
}

/// RFC 7468: lines of 64.
pub fn pem(label: &str, der: &[u8]) -> String {
    let mut text = format!("-----BEGIN {label}-----\n");
    for line in der.chunks(48) {
        text += &BASE64.encode(line);
        text.push('\n');
    }
    text + &format!("-----END {label}-----\n")
}

fn chain_from_pem(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Unusable> {
    CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|e| Unusable::Certificate(e.to_string()))
}

/// The first that somebody would know an issuer or subject by.
pub fn called(name: &X509Name<'_>) -> String {
    let parts = name.iter_common_name().chain(name.iter_organization());
    let mut texts = parts.filter_map(|part| part.as_str().ok().map(ToOwned::to_owned));
    texts.next().unwrap_or_else(|| name.to_string())
}

fn no_certificate() -> Unusable {
    Unusable::Certificate("there is no certificate in it".into())
}

struct Facts {
    ours: bool,
    not_before: Timestamp,
    not_after: Timestamp,
    names: Vec<String>,
    issuer: String,
}

impl Facts {
    fn read(der: &CertificateDer<'_>) -> Result<Self, Unusable> {
        let (_, parsed) =
            X509Certificate::from_der(der).map_err(|e| Unusable::Certificate(e.to_string()))?;
        let ours = parsed
            .subject()
            .iter_organization()
            .any(|organisation| organisation.as_str() == Ok(OUR_MARK));
        let time =
            |at: i64| Timestamp::from_second(at).map_err(|e| Unusable::Certificate(e.to_string()));
        Ok(Self {
            ours: ours && parsed.subject() == parsed.issuer(),
            not_before: time(parsed.validity().not_before.timestamp())?,
            not_after: time(parsed.validity().not_after.timestamp())?,
            names: names(&parsed),
            issuer: called(parsed.issuer()),
        })
    }
}

/// What stands in it for browsers to compare (RFC 9525: the common name no longer counts).
fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let alternative = certificate.subject_alternative_name().ok().flatten();
    let all = alternative.iter().flat_map(|extension| &extension.value.general_names);
    let named = all.filter_map(|name| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => address(bytes).map(|address| address.to_string()),
        _ => None,
    });
    named.collect()
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    four.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}

impl Fingerprint {
    /// Enough of it to tell one certificate from another.
    pub fn short(self) -> String {
        let [a, b, c, d, ..] = self.0;
        HEXLOWER.encode(&[a, b, c, d])
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            let colon = if index == 0 { "" } else { ":" };
            write!(f, "{colon}{byte:02X}")?;
        }
        Ok(())
    }
}
