//! What somebody has sent in place of a certificate or a key.
//!

const TO_PEM: &str = "openssl x509 -inform der -in FILE -out certificate.pem";
const OF_PKCS12: &str = "openssl pkcs12 -in FILE -nodes -out both.pem makes a file of it that holds \
                         certificate and key: choose that for both";

/// Of a key that nobody can open when the box starts.
pub const ENCRYPTED: &str = "the key is encrypted with a passphrase, which nobody could type when \
                             the box starts: openssl pkey -in FILE -out key.pem makes one without it";

/// What a text is that holds no certificate.
pub fn no_certificate(text: &str) -> String {
    if text.trim().is_empty() {
        "there is nothing in it: the certificate is wanted, as PEM".into()
    } else if has(text, "CERTIFICATE REQUEST") {
        "this is a request for a certificate (CSR), not the certificate: that is what the \
         authority has sent back for it"
            .into()
    } else if has(text, "PRIVATE KEY") {
        "this is a key: it belongs into the other field, and the certificate here".into()
    } else if is_pkcs12(text) {
        format!("this is a PKCS#12 file (.p12, .pfx), and PEM is wanted: {OF_PKCS12}")
    } else if is_binary(text) {
        format!("this is a binary file (DER), and PEM is wanted: {TO_PEM} makes that of it")
    } else if has(text, "PKCS7") {
        "this is a PKCS#7 file (.p7b), and PEM is wanted: openssl pkcs7 -print_certs -in FILE -out \
         certificate.pem makes that of it"
            .into()
    } else {
        "no certificate is in it: a PEM file has a line -----BEGIN CERTIFICATE-----".into()
    }
}

/// What a text is that holds no key that can be used; `shared` where it is the certificate's.
pub fn no_key(text: &str, shared: bool) -> String {
    if shared && !has(text, "PRIVATE KEY") {
        "the key is wanted too: the certificate's file does not hold it".into()
    } else if has(text, "PUBLIC KEY") {
        "this is the public key: the private one is wanted".into()
    } else if has(text, "CERTIFICATE") {
        "this is a certificate: it belongs into the other field, and its key here".into()
    } else if is_pkcs12(text) {
        format!("this is a PKCS#12 file (.p12, .pfx), and PEM is wanted: {OF_PKCS12}")
    } else if is_binary(text) {
        "this is a binary file (DER), and PEM is wanted: openssl pkey -inform der -in FILE -out \
         key.pem makes that of it"
            .into()
    } else {
        "no key is in it: a PEM file has a line -----BEGIN PRIVATE KEY-----".into()
    }
}

/// PKCS#8 says so in its label, the older form in a header (RFC 1421).
pub fn is_encrypted(text: &str) -> bool {
    has(text, "ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED")
}

fn has(text: &str, label: &str) -> bool {
    let mut lines = text.lines().filter(|line| line.starts_with("-----BEGIN "));
    lines.any(|line| line.trim_end().trim_end_matches('-').ends_with(label))
}

/// What a program made text of, byte by byte: a DER sequence of more than 127 bytes begins with
/// 0x30 and a length that is no text.
fn is_binary(text: &str) -> bool {
    let strange =
        |c: char| c == char::REPLACEMENT_CHARACTER || (c.is_control() && !c.is_whitespace());
    text.chars().take(64).any(strange)
}

/// RFC 7292: a sequence whose first member is the whole number 3.
fn is_pkcs12(text: &str) -> bool {
    let start: String = text.chars().take(8).collect();
    is_binary(text) && start.starts_with('0') && start.contains("\u{2}\u{1}\u{3}")
}
