//! Where a fresh school calendar is fetched from, written into conf.json.
//!

use serde_json::json;

use super::{
    ChangeError, FieldError, Store,
    change::merge,
    conf::{Document, Subscription},
};

impl Store {
    /// Has a fresh school calendar fetched from there, or from nowhere. Keys that nobody knows stay.
    pub fn subscribe(&self, to: Option<&Subscription>) -> Result<(), ChangeError> {
        const SECTION: &str = "school_calendar";
        let set = |document: &mut Document| {
            let (url, place) = (to.map(|to| to.url.as_str()), to.and_then(|to| to.place));
            let section = document.entry(SECTION).or_insert_with(|| json!({}));
            merge(section, &json!({ "url": url, "place": place }));
            if section.as_object().is_some_and(Document::is_empty) {
                document.shift_remove(SECTION);
            }
            Ok(())
        };
        self.change(set, |_, after| {
            let wrong = after.problems.iter().filter(|problem| problem.is_error());
            let wrong = wrong.filter_map(|problem| Some((problem.below(SECTION)?, problem))).next();
            wrong.map_or(Ok(()), |(field, problem)| {
                Err(FieldError { field: field.into(), message: problem.message.clone() })
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::Value;
    use tempfile::TempDir;

    use super::*;
    use crate::calendar::Place;

    #[test]
    fn a_subscription_is_written_and_taken_away_and_other_keys_stay() {
        let data = TempDir::new().unwrap();
        let file = data.path().join("conf.json");
        let section = |conf: &Value| conf.get("school_calendar").cloned();
        let written = || section(&serde_json::from_slice(&fs::read(&file).unwrap()).unwrap());
        let url = Subscription::address("https://example.org/Zone-B.ics?a=1").unwrap();
        let to = Subscription { url, place: Some(Place::ZoneB) };
        for (before, kept) in
            [(json!({}), None), (json!({ "note": 1 }), Some(json!({ "note": 1 })))]
        {
            let conf = json!({ "triggers": {}, "school_calendar": before });
            fs::write(&file, conf.to_string()).unwrap();
            let store = Store::open(data.path()).unwrap();
            store.subscribe(Some(&to)).unwrap();
            assert_eq!(store.conf().school_calendar.as_ref(), Some(&to));
            let now = written().unwrap();
            assert_eq!((&now["url"], &now["place"]), (&json!(to.url.as_str()), &json!("zone-b")));
            store.subscribe(None).unwrap();
            assert_eq!((store.conf().school_calendar.clone(), written()), (None, kept));
        }
    }

    #[test]
    fn what_is_no_address_is_named_and_nothing_is_fetched() {
        let data = TempDir::new().unwrap();
        for (section, path) in [
            (json!({ "url": "ftp://example.org/" }), "school_calendar.url"),
            (json!({ "url": "Zone-A.ics" }), "school_calendar.url"),
            (json!({ "url": "https://a.fr/", "place": "zone-d" }), "school_calendar.place"),
        ] {
            let conf = json!({ "triggers": {}, "school_calendar": section });
            fs::write(data.path().join("conf.json"), conf.to_string()).unwrap();
            let store = Store::open(data.path()).unwrap();
            assert_eq!(store.conf().school_calendar, None);
            assert!(store.problems().iter().any(|problem| problem.path == path), "{section}");
        }
    }
}
