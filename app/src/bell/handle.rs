//! How the rest of the program reaches the bell: one bounded channel.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        mpsc::{SyncSender, TrySendError},
    },
    time::Duration,
};

use beffroi_boards::{BoardKind, Pin, clock, serial};
use beffroi_hal::{Change, LineId, Output, State};
use tokio::sync::{broadcast, oneshot, watch};

use super::{Hours, Notice, Status};
use crate::{
    engine::{Bells, Cause, Cue, Fault, Playback, Playing, TriggerId},
    player::Library,
};

/// A ring that was accepted: the first samples are on their way.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    /// What rings.
    pub playback: Playback,
    /// How long it will play.
    pub length: Duration,
}

/// Why a request was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It was tried.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The queue is full, or the engine is ending.
    #[error("the bell is busy: try again")]
    Busy,
}

/// A board's outputs, by name.
pub type Outputs = BTreeMap<LineId, Output<Pin>>;

/// What the engine's thread is sent.
pub enum Message {
    /// These triggers are in force from now on.
    Configure(Arc<Bells>),
    /// A ring is asked for.
    Ring(TriggerId, Cause, oneshot::Sender<Result<Accepted, Fault>>),
    /// A cue is to be heard.
    Audition(Cue, Cause, oneshot::Sender<Result<Accepted, Fault>>),
    /// A ring that the tables ask for did not come: the trigger, the bell, and why.
    Missed(TriggerId, Cause, String),
    /// Silence is asked for; the answer is how many playbacks were stopped.
    Stop(Cause, oneshot::Sender<usize>),
    /// A line of this board changed.
    Change(BoardKind, Change),
    /// A board was opened: where its lines rest, what it could not watch, and its outputs.
    BoardOpened {
        /// Which.
        kind: BoardKind,
        /// What it is, in words.
        detail: String,
        /// Lines that it could not watch, each with the reason.
        refused: Vec<String>,
        /// Where the lines rest.
        lines: Vec<(LineId, State)>,
        /// What can be switched.
        outputs: Outputs,
    },
    /// A board went away, or could not be opened.
    BoardLost {
        /// Which.
        kind: BoardKind,
        /// Why, in words.
        reason: String,
    },
    /// Something changed at the player: a playback ended, the output came or went.
    Player,
}

/// The bell, for callers; cheap to clone.
#[derive(Clone)]
pub struct Handle {
    pub(super) messages: SyncSender<Message>,
    pub(super) status: watch::Receiver<Arc<Status>>,
    pub(super) notices: broadcast::Sender<Notice>,
    pub(super) hours: watch::Sender<Arc<Hours>>,
    pub(super) library: Library,
    pub(super) serial: Arc<serial::Counters>,
}

impl Handle {
    /// Rings a trigger; answers as soon as the sound is in the mixer.
    pub async fn ring(&self, trigger: TriggerId, cause: Cause) -> Result<Accepted, Refusal> {
        let (reply, answer) = oneshot::channel();
        self.try_send(Message::Ring(trigger, cause, reply))?;
        Ok(answer.await.map_err(|_| Refusal::Busy)??)
    }

    /// Plays a cue that no trigger need have; answers as [`Self::ring`] does.
    pub async fn audition(&self, cue: Cue, cause: Cause) -> Result<Accepted, Refusal> {
        let (reply, answer) = oneshot::channel();
        self.try_send(Message::Audition(cue, cause, reply))?;
        Ok(answer.await.map_err(|_| Refusal::Busy)??)
    }

    /// Silences what plays; answers how many playbacks were stopped.
    pub async fn stop(&self, cause: Cause) -> Result<usize, Refusal> {
        let (reply, answer) = oneshot::channel();
        self.try_send(Message::Stop(cause, reply))?;
        answer.await.map_err(|_| Refusal::Busy)
    }

    /// Puts triggers in force. What is asked after this returns is judged by them.
    ///
    /// Waits while the queue is full: a configuration is never dropped.
    pub fn configure(&self, bells: Arc<Bells>) {
        if self.messages.send(Message::Configure(bells)).is_err() {
            tracing::error!("the engine has ended: the new triggers are not in force");
        }
    }

    /// The bell path now, and whenever it changes.
    pub fn status(&self) -> watch::Receiver<Arc<Status>> {
        self.status.clone()
    }

    /// How far what plays has come.
    pub fn elapsed(&self, playing: &Playing) -> Duration {
        clock::now().since(playing.since).min(playing.length)
    }

    /// What happens from now on. A listener that lags behind by more than 64 notices misses the oldest.
    pub fn notices(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    /// The sounds.
    pub const fn library(&self) -> &Library {
        &self.library
    }

    /// What serial boards have said since the start.
    pub const fn serial(&self) -> &Arc<serial::Counters> {
        &self.serial
    }

    /// A caller is told to try again rather than made to wait behind contacts.
    fn try_send(&self, message: Message) -> Result<(), Refusal> {
        self.messages.try_send(message).map_err(|refused| match refused {
            TrySendError::Full(_) | TrySendError::Disconnected(_) => Refusal::Busy,
        })
    }
}
