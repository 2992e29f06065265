//! The lines of an iCalendar file (RFC 5545): folded, and texts escaped.
//!

/// The longest line, in octets, its end not counted.
const LINE_OCTETS: usize = 75;

/// The lines of a file.
#[derive(Debug, Default)]
pub struct Lines(String);

impl Lines {
    /// Adds a property whose value is as the file wants it.
    pub fn value(&mut self, name: &str, value: &str) {
        let mut octets = 0;
        for c in name.chars().chain([':']).chain(value.chars()) {
            if octets + c.len_utf8() > LINE_OCTETS {
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(c);
            octets += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// Adds a property whose value is text, whoever wrote it.
    pub fn text(&mut self, name: &str, text: &str) {
        let mut value = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '\n' => value.push_str("\\n"),
                '\\' | ';' | ',' => value.extend(['\\', c]),
                // A bare CR would begin a line of its own.
                c if c.is_control() => {}
                c => value.push(c),
            }
        }
        self.value(name, &value);
    }

    /// The file's text.
    pub fn into_file(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> String {
        let mut lines = Lines::default();
        lines.text("SUMMARY", text);
        lines.into_file()
    }

    #[test]
    fn texts_are_escaped() {
        for (text, written) in [
            ("Français", "Français"),
            ("a, b; c\\d: e", "a\\, b\\; c\\\\d: e"),
            ("un\ndeux", "un\\ndeux"),
            ("un\r\nEND:VEVENT\rX:\u{85}\0", "un\\nEND:VEVENTX:"),
            ("", ""),
        ] {
            assert_eq!(file(text), format!("SUMMARY:{written}\r\n"));
        }
    }

    #[test]
    fn long_lines_are_folded_between_characters_and_come_back() {
        for unit in ["a", "é", "😀", "😀   ", " ", "a b", "\u{3000}"] {
            for count in [0, 1, 15, 16, 17, 33, 66, 67, 68, 500] {
                let text = unit.repeat(count);
                let file = file(&text);
                let lines = file.strip_suffix("\r\n").unwrap().split("\r\n");
                assert!(lines.clone().all(|line| line.len() <= LINE_OCTETS), "{unit} {count}");
                let unfolded: String = file.replace("\r\n ", "");
                assert_eq!(unfolded, format!("SUMMARY:{text}\r\n"));
            }
        }
    }
}
