//! What a file is called when its address has died: where it was listed.
//!

use std::{fmt, str::FromStr};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Attachment;
use crate::Key;

/// A file of the school's server, whatever the session: a short text without secrets, which any
/// client of the same account finds again ([`Client::fetch`](crate::Client::fetch)). Nobody else's
/// finds anything by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct FileRef {
    pub(super) pupil: Key,
    pub(super) place: Place,
    pub(super) file: Key,
}

/// Where a file is listed. The last key is that of the thing that it hangs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    Homework(Date, Key),
    Content(Date, Key),
    News(Key),
    Message { discussion: Key, message: Key },
    Attendance { period: Key, from: Date, to: Date, thing: Key },
    Mark { period: Key, mark: Key },
    Photo,
}

/// Why a text names no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected the text of a FileRef, found something else")]
pub struct InvalidFileRef;

/// Tells the files of a list where they were found.
pub(super) fn locate<'a>(
    files: impl IntoIterator<Item = &'a mut Attachment>,
    pupil: Key,
    place: Place,
) {
    for file in files.into_iter().filter(|file| file.kind.is_file()) {
        file.file_ref = Some(FileRef { pupil, place, file: file.key });
    }
}

impl fmt::Display for FileRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pupil, place, file } = self;
        match place {
            Place::Homework(day, thing) => write!(f, "homework.{pupil}.{day}.{thing}.{file}"),
            Place::Content(day, thing) => write!(f, "content.{pupil}.{day}.{thing}.{file}"),
            Place::News(thing) => write!(f, "news.{pupil}.{thing}.{file}"),
            Place::Message { discussion, message } => {
                write!(f, "message.{pupil}.{discussion}.{message}.{file}")
            }
            Place::Attendance { period, from, to, thing } => {
                write!(f, "attendance.{pupil}.{period}.{from}.{to}.{thing}.{file}")
            }
            Place::Mark { period, mark } => write!(f, "mark.{pupil}.{period}.{mark}.{file}"),
            Place::Photo => write!(f, "photo.{pupil}.{file}"),
        }
    }
}

impl FromStr for FileRef {
    type Err = InvalidFileRef;

    fn from_str(text: &str) -> Result<Self, InvalidFileRef> {
        fn read<T: FromStr>(text: &str) -> Result<T, InvalidFileRef> {
            text.parse().map_err(|_| InvalidFileRef)
        }
        let parts: Vec<_> = text.splitn(8, '.').collect();
        let [kind, pupil, rest @ .., file] = &parts[..] else { return Err(InvalidFileRef) };
        let place = match (*kind, rest) {
            ("homework", [day, thing]) => Place::Homework(read(day)?, read(thing)?),
            ("content", [day, thing]) => Place::Content(read(day)?, read(thing)?),
            ("news", [thing]) => Place::News(read(thing)?),
            ("message", [discussion, message]) => {
                Place::Message { discussion: read(discussion)?, message: read(message)? }
            }
            ("attendance", [period, from, to, thing]) => Place::Attendance {
                period: read(period)?,
                from: read(from)?,
                to: read(to)?,
                thing: read(thing)?,
            },
            ("mark", [period, mark]) => Place::Mark { period: read(period)?, mark: read(mark)? },
            ("photo", []) => Place::Photo,
            _ => return Err(InvalidFileRef),
        };
        Ok(Self { pupil: read(pupil)?, place, file: read(file)? })
    }
}

impl From<FileRef> for String {
    fn from(file: FileRef) -> Self {
        file.to_string()
    }
}

impl TryFrom<String> for FileRef {
    type Error = InvalidFileRef;

    fn try_from(text: String) -> Result<Self, InvalidFileRef> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_reference_comes_back_from_its_text() {
        let key = |name: &str| Key::of("test", &[&name]);
        let (a, b, day) = (key("a"), key("b"), date(2026, 9, 7));
        for place in [
            Place::Homework(day, a),
            Place::Content(day, a),
            Place::News(a),
            Place::Message { discussion: a, message: b },
            Place::Attendance { period: a, from: day, to: day, thing: b },
            Place::Mark { period: a, mark: b },
            Place::Photo,
        ] {
            let file = FileRef { pupil: key("p"), place, file: key("f") };
            let text = file.to_string();
            assert_eq!(text.parse(), Ok(file), "{text}");
            let json = serde_json::to_string(&file).unwrap();
            assert_eq!(serde_json::from_str::<FileRef>(&json).unwrap(), file);
            assert!(text.len() < 120 && text.parse::<Key>().is_err());
            for broken in [&text[1..], &text[..text.len() - 1], &format!("{text}.{a}")] {
                assert_eq!(broken.parse::<FileRef>(), Err(InvalidFileRef), "{broken}");
            }
        }
        for text in ["", ".", "photo", "photo..", "homework.a.b.c.d", &".".repeat(99_999)] {
            assert_eq!(text.parse::<FileRef>(), Err(InvalidFileRef));
        }
    }
}
