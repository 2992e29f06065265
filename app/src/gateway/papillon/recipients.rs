//! `/recipients`: the people whom the user may write to.
//!

use pronote_client::{
    Key,
    features::{self, RecipientKind},
};
use serde::Serialize;

use super::{Asker, Failure, offered};

/// Somebody who can be written to.
#[derive(Debug, Serialize)]
pub struct Recipient {
    id: Key,
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
    email: Option<String>,
    functions: Vec<String>,
    with_discussion: Option<bool>,
}

/// The people whom the user may write to: teachers first, then the staff. Two calls.
pub async fn recipients(asker: Asker<'_>) -> Result<Vec<Recipient>, Failure> {
    let listed = offered(asker.client.recipients().await)?;
    Ok(listed.into_iter().map(Recipient::from).collect())
}

impl From<features::Recipient> for Recipient {
    fn from(recipient: features::Recipient) -> Self {
        Self {
            id: recipient.key,
            name: recipient.name,
            kind: match recipient.kind {
                RecipientKind::Teacher => "teacher",
                RecipientKind::Staff | RecipientKind::Other(_) => "staff",
            },
            email: recipient.email,
            functions: recipient.functions,
            with_discussion: recipient.has_discussions,
        }
    }
}
