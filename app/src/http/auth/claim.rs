//! The code by which whoever reads the box's log sets its first password.

use std::fmt;

use subtle::ConstantTimeEq;

/// Letters and digits that nobody misreads: Crockford's base 32.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// 40 random bits, where five wrong attempts are slowed.
const LETTERS: usize = 8;

/// The claim code of this run of the program. `Debug` does not show it.
pub struct ClaimCode([u8; LETTERS]);

impl ClaimCode {
    /// A new one.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; LETTERS];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes.map(|byte| ALPHABET.get(usize::from(byte % 32)).copied().unwrap_or(b'0'))))
    }

    /// The code as it is printed: `ABCD-EFGH`.
    pub fn expose(&self) -> String {
        let (one, other) = self.0.split_at(LETTERS / 2);
        format!("{}-{}", String::from_utf8_lossy(one), String::from_utf8_lossy(other))
    }

    /// Whether this is what somebody typed: without the dash, in lower case, O for 0 and I or L for
    /// 1, it is the same.
    pub fn is(&self, typed: &str) -> bool {
        let letters = typed.bytes().filter(u8::is_ascii_alphanumeric);
        let read = letters.map(|letter| match letter.to_ascii_uppercase() {
            b'O' => b'0',
            b'I' | b'L' => b'1',
            other => other,
        });
        let read: Vec<_> = read.take(LETTERS + 1).collect();
        read.ct_eq(self.0.as_slice()).into()
    }
}

impl fmt::Debug for ClaimCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClaimCode(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_however_it_is_typed() {
        let code = ClaimCode(*b"01ABCDEF");
        assert_eq!(code.expose(), "01AB-CDEF");
        for (typed, right) in [
            ("01AB-CDEF", true),
            ("01abcdef", true),
            (" OLab cdef\n", true),
            ("oiab-cdef", true),
            ("01AB-CDE", false),
            ("01AB-CDEF0", false),
            ("01AB-CDEG", false),
            ("", false),
        ] {
            assert_eq!(code.is(typed), right, "{typed}");
        }
        assert_eq!(format!("{code:?}"), "ClaimCode(***)");
        assert_ne!(ClaimCode::random().unwrap().expose(), ClaimCode::random().unwrap().expose());
    }
}
