//! What somebody should look at, in words.
//!

use super::{Words, date};
use crate::schedule::{model::written_time, warnings::Warning};

impl Warning {
    /// What somebody should look at, as a sentence.
    pub fn words(&self) -> Words {
        match self {
            Self::CloseBells { first, second, .. } => Words::new(
                format!("Two bells within a minute: {first} and {second}"),
                format!("Deux sonneries en moins d’une minute : {first} et {second}"),
            ),
            Self::LongSound { trigger, seconds, gap_seconds, date: day, time } => {
                let (day, time) = (date(*day), written_time(*time));
                Words::new(
                    format!(
                        "{}, {time}: {trigger} rings for {seconds} s, and the next bell comes after {gap_seconds} s",
                        day.en
                    ),
                    format!(
                        "{}, {time} : {trigger} sonne {seconds} s, et la sonnerie suivante vient après {gap_seconds} s",
                        day.fr
                    ),
                )
            }
            Self::NoBells { day_type } => Words::new(
                format!("Day type {day_type} has no bells"),
                format!("La journée type {day_type} n’a pas de sonnerie"),
            ),
            Self::Unused { day_type } => Words::new(
                format!("Day type {day_type} is used by no week and no calendar entry"),
                format!("La journée type {day_type} ne sert ni à une semaine ni au calendrier"),
            ),
            Self::BellLeftOut { day_type, why } => Words::new(
                format!("Day type {day_type}: a bell is left out: {why}"),
                format!("Journée type {day_type} : une sonnerie est laissée de côté : {why}"),
            ),
            Self::LeftOut { why } => {
                Words::new(format!("Left out: {why}"), format!("Laissé de côté : {why}"))
            }
            Self::NoTrigger { trigger, date: day } => {
                let day = date(*day);
                Words::new(
                    format!(
                        "There is no trigger {trigger}: from {} on its bells are silent",
                        day.en
                    ),
                    format!(
                        "Il n’y a pas de déclencheur {trigger} : à partir du {}, ses sonneries se taisent",
                        day.fr
                    ),
                )
            }
            Self::NoDayType { day_type, date: day } => {
                let day = date(*day);
                Words::new(
                    format!("There is no day type {day_type}: {} is silent", day.en),
                    format!(
                        "Il n’y a pas de journée type {day_type} : le {} est silencieux",
                        day.fr
                    ),
                )
            }
            Self::NoWeek { monday } => {
                let monday = date(*monday);
                Words::new(
                    format!(
                        "Nothing says of which kind the week of {} is: it is silent",
                        monday.en
                    ),
                    format!(
                        "Rien ne dit quelle est la semaine du {} : elle est silencieuse",
                        monday.fr
                    ),
                )
            }
            Self::NoPlace => Words::new(
                "Nothing says where the school is: holidays ring like school days",
                "Rien ne dit où est l’établissement : les vacances sonnent comme des jours de classe",
            ),
            Self::DaysOffEnd { last } => {
                let last = date(*last);
                Words::new(
                    format!("School holidays are known until {} only", last.en),
                    format!("Les vacances scolaires ne sont connues que jusqu’au {}", last.fr),
                )
            }
        }
    }
}
