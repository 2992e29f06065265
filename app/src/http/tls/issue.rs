//! Making a self-signed certificate, and writing it whole.
//!
//! A power cut leaves the old one or the new one.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Write},
    net::IpAddr,
    os::unix::fs::PermissionsExt,
    path::Path,
};

use jiff::{SignedDuration, Timestamp};
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, SanType, SerialNumber,
};
use tokio_rustls::rustls::crypto::CryptoProvider;

use super::certificate::{Certificate, OUR_MARK, RELEASED};

/// The most that Apple's systems accept of a certificate that somebody installed by hand.
const VALID: SignedDuration = SignedDuration::from_hours(825 * 24);

/// A certificate that was just made, and its key, both PEM.
pub struct Issued {
    /// The certificate.
    pub chain: String,
    /// The key it was made for.
    pub key: String,
}

impl Issued {
    /// The same, to serve.
    pub fn certificate(&self, provider: &CryptoProvider) -> Result<Certificate, String> {
        Certificate::from_pem(self.chain.as_bytes(), self.key.as_bytes(), provider)
            .map_err(|e| format!("the certificate that was just made: {e}"))
    }
}

/// Makes a certificate for this machine, for the key of the one before where there is one, so that
/// a renewal changes one file and not two.
pub fn issue(now: Timestamp, key: Option<&str>) -> Result<Issued, String> {
    let key = match key {
        Some(pem) => KeyPair::from_pem(pem),
        None => KeyPair::generate(), // ECDSA P-256
    };
    let key = key.map_err(|e| format!("the key of a self-signed certificate: {e}"))?;
    let chain = params(now)
        .and_then(|params| params.self_signed(&key))
        .map_err(|e| format!("a self-signed certificate: {e}"))?;
    Ok(Issued { chain: chain.pem(), key: key.serialize_pem() })
}

/// Writes by temporary file, fsync, rename, and fsync of the folder.
pub fn write(path: &Path, text: &str, mode: u32) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?; // 0600 from its first moment
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(fs::Permissions::from_mode(mode))?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|e| e.error)?;
    File::open(folder)?.sync_all()
}

fn params(now: Timestamp) -> Result<CertificateParams, rcgen::Error> {
    let start = now.max(RELEASED) - SignedDuration::from_hours(24);
    let host = host_name();
    let mut params = CertificateParams::default();
    let day_zero = rcgen::date_time_ymd(1970, 1, 1);
    params.not_before = day_zero + start.duration_since(Timestamp::UNIX_EPOCH).unsigned_abs();
    params.not_after = params.not_before + VALID.unsigned_abs();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, OUR_MARK);
    params.distinguished_name.push(DnType::CommonName, host.as_deref().unwrap_or("beffroi"));
    params.subject_alt_names = names(host.as_deref());
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // Random, not derived from the key: Firefox refuses two certificates of one issuer and one number.
    let mut serial = [0; 16];
    getrandom::fill(&mut serial).map_err(|_| rcgen::Error::RingUnspecified)?;
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    Ok(params)
}

/// What people may write into the address line: the host's name, with `.local` as mDNS has it, and
/// each address. An address given later by DHCP is not in it; nobody verifies a self-signed name.
fn names(host: Option<&str>) -> Vec<SanType> {
    let host = host.into_iter().flat_map(|host| {
        let label = host.split('.').next().unwrap_or(host); // a host may call itself box.school.example
        [host.to_owned(), label.to_owned(), format!("{label}.local")]
    });
    let texts = host.chain(["localhost".to_owned()]).collect::<BTreeSet<_>>();
    let names = texts.into_iter().filter_map(|name| Some(SanType::DnsName(name.try_into().ok()?)));
    names.chain(addresses().into_iter().map(SanType::IpAddress)).collect()
}

fn host_name() -> Option<String> {
    let uname = rustix::system::uname();
    let name = uname.nodename().to_str().ok()?;
    (!name.is_empty()).then(|| name.to_owned())
}

fn addresses() -> BTreeSet<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    interfaces.iter().filter(|one| !one.is_link_local()).map(if_addrs::Interface::ip).collect()
}
