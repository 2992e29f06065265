//! `GET /api/events`: what happens, as it happens, as server-sent events.

use std::{convert::Infallible, pin::Pin, sync::Arc, time::Duration};

use beffroi_hal::State;
use futures_util::{Stream, stream};
use serde::Serialize;
use tokio::sync::{
    OwnedSemaphorePermit,
    broadcast::{self, error::RecvError},
    watch,
};
use utoipa::ToSchema;
use warp::{
    Filter, Reply,
    sse::{self, Event},
};

use super::{
    Answer, Api, Routes,
    health::Health,
    other_methods,
    playback::{PlaybackBody, PlaybackNews},
    with,
};
use crate::{bell, engine::Cause, http::problem::Problem, store::Conf};

/// Who may listen at once.
pub const LISTENERS: usize = 32;

/// Proxies and browsers give up a connection on which nothing is said for a minute or so.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let path = warp::path!("events");
    let get = path.and(warp::get()).and(with(api)).map(get);
    get.or(path.and(other_methods("GET"))).unify().boxed()
}

/// A line that changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineNews {
    /// Which board saw it, and the line.
    #[serde(flatten)]
    source: Cause,
    /// `active` or `inactive`.
    #[schema(value_type = String)]
    state: State,
    /// Whether it is already inactive again: a press that was seen whole.
    momentary: bool,
}

/// What happens, as it happens: `status` (first, and when it changes; as `/api/health` shows it),
/// `playback` when one starts or has ended, and `line` when a line changes.
#[utoipa::path(get, path = "/api/events", tag = "journal",
    responses(
        (status = 200, description = "Server-sent events: status, playback, line",
            body = String, content_type = "text/event-stream"),
        (status = 503, description = "Too many listen already", body = Problem),
    ))]
fn get(api: Arc<Api>) -> Answer {
    let busy = |_| Problem::unavailable(format!("{LISTENERS} listen already"));
    let seat = api.listeners.clone().try_acquire_owned().map_err(busy)?;
    let listener = Listener {
        notices: api.services.bell.notices(),
        bell: api.services.bell.status(),
        conf: api.services.store.watch(),
        closing: api.closing.clone(),
        shown: None,
        api,
        _seat: seat,
    };
    let events = sse::keep_alive().interval(KEEP_ALIVE).stream(listener.events());
    Ok(sse::reply(events).into_response())
}

struct Listener {
    api: Arc<Api>,
    notices: broadcast::Receiver<bell::Notice>,
    bell: watch::Receiver<Arc<bell::Status>>,
    conf: watch::Receiver<Arc<Conf>>,
    closing: watch::Receiver<bool>,
    /// The status that was told last.
    shown: Option<Health>,
    _seat: OwnedSemaphorePermit,
}

impl Listener {
    fn events(self) -> Pin<Box<dyn Stream<Item = Result<Event, Infallible>> + Send + Sync>> {
        Box::pin(stream::unfold(self, |mut this| async { Some((Ok(this.next().await?), this)) }))
    }

    /// The next event; `None` when the server stops.
    async fn next(&mut self) -> Option<Event> {
        loop {
            // What happened is told before what follows from it; only the first event is a status.
            if (self.shown.is_none() || self.notices.is_empty())
                && let Some(status) = self.status()
            {
                return Some(status);
            }
            tokio::select! {
                biased;
                notice = self.notices.recv() => match notice {
                    Ok(notice) => return Some(news(&notice)),
                    // It missed something: it learns how things stand now instead.
                    Err(RecvError::Lagged(_)) => self.shown = None,
                    Err(RecvError::Closed) => return None,
                },
                changed = self.bell.changed() => changed.ok()?,
                changed = self.conf.changed() => changed.ok()?,
                _ = self.closing.wait_for(|closing| *closing) => return None,
            }
        }
    }

    /// How things stand, where that is new.
    fn status(&mut self) -> Option<Event> {
        self.bell.mark_unchanged();
        self.conf.mark_unchanged();
        let now = Health::of(&self.api);
        if self.shown.as_ref().is_some_and(|shown| shown.is_same(&now)) {
            return None;
        }
        Some(event("status", self.shown.insert(now)))
    }
}

fn news(notice: &bell::Notice) -> Event {
    match notice {
        bell::Notice::Playback { playback, outcome, length } => {
            let playback = PlaybackBody::new(playback, *length);
            event("playback", &PlaybackNews { playback, outcome: outcome.clone() })
        }
        bell::Notice::Line { cause, state, momentary } => {
            let (source, state, momentary) = (cause.clone(), *state, *momentary);
            event("line", &LineNews { source, state, momentary })
        }
    }
}

fn event(name: &'static str, data: &impl Serialize) -> Event {
    let told = Event::default().event(name).json_data(data);
    told.unwrap_or_else(|error| Event::default().comment(format!("{name}: {error}")))
}
