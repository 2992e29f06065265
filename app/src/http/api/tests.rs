//! A whole box without hardware, reached over real TLS as its users reach it.

mod access;
mod backup;
mod certificate;
mod described;
mod imports;
mod journal;
mod official;
mod ringing;
mod schedule;
mod session;
mod sounds;
mod triggers;

use std::{fs, path::Path};

use beffroi_boards::{BoardKind, mock::MockHandle};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::timeout;

use crate::{
    almanac::{Almanac, Shelf},
    bell::{self, Bell, BoardPlan},
    engine::{Outcome, Playback},
    gateway::{Gateway, reach::Reach},
    http::{self, Network, Services, testing::BOUND},
    player::{self, AudioConfig, Device},
    proposal::SchoolSource,
    sounds::SoundFolder,
    store::{Journal, Store},
};

/// A box with one sound, `tone.wav` of 50 ms, and the triggers GPIO23 and OFFICE that play it.
struct Home {
    url: String,
    client: Client,
    mock: MockHandle,
    store: Store,
    folder: TempDir,
    network: Network,
    _bell: Bell,
}

impl Home {
    async fn new() -> Self {
        Self::start(Self::folder()).await
    }

    fn folder() -> TempDir {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("musiques")).unwrap();
        fs::write(folder.path().join("musiques/tone.wav"), wav(2400)).unwrap();
        let conf = json!({
            "server": { "host": "127.0.0.1", "port": 0 },
            "auth": { "username": "admin", "password": "right" },
            "triggers": {
                "GPIO23": { "name": "Entrance", "type": "GPIO23", "music_file": "tone.wav" },
                "OFFICE": { "name": "Office", "type": "api", "music_file": "tone.wav" },
            },
        });
        fs::write(folder.path().join("conf.json"), conf.to_string()).unwrap();
        folder
    }

    async fn start(folder: TempDir) -> Self {
        Self::before(folder, None).await
    }

    /// With a way to PRONOTE.
    async fn before(folder: TempDir, gateway: Option<Gateway>) -> Self {
        let data = folder.path();
        let store = Store::open(data).unwrap();
        let (journal, next) = Journal::open(data).unwrap();
        let sounds = SoundFolder::new(data.join("musiques"));
        let recorder = {
            let journal = journal.clone();
            move |playback: &Playback, outcome: &Outcome, length| {
                journal.record(playback, outcome, length);
            }
        };
        let audio = AudioConfig { device: Device::Null, ..AudioConfig::default() };
        let open = |wake| player::open(audio, sounds.clone(), wake);
        let bell = bell::start(open, Box::new(recorder), next).unwrap();
        let conf = store.conf();
        bell.handle.configure(conf.bells.clone());
        let handle = bell.handle.clone();
        store.on_change(move |conf| handle.configure(conf.bells.clone()));
        let mock = MockHandle::default();
        let board = mock.clone();
        let plan = BoardPlan { lines: conf.board.all_lines(), outputs: Vec::new() };
        let open = move |plan: &BoardPlan| board.open(&plan.lines, &plan.outputs);
        bell::watch_board(&bell, BoardKind::Mock, open, plan).unwrap();
        let mut status = bell.handle.status();
        let ready =
            status.wait_for(|now| now.audio.ready && now.boards.iter().any(|one| one.ready));
        timeout(BOUND, ready).await.unwrap().unwrap();

        // Its own network may be asked: there is no other in a test.
        let shelf = Shelf::new(data);
        let almanac = Almanac::new(shelf.clone(), Reach::anywhere(true));
        tokio::spawn(almanac.clone().run(store.watch()));
        let services = Services {
            bell: bell.handle.clone(),
            store: store.clone(),
            journal,
            folder: sounds,
            shelf,
            almanac,
            school: gateway.clone().map(|gateway| SchoolSource::new(gateway, data)),
            gateway,
        };
        let network = http::start(services);
        let address = timeout(BOUND, network.address()).await.unwrap().unwrap();
        let url = format!("https://{address}");
        let client = client(&data.join("certs/cert.pem"));
        Self { url, client, mock, store, folder, network, _bell: bell }
    }

    /// Nobody's request.
    fn stranger(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    /// A request of the one user.
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.stranger(method, path).basic_auth("admin", Some("right"))
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        answer(self.request(Method::GET, path)).await
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        answer(self.request(method, path).json(body)).await
    }

    async fn stop(self) {
        timeout(BOUND, self.network.stop(BOUND)).await.unwrap();
        drop(self.folder);
    }
}

fn client(certificate: &Path) -> Client {
    drop(tokio_rustls::rustls::crypto::ring::default_provider().install_default());
    let root = reqwest::Certificate::from_pem(&fs::read(certificate).unwrap()).unwrap();
    Client::builder().tls_certs_only([root]).no_proxy().timeout(BOUND).build().unwrap()
}

/// Status and body; errors must be problems in words.
async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let (status, media_type) = (response.status(), media_type(&response));
    let text = response.text().await.unwrap();
    let body: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
    if status.is_client_error() || status.is_server_error() {
        assert_eq!(media_type, "application/problem+json", "{text}");
        assert_eq!(body["status"], status.as_u16());
        assert!(body["title"].is_string() && !body["detail"].as_str().unwrap().is_empty());
    }
    (status.as_u16(), body)
}

fn media_type(response: &Response) -> String {
    let header = response.headers().get("content-type");
    header.map_or("", |value| value.to_str().unwrap()).to_owned()
}

/// A tone of so many frames at 48 kHz, mono.
fn wav(frames: u32) -> Vec<u8> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 48_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
    for frame in 0..frames {
        writer.write_sample(if frame / 24 % 2 == 0 { 8000_i16 } else { -8000 }).unwrap();
    }
    writer.finalize().unwrap();
    bytes.into_inner()
}
