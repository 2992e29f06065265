//! The secured part of an envelope: compressed, encrypted, both or neither.
//!
//! The two directions differ: a request's text goes through hexadecimal before it is deflated.

use std::cell::RefCell;

use data_encoding::HEXLOWER;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::crypto::{Cipher, CryptoError, unhex};

/// What is done to a secured part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Packing {
    /// `CrA`
    pub encrypted: bool,
    /// `CoA`
    pub compressed: bool,
}

/// Who wrote a secured part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    /// A request.
    Client,
    /// A response.
    Server,
}

/// Why a secured part could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PackingError {
    /// It was encrypted with another key.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// It is no deflated data.
    #[error("expected deflated data, found something else")]
    NotDeflated,
    /// It is more than anyone sends.
    #[error("the inflated data passes {MAX_CLEAR_BYTES} bytes")]
    TooLarge,
    /// A client packed it otherwise than the start page asks.
    #[error("expected the secured part packed as the start page asks")]
    NotAsAgreed,
    /// It is no JSON, or the nesting passes 128 levels.
    #[error("expected JSON in the secured part, found something else")]
    NotJson,
}

/// The most that a secured part may inflate to; a school year of marks is under one megabyte.
pub const MAX_CLEAR_BYTES: usize = 16 << 20;

impl Packing {
    /// Writes a secured part: the value itself, or hexadecimal text.
    pub fn pack(self, author: Author, value: Value, cipher: &Cipher) -> Value {
        if !self.encrypted && !self.compressed {
            return value;
        }
        self.pack_text(author, &value.to_string(), cipher).map_or(value, Value::String)
    }

    /// Packs JSON text into hexadecimal text; `None` where there is nothing to do.
    pub fn pack_text(self, author: Author, text: &str, cipher: &Cipher) -> Option<String> {
        let packed = match (self.compressed, author) {
            (false, _) => None,
            (true, Author::Client) => Some(deflate(HEXLOWER.encode(text.as_bytes()).as_bytes())),
            (true, Author::Server) => Some(deflate(text.as_bytes())),
        };
        let bytes = match (self.encrypted, packed) {
            (false, packed) => packed?,
            (true, packed) => cipher.encrypt_bytes(packed.as_deref().unwrap_or(text.as_bytes())),
        };
        Some(HEXLOWER.encode(&bytes))
    }

    /// Reads a secured part. A server's plain object is taken as it is, whatever was agreed; a client's is not.
    pub fn unpack(
        self,
        author: Author,
        value: Value,
        cipher: &Cipher,
    ) -> Result<Value, PackingError> {
        let is_plain = !self.encrypted && !self.compressed;
        if author == Author::Client && is_plain == value.is_string() {
            return Err(PackingError::NotAsAgreed);
        }
        let Value::String(text) = value else { return Ok(value) };
        let bytes = self.unpack_text(author, &text, cipher)?;
        serde_json::from_slice(&bytes).map_err(|_| PackingError::NotJson)
    }

    /// Reads hexadecimal text into the bytes of JSON text.
    pub fn unpack_text(
        self,
        author: Author,
        text: &str,
        cipher: &Cipher,
    ) -> Result<Vec<u8>, PackingError> {
        let mut bytes = unhex(text)?;
        if self.encrypted {
            cipher.decrypt_in_place(&mut bytes)?;
        }
        if self.compressed {
            bytes = inflate(&bytes)?;
            if author == Author::Client {
                let hex = str::from_utf8(&bytes).map_err(|_| CryptoError::NotHexadecimal)?;
                bytes = unhex(hex)?;
            }
        }
        Ok(bytes)
    }
}

thread_local! {
    // Their tables are 300 KB: making them anew costs more than most calls.
    static DEFLATER: RefCell<Compress> = RefCell::new(Compress::new(Compression::fast(), false));
    static INFLATER: RefCell<Decompress> = RefCell::new(Decompress::new(false));
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    DEFLATER.with_borrow_mut(|deflater| {
        deflater.reset();
        // Deflated data is at most a little larger than what it is made from.
        let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 1000 + 64);
        deflater
            .compress_vec(bytes, &mut out, FlushCompress::Finish)
            .expect("memory to memory does not fail");
        out
    })
}

fn inflate(bytes: &[u8]) -> Result<Vec<u8>, PackingError> {
    INFLATER.with_borrow_mut(|inflater| {
        inflater.reset(false);
        let mut out = Vec::with_capacity(bytes.len().saturating_mul(8).clamp(512, MAX_CLEAR_BYTES));
        loop {
            let before = (inflater.total_in(), out.len());
            let read = usize::try_from(before.0).unwrap_or(usize::MAX);
            let rest = bytes.get(read..).unwrap_or_default();
            let status = inflater.decompress_vec(rest, &mut out, FlushDecompress::None);
            let status = status.map_err(|_| PackingError::NotDeflated)?;
            if out.len() > MAX_CLEAR_BYTES {
                return Err(PackingError::TooLarge);
            } else if status == Status::StreamEnd {
                return Ok(out);
            } else if out.len() == out.capacity() {
                out.reserve(out.len().clamp(512, MAX_CLEAR_BYTES));
            } else if before == (inflater.total_in(), out.len()) {
                return Err(PackingError::NotDeflated);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ALL: [Packing; 4] = [
        Packing { encrypted: false, compressed: false },
        Packing { encrypted: true, compressed: false },
        Packing { encrypted: false, compressed: true },
        Packing { encrypted: true, compressed: true },
    ];

    #[test]
    fn an_encrypted_part_is_the_one_of_the_specification() {
        let packing = Packing { encrypted: true, compressed: false };
        let value = json!({"data": {"Uuid": "AAECAwQFBgcICQoLDA0ODw==", "identifiantNav": null}});
        let packed = packing.pack(Author::Client, value, &Cipher::initial());
        assert_eq!(
            packed,
            concat!(
                "07f1d4293acf059624024e44cd33caa2eba6b3060d7069e437458ce046cd1afd",
                "44c8036bf816926168e3c27619a1dbcff1c3eae4accec10e21d8eba771de4d97",
                "315eff61fa194ed6fc01ed63c15b3561"
            )
        );
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        let value = json!({"data": {"L": "École \u{1f393}", "n": [1, null]}});
        for packing in ALL {
            for author in [Author::Client, Author::Server] {
                let packed = packing.pack(author, value.clone(), &Cipher::initial());
                let back = packing.unpack(author, packed, &Cipher::initial());
                assert_eq!(back, Ok(value.clone()), "{packing:?} {author:?}");
            }
        }
    }

    #[test]
    fn a_deflated_bomb_is_refused() {
        let bomb = Value::String(HEXLOWER.encode(&deflate(&vec![b' '; MAX_CLEAR_BYTES + 2])));
        let packing = Packing { encrypted: false, compressed: true };
        let back = packing.unpack(Author::Server, bomb, &Cipher::initial());
        assert_eq!(back, Err(PackingError::TooLarge));
    }

    #[test]
    fn what_is_cut_short_is_refused_and_spoils_nothing() {
        let text = "abc".repeat(1000);
        let whole = deflate(text.as_bytes());
        for length in 0..whole.len() {
            assert_eq!(inflate(&whole[..length]), Err(PackingError::NotDeflated), "{length}");
        }
        assert_eq!(inflate(&whole), Ok(text.into_bytes()));
    }

    #[test]
    fn a_part_under_another_key_is_refused() {
        let packing = Packing { encrypted: true, compressed: false };
        let packed = packing.pack(Author::Server, json!({"a": 1}), &Cipher::of_material(b"x"));
        assert!(packing.unpack(Author::Server, packed, &Cipher::initial()).is_err());
    }
}
