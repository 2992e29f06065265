//! TLS 1.2 and 1.3 with a certificate that is kept fresh while the service runs.
//!
//! A school's own certificate is used as it is and never overwritten. Where the files cannot be
//! used, they stay as they are, somebody is told, and a certificate in memory is served meanwhile.

mod certificate;
mod files;
mod issue;
mod offer;

use std::{path::Path, sync::Arc};

use arc_swap::ArcSwap;
use jiff::Timestamp;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, ServerConfig,
        crypto::{CryptoProvider, ring},
        server::{ClientHello, ResolvesServerCert},
        sign::CertifiedKey,
    },
};
use tracing::{info, warn};

pub use certificate::{Certificate, Fingerprint, pem};
pub use files::CertificateFiles;
pub use offer::{Offer, Texts, Unfit};

/// The certificate in force. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Tls {
    provider: Arc<CryptoProvider>,
    served: Arc<ArcSwap<Served>>,
}

/// What is served, and what is wrong with it.
#[derive(Debug)]
pub struct Served {
    /// What clients are shown.
    pub certificate: Certificate,
    /// Whether it only stands in for files that cannot be used.
    pub temporary: bool,
    /// What somebody should mend, in words.
    pub trouble: Option<String>,
}

/// Why there is nothing to serve at all: this machine has no randomness to give.
#[derive(Debug, thiserror::Error)]
#[error("no certificate can be made: {0}")]
pub struct TlsError(String);

impl Tls {
    /// Takes the certificate from its files, or makes a self-signed one where there are none. Blocks.
    pub fn open(files: &CertificateFiles, now: Timestamp) -> Result<Self, TlsError> {
        let provider = Arc::new(ring::default_provider());
        let served = choose(files, now, &provider, None)?;
        log(files, &served);
        Ok(Self { provider, served: Arc::new(ArcSwap::from_pointee(served)) })
    }

    /// Looks at the files again: a renewed one is taken up, one of ours that is due is made anew. Blocks.
    pub fn refresh(&self, files: &CertificateFiles, now: Timestamp) -> Result<(), TlsError> {
        let before = self.served.load();
        let after = choose(files, now, &self.provider, Some(&before))?;
        let same = |a: &Served, b: &Served| {
            (a.certificate.fingerprint, &a.trouble) == (b.certificate.fingerprint, &b.trouble)
        };
        if !same(&before, &after) {
            log(files, &after);
            self.served.store(Arc::new(after));
        }
        Ok(())
    }

    /// Judges a school's own certificate. Changes nothing.
    pub fn judge(&self, texts: Texts<'_>, now: Timestamp) -> Result<Offer, Unfit> {
        Offer::judge(texts, now, &self.provider)
    }

    /// Where one of ours lies, or may be made, in a folder for certificates. Blocks.
    pub fn own_files(&self, certs: &Path) -> CertificateFiles {
        CertificateFiles::ours_in(certs, &self.provider)
    }

    /// What is served now.
    pub fn served(&self) -> Arc<Served> {
        self.served.load_full()
    }

    /// The server's side of handshakes; it follows [`Tls::refresh`].
    pub fn acceptor(&self) -> TlsAcceptor {
        let mut config = ServerConfig::builder_with_provider(self.provider.clone())
            .with_protocol_versions(rustls::DEFAULT_VERSIONS)
            .expect("ring's cipher suites cover TLS 1.2 and 1.3")
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(self.clone()));
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        TlsAcceptor::from(Arc::new(config))
    }
}

/// What is wrong with these files, in words. Changes nothing.
pub fn problem(files: &CertificateFiles, now: Timestamp) -> Option<String> {
    match files.look(&ring::default_provider()) {
        Ok(Some(found)) if !found.is_due(now) => files.complaint(&found, now),
        Ok(_) => None, // one of ours is made, or made anew, by the service
        Err(reason) => Some(reason),
    }
}

impl ResolvesServerCert for Tls {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.served.load().certificate.key.clone())
    }
}

/// Decides what to serve from what lies there.
fn choose(
    files: &CertificateFiles,
    now: Timestamp,
    provider: &CryptoProvider,
    before: Option<&Served>,
) -> Result<Served, TlsError> {
    let found = files.look(provider);
    let trouble = match &found {
        Ok(Some(found)) if !found.is_due(now) => None,
        Ok(found) => match files.renew(found.as_ref(), now, provider) {
            Ok(certificate) => return Ok(Served { certificate, temporary: false, trouble: None }),
            Err(reason) => Some(reason),
        },
        Err(reason) => Some(reason.clone()),
    };
    match found {
        Ok(Some(certificate)) => {
            let trouble = trouble.or_else(|| files.complaint(&certificate, now));
            Ok(Served { certificate, temporary: false, trouble })
        }
        _ => {
            let certificate = match before {
                Some(before) if before.temporary && !before.certificate.is_due(now) => {
                    before.certificate.clone()
                }
                _ => temporary(now, provider)?,
            };
            Ok(Served { certificate, temporary: true, trouble })
        }
    }
}

fn temporary(now: Timestamp, provider: &CryptoProvider) -> Result<Certificate, TlsError> {
    issue::issue(now, None).and_then(|issued| issued.certificate(provider)).map_err(TlsError)
}

fn log(files: &CertificateFiles, served: &Served) {
    let Served { certificate, temporary, trouble } = served;
    let from =
        if *temporary { "a temporary one".into() } else { files.chain.display().to_string() };
    let (fingerprint, until) = (certificate.fingerprint, certificate.not_after);
    info!("certificate: {from}, SHA-256 fingerprint {fingerprint}, valid until {until}");
    if let Some(trouble) = trouble {
        warn!("certificate: {trouble}");
    }
}

#[cfg(test)]
mod tests;
