//! The QR code that PRONOTE shows to whoever is logged in.
//!

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{
    Address, Secret,
    error::{Error, LoginError},
    protocol::{crypto::Cipher, tree::Tree, value::Node},
};

/// What the picture holds: where, and who, encrypted with the PIN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QrCode {
    /// The school.
    pub address: Address,
    login: String,
    token: Secret,
}

impl QrCode {
    /// A code out of its fields `url`, `login` and `jeton`.
    pub fn new(url: &str, login: &str, token: &str) -> Result<Self, Error> {
        if login.is_empty() || token.is_empty() {
            return Err(LoginError::NotAQrCode.into());
        }
        Ok(Self { address: url.parse()?, login: login.to_owned(), token: token.into() })
    }

    /// The user's name and the one-time secret.
    pub(crate) fn open(&self, pin: &Secret) -> Result<(String, Secret), LoginError> {
        let cipher = Cipher::of_material(pin.expose().as_bytes());
        let open = |hex: &str| cipher.decrypt_text(hex).map_err(|_| LoginError::WrongQrPin);
        let (login, token) = (open(&self.login)?, open(self.token.expose())?);
        Ok((login.to_string(), Secret::from(token.as_str())))
    }

    // The login field is the same for one user and PIN, and says nothing without the PIN.
    pub(crate) fn mark(&self) -> &str {
        &self.login
    }
}

impl FromStr for QrCode {
    type Err = Error;

    /// Reads the JSON in the picture.
    fn from_str(json: &str) -> Result<Self, Error> {
        let tree = Tree::read(json.as_bytes()).ok_or(LoginError::NotAQrCode)?;
        let node = Node::new(&tree);
        let text = |name| node.field(name).text().ok_or(LoginError::NotAQrCode);
        Self::new(&text("url")?, &text("login")?, &text("jeton")?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_opens_with_its_pin() {
        let cipher = Cipher::of_material(b"1234");
        let json = serde_json::json!({
            "url": "https://a.fr/pronote/mobile.parent.html",
            "login": cipher.encrypt(b"demonstration"),
            "jeton": cipher.encrypt(b"0123456789ABCDEF"),
            "avecPageConnexion": false,
        });
        let code: QrCode = json.to_string().parse().unwrap();
        let (login, token) = code.open(&"1234".into()).unwrap();
        assert_eq!((login.as_str(), token.expose()), ("demonstration", "0123456789ABCDEF"));
        assert_eq!(code.open(&"4321".into()), Err(LoginError::WrongQrPin));
    }

    #[test]
    fn other_codes_are_refused() {
        for json in ["", "https://a.fr", "{}", r#"{"url":"a.fr","login":"ab"}"#] {
            let error = json.parse::<QrCode>().unwrap_err();
            assert!(matches!(error, Error::Login(LoginError::NotAQrCode)), "{json}");
        }
    }
}
