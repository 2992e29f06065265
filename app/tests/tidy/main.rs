//! The rules that keep the rooms apart and the house in order.
//!
//! They read the source text: what a compiler does not refuse and a hurried reader does not see.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "all of it is a test")]

mod files;
mod packages;
mod rooms;
mod shipped;
mod source;

use std::path::{Path, PathBuf};

/// The repository.
fn root() -> PathBuf {
    let app = Path::new(env!("CARGO_MANIFEST_DIR"));
    app.parent().expect("the app is a folder of the repository").to_path_buf()
}

/// Every file of the repository that somebody wrote, relative to its root.
fn written_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            let foreign = path.is_symlink() || ["target", ".git", "node_modules"].contains(&name);
            if path.is_dir() && !foreign {
                folders.push(path);
            } else if path.is_file() && !foreign {
                files.push(path.strip_prefix(root()).unwrap().to_path_buf());
            }
        }
    }
    files.sort();
    files
}

/// The text of a file of the repository; `None` where it is not text.
fn text(file: &Path) -> Option<String> {
    String::from_utf8(std::fs::read(root().join(file)).unwrap()).ok()
}

/// Fails with every finding on a line of its own.
fn nothing_of(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}
