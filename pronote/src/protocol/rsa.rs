//! RSA for the one number that plain-http servers want hidden.
//!
//! Only the public-key half of PKCS #1 v1.5 (RFC 8017, section 7.2.1); nothing secret is an exponent here.

use num_bigint::BigUint;

/// A modulus and an exponent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    modulus: BigUint,
    exponent: BigUint,
}

/// Why a seed could not be hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected an RSA modulus of 512 to 8192 bits in hexadecimal, found another")]
pub struct UnusableKey;

impl PublicKey {
    /// A key out of hexadecimal text, as an old start page gives it in `MR` and `ER`.
    pub fn of_hex(modulus: &str, exponent: &str) -> Result<Self, UnusableKey> {
        let number = |hex: &str| BigUint::parse_bytes(hex.trim().as_bytes(), 16).ok_or(UnusableKey);
        let key = Self { modulus: number(modulus)?, exponent: number(exponent)? };
        // A page is a stranger: a huge modulus or exponent would be hours of arithmetic.
        let fits = (512..=8192).contains(&key.modulus.bits()) && key.exponent.bits() <= 64;
        if fits { Ok(key) } else { Err(UnusableKey) }
    }

    /// The key that every PRONOTE server is built with.
    pub fn built_in() -> Self {
        Self::of_hex(
            concat!(
                "B99B77A3D72D3A29B4271FC7B7300E2F791EB8948174BE7B8024667E915446D4",
                "EEA0C2424B8D1EBF7E2DDFF94691C6E994E839225C627D140A8F1146D1B0B5F1",
                "8A09BBD3D8F421CA1E3E4796B301EEBCCF80D81A32A1580121B8294433C38377",
                "083C5517D5921E8A078CDC019B15775292EFDA2C30251B1CCABE812386C893E5",
            ),
            "10001",
        )
        .expect("the built-in key is a number of 1024 bits")
    }

    /// How many bytes an encrypted message has.
    pub fn size_bytes(&self) -> usize {
        usize::try_from(self.modulus.bits().div_ceil(8)).expect("at most 8192 bits")
    }

    /// Encrypts a message; `random` fills the padding (each byte that is zero becomes 1).
    pub fn encrypt(&self, message: &[u8], random: &[u8]) -> Result<Vec<u8>, UnusableKey> {
        let size = self.size_bytes();
        let filler = size.checked_sub(message.len() + 3).filter(|n| *n >= 8).ok_or(UnusableKey)?;
        let mut block = vec![0, 2];
        block.extend(random.iter().cycle().take(filler).map(|byte| (*byte).max(1)));
        block.push(0);
        block.extend_from_slice(message);
        if block.len() != size {
            return Err(UnusableKey);
        }
        let secret =
            BigUint::from_bytes_be(&block).modpow(&self.exponent, &self.modulus).to_bytes_be();
        let mut out = vec![0; size - secret.len()];
        out.extend(secret);
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // 2^521 - 1 is prime: raised to a power, its totient is 2^521 - 2.
    const PRIME: &str = concat!(
        "1FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
    );

    #[test]
    fn a_message_comes_back_under_the_inverse_exponent() {
        let key = PublicKey::of_hex(PRIME, "10001").unwrap();
        let secret = key.encrypt(b"0123456789abcdef", &[7, 0, 9]).unwrap();
        let totient = &key.modulus - 1u8;
        let inverse = key.exponent.modinv(&totient).unwrap();
        let clear = BigUint::from_bytes_be(&secret).modpow(&inverse, &key.modulus).to_bytes_be();
        assert_eq!(&clear[..4], [2, 7, 1, 9], "padding without zeros");
        assert_eq!(&clear[clear.len() - 17..], b"\x000123456789abcdef");
    }

    #[test]
    fn the_built_in_key_is_of_1024_bits() {
        assert_eq!(PublicKey::built_in().size_bytes(), 128);
        assert_eq!(PublicKey::built_in().encrypt(&[1; 16], &[3]).unwrap().len(), 128);
    }

    #[test]
    fn strange_keys_are_refused() {
        for (modulus, exponent) in [("", "3"), ("FF", "3"), ("zz", "3"), (PRIME, PRIME)] {
            assert_eq!(PublicKey::of_hex(modulus, exponent), Err(UnusableKey), "{modulus}");
        }
        assert_eq!(PublicKey::built_in().encrypt(&[1; 120], &[3]), Err(UnusableKey));
    }
}
