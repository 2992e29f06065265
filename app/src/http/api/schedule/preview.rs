//! `GET /api/schedule/preview`: what rings today and on the days to come.
//!

use std::time::Duration;

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    super::journal::asked::{one_of, parameter},
    Answer, Api, Arc, Filter, Problem, Query, Routes, StatusCode, blocking, get_or_head, in_force,
    json, other_methods, with,
};
use crate::{
    calendar::Site,
    engine::TriggerId,
    schedule::{
        Bell, Day, DaysOff, Facts, NamedDay, Rule, Silenced, Tables, Warning, Words,
        model::written_time,
    },
};

/// The most days of a preview: a school year.
const DAYS_AT_MOST: i64 = 400;

const USUAL_DAYS: i64 = 30;

/// So long before the known days off end, it is said.
const NOTICE_DAYS: i32 = 60;

/// What rings on some days.
#[derive(Debug, Serialize, ToSchema)]
pub struct Preview {
    /// The box's clock.
    #[schema(value_type = String, format = DateTime)]
    now: Timestamp,
    /// The same, by the clock on the school's wall.
    #[schema(value_type = String, example = "2026-11-09T08:20:00")]
    civil: DateTime,
    /// The zone of that clock.
    time_zone: String,
    /// The bell that rings next; `null`: none in two years.
    next: Option<ShownBell>,
    /// What somebody should look at on these days; none where only numbers were asked for.
    warnings: Vec<Words>,
    /// The days, in order.
    days: Vec<ShownDay>,
}

/// A day.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownDay {
    /// The date.
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// What it is; `null`: a day without bells of its own.
    day_type: Option<NamedDay>,
    /// Why.
    because: Words,
    /// The kind of its week, where there are several; `null`: there are not, or nothing says which.
    week: Option<ShownWeek>,
    /// How many bells ring.
    count: usize,
    /// The bells that ring, in order; none where they were not asked for.
    bells: Vec<ShownBell>,
    /// The bells that are written down for it and do not ring.
    silenced: Vec<ShownSilenced>,
}

/// The kind of a week.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownWeek {
    /// What people call it: `A`.
    name: String,
    /// Whether it was set by hand for this week.
    assigned: bool,
}

/// A bell that rings.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownBell {
    /// Which bell of which date.
    id: String,
    /// The moment.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Its date.
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// The time on the wall.
    time: String,
    /// The time at which it is written down: before any shift.
    planned: String,
    /// What it rings.
    trigger: String,
    /// What it is for. May be empty.
    label: String,
    /// Whether a change of the day has added it.
    added: bool,
}

/// A bell that does not ring.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownSilenced {
    /// When it would ring.
    time: String,
    /// When it is written down.
    planned: String,
    /// What it would ring.
    trigger: String,
    /// What it is for. May be empty.
    label: String,
    /// What silences it.
    because: Words,
}

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let path = warp::path!("schedule" / "preview");
    let get = path.and(get_or_head()).and(with(api)).and(warp::query()).then(get);
    get.or(path.and(other_methods("GET, HEAD"))).unify().boxed()
}

/// What rings on some days, as the tables stand now.
#[utoipa::path(get, path = "/api/schedule/preview", tag = "schedule",
    params(
        ("from" = Option<String>, Query, description = "The first day (2026-09-01); today where none is given"),
        ("days" = Option<i64>, Query, description = "So many days; 30 where none is given", minimum = 1, maximum = 400),
        ("bells" = Option<String>, Query, description = "no: only how many there are"),
    ),
    responses(
        (status = 200, description = "The days", body = Preview),
        (status = 400, description = "A parameter is wrong", body = Problem),
    ))]
pub async fn get(api: Arc<Api>, query: Query) -> Answer {
    let from = parameter::<Date>(&query, "from", "a day such as 2026-09-01")?;
    let days = parameter(&query, "days", "a whole number")?.unwrap_or(USUAL_DAYS);
    let bells = one_of(&query, "bells", &["yes", "no"])? != Some("no");
    if !(1..=DAYS_AT_MOST).contains(&days) {
        return Err(Problem::bad_request(format!("days: {days} is not 1 to {DAYS_AT_MOST}")));
    }
    blocking("looking ahead", move || {
        let (tables, now) = (in_force(&api), Timestamp::now());
        let civil = tables.civil(now);
        let from = from.unwrap_or(civil.date());
        let to = from.saturating_add((days - 1).days());
        let warnings = if bells { warnings(&api, &tables, from, to) } else { Vec::new() };
        let days = tables.days(from, to);
        let preview = Preview {
            now,
            civil,
            time_zone: tables.schedule().time_zone.name().to_owned(),
            next: tables.next_after(now).as_ref().map(ShownBell::of),
            warnings,
            days: days.map(|day| ShownDay::of(day, bells)).collect(),
        };
        json(StatusCode::OK, &preview)
    })
    .await
}

/// What somebody should look at, with what the box knows of its triggers.
fn warnings(api: &Api, tables: &Tables<impl DaysOff>, from: Date, to: Date) -> Vec<Words> {
    let triggers = &api.services.store.conf().bells.triggers;
    let library = api.services.bell.library();
    let length = |id: &TriggerId| -> Option<Duration> {
        let cue = &triggers.get(id)?.cue;
        let whole = library.inspect(&cue.sound).ok()?.duration;
        cue.end.map_or(whole, |end| end.min(whole)).checked_sub(cue.start)
    };
    let is_trigger = |id: &TriggerId| triggers.contains_key(id);
    let facts = Facts { is_trigger: &is_trigger, length: &length, notice_days: NOTICE_DAYS };
    let schedule = tables.schedule();
    // A school may write all of its days off into its own calendar; most forget.
    let nowhere = !schedule.day_types.is_empty() && Site::read(&schedule.school) == Ok(None);
    let nowhere = nowhere.then_some(Warning::NoPlace);
    let others = tables.warnings(from, to, &facts);
    nowhere.iter().chain(&others).map(Warning::words).collect()
}

impl ShownDay {
    fn of(day: Day, bells: bool) -> Self {
        Self {
            date: day.date,
            because: day.because_words(),
            week: day.why.iter().find_map(|step| ShownWeek::of(&step.rule)),
            day_type: day.day_type,
            count: day.bells.len(),
            bells: day.bells.iter().filter(|_| bells).map(ShownBell::of).collect(),
            silenced: day.silenced.iter().filter(|_| bells).map(ShownSilenced::of).collect(),
        }
    }
}

impl ShownWeek {
    fn of(rule: &Rule) -> Option<Self> {
        let (week, assigned) = match rule {
            Rule::WeekAssigned { week, .. } => (week, true),
            Rule::WeekTurn { week, .. } => (week, false),
            _ => return None,
        };
        Some(Self { name: week.to_string(), assigned })
    }
}

impl ShownBell {
    /// As a page shows it.
    pub fn of(bell: &Bell) -> Self {
        Self {
            id: bell.id.to_string(),
            at: bell.at,
            date: bell.id.date,
            time: written_time(bell.id.time),
            planned: written_time(bell.planned),
            trigger: bell.id.trigger.to_string(),
            label: bell.label.to_string(),
            added: bell.day_type.is_none(),
        }
    }
}

impl ShownSilenced {
    fn of(bell: &Silenced) -> Self {
        Self {
            time: written_time(bell.time),
            planned: written_time(bell.planned),
            trigger: bell.trigger.to_string(),
            label: bell.label.to_string(),
            because: bell.why.last().map(|step| step.words()).unwrap_or_default(),
        }
    }
}
