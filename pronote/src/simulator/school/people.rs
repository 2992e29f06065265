//! Who is at the school. Nobody exists: names of plants, fabrics and clouds.
//!

use crate::simulator::ids::Kind;

pub(crate) struct Pupil {
    pub last_name: &'static str,
    pub first_name: &'static str,
    /// Index into [`CLASSES`].
    pub class: usize,
    pub sex: &'static str,
    pub has_photo: bool,
    pub is_delegate: bool,
    /// All that a school may leave out is left out.
    pub is_bare: bool,
}

pub(crate) struct Class {
    pub name: &'static str,
    pub level: &'static str,
}

pub(crate) struct Teacher {
    pub name: &'static str,
    pub hint: &'static str,
}

pub(crate) struct Subject {
    pub name: &'static str,
    pub colour: &'static str,
    /// Index into [`TEACHERS`].
    pub teacher: usize,
    pub coefficient: &'static str,
}

pub(crate) struct Staff {
    pub name: &'static str,
    pub function: &'static str,
    pub can_discuss: bool,
}

pub(crate) const SCHOOL: &str = "COLLÈGE DE L'ÎLE-AUX-ŒILLETS";

pub(crate) const CLASSES: [Class; 3] = [
    Class { name: "3A", level: "3EME" },
    Class { name: "6B", level: "6EME" },
    Class { name: "2DE « É »", level: "SECONDE GÉNÉRALE & TECHNO." },
];

pub(crate) const PUPILS: [Pupil; 12] = [
    pupil("PARENT", "Fanny", 0, "F", true, true),
    pupil("PARENT", "Manon", 1, "F", true, false),
    Pupil { is_bare: true, ..pupil("D'ÉGLANTIER-ÇÀLINE", "Œnone", 0, "F", false, false) },
    pupil("MARJOLAINE", "Prudence", 0, "F", true, false),
    pupil("ROMARIN", "Basile", 0, "M", false, false),
    pupil("CUMULUS", "Zéphyr", 2, "M", true, true),
    pupil("SARRIETTE", "Nouveau", 1, "M", false, false),
    pupil("CERFEUIL", "Ondine", 0, "F", true, false),
    pupil("TAFFETAS", "Aurèle", 0, "M", true, false),
    pupil("TILLEUL", "Cyprien", 1, "M", false, false),
    pupil("STRATUS", "Bérénice-Maëlle", 2, "F", true, false),
    pupil("ORGANDI", "Ÿlan", 2, "M", true, false),
];

pub(crate) const TEACHERS: [Teacher; 10] = [
    Teacher { name: "FOUGÈRE A.", hint: "Mme" },
    Teacher { name: "GRAVIER N.", hint: "M." },
    Teacher { name: "L'HERMINE-BROCARD Y.", hint: "Mme" },
    Teacher { name: "NIMBUS O.", hint: "M." },
    Teacher { name: "COQUELICOT S.", hint: "Mme" },
    Teacher { name: "VELOURS & CIE É.", hint: "M." },
    Teacher { name: "BRUINE M.", hint: "Mme" },
    Teacher { name: "CHARDON T.", hint: "M." },
    Teacher { name: "ŒILLET Ç.", hint: "Mme" },
    Teacher { name: "MOUSSELINE \"Momo\" J.", hint: "M." },
];

pub(crate) const SUBJECTS: [Subject; 10] = [
    subject("FRANÇAIS", "#E73A1F", 0, "5,00"),
    subject("MATHÉMATIQUES", "#3B70B5", 1, "5,00"),
    subject("HISTOIRE-GÉOGRAPHIE", "#B08F4A", 2, "3,00"),
    subject("ANGLAIS LV1", "#C51E8E", 3, "3,00"),
    subject("ESPAGNOL LV2 > GR.1", "#F3A71B", 4, "2,50"),
    subject("PHYSIQUE-CHIMIE", "#12A084", 5, "2,00"),
    subject("SCIENCES VIE & TERRE", "#5AB54A", 6, "2,00"),
    subject("ED.PHYSIQUE & SPORT.", "#8C8C8C", 7, "1,00"),
    subject("ARTS PLASTIQUES", "#7E57C2", 8, "1,00"),
    subject("LCA LATIN <option>", "#00B8D4", 9, "1,00"),
];

pub(crate) const STAFF: [Staff; 5] = [
    Staff { name: "Mme AVERSE P.", function: "Principale", can_discuss: true },
    Staff { name: "M. SATIN D.", function: "Conseiller principal d'éducation", can_discuss: true },
    Staff { name: "Mme BOURRACHE L.", function: "Infirmière", can_discuss: true },
    Staff { name: "M. GIVRE H.", function: "Gestionnaire", can_discuss: false },
    Staff { name: "Mme CHINTZ V.", function: "Assistante d'éducation", can_discuss: true },
];

pub(crate) const ROOMS: [&str; 8] = [
    "101",
    "102",
    "Labo 2",
    "Gymnase",
    "Salle d'arts « Côté cour »",
    "CDI",
    "S'12 - 1er ét.",
    "Permanence",
];

impl Pupil {
    /// `PARENT Fanny`.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.last_name, self.first_name)
    }
}

/// A row of a table by the index that an id carried; the first where it carried nonsense.
pub(crate) fn row<T>(table: &'static [T], index: u32) -> &'static T {
    usize::try_from(index)
        .ok()
        .and_then(|index| table.get(index))
        .or(table.first())
        .expect("no table is empty")
}

/// The name of a teacher or of staff, as recipients are told.
pub(crate) fn name_of(kind: Kind, number: u32) -> Option<String> {
    let index = usize::try_from(number).ok()?;
    match kind {
        Kind::Teacher => {
            TEACHERS.get(index).map(|teacher| format!("{} {}", teacher.hint, teacher.name))
        }
        Kind::Staff => STAFF.get(index).map(|person| person.name.to_owned()),
        _ => None,
    }
}

const fn pupil(
    last_name: &'static str,
    first_name: &'static str,
    class: usize,
    sex: &'static str,
    has_photo: bool,
    is_delegate: bool,
) -> Pupil {
    Pupil { last_name, first_name, class, sex, has_photo, is_delegate, is_bare: false }
}

const fn subject(
    name: &'static str,
    colour: &'static str,
    teacher: usize,
    coefficient: &'static str,
) -> Subject {
    Subject { name, colour, teacher, coefficient }
}
