//! A serial board over a real pair of terminals, unplugged and plugged in again.

#![expect(clippy::unwrap_used, reason = "the helpers here are tests too, which clippy cannot see")]

use std::{
    fs,
    io::Write,
    os::unix::fs::symlink,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use beffroi_boards::{
    Board, BoardError,
    serial::{self, Counters, SerialConfig},
};
use beffroi_hal::{Bias, LineConfig, Polarity, Signal, State};
use serialport::{SerialPort, TTYPort};

/// Far longer than anything here takes; who waits is woken.
const LONG: Duration = Duration::from_secs(20);

/// The far end of a cable, and where it is plugged in.
struct Cable {
    board: TTYPort,
    port: String,
}

impl Cable {
    fn new() -> Self {
        let (board, near) = TTYPort::pair().unwrap();
        Self { board, port: near.name().unwrap() }
    }

    fn say(&mut self, text: &[u8]) {
        self.board.write_all(text).unwrap();
    }

    fn open(&self) -> (Board, Arc<Counters>) {
        open(&self.port).unwrap()
    }
}

fn open(port: &str) -> Result<(Board, Arc<Counters>), BoardError> {
    let timeout = Duration::from_millis(100);
    let config = SerialConfig { port: port.into(), baudrate: 115_200, timeout };
    let line = |name: &str| LineConfig {
        id: name.parse().unwrap(),
        offset: 0,
        bias: Bias::PullUp,
        active: Polarity::Low,
        debounce: Duration::ZERO,
    };
    let counters = Arc::new(Counters::default());
    let board = serial::open(&config, &[line("GPIO23"), line("GPIO24")], Arc::clone(&counters))?;
    Ok((board, counters))
}

fn next(board: &mut Board) -> (u8, Signal) {
    let edge = board.edges.next_edge(LONG).unwrap().expect("an edge in time");
    (edge.line, edge.signal)
}

#[test]
fn frames_become_edges_and_everything_else_is_counted() {
    let mut cable = Cable::new();
    let (mut board, counters) = cable.open();
    cable.say(b"GPIO23\r\ngpio24 1\n\xff\xfe\x00\nGPIO24=1\nREADY\nGPIO24:0\nGPIO23 0\nGPIO23\n");
    assert_eq!(next(&mut board), (0, Signal::Pulse));
    assert_eq!(next(&mut board), (1, Signal::Rising));
    assert_eq!(board.edges.state(1), Ok(State::Active));
    assert_eq!(next(&mut board), (1, Signal::Falling), "a level said again is no edge");
    assert_eq!(board.edges.state(1), Ok(State::Inactive));
    assert_eq!(next(&mut board), (0, Signal::Pulse));
    assert_eq!(board.edges.next_edge(Duration::ZERO), Ok(None));
    assert_eq!((counters.frames(), counters.unknown(), counters.ignored()), (6, 1, 1));
    assert_eq!(counters.last_unknown().as_deref(), Some("READY"));
}

#[test]
fn a_frame_may_come_in_pieces() {
    let mut cable = Cable::new();
    let (mut board, _) = cable.open();
    let speaker = thread::spawn(move || {
        for byte in b"GPIO23 1\n" {
            cable.say(&[*byte]);
            thread::yield_now();
        }
        cable
    });
    assert_eq!(next(&mut board), (0, Signal::Rising));
    speaker.join().unwrap();
}

#[test]
fn half_a_line_does_not_spoil_the_next_one() {
    let mut cable = Cable::new();
    let (mut board, counters) = cable.open();
    cable.say(b"GPIO2");
    for _ in 0..100 {
        assert_eq!(board.edges.next_edge(Duration::from_millis(150)), Ok(None));
        if counters.ignored() > 0 {
            break;
        }
    }
    cable.say(b"GPIO23\n");
    assert_eq!(next(&mut board), (0, Signal::Pulse));
    assert_eq!(counters.ignored(), 1);
}

#[test]
fn a_board_that_chatters_does_not_hold_the_reader() {
    let mut cable = Cable::new();
    let (mut board, _) = cable.open();
    let over = Arc::new(AtomicBool::new(false));
    let heard = Arc::clone(&over);
    let chatter = thread::spawn(move || {
        while !heard.load(Ordering::Relaxed) {
            cable.board.write_all(&[b'U'; 64]).ok(); // full: the reader is slower
        }
    });
    for _ in 0..20 {
        assert_eq!(board.edges.next_edge(Duration::from_millis(1)), Ok(None));
    }
    over.store(true, Ordering::Relaxed);
    chatter.join().unwrap();
}

#[test]
fn waiting_takes_as_long_as_asked() {
    let cable = Cable::new();
    let (mut board, _) = cable.open();
    let before = Instant::now();
    assert_eq!(board.edges.next_edge(Duration::from_millis(30)), Ok(None));
    assert!(before.elapsed() >= Duration::from_millis(30));
}

#[test]
fn an_unplugged_board_is_lost_for_good_and_comes_back_by_its_stable_name() {
    let folder = tempfile::tempdir().unwrap();
    let by_id = folder.path().join("usb-Bell_Board-if00");
    let port = by_id.to_str().unwrap();

    let cable = Cable::new();
    symlink(&cable.port, &by_id).unwrap();
    let (mut board, _) = open(port).unwrap();
    let unplug = thread::spawn(move || drop(cable));
    let error = board.edges.next_edge(LONG).unwrap_err();
    assert_eq!(error.to_string(), format!("the serial port {port} went away: it was unplugged"));
    assert!(matches!(board.edges.next_edge(Duration::ZERO), Err(BoardError::Lost { .. })));
    unplug.join().unwrap();

    fs::remove_file(&by_id).unwrap();
    let error = open(port).unwrap_err();
    assert_eq!(error.to_string(), format!("the serial port {port} is not there"));

    let mut cable = Cable::new();
    symlink(&cable.port, &by_id).unwrap();
    let (mut board, _) = open(port).unwrap();
    cable.say(b"GPIO24 1\n");
    assert_eq!(next(&mut board), (1, Signal::Rising));
}

#[test]
fn a_port_that_cannot_be_had_is_told() {
    let cable = Cable::new();
    let _holder = cable.open();
    let busy = open(&cable.port).unwrap_err();
    assert_eq!(
        busy.to_string(),
        format!("the serial port {} is held by another program", cable.port)
    );

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ttyUSB0");
    fs::write(&file, "").unwrap();
    for (port, is_there) in [("/dev/ttyNONE", false), (file.to_str().unwrap(), true), ("/", true)] {
        let error = open(port).unwrap_err();
        assert!(error.to_string().contains(port), "{error}");
        assert_eq!(matches!(error, BoardError::Refused { .. }), is_there, "{error}");
        assert_eq!(matches!(error, BoardError::NotFound { .. }), !is_there, "{error}");
    }
}
