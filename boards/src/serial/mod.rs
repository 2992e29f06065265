//! A board that reports its lines as text over a serial port.
//!
//! One open is one life: when the port goes away, the caller opens it anew. Such a board has inputs
//! only.

mod edges;
mod frames;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use beffroi_hal::{LineConfig, LineId};
use serialport::TTYPort;

use crate::{Board, BoardError, BoardInfo, BoardKind};

/// The group that owns serial ports on Debian.
const GROUP: &str = "dialout";

/// Where the board is plugged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialConfig {
    /// `/dev/ttyUSB0`, or better `/dev/serial/by-id/…`, which stays the same wherever it is plugged in.
    pub port: String,
    /// In bits per second; 8 data bits, no parity, 1 stop bit.
    pub baudrate: u32,
    /// How long a line may pause before its end comes. A shorter pause than 0.1 s is never taken for
    /// the end of anything.
    pub timeout: Duration,
}

impl SerialConfig {
    fn what(&self) -> String {
        format!("the serial port {}", self.port)
    }
}

/// What a serial board has said, over all of its lives. One writer; anybody may look.
#[derive(Debug, Default)]
pub struct Counters {
    frames: AtomicU64,
    unknown: AtomicU64,
    ignored: AtomicU64,
    last_unknown: Mutex<Option<LineId>>,
}

impl Counters {
    /// Frames that named a line of the configuration.
    pub fn frames(&self) -> u64 {
        self.frames.load(Relaxed)
    }

    /// Well-formed frames that named no line of the configuration.
    pub fn unknown(&self) -> u64 {
        self.unknown.load(Relaxed)
    }

    /// Lines of text that were no frames: too long, binary, cut off.
    pub fn ignored(&self) -> u64 {
        self.ignored.load(Relaxed)
    }

    /// The last name that the configuration does not know: probably how the board calls the line
    /// that somebody is looking for.
    pub fn last_unknown(&self) -> Option<LineId> {
        self.last_unknown.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn count_unknown(&self, name: LineId) {
        self.unknown.fetch_add(1, Relaxed);
        *self.last_unknown.lock().unwrap_or_else(PoisonError::into_inner) = Some(name);
    }
}

/// Opens the port, for us alone. What is said from now on goes into `counters`.
pub fn open(
    config: &SerialConfig,
    lines: &[LineConfig],
    counters: Arc<Counters>,
) -> Result<Board, BoardError> {
    let port = open_port(config)?;
    let detail = format!("{} at {} baud", config.port, config.baudrate);
    let info = BoardInfo::new(BoardKind::Serial, detail, lines);
    let edges = edges::Edges::new(port, config, lines, counters);
    Ok(Board { info, edges: Box::new(edges), outputs: BTreeMap::new() })
}

fn open_port(config: &SerialConfig) -> Result<TTYPort, BoardError> {
    let what = config.what();
    if config.baudrate == 0 {
        let why = "0 baud means to hang up; boards usually speak at 9600 or 115200".into();
        return Err(BoardError::Refused { what, why });
    }
    TTYPort::open(&serialport::new(&config.port, config.baudrate)).map_err(|error| {
        use serialport::ErrorKind::{Io, NoDevice};
        use std::io::ErrorKind::{NotFound, PermissionDenied};
        match error.kind {
            Io(NotFound) => BoardError::NotFound { what },
            Io(PermissionDenied) => BoardError::Denied { what, group: GROUP },
            // Somebody's lock; what serialport calls "no device" is never a missing one.
            NoDevice => BoardError::Busy { what, by: "another program".into() },
            _ => BoardError::Refused { what, why: error.description },
        }
    })
}
