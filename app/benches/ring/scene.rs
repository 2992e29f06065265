//! The box's own threads and queues, a mock contact, real HTTPS.

use std::{fs, path::Path, sync::Arc, thread, time::Duration};

use anyhow::Context as _;
use beffroi::{
    almanac::{Almanac, Shelf},
    bell::{self, Bell, BoardPlan, watch_board},
    engine::Cause,
    gateway::{Gateway, reach::Reach},
    http,
    player::{Library, Player, Wake},
    sounds::SoundFolder,
    store::{self, Journal, Store},
};
use beffroi_boards::{BoardKind, mock::MockHandle};
use beffroi_hal::{LineId, State};
use tempfile::TempDir;

use super::ear::Ear;

/// Short, to have a thousand rings soon; taken off each figure.
const DEBOUNCE: Duration = Duration::from_millis(1);

/// A data folder with a trigger on GPIO23 that plays the whole of bell.mp3.
pub struct Home {
    folder: TempDir,
    password: String,
}

pub struct Scene {
    pub bell: Bell,
    pub home: Home,
    pub store: Store,
    journal: Journal,
    mock: MockHandle,
    pub ear: Arc<Ear>,
}

impl Home {
    /// `sections` of conf.json go over those that a new box has.
    pub fn create(sections: &serde_json::Value) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let password = store::init(folder.path(), 0)?.to_string();
        let home = Self { folder, password };
        home.sounds().ship()?;
        let path = home.folder.path().join("conf.json");
        let mut conf: serde_json::Value = serde_json::from_slice(&fs::read(&path)?)?;
        let debounce_ms = u64::try_from(DEBOUNCE.as_millis())?;
        let merge = serde_json::json!({ "lines": { "GPIO23": { "debounce_ms": debounce_ms } } });
        let conf_sections = conf.as_object_mut().context("an object")?;
        conf_sections.insert("board".into(), merge);
        conf_sections.extend(sections.as_object().cloned().unwrap_or_default());
        fs::write(path, serde_json::to_vec(&conf)?)?;
        Ok(home)
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn sounds(&self) -> SoundFolder {
        SoundFolder::new(self.folder.path().join("musiques"))
    }

    pub fn bell(&self) -> std::path::PathBuf {
        self.sounds().path().join("bell.mp3")
    }
}

impl Scene {
    /// Returns when a press would be heard.
    pub fn open(
        home: Home,
        ear: Arc<Ear>,
        open_player: impl FnOnce(Wake) -> (Player, Library),
    ) -> anyhow::Result<Self> {
        let data: &Path = home.folder.path();
        let store = Store::open(data)?;
        let (journal, next) = Journal::open(data)?;
        let writer = journal.clone();
        let recorder = Box::new(move |playback: &_, outcome: &_, length| {
            writer.record(playback, outcome, length);
        });
        let bell = bell::start(open_player, recorder, next)?;
        bell.handle.configure(Arc::clone(&store.conf().bells));
        while !bell.handle.library().status().ready {
            thread::sleep(Duration::from_millis(1));
        }
        bell.handle.library().settle();
        let mock = MockHandle::default();
        let hand = mock.clone();
        let plan = BoardPlan { lines: store.conf().board.all_lines(), outputs: Vec::new() };
        let open_board = move |plan: &BoardPlan| hand.open(&plan.lines, &plan.outputs);
        // The plans' sender is not needed; the board's thread ends with the process.
        std::mem::forget(watch_board(&bell, BoardKind::Mock, open_board, plan)?);
        while bell.handle.status().borrow().boards.is_empty() {
            thread::yield_now();
        }
        Ok(Self { bell, home, store, journal, mock, ear })
    }

    /// From the contact to the first sample, debounce taken off. Before each press there is a pause
    /// of up to `spread`, so that presses fall anywhere between two blocks of a card.
    pub fn contact_rings(&self, rings: u32, spread: Duration) -> anyhow::Result<Vec<Duration>> {
        let line: LineId = "GPIO23".parse()?;
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let mut latencies = Vec::new();
        for ring in 0..rings {
            thread::sleep(spread * (ring * 7919 % 1000) / 1000);
            let pressed = self.ear.arm();
            self.mock.set(&line, State::Active)?;
            latencies.push((self.ear.wait()? - pressed).saturating_sub(DEBOUNCE));
            self.mock.set(&line, State::Inactive)?;
            runtime.block_on(self.bell.handle.stop(Cause::Cli))?;
            self.ear.wait_for_silence()?;
            // Before that, the next press would be a bounce of this one.
            let status = self.bell.handle.status();
            while status.borrow().engine.lines.values().any(|line| line.state == State::Active) {
                thread::yield_now();
            }
        }
        Ok(latencies)
    }

    /// Serves the box, and the gateway where there is one, while the network is kept: its port.
    pub async fn serve(&self, gateway: Option<Gateway>) -> anyhow::Result<(http::Network, u16)> {
        let shelf = Shelf::new(self.home.path());
        let network = http::start(http::Services {
            bell: self.bell.handle.clone(),
            store: self.store.clone(),
            journal: self.journal.clone(),
            folder: self.home.sounds(),
            gateway,
            school: None,
            almanac: Almanac::new(shelf.clone(), Reach::anywhere(false)),
            shelf,
        });
        let port = network.address().await.context("the network did not start")?.port();
        Ok((network, port))
    }

    pub async fn api_rings(&self, rings: u32) -> anyhow::Result<Vec<Duration>> {
        let (_network, port) = self.serve(None).await?;
        let client = reqwest::Client::builder().tls_danger_accept_invalid_certs(true).build()?;
        let ask = |route: &str| {
            let url = format!("https://127.0.0.1:{port}/api/{route}");
            client.post(url).basic_auth("admin", Some(&self.home.password)).send()
        };
        ask("stop").await?.error_for_status()?;
        let mut latencies = Vec::new();
        for _ in 0..rings {
            let asked = self.ear.arm();
            ask("play/GPIO23").await?.error_for_status()?;
            latencies.push(self.ear.wait()? - asked);
            ask("stop").await?.error_for_status()?;
            self.ear.wait_for_silence()?;
        }
        Ok(latencies)
    }
}
