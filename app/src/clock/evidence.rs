//! What speaks for a clock, and the verdict.
//!

use jiff::{SignedDuration, Timestamp};

use crate::schedule::keeper::{Distrust, Trust};

/// This program was not made before: no clock that is right shows less.
const BUILT: &str = "2026-11-01T00:00:00Z";

/// A hardware clock may go slow by so much while the box is off.
const SLOW: SignedDuration = SignedDuration::from_mins(10);

/// What speaks for a clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Evidence {
    /// A moment that has been: the last that was written down.
    pub known: Option<Timestamp>,
    /// It was compared with a time server since the machine started.
    pub synchronised: bool,
    /// It was set from a hardware clock when the machine started.
    pub hardware_clock: bool,
    /// The configuration says that it is right.
    pub always: bool,
    /// How far it is from the time server's, where the system knows.
    pub offset: Option<SignedDuration>,
}

/// Whether a clock that shows this is to be believed.
///
/// A time server's word beats the last known time, which may have come from a clock that was wrong;
/// a hardware clock's does not, as its battery may be flat.
pub fn judge(wall: Timestamp, evidence: &Evidence) -> Trust {
    let built: Timestamp = BUILT.parse().unwrap_or(Timestamp::UNIX_EPOCH);
    let floor = evidence.known.and_then(|known| known.saturating_sub(SLOW).ok());
    match evidence {
        _ if wall < built => Trust::Not(Distrust::BeforeBuild),
        Evidence { synchronised: true, .. } => Trust::Synchronised,
        Evidence { always: true, .. } => Trust::Always,
        Evidence { known: Some(known), .. } if floor.is_some_and(|floor| wall < floor) => {
            Trust::Not(Distrust::BeforeLastKnown(*known))
        }
        Evidence { hardware_clock: true, .. } => Trust::HardwareClock,
        _ => Trust::Not(Distrust::NeverSet),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_believed_for_a_reason() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let known = at("2027-03-01T07:00:00Z");
        let none = Evidence { known: Some(known), ..Evidence::default() };
        let (synchronised, hardware, always) = (
            Evidence { synchronised: true, ..none },
            Evidence { hardware_clock: true, ..none },
            Evidence { always: true, ..none },
        );
        let never = Trust::Not(Distrust::NeverSet);
        let before = Trust::Not(Distrust::BeforeLastKnown(known));
        let unbuilt = Trust::Not(Distrust::BeforeBuild);
        for (wall, evidence, expected) in [
            // A Pi goes on from its last known time: that it is later proves nothing.
            ("2027-03-01T07:00:30Z", none, never),
            ("2027-03-01T07:00:30Z", hardware, Trust::HardwareClock),
            ("2027-03-01T06:55:00Z", hardware, Trust::HardwareClock),
            ("2027-02-01T07:00:00Z", hardware, before),
            ("2027-02-01T07:00:00Z", none, before),
            ("2027-02-01T07:00:00Z", synchronised, Trust::Synchronised),
            ("2027-02-01T07:00:00Z", always, Trust::Always),
            ("1970-01-01T00:01:00Z", always, unbuilt),
            ("1970-01-01T00:01:00Z", synchronised, unbuilt),
            ("2027-03-01T07:00:30Z", Evidence::default(), never),
        ] {
            assert_eq!(judge(at(wall), &evidence), expected, "{wall} {evidence:?}");
        }
    }
}
