//! How a school finds its place: by its academy, department or postal code.
//!
//! Academies by zone after the order of 2025-10-22 (JORFTEXT000052416058), their departments after
//! the Code de l'éducation, article R222-2. Nothing follows from it by itself: a school confirms.

use serde::Serialize;

use super::{Place, Region, text::plain};

/// A school's academy, and what follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Found {
    /// The academy or, overseas, the authority of that name.
    pub academy: &'static str,
    /// Whose school holidays it has.
    pub place: Place,
    /// Whose public holidays it has.
    pub region: Region,
}

/// The academy of that name, however it is written: `Orléans-Tours`, `ORLEANS TOURS`.
pub fn of_academy(name: &str) -> Option<Found> {
    let wanted = plain(name);
    let row = ACADEMIES.iter().find(|(academy, ..)| plain(academy) == wanted)?;
    let (academy, place, departments) = *row;
    // Moselle is one department of four in the academy of Nancy-Metz.
    let all = departments.split(' ').all(is_alsace_moselle);
    Some(Found { academy, place, region: region(place, all) })
}

/// The academy of a department: `67`, `2A`, `974`.
pub fn of_department(code: &str) -> Option<Found> {
    let wanted = code.trim().to_ascii_uppercase();
    let wanted = if wanted.len() == 1 { format!("0{wanted}") } else { wanted };
    let row = ACADEMIES.iter().find(|(.., all)| all.split(' ').any(|one| one == wanted))?;
    let (academy, place, _) = *row;
    Some(Found { academy, place, region: region(place, is_alsace_moselle(&wanted)) })
}

/// The academy of a postal code: `67000`, `20200`, `97400`.
pub fn of_postal_code(code: &str) -> Option<Found> {
    let code = code.trim();
    if code.len() != 5 || !code.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    match code.get(..3)? {
        "200" | "201" => of_department("2A"),
        "202" | "206" => of_department("2B"),
        // Two islands have kept codes of Guadeloupe.
        "971" if code == "97133" => of_department("977"),
        "971" if code == "97150" => of_department("978"),
        overseas if overseas.starts_with("97") || overseas.starts_with("98") => {
            of_department(overseas)
        }
        _ => of_department(code.get(..2)?),
    }
}

fn is_alsace_moselle(department: &str) -> bool {
    matches!(department, "57" | "67" | "68")
}

fn region(place: Place, alsace_moselle: bool) -> Region {
    if alsace_moselle { Region::AlsaceMoselle } else { place.region() }
}

const ACADEMIES: &[(&str, Place, &str)] = &[
    ("Besançon", Place::ZoneA, "25 39 70 90"),
    ("Bordeaux", Place::ZoneA, "24 33 40 47 64"),
    ("Clermont-Ferrand", Place::ZoneA, "03 15 43 63"),
    ("Dijon", Place::ZoneA, "21 58 71 89"),
    ("Grenoble", Place::ZoneA, "07 26 38 73 74"),
    ("Limoges", Place::ZoneA, "19 23 87"),
    ("Lyon", Place::ZoneA, "01 42 69"),
    ("Poitiers", Place::ZoneA, "16 17 79 86"),
    ("Aix-Marseille", Place::ZoneB, "04 05 13 84"),
    ("Amiens", Place::ZoneB, "02 60 80"),
    ("Lille", Place::ZoneB, "59 62"),
    ("Nancy-Metz", Place::ZoneB, "54 55 57 88"),
    ("Nantes", Place::ZoneB, "44 49 53 72 85"),
    ("Nice", Place::ZoneB, "06 83"),
    ("Normandie", Place::ZoneB, "14 27 50 61 76"),
    ("Orléans-Tours", Place::ZoneB, "18 28 36 37 41 45"),
    ("Reims", Place::ZoneB, "08 10 51 52"),
    ("Rennes", Place::ZoneB, "22 29 35 56"),
    ("Strasbourg", Place::ZoneB, "67 68"),
    ("Créteil", Place::ZoneC, "77 93 94"),
    ("Montpellier", Place::ZoneC, "11 30 34 48 66"),
    ("Paris", Place::ZoneC, "75"),
    ("Toulouse", Place::ZoneC, "09 12 31 32 46 65 81 82"),
    ("Versailles", Place::ZoneC, "78 91 92 95"),
    ("Corse", Place::Corse, "2A 2B"),
    ("Guadeloupe", Place::Guadeloupe, "971"),
    ("Martinique", Place::Martinique, "972"),
    ("Guyane", Place::Guyane, "973"),
    ("La Réunion", Place::LaReunion, "974"),
    ("Saint-Pierre-et-Miquelon", Place::SaintPierreEtMiquelon, "975"),
    ("Mayotte", Place::Mayotte, "976"),
    ("Saint-Barthélemy", Place::SaintBarthelemy, "977"),
    ("Saint-Martin", Place::SaintMartin, "978"),
    ("Wallis-et-Futuna", Place::WallisEtFutuna, "986"),
    ("Polynésie française", Place::PolynesieFrancaise, "987"),
    ("Nouvelle-Calédonie", Place::NouvelleCaledonie, "988"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_school_finds_its_place() {
        let by_department = [
            ("75", "Paris", Place::ZoneC, Region::Metropole),
            ("1", "Lyon", Place::ZoneA, Region::Metropole),
            ("54", "Nancy-Metz", Place::ZoneB, Region::Metropole),
            ("57", "Nancy-Metz", Place::ZoneB, Region::AlsaceMoselle),
            ("67", "Strasbourg", Place::ZoneB, Region::AlsaceMoselle),
            ("2a", "Corse", Place::Corse, Region::Metropole),
            ("974", "La Réunion", Place::LaReunion, Region::LaReunion),
        ];
        for (code, academy, place, region) in by_department {
            assert_eq!(of_department(code), Some(Found { academy, place, region }), "{code}");
        }
        let by_postal_code = [
            ("13001", "Aix-Marseille"),
            ("20000", "Corse"),
            ("20290", "Corse"),
            ("97133", "Saint-Barthélemy"),
            ("97150", "Saint-Martin"),
            ("97110", "Guadeloupe"),
            ("98800", "Nouvelle-Calédonie"),
        ];
        for (code, academy) in by_postal_code {
            assert_eq!(of_postal_code(code).map(|found| found.academy), Some(academy), "{code}");
        }
        for name in ["Orléans-Tours", "ORLEANS TOURS", " orléans tours "] {
            assert_eq!(of_academy(name).map(|found| found.place), Some(Place::ZoneB), "{name}");
        }
        assert_eq!(of_academy("strasbourg").map(|f| f.region), Some(Region::AlsaceMoselle));
        assert_eq!(of_academy("Nancy-Metz").map(|f| f.region), Some(Region::Metropole));
        for nothing in ["", "99", "20", "2C", "750", "é"] {
            assert_eq!((of_department(nothing), of_postal_code(nothing)), (None, None));
        }
    }

    #[test]
    fn every_department_is_in_one_academy_and_every_place_is_somewhere() {
        let all: Vec<_> = ACADEMIES.iter().flat_map(|(.., all)| all.split(' ')).collect();
        let departments: BTreeSet<_> = all.iter().collect();
        assert_eq!((all.len(), departments.len()), (107, 107), "96 of the mainland, 11 overseas");
        let places: BTreeSet<_> = ACADEMIES.iter().map(|(_, place, _)| place).collect();
        assert_eq!(places.len(), Place::ALL.len());
    }
}
