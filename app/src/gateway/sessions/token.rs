//! Tokens, and what is stored of them.
//!

use std::{fmt, str::FromStr};

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest as _, Sha256};
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// What our client holds: 16 random bytes, as 22 url-safe characters.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Token([u8; 16]);

/// The SHA-256 of a token: who reads the store cannot speak for anybody.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId([u8; 32]);

/// A text that is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a token is 22 characters of A–Z, a–z, 0–9, - and _")]
pub struct NotAToken;

impl Token {
    /// A new one.
    pub(super) fn random() -> Result<Self, getrandom::Error> {
        let mut token = Self([0; 16]);
        getrandom::fill(&mut token.0)?;
        Ok(token)
    }

    /// Its 22 characters.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64URL_NOPAD.encode(&self.0))
    }

    /// What it is stored under.
    pub fn id(&self) -> SessionId {
        SessionId(Sha256::digest(self.0).into())
    }
}

impl FromStr for Token {
    type Err = NotAToken;

    fn from_str(text: &str) -> Result<Self, NotAToken> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map(Zeroizing::new);
        let bytes = bytes.map_err(|_| NotAToken)?;
        bytes.as_slice().try_into().map(Self).map_err(|_| NotAToken)
    }
}

impl SessionId {
    /// Its bytes, for an address that is sealed.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// As the keys of the store have it.
    pub(super) fn to_text(self) -> String {
        BASE64URL_NOPAD.encode(&self.0)
    }
}

impl From<[u8; 32]> for SessionId {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

// Enough to follow one session through a log, too little to look it up.
impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, ..] = self.0;
        write!(f, "{a:02x}{b:02x}{c:02x}…")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_is_written_and_nothing_else_is_one() {
        let token = Token::random().unwrap();
        let text = token.to_text();
        assert_eq!(text.len(), 22);
        assert_eq!(text.parse::<Token>().unwrap(), token);
        assert_eq!(format!("{token:?}"), "***");
        assert!(!format!("{:?}", token.id()).contains(&token.id().to_text()));
        let wrong =
            ["", "a", "AAAAAAAAAAAAAAAAAAAAAB", "AAAAAAAAAAAAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAAAAé"];
        for wrong in wrong {
            assert_eq!(wrong.parse::<Token>(), Err(NotAToken), "{wrong}");
        }
        assert_eq!("A".repeat(23).parse::<Token>(), Err(NotAToken));
    }
}
