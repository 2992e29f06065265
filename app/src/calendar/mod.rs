//! The French school calendar, offline: holidays of every place, public ones.
//!
//! The room does no i/o and reads no clock: bytes and days come in. What ships is in
//! `data/calendar`; an official file that is uploaded or fetched replaces it place by place
//! ([`Holidays::merge`]). A day is asked of a [`DaysOff`].

mod academies;
mod days_off;
mod holidays;
mod ical;
mod import;
mod official;
mod place;
mod public;
mod published;
mod region;
mod site;
mod sources;
mod text;

pub use academies::{Found, of_academy, of_department, of_postal_code};
pub use days_off::{DayOff, DaysOff, Kind};
pub use holidays::Holidays;
pub use import::{Imported, SchoolEvent, import};
pub use official::{Form, MAX_BYTES, Read, read};
pub use place::Place;
pub use public::{PublicHoliday, easter, public_holiday, public_holidays};
pub use published::Published;
pub use region::Region;
pub use site::{Site, UnknownSite};
pub use sources::{SHIPPED_ON, SOURCES, source_names};
pub use text::Unreadable;
