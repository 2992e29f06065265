//! The local socket by which the commands on the box reach the running service.
//!
//! One JSON value a line each way. Who may open the file (mode 0600) may ring.

use std::{
    fs,
    io::{self, BufRead as _, BufReader, Write as _},
    os::unix::net::UnixStream as BlockingStream,
    path::{Path, PathBuf},
    time::Duration,
};

use beffroi_boards::mock::MockHandle;
use beffroi_hal::{LineId, State};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _},
    net::{UnixListener, UnixStream},
};

use crate::{
    bell::Handle,
    engine::{Cause, TriggerId},
    store::Store,
};

/// What a command asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Request {
    /// Ring a trigger.
    Ring(TriggerId),
    /// Silence what plays.
    Stop,
    /// Make a line of the mock board active.
    Press(LineId),
    /// Make a line of the mock board inactive.
    Release(LineId),
    /// Read conf.json again.
    Reload,
}

/// What was done, or why not, in words.
pub type Answer = Result<String, String>;

/// A request and its answer are short, and neither side waits long for the other.
const LONGEST: u64 = 4096;
const PATIENCE: Duration = Duration::from_secs(10);

/// The socket's file.
pub fn path(data: &Path) -> PathBuf {
    data.join("beffroi.sock")
}

/// Asks the service that runs on this data folder.
pub fn ask(data: &Path, request: &Request) -> io::Result<Answer> {
    let mut stream = BlockingStream::connect(path(data))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    writeln!(stream, "{}", serde_json::to_string(request)?)?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    Ok(serde_json::from_str(&line)?)
}

/// Whether a service runs on this data folder.
pub fn is_served(data: &Path) -> bool {
    BlockingStream::connect(path(data)).is_ok()
}

/// What the socket's requests are carried out with.
#[derive(Clone)]
pub struct Server {
    /// The bell.
    pub bell: Handle,
    /// The configuration.
    pub store: Store,
    /// The mock board, where the service runs on one.
    pub mock: Option<MockHandle>,
}

impl Server {
    /// Opens the socket. A file that a dead service left behind is replaced; a living service is an error.
    pub fn bind(data: &Path) -> io::Result<UnixListener> {
        if is_served(data) {
            return Err(io::Error::new(
                io::ErrorKind::AddrInUse,
                format!("a service runs on {} already", data.display()),
            ));
        }
        let path = path(data);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        // Mode 0600 by the umask that `run` has set.
        UnixListener::bind(path)
    }

    /// Answers for ever, one task a caller.
    pub async fn serve(self, listener: UnixListener) {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    let server = self.clone();
                    tokio::spawn(async move {
                        let exchange = tokio::time::timeout(PATIENCE, server.exchange(stream));
                        if let Ok(Err(error)) = exchange.await {
                            tracing::debug!(%error, "a local command left");
                        }
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "the local socket accepts nobody for now");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    async fn exchange(&self, mut stream: UnixStream) -> io::Result<()> {
        let (reader, mut writer) = stream.split();
        let mut line = String::new();
        tokio::io::BufReader::new(reader.take(LONGEST)).read_line(&mut line).await?;
        let answer = match serde_json::from_str(&line) {
            Ok(request) => self.answer(request).await,
            Err(error) => Err(format!("not understood: {error}")),
        };
        let answer = serde_json::to_string(&answer)? + "\n";
        writer.write_all(answer.as_bytes()).await
    }

    async fn answer(&self, request: Request) -> Answer {
        match request {
            Request::Ring(trigger) => {
                let ring = self.bell.ring(trigger.clone(), Cause::Cli).await;
                let accepted = ring.map_err(|refusal| refusal.to_string())?;
                let seconds = accepted.length.as_secs_f64();
                Ok(format!("{trigger} rings for {seconds:.1} s"))
            }
            Request::Stop => match self.bell.stop(Cause::Cli).await {
                Ok(0) => Ok("nothing was playing".into()),
                Ok(_) => Ok("stopped".into()),
                Err(refusal) => Err(refusal.to_string()),
            },
            Request::Press(line) => self.move_line(&line, State::Active),
            Request::Release(line) => self.move_line(&line, State::Inactive),
            Request::Reload => {
                let store = self.store.clone();
                match tokio::task::spawn_blocking(move || store.reload()).await {
                    Ok(Ok(())) => Ok("the configuration was read again".into()),
                    Ok(Err(error)) => Err(error.to_string()),
                    Err(error) => Err(error.to_string()),
                }
            }
        }
    }

    fn move_line(&self, line: &LineId, state: State) -> Answer {
        let Some(mock) = &self.mock else {
            return Err("the lines of a real board are moved by its contacts: \
                        press and release are for the mock board"
                .into());
        };
        mock.set(line, state).map_err(|error| error.to_string())?;
        Ok(match state {
            State::Active => format!("{line} is active"),
            State::Inactive => format!("{line} is inactive"),
        })
    }
}
