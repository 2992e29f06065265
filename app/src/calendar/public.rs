//! Public holidays, computed for any year.
//!
//! The eleven of the whole country (Code du travail, L3133-1), two more in Alsace and Moselle
//! (L3134-13), the abolition of slavery overseas (L3422-2 and the law of 2008-04-16), and what the
//! three territories of the Pacific keep besides: the official list of data.gouv.fr leaves those out.
//! Whether a school has lessons on Whit Monday is its own affair: the day is a public holiday.

use jiff::{
    ToSpan as _,
    civil::{Date, date},
};

use super::Region;

/// A public holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicHoliday {
    /// The day.
    pub date: Date,
    /// Its name in French.
    pub fr: &'static str,
    /// Its name in English.
    pub en: &'static str,
    /// Not in the official list of data.gouv.fr: the territory's own.
    pub territorial: bool,
}

/// The public holiday that a day is, if it is one.
pub fn public_holiday(region: Region, day: Date) -> Option<PublicHoliday> {
    public_holidays(region, day.year()).find(|holiday| holiday.date == day)
}

/// The public holidays of a year, in no order. A day that is two of them is there twice.
pub fn public_holidays(region: Region, year: i16) -> impl Iterator<Item = PublicHoliday> {
    let easter = easter(year);
    RULES.iter().filter(move |rule| (rule.applies)(region, year)).filter_map(move |rule| {
        let date = match rule.day {
            Day::Fixed(month, day) => Date::new(year, month, day).ok()?,
            Day::Easter(days) => easter?.checked_add(days.days()).ok()?,
        };
        Some(PublicHoliday { date, fr: rule.fr, en: rule.en, territorial: rule.territorial })
    })
}

/// Easter Sunday of a year of the Gregorian calendar: the anonymous algorithm of *Nature*, 1876.
/// `None` before 1583.
pub fn easter(year: i16) -> Option<Date> {
    if year < 1583 {
        return None;
    }
    let y = i32::from(year);
    let (golden, century, rest) = (y % 19, y / 100, y % 100);
    let moon = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - moon + 15) % 30;
    let week = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7;
    let late = (golden + 11 * epact + 22 * week) / 451;
    // Days after March 22nd.
    let days = epact + week - 7 * late;
    date(year, 3, 22).checked_add(days.days()).ok()
}

struct Rule {
    fr: &'static str,
    en: &'static str,
    day: Day,
    applies: fn(Region, i16) -> bool,
    territorial: bool,
}

enum Day {
    /// Month and day.
    Fixed(i8, i8),
    /// Days after Easter Sunday.
    Easter(i32),
}

const fn rule(
    day: Day,
    fr: &'static str,
    en: &'static str,
    applies: fn(Region, i16) -> bool,
) -> Rule {
    Rule { fr, en, day, applies, territorial: false }
}

const fn own(
    day: Day,
    fr: &'static str,
    en: &'static str,
    applies: fn(Region, i16) -> bool,
) -> Rule {
    Rule { fr, en, day, applies, territorial: true }
}

const EVERYWHERE: fn(Region, i16) -> bool = |_, _| true;
const ALSACE: fn(Region, i16) -> bool = |region, _| matches!(region, Region::AlsaceMoselle);
const POLYNESIE: fn(Region, i16) -> bool = |region, _| matches!(region, Region::PolynesieFrancaise);
const WALLIS: fn(Region, i16) -> bool = |region, _| matches!(region, Region::WallisEtFutuna);
const ABOLITION: (&str, &str) = ("Abolition de l'esclavage", "Abolition of slavery");

const RULES: &[Rule] = &[
    rule(Day::Fixed(1, 1), "Jour de l'An", "New Year's Day", EVERYWHERE),
    rule(Day::Easter(1), "Lundi de Pâques", "Easter Monday", EVERYWHERE),
    rule(Day::Fixed(5, 1), "Fête du Travail", "Labour Day", EVERYWHERE),
    rule(Day::Fixed(5, 8), "Victoire 1945", "Victory 1945", EVERYWHERE),
    rule(Day::Easter(39), "Ascension", "Ascension Day", EVERYWHERE),
    rule(Day::Easter(50), "Lundi de Pentecôte", "Whit Monday", EVERYWHERE),
    rule(Day::Fixed(7, 14), "Fête nationale", "National Day", EVERYWHERE),
    rule(Day::Fixed(8, 15), "Assomption", "Assumption", EVERYWHERE),
    rule(Day::Fixed(11, 1), "Toussaint", "All Saints' Day", EVERYWHERE),
    rule(Day::Fixed(11, 11), "Armistice 1918", "Armistice 1918", EVERYWHERE),
    rule(Day::Fixed(12, 25), "Noël", "Christmas Day", EVERYWHERE),
    rule(Day::Easter(-2), "Vendredi saint", "Good Friday", ALSACE),
    rule(Day::Fixed(12, 26), "Saint-Étienne", "St Stephen's Day", ALSACE),
    rule(Day::Fixed(4, 27), ABOLITION.0, ABOLITION.1, |region, _| {
        matches!(region, Region::Mayotte)
    }),
    rule(Day::Fixed(5, 22), ABOLITION.0, ABOLITION.1, |region, _| {
        matches!(region, Region::Martinique)
    }),
    rule(Day::Fixed(5, 27), ABOLITION.0, ABOLITION.1, |region, _| {
        matches!(region, Region::Guadeloupe)
    }),
    // The law of 2018 moved it by a day; before, the island kept Guadeloupe's.
    rule(Day::Fixed(5, 28), ABOLITION.0, ABOLITION.1, |region, year| {
        matches!(region, Region::SaintMartin) && year >= 2018
    }),
    rule(Day::Fixed(6, 10), ABOLITION.0, ABOLITION.1, |region, _| matches!(region, Region::Guyane)),
    rule(Day::Fixed(10, 9), ABOLITION.0, ABOLITION.1, |region, _| {
        matches!(region, Region::SaintBarthelemy)
    }),
    rule(Day::Fixed(12, 20), ABOLITION.0, ABOLITION.1, |region, _| {
        matches!(region, Region::LaReunion)
    }),
    own(Day::Fixed(9, 24), "Fête de la citoyenneté", "Citizenship Day", |region, _| {
        matches!(region, Region::NouvelleCaledonie)
    }),
    own(Day::Fixed(3, 5), "Arrivée de l'Évangile", "Missionary Day", POLYNESIE),
    own(Day::Easter(-2), "Vendredi saint", "Good Friday", POLYNESIE),
    // The law of the territory of 2024-04-30 put the one in the other's place.
    own(Day::Fixed(6, 29), "Fête de l'autonomie", "Autonomy Day", |region, year| {
        POLYNESIE(region, year) && year < 2025
    }),
    own(Day::Fixed(11, 20), "Matari'i", "Matari'i", |region, year| {
        POLYNESIE(region, year) && year >= 2025
    }),
    own(Day::Fixed(4, 28), "Saint-Pierre-Chanel", "St Peter Chanel's Day", WALLIS),
    own(Day::Fixed(6, 29), "Saints Pierre et Paul", "Sts Peter and Paul's Day", WALLIS),
    own(Day::Fixed(7, 29), "Fête du territoire", "Territory Day", WALLIS),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What data.gouv.fr lists.
    const OFFICIAL: &str = include_str!("../../../data/calendar/public-holidays.csv");

    #[test]
    fn easter_is_where_the_church_has_it() {
        let known = [
            (1583, 4, 10),
            (1818, 3, 22),
            (1943, 4, 25),
            (2000, 4, 23),
            (2008, 3, 23),
            (2024, 3, 31),
            (2026, 4, 5),
            (2027, 3, 28),
            (2038, 4, 25),
        ];
        for (year, month, day) in known {
            assert_eq!(easter(year), Some(date(year, month, day)));
        }
        assert_eq!(easter(1582), None);
        for year in 1583..=9999 {
            let easter = easter(year).unwrap();
            assert_eq!(easter.weekday(), jiff::civil::Weekday::Sunday, "{easter}");
            assert!((date(year, 3, 22)..=date(year, 4, 25)).contains(&easter), "{easter}");
        }
    }

    #[test]
    fn what_is_computed_is_what_the_official_list_says() {
        let mut listed = BTreeSet::new();
        for line in OFFICIAL.lines().filter(|line| line.starts_with("20")) {
            let mut fields = line.split(';');
            let (day, regions) = (fields.next().unwrap(), fields.next().unwrap());
            let day: Date = day.parse().unwrap();
            let named = |region: &Region| {
                regions == "*" || regions.split(' ').any(|name| name == region.code())
            };
            listed.extend(Region::ALL.iter().filter(|region| named(region)).map(|at| (day, *at)));
        }
        let years = listed.first().unwrap().0.year()..=listed.last().unwrap().0.year();
        assert_eq!(years, 2020..=2031);
        let mut computed = BTreeSet::new();
        for region in Region::ALL {
            let all = years.clone().flat_map(|year| public_holidays(region, year));
            computed.extend(all.filter(|one| !one.territorial).map(|one| (one.date, region)));
        }
        assert_eq!(computed, listed);
    }

    #[test]
    fn a_territory_has_holidays_of_its_own() {
        let cases = [
            (Region::PolynesieFrancaise, date(2026, 11, 20), Some("Matari'i")),
            (Region::PolynesieFrancaise, date(2026, 6, 29), None),
            (Region::PolynesieFrancaise, date(2024, 6, 29), Some("Autonomy Day")),
            (Region::NouvelleCaledonie, date(2026, 9, 24), Some("Citizenship Day")),
            (Region::WallisEtFutuna, date(2027, 7, 29), Some("Territory Day")),
            (Region::Metropole, date(2026, 12, 26), None),
            (Region::AlsaceMoselle, date(2027, 3, 26), Some("Good Friday")),
        ];
        for (region, day, wanted) in cases {
            assert_eq!(public_holiday(region, day).map(|holiday| holiday.en), wanted, "{day}");
        }
    }
}
