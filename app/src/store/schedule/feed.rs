//! The secret in the address of the bells' feed, of which only the hash is kept.
//!

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::store::atomic::Draft;

/// The feed's secret. 160 random bits: who does not have it does not guess it.
#[derive(Debug)]
pub struct Feed {
    path: PathBuf,
}

impl Feed {
    /// That of a data folder.
    pub fn of(data: &Path) -> Self {
        Self { path: data.join("schedule/feed") }
    }

    /// Makes a new secret: the one before is worth nothing any more.
    pub fn renew(&self) -> io::Result<String> {
        let mut bytes = [0; 20];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        let secret = BASE32_NOPAD.encode(&bytes).to_ascii_lowercase();
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        Draft::write(&self.path, hash(&secret).as_bytes())?.commit()?;
        Ok(secret)
    }

    /// Takes the secret back; whether there was one. That is written down: no backup of before
    /// brings it back.
    pub fn revoke(&self) -> io::Result<bool> {
        if !self.exists() {
            return Ok(false);
        }
        Draft::write(&self.path, b"")?.commit()?;
        Ok(true)
    }

    /// Whether there is one.
    pub fn exists(&self) -> bool {
        fs::metadata(&self.path).is_ok_and(|file| file.len() > 0)
    }

    /// Whether there is one, or was: a backup brings none then.
    pub fn is_decided(&self) -> bool {
        self.path.exists()
    }

    /// Whether a file holds what is kept of a secret, or of one that was taken back.
    pub fn is_hash(bytes: &[u8]) -> bool {
        bytes.is_empty()
            || HEXLOWER.decode(bytes).is_ok_and(|hash| hash.len() == Sha256::output_size())
    }

    /// Whether this is the secret: hashes are compared, in constant time.
    pub fn is(&self, given: &str) -> bool {
        let kept = fs::read(&self.path).unwrap_or_default();
        bool::from(kept.as_slice().ct_eq(hash(given).as_bytes()))
    }
}

fn hash(secret: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(secret))
}
