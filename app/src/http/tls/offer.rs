//! A school's own certificate on its way in: judged, put in order, told in words.
//!
//! Nothing is written before everything here is right.

mod order;
mod words;

use jiff::Timestamp;
use tokio_rustls::rustls::{
    self,
    crypto::CryptoProvider,
    pki_types::{
        CertificateDer, PrivateKeyDer,
        pem::{PemObject, SectionKind},
    },
};

use super::{
    CertificateFiles,
    certificate::{Certificate, clock_is_set, pem},
    issue,
};

/// What somebody sends: two PEM texts, or one that holds both.
#[derive(Clone, Copy)]
pub struct Texts<'t> {
    /// The certificate and those of its issuers, in any order.
    pub certificate: &'t str,
    /// The key; empty where it is in the other text.
    pub key: &'t str,
}

/// A certificate that can be served, and its key. No `Debug`: it holds the key.
pub struct Offer {
    /// What it says.
    pub certificate: Certificate,
    /// What somebody should know although it can be used, in words.
    pub remarks: Vec<String>,
    chain_pem: String,
    key_pem: String,
}

/// Why it cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub struct Unfit {
    /// Which of the two texts is wrong.
    pub field: &'static str,
    /// What was wanted, what was found, and what helps.
    pub message: String,
}

pub(super) const CERTIFICATE: &str = "certificate";
pub(super) const KEY: &str = "key";

type Found<T> = Result<T, Unfit>;

impl Offer {
    pub(super) fn judge(
        texts: Texts<'_>,
        now: Timestamp,
        provider: &CryptoProvider,
    ) -> Found<Self> {
        let given = certificates(texts.certificate)?;
        let (key_pem, key) = key(texts)?;
        let mut remarks = Vec::new();
        let chain = order::in_order(&given, &key, provider, &mut remarks)?;
        let chain_pem: String = chain.iter().map(|one| pem("CERTIFICATE", one)).collect();
        let certificate = Certificate::from_pem(chain_pem.as_bytes(), key_pem.as_bytes(), provider)
            .map_err(|unusable| unfit(CERTIFICATE, unusable.to_string()))?;
        judge_dates(&certificate, now, &mut remarks)?;
        if certificate.ours {
            return Err(unfit(CERTIFICATE, "this is one that a Beffroi has made for itself"));
        }
        if certificate.names.is_empty() {
            remarks.push(
                "it names no host and no address: no browser will take it for this box".into(),
            );
        }
        Ok(Self { certificate, remarks, chain_pem, key_pem })
    }

    /// Writes it where nothing is served from yet: the key for the owner alone.
    pub fn write(&self, files: &CertificateFiles) -> std::io::Result<()> {
        issue::write(&files.key, &self.key_pem, 0o600)?;
        issue::write(&files.chain, &self.chain_pem, 0o644)
    }
}

fn unfit(field: &'static str, message: impl Into<String>) -> Unfit {
    Unfit { field, message: message.into() }
}

fn certificates(text: &str) -> Found<Vec<CertificateDer<'static>>> {
    let all = CertificateDer::pem_slice_iter(text.as_bytes()).collect::<Result<Vec<_>, _>>();
    match all {
        Ok(all) if !all.is_empty() => Ok(all),
        Ok(_) => Err(unfit(CERTIFICATE, words::no_certificate(text))),
        Err(error) => Err(unfit(CERTIFICATE, format!("the PEM text is damaged: {error}"))),
    }
}

/// The key's PEM text alone, and what it holds.
fn key(texts: Texts<'_>) -> Found<(String, PrivateKeyDer<'static>)> {
    let text = if texts.key.trim().is_empty() { texts.certificate } else { texts.key };
    if words::is_encrypted(text) {
        return Err(unfit(KEY, words::ENCRYPTED));
    }
    let sections = <(SectionKind, Vec<u8>)>::pem_slice_iter(text.as_bytes());
    for section in sections {
        let (kind, der) =
            section.map_err(|error| unfit(KEY, format!("the PEM text is damaged: {error}")))?;
        let label = match kind {
            SectionKind::PrivateKey => "PRIVATE KEY",
            SectionKind::RsaPrivateKey => "RSA PRIVATE KEY",
            SectionKind::EcPrivateKey => "EC PRIVATE KEY",
            _ => continue,
        };
        let text = pem(label, &der);
        if let Some(key) = PrivateKeyDer::from_pem(kind, der) {
            return Ok((text, key));
        }
    }
    Err(unfit(KEY, words::no_key(text, texts.key.trim().is_empty())))
}

/// A box without a clock cannot say that something is over.
fn judge_dates(certificate: &Certificate, now: Timestamp, remarks: &mut Vec<String>) -> Found<()> {
    let day = |at: Timestamp| at.strftime("%Y-%m-%d").to_string();
    let (from, until) = (day(certificate.not_before), day(certificate.not_after));
    if !clock_is_set(now) {
        remarks.push(format!(
            "the clock of this box says {}, so nobody has compared the dates: it is valid from \
             {from} to {until}",
            day(now)
        ));
    } else if now > certificate.not_after {
        let today = day(now);
        return Err(unfit(CERTIFICATE, format!("it has expired on {until}; today is {today}")));
    } else if now < certificate.not_before {
        remarks.push(format!(
            "it is valid only from {from} on, and the clock of this box says {}: until then \
             browsers refuse it",
            day(now)
        ));
    }
    Ok(())
}

/// What rustls says about a key that it does not take.
fn unusable_key(error: &rustls::Error) -> Unfit {
    let message = format!(
        "this key cannot be used ({error}): RSA of 2048 to 8192 bits, ECDSA P-256 or P-384, or \
         Ed25519 is wanted"
    );
    unfit(KEY, message)
}

#[cfg(test)]
mod tests;
