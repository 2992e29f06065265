//! What changed from one PRONOTE to the next, as a table.
//!
//! A September that breaks nothing but names is one more row here.

use super::version::Version;

/// One way of speaking, from a version on.
#[derive(Debug, PartialEq, Eq)]
pub struct Generation {
    /// The first version that speaks so.
    pub since: Version,
    /// The names in an envelope.
    pub names: &'static Names,
    /// How the start page says what to encrypt.
    pub flags: Flags,
    /// How the start page is written.
    pub start: Start,
    /// How the challenge is answered.
    pub challenge: Challenge,
    /// How news and surveys are told.
    pub news: News,
    /// Kinds from 58 on are one lower than they were before 2025.1.3.
    pub kinds_shifted: bool,
    /// `Identification` tells about the device.
    pub device_told: bool,
    /// Polls count -1, -2 …, not 1, 2 ….
    pub polls_backwards: bool,
}

/// The names in an envelope.
#[derive(Debug, PartialEq, Eq)]
pub struct Names {
    /// The session's number.
    pub session: &'static str,
    /// The order number, encrypted.
    pub order: &'static str,
    /// The function that is called.
    pub function: &'static str,
    /// What encryption and compression apply to.
    pub secured: &'static str,
    /// The payload in the secured part.
    pub payload: &'static str,
    /// The signature in the secured part.
    pub signature: &'static str,
    /// What is never encrypted.
    pub unsecured: &'static str,
    /// The server's wish to be asked again.
    pub wait: &'static str,
    /// The function that keeps a session alive.
    pub keep_alive: &'static str,
    /// The names of an upload's fields: order, session, function, file id, sum.
    pub upload: [&'static str; 5],
}

/// How the start page says what to encrypt and to compress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flags {
    /// `sCrA`, `sCoA` *skip*: absent means both are on.
    Skipped,
    /// `CrA`, `CoA` *ask*: absent means both are off.
    Asked,
}

/// Where the start page calls `Start`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// `onload` of the body, bare keys, `h` between quotes.
    OnLoadQuoted,
    /// `onload` of the body, bare keys, `h` a number.
    OnLoad,
    /// A script, JSON keys.
    Script,
}

/// How the challenge of `Identification` is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Challenge {
    /// Decrypt it, keep every second character, encrypt that.
    Opened,
    /// Encrypt its text as it came.
    AsIs,
}

/// How news and surveys are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// The list holds everything, under a `categorie`.
    Whole,
    /// The list holds a `nature`; the questions are another call.
    Detailed,
}

/// The newest release whose language is known.
pub const NEWEST_KNOWN: Version = Version::new(2026, 2, 6);

/// Every generation, oldest first.
pub static GENERATIONS: [Generation; 6] = [
    Generation {
        since: Version::new(2023, 0, 0),
        names: &NAMES_2023,
        flags: Flags::Skipped,
        start: Start::OnLoadQuoted,
        challenge: Challenge::Opened,
        news: News::Whole,
        kinds_shifted: false,
        device_told: false,
        polls_backwards: false,
    },
    Generation {
        since: Version::new(2024, 3, 9),
        names: &NAMES_2024,
        flags: Flags::Skipped,
        start: Start::OnLoadQuoted,
        challenge: Challenge::Opened,
        news: News::Whole,
        kinds_shifted: false,
        device_told: false,
        polls_backwards: false,
    },
    Generation {
        since: Version::new(2025, 1, 3),
        names: &NAMES_2025,
        flags: Flags::Asked,
        start: Start::OnLoad,
        challenge: Challenge::Opened,
        news: News::Whole,
        kinds_shifted: true,
        device_told: true,
        polls_backwards: true,
    },
    Generation {
        since: Version::new(2026, 1, 3),
        names: &NAMES_2025,
        flags: Flags::Asked,
        start: Start::OnLoad,
        challenge: Challenge::Opened,
        news: News::Detailed,
        kinds_shifted: true,
        device_told: true,
        polls_backwards: true,
    },
    Generation {
        since: Version::new(2026, 2, 4),
        names: &NAMES_2025,
        flags: Flags::Asked,
        start: Start::Script,
        challenge: Challenge::Opened,
        news: News::Detailed,
        kinds_shifted: true,
        device_told: true,
        polls_backwards: true,
    },
    Generation {
        since: Version::new(2026, 2, 5),
        names: &NAMES_2025,
        flags: Flags::Asked,
        start: Start::Script,
        challenge: Challenge::AsIs,
        news: News::Detailed,
        kinds_shifted: true,
        device_told: true,
        polls_backwards: true,
    },
];

static NAMES_2023: Names = Names {
    session: "session",
    order: "numeroOrdre",
    function: "nom",
    secured: "donneesSec",
    payload: "donnees",
    signature: "_Signature_",
    unsecured: "donneesNonSec",
    wait: "_SignatureAttente_",
    keep_alive: "Presence",
    upload: ["numeroOrdre", "numeroSession", "nomRequete", "idFichier", "md5"],
};

static NAMES_2024: Names = Names {
    payload: "data",
    signature: "Signature",
    wait: "SignatureAttente",
    keep_alive: "Navigation",
    ..NAMES_2023
};

static NAMES_2025: Names = Names {
    order: "no",
    function: "id",
    secured: "dataSec",
    unsecured: "dataNonSec",
    upload: ["u_no", "u_ns", "u_idR", "u_idF", "u_md5"],
    ..NAMES_2024
};

impl Generation {
    /// The generation that a version belongs to; what is older than all is taken for the oldest.
    pub fn of(version: Version) -> &'static Self {
        let [oldest, newer @ ..] = &GENERATIONS;
        newer.iter().rev().find(|generation| generation.since <= version).unwrap_or(oldest)
    }

    /// The newest generation.
    pub fn newest() -> &'static Self {
        let [.., newest] = &GENERATIONS;
        newest
    }

    /// A kind (`G`) as this generation numbers it, from the number it has had since 2025.1.3.
    pub fn kind(&self, modern: i64) -> i64 {
        if self.kinds_shifted || modern < 57 { modern } else { modern + 1 }
    }

    /// The number since 2025.1.3 of a kind as this generation numbers it.
    pub fn modern_kind(&self, kind: i64) -> i64 {
        if self.kinds_shifted || kind < 58 { kind } else { kind - 1 }
    }
}

/// Whether a release is newer than what this crate was written against.
pub fn is_newer_than_known(version: Version) -> bool {
    version > NEWEST_KNOWN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_has_its_generation() {
        for (version, since) in [
            ("2022.0.5", "2023.0.0"),
            ("2024.3.8", "2023.0.0"),
            ("2024.3.9", "2024.3.9"),
            ("2024.3.11", "2024.3.9"),
            ("2025.1.3", "2025.1.3"),
            ("2026.1.2", "2025.1.3"),
            ("2026.1.3", "2026.1.3"),
            ("2026.2.4", "2026.2.4"),
            ("2026.2.5", "2026.2.5"),
            ("2027.0.1", "2026.2.5"),
        ] {
            let generation = Generation::of(version.parse().unwrap());
            assert_eq!(generation.since, since.parse().unwrap(), "{version}");
        }
        assert_eq!(Generation::newest(), Generation::of(NEWEST_KNOWN));
    }

    #[test]
    fn the_table_is_in_order() {
        assert!(GENERATIONS.is_sorted_by_key(|generation| generation.since));
    }

    #[test]
    fn kinds_moved_by_one_in_2025() {
        let [old, .., new] = &GENERATIONS;
        for (before, since) in [(60, 59), (59, 58), (68, 67), (72, 71), (13, 13), (45, 45)] {
            assert_eq!(old.kind(since), before);
            assert_eq!(old.modern_kind(before), since);
            assert_eq!(new.kind(since), since);
            assert_eq!(new.modern_kind(since), since);
        }
    }
}
