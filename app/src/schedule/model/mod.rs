//! What the school has written down: the section `schedule` of conf.json, typed.
//!
//! Serialised, each type is what conf.json holds; the store reads them back, and says what is wrong.

mod calendar;
mod change;
pub(super) mod clock;
mod day_type;
mod listed;
mod name;
mod rota;
mod zone;

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

pub use calendar::{Entry, EntryDay};
pub use change::{Change, ChangeKind};
pub use clock::{Span, parse_time, written_time};
pub use day_type::{Colour, DayType, WrittenBell};
pub use listed::{LeftOut, Listed};
pub use name::{DayTypeId, InvalidDayTypeId};
pub use rota::{Cycle, Rota, Turn, WEEKDAYS, WeekTemplate, Weeks, weekday_name};
pub use zone::{UnknownZone, Zone};

/// Everything that decides when a bell rings by itself.
#[derive(Debug, Clone, PartialEq, Default, Serialize, ToSchema)]
pub struct Schedule {
    /// The zone in which the school's hours are written: an IANA name, `Europe/Paris`.
    #[schema(value_type = String, example = "Europe/Paris")]
    pub time_zone: Zone,
    /// Where the school is, as far as days off go. Whoever knows days off reads it; here it is kept
    /// as it is written.
    #[schema(value_type = Object)]
    pub school: serde_json::Map<String, serde_json::Value>,
    /// The kinds of days.
    #[schema(value_type = std::collections::HashMap<String, DayType>)]
    pub day_types: BTreeMap<DayTypeId, DayType>,
    /// Which day type a day has where nothing else is said: one of the keys `weeks` and `cycle`.
    #[serde(flatten)]
    pub rota: Rota,
    /// What is otherwise on single days and ranges of days.
    #[schema(value_type = Vec<Entry>)]
    pub calendar: Listed<Entry>,
    /// What was changed for one date, in the order in which it was.
    #[schema(value_type = Vec<Change>)]
    pub changes: Listed<Change>,
}
