//! What each line says, alone and beside others, at length and in short.
//!

use jiff::{Timestamp, tz::TimeZone};

use super::*;

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_799_049_600 + 60 * minute).unwrap()
}

fn id(minute: i64) -> BellId {
    let civil = TimeZone::UTC.to_datetime(at(minute));
    BellId { date: civil.date(), time: civil.time(), trigger: "BELL".parse().unwrap() }
}

fn due(minute: i64) -> Due {
    Due { id: id(minute), at: at(minute), label: "Début".into(), late: Duration::from_secs(60) }
}

/// `armed 1 this` (or another start of the machine), `disarmed 1`, `ringing 1`, `played 1`, `playing 1`,
/// `missed 1`, `power_cut 1`, `many 1-5`, `known 1 this`: by minutes.
fn lines(told: &[&str]) -> Vec<u8> {
    let mut text = Vec::new();
    for told in told {
        let mut words = told.split([' ', '-']);
        let (what, first) = (words.next().unwrap(), words.next().unwrap());
        let (minute, rest) = (first.parse().unwrap(), words.next().unwrap_or_default());
        let bell = id(minute);
        let line = match what {
            "armed" => Line::of(&Decision::Arm(due(minute)), &rest.into()),
            "disarmed" => Line::Disarmed { bell },
            "ringing" => Line::Ringing { bell },
            "played" => Line::Ended { bell, outcome: Outcome::Played },
            "playing" => Line::Ended { bell, outcome: Outcome::Playing },
            "missed" => Line::Missed { bell, why: Missed::Off },
            "power_cut" => Line::Missed { bell, why: Missed::PowerCut },
            "known" => Line::Known { until: at(minute), boot: rest.into(), synchronised: true },
            "many" => {
                let (first, last) = (due(minute), due(rest.parse().unwrap()));
                let (count, why) = (2, Missed::Off);
                Line::of(&Decision::MissedMany { count, first, last, why }, &"this".into())
            }
            other => panic!("{other}"),
        };
        line.write(&mut text);
    }
    text
}

/// In the same words, in this start of the machine.
fn said(text: &[u8]) -> String {
    let account = Account::read(text, "this");
    let minute = |at: Timestamp| (at.as_second() - 1_799_049_600) / 60;
    let which = |bell: &BellId| (0..100).find(|minute| id(*minute) == *bell).unwrap();
    let Past { until, started, armed, told } = &account.past;
    let mut said: Vec<_> = started.iter().map(|bell| format!("started {}", which(bell))).collect();
    said.extend(account.cut.iter().map(|(bell, label)| format!("cut {} {label}", which(bell))));
    said.extend(told.iter().map(|bell| format!("told {}", which(bell))));
    said.extend(armed.iter().map(|(bell, armed)| {
        format!("armed {} {}", which(bell), if armed.same_boot { "this" } else { "other" })
    }));
    said.extend(until.map(|until| format!("until {}", minute(until))));
    said.extend(account.synchronised.then(|| "synchronised".to_owned()));
    said.sort();
    said.join(", ")
}

#[test]
fn each_line_says_the_same_at_length_and_in_short() {
    for (told, expected) in [
        (&["armed 3 this", "armed 4 before"][..], "armed 3 this, armed 4 other"),
        (&["armed 1 this", "ringing 1"], "cut 1 Début, started 1"),
        (&["armed 1 this", "ringing 1", "playing 1"], "cut 1 Début, started 1"),
        (&["armed 1 this", "ringing 1", "played 1"], "started 1"),
        (&["ringing 1", "armed 1 this"], "cut 1 Début, started 1"),
        (&["armed 1 this", "missed 1"], "told 1"),
        (&["armed 1 before", "power_cut 1"], "started 1"),
        (&["armed 1 before", "armed 2 before", "disarmed 1"], "armed 2 other"),
        (&["armed 1 this", "disarmed 1", "armed 1 this"], "armed 1 this"),
        (&["known 2 this"], "synchronised, until 2"),
        (&["known 2 before"], "until 2"),
        // What was found missed is found anew where the clock is set back over it.
        (&["missed 1", "known 2 this", "missed 3"], "synchronised, told 3, until 2"),
        (&["known 5 this", "known 2 this"], "synchronised, until 2"),
        (&["known 2 before", "many 3-5"], "until 5"),
        // The clock was set back over the bells before.
        (&["known 9 before", "many 3-5"], "until 5"),
        // It is accounted for, though it never rang: the table that has it is no longer in force.
        (&["armed 1 before", "armed 2 before", "known 2 before"], "until 2"),
        (
            &["armed 3 before", "armed 4 this", "known 2 this", "armed 5 before"],
            "armed 3 other, armed 4 this, armed 5 other, synchronised, until 2",
        ),
        (&["armed 1 this", "ringing 1", "known 2 before"], "cut 1 Début, started 1, until 2"),
        (
            &["ringing 1", "played 1", "ringing 3", "known 4 before"],
            "cut 3 , started 1, started 3, until 4",
        ),
    ] {
        let text = lines(told);
        assert_eq!(said(&text), expected, "{told:?}");
        let short = in_short(&text, 10, &"this".into());
        assert_eq!(said(&short), expected, "{told:?}, in short");
        let again = in_short(&[short, lines(&["known 6 before"])].concat(), 10, &"this".into());
        let after = said(&lines(&[told, &["known 6 before"]].concat()));
        assert_eq!(said(&again), after, "{told:?}, twice in short");
    }
}

#[test]
fn of_too_many_the_newest_are_remembered() {
    let text = lines(&["ringing 1", "played 1", "ringing 3", "played 3", "ringing 2", "known 9 x"]);
    let short = in_short(&text, 2, &"this".into());
    assert_eq!(said(&short), "cut 2 , started 2, started 3, until 9");
}
