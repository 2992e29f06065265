//! Days off: what this room asks of a school calendar.
//!

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::Words;

/// A day on which the tables do not ring by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DayOff {
    /// What people call it: `All Saints’ holidays`, `Vacances de la Toussaint`.
    pub label: Words,
    /// What makes it a day off.
    pub kind: DayOffKind,
}

/// What makes a day off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayOffKind {
    /// School holidays.
    SchoolHoliday,
    /// A public holiday.
    PublicHoliday,
    /// Another day without school: a bridge, a closure.
    Closed,
}

/// The days off of one school. A look-up is asked for thousands of dates in a row: it is to be a
/// search in memory.
pub trait DaysOff {
    /// Why a date is a day off; `None` where it is not, or where nothing is known of it.
    fn day_off(&self, date: Date) -> Option<DayOff>;

    /// Whether it is: as [`Self::day_off`] says, without the words.
    fn is_off(&self, date: Date) -> bool {
        self.day_off(date).is_some()
    }

    /// The last date of which school holidays are known; `None` where there is no such end.
    fn known_until(&self) -> Option<Date>;
}

/// No day is off: a school that writes all of them into its own calendar.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoDaysOff;

impl DaysOff for NoDaysOff {
    fn day_off(&self, _: Date) -> Option<DayOff> {
        None
    }

    fn known_until(&self) -> Option<Date> {
        None
    }
}

impl<T: DaysOff + ?Sized> DaysOff for &T {
    fn day_off(&self, date: Date) -> Option<DayOff> {
        (**self).day_off(date)
    }

    fn is_off(&self, date: Date) -> bool {
        (**self).is_off(date)
    }

    fn known_until(&self) -> Option<Date> {
        (**self).known_until()
    }
}

impl<T: DaysOff + ?Sized> DaysOff for std::sync::Arc<T> {
    fn day_off(&self, date: Date) -> Option<DayOff> {
        (**self).day_off(date)
    }

    fn is_off(&self, date: Date) -> bool {
        (**self).is_off(date)
    }

    fn known_until(&self) -> Option<Date> {
        (**self).known_until()
    }
}
