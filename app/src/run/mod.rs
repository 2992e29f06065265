//! The whole service, wired top to bottom as the product works.
//!
//! The only room that knows all others. The bell comes first: by the time the network is looked
//! at, a contact already rings.

mod boards;
mod hours;
mod options;
mod runtime;
mod system;

use std::{convert::Infallible, future::pending, path::Path, sync::Arc, time::Duration};

use anyhow::Context as _;
use rustix::fs::Mode;

use crate::{
    almanac::{Almanac, Shelf},
    bell,
    engine::{Outcome, Playback},
    gateway::{Gateway, reach::Reach},
    http,
    player::{self, AudioConfig, Device},
    proposal::SchoolSource,
    socket,
    sounds::SoundFolder,
    store::{self, Conf, InitError, Journal, Severity, Store},
};

pub use boards::{board_choice, is_raspberry_pi, serial_port};
pub use options::{BoardChoice, RunOptions, rehearsal};
pub use runtime::network_runtime;

/// What the network still has to say is heard for so long when the service ends.
const LAST_WORDS: Duration = Duration::from_millis(1500);

/// Runs the service until it is told to end.
pub fn run(data: &Path, options: &RunOptions) -> anyhow::Result<()> {
    // What we create is for us alone: passwords, keys, the local socket.
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    let runtime = network_runtime().context("starting the network's threads")?;
    let verdict = runtime.block_on(serve(data, options));
    // A stuck handler does not keep the box from restarting.
    runtime.shutdown_timeout(Duration::from_millis(100));
    verdict
}

async fn serve(data: &Path, options: &RunOptions) -> anyhow::Result<()> {
    let signals = system::Signals::listen().context("listening to signals")?;

    // What outlives us.
    begin(data)?;
    match store::recover(data, &SoundFolder::new(data.join("musiques"))) {
        Ok(false) => {}
        Ok(true) => tracing::warn!("a restore that had broken off is completed"),
        Err(error) => tracing::error!("a restore that had broken off stays so: {error}"),
    }
    let store = Store::open(data)?;
    let conf = store.conf();
    for problem in store.problems().iter() {
        match problem.severity {
            Severity::Error => tracing::error!("conf.json: {problem}"),
            Severity::Warning => tracing::warn!("conf.json: {problem}"),
        }
    }
    let (journal, next) = Journal::open(data).context("starting the journal")?;
    let memory = hours::Memory::open(data)?;

    // The sound.
    let folder = SoundFolder::new(data.join("musiques"));
    let prepared = folder.prepare().and_then(|()| folder.settle_renames(|name| store.plays(name)));
    if let Err(error) = prepared {
        tracing::error!(%error, folder = %folder.path().display(), "the sound folder");
    }
    let device = options.audio.clone().unwrap_or_else(|| configured_device(&conf)).within(data);
    let buffer_frames = conf.audio.buffer_frames;
    let audio =
        AudioConfig { device, buffer_frames, rehearsal: rehearsal(), ..AudioConfig::default() };

    // The engine.
    let recorder = {
        let (journal, ledger) = (journal.clone(), memory.ledger.clone());
        move |playback: &Playback, outcome: &Outcome, length| {
            journal.record(playback, outcome, length);
            hours::ended(&ledger, playback, outcome);
        }
    };
    let open_player = |wake| player::open(audio, folder.clone(), wake);
    let mut bell =
        bell::start(open_player, Box::new(recorder), next).context("starting the bell")?;
    bell.handle.configure(Arc::clone(&conf.bells));

    // The boards. From here on, a contact rings.
    let boards = boards::start(&bell, &conf, options.board).context("starting the boards")?;
    let mock = boards.mock();

    // The hours. From here on, the tables ring.
    let ledger = memory.ledger.clone();
    let shelf = Shelf::new(data);
    let hours = Arc::new(memory.keep(&bell, &conf, &journal, shelf.clone())?);
    let follow_files = Arc::clone(&hours);
    shelf.on_change(move || follow_files.republish());
    let (handle, follow_conf) = (bell.handle.clone(), Arc::clone(&hours));
    store.on_change(move |conf| {
        handle.configure(Arc::clone(&conf.bells));
        boards.follow(conf);
        follow_conf.follow(conf);
    });

    // The commands on the box.
    let socket = socket::Server { bell: bell.handle.clone(), store: store.clone(), mock };
    let listener = socket::Server::bind(data).context("opening the local socket")?;
    tokio::spawn(socket.serve(listener));

    // The school calendar. It is known already: this asks for a fresh one.
    let almanac = Almanac::new(shelf.clone(), Reach::anywhere(conf.gateway.allow_private_hosts));
    tokio::spawn(almanac.clone().run(store.watch()));

    // The gateway to PRONOTE.
    let gateway = open_gateway(&conf, data).await;
    let school = gateway.clone().map(|gateway| SchoolSource::new(gateway, data));

    // The network.
    let network = http::start(http::Services {
        bell: bell.handle.clone(),
        store: store.clone(),
        journal: journal.clone(),
        folder,
        shelf,
        almanac,
        gateway: gateway.clone(),
        school,
    });

    // The system around us.
    system::ready(&bell.heartbeats);
    let ending = tokio::select! {
        ending = signals.until_told_to_end(&store, &network, &mut bell.ended) => ending,
        never = greet(&network, &store) => match never {},
    };
    // At the same time: a stop has two seconds, and each may take one of them.
    tokio::join!(network.stop(LAST_WORDS), hours.end(&bell.handle, LAST_WORDS), async {
        if let Some(gateway) = &gateway {
            gateway.close().await;
        }
    });
    ledger.flush();
    if !journal.flush(LAST_WORDS) {
        tracing::error!("the last rings are not in the journal: the disk is too slow");
    }
    ending
}

/// A folder without conf.json becomes a new box that waits to be claimed.
fn begin(data: &Path) -> anyhow::Result<()> {
    match store::init_unclaimed(data, store::PORT) {
        Ok(()) => {
            tracing::info!("{} is new: a first conf.json is written", data.display());
            let folder = SoundFolder::new(data.join("musiques"));
            folder.ship().context("writing the first sounds")
        }
        Err(InitError::Exists(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Without a gateway, the bell rings all the same.
async fn open_gateway(conf: &Conf, data: &Path) -> Option<Gateway> {
    if !conf.gateway.enabled {
        return None;
    }
    let opened = Gateway::open(&conf.gateway, data).await;
    opened.inspect_err(|error| tracing::error!("no gateway: {error}")).ok()
}

/// A wrong name is told, and what ALSA calls default rings.
fn configured_device(conf: &Conf) -> Device {
    conf.audio.device.parse().unwrap_or_else(|error| {
        tracing::error!("conf.json: audio.device: {error}; the default sound card is used");
        Device::Default
    })
}

/// Says how to ring, to whoever has just typed `make run`.
async fn greet(network: &http::Network, store: &Store) -> Infallible {
    if let Some(address) = network.address().await {
        let (conf, port) = (store.conf(), address.port());
        let host = match address.ip() {
            ip if ip.is_unspecified() => "127.0.0.1".to_owned(),
            ip => ip.to_string(),
        };
        let user = &conf.auth.username;
        tracing::info!("its page: https://{host}:{port}/");
        tracing::info!("what it answers to: https://{host}:{port}/api/docs (user {user})");
        if let Some((trigger, _)) = conf.bells.triggers.first_key_value() {
            let url = format!("https://{host}:{port}/api/play/{trigger}");
            tracing::info!(
                "ring it: curl -k -u {user} {url}, or on this machine: beffroi ring {trigger}"
            );
        }
    }
    pending().await
}
