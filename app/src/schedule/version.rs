//! A version of the schedule: who changed it, when, and what.
//!

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Schedule, Words, diff};

/// A version of the schedule, as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Version {
    /// Its number: one more than that of the version before.
    pub number: u64,
    /// The user who made it.
    pub who: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub when: Timestamp,
    /// What is otherwise than in the version before, a sentence each.
    pub what: Vec<Words>,
    /// The schedule.
    #[schema(value_type = Schedule)]
    pub schedule: Arc<Schedule>,
}

impl Version {
    /// The version that follows another; the first, where there is none.
    pub fn after(
        before: Option<&Self>,
        schedule: Arc<Schedule>,
        who: String,
        when: Timestamp,
    ) -> Self {
        let number = before.map_or(1, |before| before.number.saturating_add(1));
        let empty = Schedule::default();
        let old = before.map_or(&empty, |before| &before.schedule);
        let what = diff(old, &schedule).iter().map(diff::Difference::words).collect();
        Self { number, who, when, what, schedule }
    }
}
