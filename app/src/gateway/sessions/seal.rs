//! What leaves the process is sealed, with XChaCha20-Poly1305 and one key.
//!

use std::{fmt, fs, io, os::unix::fs::MetadataExt as _, path::Path, sync::Arc};

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305,
    aead::{Aead as _, Payload},
};
use data_encoding::BASE64;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::OpenError;
use crate::store::atomic::Draft;

/// Seals bytes and opens them. Each seal has a label, and opens under no other one.
#[derive(Clone)]
pub struct Seal {
    cipher: XChaCha20Poly1305,
    key: Arc<Zeroizing<[u8; KEY_BYTES]>>,
}

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;

impl Seal {
    /// The variable that holds the key where it is not in a file; base64.
    pub const VARIABLE: &str = "BEFFROI_GATEWAY_KEY";

    /// Takes the key from the environment, or from the data folder, where it is made if it is missing.
    pub fn open_key(data: &Path) -> Result<Self, OpenError> {
        match std::env::var(Self::VARIABLE).map(Zeroizing::new) {
            Ok(text) => Self::of_text(&text, &format!("the variable {}", Self::VARIABLE)),
            Err(_) => Self::of_file(&data.join("gateway.key")),
        }
    }

    /// A seal with a key of one's own.
    pub fn of_key(key: &[u8; KEY_BYTES]) -> Self {
        let cipher = XChaCha20Poly1305::new(key.into());
        Self { cipher, key: Arc::new(Zeroizing::new(*key)) }
    }

    /// A key for something else, the same in every gateway that has this seal.
    pub fn derive(&self, purpose: &str) -> [u8; KEY_BYTES] {
        Sha256::new().chain_update(**self.key).chain_update(purpose).finalize().into()
    }

    fn of_file(path: &Path) -> Result<Self, OpenError> {
        let place = path.display();
        let failed = |what: &str, error: io::Error| {
            OpenError(format!("the gateway's key {place} cannot be {what}: {error}"))
        };
        if !path.try_exists().map_err(|error| failed("read", error))? {
            let mut key = Zeroizing::new([0; KEY_BYTES]);
            getrandom::fill(&mut *key).map_err(|error| failed("made", io::Error::other(error)))?;
            let text = Zeroizing::new(BASE64.encode(&*key) + "\n");
            match Draft::write(path, text.as_bytes()).and_then(Draft::commit_new) {
                // Another gateway on the same folder was faster: its key is ours.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                written => written.map_err(|error| failed("written", error))?,
            }
        }
        let mode = fs::metadata(path).map_err(|error| failed("read", error))?.mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(OpenError(format!(
                "the gateway's key {place} has mode {mode:o}, so others may know it: \
                 delete it (everybody logs in again), or chmod 600 if nobody has seen it"
            )));
        }
        let text = fs::read_to_string(path).map_err(|error| failed("read", error))?;
        Self::of_text(&Zeroizing::new(text), &place.to_string())
    }

    fn of_text(text: &str, place: &str) -> Result<Self, OpenError> {
        let wrong = || {
            OpenError(format!(
                "the gateway's key in {place} is not 32 bytes in base64: \
                 `head -c 32 /dev/urandom | base64` makes one"
            ))
        };
        let bytes = BASE64.decode(text.trim().as_bytes()).map(Zeroizing::new);
        let bytes = bytes.map_err(|_| wrong())?;
        Ok(Self::of_key(bytes.as_slice().try_into().map_err(|_| wrong())?))
    }

    /// Seals: a random nonce and the sealed bytes, 40 more than the plain ones.
    pub fn seal(&self, label: &str, plain: &[u8]) -> Result<Vec<u8>, getrandom::Error> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce)?;
        let payload = Payload { msg: plain, aad: label.as_bytes() };
        let sealed = self.cipher.encrypt((&nonce).into(), payload);
        let sealed = sealed.expect("less than 256 GB is sealed at once");
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed with this key and label; nothing else opens.
    pub fn open(&self, label: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        let payload = Payload { msg: sealed, aad: label.as_bytes() };
        self.cipher.decrypt(nonce.into(), payload).ok().map(Zeroizing::new)
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal(***)")
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_seal_opens_with_its_own_key_and_label_whole() {
        let seal = Seal::of_key(&[1; 32]);
        let sealed = seal.seal("a", b"secret").unwrap();
        assert_eq!(&*seal.open("a", &sealed).unwrap(), b"secret");
        assert_ne!(sealed, seal.seal("a", b"secret").unwrap());
        assert!(seal.open("b", &sealed).is_none());
        assert!(Seal::of_key(&[2; 32]).open("a", &sealed).is_none());
        for cut in [0, 23, 24, sealed.len() - 1] {
            assert!(seal.open("a", &sealed[..cut]).is_none());
        }
        let mut bent = sealed;
        bent[30] ^= 1;
        assert!(seal.open("a", &bent).is_none());
    }

    #[test]
    fn the_key_is_made_once_for_its_owner_alone() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join("gateway.key");
        let sealed = Seal::of_file(&path).unwrap().seal("a", b"x").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        assert!(Seal::of_file(&path).unwrap().open("a", &sealed).is_some());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(Seal::of_file(&path).unwrap_err().0.contains("mode 640"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        for wrong in ["", "AAAA", "not base64 at all, but long enough to be a key."] {
            fs::write(&path, wrong).unwrap();
            let error = Seal::of_file(&path).unwrap_err().0;
            assert!(error.contains("32 bytes in base64"), "{error}");
            assert!(wrong.is_empty() || !error.contains(wrong));
        }
    }
}
