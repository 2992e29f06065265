//! The two files of a certificate: what lies there, and what may be put there.

use std::{
    fs::{self, File},
    io::{self, Read},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use tokio_rustls::rustls::crypto::CryptoProvider;

use super::{
    certificate::{self, Certificate, Fingerprint},
    issue,
};
use crate::store::conf::Server;

/// Where the configuration names them. Sentences say so, and no path: anybody may read them.
const CHAIN: &str = "server.tls_cert";
const KEY: &str = "server.tls_key";

/// How the names of installed files begin.
const INSTALLED: &str = "installed-";

/// More than any chain or key takes.
const MAX_PEM_BYTES: u64 = 256 * 1024;

/// Where a certificate and its key lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The chain, PEM.
    pub chain: PathBuf,
    /// The key, PEM.
    pub key: PathBuf,
}

impl CertificateFiles {
    /// Those that the configuration names.
    pub fn of(conf: &Server) -> Self {
        Self { chain: conf.tls_cert.clone(), key: conf.tls_key.clone() }
    }

    /// Those of one of ours in a folder for certificates: the usual names, or others where somebody
    /// has put their own under these.
    pub(super) fn ours_in(certs: &Path, provider: &CryptoProvider) -> Self {
        let named = |chain, key| Self { chain: certs.join(chain), key: certs.join(key) };
        let usual = named("cert.pem", "key.pem");
        match usual.look(provider) {
            Ok(found) if found.as_ref().is_none_or(|found| found.ours) => usual,
            _ => named("beffroi-cert.pem", "beffroi-key.pem"),
        }
    }

    /// Those of a school's own certificate, which nothing else has.
    pub fn installed_in(certs: &Path, fingerprint: Fingerprint) -> Self {
        let named = |what| certs.join(format!("{INSTALLED}{}-{what}.pem", fingerprint.short()));
        Self { chain: named("cert"), key: named("key") }
    }

    /// Deletes what was installed in a folder before, except these.
    pub fn sweep_installed(&self, certs: &Path) {
        let entries = fs::read_dir(certs).into_iter().flatten().filter_map(Result::ok);
        for path in entries.map(|entry| entry.path()) {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let installed = name.starts_with(INSTALLED) && path != self.chain && path != self.key;
            if installed && let Err(error) = fs::remove_file(&path) {
                tracing::warn!("{} stays: {error}", path.display());
            }
        }
    }

    /// What lies there: `None` where one of ours may be made.
    pub fn look(&self, provider: &CryptoProvider) -> Result<Option<Certificate>, String> {
        match (read(CHAIN, &self.chain)?, read(KEY, &self.key)?) {
            (None, None) => Ok(None),
            (Some(chain), Some(key)) => Certificate::from_pem(&chain, &key, provider)
                .map(Some)
                .map_err(|unusable| unusable.to_string()),
            (Some(chain), None) if certificate::is_ours(&chain) => Ok(None),
            (Some(_), None) => Err(format!(
                "{KEY}: there is no such file beside the certificate, which is not one of \
                 Beffroi's own: put the key there, or take the certificate away to have a \
                 self-signed one made"
            )),
            (None, Some(_)) => Err(format!(
                "{CHAIN}: there is no such file beside the key: put the certificate there, or take \
                 the key away to have a self-signed one made"
            )),
        }
    }

    /// Makes one of ours in place of `old`, or of nothing.
    pub fn renew(
        &self,
        old: Option<&Certificate>,
        now: Timestamp,
        provider: &CryptoProvider,
    ) -> Result<Certificate, String> {
        let kept = match old {
            Some(_) => read(KEY, &self.key)?.and_then(|pem| String::from_utf8(pem).ok()),
            None => None,
        };
        let issued = issue::issue(now, kept.as_deref())?;
        let put = |name, path: &Path, text: &str, mode| {
            issue::write(path, text, mode).map_err(|e| format!("{name} cannot be written: {e}"))
        };
        // The certificate first: alone, it is known as ours and made anew; a key alone could be anybody's.
        put(CHAIN, &self.chain, &issued.chain, 0o644)?;
        if kept.is_none() {
            put(KEY, &self.key, &issued.key, 0o600)?;
        }
        issued.certificate(provider)
    }

    /// What somebody should mend although these files can be used, in words.
    pub fn complaint(&self, found: &Certificate, now: Timestamp) -> Option<String> {
        let open_key = || {
            let mode = fs::metadata(&self.key).ok()?.permissions().mode();
            let everybody = mode & 0o004 != 0;
            everybody.then(|| format!("{KEY} can be read by everybody on this box: chmod o-r"))
        };
        found.complaint(now).or_else(open_key)
    }
}

/// A file's bytes, `None` where there is none. A directory or a fifo is an error, not a wait.
pub fn read(name: &str, path: &Path) -> Result<Option<Vec<u8>>, String> {
    let contents = || -> io::Result<Vec<u8>> {
        if !fs::metadata(path)?.is_file() {
            return Err(io::Error::other("not a file"));
        }
        let mut bytes = Vec::new();
        File::open(path)?.take(MAX_PEM_BYTES).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    match contents() {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(format!("{name} cannot be read: {e}")),
    }
}
