//! iCalendar files (RFC 5545), as far as calendars of days off and events go.
//!

use super::Unreadable;

/// A calendar: its name and its events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    /// `X-WR-CALNAME`, or nothing.
    pub name: String,
    /// Its events, alarms and time zones left out.
    pub events: Vec<Event>,
}

/// An event: its lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Event(Vec<Line>);

/// A line: `DTSTART;TZID=Europe/Paris:20261017T080000`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    name: String,
    parameters: String,
    value: String,
}

/// The most events that are looked at.
const MAX_EVENTS: usize = 20_000;

/// Reads a calendar.
pub fn calendar(text: &str) -> Result<Calendar, Unreadable> {
    let mut calendar = Calendar::default();
    // The components that a line is in, outermost first.
    let mut within: Vec<String> = Vec::new();
    let mut event = Event::default();
    for (number, line) in unfolded(text) {
        let Some(line) = Line::of(&line) else {
            return Err(Unreadable::new(format!("line {number}: expected NAME:value")));
        };
        let inside: Vec<_> = within.iter().map(String::as_str).collect();
        match (line.name.as_str(), inside.as_slice()) {
            ("BEGIN", _) => within.push(line.value.to_ascii_uppercase()),
            ("END", [.., last]) if line.value.eq_ignore_ascii_case(last) => {
                if inside == ["VCALENDAR", "VEVENT"] {
                    calendar.events.push(std::mem::take(&mut event));
                }
                within.pop();
            }
            ("END", _) => {
                return Err(Unreadable::new(format!(
                    "line {number}: END:{} ends nothing",
                    line.value
                )));
            }
            ("X-WR-CALNAME", ["VCALENDAR"]) => calendar.name = unescaped(&line.value),
            (_, ["VCALENDAR", "VEVENT"]) => event.0.push(line),
            _ => {}
        }
        if calendar.events.len() > MAX_EVENTS || within.len() > 8 {
            return Err(Unreadable::new(format!("more than {MAX_EVENTS} events")));
        }
    }
    match within.last() {
        Some(open) => Err(Unreadable::new(format!("{open} has no end: the file is cut short"))),
        None => Ok(calendar),
    }
}

impl Event {
    /// The value of a property as it stands, without its parameters; nothing where there is none.
    pub fn raw(&self, name: &str) -> &str {
        self.line(name).map_or("", |line| &line.value)
    }

    /// A text of it, as it is meant.
    pub fn text(&self, name: &str) -> String {
        unescaped(self.raw(name))
    }

    /// A parameter of a property: `TZID` of `DTSTART`.
    pub fn parameter(&self, name: &str, parameter: &str) -> Option<String> {
        let parameters = &self.line(name)?.parameters;
        parameters.split(';').find_map(|one| {
            let (key, value) = one.split_once('=')?;
            key.eq_ignore_ascii_case(parameter).then(|| value.trim_matches('"').to_owned())
        })
    }

    /// Whether it has such a property.
    pub fn has(&self, name: &str) -> bool {
        self.line(name).is_some()
    }

    /// What of its identifier is before the host: `20260918T084701Z-Zone-A`.
    pub fn identity(&self) -> String {
        self.raw("UID").split('@').next().unwrap_or_default().to_owned()
    }

    fn line(&self, name: &str) -> Option<&Line> {
        self.0.iter().find(|line| line.name == name)
    }
}

impl Line {
    fn of(line: &str) -> Option<Self> {
        let mut quoted = false;
        let colon = line.find(|letter| {
            quoted ^= letter == '"';
            letter == ':' && !quoted
        })?;
        let (head, value) = line.split_at_checked(colon)?;
        let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
        Some(Self {
            name: name.trim().to_ascii_uppercase(),
            parameters: parameters.to_owned(),
            value: value.strip_prefix(':')?.trim_end().to_owned(),
        })
    }
}

/// Lines with their numbers, those put together that were folded (RFC 5545, 3.1).
fn unfolded(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some((_, last))) => last.push_str(rest),
            _ if line.trim().is_empty() => {}
            _ => lines.push((number, line.to_owned())),
        }
    }
    lines
}

/// RFC 5545, 3.3.11.
fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') => plain.push('\n'),
                Some(other) => plain.push(other),
                None => {}
            },
            letter => plain.push(letter),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_unfolded_and_texts_are_meant() {
        let text = "BEGIN:VCALENDAR\r\nX-WR-CALNAME:Cal\\, 1\r\nBEGIN:VTIMEZONE\r\nTZID:x\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nDTSTART;TZID=\"Europe/Paris\";X=1:20261017T0800\r\n 00\r\nsummary;LANGUAGE=fr:Sortie\\; au mu\r\n\tsée\r\nBEGIN:VALARM\r\nSUMMARY:no\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let calendar = calendar(text).unwrap();
        let [event] = calendar.events.as_slice() else { panic!("{calendar:?}") };
        assert_eq!(calendar.name, "Cal, 1");
        assert_eq!(event.text("SUMMARY"), "Sortie; au musée");
        assert_eq!(event.raw("DTSTART"), "20261017T080000");
        assert_eq!(event.parameter("DTSTART", "tzid").as_deref(), Some("Europe/Paris"));
        assert!(!event.has("RRULE"));
    }

    #[test]
    fn a_broken_calendar_is_refused() {
        for (text, wanted) in [
            ("BEGIN:VCALENDAR\nno colon", "line 2"),
            ("BEGIN:VCALENDAR\nEND:VEVENT", "ends nothing"),
            ("BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "VEVENT has no end"),
        ] {
            let found = calendar(text).unwrap_err().to_string();
            assert!(found.contains(wanted), "{found}");
        }
    }
}
