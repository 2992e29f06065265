//! The configuration in force: typed, and every default filled in.

use std::{
    fmt,
    num::NonZeroU32,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use beffroi_hal::{Bias, LineConfig, LineId, OutputConfig, Polarity};

use super::{Gateway, Subscription};
use crate::{engine::Bells, schedule::Schedule, store::PasswordHash};

/// The configuration in force.
#[derive(Debug, Clone)]
pub struct Conf {
    /// Where the service listens.
    pub server: Server,
    /// Who may sign in.
    pub auth: Auth,
    /// The serial board.
    pub serial: Serial,
    /// The lines and outputs of the boards.
    pub board: Board,
    /// The sound output.
    pub audio: Audio,
    /// The gateway to PRONOTE.
    pub gateway: Gateway,
    /// The triggers that ring.
    pub bells: Arc<Bells>,
    /// The clock on the wall.
    pub clock: Clock,
    /// When they ring by themselves.
    pub schedule: Arc<Schedule>,
    /// Where a fresh school calendar is fetched from, if anywhere.
    pub school_calendar: Option<Subscription>,
}

/// Where the service listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// An address or a host name, to be resolved when the port is opened.
    pub host: String,
    /// The port; 0 lets the system choose one.
    pub port: u16,
    /// The certificate chain, PEM. Absolute, or relative to where the program runs.
    pub tls_cert: PathBuf,
    /// Its private key, PEM. Likewise.
    pub tls_key: PathBuf,
}

/// Who may sign in.
#[derive(Debug, Clone)]
pub struct Auth {
    /// The one user.
    pub username: String,
    /// The hash of the password; `None` where nobody can sign in until one is set.
    pub password_hash: Option<PasswordHash>,
}

/// The serial board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Serial {
    /// Whether there is one.
    pub enabled: bool,
    /// Its device file.
    pub port: PathBuf,
    /// Its speed in baud.
    pub baudrate: u32,
    /// How long one read may wait.
    pub timeout: Duration,
}

/// The lines and outputs of the boards.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Board {
    /// Which board.
    pub kind: BoardKind,
    /// Every line that the section or a trigger names, in the order of the file.
    pub lines: Vec<Line>,
    /// Outputs that are active while a sound plays.
    pub outputs: Vec<OutputConfig>,
}

/// Which board the box is wired to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BoardKind {
    /// A Raspberry Pi where there is one, and the serial board where it is enabled; else the mock.
    #[default]
    Auto,
    /// The GPIO chip of a Raspberry Pi.
    RaspberryPi,
    /// The serial board alone.
    Serial,
    /// Lines that `beffroi press` moves.
    Mock,
}

/// Why a text is no kind of board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a board is one of auto, raspberry-pi, serial, mock")]
pub struct UnknownBoard;

/// A line that a trigger may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its name.
    pub id: LineId,
    /// Its number on a chip; `None` where it exists on a serial or mock board only.
    pub offset: Option<u32>,
    /// The resistor asked for.
    pub bias: Bias,
    /// The level that counts as active.
    pub active: Polarity,
    /// How long the line must rest before its state counts.
    pub debounce: Duration,
}

/// The clock on the wall.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Clock {
    /// Somebody vouches for it, whatever the system knows: `"trust": "always"`.
    pub is_right: bool,
}

/// The sound output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audio {
    /// As the player understands it.
    pub device: String,
    /// How many frames the card is given at a time: 64–8192.
    pub buffer_frames: NonZeroU32,
}

impl Server {
    /// The defaults: every address, port 8443, the certificate in `certs/` of the data folder.
    pub fn in_folder(data: &Path) -> Self {
        Self {
            host: "0.0.0.0".into(),
            port: 8443,
            tls_cert: data.join("certs/cert.pem"),
            tls_key: data.join("certs/key.pem"),
        }
    }
}

impl Default for Auth {
    fn default() -> Self {
        Self { username: "admin".into(), password_hash: None }
    }
}

impl Default for Serial {
    fn default() -> Self {
        Self {
            enabled: false,
            port: "/dev/ttyUSB0".into(),
            baudrate: 115_200,
            timeout: Duration::from_secs(1),
        }
    }
}

impl Audio {
    /// What `audio.buffer_frames` may be: below 64 no common card follows, above 8192 a ring is
    /// a third of a second late.
    pub const BUFFER_FRAMES: RangeInclusive<u32> = 64..=8192;
}

impl Default for Audio {
    fn default() -> Self {
        let buffer_frames = NonZeroU32::new(256).expect("not 0");
        Self { device: "default".into(), buffer_frames }
    }
}

impl Board {
    /// The lines that a chip has.
    pub fn chip_lines(&self) -> Vec<LineConfig> {
        let on_chip = |line: &Line| line.offset.map(|offset| line.config(offset));
        self.lines.iter().filter_map(on_chip).collect()
    }

    /// Every line, for a board without a chip (serial, mock), where an offset means nothing: it is
    /// 0 for a line that has none.
    pub fn all_lines(&self) -> Vec<LineConfig> {
        self.lines.iter().map(|line| line.config(line.offset.unwrap_or(0))).collect()
    }
}

impl Line {
    /// A line that only its name is known of: pull-up, active low, 30 ms, offset n for `GPIOn`.
    pub fn named(id: LineId) -> Self {
        Self {
            offset: id.implied_offset(),
            id,
            bias: Bias::PullUp,
            active: Polarity::Low,
            debounce: Duration::from_millis(30),
        }
    }

    fn config(&self, offset: u32) -> LineConfig {
        let Self { id, bias, active, debounce, .. } = self;
        LineConfig { id: id.clone(), offset, bias: *bias, active: *active, debounce: *debounce }
    }
}

impl BoardKind {
    /// All of them, by name.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("auto", Self::Auto),
        ("raspberry-pi", Self::RaspberryPi),
        ("serial", Self::Serial),
        ("mock", Self::Mock),
    ];
}

impl FromStr for BoardKind {
    type Err = UnknownBoard;

    fn from_str(text: &str) -> Result<Self, UnknownBoard> {
        Self::NAMES
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, kind)| *kind)
            .ok_or(UnknownBoard)
    }
}

impl fmt::Display for BoardKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name =
            Self::NAMES.iter().find(|(_, kind)| kind == self).map_or("auto", |(name, _)| name);
        f.write_str(name)
    }
}
