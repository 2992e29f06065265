//! Why does it ring at this moment, or not?
//!

use jiff::{SignedDuration, Timestamp, civil::DateTime};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    bell::{Bell, Day, Silenced},
    days_off::DaysOff,
    moment::{Moment, moment},
    tables::Tables,
    why::{Rule, Step},
};

/// Why it rings at a moment, or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Explanation {
    /// What the clock on the wall shows at that moment, to the minute.
    #[schema(value_type = String, example = "2026-11-09T08:25:00")]
    pub at: DateTime,
    /// What happens then.
    #[serde(flatten)]
    pub answer: Answer,
    /// What the day is: the chain of rules, from the weakest to the strongest.
    pub day: Vec<Step>,
}

/// What happens in a minute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// It rings.
    Rings {
        /// What.
        bells: Vec<Bell>,
    },
    /// A bell is written down for it, and does not ring.
    Silenced {
        /// Which.
        silenced: Vec<Silenced>,
    },
    /// No bell is written down for it.
    NoBell {
        /// The last bell before that minute.
        before: Option<Box<Bell>>,
        /// The first one after it.
        after: Option<Box<Bell>>,
    },
}

impl<D: DaysOff> Tables<D> {
    /// Why it rings in the minute of a moment, or not.
    pub fn explain(&self, at: Timestamp) -> Explanation {
        let civil = self.civil(at);
        let into = SignedDuration::new(civil.second().into(), civil.subsec_nanosecond());
        let start = at.saturating_sub(into).unwrap_or(at);
        let end = start.saturating_add(SignedDuration::from_mins(1)).unwrap_or(at);
        let civil = self.civil(start);
        let Day { why, bells, silenced, .. } = self.day(civil.date());
        let mut day = why.to_vec();
        let second_time =
            match moment(self.schedule().time_zone.rules(), civil.date(), civil.time()) {
                Moment::First(first) => first < start,
                Moment::Once(_) | Moment::After(..) | Moment::Never => false,
            };
        if second_time {
            day.push(Rule::ClockRepeats.into());
        }
        let rings: Vec<_> =
            bells.into_iter().filter(|bell| start <= bell.at && bell.at < end).collect();
        let same_minute = |silenced: &Silenced| {
            let time = silenced.time;
            !second_time && (time.hour(), time.minute()) == (civil.hour(), civil.minute())
        };
        let silenced: Vec<_> = silenced.into_iter().filter(same_minute).collect();
        let answer = if !rings.is_empty() {
            Answer::Rings { bells: rings }
        } else if !silenced.is_empty() {
            Answer::Silenced { silenced }
        } else {
            let before = self.last_before(start).map(Box::new);
            // A moment is in whole nanoseconds: from the next minute's first on.
            let after = end.saturating_sub(SignedDuration::from_nanos(1)).unwrap_or(end);
            Answer::NoBell { before, after: self.next_after(after).map(Box::new) }
        };
        Explanation { at: civil, answer, day }
    }
}
