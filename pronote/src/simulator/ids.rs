//! Object ids: encrypted anew in every session, as PRONOTE's are.
//!
//! An id seen in one session means nothing in the next one; the server answers error 22.

use aes::Aes128;
use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use data_encoding::BASE64URL_NOPAD;

/// What an id stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Class = 1,
    Group = 2,
    Teacher = 3,
    Pupil = 4,
    Guardian = 5,
    School = 6,
    Period = 11,
    Service = 12,
    Absence = 13,
    Lesson = 14,
    Subject = 16,
    Room = 17,
    Label = 19,
    Holiday = 20,
    Mark = 21,
    Evaluation = 22,
    Acquisition = 23,
    Homework = 24,
    Content = 25,
    ContentPart = 26,
    File = 27,
    News = 28,
    Question = 29,
    Category = 30,
    Discussion = 31,
    Message = 32,
    Possession = 33,
    Staff = 34,
    Menu = 35,
    Food = 36,
    Theme = 37,
    Motive = 38,
    Level = 39,
}

impl Kind {
    const ALL: [Self; 33] = [
        Self::Class,
        Self::Group,
        Self::Teacher,
        Self::Pupil,
        Self::Guardian,
        Self::School,
        Self::Period,
        Self::Service,
        Self::Absence,
        Self::Lesson,
        Self::Subject,
        Self::Room,
        Self::Label,
        Self::Holiday,
        Self::Mark,
        Self::Evaluation,
        Self::Acquisition,
        Self::Homework,
        Self::Content,
        Self::ContentPart,
        Self::File,
        Self::News,
        Self::Question,
        Self::Category,
        Self::Discussion,
        Self::Message,
        Self::Possession,
        Self::Staff,
        Self::Menu,
        Self::Food,
        Self::Theme,
        Self::Motive,
        Self::Level,
    ];
}

/// The ids of one session.
#[derive(Clone)]
pub(crate) struct Ids {
    cipher: Aes128,
}

impl Ids {
    pub(crate) fn new(secret: [u8; 16]) -> Self {
        Self { cipher: Aes128::new(&secret.into()) }
    }

    /// `37#base64url`, the same for the same object all session long.
    pub(crate) fn write(&self, kind: Kind, number: u32) -> String {
        let [a, b, c, d] = number.to_be_bytes();
        let mut block =
            [kind as u8, a, b, c, d, 0, 0, 0, 0, 0, 0, 0, b'N', b'O', b'T', b'E'].into();
        self.cipher.encrypt_block(&mut block);
        let mut id = String::with_capacity(26);
        id.push_str(if (kind as u8) < 10 { "4" } else { "37" });
        id.push('#');
        BASE64URL_NOPAD.encode_append(&block, &mut id);
        id
    }

    /// What the id stands for; `None` when it is of another session, or garbage.
    pub(crate) fn read(&self, id: &str) -> Option<(Kind, u32)> {
        let (_, text) = id.split_once('#')?;
        let bytes: [u8; 16] = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?.try_into().ok()?;
        let mut block = bytes.into();
        self.cipher.decrypt_block(&mut block);
        let bytes: [u8; 16] = block.into();
        let [kind, a, b, c, d, 0, 0, 0, 0, 0, 0, 0, b'N', b'O', b'T', b'E'] = bytes else {
            return None;
        };
        let kind = Kind::ALL.into_iter().find(|known| *known as u8 == kind)?;
        Some((kind, u32::from_be_bytes([a, b, c, d])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back_in_its_session_only() {
        let (ours, theirs) = (Ids::new([1; 16]), Ids::new([2; 16]));
        for kind in Kind::ALL {
            let id = ours.write(kind, 123_456);
            assert_eq!(ours.read(&id), Some((kind, 123_456)), "{id}");
            assert_eq!(theirs.read(&id), None, "{id}");
        }
        for garbage in ["", "4#", "37#!!", "37", "4#AAAA"] {
            assert_eq!(ours.read(garbage), None, "{garbage:?}");
        }
    }
}
