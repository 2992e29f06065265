//! The admin password: only its argon2id hash is kept.

use std::fmt;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{self, PasswordHasher, PasswordVerifier, phc},
};

/// The argon2 hash of a password, in PHC text form. Shown to nobody: its `Debug` is masked.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

/// Why there is no hash.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// The text is no argon2 hash in PHC form.
    #[error("starts with \"$argon2\" but is no argon2 hash ({0}); `beffroi passwd` sets a new one")]
    Malformed(String),
    /// An empty password lets everybody in.
    #[error("the password is empty")]
    Empty,
    /// No random numbers, or no memory.
    #[error("the password could not be hashed: {0}")]
    Hash(String),
}

impl PasswordHash {
    /// Whether a text is a hash and not a password in clear.
    pub fn is_hash(text: &str) -> bool {
        text.starts_with("$argon2")
    }

    /// Takes a hash as the file holds it.
    pub fn parse(text: &str) -> Result<Self, PasswordError> {
        let malformed = |error: password_hash::Error| PasswordError::Malformed(error.to_string());
        let hash = phc::PasswordHash::new(text)
            .map_err(|error| PasswordError::Malformed(error.to_string()))?;
        Algorithm::try_from(hash.algorithm.as_str())
            .map_err(|error| PasswordError::Malformed(error.to_string()))?;
        Params::try_from(&hash).map_err(malformed)?;
        if hash.salt.is_none() || hash.hash.is_none() {
            return Err(PasswordError::Malformed("it is cut off".into()));
        }
        Ok(Self(text.into()))
    }

    /// Hashes a password with a salt of its own. Takes tens of milliseconds.
    pub fn of(password: &str) -> Result<Self, PasswordError> {
        if password.is_empty() {
            return Err(PasswordError::Empty);
        }
        let hash: phc::PasswordHash = argon2()
            .hash_password(password.as_bytes())
            .map_err(|error| PasswordError::Hash(error.to_string()))?;
        Ok(Self(hash.to_string()))
    }

    /// Whether this is the password, compared in constant time. Takes tens of milliseconds.
    pub fn verify(&self, password: &str) -> bool {
        phc::PasswordHash::new(&self.0)
            .is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
    }

    /// The text for the file.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(***)")
    }
}

/// A password of 24 characters that nobody misreads: 120 random bits.
pub fn random_password() -> Result<String, getrandom::Error> {
    // Crockford's base 32, in lower case: no i, l, o or u that could be read as another.
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut bytes = [0; 24];
    getrandom::fill(&mut bytes)?;
    let letter = |byte| ALPHABET.get(usize::from(byte % 32)).copied().map(char::from);
    Ok(bytes.into_iter().filter_map(letter).collect())
}

// The crate's default is 19 MiB, two passes, one lane: the choice of OWASP's Password Storage Cheat
// Sheet for a small machine. A test holds it there.
fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash() {
        let hash = PasswordHash::of("change-me").unwrap();
        assert!(hash.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.expose());
        assert_ne!(hash, PasswordHash::of("change-me").unwrap(), "each has a salt of its own");
        let read = PasswordHash::parse(hash.expose()).unwrap();
        assert!(read.verify("change-me"));
        for other in ["", "change-m", "Change-me", "change-me "] {
            assert!(!read.verify(other), "{other}");
        }
        assert_eq!(format!("{read:?}"), "PasswordHash(***)");
        assert_eq!(PasswordHash::of(""), Err(PasswordError::Empty));
    }

    #[test]
    fn a_broken_hash_is_told_in_words() {
        let whole = PasswordHash::of("x").unwrap();
        for broken in [
            "$argon2",
            "$argon2id$",
            "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0",
            "$argon2id$v=19$m=0,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA",
            "$argon2x$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA",
            &format!("{}!", whole.expose()),
        ] {
            let error = PasswordHash::parse(broken).unwrap_err();
            assert!(error.to_string().contains("beffroi passwd"), "{broken}: {error}");
        }
    }

    #[test]
    fn a_random_password_is_long_plain_and_new() {
        let (one, other) = (random_password().unwrap(), random_password().unwrap());
        assert_eq!(one.len(), 24);
        assert!(one.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{one}");
        assert_ne!(one, other);
    }
}
