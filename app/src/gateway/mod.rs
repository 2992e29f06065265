//! The gateway to PRONOTE: sessions behind tokens, and who may reach what.
//!
//! It knows nothing of the bell, and speaks no HTTP of its own: [`crate::http`] serves it.
//! A login makes a [`sessions::Token`]; a [`Question`] with that token is put to PRONOTE in a task of
//! its own, so that a caller who hangs up leaves no session in mid-call.

mod ask;
mod files;
mod link;
mod login;
mod question;
mod refusal;
mod school;

pub mod limits;
pub mod papillon;
pub mod reach;
pub mod sessions;
#[cfg(test)]
mod testing;

use std::{fs, io, path::Path, sync::Arc, time::Duration};

use pronote_client::{Transport, ent::Portals};

pub use ask::Passed;
pub use files::FileParts;
pub use link::Base;
pub use login::LogIn;
pub use question::Question;
pub use refusal::Refusal;

use crate::store::conf::{self, Attachments};
use limits::Limits;
use reach::Reach;
use sessions::Sessions;

/// The portals that the box adds to those it ships with, or puts in their place.
const PORTALS: &str = "ent.tsv";

/// The gateway. Cheap to clone.
#[derive(Clone)]
pub struct Gateway(Arc<Inner>);

struct Inner {
    portals: Arc<Portals>,
    reach: Reach,
    limits: Limits,
    transport: Transport,
    sessions: Sessions,
    attachments: Attachments,
    deadline: Duration,
}

/// Why there is no gateway.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The table of portals cannot be used.
    #[error("{PORTALS}: {0}")]
    Portals(String),
    /// The requests to PRONOTE cannot be made.
    #[error(transparent)]
    Transport(#[from] pronote_client::http::UnusableTransport),
    /// The store of sessions cannot be used.
    #[error(transparent)]
    Sessions(#[from] sessions::OpenError),
    /// The address of the store is none.
    #[error(transparent)]
    Store(#[from] limits::UnusableStore),
}

impl Gateway {
    /// Opens the gateway. Nothing is asked of anybody yet.
    pub async fn open(settings: &conf::Gateway, data: &Path) -> Result<Self, OpenError> {
        let portals = Arc::new(portals(data)?);
        let reach = Reach::new(settings, &portals);
        let transport = reach.transport()?;
        let sessions =
            Sessions::open(settings, data, transport.clone(), Arc::clone(&portals)).await?;
        let limits = Limits::open(settings, sessions.seal().derive("limits"))?;
        let deadline = match settings.limits.request_deadline_seconds {
            0 => Duration::from_secs(600),
            seconds => Duration::from_secs(seconds.into()),
        };
        let attachments = settings.attachments;
        let inner = Inner { portals, reach, limits, transport, sessions, attachments, deadline };
        Ok(Self(Arc::new(inner)))
    }

    /// What is known of portals.
    pub fn infos(&self) -> papillon::Infos {
        papillon::infos(&self.0.portals, env!("CARGO_PKG_VERSION"))
    }

    /// Budgets and breakers.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// How many sessions live; `None` where the store does not answer.
    pub async fn live(&self) -> Option<u64> {
        self.0.sessions.live().await
    }

    /// What the gateway may reach.
    pub fn reach(&self) -> &Reach {
        &self.0.reach
    }

    /// Puts the sessions away for the next start.
    pub async fn close(&self) {
        self.0.sessions.close().await;
    }
}

fn portals(data: &Path) -> Result<Portals, OpenError> {
    let built_in = Portals::built_in().clone();
    match fs::read_to_string(data.join(PORTALS)) {
        Ok(text) => match Portals::parse(&text) {
            Ok(own) => Ok(built_in.amended(own)),
            Err(error) => Err(OpenError::Portals(error.to_string())),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(built_in),
        Err(error) => Err(OpenError::Portals(error.to_string())),
    }
}
