//! What is otherwise in a schedule, in words.
//!

use super::{Words, counted, date, weekday};
use crate::schedule::diff::Difference;

impl Difference {
    /// What is otherwise, as a sentence.
    pub fn words(&self) -> Words {
        match self {
            Self::Zone(zone) => both(zone, "The time zone is", "Le fuseau horaire est"),
            Self::School => {
                Words::new("The school’s place is another", "Le lieu de l’école change")
            }
            Self::DayTypeAdded(name, bells) => {
                let bells = counted(
                    i64::try_from(*bells).unwrap_or(i64::MAX),
                    Words { en: "bell", fr: "sonnerie" },
                    Words { en: "bells", fr: "sonneries" },
                );
                Words::new(
                    format!("New day type “{name}”, {}", bells.en),
                    format!("Nouvelle journée type « {name} », {}", bells.fr),
                )
            }
            Self::DayTypeRemoved(name) => Words::new(
                format!("Day type “{name}” is gone"),
                format!("La journée type « {name} » disparaît"),
            ),
            Self::DayTypeRenamed(was, is) => Words::new(
                format!("Day type “{was}” is now called “{is}”"),
                format!("La journée type « {was} » s’appelle « {is} »"),
            ),
            Self::DayTypeColour(name) => Words::new(
                format!("Day type “{name}” has another colour"),
                format!("La journée type « {name} » change de couleur"),
            ),
            Self::BellAdded(name, bell) => {
                let bell = bell.words();
                Words::new(
                    format!("“{name}”: one more bell, {}", bell.en),
                    format!("« {name} » : une sonnerie de plus, {}", bell.fr),
                )
            }
            Self::BellRemoved(name, bell) => {
                let bell = bell.words();
                Words::new(
                    format!("“{name}”: one bell less, {}", bell.en),
                    format!("« {name} » : une sonnerie de moins, {}", bell.fr),
                )
            }
            Self::BellChanged(name, was, is) => {
                let (old, new) = (was.words(), is.words());
                let late = |text: String| match was.late_seconds == is.late_seconds {
                    true => text,
                    false => format!("{text} (≤ {} s)", is.late_seconds),
                };
                Words::new(
                    late(format!("“{name}”: {} becomes {}", old.en, new.en)),
                    late(format!("« {name} » : {} devient {}", old.fr, new.fr)),
                )
            }
            _ => self.of_days(),
        }
    }

    fn of_days(&self) -> Words {
        match self {
            Self::Rota => Words::new(
                "The weeks, or the cycle of days, are others",
                "Les semaines, ou le cycle de jours, changent",
            ),
            Self::Turn => {
                Words::new("The weeks take turns otherwise", "L’alternance des semaines change")
            }
            Self::WeekAdded(name) => both(name, "New kind of week:", "Nouvelle semaine type :"),
            Self::WeekRemoved(name) => {
                both(name, "One kind of week less:", "Une semaine type de moins :")
            }
            Self::WeekDay(week, day, day_type) => {
                let day = weekday(*day);
                let (en, fr) = match day_type {
                    Some(name) => (format!("“{name}”"), format!("« {name} »")),
                    None => ("without bells".to_owned(), "sans sonnerie".to_owned()),
                };
                let week = |of: &str| match &**week {
                    "" => String::new(),
                    week => format!(" {of} {week}"),
                };
                Words::new(
                    format!("{}{} is now {en}", day.en, week("of week")),
                    format!("Le {}{} est désormais {fr}", day.fr, week("de la semaine")),
                )
            }
            Self::Assigned(monday, week) => {
                let monday = date(*monday);
                match week {
                    Some(week) => Words::new(
                        format!("The week of {} is set to {week}", monday.en),
                        format!("La semaine du {} est fixée à {week}", monday.fr),
                    ),
                    None => Words::new(
                        format!("The week of {} is no longer set by hand", monday.en),
                        format!("La semaine du {} n’est plus fixée à la main", monday.fr),
                    ),
                }
            }
            Self::EntryAdded(entry) => of(&entry.words(), "In the calendar,", "Au calendrier,"),
            Self::EntryRemoved(entry) => {
                of(&entry.words(), "No longer in the calendar:", "Ôté du calendrier :")
            }
            Self::EntriesMoved => Words::new(
                "The calendar’s entries are in another order",
                "Les entrées du calendrier changent d’ordre",
            ),
            Self::ChangeAdded(change) => of(&change.words(), "Change", "Changement"),
            Self::ChangeRemoved(change) => {
                of(&change.words(), "Taken back: change", "Annulé : changement")
            }
            Self::ChangesMoved => {
                Words::new("The changes are in another order", "Les changements changent d’ordre")
            }
            // Said above.
            _ => Words::default(),
        }
    }
}

fn both(what: &str, en: &str, fr: &str) -> Words {
    Words::new(format!("{en} {what}"), format!("{fr} {what}"))
}

fn of(what: &Words, en: &str, fr: &str) -> Words {
    Words::new(format!("{en} {}", what.en), format!("{fr} {}", what.fr))
}
