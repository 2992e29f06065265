//! Who has an account at the fake portals.

/// Somebody, and what happens when they sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    /// The name to sign in with.
    pub login: &'static str,
    /// The password.
    pub password: &'static str,
    /// EduConnect's `typeUser`.
    pub kind: &'static str,
    /// The account at PRONOTE.
    pub pronote: &'static str,
    /// What happens.
    pub oddity: Oddity,
}

/// What happens to somebody who gives the right password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    /// Nothing.
    None,
    /// The account is shut.
    Locked,
    /// Terms must be accepted.
    Consent,
    /// A captcha comes first.
    Captcha,
    /// A code is asked for.
    Code,
    /// A new password is asked for.
    NewPassword,
    /// There are two accounts to choose from.
    Several,
    /// EduConnect knows them, the portal does not.
    Stranger,
}

const PUPIL: Person = Person {
    login: "demonstration",
    password: "pronotevs",
    kind: "eleve",
    pronote: "demonstration",
    oddity: Oddity::None,
};

/// Everybody.
pub const PEOPLE: [Person; 10] = [
    PUPIL,
    Person { login: "parent", kind: "responsable", ..PUPIL },
    Person { login: "prudence", password: "Mot2Passe!é😀 &=+%", ..PUPIL },
    Person { login: "locked", oddity: Oddity::Locked, ..PUPIL },
    Person { login: "consent", oddity: Oddity::Consent, ..PUPIL },
    Person { login: "captcha", oddity: Oddity::Captcha, ..PUPIL },
    Person { login: "code", oddity: Oddity::Code, ..PUPIL },
    Person { login: "new", oddity: Oddity::NewPassword, ..PUPIL },
    Person { login: "several", kind: "responsable", oddity: Oddity::Several, ..PUPIL },
    Person { login: "stranger", oddity: Oddity::Stranger, ..PUPIL },
];

impl Person {
    /// The one with this name and password.
    pub(super) fn find(login: &str, password: &str) -> Option<&'static Self> {
        PEOPLE.iter().find(|person| person.login == login && person.password == password)
    }
}
