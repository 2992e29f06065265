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

impl Site {
    /// Reads the section; `None` where it names no place. What is wrong is said in words.
    pub fn read(section: &Map<String, Value>) -> Result<Option<Self>, String> {
        let place: Option<Place> = code(section, "place", &Place::ALL)?;
        let region: Option<Region> = code(section, "region", &Region::ALL)?;
        Ok(place.map(|place| Self { place, region: region.unwrap_or(place.region()) }))
    }
}

fn code<T: DeserializeOwned + Serialize>(
    section: &Map<String, Value>,
    key: &str,
    known: &[T],
) -> Result<Option<T>, String> {
    let Some(found) = section.get(key).filter(|value| !value.is_null()) else { return Ok(None) };
    serde_json::from_value(found.clone()).map(Some).map_err(|_| {
        let known = known.iter().filter_map(|one| serde_json::to_value(one).ok());
        let known: Vec<_> = known.filter_map(|one| one.as_str().map(str::to_owned)).collect();
        format!("schedule.school.{key}: expected one of {}, found {found}", known.join(", "))
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
            (json!({"place": "zone-d"}), "schedule.school.place: expected one of zone-a, "),
            (json!({"place": 3}), "found 3"),
            (json!({"place": "zone-b", "region": "alsace"}), "alsace-moselle"),
        ] {
            let found = read(value).unwrap_err();
            assert!(found.contains(wanted), "{found}");
        }
    }
}
