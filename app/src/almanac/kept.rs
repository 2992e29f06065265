//! An official file as it is kept: one file, whole or not at all.
//!

use std::{fs, io, path::Path};

use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{calendar::Place, store::atomic::Draft};

/// An official file, and what there is to know of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Where it was fetched from; `None`: it was uploaded.
    pub url: Option<String>,
    /// Its name, as days off say where they are from.
    pub name: String,
    /// The place that an iCalendar file is of, where it does not say so itself.
    pub place: Option<Place>,
    /// When it came.
    pub received: Timestamp,
    /// Its `ETag`.
    pub etag: Option<String>,
    /// Its `Last-Modified`.
    pub last_modified: Option<String>,
    /// What it holds.
    pub text: String,
}

/// Reads a file of ours; `None` where there is none, or none that can be read.
pub fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "a kept calendar cannot be read");
            return None;
        }
    };
    serde_json::from_slice(&bytes)
        .inspect_err(|error| {
            tracing::warn!(path = %path.display(), %error, "a kept calendar cannot be read");
        })
        .ok()
}

/// Writes a file of ours and waits for the disk. The old one or the new one is there afterwards.
pub fn write<T: Serialize>(path: &Path, content: &T) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Draft::write(path, &serde_json::to_vec(content)?)?.commit()
}
