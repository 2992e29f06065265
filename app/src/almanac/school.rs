//! The days off of the school that the tables are of.
//!

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::Known;
use crate::{
    calendar::{DaysOff, Holidays, Kind, Site},
    schedule::{self, DayOff, DayOffKind, Words},
};

/// The days off of one school; none where conf.json does not say where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolDays(Option<DaysOff>);

impl SchoolDays {
    /// Those of `schedule.school` of conf.json.
    ///
    /// # Errors
    /// It names no place or region that there is; says which there are.
    pub fn of(school: &Map<String, Value>, holidays: &Holidays) -> Result<Self, String> {
        let site = Site::read(school).map_err(|unknown| unknown.to_string())?;
        Ok(Self(site.map(|site| DaysOff::new(holidays, site.place, site.region))))
    }

    /// Those of the school as far as is known, and what there is to say of them, a sentence each.
    /// None are where conf.json names a place that there is not.
    pub fn known(school: &Map<String, Value>, known: &Known) -> (Self, Vec<String>) {
        let mut notes = known.notes.clone();
        let days = Self::of(school, &known.holidays).unwrap_or_else(|wrong| {
            notes.push(format!("conf.json: {wrong}; no day is off"));
            Self::none()
        });
        (days, notes)
    }

    /// No day is off.
    pub const fn none() -> Self {
        Self(None)
    }
}

impl schedule::DaysOff for SchoolDays {
    fn day_off(&self, date: Date) -> Option<DayOff> {
        let off = self.0.as_ref()?.day_off(date)?;
        let kind = match off.kind {
            Kind::SchoolHoliday => DayOffKind::SchoolHoliday,
            Kind::PublicHoliday => DayOffKind::PublicHoliday,
        };
        Some(DayOff { label: Words { en: off.label_en, fr: off.label_fr }, kind })
    }

    fn is_off(&self, date: Date) -> bool {
        self.0.as_ref().is_some_and(|days| days.is_off(date))
    }

    fn known_until(&self) -> Option<Date> {
        self.0.as_ref()?.valid_until()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use schedule::DaysOff as _;
    use serde_json::json;

    use super::*;

    fn of(school: &Value) -> Result<SchoolDays, String> {
        SchoolDays::of(school.as_object().unwrap(), &Holidays::bundled())
    }

    #[test]
    fn a_school_has_the_days_off_of_its_place() {
        let days = of(&json!({ "place": "zone-b" })).unwrap();
        let off = days.day_off(date(2026, 12, 25)).unwrap();
        assert_eq!((&*off.label.fr, off.kind), ("Noël", DayOffKind::PublicHoliday));
        let off = days.day_off(date(2026, 12, 24)).unwrap();
        assert_eq!(off.kind, DayOffKind::SchoolHoliday);
        assert_eq!(days.day_off(date(2026, 12, 1)), None);
        assert!(days.known_until() > Some(date(2027, 7, 1)));
    }

    #[test]
    fn a_school_that_says_not_where_it_is_has_none() {
        let days = of(&json!({})).unwrap();
        assert_eq!((days.day_off(date(2026, 12, 25)), days.known_until()), (None, None));
        assert_eq!(days, SchoolDays::none());
        assert!(of(&json!({ "place": "zone-d" })).unwrap_err().contains("zone-d"));
    }
}
