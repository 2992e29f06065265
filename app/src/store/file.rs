//! conf.json on disk, its last good copy, and those that were moved aside.

use std::{
    fs::{self, OpenOptions},
    io::{self, Read as _},
    os::unix::{
        ffi::OsStrExt as _,
        fs::{OpenOptionsExt as _, PermissionsExt as _},
    },
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use serde_json::Value;

use super::{Problem, atomic::Draft, conf::Document, problem::in_words};

/// The longest conf.json that is read.
const MAX_BYTES: u64 = 4 << 20;

/// Where the configuration lies.
#[derive(Debug, Clone)]
pub struct Files {
    /// conf.json.
    pub conf: PathBuf,
    /// The last one that was good.
    pub last_good: PathBuf,
    /// One that is being restored: where it is there, the restore is to be completed.
    pub restoring: PathBuf,
}

/// Why there is no document to be had from a file.
#[derive(Debug)]
pub enum Unreadable {
    /// There is no file.
    Missing,
    /// The file cannot be got at, and may well be fine.
    Access(String),
    /// What is in it is no JSON object.
    Content(String),
}

/// A document, and the very bytes that it was read from. No `Debug`: it holds the password.
#[derive(Clone, Default)]
pub struct Text {
    /// As it lies on disk.
    pub bytes: Vec<u8>,
    /// What it says.
    pub document: Document,
}

impl Files {
    /// The files in a data folder.
    pub fn new(data: &Path) -> Self {
        Self {
            conf: data.join("conf.json"),
            last_good: data.join("conf.json.last-good"),
            restoring: data.join("conf.json.restoring"),
        }
    }

    /// Reads conf.json.
    pub fn read(&self) -> Result<Text, Unreadable> {
        read(&self.conf)
    }

    /// Gives an unreadable conf.json a second name, under which it stays when it is replaced: at
    /// no instant is there none, not even if the power goes.
    pub fn keep_aside(&self, now: jiff::Timestamp) -> io::Result<PathBuf> {
        let stamp = now.strftime("%Y%m%dT%H%M%SZ");
        let named =
            |end: String| self.conf.with_file_name(format!("conf.json.broken-{stamp}{end}"));
        // A box without a clock starts at the same second each time.
        let mut names =
            std::iter::once(named(String::new())).chain((2..1000).map(|n| named(format!("-{n}"))));
        let free = names
            .find(|path| !path.exists())
            .ok_or_else(|| io::Error::other("too many broken copies lie beside it"))?;
        // Not every file system has second names. A link is followed: its target is what is replaced.
        let target = fs::canonicalize(&self.conf)?;
        fs::hard_link(target, &free).or_else(|_| fs::copy(&self.conf, &free).map(drop))?;
        // It may hold a password in clear.
        fs::set_permissions(&free, fs::Permissions::from_mode(0o600))?;
        Ok(free)
    }

    /// Removes what writers left that were killed, here and where the versions of the tables and
    /// the ledger of their bells are. Younger than a minute, it may be alive.
    pub fn sweep(&self, now: SystemTime) {
        let data = self.conf.parent().unwrap_or(Path::new("/"));
        let folders = [data.to_owned(), data.join("schedule"), data.join("journal")];
        for entry in folders.iter().flat_map(|folder| entries(folder)) {
            let old = || now.duration_since(entry.metadata().ok()?.modified().ok()?).ok();
            let draft = entry.file_name().as_bytes().starts_with(Draft::PREFIX.as_bytes());
            if draft
                && old().is_some_and(|age| age > Duration::from_secs(60))
                && let Err(error) = fs::remove_file(entry.path())
            {
                tracing::debug!("{} stays: {error}", entry.path().display());
            }
        }
    }

    /// Keeps a copy of what is good; no write where it is the same.
    pub fn keep_good(&self, good: &Document) -> Option<Problem> {
        let write = || -> Result<(), String> {
            let bytes = write(good)?;
            if read(&self.last_good).is_ok_and(|text| text.bytes == bytes) {
                return Ok(());
            }
            let written = Draft::write(&self.last_good, &bytes).and_then(Draft::commit);
            written.map_err(|error| format!("could not be written: {}", in_words(&error)))
        };
        write().err().map(|reason| Problem::warning("conf.json.last-good", reason))
    }

    /// What a look at the folder tells.
    pub fn remarks(&self) -> Vec<Problem> {
        let mut remarks = Vec::new();
        if let Ok(metadata) = fs::metadata(&self.conf)
            && metadata.permissions().mode() & 0o077 != 0
        {
            let mode = metadata.permissions().mode() & 0o777;
            let message = format!(
                "others may read it (mode {mode:04o}) and it holds the password's hash; it becomes 0600 at the next change"
            );
            remarks.push(Problem::warning("conf.json", message));
        }
        let mut broken: Vec<_> = self
            .entries()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| name.starts_with("conf.json.broken"))
            .collect();
        broken.sort_unstable();
        let message = "an unreadable configuration that was moved aside: see what is worth keeping, then delete it";
        remarks.extend(broken.into_iter().map(|name| Problem::warning(name, message)));
        remarks
    }

    fn entries(&self) -> impl Iterator<Item = fs::DirEntry> {
        entries(self.conf.parent().unwrap_or(Path::new("/")))
    }
}

fn entries(folder: &Path) -> impl Iterator<Item = fs::DirEntry> + use<> {
    fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok)
}

/// Reads a file that should hold one JSON object.
pub fn read(path: &Path) -> Result<Text, Unreadable> {
    let name = path.file_name().unwrap_or_default().display();
    let access = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Unreadable::Missing,
        _ => Unreadable::Access(format!("{name} cannot be read: {}", in_words(&error))),
    };
    // O_NONBLOCK: a fifo in its place must not hold the start up.
    let nonblocking = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default();
    let file =
        OpenOptions::new().read(true).custom_flags(nonblocking).open(path).map_err(access)?;
    let metadata = file.metadata().map_err(access)?;
    if !metadata.is_file() {
        let kind = if metadata.is_dir() { "a folder" } else { "no regular file" };
        return Err(Unreadable::Access(format!("{name} is {kind}, expected a JSON file")));
    }
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(access)?;
    let document =
        parse(&bytes).map_err(|reason| Unreadable::Content(format!("{name} {reason}")))?;
    Ok(Text { bytes, document })
}

/// A document as it is written: indented by two spaces. The error ends a sentence.
pub fn write(document: &Document) -> Result<Vec<u8>, String> {
    let mut bytes = serde_json::to_vec_pretty(document)
        .map_err(|error| format!("cannot be written as JSON: {error}"))?;
    bytes.push(b'\n');
    // Too long, or too deep: what the next start would refuse is not written.
    parse(&bytes).map_err(|reason| format!("would be unreadable: it {reason}"))?;
    Ok(bytes)
}

fn parse(bytes: &[u8]) -> Result<Document, String> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("is larger than {} MiB", MAX_BYTES >> 20));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| format!("is not UTF-8 text (byte {})", error.valid_up_to()))?;
    // Editors on Windows begin a file with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match serde_json::from_str(text) {
        Ok(Value::Object(document)) => Ok(document),
        Ok(other) => Err(format!("holds {}, expected an object", super::conf::found(&other))),
        Err(error) => Err(format!("is not valid JSON: {error}")),
    }
}
