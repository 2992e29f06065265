//! Accounts and addresses as they are counted: keyed hashes, never names.
//!

use std::{fmt, net::IpAddr};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// An account or an address, as whoever has the key can recognise it and nobody else can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mark([u8; 16]);

/// Makes marks. Instances that share their counts have the same key.
pub struct Marks {
    key: Zeroizing<[u8; 32]>,
}

impl Marks {
    /// With a key that no one else has.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key: Zeroizing::new(key) }
    }

    /// The mark of an account where its password is judged.
    pub fn account(&self, realm: &str, username: &str) -> Mark {
        let username = username.trim().to_lowercase();
        self.mark(&[b"account", realm.as_bytes(), username.as_bytes()])
    }

    /// The mark of a caller's address.
    pub fn address(&self, address: IpAddr) -> Mark {
        self.mark(&[b"address", address.to_string().as_bytes()])
    }

    fn mark(&self, parts: &[&[u8]]) -> Mark {
        // The key in front is enough: half a digest cannot be continued.
        let mut hash = Sha256::new_with_prefix(self.key.as_slice());
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let digest: [u8; 32] = hash.finalize().into();
        let mut mark = [0; 16];
        mark.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        Mark(mark)
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_of_one_account_at_one_place_under_one_key() {
        let marks = Marks::new([1; 32]);
        let mark = marks.account("a.fr", "pupil");
        assert_eq!(marks.account("a.fr", " Pupil "), mark);
        let others = [
            marks.account("b.fr", "pupil"),
            marks.account("a.fr", "pupil2"),
            marks.account("a.frp", "upil"),
            marks.address([127, 0, 0, 1].into()),
            Marks::new([2; 32]).account("a.fr", "pupil"),
        ];
        assert!(others.iter().all(|other| *other != mark));
        assert_eq!(mark.to_string().len(), 32);
    }
}
