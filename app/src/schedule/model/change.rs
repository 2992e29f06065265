//! What was changed for one date.
//!

use jiff::civil::{Date, Time};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Span, WrittenBell, clock};
use crate::engine::TriggerId;

/// What was changed for one date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Change {
    /// The date.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// What is otherwise.
    #[serde(flatten)]
    pub kind: ChangeKind,
}

/// What is otherwise on one date. Changes are applied in the order in which they were made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum ChangeKind {
    /// Every bell that would ring at this time or later rings so much later, or earlier: but not
    /// before this time, and not after the day's end.
    Shift {
        /// From when on, by the times that earlier changes have made.
        #[serde(serialize_with = "clock::as_written")]
        #[schema(value_type = String, example = "10:02")]
        from: Time,
        /// How many minutes later; negative: earlier. Not 0, at most 12 hours either way.
        minutes: i16,
    },
    /// No bell rings in these hours but those that were added after this change.
    Mute(Span),
    /// One more bell, whatever day it is.
    Bell(WrittenBell),
    /// One bell less.
    Cancel {
        /// The time at which it is written down: before any shift.
        #[serde(serialize_with = "clock::as_written")]
        #[schema(value_type = String, example = "10:30")]
        time: Time,
        /// What it rings.
        #[schema(value_type = String)]
        trigger: TriggerId,
    },
}

impl ChangeKind {
    /// The most minutes of a shift, either way.
    pub const SHIFT_MINUTES_AT_MOST: i16 = 720;
}
