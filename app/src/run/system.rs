//! The system around us: systemd and its watchdog, signals, our threads' end.

use std::{future::pending, io};

use anyhow::bail;
use sd_notify::NotifyState;
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::mpsc::UnboundedReceiver,
    time::{Instant, interval_at},
};

use crate::{bell::Heartbeats, http::Network, store::Store};

/// Tells systemd that a contact rings, and goes on telling it while every thread of the bell moves.
pub fn ready(heartbeats: &Heartbeats) {
    notify(&[NotifyState::Ready]);
    let Some(patience) = sd_notify::watchdog_enabled() else { return };
    let heartbeats = heartbeats.clone();
    tokio::spawn(async move {
        // A third of the patience: two beats may be missed before we are restarted.
        let pace = patience / 3;
        let mut ticks = interval_at(Instant::now() + pace, pace);
        loop {
            ticks.tick().await;
            let silent = heartbeats.silent();
            if silent.is_empty() {
                notify(&[NotifyState::Watchdog]);
            } else {
                tracing::error!(?silent, "threads that do not move: the watchdog is not fed");
            }
        }
    });
}

/// The signals that the service listens to.
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

impl Signals {
    /// Listens from now on: a SIGHUP that comes while the service starts must not end it.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// Waits for SIGTERM or SIGINT (a success), or for the end of a thread that must not end (a failure).
    /// SIGHUP reads the configuration and the certificate again.
    pub async fn until_told_to_end(
        mut self,
        store: &Store,
        network: &Network,
        ended: &mut UnboundedReceiver<&'static str>,
    ) -> anyhow::Result<()> {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => break,
                _ = self.interrupt.recv() => break,
                thread = ended.recv() => match thread {
                    Some(thread) => bail!("the thread `{thread}` has ended: the box must restart"),
                    None => pending().await,
                },
                _ = self.hangup.recv() => reload(store, network).await,
            }
        }
        tracing::info!("told to end");
        notify(&[NotifyState::Stopping]);
        Ok(())
    }
}

async fn reload(store: &Store, network: &Network) {
    notify(&[NotifyState::Status("reading the configuration again")]);
    let again = store.clone();
    match tokio::task::spawn_blocking(move || again.reload()).await {
        Ok(Ok(())) => tracing::info!("conf.json was read again"),
        Ok(Err(error)) => tracing::error!(%error, "conf.json stays as it was"),
        Err(error) => tracing::error!(%error, "conf.json stays as it was"),
    }
    network.reload_certificate();
    notify(&[NotifyState::Status("ringing")]);
}

fn notify(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::debug!(%error, "systemd does not listen");
    }
}
