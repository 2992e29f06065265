//! Where a school is, as far as its holidays go: a zone, Corse, a territory.
//!
//! Fifteen places have a calendar of their own: the three zones of the mainland, which the ministry
//! sets, and those that an academy or a territory sets for itself. Saint-Martin and
//! Saint-Barthélemy follow the academy of Guadeloupe but for a few days.

use serde::{Deserialize, Serialize};

use super::Region;

/// A place with school holidays of its own. Written by its code, `zone-a`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "each is its own name; Place::name says it with accents")]
pub enum Place {
    ZoneA,
    ZoneB,
    ZoneC,
    Corse,
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

use Place::{
    Corse, Guadeloupe, Guyane, LaReunion, Martinique, Mayotte, NouvelleCaledonie,
    PolynesieFrancaise, SaintBarthelemy, SaintMartin, SaintPierreEtMiquelon, WallisEtFutuna, ZoneA,
    ZoneB, ZoneC,
};

impl Place {
    /// All of them, the mainland first.
    pub const ALL: [Self; 15] = [
        ZoneA,
        ZoneB,
        ZoneC,
        Corse,
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
    ];

    /// The code that configuration, API and data files use.
    pub const fn code(self) -> &'static str {
        match self {
            ZoneA => "zone-a",
            ZoneB => "zone-b",
            ZoneC => "zone-c",
            Corse => "corse",
            Guadeloupe => "guadeloupe",
            SaintMartin => "saint-martin",
            SaintBarthelemy => "saint-barthelemy",
            Guyane => "guyane",
            Martinique => "martinique",
            Mayotte => "mayotte",
            LaReunion => "la-reunion",
            NouvelleCaledonie => "nouvelle-caledonie",
            PolynesieFrancaise => "polynesie-francaise",
            SaintPierreEtMiquelon => "saint-pierre-et-miquelon",
            WallisEtFutuna => "wallis-et-futuna",
        }
    }

    /// Its name in French.
    pub const fn name(self) -> &'static str {
        match self {
            ZoneA => "Zone A",
            ZoneB => "Zone B",
            ZoneC => "Zone C",
            Corse => "Corse",
            Guadeloupe => "Guadeloupe",
            SaintMartin => "Saint-Martin",
            SaintBarthelemy => "Saint-Barthélemy",
            Guyane => "Guyane",
            Martinique => "Martinique",
            Mayotte => "Mayotte",
            LaReunion => "La Réunion",
            NouvelleCaledonie => "Nouvelle-Calédonie",
            PolynesieFrancaise => "Polynésie française",
            SaintPierreEtMiquelon => "Saint-Pierre-et-Miquelon",
            WallisEtFutuna => "Wallis-et-Futuna",
        }
    }

    /// Its name in English.
    pub const fn english(self) -> &'static str {
        match self {
            Corse => "Corsica",
            Guyane => "French Guiana",
            LaReunion => "Réunion",
            NouvelleCaledonie => "New Caledonia",
            PolynesieFrancaise => "French Polynesia",
            SaintPierreEtMiquelon => "Saint Pierre and Miquelon",
            WallisEtFutuna => "Wallis and Futuna",
            same => same.name(),
        }
    }

    /// The place of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.code() == code)
    }

    /// The IANA name of its time zone. Polynésie has three, and the schools of nearly all of it
    /// are at Tahiti's hour.
    pub const fn time_zone(self) -> &'static str {
        match self {
            ZoneA | ZoneB | ZoneC | Corse => "Europe/Paris",
            Guadeloupe => "America/Guadeloupe",
            SaintMartin => "America/Marigot",
            SaintBarthelemy => "America/St_Barthelemy",
            Guyane => "America/Cayenne",
            Martinique => "America/Martinique",
            Mayotte => "Indian/Mayotte",
            LaReunion => "Indian/Reunion",
            NouvelleCaledonie => "Pacific/Noumea",
            PolynesieFrancaise => "Pacific/Tahiti",
            SaintPierreEtMiquelon => "America/Miquelon",
            WallisEtFutuna => "Pacific/Wallis",
        }
    }

    /// Whose public holidays it has. A school of Alsace or Moselle says so itself: zone B is wider.
    pub const fn region(self) -> Region {
        match self {
            ZoneA | ZoneB | ZoneC | Corse => Region::Metropole,
            Guadeloupe => Region::Guadeloupe,
            SaintMartin => Region::SaintMartin,
            SaintBarthelemy => Region::SaintBarthelemy,
            Guyane => Region::Guyane,
            Martinique => Region::Martinique,
            Mayotte => Region::Mayotte,
            LaReunion => Region::LaReunion,
            NouvelleCaledonie => Region::NouvelleCaledonie,
            PolynesieFrancaise => Region::PolynesieFrancaise,
            SaintPierreEtMiquelon => Region::SaintPierreEtMiquelon,
            WallisEtFutuna => Region::WallisEtFutuna,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn every_place_is_found_by_the_code_that_it_is_written_by() {
        for place in Place::ALL {
            assert_eq!(Place::of_code(place.code()), Some(place));
            assert_eq!(serde_json::to_value(place).unwrap(), place.code());
        }
        assert_eq!(Place::of_code("zone-d"), None);
    }

    #[test]
    fn every_time_zone_is_in_the_program() {
        for place in Place::ALL {
            assert!(TimeZone::get(place.time_zone()).is_ok(), "{place:?}");
        }
    }
}
