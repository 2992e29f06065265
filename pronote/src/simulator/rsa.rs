//! The other half of RSA: opens the seed that a client hides on a plain-http site.
//!
//! The pair is for this simulator only, and public by being here; it guards nothing.

use num_bigint::BigUint;

/// A modulus and both exponents, in hexadecimal.
pub(crate) struct KeyPair {
    pub modulus_hex: &'static str,
    pub exponent_hex: &'static str,
    secret_hex: &'static str,
}

const MODULUS: &str = concat!(
    "C4BFCE509974BBE22C98AB7936C3F1D9484E32D54E423B0E65288D37722643C7",
    "5881A8DFE715A912B4893C107F185E89DCF3EB91F5A5B385E0D7E3D2DE3CD3AB",
    "B0996601ACF913C5E6A2A2D64C276CC38D89488EEE181E6D96989DA3AE051ABD",
    "F6D11806F5FA92E990A1B19FB8BF860DB5766B4356B59C4E191CEB4FA2F1884B",
);

const SECRET: &str = concat!(
    "1B08B3E3954259F298E81D5F996BD11666FDFFB4197DB639A322B04CB70D94F0",
    "9633B2AD9945FBA64B5234039C430FF2677EC89694A741049B416ED7719BF005",
    "8021C37FDBFD1E6F9328BC275F501C1512531902C31A6DBAE3D777EB00961844",
    "9B50A8732BDF95CE5DECF4DD21998FB4874B5DA32651219FAD0C7284FB186F81",
);

impl KeyPair {
    /// The simulator's pair.
    pub(crate) fn ours() -> Self {
        Self { modulus_hex: MODULUS, exponent_hex: "10001", secret_hex: SECRET }
    }

    /// What was hidden (PKCS #1 v1.5); `None` where the padding is wrong.
    pub(crate) fn open(&self, hidden: &[u8]) -> Option<Vec<u8>> {
        let number = |hex: &str| BigUint::parse_bytes(hex.as_bytes(), 16);
        let clear = BigUint::from_bytes_be(hidden)
            .modpow(&number(self.secret_hex)?, &number(self.modulus_hex)?)
            .to_bytes_be();
        let (&2, padded) = clear.split_first()? else { return None };
        let end = padded.iter().position(|byte| *byte == 0).filter(|end| *end >= 8)?;
        padded.get(end + 1..).map(<[u8]>::to_vec)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::rsa::PublicKey;

    #[test]
    fn a_hidden_seed_is_opened() {
        let pair = KeyPair::ours();
        let key = PublicKey::of_hex(pair.modulus_hex, pair.exponent_hex).unwrap();
        let hidden = key.encrypt(&[7; 16], &[9, 0, 250]).unwrap();
        assert_eq!(pair.open(&hidden), Some(vec![7; 16]));
        assert_eq!(pair.open(&[1; 128]), None);
    }
}
