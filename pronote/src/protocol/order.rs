//! Order numbers: what makes every call of a session follow the last.
//!
//! The client counts 1, 3, 5 …; the server answers with the number that follows.

use serde::{Deserialize, Serialize};

use super::crypto::{Cipher, CryptoError};

/// The number of a client's next call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order(u32);

impl Order {
    /// Before any call.
    pub fn first() -> Self {
        Self(1)
    }

    /// The number of this call, encrypted; the next call has the next one, even if this one fails.
    pub fn take(&mut self, cipher: &Cipher) -> String {
        let number = self.0;
        self.0 = number.wrapping_add(2);
        write(number, cipher)
    }

    /// The call never left: its number is free again.
    pub fn give_back(&mut self) {
        self.0 = self.0.wrapping_sub(2);
    }

    /// The number that the next call will have.
    pub fn peek(&self) -> u32 {
        self.0
    }
}

/// Encrypts a number.
pub fn write(number: u32, cipher: &Cipher) -> String {
    cipher.encrypt(number.to_string().as_bytes())
}

/// Decrypts a number; `None` is what PRONOTE calls an expired page.
pub fn read(text: &str, cipher: &Cipher) -> Result<Option<i64>, CryptoError> {
    Ok(cipher.decrypt_text(text)?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_counts_by_two() {
        let cipher = Cipher::initial();
        let mut order = Order::first();
        let sent: Vec<_> = (0..3).map(|_| order.take(&cipher)).collect();
        let read: Vec<_> = sent.iter().map(|text| read(text, &cipher).unwrap()).collect();
        assert_eq!(read, [Some(1), Some(3), Some(5)]);
        assert_eq!(order.peek(), 7);
    }
}
