//! The engine's thread: hands messages and deadlines to the carrier.

use std::{
    io,
    sync::{
        Arc,
        mpsc::{self, Receiver, RecvTimeoutError},
    },
    time::Duration,
};

use beffroi_boards::clock;
use tokio::sync::watch;

use super::{Carrier, Handle, Heartbeat, Heartbeats, Message, Recorder};
use crate::{
    engine::PlaybackId,
    player::{Library, Player, Wake},
};

/// Messages that wait at most. Full: a caller is told to try again; a board waits.
const QUEUE: usize = 64;

/// The thread shows that it lives at least this often: within a third of any WatchdogSec from 6 s on.
const IDLE: Duration = Duration::from_secs(2);

/// The running bell path.
pub struct Bell {
    /// For callers.
    pub handle: Handle,
    /// For the watchdog.
    pub heartbeats: Heartbeats,
    /// Names a thread of the bell path that has ended: then the process must end too.
    pub ended: tokio::sync::mpsc::UnboundedReceiver<&'static str>,
    pub(super) watch: ThreadWatch,
}

/// Starts the engine with a player of the caller's choice.
pub fn start(
    open_player: impl FnOnce(Wake) -> (Player, Library),
    recorder: Recorder,
    next: PlaybackId,
) -> io::Result<Bell> {
    let (messages, inbox) = mpsc::sync_channel(QUEUE);
    let wake = {
        let messages = messages.clone();
        // Full is fine: whatever is handled next looks at the player too.
        Arc::new(move || {
            messages.try_send(Message::Player).ok();
        })
    };
    let (player, library) = open_player(wake);
    let carrier = Carrier::new(player, library.clone(), recorder, next);
    let (status, notices) = (carrier.status(), carrier.notices());
    let handle = Handle {
        messages,
        status,
        notices,
        hours: watch::Sender::default(),
        library,
        serial: Arc::default(),
    };
    let heartbeats = Heartbeats::default();
    let heartbeat = heartbeats.add("engine");
    let (ending, ended) = tokio::sync::mpsc::unbounded_channel();
    let watch = ThreadWatch(ending);
    watch.spawn("engine", move || carry(carrier, &inbox, &heartbeat))?;
    Ok(Bell { handle, heartbeats, ended, watch })
}

fn carry(mut carrier: Carrier, inbox: &Receiver<Message>, heartbeat: &Heartbeat) {
    loop {
        let now = clock::now();
        let wait = carrier.deadline().map_or(IDLE, |deadline| deadline.since(now).min(IDLE));
        match inbox.recv_timeout(wait) {
            Ok(message) => carrier.handle(message, clock::now()),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        carrier.wake(clock::now());
        heartbeat.beat();
    }
}

/// Starts threads whose end, by return or by panic, is the end of the process.
#[derive(Debug, Clone)]
pub(super) struct ThreadWatch(tokio::sync::mpsc::UnboundedSender<&'static str>);

struct Farewell(&'static str, ThreadWatch);

impl Drop for Farewell {
    fn drop(&mut self) {
        self.1.0.send(self.0).ok(); // nobody listens any more once the process ends
    }
}

impl ThreadWatch {
    pub(super) fn spawn(
        &self,
        name: &'static str,
        body: impl FnOnce() + Send + 'static,
    ) -> io::Result<()> {
        let farewell = Farewell(name, self.clone());
        let thread = std::thread::Builder::new().name(name.into());
        thread.spawn(move || {
            let _farewell = farewell;
            body();
        })?;
        Ok(())
    }
}
