//! Where a school is, as conf.json says it.
//!

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{Place, Region};

/// A school's place and whose public holidays it has: `schedule.school` of conf.json,
/// `{"place": "zone-b", "region": "alsace-moselle"}`. Without `region` it is the place's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Site {
    /// Whose school holidays it has.
    pub place: Place,
    /// Whose public holidays it has.
    pub region: Region,
}

/// A place or a region that there is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("schedule.school.{key}: {message}")]
pub struct UnknownSite {
    /// `place` or `region`.
    pub key: &'static str,
    /// What was found, and what there is.
    pub message: String,
}

impl Site {
    /// Reads the section; `None` where it names no place. What is wrong is said in words.
    pub fn read(section: &Map<String, Value>) -> Result<Option<Self>, UnknownSite> {
        let place: Option<Place> = code(section, "place", &Place::ALL)?;
        let region: Option<Region> = code(section, "region", &Region::ALL)?;
        Ok(place.map(|place| Self { place, region: region.unwrap_or(place.region()) }))
    }
}

fn code<T: DeserializeOwned + Serialize>(
    section: &Map<String, Value>,
    key: &'static str,
    known: &[T],
) -> Result<Option<T>, UnknownSite> {
    let Some(found) = section.get(key).filter(|value| !value.is_null()) else { return Ok(None) };
    serde_json::from_value(found.clone()).map(Some).map_err(|_| {
        let known = known.iter().filter_map(|one| serde_json::to_value(one).ok());
        let known: Vec<_> = known.filter_map(|one| one.as_str().map(str::to_owned)).collect();
        // The text may be anybody's: it is cut, and stands in quotes.
        let found: String = found.to_string().chars().take(60).collect();
        let message = format!("found {found}, expected one of {}", known.join(", "));
        UnknownSite { key, message }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_school_says_where_it_is() {
        let read = |value: Value| Site::read(value.as_object().unwrap());
        let site = |place, region| Ok(Some(Site { place, region }));
        assert_eq!(read(json!({})), Ok(None));
        assert_eq!(read(json!({"place": null, "other": 1})), Ok(None));
        assert_eq!(read(json!({"place": "guyane"})), site(Place::Guyane, Region::Guyane));
        assert_eq!(
            read(json!({"place": "zone-b", "region": "alsace-moselle"})),
            site(Place::ZoneB, Region::AlsaceMoselle)
        );
        for (value, wanted) in [
            (
                json!({"place": "zone-d"}),
                "schedule.school.place: found \"zone-d\", expected one of zone-a, ",
            ),
            (json!({"place": 3}), "found 3"),
            (json!({"place": "zone-b", "region": "alsace"}), "alsace-moselle"),
        ] {
            let found = read(value).unwrap_err().to_string();
            assert!(found.contains(wanted), "{found}");
        }
    }
}
