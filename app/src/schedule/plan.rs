//! The bells of a span of days, in order: what rings next is a search.
//!

use jiff::{Timestamp, civil::Date};

use super::bell::Bell;

/// The bells of a span of days. Made anew where the schedule changes, and before the span ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its first date.
    pub from: Date,
    /// Its last date.
    pub to: Date,
    bells: Vec<Bell>,
}

impl Plan {
    /// A plan of these bells.
    pub(super) fn new(from: Date, to: Date, mut bells: Vec<Bell>) -> Self {
        // Days follow each other, but for a clock that is set back over midnight.
        bells.sort_by_key(|bell| bell.at);
        Self { from, to, bells }
    }

    /// All of them, in order.
    pub fn bells(&self) -> &[Bell] {
        &self.bells
    }

    /// The first bell after a moment; `None` where the plan has none.
    pub fn next_after(&self, at: Timestamp) -> Option<&Bell> {
        self.bells.get(self.bells.partition_point(|bell| bell.at <= at))
    }

    /// The last bell before a moment; `None` where the plan has none.
    pub fn last_before(&self, at: Timestamp) -> Option<&Bell> {
        let place = self.bells.partition_point(|bell| bell.at < at);
        self.bells.get(place.checked_sub(1)?)
    }

    /// The bells after a moment and not after another: over moments that follow each other, each
    /// bell once.
    pub fn due_between(&self, after: Timestamp, until: Timestamp) -> &[Bell] {
        let first = self.bells.partition_point(|bell| bell.at <= after);
        let last = self.bells.partition_point(|bell| bell.at <= until);
        self.bells.get(first..last).unwrap_or_default()
    }
}
