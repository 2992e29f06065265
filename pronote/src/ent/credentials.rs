//! Who signs in at a portal, and as what.

use std::fmt;

use url::Url;

use crate::Secret;

/// A user and a password of a portal, wiped when dropped and never shown.
#[derive(Clone)]
pub struct Credentials {
    user: Secret,
    password: Secret,
    profile: Profile,
    choice: Option<String>,
}

/// As what somebody signs in. Portals ask; PRONOTE's space answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Profile {
    /// A pupil.
    Pupil,
    /// A parent or guardian.
    Guardian,
    /// A teacher or another member of the school.
    Staff,
}

impl Credentials {
    /// A user and a password, for a profile: see [`Profile::of_space`].
    pub fn new(user: impl Into<Secret>, password: impl Into<Secret>, profile: Profile) -> Self {
        Self { user: user.into(), password: password.into(), profile, choice: None }
    }

    /// The same, with an answer for a portal that lets one choose among accounts, children or
    /// schools: a label or a value of [`super::Failure::ChoiceNeeded`].
    #[must_use]
    pub fn choosing(mut self, choice: &str) -> Self {
        self.choice = Some(choice.to_owned());
        self
    }

    pub(super) fn user(&self) -> &str {
        self.user.expose()
    }

    pub(super) fn password(&self) -> &str {
        self.password.expose()
    }

    pub(super) fn profile(&self) -> Profile {
        self.profile
    }

    pub(super) fn choice(&self) -> Option<&str> {
        self.choice.as_deref()
    }

    /// The same with another user name.
    pub(super) fn renamed(&self, user: &str) -> Self {
        Self { user: user.into(), ..self.clone() }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("profile", &self.profile).finish_non_exhaustive()
    }
}

impl Profile {
    /// The profile of a PRONOTE page: `eleve.html`, `mobile.parent.html`. A pupil where the page
    /// says nothing.
    pub fn of_space(pronote: &Url) -> Self {
        let page = pronote.path().rsplit('/').next().unwrap_or_default().to_lowercase();
        match page.trim_start_matches("mobile.").trim_end_matches(".html") {
            "parent" | "tuteur" => Self::Guardian,
            "professeur" | "viescolaire" | "direction" | "administrateur" | "etablissement"
            | "academie" | "entreprise" => Self::Staff,
            _ => Self::Pupil,
        }
    }

    /// EduConnect's `typeUser`; staff has no account there.
    pub(super) fn education_connect(self) -> Option<&'static str> {
        match self {
            Self::Pupil => Some("eleve"),
            Self::Guardian => Some("responsable"),
            Self::Staff => None,
        }
    }

    /// Words by which a choice of populations names this profile, folded.
    pub(super) fn words(self) -> &'static [&'static str] {
        match self {
            Self::Pupil => &["eleve", "student", "apprenti"],
            Self::Guardian => &["responsable", "parent", "relative", "tuteur"],
            Self::Staff => &["enseignant", "personnel", "professeur", "teacher", "agent"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_space_tells_the_profile() {
        for (page, profile) in [
            ("eleve.html", Profile::Pupil),
            ("mobile.eleve.html?fd=1", Profile::Pupil),
            ("parent.html", Profile::Guardian),
            ("mobile.parent.html", Profile::Guardian),
            ("professeur.html", Profile::Staff),
            ("", Profile::Pupil),
        ] {
            let url = Url::parse("https://a.index-education.net/pronote/").unwrap();
            assert_eq!(Profile::of_space(&url.join(page).unwrap()), profile, "{page}");
        }
    }

    #[test]
    fn nothing_secret_is_shown() {
        let shown = format!("{:?}", Credentials::new("jdupont", "s3cret", Profile::Pupil));
        assert!(!shown.contains("jdupont") && !shown.contains("s3cret"), "{shown}");
    }
}
