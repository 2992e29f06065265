//! The zone of the school's clocks.
//!

use std::fmt;

use jiff::tz::TimeZone;
use serde::{Serialize, Serializer};

/// A zone of the IANA database that is built in: what the system knows of zones does not count.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone(TimeZone);

/// Why a text is no zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no time zone {0:?}: wanted an IANA name such as \"Europe/Paris\"")]
pub struct UnknownZone(pub String);

impl Zone {
    /// Where most of our schools are.
    pub const DEFAULT: &str = "Europe/Paris";

    /// The zone of this IANA name.
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        let zone = TimeZone::get(name).map_err(|_| UnknownZone(name.into()))?;
        // jiff's word for "I do not know" would ring at the wrong hour.
        let known = zone.iana_name().is_some() && !zone.is_unknown();
        known.then_some(Self(zone)).ok_or_else(|| UnknownZone(name.into()))
    }

    /// Its rules.
    pub fn rules(&self) -> &TimeZone {
        &self.0
    }

    /// Its IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or(Self::DEFAULT)
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self::named(Self::DEFAULT).expect("it is in the database that is built in")
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
