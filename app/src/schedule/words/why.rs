//! The rules of a chain, in words.
//!

use super::{Words, date, dates, hours, quoted, weekday};
use crate::schedule::{
    model::written_time,
    why::{NamedDay, Rule, Step},
};

impl Step {
    /// What it says, and that it does not hold where it does not.
    pub fn words(&self) -> Words {
        let Words { en, fr } = self.rule.words();
        if self.holds {
            return Words { en, fr };
        }
        Words::new(format!("{en} (set aside)"), format!("{fr} (écarté)"))
    }
}

impl Rule {
    /// What it says.
    pub fn words(&self) -> Words {
        match self {
            Self::NoRota => Words::new("No week is written down", "Aucune semaine n’est écrite"),
            Self::NoWeek { monday } => {
                let monday = date(*monday);
                Words::new(
                    format!("Nothing says of which kind the week of {} is", monday.en),
                    format!("Rien ne dit quelle est la semaine du {}", monday.fr),
                )
            }
            Self::WeekAssigned { monday, week } => {
                let monday = date(*monday);
                Words::new(
                    format!("The week of {} was set to {week}", monday.en),
                    format!("La semaine du {} a été fixée à {week}", monday.fr),
                )
            }
            Self::WeekTurn { monday, week, anchor, school_weeks } => {
                let (monday, anchor) = (date(*monday), date(*anchor));
                let counted = match school_weeks {
                    true => Words { en: "weeks with school", fr: "semaines de classe" },
                    false => Words { en: "weeks", fr: "semaines" },
                };
                Words::new(
                    format!(
                        "The week of {} is a week {week}, counting {} from {} on",
                        monday.en, counted.en, anchor.en
                    ),
                    format!(
                        "La semaine du {} est une semaine {week}, en comptant les {} depuis le {}",
                        monday.fr, counted.fr, anchor.fr
                    ),
                )
            }
            Self::WeekDay { week, date, day_type } => {
                let day = weekday(date.weekday());
                let week = week.as_ref().map_or_else(Words::default, |week| {
                    Words::new(format!(" of week {week}"), format!(" de la semaine {week}"))
                });
                let is = what(day_type.as_ref());
                let french = capital(day.fr);
                Words::new(
                    format!("{}{} {}", day.en, week.en, is.en),
                    format!("{french}{} {}", week.fr, is.fr),
                )
            }
            Self::CycleDay { number, of, anchor, day_type } => {
                let (anchor, is) = (date(*anchor), what(day_type.as_ref()));
                Words::new(
                    format!("Day {number} of {of}, counted from {}, {}", anchor.en, is.en),
                    format!("Le jour {number} sur {of}, compté depuis le {}, {}", anchor.fr, is.fr),
                )
            }
            Self::CycleClosed { date } => {
                let Words { en, fr } = weekday(date.weekday());
                let fr = capital(fr);
                Words::new(
                    format!("{en} is not counted in the cycle"),
                    format!("{fr} ne compte pas dans le cycle"),
                )
            }
            Self::DayOff { off } => Words::new(
                format!("Day off: {}", off.label.en),
                format!("Jour sans classe : {}", off.label.fr),
            ),
            Self::Entry { entry, day_type } => {
                let (name, dates) = (quoted(&entry.label), dates(entry.from, entry.to));
                let is = what(day_type.as_ref());
                Words::new(
                    format!("The calendar’s entry{} {}: the day {}", name.en, dates.en, is.en),
                    format!(
                        "L’entrée du calendrier{} {} : la journée {}",
                        name.fr, dates.fr, is.fr
                    ),
                )
            }
            Self::UnknownDayType { day_type } => Words::new(
                format!("There is no day type {day_type}: nothing rings"),
                format!("Il n’y a pas de journée type {day_type} : rien ne sonne"),
            ),
            _ => self.of_a_bell(),
        }
    }

    fn of_a_bell(&self) -> Words {
        match self {
            Self::SilentHours { entry, hours: span } => {
                let (name, hours) = (quoted(&entry.label), hours(*span));
                Words::new(
                    format!("The calendar’s entry{} asks for silence {}", name.en, hours.en),
                    format!("L’entrée du calendrier{} veut le silence {}", name.fr, hours.fr),
                )
            }
            Self::Shifted { minutes, from, was, is } => {
                let [from, was, is] = [from, was, is].map(|time| written_time(*time));
                Words::new(
                    format!("Shifted by {minutes:+} min from {from} on: {was} becomes {is}"),
                    format!("Décalé de {minutes:+} min à partir de {from} : {was} devient {is}"),
                )
            }
            Self::Muted { hours: span } => {
                let hours = hours(*span);
                Words::new(
                    format!("Muted that day {}", hours.en),
                    format!("Coupé ce jour-là {}", hours.fr),
                )
            }
            Self::Cancelled => Words::new("Cancelled that day", "Annulé ce jour-là"),
            Self::Added => Words::new("Added for that day", "Ajouté pour ce jour-là"),
            Self::ClockSkips { written, rings } => {
                let [written, rings] = [written, rings].map(|time| written_time(*time));
                Words::new(
                    format!(
                        "The clock skips {written}: it rings at the first moment after, {rings}"
                    ),
                    format!(
                        "L’horloge saute {written} : il sonne au premier instant après, {rings}"
                    ),
                )
            }
            Self::ClockSkipsDay => Words::new(
                "The clock skips the rest of the day: it does not ring",
                "L’horloge saute le reste du jour : il ne sonne pas",
            ),
            Self::ClockRepeats => Words::new(
                "The clock shows this hour twice: bells ring the first time",
                "L’horloge montre cette heure deux fois : on sonne la première fois",
            ),
            Self::Once => Words::new(
                "Written down more than once for this moment: it rings once",
                "Écrit plusieurs fois pour cet instant : il sonne une fois",
            ),
            // Said above.
            _ => Words::default(),
        }
    }
}

fn what(day_type: Option<&NamedDay>) -> Words {
    match day_type {
        Some(NamedDay { name, .. }) => {
            Words::new(format!("is “{name}”"), format!("est « {name} »"))
        }
        None => Words::new("has no bells", "est sans sonnerie"),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
