//! From the clock on the wall to a moment, whatever the zone does on that day.
//!
//! The rule: in an hour that the clock shows twice, the first; in an hour that it skips, the first
//! moment after; and no bell leaves its day.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, TimeZone},
};

/// When a time of a date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Once.
    Once(Timestamp),
    /// Twice: the first.
    First(Timestamp),
    /// Never: the first moment after, and what the clock shows then.
    After(Timestamp, Time),
    /// Never, and nothing is left of the day after it.
    Never,
}

/// When a time of a date is.
pub fn moment(zone: &TimeZone, date: Date, time: Time) -> Moment {
    let civil = date.to_datetime(time);
    let moment = match zone.to_ambiguous_timestamp(civil).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(civil).map(Moment::Once),
        AmbiguousOffset::Fold { before, .. } => before.to_timestamp(civil).map(Moment::First),
        AmbiguousOffset::Gap { after, .. } => {
            // Read by the clock of afterwards, it lies before the clock is changed.
            after.to_timestamp(civil).map(|earlier| {
                let mut changes = zone.following(earlier);
                let change = changes.find(|change| change.offset() == after);
                change.map_or(Moment::Never, |change| {
                    let shown: DateTime = after.to_datetime(change.timestamp());
                    match shown.date() == date {
                        true => Moment::After(change.timestamp(), shown.time()),
                        false => Moment::Never,
                    }
                })
            })
        }
    };
    // An error only at the ends of time.
    moment.unwrap_or(Moment::Never)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skipped_and_repeated_hours_are_as_the_rule_says() {
        let kind = |moment| match moment {
            Moment::Once(at) => format!("once {at}"),
            Moment::First(at) => format!("first {at}"),
            Moment::After(at, shown) => format!("after {at} {shown}"),
            Moment::Never => "never".to_owned(),
        };
        for (zone, date, time, expected) in [
            ("Europe/Paris", "2027-01-04", "08:25", "once 2027-01-04T07:25:00Z"),
            ("Europe/Paris", "2027-03-28", "01:59", "once 2027-03-28T00:59:00Z"),
            ("Europe/Paris", "2027-03-28", "02:00", "after 2027-03-28T01:00:00Z 03:00:00"),
            ("Europe/Paris", "2027-03-28", "02:30", "after 2027-03-28T01:00:00Z 03:00:00"),
            ("Europe/Paris", "2027-03-28", "02:59:59", "after 2027-03-28T01:00:00Z 03:00:00"),
            ("Europe/Paris", "2027-03-28", "03:00", "once 2027-03-28T01:00:00Z"),
            ("Europe/Paris", "2027-10-31", "02:00", "first 2027-10-31T00:00:00Z"),
            ("Europe/Paris", "2027-10-31", "02:30", "first 2027-10-31T00:30:00Z"),
            ("Europe/Paris", "2027-10-31", "03:00", "once 2027-10-31T02:00:00Z"),
            ("America/Miquelon", "2027-03-14", "02:30", "after 2027-03-14T05:00:00Z 03:00:00"),
            // Changed at midnight: the gap is the first hour of the day, or the last of the day before.
            ("America/Asuncion", "2023-10-01", "00:30", "after 2023-10-01T04:00:00Z 01:00:00"),
            ("America/Asuncion", "2024-03-23", "23:30", "first 2024-03-24T02:30:00Z"),
            // A change of half an hour, and a day that there never was.
            ("Australia/Lord_Howe", "2027-10-03", "02:10", "after 2027-10-02T15:30:00Z 02:30:00"),
            ("Pacific/Apia", "2011-12-30", "10:00", "never"),
            ("Pacific/Apia", "2011-12-31", "10:00", "once 2011-12-30T20:00:00Z"),
        ] {
            let found =
                moment(&TimeZone::get(zone).unwrap(), date.parse().unwrap(), time.parse().unwrap());
            assert_eq!(kind(found), expected, "{zone} {date} {time}");
        }
    }
}
