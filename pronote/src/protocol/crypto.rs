//! Keys, the challenge and the secrets on the wire.
//!
//! AES-128 in CBC mode with PKCS#7 padding; keys and vectors are MD5 sums; hexadecimal on the wire.

use std::fmt;

use aes::Aes128;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, block_padding::Pkcs7};
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE, HEXUPPER};
use md5::{Digest, Md5};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::generation::Challenge;

/// The key and the vector in force on one side of a session.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Cipher {
    key: [u8; 16],
    iv: [u8; 16],
}

/// Why something secret could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CryptoError {
    /// Not hexadecimal text.
    #[error("expected hexadecimal text from PRONOTE, found something else")]
    NotHexadecimal,
    /// The key is not the one it was encrypted with: a wrong password, PIN or session.
    #[error("the key does not open what PRONOTE sent")]
    WrongKey,
    /// The session key is not a list of bytes.
    #[error("expected the session key as a list of numbers under 256, found something else")]
    NotASessionKey,
}

impl Cipher {
    /// What both sides start with: an empty key and a vector of zeros.
    pub fn initial() -> Self {
        Self { key: md5(b""), iv: [0; 16] }
    }

    /// A cipher of its own: `MD5(material)`, with a vector of zeros.
    pub fn of_material(material: &[u8]) -> Self {
        Self { key: md5(material), iv: [0; 16] }
    }

    /// A cipher out of its parts, as an exported session holds them.
    pub fn of_parts(key: [u8; 16], iv: [u8; 16]) -> Self {
        Self { key, iv }
    }

    /// The same vector under the key `MD5(material)`.
    #[must_use]
    pub fn with_material(&self, material: &[u8]) -> Self {
        Self { key: md5(material), iv: self.iv }
    }

    /// The same key under the vector `MD5(seed)`; the seed travels in `Uuid`.
    #[must_use]
    pub fn with_seed(&self, seed: &[u8]) -> Self {
        Self { key: self.key, iv: md5(seed) }
    }

    /// The key, for an export.
    pub fn key(&self) -> &[u8; 16] {
        &self.key
    }

    /// The vector, for an export.
    pub fn iv(&self) -> &[u8; 16] {
        &self.iv
    }

    /// Encrypts into lower-case hexadecimal text.
    pub fn encrypt(&self, clear: &[u8]) -> String {
        HEXLOWER.encode(&self.encrypt_bytes(clear))
    }

    /// Encrypts into bytes.
    pub fn encrypt_bytes(&self, clear: &[u8]) -> Vec<u8> {
        cbc::Encryptor::<Aes128>::new(&self.key.into(), &self.iv.into())
            .encrypt_padded_vec::<Pkcs7>(clear)
    }

    /// Decrypts hexadecimal text of either case.
    pub fn decrypt(&self, hex: &str) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        let mut bytes = Zeroizing::new(unhex(hex)?);
        self.decrypt_in_place(&mut bytes)?;
        Ok(bytes)
    }

    /// Decrypts bytes where they are.
    pub fn decrypt_in_place(&self, bytes: &mut Vec<u8>) -> Result<(), CryptoError> {
        let clear = cbc::Decryptor::<Aes128>::new(&self.key.into(), &self.iv.into())
            .decrypt_padded::<Pkcs7>(bytes)
            .map_err(|_| CryptoError::WrongKey)?
            .len();
        bytes.truncate(clear);
        Ok(())
    }

    /// Decrypts hexadecimal text into text.
    pub fn decrypt_text(&self, hex: &str) -> Result<Zeroizing<String>, CryptoError> {
        let bytes = self.decrypt(hex)?;
        let text = str::from_utf8(&bytes).map_err(|_| CryptoError::WrongKey)?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    /// What `Identification`'s challenge is to be answered with, under the login's key.
    pub fn solve(&self, how: Challenge, challenge: &str) -> Result<String, CryptoError> {
        match how {
            // Every second character is filler.
            Challenge::Opened => {
                let clear = self.decrypt_text(challenge)?;
                let kept: Zeroizing<String> = Zeroizing::new(clear.chars().step_by(2).collect());
                Ok(self.encrypt(kept.as_bytes()))
            }
            Challenge::AsIs => Ok(self.encrypt(challenge.as_bytes())),
        }
    }

    /// The session's cipher out of `cle`, which is decimal bytes: `"10,2,159"`.
    pub fn session(&self, cle: &str) -> Result<Self, CryptoError> {
        let text = self.decrypt_text(cle)?;
        let bytes: Result<Vec<u8>, _> = text.split(',').map(|n| n.trim().parse()).collect();
        let bytes = Zeroizing::new(bytes.map_err(|_| CryptoError::NotASessionKey)?);
        Ok(self.with_material(&bytes))
    }
}

impl fmt::Debug for Cipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cipher(***)")
    }
}

/// The key material of a login: the user's name, then the upper-case sum of `alea` and password.
/// At an ENT the name is left out.
pub fn login_material(user: &str, alea: &str, password: &str) -> Zeroizing<Vec<u8>> {
    let sum = Sha256::new().chain_update(alea).chain_update(password).finalize();
    let sum = Zeroizing::new(HEXUPPER.encode(&sum));
    Zeroizing::new([user.as_bytes(), sum.as_bytes()].concat())
}

/// Reads hexadecimal text of either case.
pub fn unhex(text: &str) -> Result<Vec<u8>, CryptoError> {
    HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).map_err(|_| CryptoError::NotHexadecimal)
}

fn md5(data: &[u8]) -> [u8; 16] {
    Md5::digest(data).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    fn hex(bytes: &[u8]) -> String {
        HEXLOWER.encode(bytes)
    }

    fn login() -> Cipher {
        Cipher::initial().with_seed(&SEED).with_material(&login_material(
            "demonstration",
            "",
            "pronotevs",
        ))
    }

    fn session() -> Cipher {
        let cle = "150669cd7cc4d7ec9d25641a56c1c4bb9117f69e16069631b07b00fcf56b2a54c46d377ea416eb5f226238429e0abffe";
        login().session(cle).unwrap()
    }

    #[test]
    fn order_numbers_are_encrypted_as_the_specification_says() {
        let first = Cipher::initial();
        let then = first.with_seed(&SEED);
        assert_eq!(hex(then.iv()), "1ac1ef01e96caf1be0d329331a4fc2a8");
        assert_eq!(first.encrypt(b"1"), "3fa959b13967e0ef176069e01e23c8d7");
        assert_eq!(then.encrypt(b"2"), "b3961095f9685612b2cad63997dce7cb");
        assert_eq!(then.encrypt(b"3"), "18e4c3eb97be7e4cf58efbbe3c4a505e");
        assert_eq!(*then.decrypt_text("B3961095F9685612B2CAD63997DCE7CB").unwrap(), "2");
    }

    #[test]
    fn a_password_makes_the_key() {
        let salted = login_material("demonstration", "F0E1D2C3B4A59687", "pronotevs");
        assert_eq!(
            &salted["demonstration".len()..],
            b"99B20F1B0EF25A3F8A9247E27462A18A0E022580543D4B15C1922082E58A7ADE"
        );
        assert_eq!(hex(login().key()), "f7695ad67b7574917d2715a4bfac1392");
        assert_eq!(hex(Cipher::of_material(&salted).key()), "145084f9df3330290d1a5da39d1847d0");
        let portal = login_material("", "", "JETON-F-EXAMPLE");
        assert_eq!(
            &portal[..],
            b"8F9B638ABB96F9BDF56A66FEDB10BB4F854654506EC51FA17291D7ACF35BFF18"
        );
        assert_eq!(hex(Cipher::of_material(&portal).key()), "80f343c7d18b22bf2b7d6306bb8a2b3f");
    }

    #[test]
    fn both_challenges_are_solved() {
        let old = "668f95dd8d7290d4623e7fd75dadf15240a101848874ac882bcfeb3656c714f5bed795216d18f54368e55cdd3a052fa0";
        let new = "00112233445566778899AABBCCDDEEFF";
        assert_eq!(
            login().solve(Challenge::Opened, old).unwrap(),
            "799b00ae21318a43945b30190074bd57a7024c3115828d4da4747f3a6102926f"
        );
        assert_eq!(
            login().solve(Challenge::AsIs, new).unwrap(),
            "1fba63e5fd5656ab6437e863b228bc99973438119722a8f25a8a089323124f808d35be8ec39ba6141d8f01a664fd1963"
        );
        let stranger = Cipher::initial().with_material(b"another password");
        assert_eq!(stranger.solve(Challenge::Opened, old), Err(CryptoError::WrongKey));
    }

    #[test]
    fn the_session_key_comes_out_of_cle() {
        let session = session();
        assert_eq!(hex(session.key()), "c2cb6ee5cced32b5e6515ff85a281cf5");
        assert_eq!(session.encrypt(b"7"), "ef05f706d1ff69cec100f9f0f4abfc6b");
        assert_eq!(session.encrypt(b"1234"), "41d6ddafabc7b9845d746d559b387e68");
        assert_eq!(
            session.encrypt(br#"{"N":"48#abc","Actif":true}"#),
            "f1257604ada94bb846009d708f43fe9bdab80f41978af9870503550d5876e0fd"
        );
    }

    #[test]
    fn a_qr_code_opens_with_its_pin_only() {
        let login = "f8e83fa7e9a21441a2596950da79441e";
        let open = |pin: &str| Cipher::of_material(pin.as_bytes()).decrypt_text(login);
        assert_eq!(*open("1234").unwrap(), "demonstration");
        assert_eq!(open("4321").unwrap_err(), CryptoError::WrongKey);
    }

    #[test]
    fn what_is_no_secret_is_refused() {
        let cipher = Cipher::initial();
        assert_eq!(cipher.decrypt("xy").unwrap_err(), CryptoError::NotHexadecimal);
        assert_eq!(cipher.decrypt("abc").unwrap_err(), CryptoError::NotHexadecimal);
        assert_eq!(cipher.decrypt("").unwrap_err(), CryptoError::WrongKey);
        assert_eq!(cipher.decrypt("00").unwrap_err(), CryptoError::WrongKey);
        let cle = cipher.encrypt(b"10,256");
        assert_eq!(cipher.session(&cle).unwrap_err(), CryptoError::NotASessionKey);
        assert_eq!(format!("{cipher:?}"), "Cipher(***)");
    }
}
