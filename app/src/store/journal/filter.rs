//! Which rings are asked for.

use jiff::Timestamp;

use super::JournalEntry;
use crate::engine::{Cause, TriggerId};

/// Which rings are asked for; what is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this trigger.
    pub trigger: Option<TriggerId>,
    /// For this kind of cause: one of [`Cause::KINDS`].
    pub cause: Option<&'static str>,
    /// That ended so: one of `Outcome::KINDS`.
    pub outcome: Option<&'static str>,
    /// Not before this moment.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// With this text in a name, in any case: of the trigger, the sound, the line or the user.
    pub search: Option<String>,
}

impl Filter {
    /// Whether this ring is asked for.
    pub fn takes(&self, entry: &JournalEntry) -> bool {
        let is = |wanted: Option<&str>, found| wanted.is_none_or(|wanted| wanted == found);
        (self.trigger.is_none() || self.trigger == entry.trigger)
            && is(self.cause, entry.cause.kind())
            && is(self.outcome, entry.outcome.kind())
            && self.is_then(entry)
            && self.search.as_ref().is_none_or(|text| names(text, entry))
    }

    fn is_then(&self, entry: &JournalEntry) -> bool {
        if self.from.is_none() && self.until.is_none() {
            return true;
        }
        // A time that somebody has written by hand is at no time.
        entry.time.parse::<Timestamp>().is_ok_and(|time| {
            self.from.is_none_or(|from| from <= time) && self.until.is_none_or(|until| time < until)
        })
    }
}

fn names(text: &str, entry: &JournalEntry) -> bool {
    let text = text.to_lowercase();
    let by = match &entry.cause {
        Cause::Line { line } | Cause::Serial { line } => line.as_ref(),
        Cause::Api { user } => user.as_str(),
        Cause::Schedule { label, .. } => label.as_str(),
        Cause::Cli => "",
    };
    let trigger = entry.trigger.as_deref().unwrap_or_default();
    let sound = entry.sound.as_deref().unwrap_or_default();
    let mut names = [trigger, &*entry.name, sound, by].into_iter();
    names.any(|name| name.to_lowercase().contains(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> JournalEntry {
        serde_json::from_value(serde_json::json!({
            "id": 7, "time": "2026-09-01T06:00:00.012Z", "trigger": "GPIO23", "name": "Récré",
            "cause": {"kind": "serial", "line": "GPIO24"}, "sound": "bell.mp3", "seconds": 4.5,
            "outcome": "failed", "reason": "no sound output",
        }))
        .unwrap()
    }

    #[test]
    fn a_ring_is_taken_if_all_that_is_asked_is_so() {
        let at = |text: &str| text.parse().ok();
        let search = |text: &str| Filter { search: Some(text.into()), ..Filter::default() };
        for (filter, taken) in [
            (Filter::default(), true),
            (Filter { trigger: "GPIO23".parse().ok(), ..Filter::default() }, true),
            (Filter { trigger: "GPIO24".parse().ok(), ..Filter::default() }, false),
            (Filter { cause: Some("serial"), ..Filter::default() }, true),
            (Filter { cause: Some("line"), ..Filter::default() }, false),
            (Filter { outcome: Some("failed"), ..Filter::default() }, true),
            (Filter { cause: Some("serial"), outcome: Some("played"), ..Filter::default() }, false),
            (Filter { from: at("2026-09-01T06:00:00.012Z"), ..Filter::default() }, true),
            (Filter { from: at("2026-09-01T06:00:00.013Z"), ..Filter::default() }, false),
            (Filter { until: at("2026-09-01T06:00:00.012Z"), ..Filter::default() }, false),
            (Filter { until: at("2026-09-01T06:00:00.013Z"), ..Filter::default() }, true),
            (search("RÉCRÉ"), true),
            (search("bell"), true),
            (search("gpio24"), true),
            (search("chime"), false),
        ] {
            assert_eq!(filter.takes(&entry()), taken, "{filter:?}");
        }
    }

    #[test]
    fn a_ring_without_a_trigger_is_of_none() {
        let entry = JournalEntry { trigger: None, ..entry() };
        assert!(Filter::default().takes(&entry));
        assert!(!Filter { trigger: "GPIO23".parse().ok(), ..Filter::default() }.takes(&entry));
    }
}
