//! The doors of a school: one space for pupils, one for parents …
//!

use serde::{Deserialize, Serialize};

/// A space of PRONOTE's web site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Space {
    /// `eleve.html`
    Pupil,
    /// `parent.html`
    Parent,
    /// `professeur.html`
    Teacher,
    /// `viescolaire.html`
    SchoolLife,
    /// `accompagnant.html`
    Assistant,
    /// `tuteur.html`
    Tutor,
    /// `entreprise.html`
    Company,
    /// `academie.html`
    Academy,
    /// `direction.html`
    Direction,
    /// `inscription.html`
    Enrolment,
}

/// The desktop site or the mobile one; they share accounts, not tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Site {
    /// `eleve.html`
    Desktop,
    /// `mobile.eleve.html`
    Mobile,
}

impl Space {
    /// Every space.
    pub const ALL: [Self; 10] = [
        Self::Pupil,
        Self::Parent,
        Self::Teacher,
        Self::SchoolLife,
        Self::Assistant,
        Self::Tutor,
        Self::Company,
        Self::Academy,
        Self::Direction,
        Self::Enrolment,
    ];

    /// The file name of its page.
    pub fn page(self, site: Site) -> String {
        match site {
            Site::Desktop => format!("{}.html", self.name()),
            Site::Mobile => format!("mobile.{}.html", self.name()),
        }
    }

    /// The space and site that a page's file name belongs to, in any case.
    pub fn of_page(page: &str) -> Option<(Self, Site)> {
        let page = page.to_ascii_lowercase();
        let name = page.strip_suffix(".html")?;
        let (name, site) = match name.strip_prefix("mobile.") {
            Some(name) => (name, Site::Mobile),
            None => (name, Site::Desktop),
        };
        Self::ALL.into_iter().find(|space| space.name() == name).map(|space| (space, site))
    }

    /// Its number `a` on a site; not every space has a mobile one.
    pub fn number(self, site: Site) -> Option<u32> {
        let (desktop, mobile) = self.numbers();
        match site {
            Site::Desktop => Some(desktop),
            Site::Mobile => mobile,
        }
    }

    /// The space and site of a number `a`.
    pub fn of_number(number: u32) -> Option<(Self, Site)> {
        Self::ALL.into_iter().find_map(|space| match space.numbers() {
            (desktop, _) if desktop == number => Some((space, Site::Desktop)),
            (_, Some(mobile)) if mobile == number => Some((space, Site::Mobile)),
            _ => None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Pupil => "eleve",
            Self::Parent => "parent",
            Self::Teacher => "professeur",
            Self::SchoolLife => "viescolaire",
            Self::Assistant => "accompagnant",
            Self::Tutor => "tuteur",
            Self::Company => "entreprise",
            Self::Academy => "academie",
            Self::Direction => "direction",
            Self::Enrolment => "inscription",
        }
    }

    fn numbers(self) -> (u32, Option<u32>) {
        match self {
            Self::Pupil => (3, Some(6)),
            Self::Parent => (2, Some(7)),
            Self::Teacher => (1, Some(8)),
            Self::SchoolLife => (13, Some(14)),
            Self::Assistant => (25, Some(26)),
            Self::Tutor => (29, Some(30)),
            Self::Company => (4, Some(39)),
            Self::Academy => (5, None),
            Self::Direction => (16, Some(17)),
            Self::Enrolment => (18, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_numbers_lead_back_to_their_space() {
        for space in Space::ALL {
            for site in [Site::Desktop, Site::Mobile] {
                assert_eq!(Space::of_page(&space.page(site)), Some((space, site)));
                if let Some(number) = space.number(site) {
                    assert_eq!(Space::of_number(number), Some((space, site)), "{number}");
                }
            }
        }
        assert_eq!(Space::of_page("index.html"), None);
        assert_eq!(Space::of_number(99), None);
    }
}
