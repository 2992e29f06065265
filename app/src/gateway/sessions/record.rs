//! A session as it is stored: its state at PRONOTE, and its user's choices.
//!

use pronote_client::{Client, Export};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// A session that sleeps. It holds secrets, and is written sealed only.
#[derive(Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) export: Export,
    pub(super) period: Option<String>,
}

/// A usual record takes less, so that growing leaves no copies of secrets behind.
pub(super) const USUAL_BYTES: usize = 16 * 1024;

impl Record {
    pub(super) async fn of(client: &Client, period: Option<String>) -> Self {
        Self { export: client.export().await, period }
    }

    pub(super) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(USUAL_BYTES));
        self.append_to(&mut bytes);
        bytes
    }

    /// Writes it behind what is there.
    pub(super) fn append_to(&self, bytes: &mut Zeroizing<Vec<u8>>) {
        serde_json::to_writer(&mut **bytes, self).expect("an export has text for keys");
    }

    pub(super) fn of_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}
