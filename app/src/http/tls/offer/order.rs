//! The order of a chain: the key's certificate first, then each one's issuer.
//!

use tokio_rustls::rustls::{
    Error, InconsistentKeys,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer},
    sign::CertifiedKey,
};
use x509_parser::{certificate::X509Certificate, prelude::FromDer, x509::X509Version};

use super::{CERTIFICATE, Found, KEY, unfit, unusable_key};
use crate::http::tls::certificate::called;

type Der = CertificateDer<'static>;

/// Puts certificates as TLS wants them (RFC 8446, 4.4.2), and remarks on what was amiss.
pub fn in_order(
    given: &[Der],
    key: &PrivateKeyDer<'static>,
    provider: &CryptoProvider,
    remarks: &mut Vec<String>,
) -> Found<Vec<Der>> {
    let parsed = given.iter().map(parse).collect::<Found<Vec<_>>>()?;
    let mut place = of_key(given, key, provider)?;
    let mut order = vec![place];
    while let Some(current) = parsed.get(place) {
        if current.subject() == current.issuer() {
            break;
        }
        let issuer =
            |one: &X509Certificate<'_>| one.subject().as_raw() == current.issuer().as_raw();
        let next = parsed.iter().position(issuer).filter(|next| !order.contains(next));
        let Some(next) = next else { break };
        order.push(next);
        place = next;
    }
    if order.iter().ne(&(0..order.len()).collect::<Vec<_>>()) {
        remarks.push("its certificates were in another order, which was put right".into());
    }
    let others = |index: &usize| !order.contains(index);
    for (_, other) in parsed.iter().enumerate().filter(|(index, _)| others(index)) {
        let name = called(other.subject());
        remarks.push(format!("the certificate of {name} is none of its issuers': it was left out"));
    }
    if let (&[only], Some(one)) = (order.as_slice(), parsed.get(place))
        && one.subject() != one.issuer()
    {
        let issuer = parsed.get(only).map(|one| called(one.issuer())).unwrap_or_default();
        remarks.push(format!(
            "the file holds no certificate of its issuer, {issuer}: where browsers do not know \
             {issuer} by themselves, add it to the file and install both"
        ));
    }
    Ok(order.iter().filter_map(|&index| given.get(index).cloned()).collect())
}

fn parse(der: &Der) -> Found<X509Certificate<'_>> {
    let parsed = X509Certificate::from_der(der);
    let wrong = |error| unfit(CERTIFICATE, format!("the certificate cannot be read: {error}"));
    let (_, certificate) = parsed.map_err(wrong)?;
    if certificate.version() != X509Version::V3 {
        let message = "it is of an old version of X.509, which names no host: version 3 is wanted \
                       (openssl x509 makes that with -extfile)";
        return Err(unfit(CERTIFICATE, message));
    }
    Ok(certificate)
}

/// Which certificate is the key's.
fn of_key(given: &[Der], key: &PrivateKeyDer<'static>, provider: &CryptoProvider) -> Found<usize> {
    for (index, der) in given.iter().enumerate() {
        match CertifiedKey::from_der(vec![der.clone()], key.clone_key(), provider) {
            Ok(_) => return Ok(index),
            Err(Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => {}
            Err(Error::InvalidCertificate(error)) => {
                return Err(unfit(CERTIFICATE, format!("the certificate cannot be used: {error}")));
            }
            Err(error) => return Err(unusable_key(&error)),
        }
    }
    let message = match given.len() {
        1 => "it is the key of another certificate, not of this one".to_owned(),
        several => format!("it is the key of none of the {several} certificates in the file"),
    };
    Err(unfit(KEY, message))
}
