//! Frames of a serial board: lines of text, byte by byte.
//!
//! Pure. `GPIO23` is a press that the board saw whole; `GPIO23 1`, `GPIO23=1`, `GPIO23:1` say that
//! the line is active, with 0 that it is not. Case and surrounding blanks do not matter. A line ends
//! with `\n` or `\r\n`.

use beffroi_hal::{LineId, State};
use heapless::Vec;

/// The longest line, without its end.
const LONGEST: usize = 64;

/// What one line of text said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Frame {
    /// A press, seen whole.
    Press(LineId),
    /// Where a line rests now.
    Level(LineId, State),
    /// Nothing that a board would say.
    Garbage,
}

/// The line of text that is not finished yet.
#[derive(Debug, Default)]
pub(super) struct Frames {
    line: Vec<u8, LONGEST>,
    /// The line is too long already: the rest of it goes where its beginning went.
    overlong: bool,
}

impl Frames {
    /// Takes one byte in. What the line said, where this byte ends one.
    pub(super) fn push(&mut self, byte: u8) -> Option<Frame> {
        if byte != b'\n' {
            self.overlong |= self.line.push(byte).is_err();
            return None;
        }
        let frame = if self.overlong { None } else { parse(&self.line) };
        self.clear();
        Some(frame.unwrap_or(Frame::Garbage))
    }

    /// Whether a line has begun and not ended.
    pub(super) fn is_unfinished(&self) -> bool {
        !self.line.is_empty()
    }

    /// Forgets the line that has begun.
    pub(super) fn clear(&mut self) {
        self.line.clear();
        self.overlong = false;
    }
}

fn parse(line: &[u8]) -> Option<Frame> {
    let text = str::from_utf8(line).ok()?.trim_ascii();
    let Some(end) = text.find([' ', '\t', '=', ':']) else {
        return Some(Frame::Press(text.parse().ok()?));
    };
    let (name, rest) = text.split_at_checked(end)?;
    let rest = rest.trim_ascii_start();
    let level = rest.strip_prefix(['=', ':']).unwrap_or(rest).trim_ascii_start();
    let state = match level {
        "1" => State::Active,
        "0" => State::Inactive,
        _ => return None,
    };
    Some(Frame::Level(name.parse().ok()?, state))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Frame::{Garbage, Level, Press};
    use State::{Active, Inactive};

    fn frames(bytes: &[u8]) -> std::vec::Vec<Frame> {
        let mut frames = Frames::default();
        bytes.iter().filter_map(|byte| frames.push(*byte)).collect()
    }

    fn id(name: &str) -> LineId {
        name.parse().unwrap()
    }

    #[test]
    fn what_boards_say() {
        let line = || id("GPIO23");
        for (text, frame) in [
            ("GPIO23\n", Press(line())),
            ("gpio23\r\n", Press(line())),
            ("  Gpio23\t\n", Press(line())),
            ("GPIO23 1\n", Level(line(), Active)),
            ("GPIO23 0\r\n", Level(line(), Inactive)),
            ("GPIO23=1\n", Level(line(), Active)),
            ("GPIO23:0\n", Level(line(), Inactive)),
            ("gpio23 = 1 \n", Level(line(), Active)),
            ("GPIO23\t1\n", Level(line(), Active)),
            ("door.left_2-b\n", Press(id("DOOR.LEFT_2-B"))),
            ("\n", Garbage),
            ("\r\n", Garbage),
            ("GPIO23 2\n", Garbage),
            ("GPIO23 11\n", Garbage),
            ("GPIO23=\n", Garbage),
            ("GPIO23 == 1\n", Garbage),
            ("GPIO23 1 0\n", Garbage),
            ("= 1\n", Garbage),
            ("GPIO23\rGPIO24\n", Garbage),
            ("GPIO 23\n", Garbage),
            ("GPIO23\u{e9} 1\n", Garbage),
            ("this name is far too long for any line\n", Garbage),
        ] {
            assert_eq!(frames(text.as_bytes()), [frame], "{text:?}");
        }
    }

    #[test]
    fn garbage_costs_only_its_own_line() {
        let bytes = b"\x00\xff\xfe\x1b[2J\nGPIO1\n\xc3\x28 1\nGPIO2 1\n";
        let expected = [Garbage, Press(id("GPIO1")), Garbage, Level(id("GPIO2"), Active)];
        assert_eq!(frames(bytes), expected);
    }

    #[test]
    fn an_overlong_line_is_dropped_whole_and_counted_once() {
        let padded = |n: usize| [&b" ".repeat(n - 5)[..], b"GPIO1\n"].concat();
        assert_eq!(frames(&padded(LONGEST)), [Press(id("GPIO1"))]);
        assert_eq!(frames(&padded(LONGEST + 1)), [Garbage]);
        let endless = [&b"GPIO9 ".repeat(10_000)[..], b"1\nGPIO1\n"].concat();
        assert_eq!(frames(&endless), [Garbage, Press(id("GPIO1"))]);
    }

    #[test]
    fn no_bytes_whatsoever_are_a_fault() {
        // Each pair of bytes, alone and around a name: everything ends, and the next line counts.
        for pair in 0..=u16::MAX {
            let [a, b] = pair.to_le_bytes();
            let said = frames(&[a, b, b'X', a, b, b'\n', b'A', b'\n']);
            assert_eq!(said.last(), Some(&Press(id("A"))), "{a} {b}");
        }
    }
}
