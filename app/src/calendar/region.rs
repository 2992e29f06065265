//! Whose public holidays a school has.
//!

use serde::{Deserialize, Serialize};

use super::Place;

/// A part of France with public holidays of its own. Written by its code, `alsace-moselle`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "each is its own name")]
pub enum Region {
    Metropole,
    AlsaceMoselle,
    Guadeloupe,
    SaintMartin,
    SaintBarthelemy,
    Guyane,
    Martinique,
    Mayotte,
    LaReunion,
    NouvelleCaledonie,
    PolynesieFrancaise,
    SaintPierreEtMiquelon,
    WallisEtFutuna,
}

impl Region {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Metropole,
        Self::AlsaceMoselle,
        Self::Guadeloupe,
        Self::SaintMartin,
        Self::SaintBarthelemy,
        Self::Guyane,
        Self::Martinique,
        Self::Mayotte,
        Self::LaReunion,
        Self::NouvelleCaledonie,
        Self::PolynesieFrancaise,
        Self::SaintPierreEtMiquelon,
        Self::WallisEtFutuna,
    ];

    /// The code that configuration, API and data files use.
    pub fn code(self) -> &'static str {
        match self {
            Self::Metropole => "metropole",
            Self::AlsaceMoselle => "alsace-moselle",
            overseas => overseas.place().map_or("metropole", Place::code),
        }
    }

    /// Its name in French.
    pub fn name(self) -> &'static str {
        match self {
            Self::Metropole => "France métropolitaine",
            Self::AlsaceMoselle => "Alsace et Moselle",
            overseas => overseas.place().map_or("", Place::name),
        }
    }

    /// Its name in English.
    pub fn english(self) -> &'static str {
        match self {
            Self::Metropole => "Mainland France",
            Self::AlsaceMoselle => "Alsace and Moselle",
            overseas => overseas.place().map_or("", Place::english),
        }
    }

    /// The place that has it to itself, overseas.
    fn place(self) -> Option<Place> {
        Place::ALL.into_iter().find(|place| place.region() == self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_has_the_code_that_it_is_written_by() {
        for region in Region::ALL {
            assert_eq!(serde_json::to_value(region).unwrap(), region.code());
            assert!(!region.name().is_empty() && !region.english().is_empty());
        }
    }
}
