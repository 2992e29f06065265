//! Bytes that somebody sends us, made text; names as they are compared.
//!

use std::fmt;

/// Why bytes are not the file that was wanted, in words for whoever sent them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub(super) String);

impl Unreadable {
    pub(super) fn new(words: impl fmt::Display) -> Self {
        Self(words.to_string())
    }
}

/// The text of a file: UTF-8 with or without a byte-order mark.
pub fn text_of(bytes: &[u8], most: usize) -> Result<&str, Unreadable> {
    if bytes.len() > most {
        let (size, most) = (bytes.len(), most >> 20);
        return Err(Unreadable(format!("a file of {size} bytes: expected at most {most} MiB")));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Unreadable::new("the file is in UTF-16: save it as UTF-8 and try again"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count();
        Unreadable(format!(
            "line {}: not UTF-8 (a spreadsheet may have saved it otherwise: save it as CSV UTF-8)",
            line + 1
        ))
    })?;
    if text.contains('\0') {
        return Err(Unreadable::new("the file is not text"));
    }
    if text.trim().is_empty() {
        return Err(Unreadable::new("the file is empty"));
    }
    Ok(text)
}

/// A name without case, accents and punctuation, its words kept apart: as names are compared.
pub fn plain(name: &str) -> String {
    let mut plain = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        let letter = match letter {
            'à' | 'â' | 'ä' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'î' | 'ï' => 'i',
            'ô' | 'ö' => 'o',
            'ù' | 'û' | 'ü' => 'u',
            'ç' => 'c',
            letter if letter.is_alphanumeric() => letter,
            // An accent that stands on its own.
            '\u{300}'..='\u{36f}' => continue,
            _ => ' ',
        };
        if letter != ' ' || !(plain.is_empty() || plain.ends_with(' ')) {
            plain.push(letter);
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_their_dress() {
        for name in ["Orléans-Tours", "ORLEANS  TOURS", " Orle\u{301}ans–Tours. "] {
            assert_eq!(plain(name), "orleans tours");
        }
        assert_eq!(plain("Début des Vacances d’Été"), plain("DEBUT DES VACANCES D'ETE"));
    }

    #[test]
    fn what_is_not_text_is_refused_in_words() {
        let cases: [(&[u8], &str); 6] = [
            (b"", "the file is empty"),
            (b"\xef\xbb\xbf \r\n", "the file is empty"),
            (b"PK\x03\x04\0\0", "the file is not text"),
            (b"\xff\xfea\0", "UTF-16"),
            (b"a\nVacances d'\xc9t\xe9", "line 2: not UTF-8"),
            (b"123456789", "a file of 9 bytes"),
        ];
        for (bytes, wanted) in cases {
            let most = if bytes.len() == 9 { 8 } else { 64 };
            let found = text_of(bytes, most).unwrap_err().to_string();
            assert!(found.contains(wanted), "{found}");
        }
        assert_eq!(text_of(b"\xef\xbb\xbfa", 8).unwrap(), "a");
    }
}
