//! The section `school_calendar`: from where a fresh one is fetched.
//!

use std::fmt;

use url::Url;

use super::fields::Fields;
use crate::calendar::Place;

/// Where a fresh school calendar is fetched from.
#[derive(Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The address of an official file.
    pub url: Url,
    /// The place of an iCalendar file that names none.
    pub place: Option<Place>,
}

impl Subscription {
    /// The most letters of an address.
    pub const LETTERS: usize = 2000;

    /// The address that a text is; whether the box goes there is judged when it does.
    pub fn address(text: &str) -> Option<Url> {
        let url: Url = Some(text).filter(|text| text.len() <= Self::LETTERS)?.parse().ok()?;
        (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
    }

    /// The address as others may see it: a secret is in the query, if anywhere.
    pub fn shown(&self) -> String {
        let mut url = self.url.clone();
        if url.query().is_some() {
            url.set_query(Some("***"));
        }
        url.into()
    }
}

/// Reads the section `school_calendar`; `Some(None)`: nowhere.
pub fn read(fields: &mut Fields<'_>) -> Option<Option<Subscription>> {
    let expected = "the https address of an official file";
    let url = fields.optional("url", expected, |value| Subscription::address(value.as_str()?));
    let expected = format!("one of {}", Place::ALL.map(Place::code).join(", "));
    let place = fields.optional("place", &expected, |value| Place::of_code(value.as_str()?));
    Some(url.map(|url| Subscription { url, place }))
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, .. } = self;
        f.debug_struct("Subscription").field("url", &self.shown()).field("place", place).finish()
    }
}
