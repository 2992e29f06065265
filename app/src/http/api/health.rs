//! `GET /api/health`: does it ring, and if not, why not? It names no user.
//!
//! For everybody, so it names no user and no secret.

use std::sync::Arc;

use hyper::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use warp::Filter;

use super::{Answer, Api, Routes, get_or_head, json, other_methods, playback::seconds, with};
use crate::{
    bell,
    engine::{Cause, PlaybackId, TriggerId},
    schedule::keeper::Trust,
    store,
};

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let path = warp::path!("health");
    let get = path.and(get_or_head()).and(with(api)).map(|api: Arc<Api>| get(&api));
    get.or(path.and(other_methods("GET, HEAD"))).unify().boxed()
}

/// How the box fares.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Health {
    /// `degraded` where something does not work; what works goes on.
    status: HealthStatus,
    /// What does not work, in words.
    #[schema(example = json!(["the sound output is not ready: hw:1,0: no such device"]))]
    reasons: Vec<String>,
    /// Of the program.
    #[schema(example = "0.1.0")]
    version: &'static str,
    /// Since the program started.
    uptime_seconds: u64,
    /// What watches the contacts.
    board: BoardHealth,
    /// The sound output.
    audio: AudioHealth,
    /// The keeping of the school's hours.
    hours: HoursHealth,
    /// What plays now.
    playing: Option<PlayingNow>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum HealthStatus {
    Ok,
    Degraded,
}

/// What watches the contacts.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
struct BoardHealth {
    /// Whether all boards are there.
    ready: bool,
    /// Each board that the configuration asks for.
    boards: Vec<OneBoard>,
}

#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
struct OneBoard {
    #[schema(example = "raspberry-pi")]
    kind: String,
    ready: bool,
    /// What it is, or why it is not ready.
    detail: String,
}

/// The sound output.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
struct AudioHealth {
    /// As `audio.device` of the configuration names it.
    #[schema(example = "default")]
    device: String,
    /// Whether a ring is heard.
    ready: bool,
    /// What it is, or why it is not ready.
    #[schema(example = "48000 Hz, 2 channels")]
    detail: String,
}

/// The keeping of the school's hours.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
struct HoursHealth {
    /// Whether there are tables, and a clock that is to be believed: bells ring by themselves.
    ready: bool,
    /// Whether there are tables with any bell in them.
    tables: bool,
    /// What rings next by them.
    next: Option<NextBell>,
    /// The clock on the wall.
    clock: ClockHealth,
}

/// What rings next by the tables.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
struct NextBell {
    /// Which bell of which date, by the school's clock.
    #[schema(example = "2026-11-09T08:25:00/GPIO23")]
    bell: String,
    /// The moment: RFC 3339, UTC.
    #[schema(format = DateTime, example = "2026-11-09T07:25:00Z")]
    at: String,
    /// What it is for. May be empty.
    label: String,
}

/// The clock on the wall.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
struct ClockHealth {
    /// Whether it is to be believed: no bell rings by a clock that is not.
    trusted: bool,
    /// Why it is, or is not.
    #[schema(example = "the clock is synchronised with a time server")]
    detail: String,
    /// How far it is from the time server's, where the system knows: positive where it is behind.
    offset_seconds: Option<f64>,
}

/// What plays now; who asked for it is in the journal.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
struct PlayingNow {
    #[schema(value_type = u64)]
    id: PlaybackId,
    /// The trigger; `null` where a sound is tried by itself.
    #[schema(value_type = Option<String>)]
    trigger: Option<TriggerId>,
    /// What people call the trigger, or the sound.
    name: String,
    /// How long it plays in all.
    seconds: f64,
    /// How far it has come.
    position_seconds: f64,
}

/// How the box fares. 200 even where it is degraded.
#[utoipa::path(get, path = "/api/health", tag = "box", security(()),
    responses((status = 200, description = "How the box fares", body = Health)))]
fn get(api: &Api) -> Answer {
    json(StatusCode::OK, &Health::of(api))
}

impl Health {
    /// Whether nothing differs but the time.
    pub fn is_same(&self, other: &Self) -> bool {
        let mut later = Self { uptime_seconds: other.uptime_seconds, ..self.clone() };
        if let (Some(now), Some(then)) = (&mut later.playing, &other.playing) {
            now.position_seconds = then.position_seconds;
        }
        later == *other
    }

    /// Now.
    pub fn of(api: &Api) -> Self {
        let bell = api.services.bell.status().borrow().clone();
        let reasons = reasons(api, &bell);
        let status = if reasons.is_empty() { HealthStatus::Ok } else { HealthStatus::Degraded };
        let boards = bell.boards.iter().map(|board| OneBoard {
            kind: board.kind.to_string(),
            ready: board.ready,
            detail: board.detail.clone(),
        });
        let ready = bell.boards.iter().all(|board| board.ready);
        let playing = bell.engine.playing.as_ref().map(|playing| PlayingNow {
            id: playing.playback.id,
            trigger: playing.playback.trigger.clone(),
            name: playing.playback.name.clone(),
            seconds: seconds(playing.length),
            position_seconds: seconds(api.services.bell.elapsed(playing)),
        });
        Self {
            status,
            reasons,
            version: env!("CARGO_PKG_VERSION"),
            uptime_seconds: api.started.elapsed().as_secs(),
            board: BoardHealth { ready, boards: boards.collect() },
            audio: AudioHealth {
                device: bell.audio.device.clone(),
                ready: bell.audio.ready,
                detail: bell.audio.detail.clone(),
            },
            hours: HoursHealth::of(&api.services.bell.hours()),
            playing,
        }
    }
}

impl HoursHealth {
    fn of(hours: &bell::Hours) -> Self {
        let trusted = hours.trust.is_some_and(|trust| trust.is_trusted());
        let next = hours.next.as_ref().map(|due| NextBell {
            bell: due.id.to_string(),
            at: due.at.to_string(),
            label: due.label.to_string(),
        });
        let detail = hours.trust.map(|trust| trust.to_string());
        let clock = ClockHealth {
            trusted,
            detail: detail.unwrap_or_else(|| "it has not been looked at yet".into()),
            offset_seconds: hours.offset.map(|offset| offset.as_secs_f64()),
        };
        Self { ready: hours.tables && trusted, tables: hours.tables, next, clock }
    }
}

/// Everything that somebody should mend, in the order in which it matters.
fn reasons(api: &Api, bell: &bell::Status) -> Vec<String> {
    let mut reasons = Vec::new();
    if !bell.audio.ready {
        reasons.push(format!("the sound output is not ready: {}", bell.audio.detail));
    }
    let hours = api.services.bell.hours();
    if let (true, Some(Trust::Not(why))) = (hours.tables, hours.trust) {
        reasons.push(format!("no bell rings by the tables: {why}"));
    }
    reasons.extend(hours.trouble.clone());
    reasons.extend(hours.ledger.clone());
    for board in &bell.boards {
        if !board.ready {
            reasons.push(format!("the {} board is not ready: {}", board.kind, board.detail));
        }
        reasons.extend(board.refused.iter().cloned());
    }
    for (cause, line) in bell.engine.lines.iter().filter(|(_, line)| line.stuck) {
        if let Cause::Line { line: name } | Cause::Serial { line: name } = cause {
            reasons.push(format!("line {name} stays {:?}: is its contact stuck?", line.state));
        }
    }
    reasons.extend(api.services.bell.library().faults().into_values());
    let problems = api.services.store.problems();
    reasons.extend(problems.iter().filter(|problem| problem.is_error()).map(in_public));
    reasons.extend(api.tls.served().trouble.clone());
    let journal = api.services.journal.status();
    if !journal.ready {
        reasons.push(journal.detail);
    }
    reasons
}

/// What stands in the sections with secrets is nobody's business; where it stands is enough.
fn in_public(problem: &store::Problem) -> String {
    let secret = ["auth", "gateway"].into_iter().any(|section| problem.path.starts_with(section));
    if secret {
        format!("{} is wrong; the log says how", problem.path)
    } else {
        problem.to_string()
    }
}
