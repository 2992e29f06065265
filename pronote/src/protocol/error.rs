//! What PRONOTE answers when it will not answer, and what to do about it.
//!

use std::fmt;

use serde_json::{Value, json};

use super::value::Node;

/// A refusal: `{"Erreur": {"G": 22, "Titre": "…"}}`.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("PRONOTE refused: {kind} (code {code})")]
pub struct Refusal {
    /// What it means.
    pub kind: RefusalKind,
    /// `G`
    pub code: i64,
    /// PRONOTE's own words, for its user. Neither printed nor in the message: they may name somebody.
    pub title: String,
    /// More of PRONOTE's own words.
    pub message: Option<String>,
}

/// What a refusal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalKind {
    /// 3: the account lacks the right.
    Denied,
    /// 5: the address that we call from is suspended.
    AddressSuspended,
    /// 8, 11, 13: unknown session, wrong order number, unreadable order number.
    PageExpired,
    /// 10: the session was idle for too long.
    SessionExpired,
    /// 21: unknown function or wrong parameters, as after an upgrade.
    Impossible,
    /// 22: an object's id from an earlier session.
    StaleObject,
    /// 25: too many failed logins.
    TooManyLogins,
    /// Any other code.
    Other,
}

/// What a client does about a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Log in again, once.
    LogInAgain,
    /// Leave the server alone for long.
    Hold,
    /// List the objects again.
    ListAgain,
    /// Tell the caller.
    Surface,
}

impl Refusal {
    /// A refusal of a code.
    pub fn new(code: i64, title: impl Into<String>) -> Self {
        Self { kind: RefusalKind::of(code), code, title: title.into(), message: None }
    }

    /// Reads the object under `Erreur`.
    pub fn read(node: Node<'_>) -> Self {
        let code = node.field("G").integer().unwrap_or(-1);
        Self {
            kind: RefusalKind::of(code),
            code,
            title: node.field("Titre").text().unwrap_or_default(),
            message: node.field("Message").text(),
        }
    }

    /// The whole answer.
    pub fn write(&self) -> Value {
        let mut error = json!({"G": self.code, "Titre": self.title});
        if let (Some(message), Some(fields)) = (&self.message, error.as_object_mut()) {
            fields.insert("Message".to_owned(), message.as_str().into());
        }
        json!({"Erreur": error})
    }
}

impl RefusalKind {
    /// The meaning of a code.
    pub fn of(code: i64) -> Self {
        match code {
            3 => Self::Denied,
            5 => Self::AddressSuspended,
            8 | 11 | 13 => Self::PageExpired,
            10 => Self::SessionExpired,
            21 => Self::Impossible,
            22 => Self::StaleObject,
            25 => Self::TooManyLogins,
            _ => Self::Other,
        }
    }

    /// What to do about it. A login that PRONOTE did not ask for is what gets addresses banned.
    pub fn remedy(self) -> Remedy {
        match self {
            Self::PageExpired | Self::SessionExpired => Remedy::LogInAgain,
            Self::AddressSuspended | Self::TooManyLogins => Remedy::Hold,
            Self::StaleObject => Remedy::ListAgain,
            Self::Denied | Self::Impossible | Self::Other => Remedy::Surface,
        }
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, code, .. } = self;
        f.debug_struct("Refusal").field("kind", kind).field("code", code).finish_non_exhaustive()
    }
}

impl fmt::Display for RefusalKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Denied => "the account has no right to this",
            Self::AddressSuspended => "this address is suspended",
            Self::PageExpired => "the page has expired",
            Self::SessionExpired => "the session has expired",
            Self::Impossible => "it does not know the function or its parameters",
            Self::StaleObject => "the object belongs to an earlier session",
            Self::TooManyLogins => "too many failed logins",
            Self::Other => "for a reason of its own",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_has_its_remedy() {
        for (code, remedy) in [
            (3, Remedy::Surface),
            (5, Remedy::Hold),
            (8, Remedy::LogInAgain),
            (10, Remedy::LogInAgain),
            (11, Remedy::LogInAgain),
            (13, Remedy::LogInAgain),
            (21, Remedy::Surface),
            (22, Remedy::ListAgain),
            (25, Remedy::Hold),
            (99, Remedy::Surface),
        ] {
            assert_eq!(RefusalKind::of(code).remedy(), remedy, "{code}");
        }
    }

    #[test]
    fn a_refusal_is_read_as_it_is_written() {
        let mut refusal = Refusal::new(25, "Trop d'erreurs");
        refusal.message = Some("Patientez".to_owned());
        let answer = refusal.write();
        assert_eq!(Refusal::read(Node::new(&answer.into()).field("Erreur")), refusal);
        assert_eq!(refusal.to_string(), "PRONOTE refused: too many failed logins (code 25)");
    }
}
