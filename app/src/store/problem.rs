//! What is wrong with a configuration, in sentences a person can act on.

use std::{fmt, io};

use serde::Serialize;
use utoipa::ToSchema;

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// The JSON path (`triggers.GPIO23.end_seconds`), or the name of a file.
    pub path: String,
    /// What was found and what was expected.
    pub message: String,
    /// How bad it is.
    pub severity: Severity,
}

/// How bad a [`Problem`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is out of work, but somebody should look.
    Warning,
    /// Something is not in force as it was written.
    Error,
}

/// Why a configuration cannot be had at all.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is none yet.
    #[error("{0}: there is no such file; `beffroi init` makes one")]
    Missing(String),
    /// It cannot be read; at a reload, what was in force stays in force.
    #[error("{0}")]
    Unreadable(String),
}

/// Why a change was refused. Nothing has changed then, neither on disk nor in memory.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// A value is wrong.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// There is no such trigger to patch.
    #[error("there is no such trigger")]
    NoSuchTrigger,
    /// Somebody is editing the file: it is theirs.
    #[error("{0}; a hand edit is never overwritten")]
    HandEdit(String),
    /// It could not be written.
    #[error("{0}; nothing was changed")]
    Disk(String),
}

/// A value of a trigger that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{field}: {message}")]
pub struct FieldError {
    /// The key; empty where the trigger as a whole is wrong.
    pub field: String,
    /// What was found and what was expected.
    pub message: String,
}

impl Problem {
    /// Something that is not in force as it was written.
    pub fn error(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), severity: Severity::Error }
    }

    /// Something that somebody should look at.
    pub fn warning(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), severity: Severity::Warning }
    }

    /// Where it is, seen from `path`; `None` where it is elsewhere, empty where it is just there.
    pub(super) fn below(&self, path: &str) -> Option<&str> {
        let rest = self.path.strip_prefix(path)?;
        if rest.is_empty() { Some(rest) } else { rest.strip_prefix('.') }
    }

    /// Whether it is an [`Severity::Error`].
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

/// What an i/o error means to somebody who never heard of error numbers.
pub(super) fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull => "the disk is full".into(),
        io::ErrorKind::QuotaExceeded => "the disk quota is used up".into(),
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only".into(),
        io::ErrorKind::PermissionDenied => {
            "the user that runs this program has no permission".into()
        }
        _ => error.to_string(),
    }
}
